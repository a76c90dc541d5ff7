#include "core/certificate/ca_certificate.h"

#include <algorithm>
#include <ctime>

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include "core/base/crypto.h"
#include "core/base/text.h"
#include "core/certificate/ca_crl.h"
#include "core/certificate/seal_cms.h"
#include "core/model/organisation.h"

namespace core::ca {
namespace {

constexpr std::int64_t backdating_s = 3600;  // tablets whose clocks are a little behind

std::int64_t seconds_of(const ASN1_TIME* time) { return to_ms(time) / 1000; }

bool fill_name(X509_NAME* to, const Subject& subject) {
    auto add = [to](int what, std::string_view text, int type) {
        return X509_NAME_add_entry_by_NID(to, what, type, reinterpret_cast<const unsigned char*>(text.data()),
                                          static_cast<int>(text.size()), -1, 0) == 1;
    };
    return add(NID_countryName, "SE", MBSTRING_ASC) &&
           add(NID_organizationName, subject.organisation, MBSTRING_UTF8) &&
           (subject.identifier.empty() ||
            add(NID_organizationIdentifier, subject.identifier, MBSTRING_UTF8)) &&
           add(NID_commonName, subject.name, MBSTRING_UTF8);
}

}  // namespace

Validity validity_from(std::int64_t now_ms, int years) {
    auto now_s = static_cast<std::time_t>(now_ms / 1000);
    std::tm calendar{};
    gmtime_r(&now_s, &calendar);
    calendar.tm_year += years;
    return {now_s - backdating_s, static_cast<std::int64_t>(timegm(&calendar))};
}

Result<Validity> validity_under(X509* issuer, std::int64_t now_ms, int years, std::string_view who) {
    if (years < 1) return Error{Errc::not_allowed, "a certificate lives at least one year"};
    Validity validity = validity_from(now_ms, years);
    auto begins = seconds_of(X509_get0_notBefore(issuer)), ends = seconds_of(X509_get0_notAfter(issuer));
    if (validity.to_s > ends || validity.from_s + backdating_s < begins)
        return Error{Errc::not_allowed, std::string(who) + " is valid only until " +
                                            iso_time(ends).substr(0, 10) +
                                            "; ask for fewer years, and check the clock"};
    // Tidy enough for a tablet whose clock is behind, but never older than its issuer.
    validity.from_s = std::max(validity.from_s, begins);
    return validity;
}

std::string iso_time(std::int64_t seconds) {
    auto when = static_cast<std::time_t>(seconds);
    std::tm calendar{};
    gmtime_r(&when, &calendar);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &calendar);
    return text;
}

Subject subject_of(X509* certificate) {
    return {subject_entry(certificate, NID_organizationName),
            subject_entry(certificate, NID_organizationIdentifier), common_name(certificate)};
}

Result<Subject> subject_base(const CaSpec& spec) {
    auto municipality = normalise(spec.municipality);
    if (!municipality || municipality->empty())
        return Error{Errc::malformed, "the municipality's name is missing"};
    if (!spec.demonstration && says_demonstration(*municipality))
        return Error{Errc::not_allowed,
                     "a real CA cannot be called DEMONSTRATION; choose the demonstration kind"};
    auto number = Organisationsnummer::parse(spec.organisationsnummer);
    if (!number.value) return Error{Errc::malformed, "the municipality's organisationsnummer is not valid"};
    Subject subject;
    subject.organisation = (spec.demonstration ? std::string(demonstration_word) + " " : "") + *municipality;
    subject.identifier = "NTRSE-" + number.value->digits();  // ETSI EN 319 412-1, 5.1.4
    if (code_points(subject.organisation).size() > longest_name)
        return Error{Errc::malformed, "the municipality's name is longer than 64 characters"};
    return subject;
}

Subject authority(const Subject& base, std::string_view role, bool demonstration) {
    Subject subject = base;
    subject.name = base.organisation + " " + std::string(role);
    if (code_points(subject.name).size() > longest_name)
        subject.name = (demonstration ? std::string(demonstration_word) + " " : "") + std::string(role);
    return subject;
}

bool says_demonstration(std::string_view text) {
    return to_upper(text).find(demonstration_word) != std::string::npos;
}

