#include "sync/server/places.h"

#include <vector>

#include <doctest/doctest.h>

using namespace server;
using boost::asio::ip::make_address;

TEST_CASE("an IPv4 address is one place, however it is written, and so is a network of IPv6 addresses") {
    auto place = [](const char* address) { return place_of(make_address(address)); };
    CHECK(place("192.0.2.7") == place("::ffff:192.0.2.7"));
    CHECK(place("192.0.2.7") != place("192.0.2.8"));
    CHECK(place("2001:db8:1:2::7") == place("2001:db8:1:2:ffff::8"));
    CHECK(place("2001:db8:1:2::7") != place("2001:db8:1:3::7"));
    for (const char* here : {"127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"})
        CHECK(place(here).is_loopback());
    for (const char* elsewhere : {"0.0.0.0", "::", "::2", "192.0.2.7", "::ffff:192.0.2.7"})
        CHECK_FALSE(place(elsewhere).is_loopback());
}

TEST_CASE("from one place come so many and no more, until one leaves, and others are let in meanwhile") {
    Places places(2);
    auto here = make_address("192.0.2.7"), there = make_address("192.0.2.8");
    std::vector<Places::Guest> guests;
    for (int i = 0; i < 2; ++i) guests.push_back(places.let_in(here).value());
    CHECK_FALSE(places.let_in(here));
    CHECK(places.let_in(there));
    CHECK(places.guests() == 2);
    guests.pop_back();
    CHECK(places.let_in(here));
    CHECK(places.guests() == 1);
}
