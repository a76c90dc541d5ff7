#include "core/base/crypto.h"

#include <algorithm>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "core/base/openssl.h"

namespace core {

namespace {

// Looked up once: OpenSSL 3 asks its providers anew for each use of EVP_sha256() and the like.
const EVP_MD* sha256_method() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    CHECK_THAT(fetched != nullptr);
    return fetched;
}
const EVP_CIPHER* aes_256_gcm() {
    static const EVP_CIPHER* const fetched = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    CHECK_THAT(fetched != nullptr);
    return fetched;
}
// OpenSSL reads it and does not write it.
OSSL_PARAM octets(const char* name, ByteView bytes) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()), bytes.size());
}
EVP_KDF* hkdf() {
    static EVP_KDF* const fetched = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
    CHECK_THAT(fetched != nullptr);
    return fetched;
}

}  // namespace

void fill_random(std::span<std::uint8_t> out) {
    CHECK_THAT(RAND_bytes(out.data(), static_cast<int>(out.size())) == 1);
}

Bytes random_bytes(std::size_t size) {
    Bytes bytes(size);
    fill_random(bytes);
    return bytes;
}

Sha256 sha256(std::initializer_list<ByteView> parts) {
    EvpDigestContext context(EVP_MD_CTX_new());
    Sha256 digest{};
    CHECK_THAT(EVP_DigestInit_ex(context.get(), sha256_method(), nullptr) == 1);
    for (auto part : parts) CHECK_THAT(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
    CHECK_THAT(EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1);
    return digest;
}

SecretKey::SecretKey(ByteView bytes) {
    CHECK_THAT(bytes.size() == bytes_.size());
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}
SecretKey SecretKey::random() {
    SecretKey key;
    fill_random(key.bytes_);
    return key;
}
SecretKey::SecretKey(SecretKey&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_.data(), 32); }
SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    if (this != &other) {
        bytes_ = other.bytes_;
        wipe(other.bytes_.data(), 32);
    }
    return *this;
}
SecretKey::~SecretKey() { wipe(bytes_.data(), bytes_.size()); }

SecretKey derive_key(const SecretKey& from, std::string_view purpose) {
    const Handle<EVP_KDF_CTX, EVP_KDF_CTX_free> context(EVP_KDF_CTX_new(hkdf()));
    std::array<std::uint8_t, 32> out{};
    char digest[] = "SHA256";
    const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
                                     octets(OSSL_KDF_PARAM_KEY, from.bytes()),
                                     octets(OSSL_KDF_PARAM_INFO, as_bytes(purpose)), OSSL_PARAM_END};
    CHECK_THAT(EVP_KDF_derive(context.get(), out.data(), out.size(), parameters) == 1);
    SecretKey key(out);
    wipe(out.data(), out.size());
    return key;
}

Result<SecretKey> stretch_passphrase(std::string_view passphrase, ByteView salt, int cost_log2) {
    if (cost_log2 < 10 || cost_log2 > 22) return Error{Errc::malformed, "scrypt cost outside 10..22"};
    std::array<std::uint8_t, 32> out{};
    std::uint64_t n = 1ULL << cost_log2;
    std::uint64_t memory = 128 * 8 * n + (8ULL << 20);
    if (EVP_PBE_scrypt(passphrase.data(), passphrase.size(), salt.data(), salt.size(), n, 8, 1, memory,
                       out.data(), out.size()) != 1)
        return openssl_error("scrypt");
    SecretKey key(out);
    wipe(out.data(), out.size());
    return key;
}

namespace {
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

// `out` has its nonce already.
Bytes encrypt_with_nonce(const SecretKey& key, ByteView plain, ByteView bound, Bytes out) {
    out.resize(nonce_size + plain.size() + tag_size);
    EvpCipherContext context(EVP_CIPHER_CTX_new());
    int n = 0;
    CHECK_THAT(EVP_EncryptInit_ex(context.get(), aes_256_gcm(), nullptr, key.bytes().data(), out.data()) ==
               1);
    if (!bound.empty())
        CHECK_THAT(
            EVP_EncryptUpdate(context.get(), nullptr, &n, bound.data(), static_cast<int>(bound.size())) == 1);
    if (!plain.empty())
        CHECK_THAT(EVP_EncryptUpdate(context.get(), out.data() + nonce_size, &n, plain.data(),
                                     static_cast<int>(plain.size())) == 1);
    std::uint8_t* tag = out.data() + nonce_size + plain.size();
    CHECK_THAT(EVP_EncryptFinal_ex(context.get(), tag, &n) == 1);
    CHECK_THAT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, tag_size, tag) == 1);
    return out;
}
}  // namespace

Bytes encrypt(const SecretKey& key, ByteView plain, ByteView bound) {
    return encrypt_with_nonce(key, plain, bound, random_bytes(nonce_size));
}

