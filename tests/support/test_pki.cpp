#include "tests/support/test_pki.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/base/openssl.h"
#include "core/certificate/x509.h"

namespace test {
namespace {

using core::BioHandle;
using core::EvpKey;
using core::Handle;
using core::X509Certificate;

[[noreturn]] void give_up(const char* what) {
    std::fprintf(stderr, "test PKI: %s\n", what);
    std::abort();
}

EvpKey new_key() {
    EvpKey key(EVP_EC_gen("P-256"));
    if (!key) give_up("no key");
    return key;
}

std::string pem_of(X509* certificate) {
    BioHandle out(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(out.get(), certificate);
    char* text = nullptr;
    long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string pem_of(EVP_PKEY* key) {
    BioHandle out(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
    char* text = nullptr;
    long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

struct Wanted {
    std::string common_name, organisation;
    long serial = 1;
    std::int64_t from_ms = 0, to_ms = 0;
    std::initializer_list<std::pair<int, const char*>> extensions;
};

X509Certificate make(const Wanted& wanted, EVP_PKEY* subject_key, X509* issuer, EVP_PKEY* issuer_key) {
    X509Certificate certificate(X509_new());
    X509* x = certificate.get();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), wanted.serial);
    ASN1_TIME_set(X509_getm_notBefore(x), static_cast<time_t>(wanted.from_ms / 1000));
    ASN1_TIME_set(X509_getm_notAfter(x), static_cast<time_t>(wanted.to_ms / 1000));
    X509_set_pubkey(x, subject_key);
    Handle<X509_NAME, X509_NAME_free> name(X509_NAME_new());
    auto add = [&](const char* type, const std::string& text) {
        X509_NAME_add_entry_by_txt(name.get(), type, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
    };
    add("C", "SE");
    add("O", wanted.organisation);
    add("CN", wanted.common_name);
    X509_set_subject_name(x, name.get());
    X509_set_issuer_name(x, issuer != nullptr ? X509_get_subject_name(issuer) : name.get());
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer != nullptr ? issuer : x, x, nullptr, nullptr, 0);
    for (const auto& [kind, value] : wanted.extensions) {
        if (value == nullptr) continue;
        Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, &context, kind, value));
        if (!extension) give_up(value);
        X509_add_ext(x, extension.get(), -1);
    }
    if (X509_sign(x, issuer_key, EVP_sha256()) == 0) give_up("cannot sign");
    return certificate;
}

}  // namespace

struct Pki::Data {
    std::string organisation;
    EvpKey root_key = new_key(), issuing_key = new_key();
    X509Certificate root, issuing;
    long next_serial = 1000;

    Seal sign(EVP_PKEY* key, long serial, const SealOrder& order) {
        auto certificate = make({order.name,
                                 organisation,
                                 serial,
                                 order.from_ms,
                                 order.to_ms,
                                 {{NID_basic_constraints, order.basic_constraints},
                                  {NID_key_usage, order.key_usage},
                                  {NID_ext_key_usage, order.extended_key_usage},
                                  {NID_crl_distribution_points, "URI:http://127.0.0.1:9/crl"},
                                  {NID_subject_key_identifier, "hash"},
                                  {NID_authority_key_identifier, "keyid:always"}}},
                                key, issuing.get(), issuing_key.get());
        std::string own = pem_of(certificate.get());
        return {pem_of(key), own, own + pem_of(issuing.get()) + pem_of(root.get())};
    }
};

Pki::Pki(const std::string& municipality, bool demonstration) : data_(new Data) {
    std::string prefix = demonstration ? "DEMONSTRATION " : "";
    data_->organisation = prefix + municipality;
    std::int64_t from = now_ms - 400 * day_ms, to = now_ms + 3000 * day_ms;
    data_->root = make({prefix + municipality + " rot",
                        data_->organisation,
                        1,
                        from,
                        to,
                        {{NID_basic_constraints, "critical,CA:TRUE"},
                         {NID_key_usage, "critical,keyCertSign,cRLSign"},
                         {NID_subject_key_identifier, "hash"}}},
                       data_->root_key.get(), nullptr, data_->root_key.get());
    data_->issuing = make({prefix + municipality + " utfärdare",
                           data_->organisation,
                           2,
                           from,
                           to,
                           {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                            {NID_key_usage, "critical,keyCertSign,cRLSign"},
                            {NID_subject_key_identifier, "hash"},
                            {NID_authority_key_identifier, "keyid:always"}}},
                          data_->issuing_key.get(), data_->root.get(), data_->root_key.get());
}
Pki::~Pki() { delete data_; }

Seal Pki::issue(const SealOrder& order) const {
    return data_->sign(new_key().get(), data_->next_serial++, order);
}

Seal Pki::issue_twin(const Seal& of, const SealOrder& order) const {
    BioHandle key_in(BIO_new_mem_buf(of.key_pem.data(), static_cast<int>(of.key_pem.size())));
    EvpKey key(PEM_read_bio_PrivateKey(key_in.get(), nullptr, nullptr, nullptr));
    BioHandle in(BIO_new_mem_buf(of.certificate_pem.data(), static_cast<int>(of.certificate_pem.size())));
    X509Certificate first(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    return data_->sign(key.get(), ASN1_INTEGER_get(X509_get0_serialNumber(first.get())), order);
}

std::string Pki::root_pem() const { return pem_of(data_->root.get()); }
std::string Pki::issuing_pem() const { return pem_of(data_->issuing.get()); }

core::SealKey load(const Seal& seal, const char* passphrase) {
    auto file =
        std::filesystem::temp_directory_path() / ("handslag-test-" + std::to_string(std::rand()) + ".pem");
    std::ofstream(file) << seal.key_pem;
    auto key = core::SealKey::load(file.string(), passphrase, seal.chain_pem);
    std::filesystem::remove(file);
    if (!key.ok()) give_up(key.error().detail.c_str());
    return std::move(key).value();
}

core::Bytes with_the_other_s(core::ByteView signature) {
    const unsigned char* at = signature.data();
    core::Handle<ECDSA_SIG, ECDSA_SIG_free> parts(
        d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
    core::Handle<EC_GROUP, EC_GROUP_free> group(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
    BIGNUM* s = BN_new();
    BN_sub(s, EC_GROUP_get0_order(group.get()), ECDSA_SIG_get0_s(parts.get()));
    ECDSA_SIG_set0(parts.get(), BN_dup(ECDSA_SIG_get0_r(parts.get())), s);
    return core::to_der(parts.get(), i2d_ECDSA_SIG);
}

}  // namespace test
