#include "core/certificate/ca.h"

#include <algorithm>
#include <ctime>

#include <openssl/asn1.h>
#include <openssl/x509v3.h>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/certificate/ca_crl.h"
#include "core/certificate/ca_ledger.h"
#include "core/certificate/keyring_pem.h"
#include "core/certificate/seal_cms.h"
#include "core/certificate/x509.h"
#include "core/model/organisation.h"

namespace core {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view demonstration_word = "DEMONSTRATION";
constexpr std::size_t longest_name = 64;  // RFC 5280, ub-common-name and ub-organization-name
constexpr std::size_t shortest_passphrase = 12;
constexpr int first_root_list_days = 400;    // a root's list is made by hand, once a year
constexpr std::int64_t backdating_s = 3600;  // tablets whose clocks are a little behind

struct Validity {
    std::int64_t from_s = 0, to_s = 0;
};

Validity validity_from(std::int64_t now_ms, int years) {
    auto now_s = static_cast<std::time_t>(now_ms / 1000);
    std::tm calendar{};
    gmtime_r(&now_s, &calendar);
    calendar.tm_year += years;
    return {now_s - backdating_s, static_cast<std::int64_t>(timegm(&calendar))};
}

std::string iso_time(std::int64_t seconds) {
    auto when = static_cast<std::time_t>(seconds);
    std::tm calendar{};
    gmtime_r(&when, &calendar);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &calendar);
    return text;
}

std::int64_t seconds_of(const ASN1_TIME* time) {
    std::tm calendar{};
    return ASN1_TIME_to_tm(time, &calendar) == 1 ? static_cast<std::int64_t>(timegm(&calendar)) : 0;
}

struct Subject {
    std::string organisation, identifier, name;
};

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

bool says_demonstration(std::string_view text) {
    return to_upper(text).find(demonstration_word) != std::string::npos;
}

struct Extension {
    int what;
    const char* value;
};
using Profile = std::vector<Extension>;

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

struct Order {
    Subject subject;
    EVP_PKEY* key = nullptr;
    X509* issuer = nullptr;  // null: signed by itself
    EVP_PKEY* issuer_key = nullptr;
    Validity validity;
    Profile profile;
    std::string crl_url;  // of the issuer's list; empty: it is found by the issuer's name
};

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

// What SealKey takes and a verifier accepts; the same will do for the others.
Status check_key(EVP_PKEY* key) {
    if (can_seal(key)) return {};
    return Error{Errc::not_allowed, "the request's key must be P-256, or RSA of 3072 bits or more"};
}

// Never half: each file is whole, and issuing.crt comes last.
struct NewCa {
    X509 *root, *issuing;
    std::string_view root_key, issuing_key;
    ByteView root_crl;
};
Status write_ca(const fs::path& dir, const NewCa& ca) {
    std::error_code error;
    fs::create_directories(dir / "issued", error);
    if (error) return Error{Errc::not_writable, dir.string() + ": " + error.message()};
    fs::permissions(dir, fs::perms::owner_all, error);  // a stick's file system may not have permissions
    TRY(write_file_durably(dir / "root.key", as_bytes(ca.root_key), FileAccess::owner_only));
    TRY(write_file_durably(dir / "root.crt", as_bytes(to_pem(ca.root))));
    TRY(write_file_durably(dir / "root.crl", ca.root_crl));
    TRY(write_file_durably(dir / "issuing.key", as_bytes(ca.issuing_key), FileAccess::owner_only));
    TRY(start_ledger(dir / "issued.csv"));
    return write_file_durably(dir / "issuing.crt", as_bytes(to_pem(ca.issuing)));
}

Status check_crl_base(std::string_view base) {
    bool plain = std::all_of(base.begin(), base.end(), [](char c) { return c > ' ' && c < 127; });
    if (base.empty() || (plain && base.starts_with("http://") && !base.ends_with("/"))) return {};
    // Not https: whoever checks a revocation list would have to check another certificate first.
    return Error{Errc::malformed, "the lists' address begins with http:// and does not end with /"};
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

}  // namespace

std::string_view to_id(IssueKind kind) {
    switch (kind) {
        case IssueKind::seal:
            return "seal";
        case IssueKind::bundle:
            return "bundle";
        case IssueKind::tls_client:
            return "tls-client";
    }
    return "";
}

struct MunicipalCa::Data {
    fs::path dir;
    X509Certificate root, issuing;
    EvpKey issuing_key;
    bool demonstration = false;
};