Bytes encrypt_repeatably(const SecretKey& key, ByteView plain, ByteView bound) {
    const SecretKey nonce_key = derive_key(key, "handslag/repeatable-nonce/1");
    Bytes message;
    for (int shift = 56; shift >= 0; shift -= 8)
        message.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(bound.size()) >> shift));
    append(message, bound);
    append(message, plain);
    Sha256 mac{};
    CHECK_THAT(HMAC(sha256_method(), nonce_key.bytes().data(), 32, message.data(), message.size(), mac.data(),
                    nullptr) != nullptr);
    wipe(message);
    return encrypt_with_nonce(key, plain, bound, Bytes(mac.begin(), mac.begin() + nonce_size));
}

Result<Bytes> decrypt(const SecretKey& key, ByteView sealed, ByteView bound) {
    if (sealed.size() < nonce_size + tag_size) return Error{Errc::damaged, "encrypted payload is too short"};
    auto body = sealed.subspan(nonce_size, sealed.size() - nonce_size - tag_size);
    Bytes tag(sealed.end() - tag_size, sealed.end());
    Bytes plain(body.size());
    EvpCipherContext context(EVP_CIPHER_CTX_new());
    int n = 0;
    CHECK_THAT(EVP_DecryptInit_ex(context.get(), aes_256_gcm(), nullptr, key.bytes().data(), sealed.data()) ==
               1);
    if (!bound.empty())
        CHECK_THAT(
            EVP_DecryptUpdate(context.get(), nullptr, &n, bound.data(), static_cast<int>(bound.size())) == 1);
    if (!body.empty())
        CHECK_THAT(EVP_DecryptUpdate(context.get(), plain.data(), &n, body.data(),
                                     static_cast<int>(body.size())) == 1);
    CHECK_THAT(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, tag_size, tag.data()) == 1);
    std::uint8_t none = 0;
    if (EVP_DecryptFinal_ex(context.get(), &none, &n) != 1) {
        wipe(plain);
        ERR_clear_error();
        return Error{Errc::damaged, "encrypted payload does not authenticate"};
    }
    return plain;
}

bool equal_in_constant_time(ByteView a, ByteView b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Result<Ed25519Key> Ed25519Key::from_seed(ByteView seed) {
    if (seed.size() != 32) return Error{Errc::malformed, "an Ed25519 seed has 32 bytes"};
    EvpKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    if (!key) return openssl_error("Ed25519 key");
    Ed25519Key result;
    result.seed_ = SecretKey(seed);
    std::size_t size = result.public_.size();
    CHECK_THAT(EVP_PKEY_get_raw_public_key(key.get(), result.public_.data(), &size) == 1);
    return result;
}

Ed25519Key Ed25519Key::generate() { return from_seed(SecretKey::random().bytes()).value(); }

namespace {

// The newest heads are opened again and again: what has been found good lately is known by its hash.
class GoodSignatures {
  public:
    GoodSignatures(const Ed25519Public& key, ByteView message, ByteView signature)
        : digest_(sha256({key, signature, message})) {}
    bool known() const { return place() == digest_; }
    void remember() const { place() = digest_; }

  private:
    static constexpr std::size_t most = 1'024;
    Sha256& place() const {
        thread_local std::array<Sha256, most> good{};
        return good[(std::size_t{digest_[0]} << 8 | digest_[1]) % most];
    }
    Sha256 digest_;
};

}  // namespace

// Twice, and compared: a bit that flips in the middle would otherwise stand in a log for ever. What came out the same
// holds, and is not verified when it is read back. OpenSSL derives the public half anew: two signatures of one message over
// two public halves would give the seed away.
Ed25519Signature Ed25519Key::sign(ByteView message) const {
    EvpKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed_.bytes().data(), 32));
    Ed25519Public derived{};
    std::size_t size = derived.size();
    CHECK_THAT(EVP_PKEY_get_raw_public_key(key.get(), derived.data(), &size) == 1 && derived == public_);
    std::array<Ed25519Signature, 2> signatures{};
    for (auto& signature : signatures) {
        EvpDigestContext context(EVP_MD_CTX_new());
        size = signature.size();
        CHECK_THAT(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
                   EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) ==
                       1);
    }
    CHECK_THAT(signatures[0] == signatures[1]);
    GoodSignatures(public_, message, signatures[0]).remember();
    return signatures[0];
}

bool verify_ed25519(const Ed25519Public& key, ByteView message, ByteView signature) {
    if (signature.size() != 64) return false;
    const GoodSignatures good(key, message, signature);
    if (good.known()) return true;
    EvpKey public_key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    EvpDigestContext context(EVP_MD_CTX_new());
    bool valid =
        public_key && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) ==
            1;
    ERR_clear_error();
    if (valid) good.remember();
    return valid;
}

}  // namespace core
