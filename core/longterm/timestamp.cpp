#include "core/longterm/timestamp.h"

#include <algorithm>

#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

#include "core/base/crypto.h"
#include "core/certificate/der.h"
#include "core/longterm/stack.h"

namespace core {
namespace {

using CmsContent = Handle<CMS_ContentInfo, CMS_ContentInfo_free>;
using TstInfo = Handle<TS_TST_INFO, TS_TST_INFO_free>;

Error wrong(std::string what) {
    ERR_clear_error();
    return {Errc::damaged, "the timestamp " + std::move(what)};
}

std::string dotted(const ASN1_OBJECT* object) {
    char text[128] = "";
    OBJ_obj2txt(text, sizeof text, object, 1);
    return text;
}

// Empty when it may sign timestamps and nothing else, else why not.
std::string check_tsa_usage(X509* signer) {
    std::uint32_t flags = X509_get_extension_flags(signer);
    if ((flags & (EXFLAG_INVALID | EXFLAG_CRITICAL)) != 0) return "has extensions that we do not know";
    if ((flags & EXFLAG_CA) != 0) return "is a CA's";
    constexpr std::uint32_t signing = KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION;
    if ((flags & EXFLAG_KUSAGE) != 0 &&
        ((X509_get_key_usage(signer) & signing) == 0 || (X509_get_key_usage(signer) & ~signing) != 0))
        return "has a key for something else than signing";
    int at = X509_get_ext_by_NID(signer, NID_ext_key_usage, -1);
    if (at < 0 || X509_get_extended_key_usage(signer) != XKU_TIMESTAMP)
        return "is not for time-stamping alone";
    Handle<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free> purposes(
        static_cast<EXTENDED_KEY_USAGE*>(X509_get_ext_d2i(signer, NID_ext_key_usage, nullptr, nullptr)));
    if (!purposes || sk_ASN1_OBJECT_num(purposes.get()) != 1) return "is not for time-stamping alone";
    if (X509_EXTENSION_get_critical(X509_get_ext(signer, at)) == 0)
        return "is for time-stamping, but does not say so critically";
    EVP_PKEY* key = X509_get0_pubkey(signer);
    if (key == nullptr || EVP_PKEY_get_security_bits(key) < 112) return "has a weak key";
    return {};
}

// signing-certificate-v2 names the signer first (RFC 5816, 2.2.1).
bool ess_holds(CMS_SignerInfo* info, X509* signer, const X509Stack& others) {
    auto* value = static_cast<ASN1_STRING*>(CMS_signed_get0_data_by_OBJ(
        info, OBJ_nid2obj(NID_id_smime_aa_signingCertificateV2), -3, V_ASN1_SEQUENCE));
    if (value == nullptr) return false;
    const unsigned char* at = ASN1_STRING_get0_data(value);
    const unsigned char* end = at + ASN1_STRING_length(value);
    Handle<ESS_SIGNING_CERT_V2, ESS_SIGNING_CERT_V2_free> named(
        d2i_ESS_SIGNING_CERT_V2(nullptr, &at, ASN1_STRING_length(value)));
    if (!named || at != end) return false;
    X509Stack chain;
    chain.push(signer);
    for (int i = 0; i < others.size(); ++i)
        if (X509_cmp(others[i], signer) != 0) chain.push(others[i]);
    return OSSL_ESS_check_signing_certs(nullptr, named.get(), chain.get(), 1) == 1;
}

bool says_content_type(CMS_SignerInfo* info) {
    auto* type = static_cast<ASN1_OBJECT*>(
        CMS_signed_get0_data_by_OBJ(info, OBJ_nid2obj(NID_pkcs9_contentType), -3, V_ASN1_OBJECT));
    return type != nullptr && OBJ_obj2nid(type) == NID_id_smime_ct_TSTInfo;
}

Status check_info(TS_TST_INFO* info, const Sha256& imprint, TimestampFacts& facts) {
    if (TS_TST_INFO_get_version(info) != 1) return wrong("is of another version");
    TS_MSG_IMPRINT* of = TS_TST_INFO_get_msg_imprint(info);
    const ASN1_OBJECT* algorithm = nullptr;
    X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(of));
    const ASN1_OCTET_STRING* digest = TS_MSG_IMPRINT_get_msg(of);
    if (OBJ_obj2nid(algorithm) != NID_sha256 ||
        ASN1_STRING_length(digest) != static_cast<int>(imprint.size()) ||
        !std::equal(imprint.begin(), imprint.end(), ASN1_STRING_get0_data(digest)))
        return wrong("is of something else (its imprint differs)");
    for (int i = 0; i < TS_TST_INFO_get_ext_count(info); ++i)
        if (X509_EXTENSION_get_critical(TS_TST_INFO_get_ext(info, i)) != 0)
            return wrong("has a critical extension that we do not know");
    facts.at_ms = to_ms(TS_TST_INFO_get_time(info));
    if (facts.at_ms <= 0) return wrong("tells no time");
    facts.policy = dotted(TS_TST_INFO_get_policy_id(info));
    if (const ASN1_INTEGER* nonce = TS_TST_INFO_get_nonce(info); nonce != nullptr)
        facts.nonce.assign(ASN1_STRING_get0_data(nonce),
                           ASN1_STRING_get0_data(nonce) + ASN1_STRING_length(nonce));
    return {};
}

// What the TSA says of its refusal: printable ASCII alone, since it goes to a terminal.
std::string refusal(TS_STATUS_INFO* status) {
    std::string text;
    const auto* lines = TS_STATUS_INFO_get0_text(status);
    for (int i = 0; lines != nullptr && i < sk_ASN1_UTF8STRING_num(lines) && i < 4; ++i) {
        const ASN1_UTF8STRING* line = sk_ASN1_UTF8STRING_value(lines, i);
        std::string_view said(reinterpret_cast<const char*>(ASN1_STRING_get0_data(line)),
                              static_cast<std::size_t>(ASN1_STRING_length(line)));
        for (char c : said.substr(0, 120)) text += c >= ' ' && c < 127 ? c : '?';
        text += ' ';
    }
    return text.empty() ? "without saying why" : "\"" + text.substr(0, text.size() - 1) + "\"";
}

}  // namespace

