#include "sync/client/retention.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/evidence/log.h"

namespace client {
namespace {

using core::Entry;
using core::Result;
using core::Status;
using core::Store;

constexpr std::int64_t day_ms = 86'400'000, odd_ms = 10 * 60'000;
constexpr std::string_view kind_asked = "time_asked", kind_opened = "opened", kind_closed = "closed";

struct Held {
    std::uint64_t seq = 0;
    std::string ceremony;  // "" before any was opened
    std::int64_t received_ms = 0;
};

// One walk over the log.
struct Log {
    std::vector<Held> held;                       // with payloads, and a receipt that was verified again
    std::set<std::uint64_t> gone;                 // erased
    std::map<std::string, std::uint64_t> closed;  // where a ceremony was closed for the last time
    std::optional<Entry> last, asked;
    std::int64_t server_ms = 0;  // the latest time that the server has signed
};

bool is_personal(const Entry& entry) {
    // What voids goes with the signing that it voids.
    return !entry.commitments.empty() && !entry.refers_to && entry.kind != kind_opened;
}

// The receipts of one run, as they were kept; nothing when they prove nothing.
Result<std::optional<wire::Receipts::Run>> verified(const Store& store, const wire::ServerName& server,
                                                    core::ByteView kept) {
    auto receipt = wire::decode_receipt(kept);
    if (!receipt.ok() || receipt->runs.size() != 1) return std::optional<wire::Receipts::Run>{};
    auto head = wire::open_server_checkpoint(receipt->checkpoint, server);
    if (!head.ok()) return std::optional<wire::Receipts::Run>{};
    auto& run = receipt->runs.front();
    std::vector<core::LeafHash> leaves;
    for (std::uint64_t i = 0; i < run.items.size(); ++i) {
        TRY_ASSIGN(auto entry, store.entry(run.from + i));
        leaves.push_back(core::leaf_hash(entry.bytes));
    }
    const auto& identity = store.identity();
    wire::LogName log{identity.device, static_cast<std::uint32_t>(identity.epoch)};
    if (!wire::verify_run(run, *head, log, leaves).ok()) return std::optional<wire::Receipts::Run>{};
    return std::optional(std::move(run));
}

// As core/signing writes it; whatever else stands there is nobody's ceremony.
Result<std::string> ceremony_of(const Store& store, std::uint64_t opened) {
    auto bytes = store.payload(opened, "ceremony");
    if (!bytes.ok() && bytes.error().code == core::Errc::not_found) return std::string();
    if (!bytes.ok()) return bytes.error();
    auto json = core::decode_canonical(core::as_text(*bytes));
    bool named = json.ok() && json->is_object() && json->contains("id") && (*json)["id"].is_string();
    return named ? (*json)["id"].get<std::string>() : std::string();
}

Result<Log> read_log(const Store& store, const wire::ServerName& server) {
    Log log;
    core::Bytes kept;
    std::optional<wire::Receipts::Run> run;  // that `kept` proves
    std::string ceremony;
    for (std::uint64_t seq = 0; seq < store.size(); ++seq) {
        TRY_ASSIGN(auto entry, store.entry(seq));
        if (entry.kind == core::kind_erased && entry.refers_to) log.gone.insert(*entry.refers_to);
        if (entry.kind == kind_opened) {
            TRY_ASSIGN(ceremony, ceremony_of(store, seq));
        }
        if (entry.kind == kind_closed) log.closed[ceremony] = seq;
        if (entry.kind == kind_asked) log.asked = entry;
        TRY_ASSIGN(auto receipt, store.receipt(seq));
        if (receipt) {
            if (*receipt != kept) {
                kept = *receipt;
                TRY_ASSIGN(run, verified(store, server, kept));
            }
            if (run && seq >= run->from && seq - run->from < run->items.size()) {
                auto received_ms = run->items[seq - run->from].received_ms;
                log.server_ms = std::max(log.server_ms, received_ms);
                if (is_personal(entry)) log.held.push_back({seq, ceremony, received_ms});
            }
        }
        log.last = std::move(entry);
    }
    return log;
}

// Against the log's last entry: never before it and, within one boot, as far on as the time since boot says.
bool is_odd(const core::ClockReading& now, const core::ClockReading& last) {
    if (now.wall_ms < last.wall_ms) return true;
    auto moved = core::moved_ms(last, now);
    return moved && (*moved > odd_ms || *moved < -odd_ms);
}

Status ask_for_time(Store& store, const Log& log, const core::ClockReading& now, Retention& retention) {
    retention.asks_for_time = true;
    TRY_ASSIGN(auto unsent, store.unsent());
    if (unsent > 0) return {};  // the receipt for that will do
    if (log.asked && now.wall_ms - log.asked->at.wall_ms < day_ms) return {};
    auto added = store.append({{std::string(kind_asked), {}, {}, {}, now}, {}, {}});
    return added.ok() ? Status{} : Status(added.error());
}

}  // namespace

Result<Retention> keep_retention(Store& store, const wire::ServerName& server, const RetentionRules& rules,
                                 const core::ClockReading& now) {
    CHECK_THAT(rules.keep_days > 0 && !rules.disposal_decision.empty());
    Retention retention;
    TRY_ASSIGN(auto log, read_log(store, server));
    if (!log.last) return retention;
    retention.clock_is_odd = is_odd(now, log.last->at);
    if (retention.clock_is_odd) return retention;
    bool unproven = false;
    for (const auto& held : log.held) {
        auto seq = held.seq;
        auto due_ms = held.received_ms + rules.keep_days * day_ms;
        if (log.gone.contains(seq) || now.wall_ms < due_ms) continue;
        auto closed = log.closed.find(held.ceremony);
        if (!held.ceremony.empty() && (closed == log.closed.end() || closed->second < seq)) {
            ++retention.waits_for_closing;
        } else if (log.server_ms < due_ms) {
            unproven = true;
        } else if (retention.erased.size() == rules.most) {
            retention.more = true;
        } else {
            auto erased = store.erase(seq, rules.disposal_decision, now);
            if (!erased.ok()) return erased.error();
            retention.erased.push_back(seq);
        }
    }
    if (unproven) TRY(ask_for_time(store, log, now, retention));
    return retention;
}

}  // namespace client
