#include "core/certificate/ca_crl.h"

#include <algorithm>
#include <ctime>

#include <openssl/x509v3.h>

namespace core {
namespace {

using Crl = Handle<X509_CRL, X509_CRL_free>;
using Integer = Handle<ASN1_INTEGER, ASN1_INTEGER_free>;
using Time = Handle<ASN1_TIME, ASN1_TIME_free>;

constexpr std::string_view root_list = "/root.crl";

// ENUMERATED of RFC 5280, 5.3.1; 0 is left out of a list.
long code_of(std::string_view reason) {
    for (auto [known, code] :
         {std::pair{RevocationReason::key_compromise, 1L},
          std::pair{RevocationReason::affiliation_changed, 3L}, std::pair{RevocationReason::superseded, 4L},
          std::pair{RevocationReason::cessation, 5L}})
        if (to_id(known) == reason) return code;
    return 0;
}

Status add_entry(X509_CRL* list, const CaOverview::Revoked& row) {
    const Error damaged{Errc::damaged, "revoked.csv: a row that cannot be read"};
    auto serial = from_hex(row.serial);
    std::tm when{};
    if (!serial || ::strptime(row.revoked_at.c_str(), "%Y-%m-%dT%H:%M:%SZ", &when) == nullptr) return damaged;
    Handle<X509_REVOKED, X509_REVOKED_free> entry(X509_REVOKED_new());
    Handle<BIGNUM, BN_free> number(BN_bin2bn(serial->data(), static_cast<int>(serial->size()), nullptr));
    Integer serial_number(BN_to_ASN1_INTEGER(number.get(), nullptr));
    Time at(ASN1_TIME_set(nullptr, timegm(&when)));
    if (!entry || !serial_number || !at ||
        X509_REVOKED_set_serialNumber(entry.get(), serial_number.get()) != 1 ||
        X509_REVOKED_set_revocationDate(entry.get(), at.get()) != 1)
        return openssl_error("revocation list");
    if (long code = code_of(row.reason); code != 0) {
        Handle<ASN1_ENUMERATED, ASN1_ENUMERATED_free> reason(ASN1_ENUMERATED_new());
        if (!reason || ASN1_ENUMERATED_set(reason.get(), code) != 1 ||
            X509_REVOKED_add1_ext_i2d(entry.get(), NID_crl_reason, reason.get(), 0, 0) != 1)
            return openssl_error("revocation list");
    }
    if (X509_CRL_add0_revoked(list, entry.get()) != 1) return openssl_error("revocation list");
    static_cast<void>(entry.release());  // the list's now
    return {};
}

}  // namespace

std::string_view to_id(RevocationReason reason) {
    switch (reason) {
        case RevocationReason::unspecified:
            return "unspecified";
        case RevocationReason::key_compromise:
            return "key-compromise";
        case RevocationReason::affiliation_changed:
            return "affiliation-changed";
        case RevocationReason::superseded:
            return "superseded";
        case RevocationReason::cessation:
            return "cessation";
    }
    return "";
}

std::string crl_base_of(X509* issuing) {
    Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> places(static_cast<CRL_DIST_POINTS*>(
        X509_get_ext_d2i(issuing, NID_crl_distribution_points, nullptr, nullptr)));
    if (!places || sk_DIST_POINT_num(places.get()) != 1) return {};
    const DIST_POINT_NAME* place = sk_DIST_POINT_value(places.get(), 0)->distpoint;
    if (place == nullptr || place->type != 0 || sk_GENERAL_NAME_num(place->name.fullname) != 1) return {};
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(place->name.fullname, 0);
    if (name->type != GEN_URI) return {};
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    std::string url(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                    static_cast<std::size_t>(ASN1_STRING_length(uri)));
    return url.ends_with(root_list) ? url.substr(0, url.size() - root_list.size()) : std::string();
}

bool add_crl_place(X509* certificate, const X509* issuer, const std::string& url) {
    Handle<CRL_DIST_POINTS, CRL_DIST_POINTS_free> places(CRL_DIST_POINTS_new());
    Handle<DIST_POINT, DIST_POINT_free> place(DIST_POINT_new());
    Handle<GENERAL_NAME, GENERAL_NAME_free> name(GENERAL_NAME_new());
    if (!places || !place || !name) return false;
    if (url.empty()) {
        name->type = GEN_DIRNAME;
        name->d.directoryName = X509_NAME_dup(X509_get_subject_name(issuer));
        if (name->d.directoryName == nullptr) return false;
    } else {
        name->type = GEN_URI;
        name->d.uniformResourceIdentifier = ASN1_IA5STRING_new();
        if (name->d.uniformResourceIdentifier == nullptr ||
            ASN1_STRING_set(name->d.uniformResourceIdentifier, url.data(), static_cast<int>(url.size())) != 1)
            return false;
    }
    place->distpoint = DIST_POINT_NAME_new();
    if (place->distpoint == nullptr) return false;
    place->distpoint->type = 0;
    place->distpoint->name.fullname = GENERAL_NAMES_new();
    if (place->distpoint->name.fullname == nullptr) return false;
    sk_GENERAL_NAME_push(place->distpoint->name.fullname, name.release());
    sk_DIST_POINT_push(places.get(), place.release());
    return X509_add1_ext_i2d(certificate, NID_crl_distribution_points, places.get(), 0, 0) == 1;
}

Result<Bytes> make_crl(X509* issuer, EVP_PKEY* key, const std::vector<CaOverview::Revoked>& revoked,
                       const CrlTimes& times) {
    auto [days, now_ms, number_before] = times;
    if (days < 1 || days > 800) return Error{Errc::not_allowed, "a revocation list lasts 1 to 800 days"};
    auto now_s = static_cast<std::time_t>(now_ms / 1000);
    Crl list(X509_CRL_new());
    Time from(ASN1_TIME_set(nullptr, now_s)),
        until(ASN1_TIME_set(nullptr, now_s + days * std::time_t{86'400}));
    Integer number(ASN1_INTEGER_new());
    if (!list || !from || !until || !number ||
        ASN1_INTEGER_set_int64(number.get(), std::max<std::int64_t>(now_s, number_before + 1)) != 1 ||
        X509_CRL_set_version(list.get(), X509_CRL_VERSION_2) != 1 ||
        X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(issuer)) != 1 ||
        X509_CRL_set1_lastUpdate(list.get(), from.get()) != 1 ||
        X509_CRL_set1_nextUpdate(list.get(), until.get()) != 1)
        return openssl_error("revocation list");
    for (const auto& row : revoked) TRY(add_entry(list.get(), row));
    X509_CRL_sort(list.get());
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, nullptr, nullptr, list.get(), 0);
    Handle<X509_EXTENSION, X509_EXTENSION_free> authority(
        X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always"));
    if (!authority || X509_CRL_add_ext(list.get(), authority.get(), -1) != 1 ||
        X509_CRL_add1_ext_i2d(list.get(), NID_crl_number, number.get(), 0, 0) != 1 ||
        X509_CRL_sign(list.get(), key, EVP_sha256()) == 0)
        return openssl_error("revocation list");
    return to_der(list.get(), i2d_X509_CRL);
}

std::int64_t crl_number(ByteView der) {
    const unsigned char* at = der.data();
    Crl list(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    Integer number(
        list ? static_cast<ASN1_INTEGER*>(X509_CRL_get_ext_d2i(list.get(), NID_crl_number, nullptr, nullptr))
             : nullptr);
    std::int64_t value = 0;
    if (!number || ASN1_INTEGER_get_int64(&value, number.get()) != 1) value = 0;
    ERR_clear_error();
    return value;
}

std::int64_t next_update_ms(ByteView der) {
    const unsigned char* at = der.data();
    Crl list(d2i_X509_CRL(nullptr, &at, static_cast<long>(der.size())));
    ERR_clear_error();
    const ASN1_TIME* next = list ? X509_CRL_get0_nextUpdate(list.get()) : nullptr;
    return next != nullptr ? to_ms(next) : 0;
}

}  // namespace core