Result<TimestampRequest> make_timestamp_request(const Sha256& imprint, std::string_view policy) {
    TimestampRequest made;
    made.imprint = imprint;
    made.policy = policy;
    made.nonce = random_bytes(16);
    made.nonce[0] = static_cast<std::uint8_t>((made.nonce[0] & 0x3F) | 0x40);
    Handle<TS_REQ, TS_REQ_free> request(TS_REQ_new());
    Handle<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free> of(TS_MSG_IMPRINT_new());
    Handle<X509_ALGOR, X509_ALGOR_free> algorithm(X509_ALGOR_new());
    Handle<BIGNUM, BN_free> number(
        BN_bin2bn(made.nonce.data(), static_cast<int>(made.nonce.size()), nullptr));
    Handle<ASN1_INTEGER, ASN1_INTEGER_free> nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
    Bytes digest(imprint.begin(), imprint.end());
    CHECK_THAT(request && of && algorithm && nonce && TS_REQ_set_version(request.get(), 1) == 1);
    X509_ALGOR_set_md(algorithm.get(), EVP_sha256());
    CHECK_THAT(TS_MSG_IMPRINT_set_algo(of.get(), algorithm.get()) == 1 &&
               TS_MSG_IMPRINT_set_msg(of.get(), digest.data(), static_cast<int>(digest.size())) == 1 &&
               TS_REQ_set_msg_imprint(request.get(), of.get()) == 1 &&
               TS_REQ_set_nonce(request.get(), nonce.get()) == 1 &&
               TS_REQ_set_cert_req(request.get(), 1) == 1);
    if (!policy.empty()) {
        Handle<ASN1_OBJECT, ASN1_OBJECT_free> object(OBJ_txt2obj(made.policy.c_str(), 1));
        ERR_clear_error();
        if (!object || TS_REQ_set_policy_id(request.get(), object.get()) != 1)
            return Error{Errc::malformed, "not a policy's number (1.2.3.4)"};
    }
    made.der = to_der(request.get(), i2d_TS_REQ);
    return made;
}

