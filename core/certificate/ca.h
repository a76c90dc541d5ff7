// Municipal CA: an offline root, an issuing CA, and the certificates that it gives to tablets (decision 3).
//
// DIR/root.crt, root.key (encrypted), issuing.crt, issuing.key (encrypted), issued/<serial>.crt, issued.csv
// A demonstration CA says DEMONSTRATION in every subject; whatever it seals prints that word.
#pragma once

#include <filesystem>
#include <string>

#include "core/base/result.h"

namespace core {

struct CaSpec {
    std::string municipality;          // "Strandköpings kommun"
    std::string organisationsnummer;   // becomes organizationIdentifier NTRSE-<digits>
    bool demonstration = false;
    int root_years = 20, issuing_years = 10;
};

enum class IssueKind { seal, bundle, tls_client };

struct Issued {
    std::string certificate_pem;
    std::string chain_pem;             // certificate, issuing CA, root
    std::string serial;
};

class MunicipalCa {
  public:
    static Result<MunicipalCa> create(const std::filesystem::path& dir, const CaSpec& spec, std::string_view passphrase,
                                      std::int64_t now_ms);
    static Result<MunicipalCa> open(const std::filesystem::path& dir, std::string_view passphrase);
    MunicipalCa(MunicipalCa&&) noexcept;
    MunicipalCa& operator=(MunicipalCa&&) noexcept;
    ~MunicipalCa();

    // Checks the request's own signature and its key (P-256 or RSA >= 3072 for seals); subject is ours, not the request's.
    Result<Issued> issue(std::string_view request_pem, IssueKind kind, std::string_view name, int years,
                         std::int64_t now_ms);
    std::string root_pem() const, issuing_pem() const;
    bool demonstration() const;

  private:
    struct Data;
    explicit MunicipalCa(std::unique_ptr<Data> data);
    std::unique_ptr<Data> data_;
};

// A new P-256 key and a request for it, as PEM (the key PKCS #8, encrypted by `passphrase`).
struct KeyAndRequest {
    std::string key_pem, request_pem;
};
Result<KeyAndRequest> make_key_and_request(std::string_view common_name, std::string_view passphrase);

}  // namespace core
