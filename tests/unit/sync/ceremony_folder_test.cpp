#include "sync/protocol/ceremony_folder.h"

#include <fstream>

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.h"

using namespace core;
namespace fs = std::filesystem;

TEST_CASE("a folder travels whole, and leaves behind what an editor left there") {
    TemporaryFolder place;
    auto from = place / "from";
    fs::create_directories(from / "agreement");
    fs::create_directories(from / ".git");
    std::ofstream(from / "ceremony.toml") << "title = \"Åsö\"\n";
    std::ofstream(from / "agreement" / "sv.md") << "# Rubrik\n";
    std::ofstream(from / ".git" / "HEAD") << "x";
    std::ofstream(from / ".ceremony.toml.swp") << "x";
    auto files = wire::read_folder(from).value();
    REQUIRE(files.size() == 2);
    auto bytes = wire::encode_folder(files).value();
    CHECK(wire::decode_folder(bytes).value() == files);
    std::error_code ignored;
    fs::create_directories(place / "to.making" / "rest", ignored);  // of a try that was cut short
    REQUIRE(wire::write_folder(place / "to", files).ok());
    CHECK(wire::read_folder(place / "to").value() == files);
    CHECK_FALSE(fs::exists(place / "to" / "rest"));
    CHECK_FALSE(wire::write_folder(place / "to", files).ok());  // never over one that is there
}

TEST_CASE("names that lead out of the folder, and files that are too large, are refused") {
    for (const char* name : {"../x", "/etc/x", "a/../x", "a//b", ".x", "a/.x", "å.md", "a\\b", ""}) {
        INFO(name);
        CHECK(wire::encode_folder({{name, to_bytes("x")}}).error().code == Errc::malformed);
        auto text =
            "{\"files\":{\"" + std::string(name) + "\":\"eA==\"},\"format\":\"handslag-ceremony-folder/1\"}";
        CHECK_FALSE(wire::decode_folder(as_bytes(text)).ok());
    }
    CHECK(wire::encode_folder({{"a", Bytes(900'000)}}).error().code == Errc::not_allowed);
    CHECK(wire::decode_folder(as_bytes("{\"files\":{},\"format\":\"handslag-ceremony-folder/2\"}"))
              .error()
              .code == Errc::newer_version);
    for (const char* text : {"{}", "[]", "{\"files\":[],\"format\":\"handslag-ceremony-folder/1\"}",
                             "{\"files\":{\"a\":\"?\"},\"format\":\"handslag-ceremony-folder/1\"}"})
        CHECK(wire::decode_folder(as_bytes(text)).error().code == Errc::malformed);
    TemporaryFolder place;
    std::ofstream(place / "en fil.md") << "x";
    CHECK(wire::read_folder(place / "").error().detail.find("en fil.md") != std::string::npos);
}
