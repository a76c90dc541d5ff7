// What a tablet forgets, and when; with a server on either ledger.
#include "sync/client/retention.h"

#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>
#include <sqlite3.h>

#include "tests/sync/town.h"

using namespace town;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

struct Pair {
    Place place;
    Server server{place / "server.db"};
    Tablet tablet{1, place / "tablet"};
    FakeClock clock{server.clock.wall_ms()};
    client::RetentionRules rules{30, "KS § 112", 100};
    Pair() { server.enrol(tablet); }

    std::uint64_t sign(int counter) {
        auto what = test::signing(counter);
        what.entry.at = clock.now();
        return tablet.store->append(what)->seq;
    }
    void write(std::string kind, std::string ceremony = {}) {
        NewEntry entry{std::move(kind), {}, {}, {}, clock.now()};
        if (!ceremony.empty())
            entry.payloads["ceremony"] = to_bytes(encode_canonical({{"id", std::move(ceremony)}}));
        REQUIRE(tablet.store->append({std::move(entry), {}, {}}).ok());
    }
    // Both clocks go on alike.
    void pass(std::int64_t days) {
        clock.advance(days * day_ms);
        server.clock.advance(days * day_ms);
    }
    client::Retention keep() {
        return client::keep_retention(*tablet.store, server.ingest->name(), rules, clock.now()).value();
    }
    bool has(std::uint64_t seq) const { return tablet.store->payload(seq, "record").ok(); }
};

using Seqs = std::vector<std::uint64_t>;

