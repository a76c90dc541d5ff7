#include "core/base/id.h"

#include <algorithm>

#include "core/base/bytes.h"
#include "core/base/crypto.h"

namespace core {

Uuid new_uuid_v7(std::int64_t wall_ms) {
    Uuid uuid{};
    fill_random(uuid);
    for (int i = 0; i < 6; ++i) uuid[i] = static_cast<std::uint8_t>(wall_ms >> (40 - 8 * i));
    uuid[6] = static_cast<std::uint8_t>((uuid[6] & 0x0F) | 0x70);
    uuid[8] = static_cast<std::uint8_t>((uuid[8] & 0x3F) | 0x80);
    return uuid;
}

std::string to_string(const Uuid& uuid) {
    std::string hex = to_hex(uuid);
    for (std::size_t at : {20, 16, 12, 8}) hex.insert(at, 1, '-');
    return hex;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string hex;
    for (std::size_t i = 0; i < text.size(); ++i) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (text[i] == '-')) return std::nullopt;
        if (!dash) hex += text[i];
    }
    auto raw = from_hex(hex);
    if (!raw) return std::nullopt;
    Uuid uuid{};
    std::copy(raw->begin(), raw->end(), uuid.begin());
    return uuid;
}

}  // namespace core
