// Parcel: what stands beside one log entry, its salts and payloads, as it travels and as the server keeps it.
//
// | bytes | content                                                        |
// |-------|----------------------------------------------------------------|
// | 18    | "handslag-parcel/1\n"                                           |
// | ...   | for each payload, in order of name: size of the name (1), name, |
// |       | salt (32), size of the content (4, big-endian), content         |
//
// Sealed: AES-256-GCM under the device's transfer key, with a nonce made of the content, so that the same
// parcel has the same bytes and the same hash at every try, on every path. Bound to device, epoch and seq.
// The transfer key is derived from the tablet's payload key and travels once, sealed to the municipality's
// bundle certificate (CMS): who has the server's database but not that certificate's key reads nothing.
#pragma once

#include "core/evidence/store.h"
#include "sync/protocol/frames.h"

namespace wire {

struct Payload {
    std::string name;
    core::Bytes salt, content;
    friend bool operator==(const Payload&, const Payload&) = default;
};

core::Bytes encode_parcel(const std::vector<Payload>& payloads);         // in order of name
core::Result<std::vector<Payload>> decode_parcel(core::ByteView bytes);  // Errc::malformed, newer_version

core::SecretKey transfer_key(const core::SecretKey& payload_key);

core::Bytes seal_parcel(const core::SecretKey& transfer_key, const LogName& log, std::uint64_t seq,
                        core::ByteView parcel);
core::Result<core::Bytes> open_parcel(const core::SecretKey& transfer_key, const LogName& log,
                                      std::uint64_t seq, core::ByteView sealed);  // Errc::damaged

// Each payload is one that the entry commits to. Those that are missing have been erased.
core::Status check_parcel(const core::Entry& entry, const std::vector<Payload>& payloads);

// The sealed parcel of an entry; nothing when it has no payload left.
core::Result<std::optional<core::Bytes>> read_parcel(const core::Store& store,
                                                     const core::SecretKey& transfer_key, std::uint64_t seq);
core::Result<std::optional<core::Bytes>> read_parcel(const core::Store& store,
                                                     const core::SecretKey& transfer_key,
                                                     const core::Entry& entry);

}  // namespace wire