// Every sealed payload of the tablet's file.
std::vector<Bytes> sealed_payloads(const std::filesystem::path& file) {
    std::vector<Bytes> all;
    sqlite3* connection = nullptr;
    REQUIRE(sqlite3_open_v2(file.c_str(), &connection, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
    sqlite3_stmt* rows = nullptr;
    REQUIRE(sqlite3_prepare_v2(connection, "SELECT sealed FROM payloads", -1, &rows, nullptr) == SQLITE_OK);
    while (sqlite3_step(rows) == SQLITE_ROW) {
        const auto* from = static_cast<const std::uint8_t*>(sqlite3_column_blob(rows, 0));
        all.emplace_back(from, from + sqlite3_column_bytes(rows, 0));
    }
    sqlite3_finalize(rows);
    sqlite3_close(connection);
    return all;
}

// A piece of it from the middle: a row may be split over pages.
bool lies_in(const std::filesystem::path& folder, const Bytes& sealed) {
    auto piece = std::string(as_text(ByteView(sealed).subspan(sealed.size() / 3, 48)));
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        std::ifstream in(file.path(), std::ios::binary);
        std::string all(std::istreambuf_iterator<char>(in), {});
        if (all.find(piece) != std::string::npos) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a tablet forgets what the server has held for the time that was set, and the log stays whole") {
    Pair at;
    auto first = at.sign(1), second = at.sign(2);
    REQUIRE(at.tablet.store->append(test::voiding(second, "hemligt skäl")).ok());
    CHECK(at.keep().erased.empty());  // no receipt
    at.pass(31);
    CHECK(at.keep().erased.empty());
    sync(at.tablet, at.server);
    CHECK(at.keep().erased.empty());  // held since now

    at.pass(29);
    at.sign(3);
    sync(at.tablet, at.server);
    CHECK(at.keep().erased.empty());
    at.pass(1);
    at.sign(4);
    sync(at.tablet, at.server);
    at.tablet.store.reset();
    auto before = sealed_payloads(at.tablet.dir / "handslag.db");
    for (const auto& sealed : before) CHECK(lies_in(at.tablet.dir, sealed));
    at.tablet.open(1);
    auto size = at.tablet.store->size();
    CHECK(at.keep().erased == Seqs{first, second});
    CHECK_FALSE(at.has(first));
    CHECK(at.has(3));
    CHECK(at.tablet.store->size() == size + 2);
    CHECK(at.tablet.store->entry(size)->reason == "KS § 112");
    CHECK(at.keep().erased.empty());  // once

    auto audit = at.tablet.store->audit().value();
    CHECK(audit.ok());
    REQUIRE_FALSE(audit.remarks.empty());
    CHECK(audit.remarks[0].what == "erased by entry " + std::to_string(size));
    CHECK(at.tablet.store->receipt(first)->has_value());
    // Nothing of it is left in any of the tablet's files.
    at.tablet.store.reset();
    auto after = sealed_payloads(at.tablet.dir / "handslag.db");
    int gone = 0;
    for (const auto& sealed : before) {
        bool stays = std::ranges::find(after, sealed) != after.end();
        CHECK(lies_in(at.tablet.dir, sealed) == stays);
        if (!stays) ++gone;
    }
    CHECK(gone == 7);  // three of each signing, and why one is void
    at.tablet.open(1);

    // The next sync goes on, and the server has all that it had.
    CHECK(sync(at.tablet, at.server).outcome() == client::Outcome::done);
    auto log = at.server.log(at.tablet);
    auto held = at.server.ledger->entries_at(log.number, first).value();
    REQUIRE(held.size() == 1);
    CHECK(server::open_held_parcel(*at.server.ledger, at.server.reader, log, held[0])->size() == 3);
}

TEST_CASE("a clock that jumped ahead erases nothing, with the server or without it") {
    Pair at;
    auto seq = at.sign(1);
    sync(at.tablet, at.server);
    at.clock.restart("00000000-0000-4000-8000-000000000001");
    at.clock.set_wall(at.clock.wall_ms() + 3650 * day_ms);  // set wrong while the tablet was off
    auto kept = at.keep();
    CHECK(kept.erased.empty());
    CHECK(kept.asks_for_time);
    sync(at.tablet, at.server);  // the server's time is what it is
    kept = at.keep();
    CHECK(kept.erased.empty());
    auto size = at.tablet.store->size();
    for (int i = 0; i < 5; ++i) CHECK(at.keep().erased.empty());
    CHECK(at.tablet.store->size() == size);  // asks once a day
    CHECK(at.has(seq));

    at.clock.set_wall(at.server.clock.wall_ms());  // put right: now the log's last entry lies ahead of it
    CHECK(at.keep().clock_is_odd);
    CHECK(at.has(seq));
}

TEST_CASE(
    "a clock that was moved while the tablet was on is odd, and a server that is ahead erases nothing "
    "alone") {
    Pair at;
    auto seq = at.sign(1);
    sync(at.tablet, at.server);
    at.clock.set_wall(at.clock.wall_ms() + 40 * day_ms);
    CHECK(at.keep().clock_is_odd);

    Pair ahead;
    auto other = ahead.sign(1);
    sync(ahead.tablet, ahead.server);
    ahead.server.clock.advance(40 * day_ms);
    ahead.sign(2);
    sync(ahead.tablet, ahead.server);
    CHECK(ahead.keep().erased.empty());
    CHECK(at.has(seq));
    CHECK(ahead.has(other));
}

TEST_CASE("a tablet that has had nothing to send for long asks the server for the time, and then forgets") {
    Pair at;
    auto seq = at.sign(1);
    sync(at.tablet, at.server);
    at.pass(45);
    auto kept = at.keep();
    CHECK(kept.erased.empty());
    CHECK(kept.asks_for_time);
    CHECK(at.tablet.store->unsent().value() == 1);
    CHECK(at.keep().asks_for_time);
    CHECK(at.tablet.store->unsent().value() == 1);  // one question is enough
    sync(at.tablet, at.server);
    CHECK(at.keep().erased == Seqs{seq});
    CHECK(at.tablet.store->audit()->ok());
}

TEST_CASE("a signing waits for its ceremony's closing, and for no other's") {
    Pair at;
    at.write("opened", "A");
    auto of_a = at.sign(1);
    at.write("opened", "B");
    auto of_b = at.sign(2);
    at.write("closed");
    sync(at.tablet, at.server);
    at.pass(31);
    at.sign(3);
    sync(at.tablet, at.server);
    auto kept = at.keep();
    CHECK(kept.erased == Seqs{of_b});
    CHECK(kept.waits_for_closing == 1);
    at.write("opened", "A");
    at.write("closed");
    CHECK(at.keep().erased == Seqs{of_a});
}

TEST_CASE("receipts of another server, or none, erase nothing; and much is erased in steps") {
    Pair at;
    for (int i = 1; i <= 5; ++i) at.sign(i);
    sync(at.tablet, at.server);
    at.pass(31);
    at.sign(6);
    sync(at.tablet, at.server);
    wire::ServerName other{"handslag/server/other", test::log_key().public_key()};
    auto kept = client::keep_retention(*at.tablet.store, other, at.rules, at.clock.now()).value();
    CHECK(kept.erased.empty());
    at.rules.most = 2;
    CHECK(at.keep().erased.size() == 2);
    kept = at.keep();
    CHECK(kept.erased.size() == 2);
    CHECK(kept.more);
    CHECK(at.keep().erased.size() == 1);
}
