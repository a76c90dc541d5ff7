// Verify: our own strict reading of a certificate. Refuses what the common validators let pass
// (ARCHITECTURE.md).
//
// Works offline from a trust file. Input is hostile: time and memory are bounded by the file's size.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

enum class Verdict {
    valid,
    not_valid,
    undecided
};  // undecided: no trust anchor, or expired without a timestamp

struct Finding {
    std::string check;  // "signature", "byte-range", "record", "chain", ... stable names
    enum class Outcome { passed, failed, not_checked } outcome = Outcome::passed;
    std::string what;    // for people, in English; no personal data
    std::string clause;  // "ETSI EN 319 142-1 6.3", when there is one
};

struct VerifyReport {
    Verdict verdict = Verdict::not_valid;
    std::string level;  // "B-B"
    std::string sealed_by, issuer_fingerprint;
    std::string record_name, record;  // the embedded bytes
    std::string revocation;           // "not checked", or "checked as of ..."
    bool demonstration = false;
    // What the record says, once the pages agree with it: "organisation", "signed by", ... in reading order.
    std::vector<std::pair<std::string, std::string>> facts;
    std::vector<Finding> findings;
    const Finding* first_failure() const;
};

// `trust_pem`: one or more CA certificates, may be empty (then at best undecided). `at_ms`: the time to judge
// validity at. An error means unreadable: not a PDF that can be judged at all.
Result<VerifyReport> verify_certificate(ByteView pdf, std::string_view trust_pem, std::int64_t at_ms);

}  // namespace core
