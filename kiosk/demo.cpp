#include "kiosk/demo.h"

#include "core/base/file.h"

namespace kiosk {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view open_secret = "demonstration";
constexpr int bundle_years = 2, seal_years = 2;

fs::path ca_dir(const fs::path& store_dir) { return store_dir / "demo-ca"; }

core::Result<core::MunicipalCa> open_or_create(const fs::path& dir, const core::Municipality& municipality,
                                               std::int64_t now_ms) {
    std::error_code error;
    if (fs::exists(dir / "issuing.crt", error)) return core::MunicipalCa::open(dir, open_secret);
    core::CaSpec spec;
    spec.municipality = municipality.name;
    spec.organisationsnummer = municipality.organisationsnummer;
    spec.demonstration = true;
    return core::MunicipalCa::create(dir, spec, open_secret, now_ms);
}

}  // namespace

core::Result<DemonstrationCa> demonstration_ca(const fs::path& store_dir,
                                               const core::Municipality& municipality, std::int64_t now_ms) {
    auto dir = ca_dir(store_dir);
    TRY_ASSIGN(auto ca, open_or_create(dir, municipality, now_ms));
    DemonstrationCa made;
    made.root_pem = ca.root_pem();
    std::error_code error;
    if (fs::exists(dir / "bundle.crt", error)) {
        TRY_ASSIGN(auto pem, core::read_file(dir / "bundle.crt"));
        made.bundle_certificate_pem = std::string(core::as_text(pem));
        return made;
    }
    TRY_ASSIGN(auto request, core::make_key_and_request("bundle", open_secret));
    TRY_ASSIGN(auto issued,
               ca.issue(request.request_pem, core::IssueKind::bundle, "arkivpaket", bundle_years, now_ms));
    TRY(core::write_file_durably(dir / "bundle.key", core::as_bytes(request.key_pem),
                                 core::FileAccess::owner_only));
    TRY(core::write_file_durably(dir / "bundle.crt", core::as_bytes(issued.certificate_pem)));
    made.bundle_certificate_pem = issued.certificate_pem;
    return made;
}

core::Status certify_for_demonstration(core::Keyring& keyring, const fs::path& store_dir,
                                       std::string_view tablet_name, std::int64_t now_ms) {
    if (keyring.has_seal_certificate()) return {};
    TRY_ASSIGN(auto ca, core::MunicipalCa::open(ca_dir(store_dir), open_secret));
    TRY_ASSIGN(auto issued,
               ca.issue(keyring.seal_request_pem(), core::IssueKind::seal, tablet_name, seal_years, now_ms));
    return keyring.install_seal_certificate(issued.chain_pem);
}

core::Status note_demonstration_secrets(const fs::path& store_dir, const core::NewKeyringSecrets& secrets) {
    return core::write_file_durably(ca_dir(store_dir) / "passphrase.txt",
                                    core::as_bytes(secrets.passphrase + "\n" + secrets.recovery_code + "\n"),
                                    core::FileAccess::owner_only);
}

}  // namespace kiosk
