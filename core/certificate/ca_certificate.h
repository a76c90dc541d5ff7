// CA certificates: what a certificate of ours says, and the making of one. Private to core/certificate.
#pragma once

#include "core/certificate/ca.h"
#include "core/certificate/x509.h"

namespace core::ca {

inline constexpr std::string_view demonstration_word = "DEMONSTRATION";
inline constexpr std::size_t longest_name = 64;  // RFC 5280, ub-common-name and ub-organization-name

struct Validity {
    std::int64_t from_s = 0, to_s = 0;
};
Validity validity_from(std::int64_t now_ms, int years);
// Within the issuer's own. Errc::not_allowed: it would outlive it, or begin before it; `who` is the issuer.
Result<Validity> validity_under(X509* issuer, std::int64_t now_ms, int years, std::string_view who);
std::string iso_time(std::int64_t seconds);

struct Subject {
    std::string organisation, identifier, name;
};
Subject subject_of(X509* certificate);
// Of a municipality: no name yet. Errc::malformed, not_allowed: what about it cannot be.
Result<Subject> subject_base(const CaSpec& spec);
// With "Strandköpings kommun Root CA" as its name.
Subject authority(const Subject& base, std::string_view role, bool demonstration);
bool says_demonstration(std::string_view text);

struct Extension {
    int what;
    const char* value;
};
using Profile = std::vector<Extension>;
Profile root_profile(), issuing_profile();
Profile end_profile(IssueKind kind, EVP_PKEY* key);

struct Order {
    Subject subject;
    EVP_PKEY* key = nullptr;
    X509* issuer = nullptr;  // null: signed by itself
    EVP_PKEY* issuer_key = nullptr;
    Validity validity;
    Profile profile;
    std::string crl_url;  // of the issuer's list; empty: it is found by the issuer's name
};
Result<X509Certificate> sign_certificate(const Order& order);
std::string serial_of(X509* certificate);  // hex

// What SealKey takes and a verifier accepts; the same will do for the others.
Status check_key(EVP_PKEY* key);
Status check_crl_base(std::string_view base);

}  // namespace core::ca
