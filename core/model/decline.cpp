#include "core/model/decline.h"

#include <array>

namespace core {

std::string_view to_id(DeclineReason reason) {
    constexpr std::array<std::string_view, 4> ids{"time", "content", "criteria", "unsaid"};
    static_assert(ids.size() == std::size(decline_reasons));
    return ids[static_cast<std::size_t>(reason)];
}

std::optional<DeclineReason> parse_decline_reason(std::string_view id) {
    for (auto reason : decline_reasons)
        if (to_id(reason) == id) return reason;
    return std::nullopt;
}

}  // namespace core
