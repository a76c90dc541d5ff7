#include "core/base/bytes.h"

#include <openssl/crypto.h>

namespace core {

std::string to_hex(ByteView bytes) {
    static constexpr char digits[] = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (auto byte : bytes) {
        hex += digits[byte >> 4];
        hex += digits[byte & 15];
    }
    return hex;
}

std::optional<Bytes> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    auto nibble = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    Bytes bytes;
    bytes.reserve(hex.size() / 2);
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        int high = nibble(hex[i]);
        int low = nibble(hex[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
    }
    return bytes;
}

namespace {
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
}

std::string to_base64(ByteView bytes) {
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = bytes[i] << 16 | (n > 1 ? bytes[i + 1] << 8 : 0) | (n > 2 ? bytes[i + 2] : 0);
        text += base64_digits[group >> 18];
        text += base64_digits[group >> 12 & 63];
        text += n > 1 ? base64_digits[group >> 6 & 63] : '=';
        text += n > 2 ? base64_digits[group & 63] : '=';
    }
    return text;
}

std::optional<Bytes> from_base64(std::string_view base64) {
    if (base64.size() % 4 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(base64.size() / 4 * 3);
    unsigned group = 0;
    int bits = 0;
    for (char c : base64) {
        if (c == '=') break;
        auto digit = base64_digits.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        group = group << 6 | static_cast<unsigned>(digit);
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(group >> bits & 255));
        }
    }
    if (to_base64(bytes) != base64) return std::nullopt;
    return bytes;
}

std::string to_base32(ByteView bytes) {
    static constexpr char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    std::string text;
    unsigned group = 0;
    int bits = 0;
    for (auto byte : bytes) {
        group = (group << 8 | byte) & 0xFFF;
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text += digits[group >> bits & 31];
        }
    }
    if (bits > 0) text += digits[group << (5 - bits) & 31];
    return text;
}

void wipe(void* data, std::size_t size) {
    if (size != 0) OPENSSL_cleanse(data, size);
}

}  // namespace core
