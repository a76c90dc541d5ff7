#include "core/longterm/token_form.h"

#include <algorithm>

#include <openssl/cms.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "core/certificate/der.h"
#include "core/certificate/seal_cms.h"
#include "core/certificate/x509.h"
#include "core/longterm/stack.h"

namespace core {
namespace {

using CmsContent = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;
using Object = Handle<ASN1_OBJECT, ASN1_OBJECT_free>;

Error wrong(std::string what) {
    ERR_clear_error();
    return {Errc::damaged, "the timestamp " + std::move(what)};
}

Bytes id_of(int nid) { return to_der(OBJ_nid2obj(nid), i2d_ASN1_OBJECT); }

// A token as OpenSSL reads it; all pointers are into `cms`.
struct Token {
    CmsContent cms;
    CMS_SignerInfo* info = nullptr;
    X509* signer = nullptr;
    X509Stack certificates;
    int digest = NID_undef;
    const X509_ALGOR* signature_algorithm = nullptr;
};

Result<Token> read(ByteView token) {
    if (token.size() > longest_token) return wrong("is longer than any we know");
    ERR_clear_error();
    Token found;
    const unsigned char* at = token.data();
    found.cms.reset(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(token.size())));
    CMS_ContentInfo* cms = found.cms.get();
    if (cms == nullptr || at != token.data() + token.size() ||
        OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed ||
        OBJ_obj2nid(CMS_get0_eContentType(cms)) != NID_id_smime_ct_TSTInfo)
        return wrong("is not a token (RFC 3161)");
    ASN1_OCTET_STRING** content = CMS_get0_content(cms);
    if (content == nullptr || *content == nullptr) return wrong("is empty");
    auto* infos = CMS_get0_SignerInfos(cms);
    if (infos == nullptr || sk_CMS_SignerInfo_num(infos) != 1) return wrong("does not have one signer");
    found.info = sk_CMS_SignerInfo_value(infos, 0);
    found.certificates = X509Stack(CMS_get1_certs(cms));
    if (found.certificates.size() > most_token_certificates) return wrong("carries too many certificates");
    if (found.certificates.size() > 0) CMS_set1_signers_certs(cms, nullptr, 0);
    X509_ALGOR *digest = nullptr, *signature = nullptr;
    CMS_SignerInfo_get0_algs(found.info, nullptr, &found.signer, &digest, &signature);
    if (found.signer == nullptr) return wrong("does not carry its certificates");
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, digest);
    found.digest = OBJ_obj2nid(object);
    if (found.digest != NID_sha256 && found.digest != NID_sha384 && found.digest != NID_sha512)
        return wrong("is signed with a weak digest");
    found.signature_algorithm = signature;
    return found;
}

// The value of a signed attribute that is there once; empty when it is not.
ByteView signed_value(const Token& token, const ASN1_OBJECT* type) {
    auto* value =
        static_cast<ASN1_STRING*>(CMS_signed_get0_data_by_OBJ(token.info, type, -3, V_ASN1_SEQUENCE));
    if (value == nullptr) return {};
    return {ASN1_STRING_get0_data(value), static_cast<std::size_t>(ASN1_STRING_length(value))};
}

struct Algorithms {
    Bytes digest, signature;
};

// RSASSA-PSS: the same digest everywhere, and the length of the salt, which only the signature knows.
std::optional<Bytes> pss(const Token& token) {
    using namespace der;
    int type = 0;
    const void* value = nullptr;
    X509_ALGOR_get0(nullptr, &type, &value, token.signature_algorithm);
    if (type != V_ASN1_SEQUENCE) return std::nullopt;
    const auto* text = static_cast<const ASN1_STRING*>(value);
    const unsigned char* at = ASN1_STRING_get0_data(text);
    Handle<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free> given(
        d2i_RSA_PSS_PARAMS(nullptr, &at, ASN1_STRING_length(text)));
    if (!given) return std::nullopt;
    constexpr long usual_salt = 20;  // RFC 4055, 3.1
    long salt = given->saltLength != nullptr ? ASN1_INTEGER_get(given->saltLength) : usual_salt;
    if (salt < 0 || salt > 0x7FFF) return std::nullopt;
    Handle<ASN1_INTEGER, ASN1_INTEGER_free> number(ASN1_INTEGER_new());
    CHECK_THAT(number && ASN1_INTEGER_set(number.get(), salt) == 1);
    Bytes hash = write(sequence, {id_of(token.digest), write(null, {})});
    Bytes masks = write(sequence, {id_of(NID_mgf1), hash});
    Bytes salt_length;
    if (salt != usual_salt) salt_length = write(0xA2, {to_der(number.get(), i2d_ASN1_INTEGER)});
    return write(sequence, {id_of(NID_rsassaPss), write(sequence, {write(context_0, {hash}),
                                                                   write(context_1, {masks}), salt_length})});
}

