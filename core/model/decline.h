// Decline: why an organisation came and did not sign, as far as it wants to say. What is kept: core/decline.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace core {

enum class DeclineReason { time, content, criteria, unsaid };
inline constexpr DeclineReason decline_reasons[] = {DeclineReason::time, DeclineReason::content,
                                                    DeclineReason::criteria, DeclineReason::unsaid};
std::string_view to_id(DeclineReason reason);  // "time"
std::optional<DeclineReason> parse_decline_reason(std::string_view id);

struct Decline {
    std::string organisation, words;  // words: its own, may be empty
    DeclineReason reason = DeclineReason::unsaid;
};

}  // namespace core
