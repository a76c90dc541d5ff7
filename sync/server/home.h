// Home: the server's folder: its keys, its certificates and its ledger, made at the first start.
//
// DIR/ledger.db          everything that tablets have sent (sync/ingest); or --store names a PostgreSQL database
// DIR/municipality       which municipality's it is in that database; written at the first start
// DIR/keys/log.seed      Ed25519 seed of the server's checkpoints
// DIR/keys/tls.key, .crt the server's own certificate, self-signed: tablets know its key from the invitation
// DIR/keys/bundle.key, .crt  what transfer keys are sealed to; whoever has the ledger but not this reads
// nobody DIR/keys/secret        what the CA's and the bundle key are encrypted with DIR/ca/ the municipal CA
// that gives tablets their client certificates (core/certificate/ca.h)
//
// Everything in keys/ is readable by the owner only. Keep a copy of it apart from the ledger's. Before PostgreSQL
// several processes may use one folder, or each machine a copy of it that was made after the first start.
#pragma once

#include <filesystem>
#include <map>
#include <memory>

#include "core/certificate/ca.h"
#include "sync/ingest/ingest.h"

namespace server {

struct HomeSettings {
    std::filesystem::path dir;
    std::string store = {};                       // postgresql://...; empty: DIR/ledger.db
    std::vector<std::string> hosts{"localhost"};  // names and addresses for the server's certificate
    std::string municipality = "Handslag";
    std::string organisationsnummer = "2120000142";
    bool demonstration = true;  // a self-made CA that nobody has named is a demonstration
};

// Opens transfer keys with the bundle key; remembers those that it has opened, until they are more than tablets have:
// one gone bad may seal its key anew for ever.
class BundleKey : public ParcelReader {
  public:
    BundleKey(std::string key_pem, std::string secret, std::string certificate_pem)
        : key_pem_(std::move(key_pem)),
          secret_(std::move(secret)),
          certificate_pem_(std::move(certificate_pem)) {}
    BundleKey(BundleKey&&) = default;
    ~BundleKey() override { core::wipe(secret_); }
    // Of the server in DIR, whether it runs or not.
    static Result<BundleKey> load(const std::filesystem::path& dir);
    Result<core::SecretKey> open_transfer_key(ByteView sealed) override;
    Result<Bytes> open(ByteView sealed) const;  // anything that was sealed to us
    const std::string& certificate_pem() const { return certificate_pem_; }
    std::size_t remembered() const { return opened_.size(); }
    static constexpr std::size_t most_opened = 1'024;

  private:
    std::string key_pem_, secret_, certificate_pem_;
    std::map<core::Sha256, core::SecretKey> opened_;
};

// Of the server in DIR, whether it runs or not.
Result<std::string> tls_pin(const std::filesystem::path& dir);

struct Home {
    // Errc::locked: another server has it; not_writable, not_readable (no database), damaged.
    static Result<Home> open(const HomeSettings& settings, const core::Clock& clock);

    std::filesystem::path dir;
    std::string tls_key_pem, tls_certificate_pem;
    std::string client_root_pem;  // and the issuing certificates: tablets show their own certificate alone
    std::string staff_token;
    std::string tls_pin;  // "sha256//<base64>" of the TLS key, as curl takes it
    std::unique_ptr<core::MunicipalCa> ca;
    std::unique_ptr<BundleKey> bundle_key;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<Ingest> ingest;
};

}  // namespace server
