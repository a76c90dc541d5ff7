#include "core/certificate/seal_key.h"

#include <algorithm>
#include <cstring>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/base/hash.h"
#include "core/base/openssl.h"
#include "core/certificate/revocation_list.h"
#include "core/certificate/seal_cms.h"
#include "core/certificate/seal_key_store.h"
#include "core/certificate/x509.h"

namespace core {

struct SealKey::Data {
    EvpKey key;
    std::vector<X509Certificate> chain;  // end certificate, issuing CA, then (optionally) the root
    bool in_token = false, revoked = false;

    Error refused() const {
        Error error = openssl_error("sealing");
        return in_token ? Error{Errc::token_silent, error.detail} : error;
    }
};

SealKey::SealKey(std::unique_ptr<Data> data) : data_(std::move(data)) {}
SealKey::SealKey(SealKey&&) noexcept = default;
SealKey& SealKey::operator=(SealKey&&) noexcept = default;
SealKey::~SealKey() = default;

Result<SealKey> SealKey::load(std::string_view uri, std::string_view passphrase, std::string_view chain_pem) {
    auto data = std::make_unique<Data>();
    data->in_token = is_token(uri);
    TRY_ASSIGN(data->chain, read_certificates(chain_pem));
    if (data->chain.size() < 2)
        return Error{Errc::malformed, "the seal's chain needs its own certificate and the issuing CA's"};
    TRY_ASSIGN(data->key, load_key(uri, passphrase));
    if (!can_seal(data->key.get()))
        return Error{Errc::not_allowed, "a seal key is ECDSA on P-256, or RSA of at least 3072 bits"};
    if (X509_check_private_key(data->chain[0].get(), data->key.get()) != 1) {
        ERR_clear_error();
        return Error{Errc::conflict, "the seal key does not belong to its certificate"};
    }
    for (std::size_t i = 0; i + 1 < data->chain.size(); ++i)
        if (X509_verify(data->chain[i].get(), X509_get0_pubkey(data->chain[i + 1].get())) != 1) {
            ERR_clear_error();
            return Error{Errc::conflict,
                         "the seal's chain is not in order, each certificate before its issuer"};
        }
    return SealKey(std::move(data));
}

Result<Bytes> SealKey::sign_detached(ByteView a, ByteView b) const {
    SealCertificates certificates{data_->chain[0].get(), data_->chain[1].get()};
    Bytes attributes = signed_attributes(certificates, sha256({a, b}));
    EvpDigestContext context(EVP_MD_CTX_new());
    std::size_t length = 0;
    ERR_clear_error();
    std::string where = signs_where(data_->key.get());
    if (EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr,
                              where.empty() ? nullptr : where.c_str(), data_->key.get(), nullptr) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &length, attributes.data(), attributes.size()) != 1)
        return data_->refused();
    Bytes signature(length);
    if (EVP_DigestSign(context.get(), signature.data(), &length, attributes.data(), attributes.size()) != 1)
        return data_->refused();
    signature.resize(length);
    auto strict = one_form(data_->key.get(), signature);
    if (!strict) return Error{Errc::crypto, "sealing: the key gave no signature of its kind"};
    return write_cms(certificates, attributes, *strict);
}

bool SealKey::demonstration() const { return says_demonstration(data_->chain[0].get()); }
std::string SealKey::subject() const { return common_name(data_->chain[0].get()); }
std::string SealKey::issuer_fingerprint() const {
    return to_hex(sha256(to_der(data_->chain[1].get(), i2d_X509)));
}
std::int64_t SealKey::not_before_ms() const { return to_ms(X509_get0_notBefore(data_->chain[0].get())); }
std::int64_t SealKey::not_after_ms() const { return to_ms(X509_get0_notAfter(data_->chain[0].get())); }

std::string SealKey::root_pem() const {
    X509* last = data_->chain.back().get();
    return data_->chain.size() > 2 && is_self_issued(last) ? to_pem(last) : std::string();
}
Status SealKey::learn(ByteView revocation_list) {
    TRY_ASSIGN(bool named, revokes(revocation_list, data_->chain));
    data_->revoked = data_->revoked || named;
    return {};
}
bool SealKey::revoked() const { return data_->revoked; }
Status SealKey::check_root(std::string_view root_pem) const {
    return core::check_root(data_->chain, root_pem);
}
std::string SealKey::chain_pem() const {
    std::string all;
    for (const auto& certificate : data_->chain) all += to_pem(certificate.get());
    return all;
}

}  // namespace core
