#include "sync/protocol/act.h"

#include <algorithm>
#include <array>

#include "core/base/json.h"
#include "core/base/text.h"

namespace wire {
namespace {

using core::Errc;
using core::Error;
using core::Json;

constexpr std::string_view format = "handslag-act/1";
constexpr std::array<std::string_view, 7> ids{"withdrawn", "rejoined",   "same_as", "apart",
                                              "taken_up",  "left_apart", "erased"};

}  // namespace

std::string_view to_id(Act::What what) { return ids[static_cast<std::size_t>(what)]; }

bool is_reference(std::string_view decision) {
    if (decision.empty() || !core::is_utf8(decision) || core::trim(decision) != decision) return false;
    auto characters = core::code_points(decision);
    bool one_line = std::ranges::none_of(characters, [](char32_t c) { return c < 0x20 || c == 0x7F; });
    return one_line && characters.size() <= 100 && decision.find_first_of("0123456789") != decision.npos;
}

core::Bytes encode(const Act& act) {
    Json json = {{"format", format},
                 {"what", to_id(act.what)},
                 {"index", act.index},
                 {"decision", act.decision},
                 {"at_ms", act.at_ms}};
    if (act.other) json["other"] = *act.other;
    return core::to_bytes(core::encode_canonical(json));
}

core::Result<Act> decode_act(core::ByteView bytes) {
    const Error wrong{Errc::malformed, "the leaf is not of an act"};
    TRY_ASSIGN(Json json, core::decode_canonical(core::as_text(bytes)));
    auto text = [&json](const char* name) {
        return json.is_object() && json.contains(name) && json[name].is_string()
                   ? json[name].get<std::string>()
                   : std::string();
    };
    if (text("format") != format) return Error{Errc::not_found, "the leaf is not of an act"};
    auto what = std::ranges::find(ids, text("what"));
    auto number = [&json](const char* name) {
        return json.contains(name) && json[name].is_number_unsigned();
    };
    if (what == ids.end() || !number("index") || !json.contains("at_ms") ||
        !json["at_ms"].is_number_integer())
        return wrong;
    Act act;
    act.what = static_cast<Act::What>(what - ids.begin());
    act.index = json["index"].get<std::uint64_t>();
    if (number("other")) act.other = json["other"].get<std::uint64_t>();
    act.decision = text("decision");
    act.at_ms = json["at_ms"].get<std::int64_t>();
    if (act.other.has_value() != (act.what == Act::What::same_as) || !std::ranges::equal(encode(act), bytes))
        return wrong;
    return act;
}

}  // namespace wire
