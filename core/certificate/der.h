// DER: just enough of X.690 to write the one CMS that we accept, and to find its parts in somebody else's
// bytes.
#pragma once

#include <initializer_list>
#include <vector>

#include "core/base/bytes.h"

namespace core::der {

inline constexpr std::uint8_t integer = 0x02, octet_string = 0x04, null = 0x05, object_id = 0x06,
                              sequence = 0x30, set = 0x31, context_0 = 0xA0, context_1 = 0xA1,
                              context_4 = 0xA4;

// Tag, shortest length, and the parts end to end.
Bytes write(std::uint8_t tag, std::initializer_list<ByteView> parts);
// The same with its parts in ascending order, as DER wants a SET OF.
Bytes write_sorted(std::uint8_t tag, std::vector<Bytes> parts);

struct Element {
    std::uint8_t tag = 0;
    ByteView whole, content;
};
// The element at the front, which is cut off; nothing when it is not DER of a one-byte tag or is cut short.
std::optional<Element> take(ByteView& bytes);

}  // namespace core::der
