// The monitor's judgement, over a server that is a few values.
#include "sync/monitor.h"

#include <doctest/doctest.h>

#include "core/base/json.h"
#include "core/evidence/tiles.h"

using namespace core;
using monitor::Verdict;

namespace {

const Ed25519Key& log_key() {
    static const Ed25519Key key = Ed25519Key::from_seed(Bytes(32, 7)).value();
    return key;
}
const std::string origin = "handslag/server/s";

// Serves a log as tiles; `spoil` may change what it serves.
struct Served {
    std::vector<Bytes> leaves;
    std::map<std::pair<int, std::uint64_t>, NodeHash> nodes;
    std::string cosignatures;
    std::function<void(const std::string& path, std::optional<Bytes>& content)> spoil = [](auto&, auto&) {};
    std::vector<std::string> asked;

    NodeSource source() {
        return [this](int level, std::uint64_t index) -> Result<NodeHash> {
            return nodes.at({level, index});
        };
    }
    void grow(std::size_t size, char letter = 'a') {
        while (leaves.size() < size) {
            Bytes leaf = to_bytes("{\"format\":\"leaf/1\",\"n\":\"" + std::string(1, letter) +
                                  std::to_string(leaves.size()) + "\"}");
            auto added = append_leaf(leaves.size(), leaf_hash(leaf), source()).value();
            for (const auto& node : added) nodes[{node.level, node.index}] = node.hash;
            leaves.push_back(std::move(leaf));
        }
    }
    TreeHead head() { return {origin, leaves.size(), tree_root(leaves.size(), source()).value()}; }
    std::optional<Bytes> at(const std::string& path) {
        if (path == "/checkpoint") return to_bytes(sign_checkpoint(head(), log_key()) + cosignatures);
        auto name = parse_tile_path(std::string_view(path).substr(1));
        if (!name) return std::nullopt;
        auto from = name->index * tile_width, to = from + name->width;
        auto all = leaves.size() >> (8 * name->level.value_or(0));
        if (to > all) return std::nullopt;
        Bytes row;
        for (auto i = from; i < to && name->level; ++i) append(row, nodes.at({8 * *name->level, i}).bytes);
        if (name->level) return row;
        return encode_leaves({leaves.begin() + static_cast<std::ptrdiff_t>(from),
                              leaves.begin() + static_cast<std::ptrdiff_t>(to)});
    }
    monitor::Ask ask() {
        return [this](const std::string& path) -> Result<std::optional<Bytes>> {
            asked.push_back(path);
            auto content = at(path);
            spoil(path, content);
            return content;
        };
    }
};

monitor::Wish wish() { return {{origin, NoteAlgorithm::checkpoint, log_key().public_key()}, {}, false}; }

}  // namespace

TEST_CASE("the edge of a tree gives its root at every size, and grows as the tree does") {
    Served log;
    monitor::Edge edge;
    CHECK(edge.root() == empty_root());
    for (std::size_t size = 1; size <= 70; ++size) {
        log.grow(size);
        edge.add(leaf_hash(log.leaves.back()));
        CHECK(edge.root() == log.head().root);
    }
}

TEST_CASE("every pair of sizes of an honest log is followed, with what is new alone asked for") {
    for (std::size_t from : {0, 1, 2, 255, 256, 257, 511, 512})
        for (std::size_t to : {0, 1, 3, 256, 257, 512, 600}) {
            if (to < from) continue;
            INFO(from << " to " << to);
            Served log;
            log.grow(from);
            auto first = monitor::look(log.ask(), wish(), std::nullopt);
            REQUIRE(first.verdict == Verdict::first_seen);
            auto text = monitor::encode_memory(*first.memory, wish().log);
            auto memory = monitor::decode_memory(text, wish().log).value();
            log.grow(to);
            log.asked.clear();
            auto second = monitor::look(log.ask(), wish(), memory);
            CHECK(second.verdict == (to == from ? Verdict::unchanged : Verdict::grown));
            CHECK(second.leaves == to - from);
            CHECK(log.asked.size() == 1 + (to == from ? 0 : (to - 1) / 256 - from / 256 + 1));
            CHECK(
                monitor::decode_memory(monitor::encode_memory(*second.memory, wish().log), wish().log).ok());
        }
}

