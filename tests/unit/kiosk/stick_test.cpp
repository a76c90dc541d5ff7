// Sticks: whose they are, and that nothing is ever written to the tablet's own disk by mistake.
#include "kiosk/stick.h"

#include <fstream>

#include <doctest/doctest.h>
#include <poll.h>

namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path;
    Folder() {
        char name[] = "/tmp/handslag-sticks-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { fs::remove_all(path); }
};

kiosk::StickPlaces plain_folders(const fs::path& root) { return {{}, {root}, false}; }

}  // namespace

TEST_CASE("a stick with the marker is the host's, any other a visitor's") {
    Folder media;
    fs::create_directory(media.path / "KOMMUNEN");
    fs::create_directory(media.path / "VISITOR");
    std::ofstream(media.path / "KOMMUNEN" / kiosk::host_stick_marker) << "x";
    auto found = kiosk::look_for_sticks(plain_folders(media.path));
    CHECK(found.host == media.path / "KOMMUNEN");
    CHECK(found.visitor == media.path / "VISITOR");
}

TEST_CASE("the named stick is the host's while it exists") {
    Folder media;
    kiosk::StickPlaces places{media.path / "stick", {}, true};
    CHECK(kiosk::look_for_sticks(places).host.empty());
    fs::create_directory(media.path / "stick");
    CHECK(kiosk::look_for_sticks(places).host == media.path / "stick");
}

TEST_CASE("a folder on which nothing is mounted is no stick") {
    Folder media;
    fs::create_directory(media.path / "LEFTOVER");
    auto places = plain_folders(media.path);
    CHECK(!kiosk::look_for_sticks(places).visitor.empty());
    places.must_be_mounted = true;
    CHECK(kiosk::look_for_sticks(places) == kiosk::Sticks{});
}

TEST_CASE("the kernel tells when a stick comes, and once is enough") {
    Folder media;
    auto places = plain_folders(media.path);
    kiosk::StickWatch watch(places);
    pollfd what{watch.folders_fd(), POLLIN, 0};
    REQUIRE(::poll(&what, 1, 0) == 0);
    fs::create_directory(media.path / "NEW");
    CHECK(::poll(&what, 1, 2000) == 1);
    watch.drain();
    CHECK(::poll(&what, 1, 0) == 0);
}
