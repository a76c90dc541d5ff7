#include "core/longterm/validation.h"

#include <algorithm>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/longterm/stack.h"

namespace core {
namespace {

using Standing = ChainFacts::Standing;
using X509Store = Handle<X509_STORE, X509_STORE_free>;
using X509StoreContext = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;

constexpr std::size_t most_urls = 4, longest_url = 1000;

X509Certificate share(X509* certificate) {
    X509_up_ref(certificate);
    return X509Certificate(certificate);
}

void add_url(std::vector<std::string>& urls, const GENERAL_NAME* name) {
    if (name == nullptr || name->type != GEN_URI) return;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    std::string url(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                    static_cast<std::size_t>(ASN1_STRING_length(uri)));
    bool plain = url.size() <= longest_url &&
                 std::all_of(url.begin(), url.end(), [](char c) { return c > ' ' && c < 127; });
    if (plain && urls.size() < most_urls && (url.starts_with("http://") || url.starts_with("https://")))
        urls.push_back(std::move(url));
}

Result<OcspResponse> decode_ocsp(ByteView der) {
    const unsigned char* at = der.data();
    Handle<OCSP_RESPONSE, OCSP_RESPONSE_free> response(
        d2i_OCSP_RESPONSE(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (!response || at != der.data() + der.size())
        return Error{Errc::malformed, "not an OCSP response (RFC 6960)"};
    if (int status = OCSP_response_status(response.get()); status != OCSP_RESPONSE_STATUS_SUCCESSFUL)
        return Error{Errc::not_allowed,
                     std::string("the OCSP responder said ") + OCSP_response_status_str(status)};
    OcspResponse basic(OCSP_response_get1_basic(response.get()));
    ERR_clear_error();
    if (!basic) return Error{Errc::malformed, "an OCSP response without a basic one"};
    return basic;
}

Result<Crl> decode_crl(ByteView der) {
    const unsigned char* at = der.data();
    Crl crl(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (!crl || at != der.data() + der.size())
        return Error{Errc::malformed, "not a certificate revocation list (RFC 5280)"};
    return crl;
}

// Reasons that say nothing about a way back in time: no trusted CA of ours is there at all.
bool no_way_to_anchor(int reason) {
    return reason == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
           reason == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT || reason == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN ||
           reason == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
           reason == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE || reason == X509_V_ERR_CERT_UNTRUSTED;
}

}  // namespace

Result<X509Certificate> decode_certificate(ByteView der) {
    const unsigned char* at = der.data();
    X509Certificate certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    if (!certificate || at != der.data() + der.size())
        return Error{Errc::malformed, "not a certificate (X.509)"};
    return certificate;
}

Result<ParsedData> ParsedData::parse(const ValidationData& data) {
    ParsedData parsed;
    TRY(parsed.add(data));
    return parsed;
}

Status ParsedData::add(const ValidationData& data) {
    for (const Bytes& bytes : data.certificates) {
        TRY_ASSIGN(auto certificate, decode_certificate(bytes));
        certificates.push_back(std::move(certificate));
        der.certificates.push_back(bytes);
    }
    for (const Bytes& bytes : data.ocsps) {
        TRY_ASSIGN(auto ocsp, decode_ocsp(bytes));
        ocsps.push_back(std::move(ocsp));
        der.ocsps.push_back(bytes);
    }
    for (const Bytes& bytes : data.crls) {
        TRY_ASSIGN(auto crl, decode_crl(bytes));
        crls.push_back(std::move(crl));
        der.crls.push_back(bytes);
    }
    certificate_used.resize(certificates.size());
    ocsp_used.resize(ocsps.size());
    crl_used.resize(crls.size());
    return {};
}

Status check_ocsp_answer(ByteView der) {
    TRY(decode_ocsp(der));
    return {};
}
Status check_crl(ByteView der) {
    TRY(decode_crl(der));
    return {};
}

Result<Bytes> crl_to_der(ByteView content) {
    if (as_text(content).find("-----BEGIN X509 CRL-----") == std::string_view::npos) {
        TRY(check_crl(content));
        return Bytes(content.begin(), content.end());
    }
    BioHandle in(BIO_new_mem_buf(content.data(), static_cast<int>(content.size())));
    Crl crl(PEM_read_bio_X509_CRL(in.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!crl) return Error{Errc::malformed, "not a certificate revocation list (PEM or DER)"};
    return to_der(crl.get(), i2d_X509_CRL);
}

Chain find_chain(X509* of, const std::vector<X509*>& others, const std::vector<X509Certificate>& trust,
                 std::int64_t at_ms, ChainOf purpose) {
    Chain chain;
    if (trust.empty()) {
        chain.standing = Standing::no_anchor;
        chain.why = "no trusted CA was given";
        return chain;
    }
    X509Store store(X509_STORE_new());
    for (const auto& anchor : trust) X509_STORE_add_cert(store.get(), anchor.get());
    X509Stack untrusted;
    for (X509* other : others) untrusted.push(other);
    X509StoreContext context(X509_STORE_CTX_new());
    CHECK_THAT(X509_STORE_CTX_init(context.get(), store.get(), of, untrusted.get()) == 1);
    X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
    unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME;
    if (purpose == ChainOf::timestamp)
        X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_TIMESTAMP_SIGN);
    else
        flags |= X509_V_FLAG_X509_STRICT;
    X509_VERIFY_PARAM_set_flags(rules, flags);
    X509_VERIFY_PARAM_set_depth(rules, 6);
    int verified = X509_verify_cert(context.get());
    int reason = X509_STORE_CTX_get_error(context.get());
    ERR_clear_error();
    if (verified != 1) {
        chain.standing = no_way_to_anchor(reason) ? Standing::no_anchor : Standing::untrusted;
        chain.why = std::string("no chain to a trusted CA: ") + X509_verify_cert_error_string(reason);
        return chain;
    }
    const auto* found = X509_STORE_CTX_get0_chain(context.get());
    chain.standing = Standing::trusted;
    for (int i = 0; i < sk_X509_num(found); ++i) {
        X509* certificate = sk_X509_value(found, i);
        std::int64_t until_ms = to_ms(X509_get0_notAfter(certificate)) + 999;
        chain.not_after_ms = i == 0 ? until_ms : std::min(chain.not_after_ms, until_ms);
        if (chain.standing == Standing::trusted && at_ms < to_ms(X509_get0_notBefore(certificate))) {
            chain.standing = Standing::outside_validity;
            chain.why = "a certificate is not valid yet";
        } else if (chain.standing == Standing::trusted && at_ms > until_ms) {
            chain.standing = Standing::outside_validity;
            chain.why = "a certificate has expired";
        }
        chain.certificates.push_back(share(certificate));
    }
    return chain;
}

std::vector<std::string> ocsp_urls(X509* certificate) {
    std::vector<std::string> urls;
    Handle<AUTHORITY_INFO_ACCESS, AUTHORITY_INFO_ACCESS_free> places(static_cast<AUTHORITY_INFO_ACCESS*>(
        X509_get_ext_d2i(certificate, NID_info_access, nullptr, nullptr)));
    for (int i = 0; places && i < sk_ACCESS_DESCRIPTION_num(places.get()); ++i) {
        const ACCESS_DESCRIPTION* place = sk_ACCESS_DESCRIPTION_value(places.get(), i);
        if (OBJ_obj2nid(place->method) == NID_ad_OCSP) add_url(urls, place->location);
    }
    return urls;
}

std::vector<std::string> crl_urls(X509* certificate) {
    std::vector<std::string> urls;
    Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> places(static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, nullptr, nullptr)));
    for (int i = 0; places && i < sk_DIST_POINT_num(places.get()); ++i) {
        const DIST_POINT* place = sk_DIST_POINT_value(places.get(), i);
        if (place->distpoint == nullptr || place->distpoint->type != 0) continue;
        const GENERAL_NAMES* names = place->distpoint->name.fullname;
        for (int k = 0; k < sk_GENERAL_NAME_num(names); ++k) add_url(urls, sk_GENERAL_NAME_value(names, k));
    }
    return urls;
}

Bytes make_ocsp_request(X509* subject, X509* issuer) {
    Handle<OCSP_REQUEST, OCSP_REQUEST_free> request(OCSP_REQUEST_new());
    OCSP_CERTID* id = OCSP_cert_to_id(EVP_sha1(), subject, issuer);  // what every responder knows
    CHECK_THAT(request && id != nullptr && OCSP_request_add0_id(request.get(), id) != nullptr);
    return to_der(request.get(), i2d_OCSP_REQUEST);
}

}  // namespace core