TEST_CASE("a tile that is gone at its old width is taken full, and half a tile is refused in words") {
    Served log;
    log.grow(100);
    log.spoil = [](const std::string& path, std::optional<Bytes>& content) {
        if (path == "/tile/entries/000.p/100") content.reset();
    };
    CHECK(monitor::look(log.ask(), wish(), std::nullopt).verdict == Verdict::not_served);
    log.spoil = [](const std::string& path, std::optional<Bytes>& content) {
        if (path.starts_with("/tile/entries")) content->resize(content->size() / 2);
    };
    auto half = monitor::look(log.ask(), wish(), std::nullopt);
    CHECK(half.verdict == Verdict::not_served);
    CHECK(half.detail == "tile/entries/000.p/100 is cut short");
    // The head is of a moment ago, and the log has grown over the tile's end since.
    auto old_head = sign_checkpoint(log.head(), log_key());
    log.grow(256);
    log.spoil = [&](const std::string& path, std::optional<Bytes>& content) {
        if (path == "/checkpoint") content = to_bytes(old_head);
        if (path == "/tile/entries/000.p/100") content.reset();
    };
    auto full = monitor::look(log.ask(), wish(), std::nullopt);
    CHECK(full.verdict == Verdict::first_seen);
    CHECK(full.leaves == 100);
}

TEST_CASE("another history is a contradiction that anyone can check; hashes that hide it are not served") {
    Served honest;
    honest.grow(300);
    auto memory = monitor::look(honest.ask(), wish(), std::nullopt).memory;
    for (std::size_t shared : {0, 1, 150, 299})
        for (std::size_t size : {300, 301, 512, 700}) {
            INFO(shared << " shared of " << size);
            Served forged;
            forged.grow(shared);
            forged.grow(size, 'b');
            auto look = monitor::look(forged.ask(), wish(), memory);
            CHECK(look.verdict == Verdict::rewritten);
            CHECK_FALSE(look.memory);
            if (size == 300) continue;
            REQUIRE(look.contradiction);
            CHECK(look.contradiction->root != look.before->root);
            CHECK(verify_consistency(300, look.contradiction->root, size, look.now->root,
                                     look.contradiction->proof));
            forged.spoil = [](const std::string& path, std::optional<Bytes>& content) {
                if (path.starts_with("/tile/0/")) content.reset();
            };
            CHECK(monitor::look(forged.ask(), wish(), memory).verdict == Verdict::not_served);
        }
    Served short_one;
    short_one.grow(299);
    CHECK(monitor::look(short_one.ask(), wish(), memory).verdict == Verdict::rolled_back);
}

TEST_CASE("every flipped bit in what is served is refused, or is only in what was not asked for") {
    Served log;
    log.grow(3);
    auto memory = monitor::look(log.ask(), wish(), std::nullopt).memory;
    log.grow(6);
    for (const std::string target : {"/checkpoint", "/tile/entries/000.p/6"}) {
        auto honest = *log.at(target);
        for (std::size_t byte = 0; byte < honest.size(); ++byte) {
            log.spoil = [&](const std::string& path, std::optional<Bytes>& content) {
                if (path == target) (*content)[byte] ^= 1;
            };
            auto look = monitor::look(log.ask(), wish(), memory);
            bool seen_before = target != "/checkpoint" && look.well();
            if (seen_before) CHECK(look.leaves == 3);  // a bit of the three that it has read already
            if (target == "/checkpoint" || byte > honest.size() / 2 + 2) CHECK_FALSE(look.well());
        }
    }
}

TEST_CASE("what a witness has cosigned is told, and its line is checked") {
    Served log;
    log.grow(4);
    auto key = Ed25519Key::from_seed(Bytes(32, 9)).value();
    NoteKey witness{"handslag/device/w/1", NoteAlgorithm::cosignature, key.public_key()};
    auto wanted = wish();
    wanted.witnesses = {witness};
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).witnesses.at(witness.name) == std::nullopt);
    auto signature = cosign(log.head(), 1'795'000'000, key);
    log.cosignatures = cosignature_line(witness, signature);
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).witnesses.at(witness.name) ==
          monitor::Witnessed{4, 1'795'000'000});
    ++signature.time_s;
    log.cosignatures = cosignature_line(witness, signature);
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).verdict == Verdict::bad_signature);
    CHECK(monitor::look(log.ask(), wish(), std::nullopt).well());  // a stranger's line is nobody's business
}

