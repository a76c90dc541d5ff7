#include "sync/ingest/ledger_audit.h"

#include "core/evidence/log.h"
#include "sync/ingest/acts.h"

namespace server {
namespace {

using core::Errc;

constexpr std::size_t most_findings = 100;

class Auditor {
  public:
    explicit Auditor(Ledger& ledger) : ledger_(ledger), nodes_(ledger.nodes(0)) {}

    Result<LedgerAudit> run(const wire::ServerName& name) {
        TRY_ASSIGN(auto note, ledger_.newest_checkpoint());
        TRY_ASSIGN(auto leaves, ledger_.leaf_count());
        for (std::uint64_t index = 0; index < leaves; ++index) TRY(look_at(index));
        audit_.leaves = leaves;
        auto head = note ? wire::open_server_checkpoint(*note, name)
                         : Result<core::TreeHead>(core::Error{Errc::damaged, "it is missing"});
        if (!head.ok()) {
            wrong("the newest checkpoint: " + head.error().detail);
        } else if (head->size != leaves) {
            wrong("the checkpoint signs " + std::to_string(head->size) + " leaves, and " +
                  std::to_string(leaves) + " are here");
        } else {
            auto root = core::tree_root(leaves, nodes_);
            if (!root.ok() || *root != head->root) wrong("the checkpoint signs another tree than this");
        }
        return std::move(audit_);
    }

  private:
    void wrong(std::string what) {
        if (audit_.findings.size() < most_findings) audit_.findings.push_back(std::move(what));
    }
    void wrong_at(std::uint64_t index, const std::string& what) {
        wrong("#" + std::to_string(index) + ": " + what);
    }

    Status look_at(std::uint64_t index) {
        auto leaf = ledger_.leaf(index);
        if (!leaf.ok() && leaf.error().code == Errc::not_found) {
            wrong_at(index, "the leaf is missing");
            return {};
        }
        if (!leaf.ok()) return leaf.error();
        auto grown = core::append_leaf(index, core::leaf_hash(*leaf), nodes_);
        if (!grown.ok()) {
            wrong_at(index, grown.error().detail);
            return {};
        }
        for (const auto& node : *grown) {
            auto stored = nodes_(node.level, node.index);
            if (!stored.ok() || *stored != node.hash)
                wrong_at(index, "a node of the tree is not what lies below it");
        }
        TRY_ASSIGN(auto entry, ledger_.entry_by_index(index));
        return entry ? look_at_entry(*entry, *leaf) : Status{};
    }

    Status look_at_entry(const HeldEntry& entry, ByteView leaf) {
        ++audit_.entries;
        auto received = wire::decode_received(leaf);
        bool the_same = received.ok() && received->seq == entry.seq && received->entry == entry.leaf &&
                        received->parcel == entry.parcel && received->standing == entry.standing &&
                        received->received_ms == entry.received_ms;
        if (!the_same) wrong_at(entry.index, "the entry is not what the leaf says");
        if (core::leaf_hash(entry.bytes) != entry.leaf)
            wrong_at(entry.index, "the entry's bytes were changed");
        if (!entry.parcel || !received.ok()) return {};
        TRY_ASSIGN(auto log, ledger_.find_log(received->log));
        if (!log) {
            wrong_at(entry.index, "it is of a log that is not known");
            return {};
        }
        TRY_ASSIGN(auto by, erased_by(ledger_, entry.index));
        if (by) return look_at_erased(entry, *by);
        auto parcel = ledger_.read_blob(log->number, *entry.parcel);
        if (!parcel.ok() && parcel.error().code != Errc::damaged) return parcel.error();
        if (!parcel.ok() || wire::ParcelHash::of(*parcel) != *entry.parcel)
            wrong_at(entry.index, "the parcel is missing or was changed, and no decision erased it");
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
    core::NodeSource nodes_;
    LedgerAudit audit_;
};

}  // namespace

Result<LedgerAudit> audit_ledger(Ledger& ledger, const wire::ServerName& name) {
    return Auditor(ledger).run(name);
}

}  // namespace server
