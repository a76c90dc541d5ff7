// Entry bytes: canonical JSON (store.h has the field table), and the commitments that it holds to its
// payloads.
#pragma once

#include "core/evidence/store.h"

namespace core {

inline constexpr std::size_t salt_size = 32;
inline constexpr std::uint64_t most_entries = (std::uint64_t{1} << 53) - 1;  // canonical JSON counts no further

Sha256 commitment(std::string_view name, ByteView salt, ByteView payload);

// From everything in `entry` but `bytes`.
Bytes encode_entry(const StoreIdentity& identity, const Entry& entry);
// Refuses what does not re-encode to itself, and what another device, epoch or place in the log wrote.
Result<Entry> decode_entry(const StoreIdentity& identity, std::uint64_t seq, ByteView bytes);

}  // namespace core
