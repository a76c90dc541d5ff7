#include "core/base/crypto.h"

#include <doctest/doctest.h>

#include "core/base/hash_stream.h"

using namespace core;

TEST_CASE("what is encrypted comes back, and no flipped bit passes") {
    auto key = SecretKey::random();
    auto plain = to_bytes("Underskrift av Åsa");
    auto bound = as_bytes("entry 7");
    auto sealed = encrypt(key, plain, bound);
    CHECK(decrypt(key, sealed, bound).value() == plain);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto changed = sealed;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        auto result = decrypt(key, changed, bound);
        REQUIRE_FALSE(result.ok());
        CHECK(result.error().code == Errc::damaged);
    }
    CHECK_FALSE(decrypt(key, sealed, as_bytes("entry 8")).ok());
    CHECK_FALSE(decrypt(SecretKey::random(), sealed, bound).ok());
    CHECK_FALSE(decrypt(key, ByteView(sealed).first(27), bound).ok());
    CHECK(decrypt(key, encrypt(key, {}, {}), {}).value().empty());
}

TEST_CASE("the same text is never encrypted to the same bytes twice") {
    auto key = SecretKey::random();
    CHECK(encrypt(key, as_bytes("x"), {}) != encrypt(key, as_bytes("x"), {}));
}

TEST_CASE("a purpose gives a key of its own, the same every time") {
    SecretKey root(*from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
    // HKDF-SHA256 without salt, as Python's hmac makes it.
    CHECK(to_hex(derive_key(root, "a").bytes()) ==
          "7e06be6b05301a077e816d6a4ce290ec3055d0e910f13cf35e89381fa313a091");
    CHECK(to_hex(derive_key(root, "a").bytes()) != to_hex(derive_key(root, "b").bytes()));
}

TEST_CASE("scrypt is RFC 7914's") {
    // The RFC's third vector, cut to 32 bytes; its p = 1, r = 8, N = 16384 are ours too.
    auto key = stretch_passphrase("pleaseletmein", as_bytes("SodiumChloride"), 14);
    CHECK(to_hex(key->bytes()) == "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
    CHECK_FALSE(stretch_passphrase("x", as_bytes("y"), 30).ok());
}

TEST_CASE("Ed25519 is RFC 8032's") {
    auto key =
        Ed25519Key::from_seed(*from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
            .value();
    CHECK(to_hex(key.public_key()) == "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const Bytes message{0x72};
    auto signature = *from_hex(
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    CHECK(verify_ed25519(key.public_key(), message, signature));  // before it was made here
    CHECK(std::ranges::equal(key.sign(message), signature));
    CHECK(verify_ed25519(key.public_key(), message, signature));
    CHECK_FALSE(verify_ed25519(key.public_key(), Bytes{0x73}, signature));
    signature[40] ^= 1;
    CHECK_FALSE(verify_ed25519(key.public_key(), message, signature));
    CHECK_FALSE(Ed25519Key::from_seed(Bytes(31)).ok());
}

TEST_CASE("a hash of pieces is the hash of the whole, at any time") {
    Sha256Stream stream;
    CHECK(stream.digest() == sha256(ByteView{}));
    stream.add(as_bytes("hand"));
    CHECK(stream.digest() == sha256(as_bytes("hand")));
    stream.add(as_bytes("slag"));
    CHECK(stream.digest() == sha256(as_bytes("handslag")));
}
