#include "kiosk/stick.h"

#include <algorithm>
#include <cstdlib>

#include <fcntl.h>
#include <pwd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

namespace kiosk {
namespace {

namespace fs = std::filesystem;

// A mount point lies on another device than the folder that holds it.
bool is_mounted(const fs::path& folder) {
    struct stat inside = {}, around = {};
    return ::stat(folder.c_str(), &inside) == 0 && ::stat(folder.parent_path().c_str(), &around) == 0 &&
           inside.st_dev != around.st_dev;
}

bool is_writable_folder(const fs::path& folder) {
    std::error_code error;
    return fs::is_directory(folder, error) && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

std::vector<fs::path> usual_media_roots() {
    std::string user;
    if (const char* named = std::getenv("USER"); named != nullptr && *named != '\0') user = named;
    if (user.empty())
        if (const passwd* entry = ::getpwuid(::getuid()); entry != nullptr) user = entry->pw_name;
    if (user.empty()) return {};
    return {fs::path("/media") / user, fs::path("/run/media") / user};
}

Sticks look_for_sticks(const StickPlaces& places) {
    Sticks found;
    std::error_code error;
    if (!places.host.empty() && is_writable_folder(places.host)) found.host = places.host;
    for (const auto& root : places.roots) {
        std::vector<fs::path> folders;
        for (fs::directory_iterator at(root, error), end; !error && at != end; at.increment(error))
            if (is_writable_folder(at->path()) && (!places.must_be_mounted || is_mounted(at->path())))
                folders.push_back(at->path());
        std::sort(folders.begin(), folders.end());
        for (const auto& folder : folders) {
            if (folder == found.host) continue;
            bool marked = fs::exists(folder / host_stick_marker, error);
            auto& place = marked ? found.host : found.visitor;
            if (place.empty()) place = folder;
        }
    }
    return found;
}

StickWatch::StickWatch(const StickPlaces& places) {
    mounts_ = ::open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
    folders_ = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (folders_ < 0) return;
    constexpr std::uint32_t changes =
        IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_ATTRIB | IN_ONLYDIR;
    for (const auto& root : places.roots) ::inotify_add_watch(folders_, root.c_str(), changes);
    if (!places.host.empty()) ::inotify_add_watch(folders_, places.host.parent_path().c_str(), changes);
}

StickWatch::~StickWatch() {
    if (mounts_ >= 0) ::close(mounts_);
    if (folders_ >= 0) ::close(folders_);
}

void StickWatch::drain() {
    // Reading the table once acknowledges the change; its content is looked up by path instead.
    char buffer[4096];
    if (mounts_ >= 0) {
        ::lseek(mounts_, 0, SEEK_SET);
        while (::read(mounts_, buffer, sizeof buffer) > 0) {
        }
    }
    if (folders_ >= 0)
        while (::read(folders_, buffer, sizeof buffer) > 0) {
        }
}

}  // namespace kiosk
