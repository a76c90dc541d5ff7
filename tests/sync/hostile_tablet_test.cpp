// What an enrolled tablet gone bad, or somebody who has stolen one, can send: the server answers in words and goes on.
#include "core/evidence/entry.h"
#include "sync/protocol/signed_list.h"
#include "tests/sync/town.h"

using namespace town;
using wire::RefusalCode;

namespace {

struct Pair {
    Place place;
    Tablet tablet{1, place / "tablet"};
    Server server{place / "server.db"};
    Pair() { server.enrol(tablet); }

    std::vector<wire::Frame> answer(const std::vector<wire::Frame>& frames) {
        return wire::decode_exchange(server.answer(tablet.name, wire::encode_exchange(frames))).value();
    }
    // Signed by the tablet's key, whatever it says.
    std::string head(std::uint64_t size, const NodeHash& root) const {
        return sign_checkpoint({log_origin(tablet.name.device, 1), size, root}, tablet.log_key);
    }
    void still_serves() {
        REQUIRE(tablet.write("x", test::now()).ok());
        CHECK(sync(tablet, server).outcome() == client::Outcome::done);
    }
};

RefusalCode refused(const std::vector<wire::Frame>& answer) {
    REQUIRE_FALSE(answer.empty());
    REQUIRE(std::holds_alternative<wire::Refusal>(answer.back()));
    return std::get<wire::Refusal>(answer.back()).code;
}

}  // namespace

TEST_CASE("a head of more entries than a log can have is refused, and so is an entry beyond them") {
    Pair pair;
    StoreIdentity identity{pair.tablet.name.device, 1, pair.tablet.log_key.public_key()};
    auto bytes = encode_entry(identity, {});
    NodeHash others;
    for (auto from : {std::uint64_t{1} << 53, std::uint64_t{1} << 63}) {
        // The others are one subtree, and it is the whole proof.
        auto head = pair.head(from + 1, node_hash(others, NodeHash{leaf_hash(bytes).bytes}));
        wire::EntryBatch batch{head, from, 0, {{bytes, std::nullopt}}, {others}};
        CHECK(refused(pair.answer({batch})) == RefusalCode::bad_checkpoint);
        CHECK(refused(pair.answer({wire::Hello{pair.tablet.name, head, "", 0}})) ==
              RefusalCode::bad_checkpoint);
    }
    for (auto seq : {most_entries, most_entries + 1, UINT64_MAX})
        CHECK(decode_entry(identity, seq, encode_entry(identity, {})).error().code == Errc::malformed);
    pair.still_serves();
}

