#include "sync/server/act_commands.h"

#include <charconv>

#include "core/base/text.h"
#include "sync/ingest/acts.h"
#include "sync/ingest/ledger_audit.h"
#include "sync/ingest/register.h"
#include "sync/ingest/signed_feed.h"

namespace server {
namespace {

using core::Errc;
using core::Error;
using core::Json;
using What = wire::Act::What;

std::string text_in(const Json& json, const char* name) {
    return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string();
}

std::string place(std::uint64_t index) { return "#" + std::to_string(index); }

// "#12", or a certificate's number.
Result<std::uint64_t> find_entry(Ledger& ledger, const std::string& named) {
    if (named.starts_with('#')) {
        std::uint64_t index = 0;
        auto [end, wrong] = std::from_chars(named.data() + 1, named.data() + named.size(), index);
        if (wrong == std::errc{} && end == named.data() + named.size() && named.size() > 1) return index;
        return Error{Errc::malformed, named + " is no place in the server's log: write #12"};
    }
    TRY_ASSIGN(auto lines, ledger.lines_numbered(core::to_upper(named)));
    if (lines.empty())
        return Error{Errc::not_found, "no certificate " + named + " is in the register (or it is erased)"};
    if (lines.size() == 1) return lines[0].index;
    std::string which;
    for (const auto& line : lines) which += " " + place(line.index) + " (" + line.organisation + ")";
    return Error{Errc::conflict, "several certificates have that number; name one by its place:" + which};
}

std::optional<What> what_in(const Json& json) {
    for (auto what :
         {What::withdrawn, What::rejoined, What::same_as, What::apart, What::taken_up, What::left_apart})
        if (text_in(json, "what") == wire::to_id(what)) return what;
    return std::nullopt;
}

Result<std::string> decide_now(Home& home, const Json& json, std::int64_t now_ms) {
    auto what = what_in(json);
    if (!what) return Error{Errc::malformed, "decide what?"};
    wire::Act act{*what, 0, std::nullopt, text_in(json, "decision"), now_ms};
    TRY_ASSIGN(act.index, find_entry(*home.ledger, text_in(json, "entry")));
    if (*what == What::same_as) {
        TRY_ASSIGN(auto other, find_entry(*home.ledger, text_in(json, "other")));
        act.other = other;
    }
    TRY(decide(*home.ingest, *home.ledger, act));
    TRY(derive_register(*home.ledger, *home.bundle_key));
    switch (*what) {
        case What::withdrawn:
            return std::string("the organisation has left: the list and the certificate's page say so\n");
        case What::rejoined:
            return std::string("taken back: the organisation is counted again\n");
        case What::same_as:
            return std::string("counted once from now on\n");
        case What::apart:
            return std::string("taken back: counted by itself again\n");
        case What::taken_up:
            return std::string("taken up: it counts from now on\n");
        default:
            return std::string("stays apart; it is not asked about again\n");
    }
}

Result<std::string> erase_now(Home& home, const Json& json, std::int64_t now_ms) {
    TRY_ASSIGN(auto index, find_entry(*home.ledger, text_in(json, "entry")));
    TRY_ASSIGN(auto erased, erase(*home.ingest, *home.ledger, index, text_in(json, "decision"), now_ms));
    TRY(derive_register(*home.ledger, *home.bundle_key));
    TRY(home.ledger->scrub());
    std::string said = "erased:";
    for (auto one : erased) said += " " + place(one);
    return said +
           "\nThe log, its proofs and receipts stay. What is not here, nobody can erase from here: the "
           "tablet (until its "
           "own time is out), sticks, backups, copies of the certificate.\n";
}

Result<std::string> tell_duplicates(Home& home) {
    TRY_ASSIGN(auto found, candidates(*home.ledger));
    if (found.empty()) return std::string("no two signings look like one organisation's\n");
    std::string said;
    for (const auto& [first, second, why] : found)
        said += place(second.index) + " " + second.certificate_number + " " + second.organisation +
                "\n  may be " + place(first.index) + " " + first.certificate_number + " " +
                first.organisation +
                (why == Candidate::Why::number ? " (the same number)\n" : " (the same name)\n");
    return said;
}

Result<std::string> tell_apart(Home& home) {
    TRY_ASSIGN(auto found, kept_apart(*home.ledger));
    if (found.empty()) return std::string("nothing is kept apart that nobody has decided about\n");
    std::string said;
    for (const auto& one : found)
        said += place(one.entry.index) + "  " + std::string(wire::to_id(one.entry.standing)) + "  " +
                one.kind + "  " + one.tablet + ", entry " + std::to_string(one.entry.seq) + "\n";
    return said;
}

Result<std::string> tell_audit(Home& home) {
    TRY_ASSIGN(auto audit, audit_ledger(*home.ledger, home.ingest->name()));
    std::string said = std::to_string(audit.leaves) + " leaves, " + std::to_string(audit.entries) +
                       " entries, " + std::to_string(audit.parcels) + " parcels read again, " +
                       std::to_string(audit.erased) + " erased by decision\n";
    for (const auto& finding : audit.findings) said += "WRONG: " + finding + "\n";
    return said + (audit.findings.empty() ? "WHOLE\n" : "DAMAGED\n");
}

}  // namespace

Result<std::optional<std::string>> run_act_command(Home& home, const Json& json, std::int64_t now_ms) {
    auto command = text_in(json, "command");
    auto run = [&]() -> Result<std::string> {
        TRY(derive_register(*home.ledger, *home.bundle_key));
        if (command == "decide") return decide_now(home, json, now_ms);
        if (command == "erase") return erase_now(home, json, now_ms);
        if (command == "duplicates") return tell_duplicates(home);
        if (command == "apart") return tell_apart(home);
        return tell_audit(home);
    };
    for (std::string_view known : {"decide", "erase", "duplicates", "apart", "audit"})
        if (command == known) {
            TRY_ASSIGN(auto said, run());
            TRY(publish_signed(*home.ledger));  // what was taken up or erased
            return std::optional(std::move(said));
        }
    return std::optional<std::string>();
}

}  // namespace server
