#include "tests/support/fault_vfs.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include <sqlite3.h>

#include "core/base/check.h"

namespace test {
namespace {

FaultDisk* disk = nullptr;
sqlite3_vfs* real = nullptr;

struct Handle {
    sqlite3_file base;  // first: SQLite sees only this
    std::shared_ptr<FaultDisk::File>* file;
};
FaultDisk::File& file_of(sqlite3_file* handle) { return **reinterpret_cast<Handle*>(handle)->file; }

void apply(core::Bytes& to, std::size_t offset, core::ByteView bytes) {
    if (to.size() < offset + bytes.size()) to.resize(offset + bytes.size());
    std::ranges::copy(bytes, to.begin() + static_cast<std::ptrdiff_t>(offset));
}

int close_file(sqlite3_file* handle) {
    delete reinterpret_cast<Handle*>(handle)->file;
    return SQLITE_OK;
}

int read_file(sqlite3_file* handle, void* out, int size, sqlite3_int64 offset) {
    if (int error = disk->before_read(); error != SQLITE_OK) return error;
    const auto& seen = file_of(handle).seen;
    auto from = std::min(static_cast<std::size_t>(offset), seen.size());
    auto there = std::min(static_cast<std::size_t>(size), seen.size() - from);
    std::memset(out, 0, static_cast<std::size_t>(size));
    if (there > 0) std::memcpy(out, seen.data() + from, there);
    return there == static_cast<std::size_t>(size) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int write_file(sqlite3_file* handle, const void* data, int size, sqlite3_int64 at) {
    int error = disk->before_change();
    if (error != SQLITE_OK) return error == SQLITE_IOERR ? SQLITE_IOERR_WRITE : error;
    auto& file = file_of(handle);
    auto offset = static_cast<std::size_t>(at);
    core::ByteView bytes(static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size));
    bool fits = !disk->full() || offset + bytes.size() <= file.seen.size();
    if (!fits) bytes = bytes.first(bytes.size() / 2);
    apply(file.seen, offset, bytes);
    file.unsynced.push_back({offset, core::Bytes(bytes.begin(), bytes.end()), false});
    return fits ? SQLITE_OK : SQLITE_FULL;
}

int truncate_file(sqlite3_file* handle, sqlite3_int64 size) {
    if (disk->before_change() != SQLITE_OK) return SQLITE_IOERR_TRUNCATE;
    auto& file = file_of(handle);
    file.seen.resize(static_cast<std::size_t>(size));
    file.unsynced.push_back({static_cast<std::size_t>(size), {}, true});
    return SQLITE_OK;
}

int sync_file(sqlite3_file* handle, int) {
    auto& file = file_of(handle);
    if (disk->before_change() != SQLITE_OK) {
        file.unsynced.clear();
        return SQLITE_IOERR_FSYNC;
    }
    for (const auto& change : file.unsynced) {
        if (change.truncates)
            file.durable.resize(change.offset);
        else
            apply(file.durable, change.offset, change.bytes);
    }
    file.unsynced.clear();
    return SQLITE_OK;
}

int size_of_file(sqlite3_file* handle, sqlite3_int64* size) {
    *size = static_cast<sqlite3_int64>(file_of(handle).seen.size());
    return SQLITE_OK;
}

const sqlite3_io_methods methods = {
    1,
    close_file,
    read_file,
    write_file,
    truncate_file,
    sync_file,
    size_of_file,
    [](sqlite3_file*, int) { return SQLITE_OK; },  // one connection: locks always succeed
    [](sqlite3_file*, int) { return SQLITE_OK; },
    [](sqlite3_file*, int* held) { return *held = 0, SQLITE_OK; },
    [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; },
    [](sqlite3_file*) { return 4096; },
    [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; },
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* out, int flags, int* out_flags) {
    out->pMethods = nullptr;
    std::shared_ptr<FaultDisk::File> file;
    if (path == nullptr) {
        file = std::make_shared<FaultDisk::File>();
    } else if (auto found = disk->open_files.find(path); found != disk->open_files.end()) {
        file = found->second;
    } else {
        if ((flags & SQLITE_OPEN_CREATE) == 0 || disk->before_change() != SQLITE_OK || disk->full())
            return SQLITE_CANTOPEN;
        file = disk->open_files[path] = std::make_shared<FaultDisk::File>();
    }
    new (out) Handle{{&methods}, new std::shared_ptr<FaultDisk::File>(file)};
    if (out_flags != nullptr) *out_flags = flags;
    return SQLITE_OK;
}

int delete_file(sqlite3_vfs*, const char* path, int) {
    if (!disk->open_files.contains(path)) return SQLITE_IOERR_DELETE_NOENT;
    if (disk->before_change() != SQLITE_OK) return SQLITE_IOERR_DELETE;
    disk->open_files.erase(path);
    return SQLITE_OK;
}

int access_file(sqlite3_vfs*, const char* path, int, int* there) {
    *there = disk->open_files.contains(path) ? 1 : 0;
    return SQLITE_OK;
}

int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
}

sqlite3_vfs vfs = {
    1,
    sizeof(Handle),
    1024,
    nullptr,
    "handslag-fault",
    nullptr,
    open_file,
    delete_file,
    access_file,
    full_path,
    nullptr,
    nullptr,
    nullptr,
    nullptr,
    [](sqlite3_vfs*, int size, char* out) { return real->xRandomness(real, size, out); },
    [](sqlite3_vfs*, int microseconds) { return real->xSleep(real, microseconds); },
    [](sqlite3_vfs*, double* time) { return real->xCurrentTime(real, time); },
    [](sqlite3_vfs*, int, char*) { return disk->full() ? ENOSPC : EIO; },
    nullptr,
    nullptr,
    nullptr,
    nullptr,
};

}  // namespace

