// Where seal keys lie: an encrypted file, a PKCS#11 token (smart card, HSM) or whatever OpenSSL can open by
// URI.
//
// | URI                                                | opened by                                               |
// |----------------------------------------------------|---------------------------------------------------------|
// | a path, or file:...                                | OpenSSL itself; the passphrase decrypts it              |
// | pkcs11:token=...;object=...[?module-path=FILE]     | a provider, when openssl.cnf loads one; else libp11;    |
// |                                                    | without a module, whatever p11-kit knows of             |
// | handle:0x81000001, object:FILE                     | the TPM (Debian: tpm2-openssl, which is loaded here);   |
// |                                                    | TPM2OPENSSL_TCTI says which, unless it is the usual one |
//
// A TPM asks for its passphrase when it signs, not when the key is opened.
// The passphrase is the token's PIN. Private to core/certificate.
#pragma once

#include <string_view>

#include "core/base/openssl.h"

namespace core {

// A token or a TPM, where a private key stays for ever.
bool is_token(std::string_view uri);

// A property query for who holds the key: else OpenSSL's own code tries first, with the public half of a TPM's.
std::string signs_where(const EVP_PKEY* key);

// Errc::not_found: the store does not open; wrong_secret: no key comes out of it.
Result<EvpKey> load_key(std::string_view uri, std::string_view passphrase);

// The same for a PKCS#11 URI, by libp11 (seal_key_token.cpp).
Result<EvpKey> load_from_token(std::string_view uri, std::string_view pin);

}  // namespace core
