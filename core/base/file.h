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

// The same for what comes in pieces and may be larger than memory. Without keep(), nothing is left.
class NewFile {
  public:
    static Result<NewFile> begin(const std::filesystem::path& path,
                                 FileAccess access = FileAccess::anyone_reads);
    NewFile(NewFile&&) noexcept;
    NewFile& operator=(NewFile&&) = delete;
    ~NewFile();
    Status write(ByteView piece);
    Status keep();

  private:
    NewFile(std::filesystem::path path, std::string temporary, int fd);
    std::filesystem::path path_;
    std::string temporary_;  // empty: kept, or moved from
    int fd_;
};

// A file read piece by piece. Errc::not_found, not_readable.
class OpenFile {
  public:
    static Result<OpenFile> open(const std::filesystem::path& path);
    OpenFile(OpenFile&&) noexcept;
    OpenFile& operator=(OpenFile&&) = delete;
    ~OpenFile();
    std::uint64_t size() const { return size_; }
    // Exactly that much. Errc::damaged when the file ends before.
    Result<Bytes> read(std::uint64_t offset, std::size_t size) const;

  private:
    OpenFile(std::filesystem::path path, int fd, std::uint64_t size);
    std::filesystem::path path_;
    int fd_;
    std::uint64_t size_;
};

// The kernel would answer from memory what it was just given; it is asked to forget, so that the medium answers.
void forget_cached(const std::filesystem::path& path);

std::uint64_t free_bytes(const std::filesystem::path& where);  // 0 when it cannot be told

// Where assets were installed: $HANDSLAG_SHARE, ../share/handslag beside the program, or the build's own.
std::filesystem::path share_dir();

}  // namespace core
