// Renewal: a tablet's next TLS certificate, asked for with the one that it has.
//
// The tablet posts to /renew over a connection with its client certificate, canonical JSON: device, epoch, request
// (PKCS #10 PEM), signature: Ed25519 by the log key over wire::renewal_message(). It gets: certificate (PEM chain). The
// old one is good until it runs out: a tablet that loses the answer asks again.
#pragma once

#include "sync/server/home.h"

namespace server {

// `peer`: whose certificate opened the connection. Errc::not_allowed, in words: nobody's or another's, a wrong signature, a
// log that is frozen or revoked. Errc::malformed.
Result<std::string> renew(Home& home, const std::optional<wire::LogName>& peer, std::string_view request_json,
                          std::int64_t now_ms);

}  // namespace server
