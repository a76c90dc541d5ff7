// Crypto: the few operations that the rest of the house needs, as values; OpenSSL stays behind them.
//
// Every key is for one purpose. Secrets are wiped when they go out of scope.
#pragma once

#include <array>
#include <memory>

#include "core/base/bytes.h"
#include "core/base/hash.h"
#include "core/base/result.h"

namespace core {

void fill_random(std::span<std::uint8_t> out);
Bytes random_bytes(std::size_t size);

// 32 secret bytes. Moves, never copies; wiped at the end.
class SecretKey {
  public:
    SecretKey() = default;
    explicit SecretKey(ByteView bytes);  // exactly 32
    static SecretKey random();
    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    ~SecretKey();
    ByteView bytes() const { return bytes_; }
    bool empty() const { return bytes_ == std::array<std::uint8_t, 32>{}; }
    SecretKey clone() const { return SecretKey(bytes_); }

  private:
    std::array<std::uint8_t, 32> bytes_{};
};

// HKDF-SHA256 (RFC 5869) of a key, with a label that names the purpose ("handslag/payload/1").
SecretKey derive_key(const SecretKey& from, std::string_view purpose);

// scrypt (RFC 7914), r = 8, p = 1. `cost_log2` 17 takes 128 MiB and about half a second.
Result<SecretKey> stretch_passphrase(std::string_view passphrase, ByteView salt, int cost_log2);

// AES-256-GCM. The result is nonce (12) || ciphertext || tag (16); `bound` is authenticated, not stored.
Bytes encrypt(const SecretKey& key, ByteView plain, ByteView bound);
Result<Bytes> decrypt(const SecretKey& key, ByteView sealed, ByteView bound);  // Errc::damaged

// As encrypt(), with a nonce made of `bound` and `plain` (HMAC-SHA256 under a key derived from `key`): equal input gives
// equal bytes, for what is rebuilt. Use a key that encrypt() never sees, and bind what tells equal rows apart.
Bytes encrypt_repeatably(const SecretKey& key, ByteView plain, ByteView bound);

bool equal_in_constant_time(ByteView a, ByteView b);

// Ed25519 (RFC 8032): the log key.
using Ed25519Public = std::array<std::uint8_t, 32>;
using Ed25519Signature = std::array<std::uint8_t, 64>;

class Ed25519Key {
  public:
    static Ed25519Key generate();
    static Result<Ed25519Key> from_seed(ByteView seed);  // 32 bytes
    Ed25519Signature sign(ByteView message) const;
    const Ed25519Public& public_key() const { return public_; }
    const SecretKey& seed() const { return seed_; }

  private:
    SecretKey seed_;
    Ed25519Public public_{};
};

bool verify_ed25519(const Ed25519Public& key, ByteView message, ByteView signature);

}  // namespace core