std::optional<Algorithms> algorithms_of(const Token& token) {
    using namespace der;
    Object protection(OBJ_txt2obj("1.2.840.113549.1.9.52", 1));  // CMSAlgorithmProtection
    if (ByteView signed_choice = signed_value(token, protection.get()); !signed_choice.empty()) {
        auto whole = take(signed_choice);
        ByteView in = whole ? whole->content : ByteView();
        auto digest = take(in), signature = take(in);
        if (!digest || digest->tag != sequence || !signature || signature->tag != context_1)
            return std::nullopt;
        return Algorithms{Bytes(digest->whole.begin(), digest->whole.end()),
                          write(sequence, {signature->content})};
    }
    EVP_PKEY* key = X509_get0_pubkey(token.signer);
    const ASN1_OBJECT* named = nullptr;
    X509_ALGOR_get0(&named, nullptr, nullptr, token.signature_algorithm);
    Algorithms all{write(sequence, {id_of(token.digest)}), {}};
    int with_digest = NID_undef;
    if (key != nullptr && OBJ_obj2nid(named) == NID_rsassaPss) {
        auto with_parameters = pss(token);
        if (!with_parameters) return std::nullopt;
        all.signature = *with_parameters;
    } else if (key != nullptr && EVP_PKEY_is_a(key, "RSA") == 1 &&
               OBJ_find_sigid_by_algs(&with_digest, token.digest, NID_rsaEncryption) == 1) {
        all.signature = write(sequence, {id_of(with_digest), write(null, {})});
    } else if (key != nullptr && EVP_PKEY_is_a(key, "EC") == 1 &&
               OBJ_find_sigid_by_algs(&with_digest, token.digest, NID_X9_62_id_ecPublicKey) == 1) {
        all.signature = write(sequence, {id_of(with_digest)});
    } else {
        return std::nullopt;
    }
    return all;
}

bool is_named(X509* certificate, ByteView ess) {
    for (const EVP_MD* md : {EVP_sha256(), EVP_sha384(), EVP_sha512()}) {
        unsigned char digest[EVP_MAX_MD_SIZE];
        unsigned size = 0;
        if (X509_digest(certificate, md, digest, &size) == 1 &&
            std::search(ess.begin(), ess.end(), digest, digest + size) != ess.end())
            return true;
    }
    return false;
}

// The signer's certificate and those above it, each the issuer of the one before.
std::vector<Bytes> chain_of(const Token& token) {
    ByteView ess = signed_value(token, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2));
    std::vector<Bytes> chain{to_der(token.signer, i2d_X509)};
    for (X509* last = token.signer; last != nullptr;) {
        X509* issuer = nullptr;
        for (int i = 0; i < token.certificates.size() && issuer == nullptr; ++i) {
            X509* other = token.certificates[i];
            bool issued = X509_check_issued(other, last) == X509_V_OK &&
                          X509_verify(last, X509_get0_pubkey(other)) == 1;
            if (!issued || (X509_self_signed(other, 1) == 1 && !is_named(other, ess))) continue;
            Bytes der = to_der(other, i2d_X509);
            if (std::find(chain.begin(), chain.end(), der) != chain.end()) continue;
            chain.push_back(std::move(der));
            issuer = other;
        }
        last = issuer;
    }
    ERR_clear_error();
    return chain;
}

std::vector<Bytes> signed_attributes_of(const Token& token) {
    std::vector<Bytes> attributes;
    for (int i = 0; i < CMS_signed_get_attr_count(token.info); ++i)
        attributes.push_back(to_der(CMS_signed_get_attr(token.info, i), i2d_X509_ATTRIBUTE));
    return attributes;
}

}  // namespace

Result<Bytes> token_in_one_form(ByteView bytes) {
    using namespace der;
    TRY_ASSIGN(auto token, read(bytes));
    auto algorithms = algorithms_of(token);
    if (!algorithms) return wrong("is signed with an algorithm that we do not know");
    const ASN1_OCTET_STRING* given = CMS_SignerInfo_get0_signature(token.info);
    auto signature =
        one_form(X509_get0_pubkey(token.signer),
                 {ASN1_STRING_get0_data(given), static_cast<std::size_t>(ASN1_STRING_length(given))});
    if (!signature) return wrong("has a signature that does not hold");
    std::vector<Bytes> attributes = signed_attributes_of(token);
    if (attributes.empty()) return wrong("is signed as something else");
    const ASN1_OCTET_STRING* content = *CMS_get0_content(token.cms.get());
    ByteView info(ASN1_STRING_get0_data(content), static_cast<std::size_t>(ASN1_STRING_length(content)));

    Bytes signer_id = write(sequence, {to_der(X509_get_issuer_name(token.signer), i2d_X509_NAME),
                                       to_der(X509_get0_serialNumber(token.signer), i2d_ASN1_INTEGER)});
    Bytes signer = write(
        sequence, {Bytes{integer, 1, 1}, signer_id, algorithms->digest, write_sorted(context_0, attributes),
                   algorithms->signature, write(octet_string, {*signature})});
    Bytes encapsulated =
        write(sequence, {id_of(NID_id_smime_ct_TSTInfo), write(context_0, {write(octet_string, {info})})});
    Bytes signed_data = write(sequence, {Bytes{integer, 1, 3}, write(set, {algorithms->digest}), encapsulated,
                                         write_sorted(context_0, chain_of(token)), write(set, {signer})});
    ERR_clear_error();
    return write(sequence, {id_of(NID_pkcs7_signed), write(context_0, {signed_data})});
}

}  // namespace core
