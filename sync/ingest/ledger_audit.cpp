#include "sync/ingest/ledger_audit.h"

#include <algorithm>
#include <map>

#include "core/evidence/log.h"
#include "sync/ingest/acts.h"

namespace server {
namespace {

using core::Errc;
using core::NodeHash;

constexpr std::size_t most_findings = 100;

// Nodes of one level, side by side; those that are missing are nothing.
using Row = std::vector<std::optional<NodeHash>>;

class Auditor {
  public:
    Auditor(Ledger& ledger, int piece_level) : ledger_(ledger), piece_level_(piece_level) {}

    Result<LedgerAudit> run(const wire::ServerName& name) {
        TRY_ASSIGN(auto note, ledger_.newest_checkpoint());
        TRY_ASSIGN(audit_.leaves, ledger_.leaf_count());
        TRY_ASSIGN(auto logs, ledger_.all_logs());
        for (const auto& log : logs) names_[log.number] = log.name;
        const std::uint64_t piece = std::uint64_t{1} << piece_level_;
        for (std::uint64_t from = 0; from < audit_.leaves; from += piece)
            TRY(look_at_piece(from, std::min(piece, audit_.leaves - from)));
        TRY(look_at_nodes_above());
        return look_at_checkpoint(note, name);
    }

  private:
    void wrong(std::string what) {
        if (audit_.findings.size() < most_findings) audit_.findings.push_back(std::move(what));
    }
    void wrong_at(std::uint64_t index, const std::string& what) {
        wrong("#" + std::to_string(index) + ": " + what);
    }

    Result<LedgerAudit> look_at_checkpoint(const std::optional<std::string>& note,
                                           const wire::ServerName& name) {
        auto head = note ? wire::open_server_checkpoint(*note, name)
                         : Result<core::TreeHead>(core::Error{Errc::damaged, "it is missing"});
        if (!head.ok()) {
            wrong("the newest checkpoint: " + head.error().detail);
        } else if (head->size != audit_.leaves) {
            wrong("the checkpoint signs " + std::to_string(head->size) + " leaves, and " +
                  std::to_string(audit_.leaves) + " are here");
        } else {
            auto root = core::tree_root(audit_.leaves, ledger_.nodes(0));
            if (!root.ok() || *root != head->root) wrong("the checkpoint signs another tree than this");
        }
        return std::move(audit_);
    }

    // Leaves [from, from + count), the nodes of the subtree over them, and their entries.
    Status look_at_piece(std::uint64_t from, std::uint64_t count) {
        TRY_ASSIGN(auto leaves, read_leaves(from, count));
        TRY_ASSIGN(auto below, read_row(0, from, count));
        for (std::uint64_t i = 0; i < count; ++i) {
            if (!leaves[i])
                wrong_at(from + i, "the leaf is missing");
            else if (below[i] && *below[i] != NodeHash{core::leaf_hash(*leaves[i]).bytes})
                wrong_at(from + i, "the leaf is not what its node says");
        }
        for (int level = 1; level <= piece_level_; ++level) {
            TRY_ASSIGN(below, look_at_row(level, from, below));
        }
        return look_at_entries(from, leaves);
    }

    // The parents of `below`, which are at `level` and over the leaves from `from` on.
    Result<Row> look_at_row(int level, std::uint64_t from, const Row& below) {
        const std::uint64_t first = from >> level;
        TRY_ASSIGN(auto row, read_row(level, first, below.size() / 2));
        for (std::size_t i = 0; i < row.size(); ++i) {
            const auto &left = below[2 * i], &right = below[2 * i + 1];
            if (row[i] && left && right && *row[i] != core::node_hash(*left, *right))
                wrong_at(((first + i + 1) << level) - 1, "a node of the tree is not what lies below it");
        }
        return row;
    }

    // From the roots of the pieces up.
    Status look_at_nodes_above() {
        const std::uint64_t piece = std::uint64_t{1} << piece_level_;
        for (int level = piece_level_ + 1; (audit_.leaves >> level) > 0; ++level)
            for (std::uint64_t first = 0, all = audit_.leaves >> level; first < all; first += piece) {
                TRY_ASSIGN(auto below, read_row(level - 1, 2 * first, 2 * std::min(piece, all - first)));
                TRY(look_at_row(level, first << level, below));
            }
        return {};
    }

