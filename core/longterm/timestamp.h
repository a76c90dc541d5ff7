// Timestamp: asking for an RFC 3161 token and reading what comes back, strictly.
//
// A token must name our digest, be signed by a certificate for time-stamping alone (critical, RFC 3161, 2.3)
// that it names by signing-certificate-v2 (RFC 5816), use nothing weaker than SHA-256, and be written in the one
// form that we store (token_form.h). Whether that certificate is trusted is another question: validation.h.
// Input is hostile and bounded in size.
#pragma once

#include "core/base/hash.h"
#include "core/certificate/x509.h"
#include "core/longterm/token_form.h"

namespace core {

struct TimestampRequest {
    Bytes der;  // application/timestamp-query
    Sha256 imprint{};
    Bytes nonce;         // 16 bytes, as a positive INTEGER's content
    std::string policy;  // dotted; empty: any
};
// Asks for the TSA's certificates too. Errc::malformed: no such policy.
Result<TimestampRequest> make_timestamp_request(const Sha256& imprint, std::string_view policy = {});

struct TimestampFacts {
    std::int64_t at_ms = 0;  // genTime, rounded down to seconds
    std::string policy, tsa;
    X509Certificate signer;
    std::vector<X509Certificate> certificates;  // the others in the token
    Bytes nonce;                                // empty when it has none
};

// Errc::damaged says what about the token does not hold.
Result<TimestampFacts> check_token(ByteView token, const Sha256& imprint);

// The token in a response (application/timestamp-reply) that answers the request, in its one form.
// Errc::not_allowed: the TSA refused, and why; malformed; damaged: it answers something else.
Result<Bytes> read_timestamp_response(ByteView response, const TimestampRequest& request);

}  // namespace core