Result<TimestampFacts> check_token(ByteView token, const Sha256& imprint) {
    TRY_ASSIGN(auto form, token_in_one_form(token));
    if (!std::equal(form.begin(), form.end(), token.begin(), token.end()))
        return wrong("is not written in the one form that is stored");
    ERR_clear_error();
    const unsigned char* at = token.data();
    CmsContent cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(token.size())));
    CHECK_THAT(cms);  // token_in_one_form() has read it
    CMS_SignerInfo* info = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
    X509Stack others(CMS_get1_certs(cms.get()));
    BioHandle content(BIO_new(BIO_s_mem()));
    if (CMS_verify(cms.get(), nullptr, nullptr, nullptr, content.get(),
                   CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) != 1)
        return wrong("has a signature that does not hold");
    X509* signer = nullptr;
    CMS_SignerInfo_get0_algs(info, nullptr, &signer, nullptr, nullptr);
    if (signer == nullptr || !says_content_type(info)) return wrong("is signed as something else");
    if (std::string why = check_tsa_usage(signer); !why.empty())
        return wrong("is by a certificate that " + why);
    if (!ess_holds(info, signer, others))
        return wrong("does not name the certificate that signed it (signing-certificate-v2)");

    const ASN1_OCTET_STRING* inside = *CMS_get0_content(cms.get());
    at = ASN1_STRING_get0_data(inside);
    const unsigned char* end = at + ASN1_STRING_length(inside);
    TstInfo tst(d2i_TS_TST_INFO(nullptr, &at, ASN1_STRING_length(inside)));
    if (!tst || at != end) return wrong("has content of another form");
    TimestampFacts facts;
    TRY(check_info(tst.get(), imprint, facts));
    facts.tsa = common_name(signer);
    X509_up_ref(signer);
    facts.signer.reset(signer);
    for (int i = 0; i < others.size(); ++i)
        if (X509_cmp(others[i], signer) != 0) {
            X509_up_ref(others[i]);
            facts.certificates.emplace_back(others[i]);
        }
    ERR_clear_error();
    return facts;
}

Result<Bytes> read_timestamp_response(ByteView response, const TimestampRequest& request) {
    if (response.size() > longest_token + 4096) return Error{Errc::malformed, "the TSA's answer is too long"};
    const unsigned char* at = response.data();
    Handle<TS_RESP, TS_RESP_free> read(d2i_TS_RESP(nullptr, &at, static_cast<long>(response.size())));
    ERR_clear_error();
    if (!read || at != response.data() + response.size())
        return Error{Errc::malformed, "the TSA's answer is not a timestamp response (RFC 3161)"};
    TS_STATUS_INFO* status = TS_RESP_get_status_info(read.get());
    auto granted = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
    if (granted != TS_STATUS_GRANTED && granted != TS_STATUS_GRANTED_WITH_MODS)
        return Error{Errc::not_allowed, "the TSA refused, " + refusal(status)};
    auto whole = der::take(response);
    ByteView inside = whole ? whole->content : ByteView();
    auto token = der::take(inside) ? der::take(inside) : std::nullopt;
    if (!token || !inside.empty())
        return Error{Errc::malformed, "the TSA granted, but its answer has no token in DER"};
    TRY_ASSIGN(auto form, token_in_one_form(token->whole));
    TRY_ASSIGN(auto facts, check_token(form, request.imprint));
    if (facts.nonce != request.nonce) return wrong("answers another request (its nonce differs)");
    if (!request.policy.empty() && facts.policy != request.policy)
        return wrong("is under policy " + facts.policy + ", not the one asked for");
    return form;
}

}  // namespace core
