// Test PKI: a root, an issuing CA and seal certificates made in the process, with whatever is wrong on
// request.
#pragma once

#include <cstdint>
#include <string>

#include "core/certificate/seal_key.h"

namespace test {

// When tests take place: 2026-11-21 14:05 UTC.
inline constexpr std::int64_t now_ms = 1'795'269'900'000;
inline constexpr std::int64_t day_ms = 86'400'000;

struct SealOrder {
    std::int64_t from_ms = now_ms - 30 * day_ms, to_ms = now_ms + 700 * day_ms;
    const char* key_usage = "critical,digitalSignature,nonRepudiation";
    const char* extended_key_usage = "1.3.6.1.5.5.7.3.36,emailProtection";
    const char* basic_constraints = "critical,CA:FALSE";
    std::string name = "Strandköpings kommun, surfplatta A";
};

struct Seal {
    std::string key_pem, certificate_pem, chain_pem;
};

class Pki {
  public:
    // Two of the same name have the same subjects and different keys. `demonstration` puts the word in every
    // subject.
    explicit Pki(const std::string& municipality = "Strandköpings kommun", bool demonstration = false);
    ~Pki();
    Pki(const Pki&) = delete;
    Pki& operator=(const Pki&) = delete;

    Seal issue(const SealOrder& order = {}) const;
    // Another certificate for the same key, with the same subject and serial number: what the ESS attribute
    // is there for.
    Seal issue_twin(const Seal& of, const SealOrder& order) const;
    std::string root_pem() const, issuing_pem() const;

  private:
    struct Data;
    Data* data_;
};

core::SealKey load(const Seal& seal, const char* passphrase = "");

// s becomes n - s: the other signature that every ECDSA verifier takes. On P-256.
core::Bytes with_the_other_s(core::ByteView signature);

}  // namespace test
