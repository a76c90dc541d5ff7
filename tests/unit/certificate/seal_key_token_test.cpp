// A seal key in a PKCS#11 token: SoftHSM stands in for a smart card or an HSM.
#include <doctest/doctest.h>

#include "core/certificate/verify.h"
#include "tests/support/certificate_samples.h"
#include "tests/support/soft_token.h"
#include "tests/support/test_tsa.h"

using Token = test::SoftToken;

TEST_CASE("a key in a token seals, as P-256 and as RSA-3072, and a wrong PIN or name opens nothing") {
    if (!Token::is_here()) return;
    Token token;
    test::World p256(test::KeyKind::p256), rsa(test::KeyKind::rsa3072);
    token.import(p256.seal.key_pem(), "p256", "01");
    token.import(rsa.seal.key_pem(), "rsa", "02");
    // Before the first right PIN: from then on the token is open to this process.
    CHECK(core::SealKey::load(Token::uri("p256"), "0815", p256.chain_pem()).error().code ==
          core::Errc::wrong_secret);
    CHECK(core::SealKey::load(Token::uri("saknas"), "4711", p256.chain_pem()).error().code ==
          core::Errc::not_found);
    // Neither a PIN in the open, nor a part that we do not know.
    for (const char* part : {";pin-value=4711", ";slot-id=0"})
        CHECK(core::SealKey::load("pkcs11:token=handslag;object=p256" + std::string(part), "4711",
                                  p256.chain_pem())
                  .error()
                  .code == core::Errc::not_allowed);
    CHECK(core::SealKey::load("pkcs11:token=handslag?module-path=/usr/lib/softhsm/libsofthsm2.so", "4711",
                              p256.chain_pem())
              .error()
              .code == core::Errc::conflict);  // which of the two?
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
