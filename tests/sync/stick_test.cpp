// By stick, by network and mixed: the same log, the same register, the same receipts; and everything that can happen to
// a file on the way.
#include <algorithm>
#include <random>

#include "core/base/words.h"
#include "sync/server/pages.h"
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
    std::uint64_t leaves() const { return server.ledger->leaf_count().value(); }
};

// Signings, a voiding and something large, in a folder that can be copied: salts are random.
void write_evening(const Path& folder) {
    Tablet tablet(1, folder);
    for (int i = 1; i <= 6; ++i)
        CHECK_THAT(tablet.store->append(test::signing(i, "Förening " + std::to_string(i))).ok());
    CHECK_THAT(tablet.store->append(test::voiding(2, "fel namn")).ok());
    CHECK_THAT(tablet.write(words_of(150'000), test::now()).ok());
    for (int i = 7; i <= 9; ++i)
        CHECK_THAT(tablet.store->append(test::signing(i, "Förening " + std::to_string(i))).ok());
}

struct Outcomes {
    std::string device_head, server_head, list;  // the list as everybody sees it, byte for byte
    std::vector<server::RegisterLine> lines;
    friend bool operator==(const Outcomes&, const Outcomes&) = default;
};

using Way = std::function<void(Tablet&, Server&, const Stick&)>;
Outcomes evening_by(const Path& evening, const Way& way) {
    Place place;
    std::filesystem::copy(evening, place / "tablet", std::filesystem::copy_options::recursive);
    Tablet tablet(1, place / "tablet");
    Server server(place / "server.db");
    // The server's id is its own; its log is compared by what it holds.
    server.enrol(tablet);
    way(tablet, server, Stick(place / "stick"));
    check_all_is_there(tablet, server);
    CHECK(server::derive_register(*server.ledger, server.reader).ok());
    auto head = server.ledger->newest_head(server.log(tablet).number).value().value();
    auto root = tree_root(server.ledger->leaf_count().value(), server.ledger->nodes(0)).value();
    static const auto words = Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value();
    server::ListPage page{
        server.ledger->lines(0, 100).value(), server::standing_total(*server.ledger).value(), {}};
    return {head.note, root.hex(), server::render_list(page, words), page.lines};
}

// Sends by network until the server holds so many entries.
void sync_some(Tablet& tablet, Server& server, std::uint64_t entries) {
    auto session = tablet.session(server.ingest->name());
    while (server.log(tablet).held < entries) {
        for (int i = 0; i < 9; ++i) session.cut();  // small requests
        auto hello = session.request().value();
        REQUIRE(session.answer(server.answer(tablet.name, hello)).ok());
        auto request = session.request().value();
        REQUIRE_FALSE(request.empty());
        REQUIRE(session.answer(server.answer(tablet.name, request)).ok());
    }
}

constexpr BundleSettings small_parts{BundleSettings::What::unacknowledged, BundleSettings::least_part};
constexpr BundleSettings everything{BundleSettings::What::everything, BundleSettings::usual_part};

}  // namespace

TEST_CASE("the same records by network, by stick and mixed give the same heads and the same register") {
    Place place;
    write_evening(place / "evening");
    const auto by_network = evening_by(
        place / "evening", [](Tablet& tablet, Server& server, const Stick&) { sync(tablet, server); });
    CHECK(by_network.lines.size() == 9);
    CHECK(by_network.lines[2].voided);
    const std::map<std::string, Way> ways{
        {"by stick",
         [](Tablet& tablet, Server& server, const Stick& stick) {
             CHECK(sync_by_stick(tablet, server, stick).outcome() == Outcome::done);
         }},
        {"in small parts",
         [](Tablet& tablet, Server& server, const Stick& stick) {
             CHECK(sync_by_stick(tablet, server, stick, small_parts).outcome() == Outcome::done);
         }},
        {"in small parts, shuffled",
         [](Tablet& tablet, Server& server, const Stick& stick) {
             auto parts = stick.write(tablet, server, small_parts);
             REQUIRE(parts.size() > 2);
             std::mt19937 random(7);
             std::ranges::shuffle(parts, random);
             auto taken = take(server, parts);
             CHECK(read_receipts(tablet, server, taken.bundles[0].receipts)->outcome() == Outcome::done);
         }},
        {"some by network, the rest by stick",
         [](Tablet& tablet, Server& server, const Stick& stick) {
             sync_some(tablet, server, 2);
             CHECK(sync_by_stick(tablet, server, stick).outcome() == Outcome::done);
         }},
        {"by stick, while the network is faster",
         [](Tablet& tablet, Server& server, const Stick& stick) {
             auto parts = stick.write(tablet, server);
             sync(tablet, server);
             auto taken = take(server, parts);
             CHECK(taken.bundles[0].accepted == 11);
             CHECK(read_receipts(tablet, server, taken.bundles[0].receipts)->outcome() == Outcome::done);
         }},
        {"by stick, then by network without the receipts",
         [](Tablet& tablet, Server& server, const Stick& stick) {
             take(server, stick.write(tablet, server));
             CHECK(sync(tablet, server).outcome() == Outcome::done);
         }},
        {"everything by stick, after everything by network",
         [](Tablet& tablet, Server& server, const Stick& stick) {
             sync(tablet, server);
             CHECK(stick.write(tablet, server).empty());
             CHECK(sync_by_stick(tablet, server, stick, everything).outcome() == Outcome::done);
         }},
    };
    for (const auto& [name, way] : ways) {
        INFO(name);
        CHECK(evening_by(place / "evening", way) == by_network);
    }
}

TEST_CASE("the same files again change nothing and give the same receipts") {
    Pair pair;
    for (std::size_t size : {300, 70'000, 10}) pair.write(size);
    auto parts = pair.stick.write(pair.tablet, pair.server, small_parts);
    REQUIRE(parts.size() == 3);
    auto first = take(pair.server, parts);
    auto leaves = pair.leaves();
    auto again = take(pair.server, parts);
    auto doubled = parts;
    doubled.insert(doubled.end(), parts.begin(), parts.end());
    auto twice = take(pair.server, doubled);
    CHECK(pair.leaves() == leaves);
    for (const auto* taken : {&first, &again, &twice}) {
        CHECK(taken->bundles[0].accepted == 3);
        auto exchange =
            wire::open_receipts(pair.tablet.transfer_key, pair.tablet.name, taken->bundles[0].receipts);
        CHECK(exchange.value() ==
              wire::open_receipts(pair.tablet.transfer_key, pair.tablet.name, first.bundles[0].receipts)
                  .value());
    }
    CHECK(read_receipts(pair.tablet, pair.server, again.bundles[0].receipts)->outcome() == Outcome::done);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("a part that comes too early waits, in words; one that is lost for good can be done without") {
    Pair pair;
    REQUIRE(pair.tablet.store->append(test::signing(1)).ok());
    pair.write(100'000);
    REQUIRE(pair.tablet.store->append(test::voiding(0, "fel")).ok());
    auto parts = pair.stick.write(pair.tablet, pair.server, small_parts);
    REQUIRE(parts.size() == 3);
    auto early = take(pair.server, {parts[2]});
    CHECK(pair.leaves() == 1);
    CHECK(early.bundles[0].taken.empty());
    CHECK(early.bundles[0].missing == std::vector<std::uint32_t>{1, 2});
    REQUIRE(early.bundles[0].remarks.size() == 1);
    CHECK(early.bundles[0].remarks[0].what ==
          "it begins with entry 2, and the server holds only 0: an earlier part or bundle must come first");
    CHECK(early.bundles[0].receipts.empty());
    // What is void stays void, though the voiding came first.
    auto lost = take(pair.server, {parts[2]}, Gaps::accept);
    CHECK(lost.bundles[0].accepted == 1);
    CHECK(read_receipts(pair.tablet, pair.server, lost.bundles[0].receipts)->outcome() == Outcome::working);
    CHECK(pair.tablet.store->unsent().value() == 2);
    auto found = take(pair.server, {parts[0], parts[1]});
    CHECK(found.bundles[0].accepted == 2);
    CHECK(found.bundles[0].missing == std::vector<std::uint32_t>{3});
    CHECK(pair.server.log(pair.tablet).held == 3);
    CHECK(pair.server.ledger->newest_head(pair.server.log(pair.tablet).number).value()->judgement ==
          server::SeenHead::Judgement::holds);
    auto lines = pair.server.ledger->lines(0, 10).value();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].voided);
    REQUIRE(server::rebuild_register(*pair.server.ledger, pair.server.reader).ok());
    CHECK(pair.server.ledger->lines(0, 10).value() == lines);
    // Receipts of the two ingests, the later one first.
    CHECK(read_receipts(pair.tablet, pair.server, found.bundles[0].receipts)->outcome() == Outcome::done);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("a voiding that came before what it voids counts, though the list is derived when both are there") {
    Pair pair;
    REQUIRE(pair.tablet.store->append(test::signing(1)).ok());
    pair.write(100'000);
    REQUIRE(pair.tablet.store->append(test::voiding(0, "fel")).ok());
    auto parts = pair.stick.write(pair.tablet, pair.server, small_parts);
    auto door = door_of(*pair.server.ingest, *pair.server.ledger);
    REQUIRE(server::take_bundles(door, std::vector{parts[2]}, open_seal, Gaps::accept).ok());
    take(pair.server, {parts[0], parts[1]});
    auto lines = pair.server.ledger->lines(0, 10).value();
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].voided);
    CHECK(server::standing_total(*pair.server.ledger).value() == 0);
}

TEST_CASE("a file that is cut at any byte, or has any bit changed, is refused whole") {
    Pair pair;
    pair.write(40), pair.write(3);
    auto part = pair.stick.write(pair.tablet, pair.server)[0];
    const auto whole = read_file(part).value();
    auto broken = pair.stick.folder / "broken.frames";
    auto refused = [&](ByteView bytes) {
        REQUIRE(write_file_durably(broken, bytes).ok());
        auto taken = take(pair.server, {broken});
        return taken.bundles.empty() && taken.refused.size() == 1 && !taken.refused[0].what.empty();
    };
    std::size_t step = std::getenv("HANDSLAG_FULL") != nullptr ? 1 : 3;
    for (std::size_t size = 0; size < whole.size(); size += step)
        CHECK_MESSAGE(refused(ByteView(whole).first(size)), size);
    for (std::size_t i = 0; i < whole.size(); i += step) {
        auto changed = whole;
        changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
        CHECK_MESSAGE(refused(changed), i);
    }
    auto longer = whole;
    longer.push_back(0);
    CHECK(refused(longer));
    CHECK(pair.leaves() == 1);
    CHECK(pair.server.log(pair.tablet).transfer_key.empty());
    CHECK(take(pair.server, {part}).bundles[0].accepted == 2);
}

TEST_CASE("receipts that are cut, changed or another tablet's are refused, and the tablet is as before") {
    Pair pair;
    pair.write(40);
    auto receipts = take(pair.server, pair.stick.write(pair.tablet, pair.server)).bundles[0].receipts;
    auto refused = [&](ByteView bytes) { return !read_receipts(pair.tablet, pair.server, bytes).ok(); };
    for (std::size_t size = 0; size < receipts.size(); size += 7)
        CHECK_MESSAGE(refused(ByteView(receipts).first(size)), size);
    for (std::size_t i = 0; i < receipts.size(); i += 5) {
        auto changed = receipts;
        changed[i] ^= 1;
        CHECK_MESSAGE(refused(changed), i);
    }
    Tablet other(2, pair.place / "other");
    pair.server.enrol(other);
    auto wrong = read_receipts(other, pair.server, receipts);
    CHECK(wrong.error().detail == "the receipts are for another tablet, or have been changed");
    CHECK(pair.tablet.store->unsent().value() == 1);
    CHECK(read_receipts(pair.tablet, pair.server, receipts)->outcome() == Outcome::done);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("foreign files are named for what they are") {
    Pair pair;
    pair.write(40);
    Tablet stranger(2, pair.place / "stranger");
    REQUIRE(stranger.write("x", test::now()).ok());
    auto foreign = take(pair.server, pair.stick.write(stranger, pair.server));
    REQUIRE(foreign.refused.size() == 1);
    CHECK(foreign.refused[0].what.starts_with("it is of a tablet that is not enrolled here: 02020202"));

    // Another municipality's key does not open it.
    auto part = pair.stick.write(pair.tablet, pair.server)[0];
    auto other = server::take_bundles(door_of(*pair.server.ingest, *pair.server.ledger), std::vector{part},
                                      [](ByteView) {
                                          return Error{Errc::damaged, "not ours"};
                                      });
    CHECK(other->refused.at(0).what == "not ours");

    // A stranger who names our tablet cannot sign for it.
    Bytes forged;
    wire::PartHead head{SecretKey::random(), {}, 1, 1, pair.tablet.name, 0, 1};
    auto writer = wire::PartWriter::begin(head, pair.tablet.settings(pair.server.ingest->name()).seal,
                                          [&](ByteView bytes) { return append(forged, bytes), Status{}; });
    REQUIRE(writer.ok());
    REQUIRE(writer->finish(stranger.log_key).ok());
    auto path = pair.stick.folder / "forged.frames";
    REQUIRE(write_file_durably(path, forged).ok());
    CHECK(take(pair.server, {path}).refused.at(0).what ==
          "the file is not as the tablet wrote it: cut short, or changed");
    REQUIRE(write_file_durably(path, as_bytes("handslag-frames/2\n....")).ok());
    CHECK(take(pair.server, {path}).refused.at(0).what == "a bundle of a newer Handslag");
    CHECK(pair.leaves() == 1);
}

TEST_CASE("a bundle that lacks its last part says which, and gives receipts for the rest") {
    Pair pair;
    for (int i = 0; i < 3; ++i) pair.write(50'000);
    auto parts = pair.stick.write(pair.tablet, pair.server, small_parts);
    REQUIRE(parts.size() == 3);
    auto taken = take(pair.server, {parts[1], parts[0]});
    CHECK(taken.bundles[0].taken == std::vector<std::uint32_t>{1, 2});
    CHECK(taken.bundles[0].missing == std::vector<std::uint32_t>{3});
    auto session = read_receipts(pair.tablet, pair.server, taken.bundles[0].receipts);
    CHECK(session->outcome() == Outcome::working);
    CHECK(pair.tablet.store->unsent().value() == 1);
    CHECK(sync_by_stick(pair.tablet, pair.server, pair.stick).outcome() == Outcome::done);
    check_all_is_there(pair.tablet, pair.server);
}

TEST_CASE("no part is larger than asked, unless one entry is") {
    Pair pair;
    for (int i = 0; i < 40; ++i) pair.write(20'000);
    for (std::uint64_t size : {std::uint64_t{65'536}, std::uint64_t{200'000}, std::uint64_t{1'000'000}}) {
        auto parts = pair.stick.write(pair.tablet, pair.server, {BundleSettings::What::unacknowledged, size});
        CHECK(parts.size() >= 800'000 / size);
        for (const auto& part : parts) CHECK(std::filesystem::file_size(part) <= size);
    }
    auto settings = pair.tablet.settings(pair.server.ingest->name());
    CHECK(client::write_bundle(*pair.tablet.store, settings, {BundleSettings::What::everything, 1'000},
                               pair.stick.folder)
              .error()
              .code == Errc::not_allowed);
    CHECK(client::write_bundle(*pair.tablet.store, settings, {}, pair.stick.folder / "gone").error().code ==
          Errc::not_found);
}
