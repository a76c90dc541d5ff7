#include "sync/server/home.h"

#include <charconv>

#include <fcntl.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/openssl.h"
#include "core/base/text.h"
#include "core/certificate/keyring.h"
#include "sync/ingest/ledger_postgres.h"
#include "sync/ingest/ledger_sqlite.h"

namespace server {
namespace {

namespace fs = std::filesystem;
using core::Errc;
using core::Error;
using core::FileAccess;

constexpr int bundle_years = 9, tls_years = 10;
constexpr std::uint64_t longest_file = 1 << 16;

Result<Bytes> read_or_make(const fs::path& file, const std::function<Result<Bytes>()>& make,
                           FileAccess access = FileAccess::owner_only) {
    std::error_code error;
    if (fs::exists(file, error)) return core::read_file(file, longest_file);
    TRY_ASSIGN(auto made, make());
    TRY(core::write_file_durably(file, made, access));
    return made;
}

std::string text_of(ByteView bytes) { return std::string(core::as_text(bytes)); }

bool looks_like_address(const std::string& host) {
    return host.find(':') != std::string::npos || host.find_first_not_of("0123456789.") == std::string::npos;
}

// One process at a time makes what is missing in the folder.
class MakingLock {
  public:
    explicit MakingLock(const fs::path& folder)
        : fd_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        while (fd_ >= 0 && ::flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    MakingLock(const MakingLock&) = delete;
    MakingLock& operator=(const MakingLock&) = delete;
    ~MakingLock() {
        if (fd_ >= 0) ::close(fd_);
    }

  private:
    int fd_;
};

Result<std::unique_ptr<Ledger>> open_ledger(const HomeSettings& settings) {
    if (settings.store.empty())
        return open_sqlite_ledger(settings.dir / "ledger.db");  // and with it the lock
    if (!settings.store.starts_with("postgresql://"))
        return Error{Errc::malformed, "a store is named postgresql://...; without one it is DIR/ledger.db"};
    TRY_ASSIGN(auto digits, read_or_make(settings.dir / "municipality", [&] {
                   return Result<Bytes>(core::to_bytes(settings.organisationsnummer));
               }));
    auto text = core::trim(core::as_text(digits));
    std::int64_t number = 0;
    auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.size() != 10 || wrong != std::errc{} || end != text.data() + text.size())
        return Error{Errc::malformed, "the municipality's organisationsnummer has ten digits"};
    return open_postgres_ledger(settings.store, number);
}

struct TlsPair {
    std::string key_pem, certificate_pem;
};

// Self-signed: nobody but our own tablets, which know its key, and browsers that are told to trust it.
Result<TlsPair> make_tls_pair(const std::vector<std::string>& hosts, std::int64_t now_ms) {
    core::EvpKey key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    core::X509Certificate certificate(X509_new());
    if (!key || !certificate) return core::openssl_error("making the server's TLS key");
    X509_set_version(certificate.get(), X509_VERSION_3);
    auto serial = core::random_bytes(16);
    serial[0] &= 0x7f;
    core::Handle<BIGNUM, BN_free> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
    constexpr long year_s = 365L * 24 * 3600;
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), now_ms / 1000 - 24 * 3600);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), now_ms / 1000 + tls_years * year_s);
    auto* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>("Handslag server"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), key.get());
    std::string alternatives;
    for (const auto& host : hosts)
        alternatives +=
            (alternatives.empty() ? "" : ",") + std::string(looks_like_address(host) ? "IP:" : "DNS:") + host;
    for (auto [what, value] : {std::pair{NID_subject_alt_name, alternatives.c_str()},
                               std::pair{NID_basic_constraints, "critical,CA:FALSE"},
                               std::pair{NID_key_usage, "critical,digitalSignature"},
                               std::pair{NID_ext_key_usage, "serverAuth"}}) {
        core::Handle<X509_EXTENSION, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, nullptr, what, value));
        if (!extension || X509_add_ext(certificate.get(), extension.get(), -1) != 1)
            return core::openssl_error("the server's host names");
    }
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
        return core::openssl_error("signing the server's TLS certificate");
    auto pem = [](auto write) {
        core::BioHandle bio(BIO_new(BIO_s_mem()));
        write(bio.get());
        char* data = nullptr;
        long size = BIO_get_mem_data(bio.get(), &data);
        return std::string(data, static_cast<std::size_t>(size));
    };
    return TlsPair{
        pem([&](BIO* to) { PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr); }),
        pem([&](BIO* to) { PEM_write_bio_X509(to, certificate.get()); })};
}

Result<std::string> pin_of(const std::string& certificate_pem) {
    core::BioHandle bio(BIO_new_mem_buf(certificate_pem.data(), static_cast<int>(certificate_pem.size())));
    core::X509Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (!certificate) return core::openssl_error("reading the server's TLS certificate");
    unsigned char* der = nullptr;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate.get()), &der);
    if (size <= 0) return core::openssl_error("the server's TLS key");
    auto digest = core::sha256(ByteView(der, static_cast<std::size_t>(size)));
    OPENSSL_free(der);
    return "sha256//" + core::to_base64(digest);
}

Status open_ca(Home& home, const HomeSettings& settings, const std::string& secret, std::int64_t now_ms) {
    auto dir = home.dir / "ca";
    std::error_code error;
    core::CaSpec spec;
    spec.municipality = settings.municipality;
    spec.organisationsnummer = settings.organisationsnummer;
    spec.demonstration = settings.demonstration;
    auto ca = fs::exists(dir / "issuing.crt", error) ? core::MunicipalCa::open(dir, secret)
                                                     : core::MunicipalCa::create(dir, spec, secret, now_ms);
    if (!ca.ok()) return ca.error();
    home.ca = std::make_unique<core::MunicipalCa>(std::move(*ca));
    home.client_root_pem = home.ca->issuers_pem();
    return {};
}

