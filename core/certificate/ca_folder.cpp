#include "core/certificate/ca_folder.h"

#include <algorithm>
#include <charconv>

#include "core/base/file.h"
#include "core/certificate/keyring_pem.h"

namespace core::ca {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view first_role = "Issuing CA";

std::string numbered(std::string_view name, int generation, std::string_view ending) {
    return std::string(name) + (generation > 1 ? "-" + std::to_string(generation) : "") + std::string(ending);
}

Result<X509Certificate> read_certificate(const fs::path& file) {
    TRY_ASSIGN(auto pem, read_file(file));
    auto certificate = certificate_from_pem(as_text(pem));
    if (!certificate) return Error{Errc::damaged, file.string() + ": " + certificate.error().detail};
    return certificate;
}

bool is_issued_by(X509* certificate, X509* root) {
    bool so = X509_verify(certificate, X509_get0_pubkey(root)) == 1;
    ERR_clear_error();
    return so;
}

}  // namespace

Result<Certificates> read_certificates(const fs::path& dir) {
    Certificates ca;
    TRY_ASSIGN(ca.root, read_certificate(dir / "root.crt"));
    TRY_ASSIGN(ca.issuing, read_certificate(dir / "issuing.crt"));
    std::error_code error;
    for (const auto& file : fs::directory_iterator(dir / retired_folder, error)) {
        if (file.path().extension() != ".crt") continue;
        TRY_ASSIGN(auto retired, read_certificate(file.path()));
        ca.retired.push_back(std::move(retired));
    }
    auto ours = [&](const X509Certificate& one) { return is_issued_by(one.get(), ca.root.get()); };
    if (!ours(ca.issuing))
        return Error{Errc::damaged, dir.string() + ": issuing.crt was not issued by root.crt"};
    if (!std::all_of(ca.retired.begin(), ca.retired.end(), ours))
        return Error{Errc::damaged, dir.string() + ": a retired certificate was not issued by root.crt"};
    ca.demonstration = says_demonstration(subject_entry(ca.root.get(), NID_organizationName));
    if (ca.demonstration != says_demonstration(subject_entry(ca.issuing.get(), NID_organizationName)))
        return Error{Errc::damaged, dir.string() + ": one CA is a demonstration and the other is not"};
    return ca;
}

int generation_of(X509* issuing) {
    std::string name = common_name(issuing);
    auto at = name.rfind(' ');
    int number = 0;
    if (at == std::string::npos || !name.substr(0, at).ends_with(first_role)) return 1;
    auto [end, wrong] = std::from_chars(name.data() + at + 1, name.data() + name.size(), number);
    return wrong == std::errc{} && end == name.data() + name.size() && number > 1 ? number : 1;
}

std::string role_of(int generation) {
    return std::string(first_role) + (generation > 1 ? " " + std::to_string(generation) : "");
}
std::string key_file(int generation) { return numbered("issuing", generation, ".key"); }
std::string list_file(int generation) { return numbered("issuing", generation, ".crl"); }

X509* newest_of(const std::vector<X509Certificate>& retired, int generation) {
    X509* newest = nullptr;
    for (const auto& one : retired)
        if (generation_of(one.get()) == generation &&
            (newest == nullptr || to_ms(X509_get0_notAfter(one.get())) > to_ms(X509_get0_notAfter(newest))))
            newest = one.get();
    return newest;
}

Result<EvpKey> read_key(const fs::path& file, std::string_view passphrase, X509* certificate) {
    TRY_ASSIGN(auto pem, read_file(file));
    auto key = key_from_pem(as_text(pem), passphrase);
    if (!key) return Error{key.error().code, file.string() + ": " + key.error().detail};
    if (!same_public_key(key->get(), X509_get0_pubkey(certificate)))
        return Error{Errc::damaged, file.string() + ": is not the key of its certificate"};
    return key;
}

}  // namespace core::ca
