// File: whole files, read with a limit and written so that a power cut leaves the old one or the new one.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

// Errc::not_found, not_readable, or malformed when larger than `limit`.
Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit = 64ULL << 20);

// Temporary file beside it, fsync, rename, fsync of the folder. Errc::disk_full or not_writable; nothing
// half.
enum class FileAccess { anyone_reads, owner_only };
Status write_file_durably(const std::filesystem::path& path, ByteView content,
                          FileAccess access = FileAccess::anyone_reads);

std::uint64_t free_bytes(const std::filesystem::path& where);  // 0 when it cannot be told

// Where assets were installed: $HANDSLAG_SHARE, ../share/handslag beside the program, or the build's own.
std::filesystem::path share_dir();

}  // namespace core
