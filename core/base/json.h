// Canonical JSON: RFC 8785 with integers and strings only (ARCHITECTURE.md, decision 2).
//
// Keys are ASCII, so that sorting bytes sorts as the RFC asks; no floats, so that no number has two
// spellings.
#pragma once

#include <nlohmann/json.hpp>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

using Json = nlohmann::json;  // std::map inside: keys come out sorted

// CHECKs that the value has no floats, no null and no non-ASCII key: those would be our own mistake.
std::string encode_canonical(const Json& value);

// Refuses any input that does not re-encode to itself (white space, duplicate keys, floats, escapes, order)
// and nesting deeper than 16.
Result<Json> decode_canonical(std::string_view text);

}  // namespace core
