#include "sync/monitor.h"

#include <algorithm>
#include <bit>

#include "core/base/json.h"
#include "core/evidence/tiles.h"
#include "sync/monitor_tiles.h"

namespace monitor {
namespace {

using core::Bytes;
using core::Errc;
using core::Error;
using core::Json;
using core::NodeHash;
using core::Result;
using core::Status;
using core::TileName;

constexpr std::string_view format = "handslag-monitor/";
constexpr int version = 1;

std::string text_in(const Json& json, const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
}

// What went wrong on the way to a verdict.
struct Stop {
    Verdict verdict;
    std::string detail;
};
using Step = std::optional<Stop>;  // nothing: go on

class Looking {
  public:
    Looking(const Ask& ask, const Wish& wish, const std::optional<Memory>& memory, Look& look)
        : ask_(ask), wish_(wish), memory_(memory), look_(look) {}

    Step run() {
        auto end = follow();
        if (end->verdict > Verdict::grown) return end;
        auto stop = compare_elsewhere();
        if (!stop) stop = read_older_witnesses();
        if (!stop) return end;
        look_.memory.reset();
        return stop;
    }

  private:
    Step follow() {
        if (auto stop = read_head()) return stop;
        if (auto stop = read_witnesses(look_.now_note, *look_.now)) return stop;
        if (auto stop = compare_sizes()) return stop;
        bool same = memory_ && look_.now->size == look_.before->size;
        if (same && !wish_.whole) {
            look_.memory = Memory{look_.now_note, memory_->edge};
            return Stop{Verdict::unchanged, ""};
        }
        Edge edge = memory_ && !wish_.whole ? memory_->edge : Edge{};
        if (auto stop = read_leaves(edge)) return stop;
        if (edge.root() != look_.now->root || old_root_differs_) return explain();
        look_.memory = Memory{look_.now_note, std::move(edge)};
        return Stop{!memory_ ? Verdict::first_seen : same ? Verdict::unchanged : Verdict::grown, ""};
    }

    Step read_head() {
        auto note = ask_("/checkpoint");
        if (!note.ok()) return Stop{Verdict::unreachable, note.error().detail};
        if (!*note)
            return Stop{Verdict::unreachable, "there is no log at that address (404 for /checkpoint)"};
        std::string text(core::as_text(**note));
        auto head = core::open_checkpoint(text, wish_.log.key);
        if (!head.ok()) return Stop{Verdict::bad_signature, head.error().detail};
        if (head->origin != wish_.log.name)
            return Stop{Verdict::bad_signature, "it shows another log: " + head->origin};
        look_.now = std::move(*head);
        look_.now_note = std::move(text);
        return {};
    }

    // The largest head that each has cosigned stays.
    Step read_witnesses(const std::string& note, const core::TreeHead& head) {
        for (const auto& witness : wish_.witnesses) {
            auto found = core::find_cosignature(note, head, witness);
            if (!found.ok()) return Stop{Verdict::bad_signature, found.error().detail};
            auto& known = look_.witnesses[witness.name];
            if (*found && (!known || known->size < head.size)) known = Witnessed{head.size, (*found)->time_s};
        }
        return {};
    }

    // Of witnesses that have not cosigned the newest head: what they cosigned before, as the server tells it. A server
    // may not tell it.
    Step read_older_witnesses() {
        if (look_.cosigned() == wish_.witnesses.size()) return {};
        auto told = ask_("/checkpoint/witnessed");
        if (!told.ok()) return Stop{Verdict::unreachable, told.error().detail};
        if (!*told) return {};
        auto json = core::decode_canonical(core::as_text(**told));
        if (!json.ok() || !json->is_object() || text_in(*json, "format") != "handslag-witnessed/1" ||
            !json->contains("notes") || !(*json)["notes"].is_array())
            return Stop{Verdict::not_served, "what it tells of witnesses cannot be read"};
        for (const auto& each : (*json)["notes"]) {
            auto note = each.is_string() ? each.get<std::string>() : std::string();
            auto head = core::open_checkpoint(note, wish_.log.key);
            if (!head.ok() || head->origin != wish_.log.name)
                return Stop{Verdict::bad_signature, "a head that witnesses cosigned is not this log's"};
            if (head->size > look_.now->size) continue;  // it has grown since we asked
            if (auto stop = compare_with("what its witnesses cosigned", *head, note)) return stop;
            if (auto stop = read_witnesses(note, *head)) return stop;
        }
        return {};
    }

    Step compare_elsewhere() {
        for (const auto& [from, note] : wish_.elsewhere) {
            auto head = core::open_checkpoint(note, wish_.log.key).value();  // the note holds
            if (auto stop = compare_with(from, head, note)) return stop;
        }
        return {};
    }

