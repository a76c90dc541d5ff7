// Judge: a certificate at any level of the ladder, from B-B as sealed in the room to B-LTA (EN 319 142-1, 6).
//
// | level | what it has more                                    | what that proves                              |
// |-------|-----------------------------------------------------|-----------------------------------------------|
// | B-B   | the seal                                            | who sealed what, while the certificate lives  |
// | B-T   | a timestamp in the seal                             | that the seal existed at a time               |
// | B-LT  | validation data for the seal and its timestamp      | that no certificate was revoked at that time  |
// | B-LTA | a document timestamp over all that                  | the same when those certificates have expired |
//
// Timestamps are judged from the last to the first, each at the time that the one after it proves; the seal
// at the time that the first proves (EN 319 102-1, 5.6). A file cut back to an earlier level is that level.
#pragma once

#include "core/certificate/verify.h"
#include "core/longterm/validation_data.h"

namespace core {

enum class Level { none, bb, bt, blt, blta };
std::string_view to_id(Level level);  // "B-LT"; empty for none

struct TrustFiles {
    std::string seals_pem;       // CAs for seals, and for timestamps
    std::string timestamps_pem;  // CAs for timestamps alone
};

// What one signature's validation needs, as far as it is known.
struct Needs {
    ValidationData data;  // chains, and the answers about their certificates
    struct Missing {      // a certificate of which nothing is known
        std::string whose;
        std::vector<std::string> ocsp_urls, crl_urls;
        Bytes ocsp_request;
    };
    std::vector<Missing> missing;
};

struct LongTerm {
    VerifyReport report;
    Level level = Level::none;
    bool has_timestamp = false;        // in the seal, whoever made it
    std::int64_t proven_at_ms = 0;     // the seal existed then; 0: nothing proves it
    std::int64_t last_stamp_ms = 0;    // the last timestamp; 0: none
    std::int64_t renew_before_ms = 0;  // when the first certificate behind the last timestamp expires
    Needs seal, last_timestamp;        // of the seal with its timestamp; of the last document timestamp
};

// `more`: revocation data and certificates from outside the file; they never raise the level. An error means
// unreadable: not a PDF that can be judged at all.
Result<LongTerm> judge_long_term(ByteView pdf, const TrustFiles& trust, std::int64_t at_ms,
                                 const ValidationData& more = {});

}  // namespace core
