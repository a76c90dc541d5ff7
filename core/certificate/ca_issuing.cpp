// The CA's own upkeep: its revocation lists, and another certificate for the issuing CA.
#include <algorithm>

#include "core/base/file.h"
#include "core/certificate/ca_crl.h"
#include "core/certificate/ca_folder.h"
#include "core/certificate/ca_ledger.h"
#include "core/certificate/keyring_pem.h"

namespace core {
namespace {

namespace fs = std::filesystem;

// Those that this generation issued, which its certificate's name tells.
Result<std::vector<CaOverview::Revoked>> revoked_by(X509* issuing, const fs::path& dir) {
    TRY_ASSIGN(auto all, read_revoked(dir / "revoked.csv"));
    std::vector<CaOverview::Revoked> own;
    for (auto& row : all) {
        auto pem = read_file(dir / "issued" / (row.serial + ".crt"));
        if (!pem.ok() &&
            pem.error().code == Errc::not_found) {  // lost, or never written: too many does no harm
            own.push_back(std::move(row));
            continue;
        }
        if (!pem.ok()) return pem.error();
        TRY_ASSIGN(auto certificate, certificate_from_pem(as_text(*pem)));
        if (X509_NAME_cmp(X509_get_issuer_name(certificate.get()), X509_get_subject_name(issuing)) == 0)
            own.push_back(std::move(row));
    }
    return own;
}

// Of the list that is replaced, so that a clock that was set back, or two lists in a second, never give a lower one.
std::int64_t number_before(const fs::path& file) {
    auto list = read_file(file);
    return list.ok() ? crl_number(*list) : 0;
}

struct ListOrder {
    const fs::path& dir;
    int days;
    std::int64_t now_ms;
};
Result<Bytes> write_list(X509* issuing, EVP_PKEY* key, const ListOrder& order) {
    TRY_ASSIGN(auto revoked, revoked_by(issuing, order.dir));
    auto file = order.dir / ca::list_file(ca::generation_of(issuing));
    TRY_ASSIGN(auto list, make_crl(issuing, key, revoked, {order.days, order.now_ms, number_before(file)}));
    TRY(write_file_durably(file, list));
    return list;
}

}  // namespace

Result<Bytes> MunicipalCa::write_crl(int days, std::int64_t now_ms) {
    TRY_ASSIGN(auto lock, LedgerLock::take(data_->dir));
    ListOrder order{data_->dir, days, now_ms};
    for (const auto& [issuing, key] : data_->earlier)
        if (to_ms(X509_get0_notAfter(issuing.get())) >= now_ms)  // else nothing that it issued lives
            TRY(write_list(issuing.get(), key.get(), order));
    return write_list(data_->issuing.get(), data_->issuing_key.get(), order);
}

Result<Bytes> MunicipalCa::write_root_crl(const fs::path& dir, const RootKey& root_key, int days,
                                          std::int64_t now_ms) {
    TRY_ASSIGN(auto read, ca::read_certificates(dir));
    TRY_ASSIGN(auto key, ca::read_key(root_key.file.empty() ? dir / "root.key" : root_key.file,
                                      root_key.passphrase, read.root.get()));
    auto file = dir / ca::root_list_file;
    TRY_ASSIGN(auto list, make_crl(read.root.get(), key.get(), {}, {days, now_ms, number_before(file)}));
    TRY(write_file_durably(file, list));
    return list;
}

Result<std::string> MunicipalCa::renew_issuing(const fs::path& dir, const RootKey& root_key,
                                               const IssuingRenewal& wanted, std::int64_t now_ms) {
    TRY(ca::check_crl_base(wanted.crl_base));
    TRY_ASSIGN(auto lock, LedgerLock::take(dir));
    TRY_ASSIGN(auto read, ca::read_certificates(dir));
    X509 *root = read.root.get(), *before = read.issuing.get();
    TRY_ASSIGN(auto signs, ca::read_key(root_key.file.empty() ? dir / "root.key" : root_key.file,
                                        root_key.passphrase, root));
    TRY_ASSIGN(auto validity, ca::validity_under(root, now_ms, wanted.years, "the root"));
    int generation = ca::generation_of(before);
    ca::Subject subject = ca::subject_of(before);
    EvpKey fresh;
    EVP_PKEY* key = X509_get0_pubkey(before);
    if (wanted.new_key) {
        ++generation;
        subject = ca::authority(subject, ca::role_of(generation), read.demonstration);
        TRY_ASSIGN(fresh, new_p256_key());
        key = fresh.get();
        // Before its certificate: until that is there, nothing looks at this file.
        TRY_ASSIGN(auto pem, key_to_pem(key, root_key.passphrase, KeyStretch::for_a_person));
        TRY(write_file_durably(dir / ca::key_file(generation), as_bytes(pem), FileAccess::owner_only));
    }
    std::string crl_base = wanted.crl_base.empty() ? crl_base_of(before) : wanted.crl_base;
    TRY_ASSIGN(auto certificate,
               ca::sign_certificate({subject, key, root, signs.get(), validity, ca::issuing_profile(),
                                     crl_base.empty() ? "" : crl_base + "/" + ca::root_list_file}));
    std::error_code error;
    fs::create_directories(dir / ca::retired_folder, error);
    if (error) return Error{Errc::not_writable, (dir / ca::retired_folder).string() + ": " + error.message()};
    TRY(write_file_durably(dir / ca::retired_folder / ("issuing-" + ca::serial_of(before) + ".crt"),
                           as_bytes(to_pem(before))));
    std::string pem = to_pem(certificate.get());
    TRY(write_file_durably(dir / "issuing.crt", as_bytes(pem)));
    return pem;
}

}  // namespace core
