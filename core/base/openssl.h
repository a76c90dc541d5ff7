// OpenSSL's objects with owners. Included only by core/base, core/certificate and sync.
#pragma once

#include <string>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace core {

using EvpKey = Handle<EVP_PKEY, EVP_PKEY_free>;
using EvpKeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using EvpDigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using EvpCipherContext = Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using X509Certificate = Handle<X509, X509_free>;
using X509Request = Handle<X509_REQ, X509_REQ_free>;
using BioHandle = Handle<BIO, BIO_free_all>;

// The newest reason in OpenSSL's queue, which is emptied.
inline Error openssl_error(std::string what) {
    char reason[256] = "no reason given";
    if (unsigned long code = ERR_peek_last_error(); code != 0)
        ERR_error_string_n(code, reason, sizeof reason);
    ERR_clear_error();
    return {Errc::crypto, std::move(what) + ": " + reason};
}

}  // namespace core