MunicipalCa::MunicipalCa(std::unique_ptr<Data> data) : data_(std::move(data)) {}
MunicipalCa::MunicipalCa(MunicipalCa&&) noexcept = default;
MunicipalCa& MunicipalCa::operator=(MunicipalCa&&) noexcept = default;
MunicipalCa::~MunicipalCa() = default;

std::string MunicipalCa::root_pem() const { return to_pem(data_->root.get()); }
std::string MunicipalCa::issuing_pem() const { return to_pem(data_->issuing.get()); }
bool MunicipalCa::demonstration() const { return data_->demonstration; }

Result<MunicipalCa> MunicipalCa::create(const fs::path& dir, const CaSpec& spec, std::string_view passphrase,
                                        std::int64_t now_ms) {
    std::error_code error;
    if (fs::exists(dir / "issuing.crt", error))
        return Error{Errc::conflict, dir.string() + ": holds a CA already"};
    if (code_points(passphrase).size() < shortest_passphrase)
        return Error{Errc::not_allowed, "a CA's passphrase has at least twelve characters"};
    if (spec.issuing_years < 1 || spec.root_years < spec.issuing_years || spec.root_years > 50)
        return Error{Errc::not_allowed, "years: 1 <= issuing <= root <= 50"};
    TRY(check_crl_base(spec.crl_base));
    TRY_ASSIGN(auto base, subject_base(spec));
    TRY_ASSIGN(auto root_key, new_p256_key());
    TRY_ASSIGN(auto issuing_key, new_p256_key());
    auto named = [&](std::string_view role) { return authority(base, role, spec.demonstration); };
    TRY_ASSIGN(auto root, sign_certificate({named("Root CA"),
                                            root_key.get(),
                                            nullptr,
                                            root_key.get(),
                                            validity_from(now_ms, spec.root_years),
                                            root_profile(),
                                            {}}));
    TRY_ASSIGN(auto issuing,
               sign_certificate({named("Issuing CA"), issuing_key.get(), root.get(), root_key.get(),
                                 validity_from(now_ms, spec.issuing_years), issuing_profile(),
                                 spec.crl_base.empty() ? "" : spec.crl_base + "/root.crl"}));
    TRY_ASSIGN(auto root_key_pem, key_to_pem(root_key.get(), passphrase, KeyStretch::for_a_person));
    TRY_ASSIGN(auto issuing_key_pem, key_to_pem(issuing_key.get(), passphrase, KeyStretch::for_a_person));
    TRY_ASSIGN(auto root_crl, make_crl(root.get(), root_key.get(), {}, first_root_list_days, now_ms));
    TRY(write_ca(dir, {root.get(), issuing.get(), root_key_pem, issuing_key_pem, root_crl}));
    auto data = std::make_unique<Data>();
    *data = {dir, std::move(root), std::move(issuing), std::move(issuing_key), spec.demonstration};
    return MunicipalCa(std::move(data));
}

namespace {

struct CaCertificates {
    X509Certificate root, issuing;
    bool demonstration = false;
};

Result<CaCertificates> read_certificates(const fs::path& dir) {
    CaCertificates ca;
    for (auto [name, into] : {std::pair{"root.crt", &ca.root}, std::pair{"issuing.crt", &ca.issuing}}) {
        TRY_ASSIGN(auto pem, read_file(dir / name));
        auto certificate = certificate_from_pem(as_text(pem));
        if (!certificate)
            return Error{Errc::damaged, (dir / name).string() + ": " + certificate.error().detail};
        *into = std::move(*certificate);
    }
    if (X509_verify(ca.issuing.get(), X509_get0_pubkey(ca.root.get())) != 1) {
        ERR_clear_error();
        return Error{Errc::damaged, dir.string() + ": issuing.crt was not issued by root.crt"};
    }
    ca.demonstration = says_demonstration(subject_entry(ca.root.get(), NID_organizationName));
    if (ca.demonstration != says_demonstration(subject_entry(ca.issuing.get(), NID_organizationName)))
        return Error{Errc::damaged, dir.string() + ": one CA is a demonstration and the other is not"};
    return ca;
}

}  // namespace