Status open_bundle_key(Home& home, const std::string& secret, std::int64_t now_ms) {
    auto key_file = home.dir / "keys/bundle.key", certificate_file = home.dir / "keys/bundle.crt";
    std::error_code error;
    if (!fs::exists(certificate_file, error)) {  // written last
        TRY_ASSIGN(auto made, core::make_key_and_request("Handslag bundle", secret,
                                                         core::KeyStretch::for_our_own_secret));
        TRY_ASSIGN(auto issued, home.ca->issue(made.request_pem, core::IssueKind::bundle, "handslag-server",
                                               bundle_years, now_ms));
        TRY(core::write_file_durably(key_file, core::as_bytes(made.key_pem), FileAccess::owner_only));
        TRY(core::write_file_durably(certificate_file, core::as_bytes(issued.certificate_pem)));
    }
    TRY_ASSIGN(auto key, BundleKey::load(home.dir));
    home.bundle_key = std::make_unique<BundleKey>(std::move(key));
    return {};
}

}  // namespace

Result<BundleKey> BundleKey::load(const fs::path& dir) {
    TRY_ASSIGN(auto key, core::read_file(dir / "keys/bundle.key", longest_file));
    TRY_ASSIGN(auto certificate, core::read_file(dir / "keys/bundle.crt", longest_file));
    TRY_ASSIGN(auto secret, core::read_file(dir / "keys/secret", longest_file));
    BundleKey loaded(text_of(key), text_of(secret), text_of(certificate));
    core::wipe(secret);
    return loaded;
}

Result<Bytes> BundleKey::open(ByteView sealed) const {
    return core::open_sealed(sealed, key_pem_, secret_, certificate_pem_);
}

Result<core::SecretKey> BundleKey::open_transfer_key(ByteView sealed) {
    auto digest = core::sha256(sealed);
    if (auto known = opened_.find(digest); known != opened_.end()) return known->second.clone();
    TRY_ASSIGN(auto plain, open(sealed));
    bool fits = plain.size() == 32;
    auto key = fits ? core::SecretKey(plain) : core::SecretKey();
    core::wipe(plain);
    if (!fits) return Error{Errc::damaged, "a transfer key has 32 bytes"};
    auto copy = key.clone();
    if (opened_.size() >= most_opened) opened_.clear();
    opened_.emplace(digest, std::move(key));
    return copy;
}

Result<std::string> tls_pin(const fs::path& dir) {
    TRY_ASSIGN(auto pem, core::read_file(dir / "keys/tls.crt", longest_file));
    return pin_of(text_of(pem));
}

Result<Home> Home::open(const HomeSettings& settings, const core::Clock& clock) {
    Home home;
    home.dir = settings.dir;
    std::error_code error;
    fs::create_directories(home.dir / "keys", error);
    if (error) return Error{Errc::not_writable, home.dir.string() + ": " + error.message()};
    fs::permissions(home.dir, fs::perms::owner_all, error);
    fs::permissions(home.dir / "keys", fs::perms::owner_all, error);
    MakingLock lock(home.dir / "keys");
    TRY_ASSIGN(home.ledger, open_ledger(settings));
    auto now_ms = clock.wall_ms();

    TRY_ASSIGN(auto seed, read_or_make(home.dir / "keys/log.seed",
                                       [] { return Result<Bytes>(core::random_bytes(32)); }));
    TRY_ASSIGN(auto log_key, core::Ed25519Key::from_seed(seed));
    core::wipe(seed);
    TRY_ASSIGN(auto secret_bytes, read_or_make(home.dir / "keys/secret", [] {
                   return Result<Bytes>(core::to_bytes(core::to_base32(core::random_bytes(20))));
               }));
    auto secret = text_of(secret_bytes);
    TRY_ASSIGN(auto staff, read_or_make(home.dir / "keys/staff", [] {
                   return Result<Bytes>(core::to_bytes(core::to_base32(core::random_bytes(20))));
               }));
    home.staff_token = text_of(staff);
    TRY(open_ca(home, settings, secret, now_ms));
    TRY(open_bundle_key(home, secret, now_ms));
    core::wipe(secret);
    core::wipe(secret_bytes);

    if (!fs::exists(home.dir / "keys/tls.crt", error)) {
        TRY_ASSIGN(auto made, make_tls_pair(settings.hosts, now_ms));
        TRY(core::write_file_durably(home.dir / "keys/tls.key", core::as_bytes(made.key_pem),
                                     FileAccess::owner_only));
        TRY(core::write_file_durably(home.dir / "keys/tls.crt", core::as_bytes(made.certificate_pem)));
    }
    TRY_ASSIGN(auto tls_key, core::read_file(home.dir / "keys/tls.key", longest_file));
    TRY_ASSIGN(auto tls_certificate, core::read_file(home.dir / "keys/tls.crt", longest_file));
    home.tls_key_pem = text_of(tls_key);
    home.tls_certificate_pem = text_of(tls_certificate);
    TRY_ASSIGN(home.tls_pin, pin_of(home.tls_certificate_pem));

    TRY_ASSIGN(auto ingest, Ingest::open(*home.ledger, std::move(log_key), *home.bundle_key, clock));
    home.ingest = std::make_unique<Ingest>(std::move(ingest));
    return home;
}

}  // namespace server
