// What one tablet has signed reaches the others, before either ledger.
#include "sync/ingest/signed_feed.h"

#include <doctest/doctest.h>

#include "core/evidence/database.h"
#include "sync/ingest/acts.h"
#include "sync/ingest/ledger_audit.h"
#include "sync/ingest/register.h"
#include "sync/protocol/expected_list.h"
#include "sync/protocol/signed_list.h"
#include "tests/sync/town.h"

using namespace town;

namespace {

void tell(Server& server) {
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    REQUIRE(server::publish_signed(*server.ledger).ok());
}
void decide(Server& server, wire::Act::What what, std::uint64_t index) {
    wire::Act act{what, index, std::nullopt, "KS 2026/123", server.clock.wall_ms()};
    REQUIRE(server::decide(*server.ingest, *server.ledger, act).ok());
    tell(server);
}

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

TEST_CASE("a tablet is not told what it sent itself, and asks once with nothing new for next to nothing") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b");
    server.enrol(a), server.enrol(b);
    // Sent in many exchanges, each of which becomes an item of the feed, and one of another tablet in between.
    constexpr int rounds = 30, each = 20;
    for (int round = 0; round < rounds; ++round) {
        for (int i = 1; i <= each; ++i) {
            auto counter = round * each + i;
            REQUIRE(a.store->append(test::signing(counter, "Föreningen " + std::to_string(counter))).ok());
        }
        auto session = a.session(server.ingest->name());
        for (int i = 0; i < 3 && session.outcome() == client::Outcome::working; ++i) {
            auto request = session.request().value();
            REQUIRE(session.answer(server.answer(a.name, request)).ok());
            tell(server);
        }
        CHECK(session.outcome() == client::Outcome::done);
        if (round != rounds / 2) continue;
        REQUIRE(b.store->append(test::signing(9'000, "Kören")).ok());
        sync(b, server);
        tell(server);
    }
    auto again = sync(a, server);
    CHECK(again.outcome() == client::Outcome::done);
    CHECK(again.progress().request_bytes + again.progress().answer_bytes < 3'000);
    std::vector<std::string> told;
    for (const auto& item : a.feed)
        for (const auto& line : list_in(item).lines) told.push_back(line.organisation);
    CHECK(told == std::vector<std::string>{"Kören"});
    for (std::size_t i = 0; i < a.feed.size(); ++i) CHECK(a.feed[i].position == i + 1);  // without holes
    sync(b, server);
    CHECK(b.feed.size() == rounds + 1);
    std::size_t others = 0;
    for (const auto& item : b.feed) others += list_in(item).lines.size();
    CHECK(others == rounds * each);
}

TEST_CASE("a tablet that began anew is told what its device signed before") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a");
    server.enrol(a);
    REQUIRE(a.store->append(test::signing(1, "Föreningen Ett")).ok());
    sync(a, server);
    tell(server);
    auto again = a.name;
    again.epoch = 2;
    REQUIRE(server.ingest->enrol(again, a.log_key.public_key(), "surfplatta").ok());
    CHECK(server.ingest->feed_for(a.name, 0)->empty());
    CHECK(server.ingest->feed_for(again, 0)->size() == 1);
}

TEST_CASE("what staff erased is told to nobody, and no more by those who were told") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b"), c(3, place / "c");
    server.enrol(a), server.enrol(b), server.enrol(c);
    REQUIRE(a.store->append(test::signing(1, "Föreningen Ett")).ok());
    REQUIRE(a.store->append(test::signing(2, "Föreningen Två")).ok());
    sync(a, server);
    tell(server);
    sync(b, server);
    REQUIRE(list_in(b.feed.at(0)).lines.size() == 2);
    auto first = server.ledger->lines(0, 1).value().at(0);
    REQUIRE(server::erase(*server.ingest, *server.ledger, first.index, "KS 2026/123", 1).ok());
    tell(server);
    sync(b, server);
    REQUIRE(b.feed.size() == 2);
    CHECK(list_in(b.feed[1]) == wire::SignedList{{}, {first.certificate_number}});
    sync(c, server);
    REQUIRE(c.feed.size() == 2);
    for (const auto& item : c.feed) CHECK(as_text(item.content).find("Ett") == std::string_view::npos);
    CHECK(list_in(c.feed[0]).lines.size() == 1);
    auto kept = server.ledger->feed_after(0, 10).value();
    for (const auto& item : kept)  // nor does the ledger keep it there
        CHECK(as_text(item.content).find("Föreningen") == std::string_view::npos);
    // As are those that came and went before anybody was told.
    REQUIRE(a.store->append(test::signing(3, "Föreningen Tre")).ok());
    sync(a, server);
    REQUIRE(server::derive_register(*server.ledger, server.reader).ok());
    auto third = server.ledger->lines(0, 10).value().back();
    REQUIRE(third.organisation == "Föreningen Tre");
    REQUIRE(server::erase(*server.ingest, *server.ledger, third.index, "KS 2026/124", 1).ok());
    tell(server);
    sync(c, server);
    for (const auto& item : c.feed) CHECK(as_text(item.content).find("Tre") == std::string_view::npos);
    CHECK(server::audit_ledger(*server.ledger, server.ingest->name())->findings.empty());
}

TEST_CASE("what staff take up is told, and so is a voiding that they take up") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b");
    server.enrol(a), server.enrol(b);
    REQUIRE(a.store->append(test::signing(1, "Föreningen Ett")).ok());
    sync(a, server);
    REQUIRE(server.ingest->revoke(a.name, "lost").ok());
    REQUIRE(a.store->append(test::signing(2, "Föreningen Två")).ok());
    REQUIRE(a.store->append(test::voiding(0, "fel")).ok());
    sync(a, server);
    tell(server);
    sync(b, server);
    REQUIRE(b.feed.size() == 1);
    CHECK(list_in(b.feed[0]).lines.size() == 1);
    auto apart = server::kept_apart(*server.ledger).value();
    REQUIRE(apart.size() == 2);
    decide(server, wire::Act::What::taken_up, apart[0].entry.index);
    sync(b, server);
    REQUIRE(b.feed.size() == 2);
    REQUIRE(list_in(b.feed[1]).lines.size() == 1);
    CHECK(list_in(b.feed[1]).lines[0].organisation == "Föreningen Två");
    decide(server, wire::Act::What::taken_up, apart[1].entry.index);
    sync(b, server);
    REQUIRE(b.feed.size() == 3);
    CHECK(list_in(b.feed[2]).voided == std::vector{certificate_number("TEST26", 'A', 1)});
    sync(a, server);
    CHECK(a.feed.empty());
}

TEST_CASE("while the register is derived anew nobody is told half of it") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b");
    server.enrol(a), server.enrol(b);
    REQUIRE(a.store->append(test::signing(1, "Föreningen Ett")).ok());
    sync(a, server);
    tell(server);
    REQUIRE(server.ledger
                ->transact([&]() -> Status {
                    TRY(server.ledger->drop_lines());
                    return server.ledger->put_value("register_derived", as_bytes("0"));
                })
                .ok());
    sync(b, server);
    CHECK(b.feed.empty());
    tell(server);
    sync(b, server);
    REQUIRE(b.feed.size() == 1);
    CHECK(list_in(b.feed[0]).lines.size() == 1);
}

