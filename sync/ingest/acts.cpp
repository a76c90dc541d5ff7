#include "sync/ingest/acts.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "core/base/text.h"
#include "core/evidence/entry.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using What = wire::Act::What;

std::string name_of(const char* what, std::uint64_t index) {
    return "act." + std::string(what) + "." + std::to_string(index);
}
std::string parcel_name(std::int64_t log, const wire::ParcelHash& parcel) {
    return "act.parcel." + std::to_string(log) + "." + parcel.hex();
}
Status mark(Ledger& ledger, const std::string& name, std::uint64_t value) {
    return ledger.put_value(name, core::as_bytes(std::to_string(value)));
}

Error already(const char* what) { return {Errc::not_allowed, what}; }

Result<RegisterLine> line_at(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto lines, ledger.lines(index, 1));
    if (lines.empty() || lines[0].index != index)
        return Error{Errc::not_found, "entry " + std::to_string(index) + " is on no line of the register"};
    return std::move(lines[0]);
}

Result<HeldEntry> entry_at(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto entry, ledger.entry_by_index(index));
    if (!entry) return Error{Errc::not_found, "the server's log has no entry at " + std::to_string(index)};
    return std::move(*entry);
}

Result<KnownLog> log_of(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto leaf, ledger.leaf(index));
    TRY_ASSIGN(auto received, wire::decode_received(leaf));
    TRY_ASSIGN(auto log, ledger.find_log(received.log));
    if (!log) return Error{Errc::damaged, "an entry of a log that is not known"};
    return std::move(*log);
}

Status check_same(Ledger& ledger, const wire::Act& act) {
    TRY_ASSIGN(auto line, line_at(ledger, act.index));
    if (act.index == *act.other) return already("an entry is always the same as itself");
    TRY_ASSIGN(auto other, line_at(ledger, *act.other));
    if (line.same_as) return already("it is counted by another entry already");
    if (other.same_as) return already("the other one is itself counted by another entry: name that");
    return {};
}

Status check(Ledger& ledger, const wire::Act& act) {
    TRY_ASSIGN(auto entry, entry_at(ledger, act.index));
    switch (act.what) {
        case What::withdrawn: {
            TRY_ASSIGN(auto line, line_at(ledger, act.index));
            if (line.voided) return already("it is void: there is nothing to leave");
            if (line.withdrawn_ms != 0) return already("the organisation has left already");
            return {};
        }
        case What::rejoined: {
            TRY_ASSIGN(auto line, line_at(ledger, act.index));
            return line.withdrawn_ms != 0 ? Status{} : Status(already("the organisation has not left"));
        }
        case What::same_as:
            return check_same(ledger, act);
        case What::apart: {
            TRY_ASSIGN(auto line, line_at(ledger, act.index));
            return line.same_as ? Status{} : Status(already("it is counted by itself"));
        }
        case What::taken_up:
        case What::left_apart: {
            if (entry.standing == wire::Standing::accepted) return already("it was never kept apart");
            TRY_ASSIGN(bool taken, is_taken_up(ledger, act.index));
            return taken ? Status(already("it has been taken up")) : Status{};
        }
        case What::erased: {
            if (!entry.parcel) return already("it had no parcel: there is nothing to erase");
            TRY_ASSIGN(auto by, erased_by(ledger, act.index));
            return by ? Status(already("it is erased already")) : Status{};
        }
    }
    return {};
}

// `at` is the act's own index.
Status carry_out(Ledger& ledger, const wire::Act& act, std::uint64_t at) {
    switch (act.what) {
        case What::taken_up:
        case What::left_apart:
            return mark(ledger, name_of(act.what == What::taken_up ? "taken_up" : "left_apart", act.index),
                        at);
        case What::erased: {
            TRY_ASSIGN(auto entry, entry_at(ledger, act.index));
            TRY_ASSIGN(auto log, log_of(ledger, act.index));
            TRY(ledger.drop_blob(log.number, *entry.parcel));
            TRY(mark(ledger, parcel_name(log.number, *entry.parcel), at));
            auto line = line_at(ledger, act.index);
            if (!line.ok() && line.error().code != Errc::not_found) return line.error();
            if (line.ok())
                TRY(ledger.put_value(name_of("erased_number", act.index),
                                     core::as_bytes(line->certificate_number)));
            return mark(ledger, name_of("erased", act.index), at);
        }
        default:
            return {};  // the register follows
    }
}

// The words of a name in any order, without their marks and without "förening". "IK Örnen" and "Idrottsklubben Örnen" are
// not found by this; their number tells.
std::string plain_name(const std::string& name) {
    std::string plain;
    for (char32_t c : core::code_points(core::fold_for_search(name))) {
        bool counts = c > 0x7F || std::isalnum(static_cast<unsigned char>(c)) != 0;
        core::append_utf8(plain, counts ? c : U' ');
    }
    auto words = core::split(plain, ' ');
    std::erase_if(words, [](std::string_view word) {
        return word.empty() || word == "förening" || word == "föreningen";
    });
    std::ranges::sort(words);
    std::string joined;
    for (auto word : words) joined += std::string(word) + " ";
    return joined.empty() ? plain : joined;
}

}  // namespace

