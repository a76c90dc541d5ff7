#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "core/certificate/seal.h"
#include "tests/support/certificate_samples.h"

namespace {

struct KeyFile {
    std::filesystem::path path = std::filesystem::temp_directory_path() / "handslag-seal-key-test.pem";
    explicit KeyFile(const std::string& pem) { std::ofstream(path) << pem; }
    ~KeyFile() { std::filesystem::remove(path); }
};

}  // namespace

TEST_CASE("a seal key loads from a store URI with its chain") {
    test::Pki pki;
    test::Seal seal = pki.issue();
    KeyFile file(seal.key_pem);
    auto key = core::SealKey::load("file:" + file.path.string(), "", seal.chain_pem);
    REQUIRE(key.ok());
    CHECK(key->subject() == "Strandköpings kommun, surfplatta A");
    CHECK(key->root_pem() == pki.root_pem());
    CHECK(key->chain_pem() == seal.chain_pem);
    CHECK_FALSE(key->demonstration());
    CHECK(key->not_before_ms() == test::now_ms - 30 * test::day_ms);
    CHECK(key->not_after_ms() == test::now_ms + 700 * test::day_ms);
    auto without_root = core::SealKey::load(file.path.string(), "", seal.certificate_pem + pki.issuing_pem());
    REQUIRE(without_root.ok());
    CHECK(without_root->root_pem().empty());
}

TEST_CASE("a seal key is refused with a certificate or a chain that is not its own") {
    test::Pki pki, other;
    test::Seal seal = pki.issue(), second = pki.issue();
    KeyFile file(seal.key_pem);
    auto code = [&](const std::string& chain) {
        auto key = core::SealKey::load(file.path.string(), "", chain);
        return key.ok() ? "ok" : core::to_string(key.error().code);
    };
    CHECK(code(second.chain_pem) == std::string(core::to_string(core::Errc::conflict)));
    CHECK(code(seal.certificate_pem + other.issuing_pem()) ==
          std::string(core::to_string(core::Errc::conflict)));
    CHECK(code(seal.certificate_pem) == std::string(core::to_string(core::Errc::malformed)));
    CHECK(code("no certificates") == std::string(core::to_string(core::Errc::malformed)));
    auto missing = core::SealKey::load("/nonexistent/seal.key", "", seal.chain_pem);
    REQUIRE_FALSE(missing.ok());
    CHECK(missing.error().code == core::Errc::not_found);
}

TEST_CASE("a seal that does not fit into its field is a clear error") {
    test::Pki pki;
    core::SealKey key = test::load(pki.issue());
    core::Bytes small = core::to_bytes("/ByteRange [ 0 999999999 999999999 999999999 ] /Contents <" +
                                       std::string(2000, '0') + ">");
    auto sealed = core::seal(small, key);
    REQUIRE_FALSE(sealed.ok());
    CHECK(sealed.error().detail.find("has room for 1000") != std::string::npos);
    CHECK_FALSE(core::seal(core::to_bytes("no field"), key).ok());
}
