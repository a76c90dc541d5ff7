// handslag audit, handslag bundle read: reading what tablets and sticks hold.
#include <iostream>

#include "core/base/file.h"
#include "core/bundle.h"
#include "core/certificate/keyring.h"
#include "sync/staff.h"

namespace staff {
namespace {

core::Result<core::AuditReport> audit_with_keys(const AuditOptions& options) {
    auto keys = options.keys.empty() ? keys_folder(options.store) : options.keys;
    TRY_ASSIGN(auto secret, read_secret(options.passphrase_file, "The tablet's passphrase"));
    auto keyring = core::Keyring::open(keys, secret);
    core::wipe(secret);
    if (!keyring.ok()) return keyring.error();
    std::error_code error;
    if (!std::filesystem::exists(options.store / "handslag.db", error))  // opening would make a new one
        return core::Error{core::Errc::not_found, "no store (handslag.db) in that folder"};
    TRY_ASSIGN(auto log_key, keyring->log_key());
    core::StoreIdentity identity{keyring->device(), keyring->epoch(), log_key.public_key()};
    TRY_ASSIGN(auto store,
               core::Store::open(options.store, identity, keyring->payload_key(), std::move(log_key)));
    return store.audit();
}

void print(const AuditOptions& options, const core::AuditReport& report, bool with_keys) {
    std::cout << options.store.string() << ": " << (report.ok() ? "WHOLE" : "NOT WHOLE") << '\n'
              << "  entries " << report.entries << ", payloads " << report.payloads << ", erased "
              << report.erased << ", checkpoints " << report.checkpoints << "\n  log key "
              << core::to_hex(report.log_key) << "\n  head    " << report.head.size << " "
              << report.head.root.hex() << '\n';
    for (const auto& finding : report.findings)
        std::cout << "  FOUND   " << (finding.seq ? "entry " + std::to_string(*finding.seq) + ": " : "")
                  << finding.what << '\n';
    if (!with_keys)
        std::cout << "  not checked: what the payloads say, and whether the log key is this tablet's "
                     "(--passphrase-file)\n";
}

core::Json as_json(const AuditOptions& options, const core::AuditReport& report, bool with_keys) {
    core::Json findings = core::Json::array();
    for (const auto& finding : report.findings) {
        core::Json one{{"what", finding.what}};
        if (finding.seq) one["seq"] = *finding.seq;
        findings.push_back(std::move(one));
    }
    return {{"store", options.store.string()},
            {"whole", report.ok()},
            {"with_keys", with_keys},
            {"entries", report.entries},
            {"payloads", report.payloads},
            {"erased", report.erased},
            {"checkpoints", report.checkpoints},
            {"log_key", core::to_hex(report.log_key)},
            {"tree_size", report.head.size},
            {"root", report.head.root.hex()},
            {"findings", std::move(findings)}};
}

}  // namespace

int audit(const AuditOptions& options) {
    bool with_keys = !options.passphrase_file.empty();
    auto report = with_keys ? audit_with_keys(options) : core::Store::audit_without_keys(options.store);
    if (!report.ok()) return complain(options.store.string(), report.error());
    if (options.form == Form::json)
        std::cout << as_json(options, *report, with_keys).dump(2) << '\n';
    else
        print(options, *report, with_keys);
    return report->ok() ? all_well : found_wanting;
}

int read_bundle(const BundleOptions& options) {
    auto sealed = core::read_file(options.file);
    if (!sealed.ok()) return complain(options.file.string(), sealed.error());
    auto key = read_text(options.key);
    if (!key.ok()) return complain(options.key.string(), key.error());
    auto certificate = read_text(options.certificate);
    if (!certificate.ok()) return complain(options.certificate.string(), certificate.error());
    auto secret = read_secret(options.passphrase_file, "The bundle key's passphrase");
    if (!secret.ok()) return complain("passphrase", secret.error());
    auto plain = core::open_sealed(*sealed, *key, *secret, *certificate);
    core::wipe(*secret);
    if (!plain.ok()) return complain(options.file.string(), plain.error());
    auto bundle = core::decode_bundle(*plain);
    core::wipe(*plain);
    if (!bundle.ok()) return complain(options.file.string(), bundle.error());
    auto checked = core::check_bundle(*bundle);
    auto claimed_key = core::to_hex(bundle->identity.log_key);
    if (checked.ok() && !options.log_key.empty() && options.log_key != claimed_key)
        checked = core::Error{core::Errc::damaged, "the log key is another than --log-key"};
    std::cout << options.file.string() << ": "
              << (checked.ok() ? "WHOLE" : "NOT WHOLE: " + checked.error().detail) << '\n'
              << "  tablet   " << bundle->identity.device.str() << ", epoch " << bundle->identity.epoch
              << ", entry " << bundle->seq << "\n  log key  " << claimed_key
              << (options.log_key.empty() ? " (not compared; --log-key)" : " (compared)") << '\n';
    for (const auto& payload : bundle->payloads)
        std::cout << "  " << payload.name << ", " << payload.content.size() << " bytes\n";
    if (options.output.empty()) return checked.ok() ? all_well : found_wanting;
    std::error_code error;
    std::filesystem::create_directories(options.output, error);
    for (const auto& payload : bundle->payloads) {
        // Names come from whoever sealed the bundle: only the ones that we know become files.
        auto file = payload.name == "certificate" ? "certificate.pdf"
                    : payload.name == "record" || payload.name == "private" || payload.name == "protocol" ||
                            payload.name == "ceremony"
                        ? payload.name + ".json"
                        : std::string();
        if (file.empty()) continue;
        auto written =
            core::write_file_durably(options.output / file, payload.content, core::FileAccess::owner_only);
        if (!written.ok()) return complain((options.output / file).string(), written.error());
    }
    return checked.ok() ? all_well : found_wanting;
}

}  // namespace staff