    // Is that head, signed by the log's key, one of the log that is shown? If not, it is what is kept beside the shown one.
    Step compare_with(const std::string& from, const core::TreeHead& head, const std::string& note) {
        auto contradicts = [&](Verdict verdict, std::string detail) {
            look_.before = head;
            look_.before_note = note;
            return Stop{verdict, std::move(detail) + " (" + from + ")"};
        };
        auto size = std::to_string(head.size);
        if (head.size > look_.now->size)
            return contradicts(Verdict::rolled_back, "it shows " + std::to_string(look_.now->size) +
                                                         " entries, and has signed " + size);
        if (head.size == look_.now->size) {
            if (head.root == look_.now->root) return {};
            return contradicts(Verdict::rewritten, "it has signed two logs of " + size + " entries");
        }
        if (head.size == 0) return {};
        auto held = contained_at(ask_, head.size, *look_.now);
        if (!held.ok())
            return Stop{held.error().code == Errc::not_found || held.error().code == Errc::damaged
                            ? Verdict::not_served
                            : Verdict::unreachable,
                        held.error().detail};
        if (held->root == head.root) return {};
        look_.contradiction = {held->root, std::move(held->proof)};
        return contradicts(Verdict::rewritten,
                           "the log that it shows had another tree when it held " + size + " entries");
    }

    Step compare_sizes() {
        if (!memory_) return {};
        if (look_.now->size < look_.before->size)
            return Stop{Verdict::rolled_back, "it shows " + std::to_string(look_.now->size) +
                                                  " entries, and had signed " +
                                                  std::to_string(look_.before->size)};
        if (look_.now->size == look_.before->size && look_.now->root != look_.before->root)
            return Stop{Verdict::rewritten,
                        "it has signed two logs of " + std::to_string(look_.now->size) + " entries"};
        return {};
    }

    // A tile that was asked for while it grew may be gone at its old width.
    Result<std::optional<Bytes>> ask_for(TileName name, std::string& path) {
        path = core::tile_path(name);
        TRY_ASSIGN(auto tile, ask_("/" + path));
        if (tile || name.width == core::tile_width) return tile;
        name.width = core::tile_width;
        return ask_("/" + core::tile_path(name));
    }

    Step read_leaves(Edge& edge) {
        while (edge.size < look_.now->size) {
            auto name = core::tile_of(std::nullopt, edge.size, look_.now->size);
            std::string path;
            auto tile = ask_for(name, path);
            if (!tile.ok()) return Stop{Verdict::unreachable, tile.error().detail};
            if (!*tile) return Stop{Verdict::not_served, "it has signed " + path + ", and does not serve it"};
            auto leaves = core::decode_leaves(**tile);
            if (!leaves.ok() || leaves->size() < name.width)
                return Stop{Verdict::not_served, path + " is cut short"};
            for (auto i = edge.size % core::tile_width; i < name.width; ++i) read_leaf(edge, (*leaves)[i]);
        }
        return {};
    }

    void read_leaf(Edge& edge, const Bytes& leaf) {
        auto hash = core::leaf_hash(leaf);
        leaf_hashes_.push_back(hash);
        edge.add(hash);
        ++look_.leaves;
        auto json = core::decode_canonical(core::as_text(leaf));
        ++look_.kinds[json.ok() && json->is_object() ? text_in(*json, "format") : "unknown"];
        if (memory_ && edge.size == look_.before->size) old_root_differs_ = edge.root() != look_.before->root;
    }

    // The leaves do not give the signed root, or not the one from before. The tiles of hashes tell why.
    Step explain() {
        std::vector<NodeHash> row;
        while (row.size() < look_.now->size) {
            auto name = core::tile_of(0, row.size(), look_.now->size);
            std::string path;
            auto tile = ask_for(name, path);
            if (!tile.ok()) return Stop{Verdict::unreachable, tile.error().detail};
            if (!*tile || (*tile)->size() < 32 * name.width)
                return Stop{Verdict::not_served,
                            "the leaves do not give the head that it signed, and " + path + " is not whole"};
            for (std::uint64_t i = 0; i < name.width; ++i)
                std::copy_n((*tile)->begin() + static_cast<std::ptrdiff_t>(32 * i), 32,
                            row.emplace_back().bytes.begin());
        }
        std::map<std::pair<int, std::uint64_t>, NodeHash> nodes;
        core::NodeSource known = [&nodes](int level, std::uint64_t index) -> Result<NodeHash> {
            return nodes.at({level, index});
        };
        for (std::uint64_t i = 0; i < row.size(); ++i) {
            auto added = core::append_leaf(i, {row[i].bytes}, known).value();
            for (const auto& node : added) nodes[{node.level, node.index}] = node.hash;
        }
        if (core::tree_root(row.size(), known).value() != look_.now->root)
            return Stop{Verdict::not_served, "neither its leaves nor its tiles give the head that it signed"};
        auto first = look_.now->size - leaf_hashes_.size();
        std::string damaged = "its leaves do not give the head that it signed";
        for (std::uint64_t i = 0; i < leaf_hashes_.size(); ++i)
            if (leaf_hashes_[i].bytes != row[first + i].bytes) {
                damaged = "leaf " + std::to_string(first + i) + " is not the one that it signed";
                break;
            }
        if (!memory_) return Stop{Verdict::not_served, damaged};
        auto old_size = look_.before->size;
        auto old_root = core::tree_root(old_size, known).value();
        if (old_root == look_.before->root) return Stop{Verdict::not_served, damaged};
        look_.contradiction = {old_root, core::consistency_proof(old_size, row.size(), known).value()};
        return Stop{Verdict::rewritten, "the log that it shows now had another tree when it held " +
                                            std::to_string(old_size) + " entries"};
    }

