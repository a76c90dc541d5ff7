#include "core/certificate/ca.h"

#include <algorithm>
#include <ctime>

#include "core/base/crypto.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/certificate/ca_crl.h"
#include "core/certificate/ca_folder.h"
#include "core/certificate/ca_ledger.h"
#include "core/certificate/keyring_pem.h"

namespace core {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t shortest_passphrase = 12;
constexpr int first_root_list_days = 400;  // a root's list is made by hand, once a year

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

MunicipalCa::MunicipalCa(std::unique_ptr<Data> data) : data_(std::move(data)) {}
MunicipalCa::MunicipalCa(MunicipalCa&&) noexcept = default;
MunicipalCa& MunicipalCa::operator=(MunicipalCa&&) noexcept = default;
MunicipalCa::~MunicipalCa() = default;

std::string MunicipalCa::root_pem() const { return to_pem(data_->root.get()); }
std::string MunicipalCa::issuing_pem() const { return to_pem(data_->issuing.get()); }
std::string MunicipalCa::issuers_pem() const {
    std::string all = root_pem() + issuing_pem();
    for (const auto& earlier : data_->earlier) all += to_pem(earlier.issuing.get());
    return all;
}
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
    TRY(ca::check_crl_base(spec.crl_base));
    TRY_ASSIGN(auto base, ca::subject_base(spec));
    TRY_ASSIGN(auto root_key, new_p256_key());
    TRY_ASSIGN(auto issuing_key, new_p256_key());
    auto named = [&](std::string_view role) { return ca::authority(base, role, spec.demonstration); };
    TRY_ASSIGN(auto root, ca::sign_certificate({named("Root CA"),
                                                root_key.get(),
                                                nullptr,
                                                root_key.get(),
                                                ca::validity_from(now_ms, spec.root_years),
                                                ca::root_profile(),
                                                {}}));
    TRY_ASSIGN(auto issuing,
               ca::sign_certificate({named(ca::role_of(1)), issuing_key.get(), root.get(), root_key.get(),
                                     ca::validity_from(now_ms, spec.issuing_years), ca::issuing_profile(),
                                     spec.crl_base.empty() ? "" : spec.crl_base + "/root.crl"}));
    TRY_ASSIGN(auto root_key_pem, key_to_pem(root_key.get(), passphrase, KeyStretch::for_a_person));
    TRY_ASSIGN(auto issuing_key_pem, key_to_pem(issuing_key.get(), passphrase, KeyStretch::for_a_person));
    TRY_ASSIGN(auto root_crl, make_crl(root.get(), root_key.get(), {}, {first_root_list_days, now_ms, 0}));
    TRY(write_ca(dir, {root.get(), issuing.get(), root_key_pem, issuing_key_pem, root_crl}));
    auto data = std::make_unique<Data>();
    *data = {dir, std::move(root), std::move(issuing), std::move(issuing_key), {}, spec.demonstration};
    return MunicipalCa(std::move(data));
}

