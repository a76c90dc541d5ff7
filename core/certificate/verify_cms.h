// The seal itself: its CMS must be, byte for byte, the only encoding that we would have written.
//
// OpenSSL accepts hundreds of single-bit changes inside a CMS (versions, tags, spellings of names). So
// nothing is interpreted leniently here: certificates and signature value are taken out, the whole CMS is
// written anew around them, and the two must be equal.
#pragma once

#include "core/base/hash.h"
#include "core/certificate/x509.h"

namespace core {

struct SealFacts {
    X509Certificate signer, issuer;
    std::size_t size = 0;  // of the CMS within the hole; the rest is zero
    Bytes signature;       // its value: what a signature timestamp is over
    Bytes timestamp;       // the TimeStampToken in the CMS, not judged here; empty in a B-B
};

// `hole`: the decoded /Contents. `digest`: SHA-256 over the byte range. Errc::damaged says which part does
// not hold.
Result<SealFacts> check_cms(ByteView hole, const Sha256& digest);

struct ChainFacts {
    enum class Standing { trusted, untrusted, outside_validity, no_anchor } standing = Standing::untrusted;
    std::string why;
};
// To a certificate of `trust`, at a time. What is in the seal but also in `trust` must be the very same
// certificate.
ChainFacts check_chain(const SealFacts& seal, const std::vector<X509Certificate>& trust, std::int64_t at_ms);

// May this certificate seal documents? Empty when it may, else why not.
std::string check_usage(X509* signer);

}  // namespace core
