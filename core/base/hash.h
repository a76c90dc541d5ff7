// Hash<Of>: a SHA-256 that says of what, so that the hash of a record is never compared with the hash of a
// PDF.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <initializer_list>

#include "core/base/bytes.h"

namespace core {

using Sha256 = std::array<std::uint8_t, 32>;

// Of the parts laid end to end.
Sha256 sha256(std::initializer_list<ByteView> parts);
inline Sha256 sha256(ByteView bytes) { return sha256({bytes}); }

template <class Of>
struct Hash {
    Sha256 bytes{};

    static Hash of(ByteView content) { return {sha256(content)}; }
    static std::optional<Hash> from_hex(std::string_view hex) {
        auto raw = core::from_hex(hex);
        if (!raw || raw->size() != 32) return std::nullopt;
        Hash hash;
        std::copy(raw->begin(), raw->end(), hash.bytes.begin());
        return hash;
    }
    std::string hex() const { return to_hex(bytes); }
    friend auto operator<=>(const Hash&, const Hash&) = default;
};

}  // namespace core
