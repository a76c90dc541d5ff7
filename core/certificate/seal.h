// Seal: fills the empty signature field of a structured PDF (PAdES B-B, ETSI EN 319 142-1).
//
// The byte range covers the whole file but the hole, which is <hexadecimal digits> of /Contents. What is not
// needed of the hole stays zero.
#pragma once

#include "core/certificate/seal_key.h"

namespace core {

// Errc::internal when there is no hole or the seal does not fit into it (the detail gives both sizes).
Result<Bytes> seal(Bytes pdf, const SealKey& key);

}  // namespace core
