// Monitor: follows a server's public log from outside, and remembers what it has seen.
//
// Each look fetches the signed head and the leaves that are new, rebuilds the root from what it remembers and those
// leaves, and so proves in one that the log only grew and that its leaves are what the server signed. Pure over bytes:
// `Ask` has the network; whoever calls keeps the memory.
#pragma once

#include <functional>
#include <map>

#include "core/evidence/checkpoint.h"

namespace monitor {

// What stands at a path ("/checkpoint"). Nothing: the server says that there is no such thing. An Error: no answer.
using Ask = std::function<core::Result<std::optional<core::Bytes>>(const std::string& path)>;

// A tree by the roots of its largest complete subtrees, from left to right: all that growing it needs.
struct Edge {
    std::uint64_t size = 0;
    std::vector<core::NodeHash> peaks;
    void add(const core::LeafHash& leaf);
    core::NodeHash root() const;
};

struct Memory {
    std::string checkpoint;  // the newest that was proven
    Edge edge;               // its tree
};
std::string encode_memory(const Memory& memory, const core::NoteKey& log);
// Errc::malformed, newer_version; damaged: it does not hold by itself, or is of another log.
core::Result<Memory> decode_memory(std::string_view text, const core::NoteKey& log);

enum class Verdict {
    first_seen,
    unchanged,
    grown,
    rewritten,      // two heads of the server's, and no log can have both
    rolled_back,    // a smaller head than it had signed before
    bad_signature,  // not a head of this log's key, or a witness's line that does not hold
    not_served,     // the leaves and tiles are not all there, or are not what the head signs
    unreachable,
};
const char* to_string(Verdict verdict);  // "rolled back"

// That the log which the shown head signs had another tree at the remembered size.
struct Contradiction {
    core::NodeHash root;  // at the remembered size
    core::Proof proof;    // that the shown head contains it (RFC 6962)
};

// A head of this log that a witness has cosigned.
struct Witnessed {
    std::uint64_t size = 0, time_s = 0;  // of the head; claimed by the witness's clock
    friend bool operator==(const Witnessed&, const Witnessed&) = default;
};

struct Look {
    Verdict verdict = Verdict::unreachable;
    std::string detail;                         // what is wrong, in words
    std::optional<core::TreeHead> before, now;  // remembered; shown, when its signature holds
    std::string before_note, now_note;
    std::optional<Contradiction> contradiction;
    std::uint64_t leaves = 0;                                   // read in this look
    std::map<std::string, std::uint64_t> kinds;                 // of these, by format
    std::map<std::string, std::optional<Witnessed>> witnesses;  // by name: the newest head that it cosigned
    std::optional<Memory> memory;                               // to be remembered from now on
    bool well() const { return verdict <= Verdict::grown; }
    std::size_t cosigned()
        const;  // how many of the wished witnesses have cosigned the very head that is shown
};

struct Wish {
    core::NoteKey log;
    std::vector<core::NoteKey> witnesses;
    bool whole = false;  // read every leaf anew, also those that were seen before
    // Heads that the log's key signed and somebody else was shown: what is followed must contain them. In pairs
    // of where each is from and its note, which holds.
    std::vector<std::pair<std::string, std::string>> elsewhere = {};
};
Look look(const Ask& ask, const Wish& wish, const std::optional<Memory>& memory);

}  // namespace monitor
