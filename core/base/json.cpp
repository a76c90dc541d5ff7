#include "core/base/json.h"

#include <algorithm>

namespace core {
namespace {

bool is_canonical_value(const Json& value) {
    switch (value.type()) {
        case Json::value_t::object:
            for (const auto& [key, member] : value.items()) {
                for (char c : key)
                    if (static_cast<unsigned char>(c) >= 0x80) return false;
                if (!is_canonical_value(member)) return false;
            }
            return true;
        case Json::value_t::array:
            for (const auto& element : value)
                if (!is_canonical_value(element)) return false;
            return true;
        case Json::value_t::number_integer:
        case Json::value_t::number_unsigned: {
            // Beyond 2^53 RFC 8785 would round.
            constexpr std::int64_t limit = 9'007'199'254'740'991;
            auto number =
                value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(limit)
                    ? limit + 1
                    : value.get<std::int64_t>();
            return number >= -limit && number <= limit;
        }
        case Json::value_t::string:
        case Json::value_t::boolean:
            return true;
        default:
            return false;
    }
}

// How deep the parser would go: known before it goes there, since a callback for each value costs as much as parsing.
int deepest(std::string_view text) {
    int depth = 0, most = 0;
    bool in_string = false, escaped = false;
    for (char c : text) {
        if (in_string) {
            in_string = escaped || c != '"';
            escaped = !escaped && c == '\\';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '{' || c == '[') {
            most = std::max(most, ++depth);
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return most;
}

}  // namespace

std::string encode_canonical(const Json& value) {
    CHECK_THAT(is_canonical_value(value));
    return value.dump();
}

Result<Json> decode_canonical(std::string_view text) {
    if (deepest(text) > 16) return Error{Errc::malformed, "JSON is nested deeper than 16"};
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (value.is_discarded()) return Error{Errc::malformed, "not JSON"};
    if (!is_canonical_value(value))
        return Error{Errc::malformed, "JSON holds a number, null or key that is not allowed"};
    std::string again = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (again != text) return Error{Errc::malformed, "JSON is not in canonical form (RFC 8785)"};
    return value;
}

}  // namespace core
