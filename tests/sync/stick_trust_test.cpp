// By stick, tablet and server remember each other as they do by network: forks, rollbacks and forgetting are found.
#include "tests/sync/stick_town.h"

using namespace town;
using client::Outcome;

namespace {

struct Pair {
    Place place;
    Tablet tablet{1, place / "tablet"};
    Server server{place / "server.db"};
    Stick stick{place / "stick"};
    Pair() { server.enrol(tablet); }
    void write(std::size_t size) { REQUIRE(tablet.write(words_of(size), test::now()).ok()); }
    void copy_store(const std::string& to) {
        tablet.store.reset();
        std::filesystem::copy(tablet.dir, place / to, std::filesystem::copy_options::recursive);
        tablet.open(1);
    }
    void restore(const std::string& from) {
        tablet.store.reset();
        std::filesystem::remove_all(tablet.dir);
        std::filesystem::copy(place / from, tablet.dir, std::filesystem::copy_options::recursive);
        tablet.open(1);
    }
    // The server grows by what is not this tablet's.
    void others_grow(std::uint8_t number, int entries) {
        Tablet other(number, place / ("other" + std::to_string(number)));
        server.enrol(other);
        for (int i = 0; i < entries; ++i) REQUIRE(other.write("annat", test::now()).ok());
        REQUIRE(sync(other, server).outcome() == Outcome::done);
    }
    Bytes receipts() { return take(server, stick.write(tablet, server)).bundles.at(0).receipts; }
    std::string unproven() const {
        return tablet.store->value("sync.server_unproven").value().value_or("[]");
    }
};

}  // namespace

TEST_CASE("a tablet restored from an old copy is found by stick too, frozen, and loses nothing") {
    Pair pair;
    pair.write(100);
    pair.copy_store("backup");
    pair.write(200), pair.write(300);
    REQUIRE(sync_by_stick(pair.tablet, pair.server, pair.stick).outcome() == Outcome::done);
    pair.restore("backup");
    for (std::size_t size : {210, 310, 410}) pair.write(size);
    auto taken = take(pair.server, pair.stick.write(pair.tablet, pair.server));
    CHECK(taken.bundles[0].accepted == 1);
    CHECK(taken.bundles[0].kept_apart == 3);
    CHECK(pair.server.log(pair.tablet).state == wire::LogState::frozen);
    auto session = read_receipts(pair.tablet, pair.server, taken.bundles[0].receipts);
    CHECK(session->outcome() == Outcome::restored_copy);
    check_all_is_there(pair.tablet, pair.server);
    CHECK(verified_receipt(pair.tablet, pair.server.ingest->name(), 1)->standing == wire::Standing::conflict);
    CHECK(verified_receipt(pair.tablet, pair.server.ingest->name(), 3)->standing == wire::Standing::frozen);
}

TEST_CASE("an old bundle that comes after newer entries freezes nobody") {
    Pair pair;
    pair.write(100);
    auto old = pair.stick.write(pair.tablet, pair.server);
    pair.write(200);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    take(pair.server, old);
    CHECK(pair.server.log(pair.tablet).state == wire::LogState::active);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
}

TEST_CASE("a bundle does not disturb a session that is under way") {
    Pair pair;
    pair.write(100);
    auto parts = pair.stick.write(pair.tablet, pair.server);
    auto session = pair.tablet.session(pair.server.ingest->name());
    auto hello = session.request().value();
    REQUIRE(session.answer(pair.server.answer(pair.tablet.name, hello)).ok());
    take(pair.server, parts);
    for (Bytes request; !(request = session.request().value()).empty();)
        REQUIRE(session.answer(pair.server.answer(pair.tablet.name, request)).ok());
    CHECK(session.outcome() == Outcome::done);
    CHECK(session.progress().cuts == 0);
}

TEST_CASE("what comes from a tablet that was reported lost is kept apart, and the tablet is told") {
    Pair pair;
    pair.write(100);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    REQUIRE(pair.server.ingest->revoke(pair.tablet.name, "reported lost").ok());
    pair.write(200);
    auto taken = take(pair.server, pair.stick.write(pair.tablet, pair.server));
    CHECK(taken.bundles[0].kept_apart == 1);
    CHECK(read_receipts(pair.tablet, pair.server, taken.bundles[0].receipts)->outcome() ==
          Outcome::kept_apart);
}

TEST_CASE(
    "receipts that come late or in another order are taken, and the server proves its heads at the next "
    "hello") {
    for (bool by_network : {true, false}) {
        Pair pair;
        pair.write(100);
        auto first = pair.receipts();
        pair.others_grow(2, 3);
        pair.write(200);
        auto second = pair.receipts();
        CHECK(read_receipts(pair.tablet, pair.server, second)->outcome() == Outcome::done);
        CHECK(pair.unproven() == "[]");
        CHECK(read_receipts(pair.tablet, pair.server, first)->outcome() == Outcome::done);
        CHECK(pair.unproven() != "[]");
        pair.write(300);
        if (by_network) {
            auto session = sync(pair.tablet, pair.server);
            CHECK(session.outcome() == Outcome::done);
            CHECK(session.progress().cuts == 0);
        } else {
            CHECK(sync_by_stick(pair.tablet, pair.server, pair.stick).outcome() == Outcome::done);
        }
        CHECK(pair.unproven() == "[]");
        check_all_is_there(pair.tablet, pair.server);
    }
}

