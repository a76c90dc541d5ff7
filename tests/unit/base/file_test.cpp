#include <cstdlib>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/file_stream.h"

using namespace core;

namespace {
struct Folder {
    Folder() {
        char name[] = "/tmp/handslag-file-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};
}  // namespace

TEST_CASE("a file is written whole, read whole, and leaves nothing beside it") {
    Folder folder;
    auto file = folder.path / "a";
    REQUIRE(write_file_durably(file, as_bytes("one")).ok());
    REQUIRE(write_file_durably(file, as_bytes("two"), FileAccess::owner_only).ok());
    CHECK(as_text(read_file(file).value()) == "two");
    struct stat info {};
    ::stat(file.c_str(), &info);
    CHECK((info.st_mode & 0777) == 0600);
    CHECK(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("each failure has its own code") {
    Folder folder;
    CHECK(read_file(folder.path / "none").error().code == Errc::not_found);
    CHECK(read_file(folder.path).error().code == Errc::not_readable);
    std::ofstream(folder.path / "big") << std::string(100, 'x');
    CHECK(read_file(folder.path / "big", 99).error().code == Errc::malformed);
    CHECK(read_file(folder.path / "big", 100).ok());
    CHECK(write_file_durably(folder.path / "no" / "file", as_bytes("x")).error().code == Errc::not_found);
    CHECK(write_file_durably("/proc/handslag", as_bytes("x")).ok() == false);
    CHECK(write_file_durably("/dev/full/x", as_bytes("x")).ok() == false);
}

TEST_CASE("a pipe is not a file, and does not make us wait") {
    Folder folder;
    auto pipe = folder.path / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    CHECK(read_file(pipe).error().code == Errc::not_readable);
}

TEST_CASE("writing replaces a link, and never what the link points to") {
    Folder folder;
    std::ofstream(folder.path / "precious") << "whole";
    std::filesystem::create_symlink("precious", folder.path / "link");
    REQUIRE(write_file_durably(folder.path / "link", as_bytes("new")).ok());
    CHECK(as_text(read_file(folder.path / "precious").value()) == "whole");
    CHECK(as_text(read_file(folder.path / "link").value()) == "new");
}

TEST_CASE("free space is told, and is nothing where there is nothing") {
    CHECK(free_bytes("/tmp") > 0);
    CHECK(free_bytes("/no/such/place") == 0);
}

TEST_CASE("a file that comes in pieces is there when it is kept, and otherwise not at all") {
    Folder folder;
    {
        auto dropped = NewFile::begin(folder.path / "large");
        REQUIRE(dropped.ok());
        REQUIRE(dropped->write(as_bytes("half")).ok());
    }
    CHECK(std::filesystem::is_empty(folder.path));
    auto file = NewFile::begin(folder.path / "large");
    REQUIRE(file.ok());
    auto moved = std::move(*file);
    REQUIRE(moved.write(as_bytes("first, ")).ok());
    REQUIRE(moved.write(as_bytes("second")).ok());
    REQUIRE(moved.keep().ok());
    auto open = OpenFile::open(folder.path / "large");
    REQUIRE(open.ok());
    CHECK(open->size() == 13);
    CHECK(as_text(open->read(7, 6).value()) == "second");
    CHECK(open->read(7, 7).error().code == Errc::damaged);
    CHECK(OpenFile::open(folder.path).error().code == Errc::not_readable);
    CHECK(OpenFile::open(folder.path / "none").error().code == Errc::not_found);
    CHECK(NewFile::begin("/dev/full/x").ok() == false);
}
