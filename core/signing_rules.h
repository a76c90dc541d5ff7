// Signing rules: what must hold before anything is sealed. Private to core/signing.
#pragma once

#include "core/signing.h"

namespace core {

inline constexpr std::string_view kind_opened = "opened", kind_closed = "closed",
                                  kind_voided_signing = "voided", kind_one_signing = "signing";

// The "opened" entry under which a log entry was written.
struct Opening {
    std::uint64_t seq = 0;
    CeremonyId ceremony;
    ClockReading at;
};
Result<Opening> read_opening(const Store& store, const Entry& entry);

// Which ceremony is open on this tablet; nothing when none is. The log alone decides.
Result<std::optional<Opening>> open_now(const Store& store);
// The same, and it is the desk's. Errc::not_allowed.
Result<Opening> require_open(const SigningDesk& desk);

// Errc::clock_implausible. Against what the agreement, the ceremony and the log say; and, within one boot,
// against the monotonic clock since the host confirmed the time.
Status check_date(const SigningDesk& desk, const ClockReading& now);
Status check_even_clock(const Opening& opening, const ClockReading& now);
Status check_seal_key(const SigningDesk& desk, const ClockReading& now);

// Errc::not_allowed, with the rule that forbids; never with anybody's data.
Status check_input(const SigningDesk& desk, const SigningInput& input, const ClockReading& now);
Status check_municipal(const SigningDesk& desk, const std::vector<MunicipalSignature>& municipal);

}  // namespace core
