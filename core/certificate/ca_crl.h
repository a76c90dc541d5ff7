// CA revocation lists: making one, and where a certificate says that its CA's is. Private to
// core/certificate.
#pragma once

#include "core/certificate/ca.h"
#include "core/certificate/x509.h"

namespace core {

// "http://register.example/ca", when the issuing CA's own certificate says that the root's list is there.
std::string crl_base_of(X509* issuing);

// The place of `issuer`'s list: `url`, or without one the directory name of the issuer itself. Without this
// extension poppler (pdfsig) takes NSS's "extension not found" for a fault and does not call the seal
// trusted.
bool add_crl_place(X509* certificate, const X509* issuer, const std::string& url);

struct CrlTimes {
    int days = 0;  // until the next one, at the latest
    std::int64_t now_ms = 0;
    std::int64_t number_before = 0;  // of the list that this one replaces
};
// DER, RFC 5280 5. Its number is the time in seconds, but always above the one before. A certificate stays on the list
// for ever: seals outlive it.
Result<Bytes> make_crl(X509* issuer, EVP_PKEY* key, const std::vector<CaOverview::Revoked>& revoked,
                       const CrlTimes& times);
std::int64_t crl_number(ByteView der);  // 0 when it has none, or is no list

// When the list says that the next one comes; 0 when it is no list.
std::int64_t next_update_ms(ByteView der);

}  // namespace core
