#include "core/certificate/verify_report.h"

#include <doctest/doctest.h>

#include "tests/support/certificate_samples.h"

using core::Verdict;

namespace {

struct Case {
    test::Pki pki;
    core::Bytes pdf = test::workshop().make(test::sample_record(), test::load(pki.issue())).value().pdf;

    core::VerifyReport verify(const std::string& trust, core::Bytes file) const {
        return core::verify_certificate(file, trust, test::now_ms).value();
    }
    core::Judged judged(const std::string& trust) const {
        return {"intyg.pdf",
                "handslag test",
                core::sha256(pdf),
                pdf.size(),
                test::now_ms,
                test::now_ms,
                core::read_trusted(trust).value()};
    }
    std::string text(const std::string& trust, const core::Bytes& file) const {
        return core::report_text(judged(trust), verify(trust, file));
    }
};
const Case& sample() {
    static const Case one;
    return one;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a report tells the verdict in words, the file, who is trusted, the facts, and what was checked") {
    std::string text = sample().text(sample().pki.root_pem(), sample().pdf);
    INFO(text);
    CHECK(text.starts_with("intyg.pdf: VALID\n"));
    CHECK(has(text, "byte for byte as it was sealed by Strandköpings kommun, surfplatta A"));
    CHECK(has(text, "SHA-256 " + core::to_hex(core::sha256(sample().pdf)) + ", " +
                        std::to_string(sample().pdf.size()) + " bytes"));
    CHECK(has(text, "trusted             Strandköpings kommun rot (SHA-256 "));
    CHECK(has(text, "2026-11-21 15:05:00 in Sweden, by the sealing device's own clock"));
    CHECK(has(text, "organisation        Strandköpings Idrottsförening"));
    CHECK(has(text, "signed by           Åsa Öberg, ordförande"));
    CHECK(has(text, "passed       signature: "));
    CHECK(has(text, "[RFC 5652 5.6, ETSI EN 319 122-1 5]"));
    CHECK(has(text, "not checked  revocation: "));
    CHECK(has(text, "not checked  letters: "));
    CHECK_FALSE(has(text, "FAILED"));
    CHECK_FALSE(has(text, "Why it is refused"));
}

TEST_CASE("every finding of a report has its clause") {
    for (const auto& finding : sample().verify(sample().pki.root_pem(), sample().pdf).findings)
        CHECK_MESSAGE(!finding.clause.empty(), finding.check);
}

TEST_CASE("a refusal gives its reason and clause, and tells nothing that the file says of itself") {
    core::Bytes changed = sample().pdf;
    auto at = core::as_text(changed).find("/Type /Metadata");
    changed[core::as_text(changed).find("stream\n", at) + 20] ^= 1;
    std::string text = sample().text(sample().pki.root_pem(), changed);
    INFO(text);
    CHECK(text.starts_with("intyg.pdf: NOT VALID\n"));
    CHECK(has(text, "Do not rely on this file: the file is not as it was sealed"));
    CHECK(has(text, "Why it is refused\n  FAILED       signature: "));
    CHECK(has(text, "[RFC 5652"));
    CHECK_FALSE(has(text, "Strandköpings Idrottsförening"));
    CHECK_FALSE(has(text, "surfplatta"));
    auto json = core::report_json(sample().judged(""), sample().verify(sample().pki.root_pem(), changed));
    CHECK(json["verdict"] == "not_valid");
    CHECK(json["refused_by"] == "signature");
    CHECK(json["facts"].empty());
    CHECK(json["number"] == "");
}

TEST_CASE("without a trusted CA a report says that nobody vouches for the name in the seal") {
    std::string text = sample().text("", sample().pdf);
    INFO(text);
    CHECK(text.starts_with("intyg.pdf: UNDECIDED\n"));
    CHECK(has(text, "who sealed it is not settled: no"));
    CHECK(has(text, "calls itself        Strandköpings kommun, surfplatta A"));
    CHECK(has(text, "trusted             no CA was given"));
}

TEST_CASE("the JSON of a report carries the same, for programs") {
    std::string trust = sample().pki.root_pem();
    core::Json json = core::report_json(sample().judged(trust), sample().verify(trust, sample().pdf));
    CHECK(json["verdict"] == "valid");
    CHECK(json["sha256"] == core::to_hex(core::sha256(sample().pdf)));
    CHECK(json["judged_as_of"] == "2026-11-21T14:05:00Z");
    CHECK(json["claimed_at"] == "2026-11-21T14:05:00Z");
    CHECK(json["number"] == test::sample_record().certificate_number);
    CHECK(json["level"] == "B-B");
    CHECK(json["trusted"].size() == 1);
    CHECK(json["refused_by"] == "");
    CHECK(json["findings"].size() >= 9);
    bool organisation = false;
    for (const auto& fact : json["facts"])
        organisation |= fact["name"] == "organisation" && fact["what"] == "Strandköpings Idrottsförening";
    CHECK(organisation);
}

TEST_CASE("a name cannot move the cursor of who reads the report") {
    core::VerifyReport report;
    report.verdict = Verdict::undecided;
    report.sealed_by = "\x1B[2J\x1B[HVALID\nsealed by the King";
    core::Judged judged;
    judged.file = "a\nb.pdf";
    std::string text = core::report_text(judged, report);
    CHECK_FALSE(has(text, "\x1B"));
    CHECK_FALSE(has(text, "\nsealed by the King"));
    CHECK(text.starts_with("a?b.pdf: UNDECIDED\n"));
}
