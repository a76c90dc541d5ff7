#include "core/base/json.h"

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

}  // namespace

std::string encode_canonical(const Json& value) {
    CHECK_THAT(is_canonical_value(value));
    return value.dump();
}

Result<Json> decode_canonical(std::string_view text) {
    int deepest = 0;
    auto watch_depth = [&](int depth, Json::parse_event_t event, Json&) {
        if (event == Json::parse_event_t::array_start || event == Json::parse_event_t::object_start)
            deepest = std::max(deepest, depth + 1);
        return deepest <= 16;
    };
    Json value = Json::parse(text, watch_depth, /*allow_exceptions=*/false);
    if (deepest > 16) return Error{Errc::malformed, "JSON is nested deeper than 16"};
    if (value.is_discarded()) return Error{Errc::malformed, "not JSON"};
    if (!is_canonical_value(value))
        return Error{Errc::malformed, "JSON holds a number, null or key that is not allowed"};
    std::string again = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    if (again != text) return Error{Errc::malformed, "JSON is not in canonical form (RFC 8785)"};
    return value;
}

}  // namespace core