Result<MunicipalCa> MunicipalCa::open(const fs::path& dir, std::string_view passphrase) {
    TRY_ASSIGN(auto ca, read_certificates(dir));
    TRY_ASSIGN(auto pem, read_file(dir / "issuing.key"));
    auto key = key_from_pem(as_text(pem), passphrase);
    if (!key) return Error{key.error().code, (dir / "issuing.key").string() + ": " + key.error().detail};
    if (!same_public_key(key->get(), X509_get0_pubkey(ca.issuing.get())))
        return Error{Errc::damaged, dir.string() + ": issuing.key does not belong to issuing.crt"};
    auto data = std::make_unique<Data>();
    *data = {dir, std::move(ca.root), std::move(ca.issuing), std::move(*key), ca.demonstration};
    return MunicipalCa(std::move(data));
}

struct MunicipalCa::IssueOrder {
    EVP_PKEY* key = nullptr;
    IssueKind kind = IssueKind::seal;
    std::string name;  // as it will stand in the certificate
    int years = 0;
    std::int64_t now_ms = 0;
};

Result<Issued> MunicipalCa::issue(std::string_view request_pem, IssueKind kind, std::string_view name,
                                  int years, std::int64_t now_ms) {
    auto given = normalise(name);
    if (!given || given->empty()) return Error{Errc::malformed, "the certificate's name is missing"};
    if (!data_->demonstration && says_demonstration(*given))
        return Error{Errc::not_allowed, "a real CA does not issue demonstration certificates"};
    TRY_ASSIGN(auto request, request_from_pem(request_pem));
    EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
    TRY(check_key(key));
    if (same_public_key(key, X509_get0_pubkey(data_->issuing.get())) ||
        same_public_key(key, X509_get0_pubkey(data_->root.get())))
        return Error{Errc::not_allowed, "the request names a key of the CA itself"};
    bool lacks_word = data_->demonstration && !says_demonstration(*given);
    return issue_to(
        {key, kind, (lacks_word ? std::string(demonstration_word) + " " : "") + *given, years, now_ms});
}

Result<Issued> MunicipalCa::renew(std::string_view serial, int years, std::int64_t now_ms) {
    TRY_ASSIGN(auto overview, read_ca(data_->dir));
    auto row = std::find_if(overview.issued.begin(), overview.issued.end(),
                            [&](const auto& one) { return one.serial == serial; });
    if (row == overview.issued.end()) return Error{Errc::not_found, "no certificate of that serial number"};
    if (overview.is_revoked(serial)) return Error{Errc::not_allowed, "it is revoked; make a new key"};
    TRY_ASSIGN(auto pem, read_file(data_->dir / "issued" / (row->serial + ".crt")));
    TRY_ASSIGN(auto certificate, certificate_from_pem(as_text(pem)));
    if (fingerprint_of(certificate.get()) != row->sha256)
        return Error{Errc::damaged, "issued/" + row->serial + ".crt is not the one in issued.csv"};
    for (IssueKind kind : {IssueKind::seal, IssueKind::bundle, IssueKind::tls_client})
        if (to_id(kind) == row->kind)
            return issue_to({X509_get0_pubkey(certificate.get()), kind, row->name, years, now_ms});
    return Error{Errc::newer_version, "issued.csv: a kind of certificate that this program does not know"};
}

Status MunicipalCa::revoke(std::string_view serial, RevocationReason reason, std::int64_t now_ms) {
    TRY_ASSIGN(auto lock, LedgerLock::take(data_->dir));
    TRY_ASSIGN(auto overview, read_ca(data_->dir));
    if (std::none_of(overview.issued.begin(), overview.issued.end(),
                     [&](const auto& one) { return one.serial == serial; }))
        return Error{Errc::not_found, "no certificate of that serial number"};
    if (overview.is_revoked(serial)) return Error{Errc::conflict, "it is revoked already"};
    return add_to_revoked(data_->dir / "revoked.csv",
                          {std::string(serial), std::string(to_id(reason)), iso_time(now_ms / 1000)});
}

Result<Bytes> MunicipalCa::write_crl(int days, std::int64_t now_ms) {
    TRY_ASSIGN(auto revoked, read_revoked(data_->dir / "revoked.csv"));
    TRY_ASSIGN(auto list, make_crl(data_->issuing.get(), data_->issuing_key.get(), revoked, days, now_ms));
    TRY(write_file_durably(data_->dir / "issuing.crl", list));
    return list;
}

Result<Bytes> MunicipalCa::write_root_crl(const fs::path& dir, std::string_view passphrase, int days,
                                          std::int64_t now_ms) {
    TRY_ASSIGN(auto ca, read_certificates(dir));
    TRY_ASSIGN(auto pem, read_file(dir / "root.key"));
    auto key = key_from_pem(as_text(pem), passphrase);
    if (!key) return Error{key.error().code, (dir / "root.key").string() + ": " + key.error().detail};
    if (!same_public_key(key->get(), X509_get0_pubkey(ca.root.get())))
        return Error{Errc::damaged, dir.string() + ": root.key does not belong to root.crt"};
    TRY_ASSIGN(auto list, make_crl(ca.root.get(), key->get(), {}, days, now_ms));
    TRY(write_file_durably(dir / "root.crl", list));
    return list;
}

