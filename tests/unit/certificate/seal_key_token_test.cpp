// A seal key in a PKCS#11 token: SoftHSM stands in for a smart card or an HSM.
#include <cstdlib>

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/certificate/verify.h"
#include "tests/support/certificate_samples.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_tsa.h"

namespace {

constexpr const char* module_file = "/usr/lib/softhsm/libsofthsm2.so";

bool run(const std::string& command) { return std::system((command + " >/dev/null 2>&1").c_str()) == 0; }
bool is_here() {
    bool here = std::filesystem::exists(module_file) && run("command -v softhsm2-util");
    if (!here) MESSAGE("softhsm2 is not installed: seal keys in tokens are not tested here");
    return here;
}

// A token of its own in a folder; its PIN is 4711. One a process: the module reads its configuration once.
struct Token {
    TemporaryFolder folder;
    Token() {
        std::filesystem::create_directories(folder / "tokens");
        std::string settings =
            "directories.tokendir = " + (folder / "tokens").string() + "\nobjectstore.backend = file\n";
        REQUIRE(core::write_file_durably(folder / "softhsm2.conf", core::as_bytes(settings)).ok());
        ::setenv("SOFTHSM2_CONF", (folder / "softhsm2.conf").c_str(), 1);
        REQUIRE(run("softhsm2-util --init-token --free --label handslag --pin 4711 --so-pin 0000"));
    }
    void import(const test::Credential& seal, const std::string& name, const std::string& id) const {
        auto file = folder / (name + ".pem");
        REQUIRE(core::write_file_durably(file, core::as_bytes(seal.key_pem()), core::FileAccess::owner_only)
                    .ok());
        REQUIRE(run("softhsm2-util --import " + file.string() + " --token handslag --label " + name +
                    " --id " + id + " --pin 4711"));
        std::filesystem::remove(file);
    }
    static std::string uri(const std::string& name) {
        return "pkcs11:token=handslag;object=" + name + ";type=private?module-path=" + module_file;
    }
};

}  // namespace

TEST_CASE("a key in a token seals, as P-256 and as RSA-3072, and a wrong PIN or name opens nothing") {
    if (!is_here()) return;
    Token token;
    test::World p256(test::KeyKind::p256), rsa(test::KeyKind::rsa3072);
    token.import(p256.seal, "p256", "01");
    token.import(rsa.seal, "rsa", "02");
    // Before the first right PIN: from then on the token is open to this process.
    CHECK(core::SealKey::load(Token::uri("p256"), "0815", p256.chain_pem()).error().code ==
          core::Errc::wrong_secret);
    CHECK(core::SealKey::load(Token::uri("saknas"), "4711", p256.chain_pem()).error().code ==
          core::Errc::wrong_secret);
    for (auto [world, name] : {std::pair{&p256, "p256"}, std::pair{&rsa, "rsa"}}) {
        CAPTURE(name);
        auto key = core::SealKey::load(Token::uri(name), "4711", world->chain_pem());
        REQUIRE(key.ok());
        auto made = test::workshop().make(test::sample_record(), *key);
        REQUIRE(made.ok());
        auto report = core::verify_certificate(made->pdf, world->root.pem(), test::now_ms);
        REQUIRE(report.ok());
        CHECK(report->verdict == core::Verdict::valid);
    }
    // The key of one with the certificate of the other.
    CHECK(core::SealKey::load(Token::uri("p256"), "4711", rsa.chain_pem()).error().code ==
          core::Errc::conflict);
}