Profile root_profile() {
    return {{NID_basic_constraints, "critical,CA:TRUE"},
            {NID_key_usage, "critical,keyCertSign,cRLSign"},
            {NID_subject_key_identifier, "hash"}};
}
Profile issuing_profile() {
    return {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
            {NID_key_usage, "critical,keyCertSign,cRLSign"},
            {NID_crl_distribution_points, nullptr},
            {NID_subject_key_identifier, "hash"},
            {NID_authority_key_identifier, "keyid:always"}};
}
Profile end_profile(IssueKind kind, EVP_PKEY* key) {
    Profile profile{{NID_basic_constraints, "critical,CA:FALSE"}};
    switch (kind) {
        case IssueKind::seal:
            // RFC 9336 document signing; NSS, and with it pdfsig, trusts document seals through
            // emailProtection only.
            profile.push_back({NID_key_usage, "critical,digitalSignature,nonRepudiation"});
            profile.push_back({NID_ext_key_usage, "1.3.6.1.5.5.7.3.36,emailProtection"});
            profile.push_back({NID_crl_distribution_points, nullptr});
            break;
        case IssueKind::bundle:
            profile.push_back({NID_key_usage, EVP_PKEY_is_a(key, "RSA") == 1 ? "critical,keyEncipherment"
                                                                             : "critical,keyAgreement"});
            profile.push_back(
                {NID_ext_key_usage, "emailProtection"});  // else it would pass for a TLS client's
            break;
        case IssueKind::tls_client:
            profile.push_back({NID_key_usage, "critical,digitalSignature"});
            profile.push_back({NID_ext_key_usage, "clientAuth"});
            break;
    }
    profile.push_back({NID_subject_key_identifier, "hash"});
    profile.push_back({NID_authority_key_identifier, "keyid:always"});
    return profile;
}

Result<X509Certificate> sign_certificate(const Order& order) {
    X509Certificate certificate(X509_new());
    Bytes serial = random_bytes(16);
    serial[0] = static_cast<std::uint8_t>((serial[0] & 0x7F) | 0x40);  // positive, and always as long
    Handle<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    if (!certificate || !number || X509_set_version(certificate.get(), X509_VERSION_3) != 1 ||
        BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get())) == nullptr ||
        ASN1_TIME_set(X509_getm_notBefore(certificate.get()), order.validity.from_s) == nullptr ||
        ASN1_TIME_set(X509_getm_notAfter(certificate.get()), order.validity.to_s) == nullptr ||
        !fill_name(X509_get_subject_name(certificate.get()), order.subject) ||
        X509_set_pubkey(certificate.get(), order.key) != 1)
        return openssl_error("certificate");
    X509* issuer = order.issuer != nullptr ? order.issuer : certificate.get();
    if (X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) != 1)
        return openssl_error("issuer");
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate.get(), nullptr, nullptr, 0);
    for (const auto& wanted : order.profile) {
        if (wanted.what == NID_crl_distribution_points) {
            if (!add_crl_place(certificate.get(), issuer, order.crl_url))
                return openssl_error("certificate extension");
            continue;
        }
        Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, &context, wanted.what, wanted.value));
        if (!extension || X509_add_ext(certificate.get(), extension.get(), -1) != 1)
            return openssl_error("certificate extension");
    }
    if (X509_sign(certificate.get(), order.issuer_key, EVP_sha256()) == 0)
        return openssl_error("signing a certificate");
    return certificate;
}

std::string serial_of(X509* certificate) {
    Handle<BIGNUM, BN_free> number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
    BN_bn2bin(number.get(), bytes.data());
    return to_hex(bytes);
}

Status check_key(EVP_PKEY* key) {
    if (can_seal(key)) return {};
    return Error{Errc::not_allowed, "the request's key must be P-256, or RSA of 3072 bits or more"};
}

Status check_crl_base(std::string_view base) {
    bool plain = std::all_of(base.begin(), base.end(), [](char c) { return c > ' ' && c < 127; });
    if (base.empty() || (plain && base.starts_with("http://") && !base.ends_with("/"))) return {};
    // Not https: whoever checks a revocation list would have to check another certificate first.
    return Error{Errc::malformed, "the lists' address begins with http:// and does not end with /"};
}

}  // namespace core::ca
