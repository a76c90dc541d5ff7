// Stick: a tablet's frames in files on a USB stick, and the server's answer back from one.
//
// STICK/handslag-<8 hex>-<place>-of-<total>.frames are the parts of a bundle (sync/protocol/frames_file.h), each small
// enough for a stick with FAT32, each with whole entries. STICK/handslag-<8 hex>.receipts is the server's answer. The
// names are random and say nothing of anybody.
#pragma once

#include <filesystem>

#include "sync/client/session.h"
#include "sync/protocol/frames_file.h"

namespace client {

struct BundleSettings {
    enum class What { unacknowledged, everything } what = What::unacknowledged;
    static constexpr std::uint64_t least_part = 64 << 10, usual_part = 4'000'000'000;  // FAT32 ends at 4 GiB
    std::uint64_t part_size = usual_part;  // kept to, unless one entry is larger
};

struct WrittenBundle {
    std::vector<std::filesystem::path> parts;  // none: there was nothing to write
    std::uint64_t entries = 0, bytes = 0;
};

// Durable and read back from the stick when it returns; all parts, or none. The settings are a sync's. Errc::not_found
// (no such folder), disk_full, not_writable, damaged (the stick does not give back what was written), not_allowed
// (a part size that is too small).
Result<WrittenBundle> write_bundle(core::Store& store, const SessionSettings& settings,
                                   const BundleSettings& wanted, const std::filesystem::path& folder);

// A receipts file. Errc::not_found, malformed, newer_version, damaged (for another tablet, or changed). What it meant
// stands in the session that is given back.
Result<Session> read_receipts(core::Store& store, SessionSettings settings,
                              const std::filesystem::path& file);

}  // namespace client
