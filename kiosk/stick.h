// Stick: the removable folders that the kiosk may write to: the host's (sealed copies of every signing) and a
// visitor's (that visitor's own certificate).
//
// The host's stick carries `handslag-stick.txt`; any other one is a visitor's. A folder under the media roots
// counts only while something is mounted on it, so that a copy is never written to the tablet's own disk by
// mistake. Nothing is polled: the kernel tells when the mount table or a named folder changes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kiosk {

inline constexpr const char* host_stick_marker = "handslag-stick.txt";

struct Sticks {
    std::filesystem::path host, visitor;  // empty: none is plugged in
    friend bool operator==(const Sticks&, const Sticks&) = default;
};

struct StickPlaces {
    std::filesystem::path host;                // --stick: this folder is the host's, while it exists
    std::vector<std::filesystem::path> roots;  // where sticks are mounted, one folder each
    bool must_be_mounted = true;               // false where the roots are plain folders (journeys)
};

// /media/$USER and /run/media/$USER.
std::vector<std::filesystem::path> usual_media_roots();

Sticks look_for_sticks(const StickPlaces& places);

// Wakes a poll() when sticks may have come or gone.
class StickWatch {
  public:
    explicit StickWatch(const StickPlaces& places);
    StickWatch(const StickWatch&) = delete;
    StickWatch& operator=(const StickWatch&) = delete;
    ~StickWatch();

    int mounts_fd() const { return mounts_; }    // poll for POLLPRI; -1 when the kernel cannot tell
    int folders_fd() const { return folders_; }  // poll for POLLIN; -1 when nothing is watched
    void drain();                                // after either became ready

  private:
    int mounts_ = -1, folders_ = -1;
};

}  // namespace kiosk
