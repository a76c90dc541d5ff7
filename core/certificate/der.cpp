#include "core/certificate/der.h"

#include <algorithm>

namespace core::der {

Bytes write(std::uint8_t tag, std::initializer_list<ByteView> parts) {
    std::size_t size = 0;
    for (ByteView part : parts) size += part.size();
    Bytes out{tag};
    if (size < 0x80) {
        out.push_back(static_cast<std::uint8_t>(size));
    } else {
        Bytes length;
        for (std::size_t rest = size; rest > 0; rest >>= 8)
            length.insert(length.begin(), static_cast<std::uint8_t>(rest));
        out.push_back(static_cast<std::uint8_t>(0x80 | length.size()));
        append(out, length);
    }
    for (ByteView part : parts) append(out, part);
    return out;
}

Bytes write_sorted(std::uint8_t tag, std::vector<Bytes> parts) {
    std::sort(parts.begin(), parts.end());
    Bytes all;
    for (const Bytes& part : parts) append(all, part);
    return write(tag, {all});
}

std::optional<Element> take(ByteView& bytes) {
    if (bytes.size() < 2 || (bytes[0] & 0x1F) == 0x1F) return std::nullopt;
    std::size_t header = 2, length = bytes[1];
    if (length >= 0x80) {
        std::size_t digits = length & 0x7F;
        if (digits == 0 || digits > 4 || bytes.size() < 2 + digits || bytes[2] == 0) return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < digits; ++i) length = length << 8 | bytes[2 + i];
        if (length < 0x80) return std::nullopt;
        header += digits;
    }
    if (length > bytes.size() - header) return std::nullopt;
    Element element{bytes[0], bytes.first(header + length), bytes.subspan(header, length)};
    bytes = bytes.subspan(header + length);
    return element;
}

}  // namespace core::der
