// Bytes: owned and viewed octets, and their spellings as text.
//
// Text stays std::string (UTF-8). Anything hashed, sealed or stored is Bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace core {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes to_bytes(std::string_view text) { return {text.begin(), text.end()}; }
inline void append(Bytes& to, ByteView more) { to.insert(to.end(), more.begin(), more.end()); }

std::string to_hex(ByteView bytes);                         // lower case
std::optional<Bytes> from_hex(std::string_view hex);        // lower case only, even length
std::string to_base64(ByteView bytes);                      // RFC 4648 section 4, padded
std::optional<Bytes> from_base64(std::string_view base64);  // refuses what does not re-encode to itself
std::string to_base32(ByteView bytes);                      // Crockford's alphabet, no padding; for people

// Overwrites with zeros in a way that the compiler keeps.
void wipe(void* data, std::size_t size);
inline void wipe(Bytes& bytes) { wipe(bytes.data(), bytes.size()), bytes.clear(); }
inline void wipe(std::string& text) { wipe(text.data(), text.size()), text.clear(); }

}  // namespace core
