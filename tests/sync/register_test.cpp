#include "sync/ingest/register.h"

#include <doctest/doctest.h>

#include "tests/sync/town.h"

using namespace town;

namespace {

std::vector<server::RegisterLine> lines(Server& server) { return server.ledger->lines(0, 100).value(); }

}  // namespace

TEST_CASE("the list holds every accepted signing once, without a person, and marks the void ones") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    REQUIRE(tablet.store->append(test::signing(1, "Föreningen Ett")).ok());
    REQUIRE(tablet.store->append(test::signing(2, "Föreningen Två")).ok());
    sync(tablet, server);
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    REQUIRE(tablet.store->append(test::voiding(0, "fel")).ok());
    REQUIRE(tablet.store->append(test::signing(3, "Föreningen Tre")).ok());
    sync(tablet, server);
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());

    auto all = lines(server);
    REQUIRE(all.size() == 3);
    CHECK(all[0].organisation == "Föreningen Ett");
    CHECK(all[0].voided);
    CHECK_FALSE(all[1].voided);
    CHECK(all[2].certificate_number == certificate_number("TEST26", 'A', 3));
    CHECK(all[2].certificate_sha256 == to_hex(sha256(Bytes(3000, 3))));
    CHECK(server::standing_total(*server.ledger).value() == 2);
    CHECK(server.ledger->count_standing_lines().value() == 2);
    CHECK(server.ledger->lines_numbered(all[2].certificate_number).value() == std::vector{all[2]});

    REQUIRE(server::rebuild_register(*server.ledger, server.reader).ok());
    CHECK(lines(server) == all);
    CHECK(server::standing_total(*server.ledger).value() == 2);
}

TEST_CASE("what a lost tablet signed afterwards does not come into the list") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    REQUIRE(tablet.store->append(test::signing(1)).ok());
    sync(tablet, server);
    REQUIRE(server.ingest->revoke(tablet.name, "reported lost").ok());
    REQUIRE(tablet.store->append(test::signing(2)).ok());
    sync(tablet, server);
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    CHECK(lines(server).size() == 1);
}

TEST_CASE("two tablets that were given one letter both come into the list") {
    Place place;
    Server server(place / "server.db");
    for (std::uint8_t number : {1, 2}) {
        Tablet tablet(number, place / ("tablet" + std::to_string(number)));
        server.enrol(tablet);
        REQUIRE(tablet.store->append(test::signing(1)).ok());
        sync(tablet, server);
    }
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    CHECK(lines(server).size() == 2);
    CHECK(server.ledger->lines_numbered(certificate_number("TEST26", 'A', 1))->size() == 2);
}
