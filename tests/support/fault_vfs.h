// FaultDisk: a disk in memory, as SQLite's default file system while it lives, that fails when told.
//
// A file has what programs see and what would survive a power cut. A sync that fails loses what it should
// have made durable, as Linux does: a later sync that succeeds does not bring it back.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/base/bytes.h"

namespace test {

enum class Fault {
    none,
    one_error,   // this one operation fails
    dead_disk,   // this one and all that follow
    full_disk,   // from here on no file grows; half of the write that did not fit is there
    power_cut,   // from here on nothing happens; of what was not synced, some sectors are there and some are
                 // not
    read_error,  // this one read fails
};

class FaultDisk {
  public:
    FaultDisk();
    ~FaultDisk();
    FaultDisk(const FaultDisk&) = delete;
    FaultDisk& operator=(const FaultDisk&) = delete;

    // The n-th operation from now (1, 2, ...): writes, syncs, truncations, deletions and openings that
    // create; or reads, for read_error.
    void fail_at(int n, Fault fault);
    bool fired() const { return fired_; }
    void heal();                        // space is freed, the disk answers again
    void power_up(std::uint32_t seed);  // after a power cut at this moment, whatever the fault was

    struct File {
        core::Bytes seen, durable;
        struct Change {
            std::size_t offset = 0;
            core::Bytes bytes;
            bool truncates = false;  // to `offset`
        };
        std::vector<Change> unsynced;
    };
    using Files = std::map<std::string, File>;
    Files files() const;
    void load(const Files& files);  // a healthy disk with these; no file may be open

    // For the file system's functions.
    int before_change();  // SQLITE_OK, or the error that this operation gives
    int before_read();
    bool full() const { return fired_ && fault_ == Fault::full_disk; }
    std::map<std::string, std::shared_ptr<File>> open_files;

  private:
    Fault fault_ = Fault::none;
    int left_ = 0;
    bool fired_ = false;
};

}  // namespace test
