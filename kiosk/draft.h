// Draft: a signing that waits for somebody, and a check-in, as canonical JSON for the store (encrypted
// there).
//
// | id             | content                                                                              |
// |----------------|--------------------------------------------------------------------------------------|
// | signing-<uuid> | format "handslag-draft/1", saved_at_ms, ceremony (its id), agreement (its digest,    |
// |                | hex), and visit: every field of Visit under its own name                             |
// | arrival-<n>    | format "handslag-arrival/1", ceremony (its id), name of the organisation, the ticks  |
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
std::string arrival_id(int expected);
std::string encode_arrival(const core::Ceremony& ceremony, const Arrival& arrival);
core::Result<Arrival> decode_arrival(const core::Ceremony& ceremony, std::string_view id,
                                     std::string_view content);

}  // namespace kiosk
