// What one tablet has signed reaches the others, before either ledger.
#include "sync/ingest/signed_feed.h"

#include <doctest/doctest.h>

#include "sync/protocol/signed_list.h"
#include "tests/sync/town.h"

using namespace town;

namespace {

void tell(Server& server) { REQUIRE(server::publish_signed(*server.ledger, server.reader).ok()); }

wire::SignedList list_in(const wire::FeedItem& item) {
    CHECK(item.kind == wire::FeedKind::signed_list);
    return wire::decode_signed_list(item.content).value();
}

}  // namespace

TEST_CASE("what a tablet has synced is told to the others once, and what is void is told as well") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b");
    server.enrol(a), server.enrol(b);
    tell(server);
    REQUIRE(a.store->append(test::signing(1, "Föreningen Ett")).ok());
    REQUIRE(a.store->append(test::signing(2, "Föreningen Två")).ok());
    sync(a, server);
    tell(server);
    tell(server);  // nothing new
    sync(b, server);
    REQUIRE(b.feed.size() == 1);
    auto told = list_in(b.feed[0]);
    REQUIRE(told.lines.size() == 2);
    CHECK(told.lines[0] == wire::SignedLine{certificate_number("TEST26", 'A', 1), "Föreningen Ett", ""});
    CHECK(told.voided.empty());
    CHECK(as_text(b.feed[0].content).find("Astrid") == std::string_view::npos);  // no person

    REQUIRE(a.store->append(test::voiding(0, "fel")).ok());
    sync(a, server);
    tell(server);
    sync(b, server);
    REQUIRE(b.feed.size() == 2);
    CHECK(list_in(b.feed[1]).voided == std::vector{certificate_number("TEST26", 'A', 1)});
    sync(b, server);
    CHECK(b.feed.size() == 2);
}

TEST_CASE("what a lost tablet signs afterwards is told to nobody") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b");
    server.enrol(a), server.enrol(b);
    REQUIRE(server.ingest->revoke(a.name, "lost").ok());
    REQUIRE(a.store->append(test::signing(1)).ok());
    CHECK(client::Session::standing(*a.store).value() == wire::LogState::active);
    CHECK(sync(a, server).outcome() == client::Outcome::kept_apart);
    CHECK(client::Session::standing(*a.store).value() == wire::LogState::revoked);
    tell(server);
    sync(b, server);
    CHECK(b.feed.empty());
    CHECK(client::Session::standing(*b.store).value() == wire::LogState::active);
}

TEST_CASE("a tablet that has been away for long fetches all of the feed in one sync") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    for (std::size_t i = 0; i < 2 * wire::most_feed_items + 3; ++i)
        REQUIRE(server.ingest->publish(wire::FeedKind::register_text, std::to_string(i), {}).ok());
    CHECK(sync(tablet, server).outcome() == client::Outcome::done);
    REQUIRE(tablet.feed.size() == 2 * wire::most_feed_items + 3);
    CHECK(tablet.feed.back().name == std::to_string(2 * wire::most_feed_items + 2));
    sync(tablet, server);
    CHECK(tablet.feed.size() == 2 * wire::most_feed_items + 3);
}

TEST_CASE("a list that is not one is refused, and says so when it is of a newer Handslag") {
    wire::SignedList list{{{"A-1", "Föreningen", "8020028711"}}, {"A-2"}};
    auto bytes = wire::encode(list);
    CHECK(wire::decode_signed_list(bytes).value() == list);
    auto refused = [&](std::string_view from, std::string_view to) {
        std::string text(as_text(bytes));
        auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
        return wire::decode_signed_list(as_bytes(text)).error().code;
    };
    CHECK(refused("signed/1", "signed/2") == Errc::newer_version);
    CHECK(refused("\"A-2\"", "7") == Errc::malformed);
    CHECK(refused("\"voided\"", "\"avoided\"") == Errc::malformed);
    CHECK(refused("\"organisation\"", "\"organization\"") == Errc::malformed);
    CHECK(wire::decode_signed_list(as_bytes("[]")).error().code == Errc::malformed);
    CHECK_FALSE(wire::decode_signed_list({}).ok());
}
