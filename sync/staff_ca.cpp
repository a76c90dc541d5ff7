// handslag ca, handslag key, handslag request, handslag install: keys and certificates.
#include <iostream>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/certificate/ca.h"
#include "core/certificate/keyring.h"
#include "sync/staff.h"

namespace staff {
namespace {

core::Result<core::IssueKind> parse_kind(const std::string& id) {
    for (auto kind : {core::IssueKind::seal, core::IssueKind::bundle, core::IssueKind::tls_client})
        if (core::to_id(kind) == id) return kind;
    return core::Error{core::Errc::malformed, "the kind is seal, bundle or tls-client"};
}

core::Result<core::RevocationReason> parse_reason(const std::string& id) {
    using core::RevocationReason;
    for (auto reason :
         {RevocationReason::unspecified, RevocationReason::key_compromise,
          RevocationReason::affiliation_changed, RevocationReason::superseded, RevocationReason::cessation})
        if (core::to_id(reason) == id) return reason;
    return core::Error{core::Errc::malformed,
                       "unspecified, key-compromise, affiliation-changed, superseded or cessation"};
}

core::Result<core::MunicipalCa> open_ca(const CaActOptions& options) {
    TRY_ASSIGN(auto secret, read_secret(options.passphrase_file, "The CA's passphrase"));
    auto ca = core::MunicipalCa::open(options.dir, secret);
    core::wipe(secret);
    return ca;
}

// Never over a file that is there: it may be a key.
core::Status write_new(const Path& file, const std::string& content, core::FileAccess access) {
    std::error_code error;
    if (std::filesystem::exists(file, error))
        return core::Error{core::Errc::conflict, "is there already; nothing was written"};
    return core::write_file_durably(file, core::as_bytes(content), access);
}

}  // namespace

int create_ca(const CaCreateOptions& options) {
    auto secret = read_secret(options.passphrase_file, "A passphrase for the CA's keys", Asking::twice);
    if (!secret.ok()) return complain("passphrase", secret.error());
    core::CaSpec spec{options.municipality, options.number,        options.demonstration,
                      options.root_years,   options.issuing_years, options.crl_base};
    auto ca = core::MunicipalCa::create(options.dir, spec, *secret, core::SystemClock().wall_ms());
    core::wipe(*secret);
    if (!ca.ok()) return complain(options.dir.string(), ca.error());
    std::cout << "Made a " << (options.demonstration ? "DEMONSTRATION " : "") << "CA in "
              << options.dir.string() << "\n"
              << "  " << (options.dir / "root.crt").string()
              << ": give this to everybody who verifies certificates\n"
              << "  " << (options.dir / "root.key").string()
              << ": move it to a safe now; issuing does not need it\n";
    return all_well;
}

int issue_certificate(const CaIssueOptions& options) {
    auto kind = parse_kind(options.kind);
    if (!kind.ok()) return complain(options.kind, kind.error());
    auto request = read_text(options.request);
    if (!request.ok()) return complain(options.request.string(), request.error());
    auto secret = read_secret(options.passphrase_file, "The CA's passphrase");
    if (!secret.ok()) return complain("passphrase", secret.error());
    auto ca = core::MunicipalCa::open(options.dir, *secret);
    core::wipe(*secret);
    if (!ca.ok()) return complain(options.dir.string(), ca.error());
    std::error_code error;
    if (!options.output.empty() && std::filesystem::exists(options.output, error))
        return complain(options.output.string(),
                        {core::Errc::conflict, "is there already; nothing was issued"});
    auto issued = ca->issue(*request, *kind, options.name, options.years, core::SystemClock().wall_ms());
    if (!issued.ok()) return complain(options.request.string(), issued.error());
    // Sticks are sealed to one certificate; a tablet installs its whole chain.
    const auto& pem = *kind == core::IssueKind::bundle ? issued->certificate_pem : issued->chain_pem;
    if (options.output.empty()) {
        std::cout << pem;
        return all_well;
    }
    auto written = write_new(options.output, pem, core::FileAccess::anyone_reads);
    if (!written.ok()) return complain(options.output.string(), written.error());
    std::cout << options.output.string() << ": certificate " << issued->serial << ", listed in "
              << (options.dir / "issued.csv").string() << '\n';
    return all_well;
}

int renew_certificate(const CaActOptions& options) {
    std::error_code error;
    if (!options.output.empty() && std::filesystem::exists(options.output, error))
        return complain(options.output.string(),
                        {core::Errc::conflict, "is there already; nothing was issued"});
    auto ca = open_ca(options);
    if (!ca.ok()) return complain(options.dir.string(), ca.error());
    auto issued = ca->renew(options.serial, options.years, core::SystemClock().wall_ms());
    if (!issued.ok()) return complain(options.serial, issued.error());
    if (options.output.empty()) {
        std::cout << issued->chain_pem;
        return all_well;
    }
    auto written = write_new(options.output, issued->chain_pem, core::FileAccess::anyone_reads);
    if (!written.ok()) return complain(options.output.string(), written.error());
    std::cout << options.output.string() << ": certificate " << issued->serial << ", in place of "
              << options.serial << '\n';
    return all_well;
}

namespace {

enum class Whose { root, issuing };

// Those of the issuing CA, of its earlier keys too; or the root's.
void print_lists(const Path& dir, Whose whose) {
    auto ca = core::read_ca(dir);
    for (const auto& list : ca.ok() ? ca->lists : std::vector<core::CaOverview::List>())
        if ((list.name == "root.crl") == (whose == Whose::root))
            std::cout << (dir / list.name).string() << ": lasts until " << date_of(list.next_update_ms)
                      << '\n';
}

}  // namespace

int revoke_certificate(const CaActOptions& options) {
    auto reason = parse_reason(options.reason);
    if (!reason.ok()) return complain("--reason", reason.error());
    auto ca = open_ca(options);
    if (!ca.ok()) return complain(options.dir.string(), ca.error());
    std::int64_t now_ms = core::SystemClock().wall_ms();
    if (auto revoked = ca->revoke(options.serial, *reason, now_ms); !revoked.ok())
        return complain(options.serial, revoked.error());
    auto list = ca->write_crl(options.days, now_ms);
    if (!list.ok()) return complain((options.dir / "issuing.crl").string(), list.error());
    std::cout << options.serial << ": revoked; publish the list now (handslag-server crl publish "
              << options.dir.string() << ")\n";
    print_lists(options.dir, Whose::issuing);
    return all_well;
}

int write_crl(const CaActOptions& options) {
    std::int64_t now_ms = core::SystemClock().wall_ms();
    core::Result<core::Bytes> list = core::Bytes();
    if (options.root) {
        auto secret = read_secret(options.passphrase_file, "The CA's passphrase");
        if (!secret.ok()) return complain("passphrase", secret.error());
        list =
            core::MunicipalCa::write_root_crl(options.dir, {*secret, options.root_key}, options.days, now_ms);
        core::wipe(*secret);
    } else {
        auto ca = open_ca(options);
        list = ca.ok() ? ca->write_crl(options.days, now_ms) : core::Result<core::Bytes>(ca.error());
    }
    if (!list.ok()) return complain(options.dir.string(), list.error());
    print_lists(options.dir, options.root ? Whose::root : Whose::issuing);
    return all_well;
}

int renew_issuing(const CaActOptions& options) {
    auto secret = read_secret(options.passphrase_file, "The CA's passphrase");
    if (!secret.ok()) return complain("passphrase", secret.error());
    auto renewed = core::MunicipalCa::renew_issuing(options.dir, {*secret, options.root_key},
                                                    {options.years, options.new_key, options.crl_base},
                                                    core::SystemClock().wall_ms());
    core::wipe(*secret);
    if (!renewed.ok()) return complain(options.dir.string(), renewed.error());
    std::cout << (options.dir / "issuing.crt").string() << ": renewed for " << options.years
              << " years; what was issued before stays valid\n"
              << "Make its revocation list now: handslag ca crl " << options.dir.string() << '\n';
    return all_well;
}

namespace {

constexpr std::int64_t soon_ms = 90 * std::int64_t{86'400'000};

// " EXPIRED", " EXPIRES SOON", or nothing.
const char* warning(std::int64_t until_ms, std::int64_t now_ms, std::int64_t soon = soon_ms) {
    return until_ms < now_ms ? "  EXPIRED" : until_ms < now_ms + soon ? "  EXPIRES SOON" : "";
}

// Of one that has not been replaced by a later one of the same kind and name.
const char* warning(const core::CaOverview& ca, const core::CaOverview::Row& row, std::int64_t now_ms) {
    if (ca.is_revoked(row.serial)) return "  REVOKED";
    for (const auto& other : ca.issued)
        if (other.kind == row.kind && other.name == row.name && other.not_after > row.not_after &&
            !ca.is_revoked(other.serial))
            return "  renewed";
    return warning(row.not_after_ms(), now_ms);
}

void show_lists(const core::CaOverview& ca, std::int64_t now_ms) {
    constexpr std::int64_t week_ms = 7 * std::int64_t{86'400'000};
    for (const auto& list : ca.lists)
        std::cout << "  " << list.name << "  lasts until " << date_of(list.next_update_ms)
                  << warning(list.next_update_ms, now_ms, week_ms) << '\n';
}

}  // namespace

int show_ca(const Path& dir, Form form) {
    auto ca = core::read_ca(dir);
    if (!ca.ok()) return complain(dir.string(), ca.error());
    std::int64_t now_ms = core::SystemClock().wall_ms();
    if (form == Form::json) {
        core::Json issued = core::Json::array(), lists = core::Json::array();
        for (const auto& list : ca->lists)
            lists.push_back({{"name", list.name}, {"next_update", date_of(list.next_update_ms)}});
        for (const auto& row : ca->issued)
            issued.push_back({{"serial", row.serial},
                              {"kind", row.kind},
                              {"name", row.name},
                              {"not_before", row.not_before},
                              {"not_after", row.not_after},
                              {"sha256", row.sha256},
                              {"issued_at", row.issued_at},
                              {"revoked", ca->is_revoked(row.serial)}});
        core::Json json{{"municipality", ca->municipality},
                        {"demonstration", ca->demonstration},
                        {"root_sha256", ca->root_fingerprint},
                        {"issuing_sha256", ca->issuing_fingerprint},
                        {"root_until", date_of(ca->root_not_after_ms)},
                        {"issuing_until", date_of(ca->issuing_not_after_ms)},
                        {"root_key_is_here", ca->root_key_is_here},
                        {"lists", std::move(lists)},
                        {"issued", std::move(issued)}};
        std::cout << json.dump(2) << '\n';
        return all_well;
    }
    std::cout << ca->municipality << '\n'
              << "  root     SHA-256 " << ca->root_fingerprint << ", until " << date_of(ca->root_not_after_ms)
              << warning(ca->root_not_after_ms, now_ms) << '\n'
              << "  issuing  SHA-256 " << ca->issuing_fingerprint << ", until "
              << date_of(ca->issuing_not_after_ms) << warning(ca->issuing_not_after_ms, now_ms) << '\n';
    for (const auto& one : ca->retired)
        std::cout << "  before   SHA-256 " << one.fingerprint << ", until " << date_of(one.not_after_ms)
                  << '\n';
    show_lists(*ca, now_ms);
    for (const auto& row : ca->issued)
        std::cout << "  " << row.serial << "  " << row.kind << "  until " << row.not_after.substr(0, 10)
                  << "  " << row.name << warning(*ca, row, now_ms) << '\n';
    if (ca->issued.empty()) std::cout << "  nothing issued yet\n";
    if (ca->root_key_is_here && !ca->demonstration)
        std::cerr << "warning: root.key is still here; move it to a safe, issuing does not need it\n";
    return all_well;
}

int create_key(const KeyOptions& options) {
    auto secret = read_secret(options.passphrase_file, "A passphrase for the new key", Asking::twice);
    if (!secret.ok()) return complain("passphrase", secret.error());
    auto made = core::make_key_and_request(options.name, *secret);
    core::wipe(*secret);
    if (!made.ok()) return complain(options.name, made.error());
    auto key = options.output, request = options.output;
    key += ".key";
    request += ".csr";
    if (auto written = write_new(key, made->key_pem, core::FileAccess::owner_only); !written.ok())
        return complain(key.string(), written.error());
    if (auto written = write_new(request, made->request_pem, core::FileAccess::anyone_reads); !written.ok())
        return complain(request.string(), written.error());
    std::cout << key.string() << ": keep it where the register is\n"
              << request.string() << ": give it to handslag ca issue\n";
    return all_well;
}

int use_token(const Path& dir, const TokenOptions& options, const Path& passphrase_file) {
    auto lock = TabletLock::take(dir);
    if (!lock.ok()) return complain(dir.string(), lock.error());
    auto secret = read_secret(passphrase_file, "The tablet's passphrase");
    if (!secret.ok()) return complain("passphrase", secret.error());
    auto keyring = core::Keyring::open(keys_folder(dir), *secret);
    core::wipe(*secret);
    if (!keyring.ok()) return complain(dir.string(), keyring.error());
    auto pin = read_secret(options.pin_file, "The token's PIN");
    if (!pin.ok()) return complain("PIN", pin.error());
    auto used = keyring->use_seal_token(options.uri, *pin);
    core::wipe(*pin);
    if (!used.ok()) return complain(options.uri, used.error());
    std::cerr << dir.string()
              << ": seals with the token's key; its certificate is to be issued and installed\n";
    return all_well;
}

int write_request(const Path& dir, const Path& output) {
    auto pem = core::Keyring::read_seal_request(keys_folder(dir));
    if (!pem.ok()) return complain(dir.string(), pem.error());
    if (output.empty()) {
        std::cout << *pem;
        return all_well;
    }
    if (auto written = write_new(output, *pem, core::FileAccess::anyone_reads); !written.ok())
        return complain(output.string(), written.error());
    return all_well;
}

int install_certificate(const Path& dir, const Path& chain, const Path& passphrase_file) {
    auto lock = TabletLock::take(dir);
    if (!lock.ok()) return complain(dir.string(), lock.error());
    auto pem = read_text(chain);
    if (!pem.ok()) return complain(chain.string(), pem.error());
    auto secret = read_secret(passphrase_file, "The tablet's passphrase");
    if (!secret.ok()) return complain("passphrase", secret.error());
    auto keyring = core::Keyring::open(keys_folder(dir), *secret);
    core::wipe(*secret);
    if (!keyring.ok()) return complain(dir.string(), keyring.error());
    if (auto installed = keyring->install_seal_certificate(*pem); !installed.ok())
        return complain(chain.string(), installed.error());
    std::cout << dir.string() << ": the seal certificate is installed\n";
    return all_well;
}

}  // namespace staff
