// Enrolment: how a tablet gets its client certificate, by an invitation that works once.
//
// The ledger holds only the hash of an invitation's code (sync/protocol/invitation.h), with an hour of
// expiry.
//
// The tablet posts to /enrol, JSON: code, device, epoch, log_key (hex), request (PKCS #10 PEM), signature:
// Ed25519 by the log key over "handslag-enrol/1\n" code "\n" device "\n" epoch "\n" SHA-256 of the request
// (hex). It gets: certificate (PEM chain), bundle_certificate (PEM), origin, server_key (hex).
#pragma once

#include "sync/protocol/invitation.h"
#include "sync/server/home.h"

namespace server {

// For one tablet, for some hours.
Result<wire::Invitation> invite(Home& home, std::string_view tablet, std::string_view url,
                                std::int64_t now_ms, std::int64_t hours = 1);

// The answer's JSON. Errc::not_allowed for a code that is wrong, used or too old; malformed; conflict.
Result<std::string> enrol(Home& home, std::string_view request_json, std::int64_t now_ms);

// The same for a request that came by stick, signed with the TLS key (sync/protocol/admission.h).
Result<std::string> admit(Home& home, std::string_view request_json, std::int64_t now_ms);

// Issues it and notes whose it is, in the caller's transaction. A certificate that is not given then is nobody's.
Result<core::Issued> issue_client_certificate(Home& home, const wire::LogName& log, std::string_view request,
                                              std::string_view tablet, std::int64_t now_ms);

// Whose certificate it is, by the SHA-256 of its DER (hex); nothing when nobody's.
Result<std::optional<wire::LogName>> peer_of(Ledger& ledger, std::string_view certificate_sha256);

}  // namespace server
