// Invitation: how a tablet gets its client certificate, once. PROTOCOL.md has the exchange.
//
// One line, typed or read from a QR code:
//   handslag-invitation/1 https://HOST:PORT CODE PIN
// CODE: 104 random bits in Crockford's base 32. PIN: "sha256//" and the base64 SHA-256 of the server's TLS
// key, so that the tablet knows whom it talks to without any other authority.
#pragma once

#include "sync/protocol/frames.h"

namespace wire {

struct Invitation {
    std::string url, code, pin;
    friend bool operator==(const Invitation&, const Invitation&) = default;
};
std::string encode(const Invitation& invitation);
core::Result<Invitation> parse_invitation(std::string_view line);  // Errc::malformed

// What the tablet signs with its log key: "handslag-enrol/1\n" code "\n" device "\n" epoch "\n" SHA-256 of
// the request's PEM (hex) "\n".
core::Bytes enrolment_message(std::string_view code, const LogName& log, std::string_view request_pem);

// Likewise for a new certificate: "handslag-renew/1\n" device "\n" epoch "\n" SHA-256 of the request's PEM (hex) "\n".
core::Bytes renewal_message(const LogName& log, std::string_view request_pem);

}  // namespace wire
