// CA folder: what stands where in it, and reading it. Private to core/certificate.
//
// An issuing CA has a generation for each key that it has had. The first has no number in its name or files:
// issuing.key and issuing.crl, then issuing-2.key and issuing-2.crl. issuing.crt is always the newest certificate;
// the ones before it are retired/issuing-<serial>.crt.
#pragma once

#include "core/certificate/ca_certificate.h"

namespace core {

// What MunicipalCa holds while it is open.
struct MunicipalCa::Data {
    std::filesystem::path dir;
    X509Certificate root, issuing;
    EvpKey issuing_key;
    struct Earlier {  // a key before this one, whose certificates must still be on a list
        X509Certificate issuing;
        EvpKey key;
    };
    std::vector<Earlier> earlier;
    bool demonstration = false;
};

namespace ca {

struct Certificates {
    X509Certificate root, issuing;
    std::vector<X509Certificate> retired;  // issuing certificates before this one; any order
    bool demonstration = false;
};
// Errc::damaged: what does not belong together.
Result<Certificates> read_certificates(const std::filesystem::path& dir);

int generation_of(X509* issuing);     // by its name: 1, 2, ...
std::string role_of(int generation);  // "Issuing CA", "Issuing CA 2", ...
std::string key_file(int generation), list_file(int generation);
inline constexpr const char* root_list_file = "root.crl";
inline constexpr const char* retired_folder = "retired";

// The certificate of that generation that lives longest; null when there is none.
X509* newest_of(const std::vector<X509Certificate>& retired, int generation);
// The key in that file, which must be the certificate's.
Result<EvpKey> read_key(const std::filesystem::path& file, std::string_view passphrase, X509* certificate);

}  // namespace ca
}  // namespace core
