#include "core/base/bytes.h"

#include <doctest/doctest.h>

#include "core/base/hash.h"
#include "core/base/id.h"

using namespace core;

TEST_CASE("hex and base64 come back as they were, and nothing else is read") {
    Bytes bytes;
    for (int i = 0; i < 256; ++i) {
        CHECK(from_hex(to_hex(bytes)) == bytes);
        CHECK(from_base64(to_base64(bytes)) == bytes);
        bytes.push_back(static_cast<std::uint8_t>(i * 37));
    }
    CHECK_FALSE(from_hex("AB"));
    CHECK_FALSE(from_hex("abc"));
    CHECK_FALSE(from_base64("QQ="));
    CHECK_FALSE(from_base64("QR=="));  // spare bits set
    CHECK_FALSE(from_base64("Q Q="));
    CHECK_FALSE(from_base64("QQ==QQ=="));
}

TEST_CASE("base64 is what RFC 4648 says") {
    CHECK(to_base64(as_bytes("f")) == "Zg==");
    CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
}

TEST_CASE("base32 for people has no I, L, O or U") {
    std::string text = to_base32(sha256(as_bytes("any")));
    CHECK(text.size() == 52);
    CHECK(text.find_first_of("ILOU") == std::string::npos);
    CHECK(to_base32(Bytes{}).empty());
    CHECK(to_base32(Bytes{0xFF}) == "ZW");
}

TEST_CASE("SHA-256 is SHA-256, in one part or several") {
    CHECK(to_hex(sha256(as_bytes("abc"))) ==
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(sha256({as_bytes("a"), as_bytes(""), as_bytes("bc")}) == sha256(as_bytes("abc")));
}

TEST_CASE("an id is a UUIDv7 that carries its time and never repeats") {
    auto id = SigningId::make(0x0123456789AB);
    CHECK(id.str().substr(0, 13) == "01234567-89ab");
    CHECK(id.str()[14] == '7');
    CHECK(SigningId::parse(id.str()) == id);
    CHECK(id != SigningId::make(0x0123456789AB));
    CHECK_FALSE(SigningId::parse("01234567-89AB-7000-8000-000000000000"));
    CHECK_FALSE(SigningId::parse("0123456789ab70008000000000000000"));
    CHECK_FALSE(SigningId::parse("01234567-89ab-7000-8000-00000000000g"));
}

TEST_CASE("what is wiped is gone") {
    Bytes secret = to_bytes("lösenord");
    wipe(secret);
    CHECK(secret.empty());
}