    Result<Row> read_row(int level, std::uint64_t first, std::uint64_t count) {
        auto whole = ledger_.node_row(0, level, first, count);
        if (whole.ok()) return Row(whole->begin(), whole->end());
        if (whole.error().code != Errc::damaged) return whole.error();
        Row row;
        for (auto index = first; index < first + count; ++index) {
            auto one = ledger_.node_row(0, level, index, 1);
            if (!one.ok() && one.error().code != Errc::damaged) return one.error();
            row.push_back(one.ok() ? std::optional(one->front()) : std::nullopt);
            if (!one.ok()) wrong_at(((index + 1) << level) - 1, one.error().detail);
        }
        return row;
    }

    Result<std::vector<std::optional<Bytes>>> read_leaves(std::uint64_t from, std::uint64_t count) {
        std::vector<std::optional<Bytes>> leaves(count);
        TRY_ASSIGN(auto found, ledger_.leaves(from, count));
        if (found.size() == count) {
            std::ranges::move(found, leaves.begin());
            return leaves;
        }
        for (std::uint64_t i = 0; i < count; ++i) {
            auto leaf = ledger_.leaf(from + i);
            if (!leaf.ok() && leaf.error().code != Errc::not_found) return leaf.error();
            if (leaf.ok()) leaves[i] = std::move(*leaf);
        }
        return leaves;
    }

    Status look_at_entries(std::uint64_t from, const std::vector<std::optional<Bytes>>& leaves) {
        TRY_ASSIGN(auto entries, ledger_.entries(from, leaves.size()));
        auto next = entries.begin();
        for (std::uint64_t i = 0; i < leaves.size(); ++i) {
            bool here = next != entries.end() && next->entry.index == from + i;
            if (here && leaves[i]) TRY(look_at_entry(*next, *leaves[i]));
            if (!here && leaves[i] && wire::decode_received(*leaves[i]).ok())
                wrong_at(from + i, "the entry is missing");
            if (here) ++next;
        }
        return {};
    }

    Status look_at_entry(const LoggedEntry& held, ByteView leaf) {
        ++audit_.entries;
        const auto& entry = held.entry;
        auto said = wire::encode(wire::Received{names_[held.log], entry.seq, entry.leaf, entry.parcel,
                                                entry.standing, entry.received_ms});
        if (!std::ranges::equal(said, leaf)) wrong_at(entry.index, "the entry is not what the leaf says");
        if (core::leaf_hash(entry.bytes) != entry.leaf)
            wrong_at(entry.index, "the entry's bytes were changed");
        if (!entry.parcel) return {};
        TRY_ASSIGN(auto by, erased_by(ledger_, entry.index));
        return by ? look_at_erased(entry, *by) : look_at_parcel(held);
    }

    Status look_at_parcel(const LoggedEntry& held) {
        auto parcel = ledger_.read_blob(held.log, *held.entry.parcel);
        if (!parcel.ok() && parcel.error().code != Errc::damaged) return parcel.error();
        if (!parcel.ok() || wire::ParcelHash::of(*parcel) != *held.entry.parcel)
            wrong_at(held.entry.index, "the parcel is missing or was changed, and no decision erased it");
        ++audit_.parcels;
        return {};
    }

    Status look_at_erased(const HeldEntry& entry, std::uint64_t by) {
        auto leaf = ledger_.leaf(by);
        auto act = leaf.ok() ? wire::decode_act(*leaf) : Result<wire::Act>(leaf.error());
        if (act.ok() && act->what == wire::Act::What::erased && act->index == entry.index)
            ++audit_.erased;
        else
            wrong_at(entry.index, "it is said to be erased, and no decision says so");
        return {};
    }

    Ledger& ledger_;
    const int piece_level_;
    std::map<std::int64_t, wire::LogName> names_;
    LedgerAudit audit_;
};

}  // namespace

Result<LedgerAudit> audit_ledger(Ledger& ledger, const wire::ServerName& name, int piece_level) {
    return Auditor(ledger, piece_level).run(name);
}

}  // namespace server
