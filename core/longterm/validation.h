// Validation: certificates, chains and revocation data that were read, and what they say at a given time.
//
// RFC 5280 (6.1 chains, 6.3 CRLs) and RFC 6960 (OCSP). Nothing here fetches anything. Whatever cannot be
// authenticated counts for nothing; what says "revoked" counts however old it is.
#pragma once

#include <openssl/ocsp.h>

#include "core/certificate/verify_cms.h"
#include "core/longterm/validation_data.h"

namespace core {

using OcspResponse = Handle<OCSP_BASICRESP, OCSP_BASICRESP_free>;
using Crl = Handle<X509_CRL, X509_CRL_free>;

// ValidationData, decoded. `*_used`: what some question needed; the rest is ballast.
struct ParsedData {
    std::vector<X509Certificate> certificates;
    std::vector<OcspResponse> ocsps;
    std::vector<Crl> crls;
    std::vector<bool> certificate_used, ocsp_used, crl_used;
    ValidationData der;                       // the same, in the same order
    std::size_t own_ocsps = 0, own_crls = 0;  // how many, from the front, are the file's own

    // Errc::malformed: something that is not DER of its kind, or an OCSP response that is a refusal.
    static Result<ParsedData> parse(const ValidationData& data);
    Status add(const ValidationData& data);
};
Result<X509Certificate> decode_certificate(ByteView der);  // Errc::malformed

struct Chain {
    ChainFacts::Standing standing = ChainFacts::Standing::untrusted;
    std::string why;
    std::vector<X509Certificate> certificates;  // of what was asked about first, of the anchor last
    std::int64_t not_after_ms = 0;              // the first to expire
};
enum class ChainOf { seal, timestamp };
// `others`: any certificates that may help. no_anchor: none of `trust` is at its end.
Chain find_chain(X509* of, const std::vector<X509*>& others, const std::vector<X509Certificate>& trust,
                 std::int64_t at_ms, ChainOf purpose);

struct Revocation {
    enum class Status { good, revoked, unknown } status = Status::unknown;
    std::int64_t as_of_ms = 0;             // good: the newest thisUpdate
    std::int64_t revoked_at_ms = 0;        // revoked
    bool harmless_before = false;          // revoked for a reason that leaves the past alone (RFC 3161, 4)
    const char* source = "";               // "OCSP" or "CRL"
    std::size_t index = 0;                 // of the answer in ParsedData::ocsps or crls
    std::optional<std::size_t> responder;  // in ParsedData::certificates
    bool in_file = false;                  // the file's own data answers too
};
// Of a certificate by its issuer, for a moment at which it should have been good, judged from `now_ms`.
Revocation find_revocation(X509* subject, X509* issuer, ParsedData& data, std::int64_t at_ms,
                           std::int64_t now_ms);

// Where a certificate says that revocation data can be had: http and https only.
std::vector<std::string> ocsp_urls(X509* certificate), crl_urls(X509* certificate);
Bytes make_ocsp_request(X509* subject, X509* issuer);

// Is it a usable answer to such a question at all? Errc::malformed, not_allowed (the responder refused).
Status check_ocsp_answer(ByteView der);
Status check_crl(ByteView der);
// A list as DER or PEM gives DER.
Result<Bytes> crl_to_der(ByteView content);

}  // namespace core