TEST_CASE(
    "a head that somebody else was shown is found in the log at every size, or contradicts it for all to "
    "see") {
    for (std::uint64_t size : {1, 3, 255, 256, 257, 512, 700}) {
        Served log;
        std::vector<std::pair<std::string, std::string>> seen;
        for (std::uint64_t at : {1, 2, 100, 255, 256, 257, 511, 512, 513, 699, 700}) {
            if (at > size) continue;
            log.grow(at);
            seen.emplace_back("at " + std::to_string(at), sign_checkpoint(log.head(), log_key()));
        }
        log.grow(size);
        auto wanted = wish();
        wanted.elsewhere = seen;
        auto well = monitor::look(log.ask(), wanted, std::nullopt);
        CHECK_MESSAGE(well.verdict == Verdict::first_seen, size << " " << well.detail);
        // The same sizes of another history.
        for (const auto& [from, note] : seen) {
            auto head = open_checkpoint(note, log_key().public_key()).value();
            Served forged;
            forged.grow(size, 'b');
            wanted.elsewhere = {{from, note}};
            auto look = monitor::look(forged.ask(), wanted, std::nullopt);
            CHECK(look.verdict == Verdict::rewritten);
            CHECK(look.detail.ends_with("(" + from + ")"));
            CHECK(look.before == head);
            CHECK_FALSE(look.memory);
            if (head.size < size) {
                REQUIRE(look.contradiction);
                CHECK(look.contradiction->root != head.root);
                CHECK(verify_consistency(head.size, look.contradiction->root, size, look.now->root,
                                         look.contradiction->proof));
            }
        }
    }
}

TEST_CASE("tiles that are gone or spoiled prove nothing about a head, and a smaller log has forgotten it") {
    Served log;
    log.grow(300);
    auto wanted = wish();
    wanted.elsewhere = {{"a tablet", sign_checkpoint(log.head(), log_key())}};
    log.grow(600);
    log.spoil = [](const std::string& path, std::optional<Bytes>& content) {
        if (path.starts_with("/tile/0/")) content.reset();
    };
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).verdict == Verdict::not_served);
    log.spoil = [](const std::string& path, std::optional<Bytes>& content) {
        if (path.starts_with("/tile/0/001")) content->at(7) ^= 1;
    };
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).verdict == Verdict::not_served);
    Served shorter;
    shorter.grow(299);
    auto look = monitor::look(shorter.ask(), wanted, std::nullopt);
    CHECK(look.verdict == Verdict::rolled_back);
    CHECK(look.detail == "it shows 299 entries, and has signed 300 (a tablet)");
}

TEST_CASE("of a witness who has not cosigned the newest head the last one is told, and must be in the log") {
    Served log;
    log.grow(4);
    auto key = Ed25519Key::from_seed(Bytes(32, 9)).value();
    NoteKey witness{"handslag/device/w/1", NoteAlgorithm::cosignature, key.public_key()},
        other{"handslag/device/v/1", NoteAlgorithm::cosignature, log_key().public_key()};
    auto wanted = wish();
    wanted.witnesses = {witness, other};
    auto line = cosignature_line(witness, cosign(log.head(), 1'795'000'000, key));
    std::vector<std::string> notes{sign_checkpoint(log.head(), log_key()) + line};
    auto serve = [&](Served& served) {
        served.spoil = [&](const std::string& path, std::optional<Bytes>& content) {
            if (path != "/checkpoint/witnessed") return;
            content = to_bytes(encode_canonical({{"format", "handslag-witnessed/1"}, {"notes", notes}}));
        };
    };
    serve(log);
    log.grow(9);
    auto look = monitor::look(log.ask(), wanted, std::nullopt);
    CHECK(look.well());
    CHECK(look.witnesses.at(witness.name) == monitor::Witnessed{4, 1'795'000'000});
    CHECK(look.witnesses.at(other.name) == std::nullopt);
    CHECK(look.cosigned() == 0);
    // A server that shows the public another log than the tablet.
    Served forged;
    forged.grow(9, 'b');
    serve(forged);
    look = monitor::look(forged.ask(), wanted, std::nullopt);
    CHECK(look.verdict == Verdict::rewritten);
    CHECK(look.before_note == notes[0]);
    // A line that does not hold, a head that another key signed, and nonsense.
    notes = {sign_checkpoint({origin, 4, {}}, log_key()) + line};
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).verdict == Verdict::rewritten);
    notes = {sign_checkpoint(log.head(), key) + line};
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).verdict == Verdict::bad_signature);
    log.spoil = [&](const std::string& path, std::optional<Bytes>& content) {
        if (path == "/checkpoint/witnessed") content = to_bytes("{}");
    };
    CHECK(monitor::look(log.ask(), wanted, std::nullopt).verdict == Verdict::not_served);
}
