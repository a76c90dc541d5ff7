// Files in pieces, for what may be larger than memory; and as durable as file.h's.
#pragma once

#include "core/base/file.h"

namespace core {

// Written beside its place and put there by keep(), as write_file_durably() does. Without keep(), nothing is left.
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

}  // namespace core
