#include "core/base/file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

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
    ~Descriptor() { close(); }
    int fd() const { return fd_; }
    bool close() {
        int fd = fd_;
        fd_ = -1;
        return fd < 0 || ::close(fd) == 0;
    }

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

Status write_file_durably(const std::filesystem::path& path, ByteView content, FileAccess access) {
    auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    // A random name that must not exist: on a stick, somebody else chose what lies in the folder.
    std::string temporary = path.string() + ".new-XXXXXX";
    Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.fd() < 0) return from_errno(Errc::not_writable, path.string());
    auto discard = [&](Error error) {
        ::unlink(temporary.c_str());
        return error;
    };
    // FAT knows no modes; it refuses, and loses nothing by it.
    if (access == FileAccess::anyone_reads && ::fchmod(file.fd(), 0644) != 0 && errno != EPERM)
        return discard(from_errno(Errc::not_writable, path.string()));
    if (auto written = write_all(file.fd(), content, path.string()); !written.ok())
        return discard(written.error());
    if (::fsync(file.fd()) != 0 || !file.close())
        return discard(from_errno(Errc::not_writable, path.string()));
    if (::rename(temporary.c_str(), path.c_str()) != 0)
        return discard(from_errno(Errc::not_writable, path.string()));
    Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.fd() >= 0 && ::fsync(directory.fd()) != 0 && errno != EINVAL)
        return from_errno(Errc::not_writable, folder.string());
    return {};
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
