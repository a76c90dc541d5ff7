#include "core/base/file_stream.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace core {
namespace {

Error from_errno(Errc fallback, const std::string& what) {
    int reason = errno;
    Errc code = reason == ENOENT                       ? Errc::not_found
                : reason == ENOSPC || reason == EDQUOT ? Errc::disk_full
                                                       : fallback;
    return {code, what + ": " + std::strerror(reason)};
}

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    int fd() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

  private:
    int fd_;
};

Status write_all(int fd, ByteView content, const std::string& name) {
    while (!content.empty()) {
        ssize_t n = ::write(fd, content.data(), content.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return from_errno(Errc::not_writable, name);
        content = content.subspan(static_cast<std::size_t>(n));
    }
    return {};
}

}  // namespace

Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit) {
    // O_NONBLOCK: a pipe that somebody left on a stick must not stop us.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (file.fd() < 0) return from_errno(Errc::not_readable, path.string());
    struct stat info {};
    if (::fstat(file.fd(), &info) != 0) return from_errno(Errc::not_readable, path.string());
    if (!S_ISREG(info.st_mode)) return Error{Errc::not_readable, path.string() + ": is not a file"};
    if (static_cast<std::uint64_t>(info.st_size) > limit)
        return Error{Errc::malformed, path.string() + ": larger than " + std::to_string(limit) + " bytes"};
    Bytes content(static_cast<std::size_t>(info.st_size));
    std::size_t done = 0;
    while (true) {
        if (done == content.size()) {
            // The size may be unknown (a pipe, /proc) or may have grown.
            if (done > limit)
                return Error{Errc::malformed,
                             path.string() + ": larger than " + std::to_string(limit) + " bytes"};
            content.resize(done + 4096);
        }
        ssize_t n = ::read(file.fd(), content.data() + done, content.size() - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return from_errno(Errc::not_readable, path.string());
        if (n == 0) break;
        done += static_cast<std::size_t>(n);
    }
    content.resize(done);
    return content;
}

Result<NewFile> NewFile::begin(const std::filesystem::path& path, FileAccess access) {
    // A random name that must not exist: on a stick, somebody else chose what lies in the folder.
    std::string temporary = path.string() + ".new-XXXXXX";
    int fd = ::mkostemp(temporary.data(), O_CLOEXEC);
    if (fd < 0) return from_errno(Errc::not_writable, path.string());
    NewFile file(path, std::move(temporary), fd);
    // FAT knows no modes; it refuses, and loses nothing by it.
    if (access == FileAccess::anyone_reads && ::fchmod(fd, 0644) != 0 && errno != EPERM)
        return from_errno(Errc::not_writable, path.string());
    return file;
}
NewFile::NewFile(std::filesystem::path path, std::string temporary, int fd)
    : path_(std::move(path)), temporary_(std::move(temporary)), fd_(fd) {}
NewFile::NewFile(NewFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, {})),
      fd_(std::exchange(other.fd_, -1)) {}
NewFile::~NewFile() {
    if (fd_ >= 0) ::close(fd_);
    if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Status NewFile::write(ByteView piece) { return write_all(fd_, piece, path_.string()); }

Status NewFile::keep() {
    if (::fsync(fd_) != 0 || ::close(std::exchange(fd_, -1)) != 0)
        return from_errno(Errc::not_writable, path_.string());
    if (::rename(temporary_.c_str(), path_.c_str()) != 0)
        return from_errno(Errc::not_writable, path_.string());
    temporary_.clear();
    auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.fd() >= 0 && ::fsync(directory.fd()) != 0 && errno != EINVAL)
        return from_errno(Errc::not_writable, folder.string());
    return {};
}

Status write_file_durably(const std::filesystem::path& path, ByteView content, FileAccess access) {
    TRY_ASSIGN(auto file, NewFile::begin(path, access));
    TRY(file.write(content));
    return file.keep();
}

Result<OpenFile> OpenFile::open(const std::filesystem::path& path) {
    // O_NONBLOCK: a pipe that somebody left on a stick must not stop us.
    Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    struct stat info {};
    if (file.fd() < 0 || ::fstat(file.fd(), &info) != 0) return from_errno(Errc::not_readable, path.string());
    if (!S_ISREG(info.st_mode)) return Error{Errc::not_readable, path.string() + ": is not a file"};
    return OpenFile(path, file.release(), static_cast<std::uint64_t>(info.st_size));
}
OpenFile::OpenFile(std::filesystem::path path, int fd, std::uint64_t size)
    : path_(std::move(path)), fd_(fd), size_(size) {}
OpenFile::OpenFile(OpenFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), size_(other.size_) {}
OpenFile::~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
}

Result<Bytes> OpenFile::read(std::uint64_t offset, std::size_t size) const {
    Bytes piece(size);
    std::size_t done = 0;
    while (done < size) {
        ssize_t n = ::pread(fd_, piece.data() + done, size - done, static_cast<off_t>(offset + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return from_errno(Errc::not_readable, path_.string());
        if (n == 0) return Error{Errc::damaged, path_.string() + ": ends before it should"};
        done += static_cast<std::size_t>(n);
    }
    return piece;
}

void forget_cached(const std::filesystem::path& path) {
    Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (file.fd() >= 0) ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
}

std::uint64_t free_bytes(const std::filesystem::path& where) {
    std::error_code error;
    auto space = std::filesystem::space(where, error);
    return error ? 0 : space.available;
}

std::filesystem::path share_dir() {
    if (const char* named = std::getenv("HANDSLAG_SHARE"); named != nullptr && *named != '\0') return named;
    std::error_code error;
    auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    auto bin = program.parent_path();
    for (auto candidate : {bin.parent_path() / "share" / "handslag", bin.parent_path() / "share"})
        if (std::filesystem::exists(candidate / "locale", error)) return candidate;
    return "/usr/share/handslag";
}

}  // namespace core
