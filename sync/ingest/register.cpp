#include "sync/ingest/register.h"

#include <algorithm>
#include <charconv>

#include "core/evidence/log.h"
#include "core/model/signing_record.h"
#include "sync/ingest/acts.h"
#include "sync/ingest/personal_link.h"

namespace server {
namespace {

constexpr std::string_view derived_name = "register_derived", standing_name = "register_standing";
constexpr std::uint64_t step = 500;

Result<std::uint64_t> number_named(Ledger& ledger, std::string_view name, std::uint64_t otherwise) {
    TRY_ASSIGN(auto value, ledger.value(name));
    if (!value) return otherwise;
    auto text = core::as_text(*value);
    std::uint64_t number = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong != std::errc{} || end != text.data() + text.size())
        return core::Error{core::Errc::damaged, std::string(name)};
    return number;
}
Status put_number(Ledger& ledger, std::string_view name, std::uint64_t number) {
    return ledger.put_value(name, core::as_bytes(std::to_string(number)));
}

// Nothing when the record was erased before it came, or is none. `link`: the visitor's token, if there is one.
Result<std::optional<RegisterLine>> line_of(Ledger& ledger, ParcelReader& reader, const KnownLog& log,
                                            const HeldEntry& entry, std::string& link) {
    TRY_ASSIGN(auto payloads, open_held_parcel(ledger, reader, log, entry));
    RegisterLine line;
    line.index = entry.index;
    line.received_ms = entry.received_ms;
    bool found = false;
    for (const auto& payload : payloads) {
        if (payload.name == "certificate")
            line.certificate_sha256 = core::to_hex(core::sha256(payload.content));
        if (payload.name == "private")
            if (auto part = core::decode_private_payload(core::as_text(payload.content)); part.ok())
                link = part->link;
        if (payload.name != core::payload_record) continue;
        auto record = core::decode_signing_record(core::as_text(payload.content));
        if (!record.ok()) continue;
        found = true;
        line.certificate_number = record->certificate_number;
        line.organisation = record->organisation.name;
        if (record->organisation.number) line.organisation_number = record->organisation.number->display();
        line.place = record->organisation.place;
        line.ceremony = record->ceremony_title;
        line.agreement = record->agreement_title;
        line.agreement_version = record->agreement_version;
        line.declared_at_ms = record->declared_at.wall_ms;
        line.record_sha256 = core::to_hex(core::sha256(payload.content));
        line.demonstration = record->demonstration;
    }
    return found ? std::optional(std::move(line)) : std::nullopt;
}

// A voiding may come before what it voids, when a stick lacks something.
std::string early_voiding(const KnownLog& log, std::uint64_t seq) {
    return "register_voided." + std::to_string(log.number) + "." + std::to_string(seq);
}

// Changes a line and what is counted with it; nothing when it is on the list no more.
Status change_line(Ledger& ledger, std::uint64_t index, std::uint64_t& standing,
                   const std::function<void(RegisterLine&)>& change) {
    TRY_ASSIGN(auto lines, ledger.lines(index, 1));
    if (lines.empty() || lines[0].index != index) return {};
    bool counted = lines[0].counts();
    change(lines[0]);
    if (counted && !lines[0].counts()) --standing;
    if (!counted && lines[0].counts()) ++standing;
    return ledger.put_line(lines[0]);
}

Status derive_voiding(Ledger& ledger, const KnownLog& log, std::uint64_t voids, std::uint64_t& standing) {
    TRY_ASSIGN(auto there, ledger.entries_at(log.number, voids));
    bool is_listed = false;
    for (const auto& target : there)
        TRY(change_line(ledger, target.index, standing, [&](RegisterLine& line) {
            line.voided = true;
            is_listed = true;
        }));
    return is_listed ? Status{} : ledger.put_value(early_voiding(log, voids), {});
}

// An entry that counts: accepted, or taken up.
Status derive_entry(Ledger& ledger, ParcelReader& reader, const HeldEntry& entry, std::uint64_t& standing) {
    TRY_ASSIGN(auto leaf, ledger.leaf(entry.index));
    TRY_ASSIGN(auto received, wire::decode_received(leaf));
    TRY_ASSIGN(auto log, ledger.find_log(received.log));
    if (!log) return core::Error{core::Errc::damaged, "an entry of a log that is not known"};
    TRY_ASSIGN(auto decoded, decode_held(*log, entry));
    if (decoded.kind == core::kind_voided && decoded.refers_to)
        return derive_voiding(ledger, *log, *decoded.refers_to, standing);
    if (decoded.kind != core::kind_signing) return {};
    TRY_ASSIGN(auto erased, erased_by(ledger, entry.index));
    if (erased) return {};
    std::string link;
    TRY_ASSIGN(auto line, line_of(ledger, reader, *log, entry, link));
    if (!line) return {};
    if (!link.empty()) TRY(note_personal_link(ledger, link, entry.index));
    TRY_ASSIGN(auto voided, ledger.value(early_voiding(*log, entry.seq)));
    line->voided = voided.has_value();
    if (line->counts()) ++standing;
    return ledger.put_line(*line);
}

Status derive_act(Ledger& ledger, ParcelReader& reader, const wire::Act& act, std::uint64_t& standing) {
    using What = wire::Act::What;
    switch (act.what) {
        case What::withdrawn:
        case What::rejoined:
            return change_line(ledger, act.index, standing, [&](RegisterLine& line) {
                line.withdrawn_ms = act.what == What::withdrawn ? act.at_ms : 0;
            });
        case What::same_as:
        case What::apart:
            return change_line(ledger, act.index, standing,
                               [&](RegisterLine& line) { line.same_as = act.other; });
        case What::taken_up: {
            TRY_ASSIGN(auto entry, ledger.entry_by_index(act.index));
            if (!entry) return core::Error{core::Errc::damaged, "an act about an entry that is not here"};
            return derive_entry(ledger, reader, *entry, standing);
        }
        case What::left_apart:
            return {};
        case What::erased: {
            // It counts no more, and then it is no more.
            TRY(change_line(ledger, act.index, standing, [](RegisterLine& line) { line.voided = true; }));
            return ledger.drop_line(act.index);
        }
    }
    return {};
}

// `standing`: of the lines so far.
Status derive_one(Ledger& ledger, ParcelReader& reader, std::uint64_t index, std::uint64_t& standing) {
    TRY_ASSIGN(auto entry, ledger.entry_by_index(index));
    if (entry)
        return entry->standing == wire::Standing::accepted ? derive_entry(ledger, reader, *entry, standing)
                                                           : Status{};
    TRY_ASSIGN(auto leaf, ledger.leaf(index));
    auto act = wire::decode_act(leaf);
    if (act.ok()) return derive_act(ledger, reader, *act, standing);
    return act.error().code == core::Errc::not_found ? Status{} : Status(act.error());  // a notice
}

}  // namespace

