#include "core/certificate/verify.h"

#include "core/certificate/verify_revision.h"

namespace core {

const Finding* VerifyReport::first_failure() const {
    for (const Finding& finding : findings)
        if (finding.outcome == Finding::Outcome::failed) return &finding;
    return nullptr;
}

Result<VerifyReport> verify_certificate(ByteView pdf, std::string_view trust_pem, std::int64_t at_ms) {
    TRY_ASSIGN(auto trust, read_certificates(trust_pem));
    Judgement judgement;
    judgement.report().revocation = "not checked";
    TRY_ASSIGN(auto first, judge_first_revision(judgement, pdf));
    if (!first) return judgement.finish();
    if (!first->seal.timestamp.empty())
        judgement.failed("timestamp", "the seal carries a timestamp, which this program cannot judge",
                         "ETSI EN 319 142-1 6.3");
    judge_chain(judgement, *first, trust, at_ms);
    judgement.not_checked("revocation", "no revocation data in the file", "RFC 5280 6.3");
    if (!judgement.failed()) judge_record(judgement, *first);
    return judgement.finish();
}

}  // namespace core
