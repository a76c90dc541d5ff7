#include "sync/ingest/signed_feed.h"

#include <algorithm>
#include <charconv>

#include "core/evidence/log.h"
#include "core/model/signing_record.h"
#include "sync/protocol/signed_list.h"

namespace server {
namespace {

constexpr std::string_view told_name = "feed_signed_up_to";
constexpr std::uint64_t step = 500;

Result<std::uint64_t> told_up_to(Ledger& ledger) {
    TRY_ASSIGN(auto value, ledger.value(told_name));
    if (!value) return 0;
    auto text = core::as_text(*value);
    std::uint64_t number = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong != std::errc{} || end != text.data() + text.size())
        return core::Error{core::Errc::damaged, std::string(told_name)};
    return number;
}

// Nothing when the record was erased before it came, or is none.
Result<std::optional<wire::SignedLine>> line_of(Ledger& ledger, ParcelReader& reader, const KnownLog& log,
                                                const HeldEntry& entry) {
    if (entry.parcel) {
        TRY_ASSIGN(auto parcel, ledger.find_blob(log.number, *entry.parcel));
        if (!parcel) return std::optional<wire::SignedLine>{};  // dropped by a decision of staff
    }
    TRY_ASSIGN(auto payloads, open_held_parcel(ledger, reader, log, entry));
    std::optional<wire::SignedLine> line;
    for (auto& payload : payloads) {
        if (payload.name == core::payload_record)
            if (auto record = core::decode_signing_record(core::as_text(payload.content)); record.ok())
                line = {record->certificate_number, record->organisation.name,
                        record->organisation.number ? record->organisation.number->digits() : ""};
        core::wipe(payload.content);
    }
    return line;
}

Status gather(Ledger& ledger, ParcelReader& reader, std::uint64_t index, wire::SignedList& list) {
    TRY_ASSIGN(auto entry, ledger.entry_by_index(index));
    if (!entry || entry->standing != wire::Standing::accepted) return {};
    TRY_ASSIGN(auto leaf, ledger.leaf(index));
    TRY_ASSIGN(auto received, wire::decode_received(leaf));
    TRY_ASSIGN(auto log, ledger.find_log(received.log));
    if (!log) return core::Error{core::Errc::damaged, "an entry of a log that is not known"};
    TRY_ASSIGN(auto decoded, decode_held(*log, *entry));
    if (decoded.kind == core::kind_signing) {
        TRY_ASSIGN(auto line, line_of(ledger, reader, *log, *entry));
        if (line) list.lines.push_back(std::move(*line));
        return {};
    }
    if (decoded.kind != core::kind_voided || !decoded.refers_to) return {};
    TRY_ASSIGN(auto there, ledger.entries_at(log->number, *decoded.refers_to));
    for (const auto& target : there) {
        if (target.standing != wire::Standing::accepted) continue;
        TRY_ASSIGN(auto line, line_of(ledger, reader, *log, target));
        if (line) list.voided.push_back(line->certificate_number);
    }
    return {};
}

}  // namespace

Status publish_signed(Ledger& ledger, ParcelReader& reader) {
    while (true) {
        TRY_ASSIGN(auto told, told_up_to(ledger));
        TRY_ASSIGN(auto size, ledger.leaf_count());
        if (told >= size) return {};
        TRY(ledger.transact([&]() -> Status {
            TRY(ledger.hold(Turn::own_log));            // and with it the feed's
            TRY_ASSIGN(auto from, told_up_to(ledger));  // another process may have told it meanwhile
            auto to = std::max(from, std::min(size, from + step));
            wire::SignedList list;
            for (auto index = from; index < to; ++index) TRY(gather(ledger, reader, index, list));
            TRY(ledger.put_value(told_name, core::as_bytes(std::to_string(to))));
            if (list.lines.empty() && list.voided.empty()) return {};
            return add_to_feed(ledger, wire::FeedKind::signed_list, "", wire::encode(list));
        }));
    }
}

}  // namespace server