    const Ask& ask_;
    const Wish& wish_;
    const std::optional<Memory>& memory_;
    Look& look_;
    std::vector<core::LeafHash> leaf_hashes_;  // read in this look
    bool old_root_differs_ = false;
};

}  // namespace

void Edge::add(const core::LeafHash& leaf) {
    NodeHash hash{leaf.bytes};
    for (auto bits = size; (bits & 1) != 0; bits >>= 1) {
        hash = core::node_hash(peaks.back(), hash);
        peaks.pop_back();
    }
    peaks.push_back(hash);
    ++size;
}

NodeHash Edge::root() const {
    if (peaks.empty()) return core::empty_root();
    auto root = peaks.back();
    for (auto at = peaks.size() - 1; at-- > 0;) root = core::node_hash(peaks[at], root);
    return root;
}

std::string encode_memory(const Memory& memory, const core::NoteKey& log) {
    Json peaks = Json::array();
    for (const auto& peak : memory.edge.peaks) peaks.push_back(peak.hex());
    return core::encode_canonical({{"format", std::string(format) + std::to_string(version)},
                                   {"log", core::encode_note_key(log)},
                                   {"checkpoint", memory.checkpoint},
                                   {"peaks", peaks}});
}

Result<Memory> decode_memory(std::string_view text, const core::NoteKey& log) {
    TRY_ASSIGN(Json json, core::decode_canonical(text));
    auto named = json.is_object() ? text_in(json, "format") : std::string();
    if (!named.starts_with(format)) return Error{Errc::malformed, "not what a monitor remembers"};
    if (named != std::string(format) + std::to_string(version))
        return Error{Errc::newer_version, "written by a newer Handslag"};
    if (text_in(json, "log") != core::encode_note_key(log))
        return Error{Errc::damaged, "it remembers another log, or the same log by another key"};
    Memory memory{text_in(json, "checkpoint"), {}};
    TRY_ASSIGN(auto head, core::open_checkpoint(memory.checkpoint, log.key));
    memory.edge.size = head.size;
    if (json.contains("peaks") && json["peaks"].is_array())
        for (const auto& peak : json["peaks"]) {
            auto hash = peak.is_string() ? NodeHash::from_hex(peak.get<std::string>()) : std::nullopt;
            if (hash) memory.edge.peaks.push_back(*hash);
        }
    if (memory.edge.peaks.size() != static_cast<std::size_t>(std::popcount(head.size)) ||
        memory.edge.root() != head.root)
        return Error{Errc::damaged, "what it remembers does not give its own head"};
    return memory;
}

const char* to_string(Verdict verdict) {
    switch (verdict) {
        case Verdict::first_seen:
            return "first seen";
        case Verdict::unchanged:
            return "unchanged";
        case Verdict::grown:
            return "grown";
        case Verdict::rewritten:
            return "rewritten";
        case Verdict::rolled_back:
            return "rolled back";
        case Verdict::bad_signature:
            return "bad signature";
        case Verdict::not_served:
            return "not served";
        case Verdict::unreachable:
            return "unreachable";
    }
    return "?";
}

std::size_t Look::cosigned() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        witnesses, [this](const auto& one) { return one.second && now && one.second->size == now->size; }));
}

Look look(const Ask& ask, const Wish& wish, const std::optional<Memory>& memory) {
    Look look;
    if (memory) {
        look.before = core::open_checkpoint(memory->checkpoint, wish.log.key).value();  // decode_memory() has
        look.before_note = memory->checkpoint;
    }
    auto stop = Looking(ask, wish, memory, look).run();
    look.verdict = stop->verdict;
    look.detail = std::move(stop->detail);
    return look;
}

}  // namespace monitor
