#include "core/decline.h"

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/signing_parts.h"
#include "core/signing_rules.h"

namespace core {
namespace {

constexpr std::string_view kind = "declined", format = "handslag-declined/1";
constexpr std::size_t most_words = 300;

}  // namespace

Status decline(const SigningDesk& desk, const Decline& what) {
    check_desk(desk);
    auto name = parse_name(what.organisation);
    if (!name.value) return Error{Errc::not_allowed, "nobody's decision: the organisation has no name"};
    auto words = normalise(trim(what.words));
    if (!words || code_points(*words).size() > most_words)
        return Error{Errc::malformed, "the reason is longer than 300 characters"};
    auto now = desk.clock->now();
    TRY(require_open(desk, now));
    Json content{{"format", format},
                 {"ceremony", desk.ceremony->id.str()},
                 {"agreement_digest", desk.ceremony->agreement.digest.hex()},
                 {"organisation", *name.value},
                 {"reason", to_id(what.reason)}};
    if (!words->empty()) content["words"] = *words;
    Append entry;
    entry.entry.kind = kind;
    entry.entry.at = now;
    entry.entry.payloads["declined"] = to_bytes(encode_canonical(content));
    auto appended = desk.store->append(entry);
    return appended.ok() ? Status() : Status(appended.error());
}

Result<std::vector<DeclinedEntry>> declined(const Store& store, const CeremonyId& ceremony,
                                            std::uint64_t from) {
    std::vector<DeclinedEntry> found;
    for (std::uint64_t seq = from; seq < store.size(); ++seq) {
        TRY_ASSIGN(auto entry, store.entry(seq));
        if (entry.kind != kind) continue;
        auto bytes = store.payload(seq, "declined");
        if (!bytes.ok() && bytes.error().code == Errc::not_found) continue;  // erased
        if (!bytes.ok()) return bytes.error();
        auto content = decode_canonical(as_text(*bytes));
        auto text = [&](const char* name) {
            return content.ok() && content->contains(name) && (*content)[name].is_string()
                       ? (*content)[name].get<std::string>()
                       : std::string();
        };
        auto reason = parse_decline_reason(text("reason"));
        if (text("format") != format || !reason)
            return Error{Errc::damaged, "entry " + std::to_string(seq) + ": not a declined signing"};
        if (text("ceremony") == ceremony.str())
            found.push_back({seq, entry.at.wall_ms, text("organisation"), *reason});
        wipe(*bytes);
    }
    return found;
}

}  // namespace core
