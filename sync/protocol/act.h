// Act: what staff decide about something that has come, as a leaf of the server's log: public, in order, for ever. It says
// which entry and under which reference the decision is filed; why stands in the municipality's own files.
//
// | field         | content                                                                  |
// |---------------|--------------------------------------------------------------------------|
// | format        | "handslag-act/1"                                                         |
// | what          | as below                                                                 |
// | index         | of the entry in the server's log                                         |
// | other         | "same_as": the entry that the organisation is counted by; else absent    |
// | decision      | the reference: a diarienummer, a gallringsbeslut; nothing personal       |
// | at_ms         | the server's clock                                                       |
//
// | what          | of a signing                                                             |
// |---------------|--------------------------------------------------------------------------|
// | "withdrawn"   | the organisation has left the agreement; the certificate stays true      |
// | "rejoined"    | takes that back                                                          |
// | "same_as"     | is of the same organisation as `other`: counted once                     |
// | "apart"       | takes that back                                                          |
// | "taken_up"    | kept apart so far (conflict, frozen, revoked): counts from now on        |
// | "left_apart"  | has been looked at, and stays apart                                      |
// | "erased"      | of any entry: its parcel is gone from here; leaf and proofs stay         |
#pragma once

#include <optional>
#include <string>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace wire {

struct Act {
    enum class What { withdrawn, rejoined, same_as, apart, taken_up, left_apart, erased };
    What what = What::withdrawn;
    std::uint64_t index = 0;
    std::optional<std::uint64_t> other;
    std::string decision;
    std::int64_t at_ms = 0;
    friend bool operator==(const Act&, const Act&) = default;
};
std::string_view to_id(Act::What what);
// 1 to 100 characters of one line, at least one of them a digit: references have numbers, and names seldom do.
bool is_reference(std::string_view decision);

core::Bytes encode(const Act& act);
// Errc::malformed; not_found when the leaf is of another kind.
core::Result<Act> decode_act(core::ByteView bytes);

}  // namespace wire
