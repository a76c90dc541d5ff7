// Seal key: ECDSA P-256 (a tablet's), or RSA of 3072 bits and more (a token's), with its certificate chain;
// signs certificates and nothing else.
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/crypto.h"

namespace core {

class SealKey {
  public:
    // `uri` is a file, a token or a TPM (seal_key_store.h); `passphrase` opens it. `chain_pem`: end
    // certificate first, then the issuing CA, then (optionally) the root. Errc::conflict when key and
    // certificate do not belong together.
    static Result<SealKey> load(std::string_view uri, std::string_view passphrase,
                                std::string_view chain_pem);
    SealKey(SealKey&&) noexcept;
    SealKey& operator=(SealKey&&) noexcept;
    ~SealKey();

    // Errc::token_silent: the token has gone; load the key again when it is back.
    // CMS SignedData, detached over `a` then `b`; CAdES signing-certificate-v2, no signingTime; strict DER.
    Result<Bytes> sign_detached(ByteView a, ByteView b) const;

    bool demonstration() const;              // issued by a demonstration CA
    std::string subject() const;             // "Strandköpings kommun, surfplatta A"
    std::string issuer_fingerprint() const;  // SHA-256 of the issuing CA's certificate, hex
    std::int64_t not_before_ms() const, not_after_ms() const;
    std::string root_pem() const;  // empty when the chain has none
    std::string chain_pem() const;
    // From one of its issuers' revocation lists: an entry there counts for ever. Errc::malformed; not_allowed:
    // another CA's list.
    Status learn(ByteView revocation_list);
    bool revoked() const;                                // by what it has learned
    Status check_root(std::string_view root_pem) const;  // Errc::not_allowed when the chain leads elsewhere

  private:
    struct Data;
    explicit SealKey(std::unique_ptr<Data> data);
    std::unique_ptr<Data> data_;
};

}  // namespace core
