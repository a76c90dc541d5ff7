// Keyring: a tablet's secrets, in one folder (decision 3).
//
// A random store key wraps everything else. It is itself wrapped twice: by a generated six-word passphrase
// (scrypt, 2^17) and by a recovery code (160 random bits, printed once). The PIN is no key: it only opens
// staff mode while the kiosk runs; its tries are counted durably in the store.
//
// DIR/keyring.json   device id, epoch, wrapped store key (twice), scrypt parameters, PIN verifier (encrypted)
// DIR/log.key        Ed25519 seed, encrypted under the store key
// DIR/seal.key       PKCS #8, encrypted under a secret derived from the store key; absent when the seal key
//                    lies in a token or a TPM: then keyring.json says where, and keeps the token's PIN encrypted
// DIR/seal.csr, DIR/seal.crt (chain)
// DIR/tls.key        as seal.key, for sync
#pragma once

#include <filesystem>
#include <string>

#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/base/json.h"
#include "core/certificate/seal_key.h"

namespace core {

struct NewKeyringSecrets {
    std::string passphrase;     // six words; shown once
    std::string recovery_code;  // groups of four, Crockford base 32; printed on the recovery sheet
};

class Keyring {
  public:
    static bool exists(const std::filesystem::path& dir);
    struct Created;
    // First run. `words_file` is assets/words/passphrase-sv.txt.
    // Errc::conflict when there is a keyring already. `cost_log2` is stored; only tests take a cheaper one.
    static constexpr int usual_cost_log2 = 17;
    static Result<Created> create(const std::filesystem::path& dir, const std::filesystem::path& words_file,
                                  std::string_view tablet_name, std::int64_t now_ms,
                                  int cost_log2 = usual_cost_log2);
    // Errc::wrong_secret, not_found, damaged, newer_version. Words may be typed in any case, with spaces or
    // hyphens.
    static Result<Keyring> open(const std::filesystem::path& dir, std::string_view passphrase);
    static Result<Keyring> open_with_recovery_code(const std::filesystem::path& dir, std::string_view code);
    Keyring(Keyring&&) noexcept;
    Keyring& operator=(Keyring&&) noexcept;
    ~Keyring();

    const DeviceId& device() const;
    int epoch() const;
    const std::string& tablet_name() const;
    SecretKey payload_key() const;  // derived from the store key
    Result<Ed25519Key> log_key() const;
    // Errc::not_found until a certificate has been installed; token_silent when the token does not answer.
    Result<SealKey> seal_key() const;
    // From now on the seal key is the token's (seal_key_store.h has the URIs), which has to be there. The request
    // is written anew for it; the certificate and the key that the tablet had are removed. Errc::token_silent;
    // not_allowed for what is no token, or for a kind of key that may not seal.
    Status use_seal_token(std::string_view uri, std::string_view pin);
    std::string seal_token() const;  // its URI; empty for a key in the folder
    bool has_seal_certificate() const;
    std::string seal_request_pem() const;
    static Result<std::string> read_seal_request(const std::filesystem::path& dir);  // needs no passphrase
    // Errc::conflict when it is for another key; not_allowed when it may not seal documents, or does not lead
    // to `root_pem` (municipality/root.pem; empty: any root).
    Status install_seal_certificate(std::string_view chain_pem, std::string_view root_pem = {});

    Status set_pin(std::string_view pin);  // six digits; Errc::not_allowed for 000000, 123456 and such
    bool has_pin() const;
    static bool pin_was_set(
        const std::filesystem::path& dir);    // without opening it; false where none can be read
    bool pin_is(std::string_view pin) const;  // constant time; the caller counts tries

    // A new passphrase after the recovery code was used; the old one stops working.
    Result<std::string> renew_passphrase(const std::filesystem::path& words_file);

  private:
    struct Data;
    explicit Keyring(std::unique_ptr<Data> data);
    static Result<Keyring> finish_opening(const std::filesystem::path& dir, Json file, SecretKey store_key);
    std::unique_ptr<Data> data_;
};
struct Keyring::Created {
    Keyring keyring;
    NewKeyringSecrets secrets;
};

// Seals bytes to a certificate's key (CMS AuthEnvelopedData or EnvelopedData, AES-256), for sticks and
// transit (decision 6).
Result<Bytes> seal_to(std::string_view recipient_certificate_pem, ByteView content);
Result<Bytes> open_sealed(ByteView sealed, std::string_view key_pem, std::string_view passphrase,
                          std::string_view certificate_pem);

}  // namespace core
