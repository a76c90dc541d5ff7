// The verification report: what was judged and against whom, what was checked and what was not, and why it
// was refused, in words that can be filed and as JSON for programs.
//
// English, as all that staff's command line says. Facts come from the record and are told only when the pages
// agree with it. Times are UTC but for the one that the tablet's clock claims, which certificates print in
// Swedish time.
#pragma once

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/certificate/verify.h"

namespace core {

struct TrustedCa {
    std::string name, sha256;  // common name; hex
};
// Errc::malformed, as verify_certificate() says it.
Result<std::vector<TrustedCa>> read_trusted(std::string_view pem);

struct Judged {
    std::string file, program;  // "STR26-A0007-K.pdf", "handslag 0.1.0"
    Sha256 sha256{};
    std::size_t size = 0;
    std::int64_t as_of_ms = 0, made_at_ms = 0;
    std::vector<TrustedCa> trusted;
};

std::string report_text(const Judged& judged, const VerifyReport& report);
Json report_json(const Judged& judged, const VerifyReport& report);

// One or two sentences that a person understands.
std::string in_words(const VerifyReport& report);

}  // namespace core