TEST_CASE("receipts of entries that came in the strangest order are as many frames as they need") {
    constexpr std::size_t count = 4'000;
    Pair pair;
    std::vector<Append> entries(count, Append{{"note", {}, {}, {}, test::now()}, {}, {}});
    REQUIRE(pair.tablet.store->append_all(entries).ok());
    auto session = pair.tablet.session(pair.server.ingest->name());
    REQUIRE(session.answer(pair.server.answer(pair.tablet.name, session.request().value())).ok());
    wire::EntryBatch batch;
    batch.checkpoint = pair.tablet.store->checkpoint().value();
    batch.server_size = pair.server.ledger->leaf_count().value();
    for (std::size_t seq = 0; seq < count; ++seq)
        batch.items.push_back({pair.tablet.store->entry(seq)->bytes, std::nullopt});
    // Every second one is held back by a parcel that never comes, so the server's leaves are of 0, 2, 4 ... 1, 3, 5 ...
    auto halves = batch;
    for (std::size_t seq = 1; seq < count; seq += 2) halves.items[seq].parcel.emplace();
    CHECK(pair.answer({halves}).size() == 2);
    auto answer = pair.server.answer(pair.tablet.name, wire::encode_exchange({batch}));
    auto frames = wire::decode_exchange(answer).value();
    CHECK(frames.size() > 1);
    std::size_t runs = 0;
    for (const auto& frame : frames) {
        runs += std::get<wire::Receipts>(frame).runs.size();
        CHECK(std::get<wire::Receipts>(frame).checkpoint == pair.server.ingest->checkpoint().value());
    }
    CHECK(runs == count);
    REQUIRE(!session.request()->empty());
    REQUIRE(session.answer(answer).ok());
    CHECK(session.progress().receipts == count);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE(
    "however many hellos come in one exchange, the feed comes once, and more hellos than heads are refused") {
    Pair pair;
    REQUIRE(pair.server.ingest->publish(wire::FeedKind::expected, "avtal", Bytes(100)).ok());
    wire::Hello hello{pair.tablet.name, pair.tablet.store->checkpoint().value(), "", 0};
    CHECK(pair.answer(std::vector<wire::Frame>(wire::most_hellos, hello)).size() == wire::most_hellos + 1);
    auto answer = pair.answer(std::vector<wire::Frame>(1'000, hello));
    CHECK(refused(answer) == RefusalCode::too_much);
    CHECK(answer.size() == wire::most_hellos + 2);
    pair.still_serves();
}

TEST_CASE("more parcels in one exchange than an answer can name are refused, and no work is done for them") {
    Pair pair;
    std::vector<wire::Frame> parts;
    for (int i = 0; i < 100'000; ++i)
        parts.push_back(wire::BlobPart{wire::ParcelHash::of(as_bytes(std::to_string(i))), 100, 0, {7}});
    auto answer = pair.answer(parts);
    REQUIRE(answer.size() == 2);
    CHECK(std::get<wire::Refusal>(answer[0]).code == RefusalCode::too_much);
    CHECK(std::get<wire::Held>(answer[1]).parcels.size() == wire::most_items);
    auto number = pair.server.log(pair.tablet).number;
    CHECK(pair.server.ledger->unused(number)->bytes <= 2 * wire::most_items);
    pair.still_serves();
}

TEST_CASE(
    "parcels that no entry names are refused when they are too many, however small, and harm no other "
    "tablet") {
    Pair pair;
    auto send = [&](std::size_t exchange) {
        std::vector<wire::Frame> parts;
        for (std::size_t i = 0; i < wire::most_items; ++i)
            parts.push_back(wire::BlobPart{
                wire::ParcelHash::of(as_bytes(std::to_string(exchange) + "." + std::to_string(i))),
                100,
                0,
                {7}});
        return pair.answer(parts);
    };
    for (std::size_t exchange = 0; exchange < 3; ++exchange)
        CHECK(std::holds_alternative<wire::Held>(send(exchange).back()));
    for (std::size_t exchange = 3; exchange < 6; ++exchange) {
        auto answer = send(exchange);
        CHECK(refused(answer) == RefusalCode::too_much);
        CHECK(answer.size() == 1);
    }
    auto waiting = pair.server.ledger->unused(pair.server.log(pair.tablet).number).value();
    CHECK(waiting.parcels == 3 * wire::most_items);
    CHECK(waiting.bytes == waiting.parcels);
    Tablet other(2, pair.place / "other");
    pair.server.enrol(other);
    REQUIRE(other.write("x", test::now()).ok());
    CHECK(sync(other, pair.server).outcome() == client::Outcome::done);
}

TEST_CASE(
    "a parcel that began with other bytes is not taken for whole when all of it comes, but begins anew") {
    Pair pair;
    REQUIRE(pair.tablet.write("x", test::now()).ok());
    auto parcel = wire::read_parcel(*pair.tablet.store, pair.tablet.transfer_key, 0).value().value();
    auto hash = wire::ParcelHash::of(parcel);
    const Bytes wrong(10, 7);
    CHECK(pair.answer({wire::BlobPart{hash, parcel.size(), 0, wrong}}).size() == 1);
    auto answer = pair.answer({wire::BlobPart{hash, parcel.size(), 0, parcel}});
    CHECK(std::get<wire::Held>(answer.at(0)).parcels.at(0).offset == 0);
    CHECK(sync(pair.tablet, pair.server).outcome() == client::Outcome::done);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("a tablet that publishes is refused, whatever the kind, and nothing comes into the feed") {
    Pair pair;
    for (int kind : {1, 4, 5, 255})
        CHECK(refused(pair.answer({wire::FeedItem{1, static_cast<wire::FeedKind>(kind), "",
                                                  to_bytes("x")}})) == RefusalCode::out_of_order);
    CHECK(pair.server.ledger->feed_after(0, 10)->empty());
    pair.still_serves();
}

TEST_CASE("a lost tablet is told what is revoked, and nothing of what others sign or what is planned") {
    Pair pair;
    auto publish = [&](wire::FeedKind kind) {
        REQUIRE(pair.server.ingest->publish(kind, "namn", to_bytes("hemligt")).ok());
    };
    publish(wire::FeedKind::ceremony), publish(wire::FeedKind::revocations),
        publish(wire::FeedKind::expected);
    REQUIRE(pair.server.ingest->revoke(pair.tablet.name, "lost").ok());
    CHECK(sync(pair.tablet, pair.server).outcome() == client::Outcome::kept_apart);
    REQUIRE(pair.tablet.feed.size() == 2);
    CHECK(pair.tablet.feed[0].kind == wire::FeedKind::signed_list);
    CHECK(wire::decode_signed_list(pair.tablet.feed[0].content).value() == wire::SignedList{});
    CHECK(pair.tablet.feed[0].name.empty());
    CHECK(as_text(pair.tablet.feed[1].content) == "hemligt");
    publish(wire::FeedKind::revocations);
    sync(pair.tablet, pair.server);
    CHECK(pair.tablet.feed.size() == 4);
}
