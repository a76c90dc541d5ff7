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
// The same, and it is the desk's, and the host's word about the clock still holds. Errc::not_allowed,
// clock_implausible.
Result<Opening> require_open(const SigningDesk& desk, const ClockReading& now);

// Errc::clock_implausible: against what the agreement and the ceremony say.
Status check_date(const SigningDesk& desk, const ClockReading& now);
// Does it still hold what the host confirmed when opening? Errc::not_allowed after a restart of the tablet,
// since nothing measures how long it was off; clock_implausible when the clock was moved since, or lies
// before the log's last entry. The host confirms again, and that opens anew: an entry whose time was wrong
// binds nobody after that.
Status check_confirmation(const Store& store, const Opening& opening, const ClockReading& now);
Status check_seal_key(const SigningDesk& desk, const ClockReading& now);

// Errc::not_allowed, with the rule that forbids; never with anybody's data.
Status check_input(const SigningDesk& desk, const SigningInput& input, const ClockReading& now);
Status check_municipal(const SigningDesk& desk, const std::vector<MunicipalSignature>& municipal);

}  // namespace core