Result<Issued> MunicipalCa::issue_to(const IssueOrder& order) {
    auto [key, kind, name, years, now_ms] = order;
    Subject subject{subject_entry(data_->issuing.get(), NID_organizationName),
                    subject_entry(data_->issuing.get(), NID_organizationIdentifier), name};
    if (code_points(subject.name).size() > longest_name)
        return Error{Errc::malformed, "the certificate's name is longer than 64 characters"};
    if (years < 1) return Error{Errc::not_allowed, "a certificate lives at least one year"};
    Validity validity = validity_from(now_ms, years);
    auto issuing_until = seconds_of(X509_get0_notAfter(data_->issuing.get()));
    if (validity.to_s > issuing_until ||
        validity.from_s + backdating_s < seconds_of(X509_get0_notBefore(data_->issuing.get())))
        return Error{Errc::not_allowed, "the issuing CA is valid only until " +
                                            iso_time(issuing_until).substr(0, 10) +
                                            "; ask for fewer years, and check the clock"};
    // Tidy enough for a tablet whose clock is behind, but never older than its issuer.
    validity.from_s = std::max(validity.from_s, seconds_of(X509_get0_notBefore(data_->issuing.get())));
    std::string crl_base = crl_base_of(data_->issuing.get());
    TRY_ASSIGN(auto certificate,
               sign_certificate({subject, key, data_->issuing.get(), data_->issuing_key.get(), validity,
                                 end_profile(kind, key), crl_base.empty() ? "" : crl_base + "/issuing.crl"}));
    Issued issued;
    Handle<BIGNUM, BN_free> serial(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate.get()), nullptr));
    Bytes serial_bytes(static_cast<std::size_t>(BN_num_bytes(serial.get())));
    BN_bn2bin(serial.get(), serial_bytes.data());
    issued.serial = to_hex(serial_bytes);
    issued.certificate_pem = to_pem(certificate.get());
    issued.chain_pem = issued.certificate_pem + issuing_pem() + root_pem();
    TRY_ASSIGN(auto lock, LedgerLock::take(data_->dir));
    TRY(add_to_ledger(data_->dir / "issued.csv",
                      {issued.serial, std::string(to_id(kind)), subject.name, iso_time(validity.from_s),
                       iso_time(validity.to_s), fingerprint_of(certificate.get()), iso_time(now_ms / 1000)}));
    TRY(write_file_durably(data_->dir / "issued" / (issued.serial + ".crt"), as_bytes(issued.chain_pem)));
    return issued;
}

Result<CaOverview> read_ca(const fs::path& dir) {
    TRY_ASSIGN(auto ca, read_certificates(dir));
    CaOverview overview;
    overview.municipality = subject_entry(ca.root.get(), NID_organizationName);
    overview.root_fingerprint = fingerprint_of(ca.root.get());
    overview.issuing_fingerprint = fingerprint_of(ca.issuing.get());
    overview.root_not_after_ms = seconds_of(X509_get0_notAfter(ca.root.get())) * 1000;
    overview.issuing_not_after_ms = seconds_of(X509_get0_notAfter(ca.issuing.get())) * 1000;
    overview.demonstration = ca.demonstration;
    std::error_code error;
    overview.root_key_is_here = fs::exists(dir / "root.key", error);
    TRY_ASSIGN(overview.issued, read_ledger(dir / "issued.csv"));
    TRY_ASSIGN(overview.revoked, read_revoked(dir / "revoked.csv"));
    return overview;
}

bool CaOverview::is_revoked(std::string_view serial) const {
    return std::any_of(revoked.begin(), revoked.end(), [&](const auto& row) { return row.serial == serial; });
}

Result<KeyAndRequest> make_key_and_request(std::string_view common_name, std::string_view passphrase) {
    TRY_ASSIGN(auto key, new_p256_key());
    KeyAndRequest made;
    TRY_ASSIGN(made.key_pem, key_to_pem(key.get(), passphrase, KeyStretch::for_a_person));
    TRY_ASSIGN(made.request_pem, make_request(key.get(), common_name));
    return made;
}

}  // namespace core
