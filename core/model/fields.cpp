#include "core/model/fields.h"

#include <algorithm>

#include "core/base/text.h"

namespace core {
namespace {
const Json nothing;
}

void Fields::expect_object() {
    if (!json_->is_object() && fault_->empty())
        *fault_ = (path_.empty() ? "record" : path_) + " is not an object";
}

void Fields::fail(const char* field, const char* what) {
    if (fault_->empty()) *fault_ = where(field) + " " + what;
}

const Json& Fields::take(const char* field) {
    asked_.emplace_back(field);
    if (!json_->is_object()) return nothing;
    auto found = json_->find(field);
    if (found != json_->end()) return *found;
    fail(field, "is missing");
    return nothing;
}

std::string Fields::text(const char* field, std::size_t least, std::size_t most) {
    const Json& value = take(field);
    if (!value.is_string()) return fail(field, "is not text"), std::string();
    const auto& text = value.get_ref<const std::string&>();
    auto same = normalise(text);
    if (!same || *same != text) return fail(field, "is not normalised text"), std::string();
    std::size_t characters = code_points(text).size();
    if (characters < least) return fail(field, "is too short"), std::string();
    if (characters > most) return fail(field, "is too long"), std::string();
    return text;
}

std::string Fields::optional_text(const char* field, std::size_t most) {
    return has(field) ? text(field, 1, most) : std::string();
}

std::string Fields::raw_text(const char* field, std::size_t most_bytes) {
    const Json& value = take(field);
    if (!value.is_string()) return fail(field, "is not text"), std::string();
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > most_bytes) return fail(field, "is too long"), std::string();
    return text;
}

std::int64_t Fields::whole(const char* field, std::int64_t least, std::int64_t most) {
    const Json& value = take(field);
    if (!value.is_number_integer()) return fail(field, "is not a whole number"), least;
    auto number = value.get<std::int64_t>();  // decode_canonical has refused what does not fit
    if (number < least || number > most) return fail(field, "is out of bounds"), least;
    return number;
}

bool Fields::truth(const char* field) {
    const Json& value = take(field);
    if (!value.is_boolean()) return fail(field, "is not true or false"), false;
    return value.get<bool>();
}

Date Fields::date(const char* field) {
    Date date = parse_iso_date(raw_text(field, 10));
    if (date.empty()) fail(field, "is not a date");
    return date;
}

std::string Fields::hex256(const char* field) {
    std::string hex = raw_text(field, 64);
    auto bytes = from_hex(hex);
    if (!bytes || bytes->size() != 32) return fail(field, "is not a SHA-256 in hex"), std::string();
    return hex;
}

const Json& Fields::list(const char* field, std::size_t least, std::size_t most) {
    const Json& value = take(field);
    static const Json none = Json::array();
    if (!value.is_array()) return fail(field, "is not a list"), none;
    if (value.size() < least) return fail(field, "has too few items"), none;
    if (value.size() > most) return fail(field, "has too many items"), none;
    return value;
}

void Fields::finish() {
    if (!json_->is_object() || !fault_->empty()) return;
    for (const auto& [key, value] : json_->items())
        if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) {
            *fault_ = (path_.empty() ? "record" : path_) + " has an unknown field";
            return;
        }
}

Result<Json> decode_format(std::string_view bytes, std::string_view family, int version) {
    TRY_ASSIGN(Json json, decode_canonical(bytes));
    if (!json.is_object()) return Error{Errc::malformed, "record is not an object"};
    auto format = json.find("format");
    if (format == json.end() || !format->is_string()) return Error{Errc::malformed, "format is missing"};
    const auto& text = format->get_ref<const std::string&>();
    std::string expected = std::string(family) + "/" + std::to_string(version);
    if (text == expected) return json;
    std::string_view number = std::string_view(text).substr(std::min(text.size(), family.size()));
    bool later = text.starts_with(family) && number.size() >= 2 && number.size() <= 4 && number[0] == '/' &&
                 std::all_of(number.begin() + 1, number.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
                 number[1] != '0';
    if (later && std::stoi(std::string(number.substr(1))) > version)
        return Error{Errc::newer_version, "format is newer than " + expected};
    return Error{Errc::malformed, "format is not " + expected};
}

}  // namespace core