TEST_CASE("a server that has forgotten what it acknowledged takes no bundle, and late receipts betray it") {
    Pair pair;
    pair.write(100);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    pair.server.back_up();
    pair.write(200);
    auto receipts = pair.receipts();
    SUBCASE("the tablet has read them") {
        REQUIRE(read_receipts(pair.tablet, pair.server, receipts)->outcome() == Outcome::done);
        pair.server.restore();
        pair.others_grow(2, 4);
        auto leaves = pair.server.ledger->leaf_count().value();
        pair.write(300);
        auto taken = take(pair.server, pair.stick.write(pair.tablet, pair.server), Gaps::accept);
        CHECK(pair.server.ledger->leaf_count().value() == leaves);
        CHECK(taken.bundles[0].receipts.empty());
        REQUIRE(taken.bundles[0].remarks.size() == 1);
        CHECK(taken.bundles[0].remarks[0].what.starts_with("this server has forgotten"));
    }
    SUBCASE("the tablet reads them after it has met the server's other branch") {
        pair.server.restore();
        pair.others_grow(2, 4);
        REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
        CHECK(read_receipts(pair.tablet, pair.server, receipts)->outcome() == Outcome::done);
        CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::server_forked);
    }
    SUBCASE("two heads of one size are a fork at once") {
        pair.server.restore();
        pair.server.clock = FakeClock{1'795'000'099'000};
        auto other = pair.receipts();
        CHECK(read_receipts(pair.tablet, pair.server, other)->outcome() == Outcome::done);
        CHECK(read_receipts(pair.tablet, pair.server, receipts)->outcome() == Outcome::server_forked);
        CHECK(pair.tablet.store->value("sync.alarm").value() == "server forked");
    }
}

TEST_CASE("a head that came by stick is not proven under another log than the one that is shown") {
    Pair pair;
    pair.write(100);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    pair.server.back_up();
    pair.write(200);
    auto receipts = pair.receipts();
    auto on_stick = pair.server.ingest->checkpoint().value();
    int others = 2;
    SUBCASE("of the same size") {}
    SUBCASE("that is larger") { others = 1; }
    SUBCASE("that is smaller") { others = 4; }
    pair.others_grow(2, 2);
    wire::Hello hello{pair.tablet.name, pair.tablet.store->checkpoint().value(), on_stick, INT64_MAX};
    auto proof = wire::decode_exchange(pair.server.answer(pair.tablet.name, wire::encode_exchange({hello})));
    pair.server.restore();
    pair.others_grow(3, others);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    REQUIRE(read_receipts(pair.tablet, pair.server, receipts)->outcome() == Outcome::done);
    auto session = pair.tablet.session(pair.server.ingest->name());
    for (Bytes request; !(request = session.request().value()).empty();) {
        auto answer = wire::decode_exchange(pair.server.answer(pair.tablet.name, request)).value();
        REQUIRE(answer.size() == 2);  // two welcomes: nothing is sent, and nothing cosigned
        answer[1] = proof.value()[0];
        REQUIRE(session.answer(wire::encode_exchange(answer)).ok());
    }
    CHECK(session.outcome() == (others == 2 ? Outcome::server_forked : Outcome::refused));
    CHECK(pair.unproven() != "[]");
}

TEST_CASE("what the municipality publishes comes by stick, once, in order") {
    Pair pair;
    for (const char* name : {"avtal", "ceremoni"})
        REQUIRE(pair.server.ingest->publish(wire::FeedKind::ceremony, name, as_bytes("x")).ok());
    pair.write(1);
    auto receipts = pair.receipts();
    for (int i = 0; i < 2; ++i) REQUIRE(read_receipts(pair.tablet, pair.server, receipts).ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    REQUIRE(pair.tablet.feed.size() == 2);
    CHECK(pair.tablet.feed[1].name == "ceremoni");
}

TEST_CASE("when the server fails at any step, the files given again bring everything, once") {
    for (int fails_at = 0;; ++fails_at) {
        Pair pair;
        for (std::size_t size : {5'000'000, 100, 5'000'000}) pair.write(size);
        auto parts = pair.stick.write(pair.tablet, pair.server);
        auto whole = door_of(*pair.server.ingest, *pair.server.ledger);
        int asked = 0;
        server::Door failing{whole.find_log,
                             [&](const wire::LogName& log, ByteView request) -> Result<Bytes> {
                                 if (asked++ == fails_at) return Error{Errc::disk_full, "full"};
                                 return whole.exchange(log, request);
                             }};
        bool failed = !server::take_bundles(failing, parts, open_seal).ok();
        CHECK(failed == (asked > fails_at));
        auto taken = take(pair.server, parts);
        CHECK(read_receipts(pair.tablet, pair.server, taken.bundles[0].receipts)->outcome() == Outcome::done);
        check_all_is_there(pair.tablet, pair.server);
        CHECK(pair.server.ledger->leaf_count().value() == 4);
        if (!failed) break;
    }
}
