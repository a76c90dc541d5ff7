// PEM: keys, requests and certificates in and out of text. Private to core/certificate.
//
// Private keys are PKCS #8 under PBES2 with AES-256-CBC. What stretches the passphrase depends on who made
// it: a person's goes through scrypt (N = 2^14, r = 8, p = 4: the most that OpenSSL opens by default); a
// secret of our own making has 160 bits or more already and takes PBKDF2 (key_stretch.h).
#pragma once

#include <string>

#include "core/base/bytes.h"
#include "core/certificate/key_stretch.h"
#include "core/certificate/x509.h"

namespace core {

Result<EvpKey> new_p256_key();
Result<std::string> key_to_pem(EVP_PKEY* key, std::string_view passphrase, KeyStretch stretch);
Result<EvpKey> key_from_pem(std::string_view pem,
                            std::string_view passphrase);  // Errc::wrong_secret, damaged

// A PKCS #10 request, signed by the key; only a common name, since the CA chooses the subject.
Result<std::string> make_request(EVP_PKEY* key, std::string_view common_name);
Result<X509Request> request_from_pem(
    std::string_view pem);  // Errc::malformed; damaged: its own signature fails

Result<X509Certificate> certificate_from_pem(std::string_view pem);  // the first one; Errc::malformed
std::string fingerprint_of(X509* certificate);                       // SHA-256 of the DER, hex

bool same_public_key(EVP_PKEY* a, EVP_PKEY* b);

}  // namespace core