TEST_CASE("a ledger whose feed kept names forgets them, and tells again") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b"), c(3, place / "c");
    server.enrol(a), server.enrol(b), server.enrol(c);
    REQUIRE(a.store->append(test::signing(1, "Föreningen Ett")).ok());
    sync(a, server);
    tell(server);
    sync(b, server);
    // As step 2 of the schema had it.
    auto before = as_bytes(std::string_view("{\"signed\":[\"Föreningen Ett\"]}"));
    server.stop();
    if (on_postgres()) {
        auto& cluster = test::postgres_cluster();
        server.database = "step2of" + std::to_string(server.municipality);
        cluster.sql("CREATE DATABASE " + server.database + " TEMPLATE postgres");
        cluster.sql(
            "ALTER TABLE handslag.feed DISABLE TRIGGER append_only;"
            "UPDATE handslag.feed SET content = decode('" +
                to_hex(before) +
                "', 'hex');"
                "ALTER TABLE handslag.feed ENABLE TRIGGER append_only;"
                "DROP TABLE handslag.cosignatures;"
                "UPDATE handslag.ledger_version SET version = 2",
            server.database);
    } else {
        auto file = Database::open(server.file, Database::Access::create, server.durability).value();
        REQUIRE(file->execute("DROP TRIGGER feed_no_update").ok());
        REQUIRE(file->run("UPDATE feed SET content = ?", before).ok());
        REQUIRE(file->execute("CREATE TRIGGER feed_no_update BEFORE UPDATE ON feed BEGIN SELECT RAISE(ABORT, "
                              "'no'); END;"
                              "DROP TABLE cosignatures; PRAGMA user_version = 2")
                    .ok());
    }
    server.start();
    auto kept = server.ledger->feed_after(0, 10).value();
    for (const auto& item : kept) CHECK(item.content.empty());
    tell(server);
    sync(b, server);
    sync(c, server);
    CHECK(b.feed.size() == 2);
    REQUIRE(c.feed.size() == 2);
    CHECK(list_in(c.feed[0]) == wire::SignedList{});
    REQUIRE(list_in(c.feed[1]).lines.size() == 1);
    CHECK(list_in(c.feed[1]).lines[0].organisation == "Föreningen Ett");
    CHECK(server.ledger->cosignatures()->size() == 1);  // of c; b has told it before
    CHECK_FALSE(server.ledger
                    ->transact([&] {  // append-only again
                        return server.ledger->add_feed_item({1, wire::FeedKind::ceremony, "", {}});
                    })
                    .ok());
}

