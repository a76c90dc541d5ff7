#include "kiosk/demo_output.h"

#include "core/base/file.h"
#include "core/base/text.h"
#include "core/certificate/keyring.h"
#include "core/certificate/verify.h"
#include "core/evidence/store.h"
#include "kiosk/demo.h"

namespace kiosk {
namespace {

namespace fs = std::filesystem;

core::Result<core::Store> open_store(const fs::path& store_dir, std::string_view passphrase) {
    TRY_ASSIGN(auto keyring, core::Keyring::open(store_dir / "keys", passphrase));
    TRY_ASSIGN(auto log_key, keyring.log_key());
    core::StoreIdentity identity{keyring.device(), keyring.epoch(), log_key.public_key()};
    return core::Store::open(store_dir, identity, keyring.payload_key(), std::move(log_key));
}

core::Status write_verified(Delivery& delivery, const fs::path& out, const fs::path& name,
                            const std::string& what, core::ByteView pdf, std::string_view trust_pem,
                            std::int64_t now_ms) {
    TRY(core::write_file_durably(out / name, pdf));
    auto report = core::verify_certificate(pdf, trust_pem, now_ms);
    std::string verdict = "valid";
    if (!report.ok()) {
        verdict = "UNREADABLE: " + report.error().detail;
    } else if (report->verdict != core::Verdict::valid) {
        const auto* first = report->first_failure();
        verdict =
            "NOT VALID: " + (first != nullptr ? first->check + ": " + first->what : std::string("undecided"));
    } else {
        verdict =
            "verified: valid, PAdES " + report->level + (report->demonstration ? ", DEMONSTRATION" : "");
    }
    if (!verdict.starts_with("verified")) delivery.failures.push_back(name.string() + ": " + verdict);
    delivery.lines.push_back({name.string(), what + "; " + verdict});
    return {};
}

}  // namespace

core::Result<Delivery> deliver(const fs::path& out, const fs::path& store_dir, std::int64_t now_ms) {
    TRY_ASSIGN(auto note, core::read_file(store_dir / "demo-ca" / "passphrase.txt"));
    auto secrets = core::split(core::as_text(note), '\n');
    TRY_ASSIGN(auto root, core::read_file(store_dir / "demo-ca" / "root.crt"));
    std::string trust_pem(core::as_text(root));
    TRY_ASSIGN(auto store, open_store(store_dir, secrets.front()));

    std::error_code error;
    fs::create_directories(out / "certificates", error);
    if (error)
        return core::Error{core::Errc::not_writable,
                           (out / "certificates").string() + ": " + error.message()};

    Delivery delivery;
    TRY_ASSIGN(auto rows, store.signings());
    for (const auto& row : rows) {
        TRY_ASSIGN(auto pdf, store.payload(row.seq, "certificate"));
        auto what = "sealed certificate: " + row.organisation +
                    (row.voided ? " (VOID: " + row.void_reason + ")" : "");
        TRY(write_verified(delivery, out, fs::path("certificates") / (row.certificate_number + ".pdf"), what,
                           pdf, trust_pem, now_ms));
        ++(row.voided ? delivery.voided : delivery.certificates);
    }
    for (std::uint64_t seq = 0; seq < store.size(); ++seq) {
        TRY_ASSIGN(auto entry, store.entry(seq));
        if (entry.kind != "closed") continue;
        TRY_ASSIGN(auto pdf, store.payload(seq, "certificate"));
        TRY(write_verified(delivery, out, "ceremony-protocol.pdf", "sealed ceremony protocol, countersigned",
                           pdf, trust_pem, now_ms));
    }
    TRY(core::write_file_durably(out / "ca.pem", root));
    delivery.lines.push_back({"ca.pem", "the demonstration CA's root certificate, to trust while trying"});
    TRY(core::write_file_durably(out / "passphrase.txt", note, core::FileAccess::owner_only));
    delivery.lines.push_back({"passphrase.txt", "the demonstration tablet's passphrase and recovery code"});

    TRY_ASSIGN(auto audit, store.audit());
    for (const auto& finding : audit.findings) delivery.failures.push_back("store: " + finding.what);
    delivery.lines.push_back({"store/", "the evidence: " + std::to_string(audit.entries) + " log entries, " +
                                            std::to_string(audit.payloads) + " encrypted payloads; audit " +
                                            (audit.ok() ? "found nothing wrong" : "FOUND DAMAGE")});
    return delivery;
}

}  // namespace kiosk
