// Verify: our own strict reading of a certificate. Refuses what the common validators let pass
// (ARCHITECTURE.md).
//
// Works offline from a trust file. Input is hostile: time and memory are bounded. Checks have stable names:
//
// | check        | what it asks                                               | clause                       |
// |--------------|------------------------------------------------------------|------------------------------|
// | form         | every byte belongs to an object, table or trailer of ours  | ISO 32000-1 7.5              |
// | structure    | one seal over the whole file; nothing acts, hides, changes | ETSI EN 319 142-1 6.3        |
// | signature    | the file is as sealed, and the CMS is in its one form      | RFC 5652 5.6, EN 319 122-1 5 |
// | usage        | the certificate is for sealing documents                   | RFC 9336 3                   |
// | timestamp    | a timestamp in the seal (core/longterm judges it)          | RFC 3161, EN 319 142-1 6.3   |
// | chain        | it leads to a trusted CA, and was valid                    | RFC 5280 6.1                 |
// | claimed-time | the seal claims a time within its certificate's validity   | EN 319 142-1 6.3             |
// | revocation   | it was not revoked (core/longterm)                         | RFC 5280 6.3                 |
// | page         | what the pages show can be seen, and nothing covers it     | ISO 32000-1 8, 9             |
// | record       | the record is canonical, and the pages say the same        | ISO 19005-3 6.8              |
// | letters      | never checked: embedded fonts draw each letter as itself   | ISO 32000-1 9.10             |
//
// What cannot be read ("form") is an error, not a report. Later checks are not made once a cheap one has
// failed. core/longterm/judge.h adds "increments", "validation-data", "document-timestamp N" and "level".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

enum class Verdict { valid, not_valid, undecided };  // undecided: no anchor, or expired with no timestamp

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
    std::int64_t claimed_at_ms = 0;   // /M: the sealing device's own clock
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
