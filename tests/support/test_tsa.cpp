#include "tests/support/test_tsa.h"

#include <cstdio>
#include <cstdlib>

#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "core/base/crypto.h"
#include "core/certificate/der.h"
#include "core/certificate/x509.h"

namespace test {
namespace {

using core::BioHandle;
using core::Bytes;
using core::Handle;

#define MUST(condition) \
    if (!(condition)) give_up(#condition)

[[noreturn]] void give_up(const char* what) {
    std::fprintf(stderr, "test TSA: %s\n", what);
    ERR_print_errors_fp(stderr);
    std::abort();
}

core::EvpKey new_key(KeyKind kind) {
    core::EvpKey key(kind == KeyKind::p256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(3072));
    MUST(key);
    return key;
}

void free_list(STACK_OF(X509) * list) { sk_X509_free(list); }

time_t seconds(std::int64_t ms) { return static_cast<time_t>(ms / 1000); }

std::string text_of(BIO* bio) {
    char* text = nullptr;
    long size = BIO_get_mem_data(bio, &text);
    return {text, static_cast<std::size_t>(size)};
}

core::X509Certificate make(const CertificateOrder& order, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
    core::X509Certificate made(X509_new());
    X509* x = made.get();
    X509_set_version(x, 2);
    Bytes serial = core::random_bytes(12);
    serial[0] = 0x51;
    Handle<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x));
    ASN1_TIME_set(X509_getm_notBefore(x), seconds(order.from_ms));
    ASN1_TIME_set(X509_getm_notAfter(x), seconds(order.to_ms));
    X509_set_pubkey(x, key);
    Handle<X509_NAME, X509_NAME_free> name(X509_NAME_new());
    auto add = [&](const char* type, const std::string& text) {
        X509_NAME_add_entry_by_txt(name.get(), type, MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(text.c_str()), -1, -1, 0);
    };
    add("C", "SE");
    add("CN", order.name);
    X509_set_subject_name(x, name.get());
    X509_set_issuer_name(x, issuer != nullptr ? X509_get_subject_name(issuer) : name.get());
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer != nullptr ? issuer : x, x, nullptr, nullptr, 0);
    std::string crl = "URI:" + order.crl_url, ocsp = "OCSP;URI:" + order.ocsp_url;
    for (const auto& [kind, value] : std::initializer_list<std::pair<int, const char*>>{
             {NID_basic_constraints, order.basic_constraints},
             {NID_key_usage, order.key_usage},
             {NID_ext_key_usage, order.extended_key_usage},
             {NID_crl_distribution_points, order.crl_url.empty() ? nullptr : crl.c_str()},
             {NID_info_access, order.ocsp_url.empty() ? nullptr : ocsp.c_str()},
             {NID_subject_key_identifier, "hash"},
             {NID_authority_key_identifier, issuer != nullptr ? "keyid:always" : nullptr}}) {
        if (value == nullptr) continue;
        Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, &context, kind, value));
        MUST(extension);
        X509_add_ext(x, extension.get(), -1);
    }
    MUST(X509_sign(x, issuer_key, EVP_sha256()) > 0);
    return made;
}

}  // namespace

CertificateOrder tsa_order(const std::string& name) {
    CertificateOrder order;
    order.name = name;
    order.key_usage = "critical,digitalSignature";
    order.extended_key_usage = "critical,timeStamping";
    order.to_ms = now_ms + 1000 * day_ms;
    return order;
}
CertificateOrder ocsp_order() {
    CertificateOrder order = tsa_order("Prov-OCSP");
    order.extended_key_usage = "OCSPSigning";
    return order;
}
CertificateOrder authority_order(const std::string& name) {
    CertificateOrder order;
    order.name = name;
    order.from_ms = now_ms - 400 * day_ms;
    order.to_ms = now_ms + 9000 * day_ms;
    order.key_usage = "critical,keyCertSign,cRLSign";
    order.extended_key_usage = nullptr;
    order.basic_constraints = "critical,CA:TRUE";
    return order;
}

Bytes Credential::der() const { return core::to_der(certificate.get(), i2d_X509); }
std::string Credential::pem() const { return core::to_pem(certificate.get()); }
std::string Credential::key_pem() const {
    BioHandle out(BIO_new(BIO_s_mem()));
    PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(out.get());
}

Authority::Authority(const CertificateOrder& order, const Authority* parent) {
    self_.key = new_key(order.key);
    self_.certificate =
        make(order, self_.key.get(), parent != nullptr ? parent->self_.certificate.get() : nullptr,
             parent != nullptr ? parent->self_.key.get() : self_.key.get());
}

Credential Authority::issue(const CertificateOrder& order) const {
    Credential issued{new_key(order.key), {}};
    issued.certificate = make(order, issued.key.get(), self_.certificate.get(), self_.key.get());
    return issued;
}

