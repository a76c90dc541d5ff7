#include "sync/protocol/expected_list.h"

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/base/json.h"

using namespace core;

TEST_CASE("lists of expected organisations are as the golden ones, and every other spelling is refused") {
    const Json golden =
        Json::parse(as_text(read_file(HANDSLAG_SOURCE_DIR "/tests/golden/sync/expected.json").value()));
    for (const auto& vector : golden["valid"]) {
        INFO(vector["name"].get<std::string>());
        auto content = vector["content"].get<std::string>();
        auto decoded = wire::decode_expected_list(as_bytes(content));
        REQUIRE(decoded.ok());
        CHECK(decoded->ceremony.str() == vector["ceremony"].get<std::string>());
        CHECK(decoded->list == vector["list"].get<std::string>());
        CHECK(as_text(wire::encode(*decoded).value()) == content);
    }
    CHECK(golden["invalid"].size() == 9);
    for (const auto& vector : golden["invalid"]) {
        INFO(vector["name"].get<std::string>());
        auto decoded = wire::decode_expected_list(as_bytes(vector["content"].get<std::string>()));
        REQUIRE_FALSE(decoded.ok());
        CHECK((decoded.error().code == Errc::newer_version) == (vector["error"] == "newer_version"));
    }
}

TEST_CASE("a list that no frame can carry, or that is not text, is not sent") {
    wire::ExpectedList list{CeremonyId::make(1), std::string(wire::longest_feed_content, 'x')};
    CHECK(wire::encode(list).error().code == Errc::not_allowed);
    list.list = "\xff";
    CHECK(wire::encode(list).error().code == Errc::malformed);
}
