// X.509: the few questions that sealing and verifying ask of a certificate. Only core/certificate includes
// this.
#pragma once

#include <vector>

#include "core/base/bytes.h"
#include "core/base/check.h"
#include "core/base/openssl.h"

namespace core {

// DER of any OpenSSL object, with its i2d function.
template <class T, class I2d>
Bytes to_der(T* object, I2d i2d) {
    unsigned char* out = nullptr;
    int size = i2d(object, &out);
    CHECK_THAT(size > 0);
    Bytes bytes(out, out + size);
    OPENSSL_free(out);
    return bytes;
}

// All certificates in a PEM text, in order; an empty text gives none. Errc::malformed.
Result<std::vector<X509Certificate>> read_certificates(std::string_view pem);
std::string to_pem(X509* certificate);
// The chain's last certificate is that root, or was issued by it. Errc::not_allowed; malformed: no root.
Status check_root(const std::vector<X509Certificate>& chain, std::string_view root_pem);

bool is_p256(EVP_PKEY* key);
bool is_self_issued(X509* certificate);
std::string subject_entry(X509* certificate, int nid);  // UTF-8; empty when the subject has none
inline std::string common_name(X509* certificate) { return subject_entry(certificate, NID_commonName); }
std::int64_t to_ms(const ASN1_TIME* time);
// The issuer (or, for a CA, the subject) says DEMONSTRATION: core/certificate/ca.h.
bool says_demonstration(X509* certificate);

}  // namespace core
