// The words for visitors when the world was wrong, all in one place.
#include <algorithm>
#include <cstdlib>

#include "kiosk/state.h"

namespace kiosk {

Wording words_for(const core::Error& error) {
    using core::Errc;
    auto named = [](std::string_view name, Gravity gravity) {
        std::string prefix = "trouble." + std::string(name);
        return Wording{prefix, prefix + ".remedy", gravity, 0};
    };
    switch (error.code) {
        case Errc::not_found:
            return named("not_found", Gravity::warned);
        case Errc::not_readable:
            return named("not_readable", Gravity::stopped);
        case Errc::not_writable:
            return named("not_writable", Gravity::stopped);
        case Errc::disk_full:
            return named("disk_full", Gravity::stopped);
        case Errc::malformed:
            return named("malformed", Gravity::stopped);
        case Errc::newer_version:
            return named("newer_version", Gravity::stopped);
        case Errc::damaged:
            return named("damaged", Gravity::stopped);
        case Errc::locked:
            return named("locked", Gravity::stopped);
        case Errc::wrong_secret:
            return named("wrong_secret", Gravity::warned);
        case Errc::token_silent:
            return named("token_silent", Gravity::stopped);
        case Errc::throttled: {
            auto wording = named("throttled", Gravity::warned);
            // The detail says how long; a detail that does not is half a minute.
            auto digit = error.detail.find_first_of("0123456789");
            wording.wait_s =
                digit == std::string::npos ? 30 : std::strtoll(error.detail.c_str() + digit, nullptr, 10);
            wording.wait_s = std::clamp<std::int64_t>(wording.wait_s, 1, 86'400);
            return wording;
        }
        case Errc::clock_implausible:
            return named("clock_implausible", Gravity::stopped);
        case Errc::missing_font:
            return named("missing_font", Gravity::stopped);
        case Errc::undrawable_text:
            return named("undrawable_text", Gravity::warned);
        case Errc::not_allowed:
            for (auto words : {told::changed_since_signed, told::changed_since_countersigned,
                               told::another_ceremony, told::headphones_first})
                if (error.detail == words) return named(words, Gravity::told);
            return named("not_allowed", Gravity::warned);
        case Errc::conflict:
            return named("conflict", Gravity::warned);
        case Errc::crypto:
            return named("crypto", Gravity::stopped);
        case Errc::internal:
            return named("internal", Gravity::stopped);
    }
    return named("internal", Gravity::stopped);
}

}  // namespace kiosk
