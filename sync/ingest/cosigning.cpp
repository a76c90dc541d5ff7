#include "sync/ingest/cosigning.h"

#include <algorithm>

#include "core/base/json.h"
#include "sync/ingest/ingest.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using wire::LogState;
using wire::Refusal;
using wire::RefusalCode;

constexpr std::uint64_t last_second = 253'402'300'799;  // of the year 9999

// By active tablets, the largest head first.
struct Seen {
    core::NoteKey witness;
    Cosigned held;
};
Result<std::vector<Seen>> seen_by_witnesses(Ledger& ledger) {
    TRY_ASSIGN(auto logs, ledger.all_logs());
    TRY_ASSIGN(auto all, ledger.cosignatures());
    std::vector<Seen> seen;
    for (auto& held : all) {
        auto log = std::ranges::find(logs, held.log, &KnownLog::number);
        if (log != logs.end() && log->state == LogState::active) seen.push_back({witness_key(*log), held});
    }
    std::ranges::stable_sort(seen, std::greater{}, [](const Seen& one) { return one.held.size; });
    return seen;
}

std::string lines_for(std::uint64_t size, const std::vector<Seen>& seen) {
    std::string lines;
    std::size_t shown = 0;
    for (const auto& [witness, held] : seen)
        if (held.size == size && shown++ < most_shown_cosignatures)
            lines += core::cosignature_line(witness, held.cosignature);
    return lines;
}

}  // namespace

core::NoteKey witness_key(const KnownLog& log) {
    return {core::log_origin(log.name.device, static_cast<int>(log.name.epoch)),
            core::NoteAlgorithm::cosignature, log.key};
}

Answer<Done> Ingest::keep_cosignature(const wire::LogName& peer, const wire::Cosigned& cosigned) {
    std::optional<Refusal> refused;
    auto refuse = [&](RefusalCode code, const char* why) {
        refused = Refusal{code, why};
        return Status{};
    };
    auto done = ledger_->transact([&]() -> Status {
        TRY_ASSIGN(auto log, ledger_->hold_log(peer));
        if (!log) return refuse(RefusalCode::not_enrolled, "this device and epoch are not enrolled here");
        if (log->state != LogState::active)
            return refuse(RefusalCode::not_enrolled, "a tablet that is frozen or lost is no witness");
        auto head = wire::open_server_checkpoint(cosigned.checkpoint, name_);
        if (!head.ok()) return refuse(RefusalCode::bad_checkpoint, "it cosigned another log's head");
        TRY_ASSIGN(auto signed_then, ledger_->checkpoint_at(head->size));
        auto ours = signed_then ? wire::open_server_checkpoint(*signed_then, name_)
                                : Result<core::TreeHead>(Error{Errc::not_found, ""});
        if (!ours.ok() || ours->root != head->root)
            return refuse(RefusalCode::bad_checkpoint, "it cosigned a head that this log does not have");
        if (cosigned.cosignature.time_s == 0 || cosigned.cosignature.time_s > last_second ||
            !core::verify_cosignature(*head, cosigned.cosignature, log->key))
            return refuse(RefusalCode::bad_checkpoint, "the cosignature is not by the log's key");
        return ledger_->put_cosignature({log->number, head->size, cosigned.cosignature});
    });
    if (!done.ok()) return done.error();
    if (refused) return *refused;
    return Done{};
}

Result<std::string> public_checkpoint(Ledger& ledger, const wire::ServerName& server) {
    TRY_ASSIGN(auto note, ledger.newest_checkpoint());
    if (!note) return Error{Errc::damaged, "the server's log has no checkpoint"};
    TRY_ASSIGN(auto head, wire::open_server_checkpoint(*note, server));
    TRY_ASSIGN(auto seen, seen_by_witnesses(ledger));
    return *note + lines_for(head.size, seen);
}

Result<std::string> witnessed_heads(Ledger& ledger) {
    TRY_ASSIGN(auto seen, seen_by_witnesses(ledger));
    if (seen.size() > most_shown_cosignatures) seen.resize(most_shown_cosignatures);
    core::Json notes = core::Json::array();
    std::optional<std::uint64_t> before;
    for (const auto& one : seen) {
        if (before == one.held.size) continue;
        before = one.held.size;
        TRY_ASSIGN(auto note, ledger.checkpoint_at(one.held.size));
        if (!note) return Error{Errc::damaged, "a head that was cosigned is missing"};
        notes.push_back(*note + lines_for(one.held.size, seen));
    }
    return core::encode_canonical({{"format", "handslag-witnessed/1"}, {"notes", std::move(notes)}});
}

}  // namespace server
