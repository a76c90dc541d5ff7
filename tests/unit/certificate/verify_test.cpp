#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/certificate_samples.h"

TEST_CASE("a certificate that was just made verifies") {
    test::Pki pki;
    test::Seal seal = pki.issue();
    auto key = test::load(seal);
    auto made = test::workshop().make(test::sample_record(), key);
    INFO((made.ok() ? std::string() : made.error().detail));
    REQUIRE(made.ok());
    if (const char* to = std::getenv("HANDSLAG_SAMPLES")) {
        std::ofstream(std::string(to) + "/one.pdf", std::ios::binary) << core::as_text(made->pdf);
        std::ofstream(std::string(to) + "/ca.pem") << pki.root_pem() << pki.issuing_pem();
    }
    auto report = core::verify_certificate(made->pdf, pki.root_pem(), test::now_ms);
    REQUIRE(report.ok());
    CHECK(report->verdict == core::Verdict::valid);
}
