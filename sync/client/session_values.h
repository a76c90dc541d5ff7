// The values in a tablet's store (Store::set) that a session keeps, and its limits. Private to session*.cpp.
#pragma once

#include <cstdint>
#include <string_view>

namespace client::session_values {

inline constexpr std::string_view server_checkpoint_name = "sync.server_checkpoint",
                                  feed_position_name = "sync.feed", alarm_name = "sync.alarm",
                                  standing_name = "sync.standing",  // a digit: wire::LogState
    unproven_name = "sync.server_unproven",                         // JSON: an array of checkpoints
    cosigned_name = "sync.cosigned",                     // the server's largest head that was cosigned
    cosigning_answered_name = "sync.cosigned_answered";  // the one that the server has answered for

// How much goes into one request at most, and how much of it in entries.
inline constexpr std::uint64_t most_budget = 4 << 20, most_batch_bytes = 512 << 10;

// Of a hello that only asks for a proof.
inline constexpr std::uint64_t no_feed = INT64_MAX;

}  // namespace client::session_values