Bytes Authority::crl(std::int64_t this_update_ms, const std::vector<Revoked>& revoked,
                     std::int64_t lasts_ms) const {
    Handle<X509_CRL, X509_CRL_free> list(X509_CRL_new());
    X509_CRL_set_version(list.get(), 1);
    X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(self_.certificate.get()));
    Handle<ASN1_TIME, ASN1_TIME_free> from(ASN1_TIME_set(nullptr, seconds(this_update_ms))),
        until(ASN1_TIME_set(nullptr, seconds(this_update_ms + lasts_ms)));
    X509_CRL_set1_lastUpdate(list.get(), from.get());
    X509_CRL_set1_nextUpdate(list.get(), until.get());
    for (const Revoked& one : revoked) {
        X509_REVOKED* entry = X509_REVOKED_new();
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one.certificate));
        Handle<ASN1_TIME, ASN1_TIME_free> at(ASN1_TIME_set(nullptr, seconds(one.at_ms)));
        X509_REVOKED_set_revocationDate(entry, at.get());
        if (one.reason >= 0) {
            Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
            ASN1_ENUMERATED_set(reason.get(), one.reason);
            X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason.get(), 0, 0);
        }
        X509_CRL_add0_revoked(list.get(), entry);
    }
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, self_.certificate.get(), nullptr, nullptr, list.get(), 0);
    Handle<X509_EXTENSION, X509_EXTENSION_free> key(
        X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
    X509_CRL_add_ext(list.get(), key.get(), -1);
    MUST(X509_CRL_sign(list.get(), self_.key.get(), EVP_sha256()) > 0);
    return core::to_der(list.get(), i2d_X509_CRL);
}

Bytes Authority::ocsp(X509* about, std::int64_t this_update_ms, const Revoked& revoked,
                      const Credential* responder, std::int64_t lasts_ms) const {
    Handle<OCSP_BASICRESP, OCSP_BASICRESP_free> basic(OCSP_BASICRESP_new());
    Handle<OCSP_CERTID, OCSP_CERTID_free> id(OCSP_cert_to_id(EVP_sha1(), about, self_.certificate.get()));
    Handle<ASN1_TIME, ASN1_TIME_free> from(ASN1_GENERALIZEDTIME_set(nullptr, seconds(this_update_ms))),
        until(ASN1_GENERALIZEDTIME_set(nullptr, seconds(this_update_ms + lasts_ms))),
        at(ASN1_GENERALIZEDTIME_set(nullptr, seconds(revoked.at_ms)));
    bool is_revoked = revoked.certificate != nullptr;
    MUST(OCSP_basic_add1_status(
             basic.get(), id.get(), is_revoked ? V_OCSP_CERTSTATUS_REVOKED : V_OCSP_CERTSTATUS_GOOD,
             revoked.reason, is_revoked ? at.get() : nullptr, from.get(), until.get()) != nullptr);
    const Credential& by = responder != nullptr ? *responder : self_;
    ASN1_GENERALIZEDTIME_set(const_cast<ASN1_GENERALIZEDTIME*>(OCSP_resp_get0_produced_at(basic.get())),
                             seconds(this_update_ms));
    MUST(OCSP_basic_sign(basic.get(), by.certificate.get(), by.key.get(), EVP_sha256(), nullptr,
                         OCSP_NOTIME) == 1);
    Handle<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
        OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic.get()));
    return core::to_der(response.get(), i2d_OCSP_RESPONSE);
}

namespace {
void name_chain(CMS_SignerInfo* info, X509* signer, const std::vector<X509*>& chain) {
    Handle<STACK_OF(X509), free_list> all(sk_X509_new_null());
    for (X509* certificate : chain) sk_X509_push(all.get(), certificate);
    Handle<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> named(
        OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), signer, all.get(), 1));
    MUST(named);
    Bytes value = core::to_der(named.get(), i2d_ESS_SIGNING_CERT_V2);
    MUST(CMS_signed_add1_attr_by_NID(info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE,
                                     value.data(), static_cast<int>(value.size())) == 1);
}
}  // namespace

