// Decline: an organisation that came and chose not to sign, and wants the municipality to know.
//
// A log entry of kind "declined" with one payload, "declined", canonical JSON (erasable, like all payloads):
//
// | field             | content                                                                        |
// |-------------------|--------------------------------------------------------------------------------|
// | format            | "handslag-declined/1"                                                          |
// | ceremony          | the ceremony's id                                                              |
// | agreement_digest  | hex SHA-256 of the text that was read                                          |
// | organisation      | its name                                                                       |
// | reason            | "time", "content", "criteria", "unsaid"                                        |
// | words             | its own words, at most 300 characters; absent when there are none              |
//
// It binds nobody to anything, and is on no list but the host's.
#pragma once

#include "core/model/decline.h"
#include "core/signing.h"

namespace core {

// Errc::not_allowed: no ceremony is open, or no organisation; malformed: a text too long.
Status decline(const SigningDesk& desk, const Decline& what);

struct DeclinedEntry {
    std::uint64_t seq = 0;
    std::int64_t at_ms = 0;
    std::string organisation;
    DeclineReason reason = DeclineReason::unsaid;
};
// Those of this ceremony from an entry of the log on. What was erased is left out.
Result<std::vector<DeclinedEntry>> declined(const Store& store, const CeremonyId& ceremony,
                                            std::uint64_t from);

}  // namespace core
