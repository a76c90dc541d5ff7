#include "sync/protocol/expected_list.h"

#include "core/base/json.h"
#include "core/base/text.h"

namespace wire {
namespace {

using core::Errc;
using core::Error;
using core::Json;

constexpr std::string_view format = "handslag-expected/1", family = "handslag-expected/";

}  // namespace

core::Result<core::Bytes> encode(const ExpectedList& list) {
    if (!core::is_utf8(list.list))
        return Error{Errc::malformed, "the list of expected organisations is not UTF-8"};
    auto bytes = core::to_bytes(core::encode_canonical(
        {{"ceremony", list.ceremony.str()}, {"format", std::string(format)}, {"list", list.list}}));
    if (bytes.size() > longest_feed_content)
        return Error{Errc::not_allowed, "the list of expected organisations is too large to send to tablets"};
    return bytes;
}

core::Result<ExpectedList> decode_expected_list(core::ByteView bytes) {
    const Error wrong{Errc::malformed, "not a list of expected organisations"};
    TRY_ASSIGN(const Json json, core::decode_canonical(core::as_text(bytes)));
    auto text_in = [&json](const char* name) {
        return json.is_object() && json.contains(name) && json[name].is_string()
                   ? json[name].get<std::string>()
                   : std::string();
    };
    auto named = text_in("format");
    if (named != format && named.starts_with(family))
        return Error{Errc::newer_version, "the list of expected organisations is of a newer Handslag"};
    auto ceremony = core::CeremonyId::parse(text_in("ceremony"));
    if (named != format || json.size() != 3 || !ceremony || !json.contains("list") ||
        !json["list"].is_string())
        return wrong;
    return ExpectedList{*ceremony, text_in("list")};
}

}  // namespace wire
