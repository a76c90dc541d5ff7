// Draft: a signing that waits for somebody, and a check-in, as canonical JSON for the store (encrypted
// there).
//
// | id             | content                                                                              |
// |----------------|--------------------------------------------------------------------------------------|
// | signing-<uuid> | format "handslag-draft/1", saved_at_ms, ceremony (its id), agreement (its digest,    |
// |                | hex), and visit: every field of Visit under its own name                             |
// | arrival-<hash> | format "handslag-arrival/1", ceremony (its id), name of the organisation, the ticks; |
// |                | the hash is of the name, so that another list leaves it where it is                  |
//
// Decoding refuses what does not re-encode to itself; an arrival of another ceremony is no arrival. A draft
// of another is one still, and says so (waits_here()).
#pragma once

#include "core/base/result.h"
#include "kiosk/visit.h"

namespace kiosk {

std::string encode(const Draft& draft);
core::Result<Draft> decode_draft(std::string_view id, std::string_view content);

struct Arrival {
    int expected = 0;  // index of Ceremony::expected
    CheckIn check_in;
};
std::string arrival_id(const core::Ceremony& ceremony, int expected);
std::string encode_arrival(const core::Ceremony& ceremony, const Arrival& arrival);
// Errc::not_found: of another ceremony, or of an organisation that its list does not have.
core::Result<Arrival> decode_arrival(const core::Ceremony& ceremony, std::string_view id,
                                     std::string_view content);

}  // namespace kiosk