Status decide(Ingest& ingest, Ledger& ledger, const wire::Act& act) {
    if (!wire::is_reference(act.decision))
        return Error{
            Errc::malformed,
            "the reference of the decision is missing: one line with its number, as in \"KS 2026/123\""};
    return ingest.append_act(act, [&](std::optional<std::uint64_t> at) {
        return at ? carry_out(ledger, act, *at) : check(ledger, act);
    });
}

Result<std::vector<std::uint64_t>> erase(Ingest& ingest, Ledger& ledger, std::uint64_t index,
                                         const std::string& decision, std::int64_t now_ms) {
    std::vector<std::uint64_t> erased;
    auto erase_one = [&](std::uint64_t which) -> Status {
        TRY(decide(ingest, ledger, {What::erased, which, std::nullopt, decision, now_ms}));
        erased.push_back(which);
        return {};
    };
    TRY_ASSIGN(auto entry, entry_at(ledger, index));
    TRY_ASSIGN(auto log, log_of(ledger, index));
    std::vector<std::uint64_t> about_it;
    for (auto seq = entry.seq + 1; seq < log.held; ++seq) {
        TRY_ASSIGN(auto there, ledger.entries_at(log.number, seq));
        for (const auto& later : there) {
            TRY_ASSIGN(auto decoded, decode_held(log, later));
            TRY_ASSIGN(auto gone, erased_by(ledger, later.index));
            if (decoded.refers_to == entry.seq && later.parcel && !gone) about_it.push_back(later.index);
        }
    }
    TRY_ASSIGN(auto gone, erased_by(ledger, index));
    if (!gone || about_it.empty()) TRY(erase_one(index));
    for (auto other : about_it) TRY(erase_one(other));
    TRY(ledger.scrub());
    return erased;
}

Result<std::optional<std::uint64_t>> erased_by(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto value, ledger.value(name_of("erased", index)));
    if (!value) return std::optional<std::uint64_t>{};
    auto text = core::as_text(*value);
    std::uint64_t at = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), at);
    if (wrong != std::errc{} || end != text.data() + text.size())
        return Error{Errc::damaged, "what erased entry " + std::to_string(index)};
    return std::optional(at);
}

Result<std::string> erased_number(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto value, ledger.value(name_of("erased_number", index)));
    return value ? std::string(core::as_text(*value)) : std::string();
}

Result<bool> is_erased_parcel(Ledger& ledger, std::int64_t log, const wire::ParcelHash& parcel) {
    TRY_ASSIGN(auto value, ledger.value(parcel_name(log, parcel)));
    return value.has_value();
}

Result<bool> is_taken_up(Ledger& ledger, std::uint64_t index) {
    TRY_ASSIGN(auto value, ledger.value(name_of("taken_up", index)));
    return value.has_value();
}

Result<std::vector<Candidate>> candidates(Ledger& ledger) {
    constexpr std::size_t step = 1000;
    std::vector<Candidate> found;
    std::map<std::string, RegisterLine> by_number, by_name;
    for (std::uint64_t from = 0;;) {
        TRY_ASSIGN(auto lines, ledger.lines(from, step));
        for (auto& line : lines) {
            if (line.voided || line.withdrawn_ms != 0 || line.same_as) continue;
            auto agreement = line.agreement + "\n" + line.agreement_version + "\n";
            auto name = by_name.try_emplace(agreement + plain_name(line.organisation), line).first;
            auto number = line.organisation_number.empty()
                              ? by_number.end()
                              : by_number.try_emplace(agreement + line.organisation_number, line).first;
            if (number != by_number.end() && number->second.index != line.index)
                found.push_back({number->second, line, Candidate::Why::number});
            else if (name->second.index != line.index)
                found.push_back({name->second, line, Candidate::Why::name});
        }
        if (lines.size() < step) return found;
        from = lines.back().index + 1;
    }
}

Result<std::vector<KeptApart>> kept_apart(Ledger& ledger) {
    constexpr std::size_t step = 500;
    std::vector<KeptApart> found;
    TRY_ASSIGN(auto logs, ledger.all_logs());
    for (const auto& log : logs)
        for (std::uint64_t from = 0;;) {
            TRY_ASSIGN(auto entries, ledger.entries_apart(log.number, from, step));
            for (auto& entry : entries) {
                TRY_ASSIGN(bool taken, is_taken_up(ledger, entry.index));
                TRY_ASSIGN(auto left, ledger.value(name_of("left_apart", entry.index)));
                if (taken || left) continue;
                TRY_ASSIGN(auto decoded, decode_held(log, entry));
                found.push_back({entry, log.tablet, decoded.kind});
            }
            if (entries.size() < step) break;
            from = entries.back().index + 1;
        }
    std::ranges::sort(found, {}, [](const KeptApart& one) { return one.entry.index; });
    return found;
}

}  // namespace server
