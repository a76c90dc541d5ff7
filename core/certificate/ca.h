// Municipal CA: an offline root, an issuing CA, and the certificates that it gives to tablets (decision 3).
//
// DIR/root.crt, root.key (encrypted), issuing.crt, issuing.key (encrypted), issued/<serial>.crt, issued.csv,
// revoked.csv, root.crl, issuing.crl; after a renewal of the issuing CA also retired/issuing-<serial>.crt, and
// with each new key issuing-2.key and issuing-2.crl, and so on (ca_folder.h).
// A demonstration CA says DEMONSTRATION in every subject; whatever it seals prints that word.
// issuing.crt is written last: a folder without it holds no CA. root.key may be moved to a safe afterwards;
// only creating needs it. A certificate stands in issued.csv before it exists as a file, so that none is ever
// out unlisted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/certificate/key_stretch.h"

namespace core {

struct CaSpec {
    std::string municipality;         // "Strandköpings kommun"
    std::string organisationsnummer;  // becomes organizationIdentifier NTRSE-<digits>
    bool demonstration = false;
    int root_years = 20, issuing_years = 10;
    // "http://register.example/crl": where root.crl and issuing.crl will be; may be empty
    std::string crl_base = {};
};

// seal: signs certificates. bundle: what sticks are sealed to. tls_client: a tablet's end of sync.
enum class IssueKind { seal, bundle, tls_client };
std::string_view to_id(IssueKind kind);  // "seal", "bundle", "tls-client"

// RFC 5280, 5.3.1. What was sealed before a key was lost or taken out of use stays valid, when a timestamp
// proves it.
enum class RevocationReason { unspecified, key_compromise, affiliation_changed, superseded, cessation };
std::string_view to_id(RevocationReason reason);  // "key-compromise"

struct Issued {
    std::string certificate_pem;
    std::string chain_pem;  // certificate, issuing CA, root
    std::string serial;
};

// What can be told without the passphrase.
struct CaOverview {
    std::string municipality, root_fingerprint, issuing_fingerprint;  // SHA-256, hex
    std::int64_t root_not_after_ms = 0, issuing_not_after_ms = 0;
    bool demonstration = false;
    bool root_key_is_here = false;  // it should be in a safe

    struct Row {  // of issued.csv
        std::string serial, kind, name, not_before, not_after, sha256, issued_at;
        std::int64_t not_after_ms() const;  // 0 when the ledger's text is no time
    };
    std::vector<Row> issued;

    struct Revoked {  // of revoked.csv
        std::string serial, reason, revoked_at;
    };
    std::vector<Revoked> revoked;
    bool is_revoked(std::string_view serial) const;

    struct Retired {  // an issuing certificate before this one
        std::string fingerprint;
        std::int64_t not_after_ms = 0;
    };
    std::vector<Retired> retired;
    struct List {
        std::string name;  // "issuing.crl"
        std::int64_t next_update_ms = 0;
    };
    std::vector<List> lists;
};
Result<CaOverview> read_ca(const std::filesystem::path& dir);

struct RootKey {
    std::string_view passphrase;
    std::filesystem::path file = {};  // where it lies; empty: DIR/root.key
};

struct IssuingRenewal {
    int years = 10;
    bool new_key = false;
    std::string crl_base = {};  // empty: as it was
};

class MunicipalCa {
  public:
    // Errc::conflict when a CA is there already; not_allowed for a passphrase shorter than twelve characters.
    static Result<MunicipalCa> create(const std::filesystem::path& dir, const CaSpec& spec,
                                      std::string_view passphrase, std::int64_t now_ms);
    static Result<MunicipalCa> open(const std::filesystem::path& dir, std::string_view passphrase);
    MunicipalCa(MunicipalCa&&) noexcept;
    MunicipalCa& operator=(MunicipalCa&&) noexcept;
    ~MunicipalCa();

    // Checks the request's own signature and its key (P-256, or RSA of 3072 bits and more); subject is ours,
    // not the request's. Errc::not_allowed: a weak key, a name that mixes demonstration and real, longer than
    // the issuing CA lives.
    Result<Issued> issue(std::string_view request_pem, IssueKind kind, std::string_view name, int years,
                         std::int64_t now_ms);
    // Another certificate for the same key and name. Errc::not_found: none of that serial; not_allowed:
    // revoked.
    Result<Issued> renew(std::string_view serial, int years, std::int64_t now_ms);
    // Durable in revoked.csv, and in every list from then on. Errc::not_found; conflict: revoked already.
    Status revoke(std::string_view serial, RevocationReason reason, std::int64_t now_ms);
    // DER. Written to DIR/issuing.crl too; so are the lists of earlier keys, when their files are still there.
    Result<Bytes> write_crl(int days, std::int64_t now_ms);
    // The root's own list, which names nothing. Written to DIR/root.crl.
    static Result<Bytes> write_root_crl(const std::filesystem::path& dir, const RootKey& root_key, int days,
                                        std::int64_t now_ms);
    // Another certificate for the issuing CA, by the root. Its name stays with its key; a new key has a name and a
    // revocation list of its own, so what the earlier one issued and listed stays as it is. Errc::not_allowed:
    // longer than the root lives.
    static Result<std::string> renew_issuing(const std::filesystem::path& dir, const RootKey& root_key,
                                             const IssuingRenewal& wanted, std::int64_t now_ms);
    std::string root_pem() const, issuing_pem() const;
    // The root and each issuing certificate whose key may still have issued something valid: to check one that is shown without its chain.
    std::string issuers_pem() const;
    bool demonstration() const;

  private:
    struct Data;
    struct IssueOrder;
    Result<Issued> issue_to(const IssueOrder& order);
    bool can_list(std::string_view certificate_pem) const;
    explicit MunicipalCa(std::unique_ptr<Data> data);
    std::unique_ptr<Data> data_;
};

// A new P-256 key and a request for it, as PEM (the key PKCS #8, encrypted by `passphrase`).
struct KeyAndRequest {
    std::string key_pem, request_pem;
};
Result<KeyAndRequest> make_key_and_request(std::string_view common_name, std::string_view passphrase,
                                           KeyStretch stretch = KeyStretch::for_a_person);

}  // namespace core
