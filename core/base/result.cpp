#include "core/base/result.h"

namespace core {

const char* to_string(Errc code) {
    switch (code) {
        case Errc::not_found:
            return "not found";
        case Errc::not_readable:
            return "not readable";
        case Errc::not_writable:
            return "not writable";
        case Errc::disk_full:
            return "disk full";
        case Errc::malformed:
            return "malformed";
        case Errc::newer_version:
            return "newer version";
        case Errc::damaged:
            return "damaged";
        case Errc::locked:
            return "locked";
        case Errc::wrong_secret:
            return "wrong secret";
        case Errc::token_silent:
            return "token silent";
        case Errc::throttled:
            return "throttled";
        case Errc::clock_implausible:
            return "clock implausible";
        case Errc::missing_font:
            return "missing font";
        case Errc::undrawable_text:
            return "undrawable text";
        case Errc::not_allowed:
            return "not allowed";
        case Errc::conflict:
            return "conflict";
        case Errc::crypto:
            return "crypto";
        case Errc::internal:
            return "internal";
    }
    return "unknown";
}

}  // namespace core