Result<MunicipalCa> MunicipalCa::open(const fs::path& dir, std::string_view passphrase) {
    TRY_ASSIGN(auto read, ca::read_certificates(dir));
    int current = ca::generation_of(read.issuing.get());
    auto data = std::make_unique<Data>();
    TRY_ASSIGN(data->issuing_key, ca::read_key(dir / ca::key_file(current), passphrase, read.issuing.get()));
    for (int generation = 1; generation < current; ++generation) {
        X509* issuing = ca::newest_of(read.retired, generation);
        if (issuing == nullptr) continue;
        auto key = ca::read_key(dir / ca::key_file(generation), passphrase, issuing);
        if (!key.ok() && key.error().code == Errc::not_found) continue;  // destroyed, as one may
        if (!key.ok()) return key.error();
        X509_up_ref(issuing);
        data->earlier.push_back({X509Certificate(issuing), std::move(*key)});
    }
    data->dir = dir;
    data->root = std::move(read.root), data->issuing = std::move(read.issuing);
    data->demonstration = read.demonstration;
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
    if (!data_->demonstration && ca::says_demonstration(*given))
        return Error{Errc::not_allowed, "a real CA does not issue demonstration certificates"};
    TRY_ASSIGN(auto request, request_from_pem(request_pem));
    EVP_PKEY* key = X509_REQ_get0_pubkey(request.get());
    TRY(ca::check_key(key));
    if (same_public_key(key, X509_get0_pubkey(data_->issuing.get())) ||
        same_public_key(key, X509_get0_pubkey(data_->root.get())))
        return Error{Errc::not_allowed, "the request names a key of the CA itself"};
    bool lacks_word = data_->demonstration && !ca::says_demonstration(*given);
    return issue_to(
        {key, kind, (lacks_word ? std::string(ca::demonstration_word) + " " : "") + *given, years, now_ms});
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

// Is there a key here whose list can carry it?
bool MunicipalCa::can_list(std::string_view certificate_pem) const {
    auto certificate = certificate_from_pem(certificate_pem);
    if (!certificate.ok()) return true;  // what cannot be read is listed: too many does no harm
    auto issued_by = [&](const X509Certificate& issuing) {
        return X509_NAME_cmp(X509_get_issuer_name(certificate->get()),
                             X509_get_subject_name(issuing.get())) == 0;
    };
    return issued_by(data_->issuing) || std::any_of(data_->earlier.begin(), data_->earlier.end(),
                                                    [&](const auto& one) { return issued_by(one.issuing); });
}

Status MunicipalCa::revoke(std::string_view serial, RevocationReason reason, std::int64_t now_ms) {
    TRY_ASSIGN(auto lock, LedgerLock::take(data_->dir));
    TRY_ASSIGN(auto overview, read_ca(data_->dir));
    if (std::none_of(overview.issued.begin(), overview.issued.end(),
                     [&](const auto& one) { return one.serial == serial; }))
        return Error{Errc::not_found, "no certificate of that serial number"};
    if (overview.is_revoked(serial)) return Error{Errc::conflict, "it is revoked already"};
    if (auto pem = read_file(data_->dir / "issued" / (std::string(serial) + ".crt")); pem.ok()) {
        if (!can_list(as_text(*pem)))
            return Error{
                Errc::not_allowed,
                "the key that issued it was destroyed, so no list can carry it: let its issuer be revoked"};
    }
    return add_to_revoked(data_->dir / "revoked.csv",
                          {std::string(serial), std::string(to_id(reason)), ca::iso_time(now_ms / 1000)});
}

Result<Issued> MunicipalCa::issue_to(const IssueOrder& order) {
    auto [key, kind, name, years, now_ms] = order;
    ca::Subject subject = ca::subject_of(data_->issuing.get());
    subject.name = name;
    if (code_points(subject.name).size() > ca::longest_name)
        return Error{Errc::malformed, "the certificate's name is longer than 64 characters"};
    TRY_ASSIGN(auto validity, ca::validity_under(data_->issuing.get(), now_ms, years, "the issuing CA"));
    std::string crl_base = crl_base_of(data_->issuing.get());
    std::string list = "/" + ca::list_file(ca::generation_of(data_->issuing.get()));
    TRY_ASSIGN(auto certificate,
               ca::sign_certificate({subject, key, data_->issuing.get(), data_->issuing_key.get(), validity,
                                     ca::end_profile(kind, key), crl_base.empty() ? "" : crl_base + list}));
    Issued issued;
    issued.serial = ca::serial_of(certificate.get());
    issued.certificate_pem = to_pem(certificate.get());
    issued.chain_pem = issued.certificate_pem + issuing_pem() + root_pem();
    TRY_ASSIGN(auto lock, LedgerLock::take(data_->dir));
    TRY(add_to_ledger(
        data_->dir / "issued.csv",
        {issued.serial, std::string(to_id(kind)), subject.name, ca::iso_time(validity.from_s),
         ca::iso_time(validity.to_s), fingerprint_of(certificate.get()), ca::iso_time(now_ms / 1000)}));
    TRY(write_file_durably(data_->dir / "issued" / (issued.serial + ".crt"), as_bytes(issued.chain_pem)));
    return issued;
}

Result<CaOverview> read_ca(const fs::path& dir) {
    TRY_ASSIGN(auto ca, ca::read_certificates(dir));
    CaOverview overview;
    overview.municipality = subject_entry(ca.root.get(), NID_organizationName);
    overview.root_fingerprint = fingerprint_of(ca.root.get());
    overview.issuing_fingerprint = fingerprint_of(ca.issuing.get());
    overview.root_not_after_ms = to_ms(X509_get0_notAfter(ca.root.get()));
    overview.issuing_not_after_ms = to_ms(X509_get0_notAfter(ca.issuing.get()));
    overview.demonstration = ca.demonstration;
    for (const auto& one : ca.retired)
        overview.retired.push_back({fingerprint_of(one.get()), to_ms(X509_get0_notAfter(one.get()))});
    std::error_code error;
    overview.root_key_is_here = fs::exists(dir / "root.key", error);
    TRY_ASSIGN(overview.issued, read_ledger(dir / "issued.csv"));
    TRY_ASSIGN(overview.revoked, read_revoked(dir / "revoked.csv"));
    std::vector<std::string> lists{ca::root_list_file};
    for (int generation = 1; generation <= ca::generation_of(ca.issuing.get()); ++generation)
        lists.push_back(ca::list_file(generation));
    for (const std::string& name : lists)
        if (auto list = read_file(dir / name); list.ok())
            overview.lists.push_back({name, next_update_ms(*list)});
    return overview;
}

std::int64_t CaOverview::Row::not_after_ms() const {
    std::tm utc{};
    if (::strptime(not_after.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc) == nullptr) return 0;
    return static_cast<std::int64_t>(timegm(&utc)) * 1000;
}

bool CaOverview::is_revoked(std::string_view serial) const {
    return std::any_of(revoked.begin(), revoked.end(), [&](const auto& row) { return row.serial == serial; });
}

Result<KeyAndRequest> make_key_and_request(std::string_view common_name, std::string_view passphrase,
                                           KeyStretch stretch) {
    TRY_ASSIGN(auto key, new_p256_key());
    KeyAndRequest made;
    TRY_ASSIGN(made.key_pem, key_to_pem(key.get(), passphrase, stretch));
    TRY_ASSIGN(made.request_pem, make_request(key.get(), common_name));
    return made;
}

}  // namespace core
