#include "sync/protocol/signed_list.h"

#include "core/base/json.h"
#include "core/base/text.h"

namespace wire {
namespace {

using core::Errc;
using core::Error;
using core::Json;

constexpr std::string_view format = "handslag-signed/1", family = "handslag-signed/";
constexpr std::size_t longest_text = 1'000;

bool is_text(const Json& json, const char* name) {
    return json.contains(name) && json[name].is_string() &&
           json[name].get_ref<const std::string&>().size() <= longest_text;
}

}  // namespace

core::Bytes encode(const SignedList& list) {
    Json lines = Json::array(), voided = Json::array();
    for (const auto& line : list.lines)
        lines.push_back({{"certificate", line.certificate_number},
                         {"organisation", line.organisation},
                         {"number", line.organisationsnummer}});
    for (const auto& number : list.voided) voided.push_back(number);
    return core::to_bytes(core::encode_canonical(
        {{"format", std::string(format)}, {"signed", std::move(lines)}, {"voided", std::move(voided)}}));
}

core::Result<SignedList> decode_signed_list(core::ByteView bytes) {
    const Error wrong{Errc::malformed, "not a list of those who have signed"};
    TRY_ASSIGN(const Json json, core::decode_canonical(core::as_text(bytes)));
    if (!json.is_object() || !is_text(json, "format")) return wrong;
    const auto& named = json["format"].get_ref<const std::string&>();
    if (named != format && named.starts_with(family))
        return Error{Errc::newer_version, "the list of those who have signed is of a newer Handslag"};
    if (named != format || json.size() != 3 || !json.contains("signed") || !json.contains("voided"))
        return wrong;
    const auto &lines = json["signed"], &voided = json["voided"];
    if (!lines.is_array() || !voided.is_array() || lines.size() > most_signed_lines ||
        voided.size() > most_signed_lines)
        return wrong;
    SignedList list;
    for (const auto& line : lines) {
        if (!line.is_object() || line.size() != 3 || !is_text(line, "certificate") ||
            !is_text(line, "organisation") || !is_text(line, "number"))
            return wrong;
        list.lines.push_back({line["certificate"].get<std::string>(), line["organisation"].get<std::string>(),
                              line["number"].get<std::string>()});
    }
    for (const auto& number : voided) {
        if (!number.is_string() || number.get_ref<const std::string&>().size() > longest_text) return wrong;
        list.voided.push_back(number.get<std::string>());
    }
    return list;
}

}  // namespace wire
