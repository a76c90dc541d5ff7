// One tablet, one server, and what may go wrong between them, case by case.
#include <doctest/doctest.h>

#include "tests/sync/town.h"

using namespace town;
using client::Outcome;

namespace {

std::string text_of(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + " ";
    return text.substr(0, size);
}

struct Pair {
    Place place;
    Tablet tablet{1, place / "tablet"};
    Server server{place / "server.db"};
    Pair() { server.enrol(tablet); }
    void write(std::size_t size) { REQUIRE(tablet.write(text_of(size), test::now()).ok()); }
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
};

}  // namespace

TEST_CASE("everything arrives, with receipts that verify, and a second sync has nothing to say") {
    Pair pair;
    for (std::size_t size : {10, 70'000, 1, 300'000, 16'384}) pair.write(size);
    auto session = sync(pair.tablet, pair.server);
    CHECK(session.outcome() == Outcome::done);
    CHECK(session.progress().receipts == 5);
    check_all_is_there(pair.tablet, pair.server);
    CHECK(pair.server.log(pair.tablet).held == 5);

    auto again = sync(pair.tablet, pair.server);
    CHECK(again.outcome() == Outcome::done);
    CHECK(again.progress().requests == 1);
    CHECK(again.progress().request_bytes + again.progress().answer_bytes < 2'000);
}

TEST_CASE("little more than the payload is sent") {
    Pair pair;
    std::uint64_t payload = 0;
    for (int i = 0; i < 60; ++i) {
        pair.write(60'000);
        payload += 60'000 + pair.tablet.store->entry(pair.tablet.store->size() - 1)->bytes.size();
    }
    auto session = sync(pair.tablet, pair.server);
    REQUIRE(session.outcome() == Outcome::done);
    const auto& progress = session.progress();
    CHECK(progress.request_bytes + progress.answer_bytes < payload * 1'006 / 1'000);
}

TEST_CASE("a link that is cut at every byte of a small sync leaves the same stores") {
    Bytes requests;
    {
        Pair pair;
        pair.write(300), pair.write(40);
        auto session = pair.tablet.session(pair.server.ingest->name());
        for (Bytes request; !(request = session.request().value()).empty();) {
            append(requests, request);
            REQUIRE(session.answer(pair.server.answer(pair.tablet.name, request)).ok());
        }
    }
    std::size_t step = std::getenv("HANDSLAG_FULL") != nullptr ? 1 : 17;
    for (std::size_t cut_at = 0; cut_at < requests.size(); cut_at += step) {
        Pair pair;
        pair.write(300), pair.write(40);
        auto session = pair.tablet.session(pair.server.ingest->name());
        std::size_t sent = 0;
        for (Bytes request; !(request = session.request().value()).empty();) {
            bool cut = sent <= cut_at && cut_at < sent + request.size();
            if (cut) {
                pair.server.cut(pair.tablet.name, ByteView(request).first(cut_at - sent));
                session.cut();
            } else {
                REQUIRE(session.answer(pair.server.answer(pair.tablet.name, request)).ok());
            }
            sent += request.size();
        }
        INFO("cut at " << cut_at);
        REQUIRE(session.outcome() == Outcome::done);
        CHECK(session.progress().cuts == 1);
        check_all_is_there(pair.tablet, pair.server);
        CHECK(pair.server.ledger->leaf_count().value() == 3);
    }
}

TEST_CASE("a link that breaks again and again still carries a large record, and little twice") {
    for (std::size_t between : {4'096, 16'384, 65'536, 262'144, 1'048'576}) {
        Pair pair;
        pair.write(5 << 20);
        auto session = pair.tablet.session(pair.server.ingest->name());
        std::size_t left = between, sent = 0;
        int rounds = 0;
        for (Bytes request; !(request = session.request().value()).empty() && ++rounds < 20'000;) {
            if (request.size() > left) {
                pair.server.cut(pair.tablet.name, ByteView(request).first(left));
                session.cut();
                sent += left;
                left = between;
                continue;
            }
            left -= request.size(), sent += request.size();
            REQUIRE(session.answer(pair.server.answer(pair.tablet.name, request)).ok());
        }
        INFO("cut every " << between << " bytes: sent " << sent << " in " << rounds);
        REQUIRE(session.outcome() == Outcome::done);
        check_all_is_there(pair.tablet, pair.server);
        CHECK(sent <= (between >= 65'536 ? 11 : 14) * (std::size_t{5} << 20) / 10);
    }
}

TEST_CASE("a lost answer costs nothing but the asking: the same receipt comes again") {
    Pair pair;
    pair.write(1'000);
    {
        auto session = pair.tablet.session(pair.server.ingest->name());
        for (Bytes request; !(request = session.request().value()).empty();) {
            auto answer = pair.server.answer(pair.tablet.name, request);
            if (pair.server.log(pair.tablet).held > 0) break;
            REQUIRE(session.answer(answer).ok());
        }
    }
    CHECK(pair.tablet.store->unsent().value() == 1);
    auto leaves = pair.server.ledger->leaf_count().value();
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    CHECK(pair.server.ledger->leaf_count().value() == leaves);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("a parcel whose size was spoiled on the way is sent once more, and then it is there") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    REQUIRE(tablet.store->append(test::signing(1)).ok());
    auto parcel = wire::read_parcel(*tablet.store, tablet.transfer_key, 0).value().value();
    std::vector<wire::BlobPart> spoiled{{wire::ParcelHash::of(parcel), parcel.size() + 8, 0, parcel}};
    REQUIRE(server.ingest->blobs(tablet.name, spoiled).ok());
    auto session = sync(tablet, server);
    CHECK(session.outcome() == client::Outcome::done);
    CHECK(tablet.store->unsent().value() == 0);
}

TEST_CASE("what a link has brought that hangs is there when the tablet asks by another") {
    Pair pair;
    pair.write(300'000);
    Bytes request;  // the first with parts of a parcel
    auto session = pair.tablet.session(pair.server.ingest->name());
    for (int i = 0; i < 2; ++i) {
        request = session.request().value();
        if (i == 0) REQUIRE(session.answer(pair.server.answer(pair.tablet.name, request)).ok());
    }
    constexpr std::size_t came = 100'000;
    server::Exchange hangs(*pair.server.ingest, pair.tablet.name);
    REQUIRE(hangs.feed(ByteView(request).first(came)).ok());
    auto held = [&] {
        auto another = pair.tablet.session(pair.server.ingest->name());
        REQUIRE(another.answer(pair.server.answer(pair.tablet.name, another.request().value())).ok());
        return another.progress().held_bytes;
    };
    CHECK(held() < came / 2);
    hangs.keep();
    CHECK(held() > came - 2'000);
    // And goes on, if it does.
    REQUIRE(hangs.feed(ByteView(request).subspan(came)).ok());
    REQUIRE(session.answer(hangs.finish()).ok());
    CHECK(hangs.fault() == std::nullopt);
    for (Bytes next; !(next = session.request().value()).empty();)
        REQUIRE(session.answer(pair.server.answer(pair.tablet.name, next)).ok());
    CHECK(session.outcome() == Outcome::done);
    CHECK(session.progress().cuts == 0);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE(
    "exchanges that hang wait with 32 MiB and little more together, and those with nothing take no share of "
    "it") {
    Pair pair;
    constexpr std::size_t piece = 64 << 10, most = 32 << 20;
    std::size_t came = 0;
    auto request = [&](int number, int pieces) {
        auto parcel = wire::ParcelHash::of(as_bytes(std::to_string(number)));
        std::vector<wire::Frame> frames;
        for (int i = 0; i < pieces; ++i, came += piece)
            frames.push_back(wire::BlobPart{parcel, 64 << 20, piece * i, Bytes(piece)});
        return wire::encode_exchange(frames);
    };
    auto durable = [&] { return pair.server.ledger->unused(pair.server.log(pair.tablet).number)->bytes; };
    std::vector<std::unique_ptr<server::Exchange>> hanging;
    for (int i = 0; i < 200; ++i)
        hanging.push_back(std::make_unique<server::Exchange>(*pair.server.ingest, pair.tablet.name));
    REQUIRE(hanging[0]->feed(request(0, 32)).ok());
    CHECK(durable() == 0);
    hanging[0]->keep();
    CHECK(durable() == came);
    for (int i = 1; i <= 16; ++i) {
        REQUIRE(hanging[i]->feed(request(i, 48)).ok());
        CHECK(came - durable() <= most + 4 * piece);
    }
    CHECK(came > most);
}

TEST_CASE("a tablet prepares no more entries than its next request may carry, though they have no parcels") {
    constexpr std::size_t most = 512, count = 2 * most;
    Pair pair;
    std::vector<Append> entries(count, Append{{"note", {}, {}, {}, test::now()}, {}, {}});
    REQUIRE(pair.tablet.store->append_all(entries).ok());
    auto session = pair.tablet.session(pair.server.ingest->name());
    REQUIRE(session.answer(pair.server.answer(pair.tablet.name, session.request().value())).ok());
    std::size_t prepared = 0;
    while (session.prepare().value()) ++prepared;
    CHECK(prepared == most);
    auto frames = wire::decode_exchange(session.request().value()).value();
    CHECK(std::get<wire::EntryBatch>(frames.back()).items.size() == most);
}

TEST_CASE("parts that come before entries which are refused are kept, and told") {
    Pair pair;
    pair.write(1'000);
    auto session = pair.tablet.session(pair.server.ingest->name());
    REQUIRE(session.answer(pair.server.answer(pair.tablet.name, session.request().value())).ok());
    auto frames = wire::decode_exchange(session.request().value()).value();
    std::size_t size = 0;
    for (auto& frame : frames) {
        if (auto* part = std::get_if<wire::BlobPart>(&frame)) size = part->bytes.size();
        if (auto* batch = std::get_if<wire::EntryBatch>(&frame)) batch->items[0].entry.push_back(' ');
    }
    REQUIRE(size > 1'000);
    auto answer =
        wire::decode_exchange(pair.server.answer(pair.tablet.name, wire::encode_exchange(frames))).value();
    REQUIRE(answer.size() == 2);
    CHECK(std::get<wire::Refusal>(answer[0]).code == wire::RefusalCode::malformed);
    CHECK(std::get<wire::Held>(answer[1]).parcels.at(0).offset == size);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("a tablet restored from an old copy is told so, frozen, and still loses nothing") {
    for (bool writes_again : {false, true}) {
        Pair pair;
        pair.write(100);
        pair.copy_store("backup");
        pair.write(200), pair.write(300);
        REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
        pair.restore("backup");
        if (writes_again)
            for (std::size_t size : {210, 310, 410}) pair.write(size);
        auto session = sync(pair.tablet, pair.server);
        CHECK(session.outcome() == Outcome::restored_copy);
        CHECK(pair.server.log(pair.tablet).state == wire::LogState::frozen);
        check_all_is_there(pair.tablet, pair.server);
        auto notice = std::string(as_text(pair.server.ledger->leaf(4).value()));
        CHECK(notice.find("\"what\":\"frozen\"") != std::string::npos);
        CHECK(notice.find(writes_again ? "fork: " : "rollback: ") != std::string::npos);
        // Both branches are kept.
        CHECK(pair.server.ledger->entries_at(1, 1).value().size() == (writes_again ? 2U : 1U));
        if (writes_again) {
            CHECK(verified_receipt(pair.tablet, pair.server.ingest->name(), 1)->standing ==
                  wire::Standing::conflict);
            CHECK(verified_receipt(pair.tablet, pair.server.ingest->name(), 3)->standing ==
                  wire::Standing::frozen);
        }
    }
}

TEST_CASE("without its hash, a restored tablet of the same length would pass; with it, it does not") {
    Pair pair;
    pair.write(100);
    pair.copy_store("backup");
    pair.write(200);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    pair.restore("backup");
    pair.write(201);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::restored_copy);
    CHECK(pair.server.ledger->entries_at(1, 1).value().size() == 2);
}

TEST_CASE("an old claim, sent again, freezes nobody") {
    Pair pair;
    pair.write(100);
    std::vector<Bytes> old;
    auto session = pair.tablet.session(pair.server.ingest->name());
    for (Bytes request; !(request = session.request().value()).empty(); old.push_back(request))
        REQUIRE(session.answer(pair.server.answer(pair.tablet.name, request)).ok());
    pair.write(200);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    for (int i = 0; i < 3; ++i)
        for (const auto& request : old) static_cast<void>(pair.server.answer(pair.tablet.name, request));
    CHECK(pair.server.log(pair.tablet).state == wire::LogState::active);
    pair.write(300);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
}

TEST_CASE("what a lost tablet sends afterwards is kept apart, with receipts that say so") {
    Pair pair;
    pair.write(100);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    REQUIRE(pair.server.ingest->revoke(pair.tablet.name, "reported lost").ok());
    pair.write(200);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::kept_apart);
    CHECK(verified_receipt(pair.tablet, pair.server.ingest->name(), 0)->standing == wire::Standing::accepted);
    CHECK(verified_receipt(pair.tablet, pair.server.ingest->name(), 1)->standing == wire::Standing::revoked);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("a server restored from an old copy is noticed, and gets nothing until staff have looked") {
    Pair pair;
    pair.write(100);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    pair.server.back_up();
    pair.write(200);
    REQUIRE(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    pair.server.restore();
    pair.write(300);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::server_forked);
    CHECK(pair.tablet.store->unsent().value() == 1);
    CHECK(pair.server.log(pair.tablet).held == 1);
}

TEST_CASE("a tablet that is not enrolled, or shows another's name, is refused in words") {
    Pair pair;
    Tablet stranger(2, pair.place / "stranger");
    REQUIRE(stranger.write("x", test::now()).ok());
    auto session = sync(stranger, pair.server);
    CHECK(session.outcome() == Outcome::refused);
    CHECK(session.refusal().code == wire::RefusalCode::not_enrolled);

    auto hello = pair.tablet.session(pair.server.ingest->name()).request().value();
    auto answer = wire::decode_exchange(pair.server.answer(stranger.name, hello)).value();
    REQUIRE(answer.size() == 1);
    CHECK(std::get<wire::Refusal>(answer[0]).code == wire::RefusalCode::not_enrolled);
    auto newer =
        wire::decode_exchange(pair.server.answer(stranger.name, as_bytes("handslag-sync/9\n"))).value();
    CHECK(std::get<wire::Refusal>(newer[0]).code == wire::RefusalCode::newer_version);
}

TEST_CASE("erased before the first sync: the entries arrive, what was erased does not") {
    Pair pair;
    REQUIRE(pair.tablet.store->append(test::signing(1)).ok());
    REQUIRE(pair.tablet.store->append(test::signing(2)).ok());
    REQUIRE(pair.tablet.store->erase(0, "KS 2027:4", test::now()).ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    CHECK_FALSE(pair.server.ledger->entries_at(1, 0).value()[0].parcel.has_value());
    CHECK(pair.server.ledger->entries_at(1, 1).value()[0].parcel.has_value());
    CHECK(pair.server.log(pair.tablet).held == 3);
}

TEST_CASE("the server never erases because a tablet does") {
    Pair pair;
    REQUIRE(pair.tablet.store->append(test::signing(1)).ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    REQUIRE(pair.tablet.store->erase(0, "KS 2027:4", test::now()).ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    auto held = pair.server.ledger->entries_at(1, 0).value()[0];
    auto payloads =
        server::open_held_parcel(*pair.server.ledger, pair.server.reader, pair.server.log(pair.tablet), held);
    CHECK(payloads.value().size() == 3);
}

TEST_CASE("what the municipality publishes reaches every tablet once, in order") {
    Pair pair;
    for (const char* name : {"avtal", "ceremoni", "inbjudna"})
        REQUIRE(pair.server.ingest->publish(wire::FeedKind::ceremony, name, as_bytes("x")).ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    REQUIRE(pair.server.ingest->publish(wire::FeedKind::revocations, "spärrade", as_bytes("y")).ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    REQUIRE(pair.tablet.feed.size() == 4);
    for (std::uint64_t i = 0; i < 4; ++i) CHECK(pair.tablet.feed[i].position == i + 1);
    CHECK(pair.tablet.feed[3].name == "spärrade");
}

TEST_CASE("a feed item of a kind that the tablet does not know stops nothing, and comes once") {
    Pair pair;
    auto publish = [&](int kind) {
        REQUIRE(pair.server.ingest->publish(static_cast<wire::FeedKind>(kind), "", as_bytes("x")).ok());
    };
    publish(1), publish(255), publish(4);
    REQUIRE(pair.tablet.write("one", test::now()).ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    publish(5);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    CHECK(sync(pair.tablet, pair.server).outcome() == Outcome::done);
    std::vector<int> kinds;
    for (const auto& item : pair.tablet.feed) kinds.push_back(static_cast<int>(item.kind));
    CHECK(kinds == std::vector<int>{1, 255, 4, 5});
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("a store of the first ceremony's version opens and syncs") {
    Place place;
    Server server(place / "server.db");
    std::filesystem::create_directories(place / "tablet");
    std::filesystem::copy_file(HANDSLAG_SOURCE_DIR "/tests/golden/store/version-1.db",
                               place / "tablet/handslag.db");
    auto store = test::open_store(place / "tablet").value();
    CHECK(store.size() == 5);
    CHECK(store.audit()->ok());
    auto log_key = test::log_key();
    auto transfer_key = wire::transfer_key(test::payload_key());
    wire::LogName name{test::identity().device, 1};
    REQUIRE(server.ingest->enrol(name, log_key.public_key(), "A").ok());
    client::SessionSettings settings;
    settings.server = server.ingest->name();
    settings.log_key = &log_key, settings.transfer_key = &transfer_key;
    settings.seal = [](ByteView key) -> Result<Bytes> { return seal(key); };
    auto session = client::Session::begin(store, std::move(settings)).value();
    for (Bytes request; !(request = session.request().value()).empty();)
        REQUIRE(session.answer(server.answer(name, request)).ok());
    CHECK(session.outcome() == Outcome::done);
    CHECK(server.ledger->find_log(name).value()->held == 5);
}

TEST_CASE("a receipt of a time that cannot be is garbled, and harms nobody") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    REQUIRE(tablet.write("one", test::now()).ok());
    auto session = tablet.session(server.ingest->name());
    bool spoiled = false;
    for (Bytes request; !spoiled && !(request = session.request().value()).empty();) {
        auto frames = wire::decode_exchange(server.answer(tablet.name, request)).value();
        for (auto& frame : frames)
            if (auto* receipts = std::get_if<wire::Receipts>(&frame))
                receipts->runs[0].items[0].received_ms = INT64_MIN, spoiled = true;
        REQUIRE(session.answer(wire::encode_exchange(frames)).ok());
    }
    REQUIRE(spoiled);
    CHECK(session.outcome() == Outcome::working);
    CHECK(tablet.store->unsent().value() == 1);
    CHECK(sync(tablet, server).outcome() == Outcome::done);
}