FaultDisk::FaultDisk() {
    CHECK_THAT(disk == nullptr);
    real = sqlite3_vfs_find(nullptr);
    disk = this;
    CHECK_THAT(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
}
FaultDisk::~FaultDisk() {
    sqlite3_vfs_unregister(&vfs);
    disk = nullptr;
}

void FaultDisk::fail_at(int n, Fault fault) {
    fault_ = fault;
    left_ = n;
    fired_ = false;
}
void FaultDisk::heal() { fault_ = Fault::none, fired_ = false; }

int FaultDisk::before_change() {
    if (fault_ == Fault::none || fault_ == Fault::read_error) return SQLITE_OK;
    if (fired_) return fault_ == Fault::dead_disk || fault_ == Fault::power_cut ? SQLITE_IOERR : SQLITE_OK;
    if (--left_ > 0) return SQLITE_OK;
    fired_ = true;
    return fault_ == Fault::full_disk ? SQLITE_OK : SQLITE_IOERR;
}

int FaultDisk::before_read() {
    if (fired_ && (fault_ == Fault::dead_disk || fault_ == Fault::power_cut)) return SQLITE_IOERR_READ;
    if (fault_ != Fault::read_error || fired_ || --left_ > 0) return SQLITE_OK;
    fired_ = true;
    return SQLITE_IOERR_READ;
}

void FaultDisk::power_up(std::uint32_t seed) {
    heal();
    std::mt19937 random(seed);
    constexpr std::size_t sector = 512;
    for (auto& [path, shared] : open_files) {
        auto& file = *shared;
        for (const auto& change : file.unsynced) {
            if (change.truncates) {
                if (random() % 2 == 0) file.durable.resize(change.offset);
                continue;
            }
            unsigned fate = random() % 3;  // lost, there, torn
            for (std::size_t at = 0; at < change.bytes.size(); at += sector) {
                if (fate == 0 || (fate == 2 && random() % 2 == 0)) continue;
                auto piece =
                    core::ByteView(change.bytes).subspan(at, std::min(sector, change.bytes.size() - at));
                apply(file.durable, change.offset + at, piece);
            }
        }
        file.unsynced.clear();
        file.seen = file.durable;
    }
}

FaultDisk::Files FaultDisk::files() const {
    Files copy;
    for (const auto& [path, file] : open_files) copy[path] = *file;
    return copy;
}
void FaultDisk::load(const Files& files) {
    heal();
    open_files.clear();
    for (const auto& [path, file] : files) open_files[path] = std::make_shared<File>(file);
}

}  // namespace test