Result<std::uint64_t> derived_up_to(Ledger& ledger) { return number_named(ledger, derived_name, 0); }

Result<bool> derive_step(Ledger& ledger, ParcelReader& reader, std::uint64_t most, std::uint64_t leaves) {
    TRY_ASSIGN(auto done, derived_up_to(ledger));
    TRY_ASSIGN(auto size, ledger.leaf_count());
    size = std::min(size, leaves);
    if (done >= size) return false;
    TRY(ledger.transact([&]() -> Status {
        TRY(ledger.hold(Turn::register_lines));
        TRY_ASSIGN(auto from, derived_up_to(ledger));  // another process may have gone on meanwhile
        auto to = std::max(from, std::min(size, from + most));
        TRY_ASSIGN(auto standing, standing_total(ledger));
        for (auto index = from; index < to; ++index) TRY(derive_one(ledger, reader, index, standing));
        TRY(put_number(ledger, standing_name, standing));
        return put_number(ledger, derived_name, to);
    }));
    return true;
}

Status derive_register(Ledger& ledger, ParcelReader& reader) {
    for (bool more = true; more;) {
        TRY_ASSIGN(more, derive_step(ledger, reader, step));
    }
    return {};
}

Result<bool> is_derived(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto done, derived_up_to(ledger));
    return index < done;
}

Result<std::uint64_t> standing_total(Ledger& ledger) {
    constexpr auto not_kept = UINT64_MAX;  // a list from before the total was kept
    TRY_ASSIGN(auto known, number_named(ledger, standing_name, not_kept));
    return known == not_kept ? ledger.count_standing_lines() : known;
}

Status rebuild_register(Ledger& ledger, ParcelReader& reader) {
    TRY(ledger.transact([&]() -> Status {
        TRY(ledger.hold(Turn::register_lines));
        TRY(ledger.drop_lines());
        TRY(put_number(ledger, standing_name, 0));
        return put_number(ledger, derived_name, 0);
    }));
    return derive_register(ledger, reader);
}

}  // namespace server