TEST_CASE(
    "a list of expected organisations reaches every tablet as it was published, among what is told of "
    "signings") {
    Place place;
    Server server(place / "server.db");
    Tablet a(1, place / "a"), b(2, place / "b");
    server.enrol(a), server.enrol(b);
    REQUIRE(a.store->append(test::signing(1, "Föreningen Ett")).ok());
    sync(a, server);
    tell(server);
    wire::ExpectedList list{CeremonyId::make(1), "name;form\nKören;ideell förening\n"};
    REQUIRE(server.ingest->publish(wire::FeedKind::expected, "TEST26", wire::encode(list).value()).ok());
    for (auto* tablet : {&a, &b}) {
        sync(*tablet, server);
        REQUIRE(tablet->feed.size() == 2);
        CHECK(tablet->feed[1].kind == wire::FeedKind::expected);
        CHECK(wire::decode_expected_list(tablet->feed[1].content).value() == list);
    }
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
        REQUIRE(server.ingest->publish(wire::FeedKind::expected, std::to_string(i), {}).ok());
    CHECK(sync(tablet, server).outcome() == client::Outcome::done);
    REQUIRE(tablet.feed.size() == 2 * wire::most_feed_items + 3);
    CHECK(tablet.feed.back().name == std::to_string(2 * wire::most_feed_items + 2));
    sync(tablet, server);
    CHECK(tablet.feed.size() == 2 * wire::most_feed_items + 3);
}

TEST_CASE("a large feed comes a megabyte at a time, and all of it in one sync") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet"), other(2, place / "other");
    server.enrol(tablet), server.enrol(other);
    SUBCASE("of what is published") {}
    SUBCASE("and of what others have signed") {
        REQUIRE(other.store->append(test::signing(1)).ok());
        sync(other, server);
        tell(server);
    }
    auto before = server.ingest->feed_for(tablet.name, 0)->size();
    for (int i = 0; i < 20; ++i)
        REQUIRE(server.ingest->publish(wire::FeedKind::expected, "", Bytes(600'000)).ok());
    CHECK(server.ingest->feed_for(tablet.name, 0)->size() == before + 2);
    auto session = tablet.session(server.ingest->name());
    for (Bytes request; !(request = session.request().value()).empty();) {
        auto answer = server.answer(tablet.name, request);
        CHECK(answer.size() < 2 << 20);
        REQUIRE(session.answer(answer).ok());
    }
    CHECK(session.outcome() == client::Outcome::done);
    CHECK(tablet.feed.size() == before + 20);
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
