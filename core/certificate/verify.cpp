#include "core/certificate/verify.h"

#include "core/certificate/verify_cms.h"
#include "core/certificate/verify_page.h"
#include "core/certificate/verify_structure.h"

namespace core {
namespace {

constexpr const char* pades = "ETSI EN 319 142-1 6.3";

class Report {
  public:
    void passed(const char* check, std::string what, const char* clause = "") {
        report_.findings.push_back({check, Finding::Outcome::passed, std::move(what), clause});
    }
    void failed(const char* check, std::string what, const char* clause = "") {
        report_.findings.push_back({check, Finding::Outcome::failed, std::move(what), clause});
        failed_ = true;
    }
    void not_checked(const char* check, std::string what, const char* clause = "") {
        report_.findings.push_back({check, Finding::Outcome::not_checked, std::move(what), clause});
    }
    void undecided() { undecided_ = true; }
    VerifyReport finish() {
        report_.verdict = failed_ ? Verdict::not_valid : undecided_ ? Verdict::undecided : Verdict::valid;
        return std::move(report_);
    }
    VerifyReport& operator*() { return report_; }

  private:
    VerifyReport report_;
    bool failed_ = false, undecided_ = false;
};

void judge_chain(Report& report, const SealFacts& seal, const SealedFile& sealed,
                 const std::vector<X509Certificate>& trust, std::int64_t at_ms) {
    using Standing = ChainFacts::Standing;
    if (std::string why = check_usage(seal.signer.get()); !why.empty())
        report.failed("usage", "the seal's certificate: " + why, "RFC 9336");
    else
        report.passed("usage", "the certificate is for sealing documents", "RFC 9336");

    if (sealed.claimed_at_ms < to_ms(X509_get0_notBefore(seal.signer.get())) ||
        sealed.claimed_at_ms > to_ms(X509_get0_notAfter(seal.signer.get())))
        report.failed("claimed-time", "the seal claims a time when its certificate was not valid");
    else
        report.passed("claimed-time", "the claimed time lies within the certificate's validity");

    ChainFacts chain = check_chain(seal, trust, at_ms);
    switch (chain.standing) {
        case Standing::trusted:
            report.passed("chain", "the certificate leads to a trusted CA and is valid", "RFC 5280 6.1");
            break;
        case Standing::untrusted:
            report.failed("chain", chain.why, "RFC 5280 6.1");
            break;
        case Standing::outside_validity:
        case Standing::no_anchor:
            report.not_checked("chain", chain.why, "RFC 5280 6.1");
            report.undecided();
            break;
    }
}

void judge_record(Report& report, const PdfFile& file, const SealedFile& sealed, bool demonstration_seal) {
    (*report).demonstration = demonstration_seal;
    auto record = extract_record(file, *sealed.catalog);
    if (!record.ok()) return report.failed("record", record.error().detail, "ISO 19005-3 6.8");
    (*report).record_name = record->name;
    (*report).record = record->content;
    auto text = extract_text(file, sealed.pages);
    if (!text.ok()) return report.failed("page-text", text.error().detail);
    auto compared = compare_with_record(*record, *text, demonstration_seal);
    if (!compared.ok()) return report.failed("record", compared.error().detail);
    (*report).demonstration = *compared || demonstration_seal;
    report.passed("record", "the embedded record is canonical, and the pages say the same",
                  "ISO 19005-3 6.8");
}

}  // namespace

const Finding* VerifyReport::first_failure() const {
    for (const Finding& finding : findings)
        if (finding.outcome == Finding::Outcome::failed) return &finding;
    return nullptr;
}

Result<VerifyReport> verify_certificate(ByteView pdf, std::string_view trust_pem, std::int64_t at_ms) {
    TRY_ASSIGN(auto trust, read_certificates(trust_pem));
    TRY_ASSIGN(PdfFile file, PdfFile::read(pdf));
    Report report;
    (*report).revocation = "not checked";
    report.passed("form", "one revision, every byte accounted for");

    auto sealed = check_structure(file, pdf);
    if (!sealed.ok()) {
        report.failed("structure", sealed.error().detail, pades);
        return report.finish();
    }
    report.passed("structure", "one seal, which covers the whole file and forbids changes", pades);
    auto seal = check_cms(sealed->hole, sealed->digest);
    if (!seal.ok()) {
        report.failed("signature", seal.error().detail, "RFC 5652, ETSI EN 319 122-1");
        return report.finish();
    }
    report.passed("signature", "the signature holds, and its encoding is strict",
                  "RFC 5652, ETSI EN 319 122-1");
    (*report).level = "B-B";
    (*report).sealed_by = common_name(seal->signer.get());
    (*report).issuer_fingerprint = to_hex(sha256(to_der(seal->issuer.get(), i2d_X509)));
    judge_chain(report, *seal, *sealed, trust, at_ms);
    report.not_checked("revocation", "no revocation data in the file");
    judge_record(report, file, *sealed, says_demonstration(seal->signer.get()));
    return report.finish();
}

}  // namespace core
