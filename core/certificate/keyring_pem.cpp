#include "core/certificate/keyring_pem.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include "core/base/hash.h"
#include "core/certificate/seal_key_store.h"

namespace core {
namespace {

using Pkcs8Info = Handle<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using EncryptedPkcs8 = Handle<X509_SIG, X509_SIG_free>;
using Algorithm = Handle<X509_ALGOR, X509_ALGOR_free>;

BioHandle reader(std::string_view text) {
    return BioHandle(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string written(BIO* bio) {
    char* data = nullptr;
    long size = BIO_get_mem_data(bio, &data);
    return std::string(data, static_cast<std::size_t>(size));
}

Algorithm password_scheme(KeyStretch stretch) {
    if (stretch == KeyStretch::for_a_person)
        return Algorithm(PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), nullptr, 0, nullptr, 1 << 14, 8, 4));
    return Algorithm(
        PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), PKCS5_DEFAULT_ITER, nullptr, 0, nullptr, NID_hmacWithSHA256));
}

int no_prompt(char*, int, int, void*) { return -1; }  // OpenSSL would otherwise ask on the terminal

}  // namespace

Result<EvpKey> new_p256_key() {
    EvpKey key(EVP_EC_gen("P-256"));
    if (!key) return openssl_error("new P-256 key");
    return key;
}

Result<std::string> key_to_pem(EVP_PKEY* key, std::string_view passphrase, KeyStretch stretch) {
    if (passphrase.empty()) return Error{Errc::not_allowed, "a private key needs a passphrase"};
    Pkcs8Info plain(EVP_PKEY2PKCS8(key));
    Algorithm scheme = password_scheme(stretch);
    if (!plain || !scheme) return openssl_error("encrypting a private key");
    EncryptedPkcs8 sealed(
        PKCS8_set0_pbe(passphrase.data(), static_cast<int>(passphrase.size()), plain.get(), scheme.get()));
    if (!sealed) return openssl_error("encrypting a private key");
    (void)scheme.release();  // now the envelope's
    BioHandle out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PKCS8(out.get(), sealed.get()) != 1)
        return openssl_error("writing a private key");
    return written(out.get());
}

Result<EvpKey> key_from_pem(std::string_view pem, std::string_view passphrase) {
    BioHandle in = reader(pem);
    EncryptedPkcs8 sealed(in ? PEM_read_bio_PKCS8(in.get(), nullptr, no_prompt, nullptr) : nullptr);
    if (!sealed) {
        ERR_clear_error();
        return Error{Errc::damaged, "not an encrypted private key (PEM, PKCS #8)"};
    }
    Pkcs8Info plain(PKCS8_decrypt(sealed.get(), passphrase.data(), static_cast<int>(passphrase.size())));
    if (!plain) {
        ERR_clear_error();
        return Error{Errc::wrong_secret, "the passphrase does not open this private key"};
    }
    EvpKey key(EVP_PKCS82PKEY(plain.get()));
    if (!key) return Error{Errc::damaged, openssl_error("private key").detail};
    return key;
}

Result<std::string> make_request(EVP_PKEY* key, std::string_view common_name) {
    X509Request request(X509_REQ_new());
    if (!request || X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) != 1 ||
        X509_NAME_add_entry_by_NID(X509_REQ_get_subject_name(request.get()), NID_commonName, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(common_name.data()),
                                   static_cast<int>(common_name.size()), -1, 0) != 1 ||
        X509_REQ_set_pubkey(request.get(), key) != 1)
        return openssl_error("certificate request");
    EvpDigestContext context(EVP_MD_CTX_new());
    auto where = signs_where(key);
    if (EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr,
                              where.empty() ? nullptr : where.c_str(), key, nullptr) != 1 ||
        X509_REQ_sign_ctx(request.get(), context.get()) == 0)
        return openssl_error("certificate request");
    BioHandle out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_X509_REQ(out.get(), request.get()) != 1)
        return openssl_error("certificate request");
    return written(out.get());
}

Result<X509Request> request_from_pem(std::string_view pem) {
    BioHandle in = reader(pem);
    X509Request request(in ? PEM_read_bio_X509_REQ(in.get(), nullptr, no_prompt, nullptr) : nullptr);
    if (!request) {
        ERR_clear_error();
        return Error{Errc::malformed, "not a certificate request (PEM, PKCS #10)"};
    }
    EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
    if (key == nullptr || X509_REQ_verify(request.get(), key) != 1) {
        ERR_clear_error();
        return Error{Errc::damaged, "the request is not signed by the key that it names"};
    }
    return request;
}

Result<X509Certificate> certificate_from_pem(std::string_view pem) {
    TRY_ASSIGN(auto all, read_certificates(pem));
    if (all.empty()) return Error{Errc::malformed, "not a certificate (PEM)"};
    return std::move(all.front());
}

std::string fingerprint_of(X509* certificate) {
    Sha256 digest{};
    CHECK_THAT(X509_digest(certificate, EVP_sha256(), digest.data(), nullptr) == 1);
    return to_hex(digest);
}

bool same_public_key(EVP_PKEY* a, EVP_PKEY* b) {
    return a != nullptr && b != nullptr && EVP_PKEY_eq(a, b) == 1;
}

}  // namespace core
