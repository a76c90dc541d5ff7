// Revocation list: what somebody else's copy of a CA's list says, before it is shown to the world (RFC 5280, 5).
//
// Making one is ca.h's business, and what one says of a certificate at a given time core/longterm/validation's.
#pragma once

#include "core/base/hash.h"
#include "core/base/result.h"
#include "core/certificate/x509.h"

namespace core {

struct ListFacts {
    std::int64_t this_update_ms = 0, next_update_ms = 0;
    Bytes number;     // CRL number, big-endian without leading zeros: a later list has a higher one (5.2.3)
    Sha256 issuer{};  // of the issuer's name
    bool by_root = false;
};
// Errc::malformed: not a list in DER that says when the next one comes, and has a number.
Result<ListFacts> read_list(ByteView der);

// Of the root in `root_pem`, or of a CA in `issuing_pem` that it issued. Errc::not_allowed: it is another's, or its
// signature does not hold.
Result<ListFacts> check_list(ByteView der, std::string_view root_pem, std::string_view issuing_pem);

// Errc::malformed, or not_allowed: not one certificate of a CA that signed itself.
Status check_root_certificate(std::string_view pem);

// Does it name one of `chain`, each certificate before its issuer? Errc::malformed; not_allowed: no CA of the chain
// signed it.
Result<bool> revokes(ByteView der, const std::vector<X509Certificate>& chain);

// Is the list of `a` later than that of `b`?
bool is_later(const ListFacts& a, const ListFacts& b);

}  // namespace core