Bytes make_token(const core::Sha256& imprint, const Credential& by, const std::vector<X509*>& chain,
                 const TokenOrder& order) {
    Handle<TS_TST_INFO, TS_TST_INFO_free> info(TS_TST_INFO_new());
    TS_TST_INFO_set_version(info.get(), 1);
    Handle<ASN1_OBJECT, ASN1_OBJECT_free> policy(OBJ_txt2obj(order.policy.c_str(), 1));
    TS_TST_INFO_set_policy_id(info.get(), policy.get());
    Handle<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> of(TS_MSG_IMPRINT_new());
    Handle<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
    X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
    TS_MSG_IMPRINT_set_algo(of.get(), algorithm.get());
    Bytes digest = order.imprint.empty() ? Bytes(imprint.begin(), imprint.end()) : order.imprint;
    TS_MSG_IMPRINT_set_msg(of.get(), digest.data(), static_cast<int>(digest.size()));
    TS_TST_INFO_set_msg_imprint(info.get(), of.get());
    Handle<ASN1_INTEGER, ASN1_INTEGER_free> serial(ASN1_INTEGER_new());
    static long next_serial = 7;
    ASN1_INTEGER_set(serial.get(), next_serial++);
    TS_TST_INFO_set_serial(info.get(), serial.get());
    Handle<ASN1_GENERALIZEDTIME, ASN1_GENERALIZEDTIME_free> time(
        ASN1_GENERALIZEDTIME_set(nullptr, seconds(order.at_ms)));
    TS_TST_INFO_set_time(info.get(), time.get());
    if (!order.nonce.empty()) {
        Handle<BIGNUM, BN_free> number(
            BN_bin2bn(order.nonce.data(), static_cast<int>(order.nonce.size()), nullptr));
        Handle<ASN1_INTEGER, ASN1_INTEGER_free> nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
        TS_TST_INFO_set_nonce(info.get(), nonce.get());
    }
    Bytes content = core::to_der(info.get(), i2d_TS_TST_INFO);

    unsigned flags =
        CMS_PARTIAL | CMS_BINARY | CMS_NOSMIMECAP | (order.carries_certificates ? 0U : CMS_NOCERTS);
    Handle<CMS_ContentInfo, CMS_ContentInfo_free> cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
    MUST(cms && CMS_set1_eContentType(cms.get(), OBJ_nid2obj(NID_id_smime_ct_TSTInfo)) == 1);
    bool names_alone = order.names_its_certificate && !order.names_its_chain;
    CMS_SignerInfo* signer =
        CMS_add1_signer(cms.get(), by.certificate.get(), by.key.get(), order.digest,
                        flags | (names_alone ? CMS_CADES : 0U) | (order.pss ? CMS_KEY_PARAM : 0U));
    MUST(signer != nullptr);
    if (order.names_its_chain) name_chain(signer, by.certificate.get(), chain);
    if (order.pss)
        MUST(EVP_PKEY_CTX_set_rsa_padding(CMS_SignerInfo_get0_pkey_ctx(signer), RSA_PKCS1_PSS_PADDING) > 0);
    if (!order.protects.empty()) {
        Bytes value = *core::from_hex(order.protects);
        MUST(CMS_signed_add1_attr_by_txt(signer, "1.2.840.113549.1.9.52", V_ASN1_SEQUENCE, value.data(),
                                         static_cast<int>(value.size())) == 1);
    }
    for (X509* certificate : chain)
        if (order.carries_certificates) CMS_add1_cert(cms.get(), certificate);
    BioHandle in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
    MUST(CMS_final(cms.get(), in.get(), nullptr, flags) == 1);
    return core::to_der(cms.get(), i2d_CMS_ContentInfo);
}

Bytes granted(core::ByteView token) {
    using namespace core::der;
    return write(sequence, {write(sequence, {Bytes{integer, 1, 0}}), token});
}
Bytes refused(const std::string& saying) {
    using namespace core::der;
    constexpr std::uint8_t utf8_string = 0x0C;
    return write(sequence,
                 {write(sequence, {Bytes{integer, 1, 2},
                                   write(sequence, {write(utf8_string, {core::as_bytes(saying)})})})});
}

namespace {
CertificateOrder seal_order(KeyKind key) {
    CertificateOrder order;
    order.crl_url = "http://127.0.0.1:9/crl";  // pdfsig trusts no certificate that names neither CRL nor OCSP
    order.key = key;
    return order;
}
CertificateOrder later_tsa_order() {
    CertificateOrder order = tsa_order("Prov-TSA 2");
    order.to_ms = now_ms + 5000 * day_ms;
    return order;
}
}  // namespace

World::World(KeyKind seal_key)
    : root(authority_order("Strandköpings kommun rot")),
      issuing(authority_order("Strandköpings kommun utfärdare"), &root),
      tsa_root(authority_order("Prov-TSA rot")),
      tsa_ca(authority_order("Prov-TSA utfärdare"), &tsa_root),
      seal(issuing.issue(seal_order(seal_key))),
      tsa(tsa_ca.issue(tsa_order())),
      later_tsa(tsa_ca.issue(later_tsa_order())) {}

std::string World::chain_pem() const { return seal.pem() + issuing.pem() + root.pem(); }
Seal World::as_seal() const { return {seal.key_pem(), seal.pem(), chain_pem()}; }
std::vector<X509*> World::tsa_chain() const { return {tsa_ca.self().certificate.get()}; }
Bytes World::stamp(const core::Sha256& imprint, std::int64_t at_ms, bool later) const {
    TokenOrder order;
    order.at_ms = at_ms;
    return make_token(imprint, later ? later_tsa : tsa, tsa_chain(), order);
}

}  // namespace test
