// An inclusion proof lists siblings from the leaf up; a range proof (merkle.h) from left to right.
#pragma once

#include <optional>

#include "core/evidence/merkle.h"

namespace core {

// The range proof of one leaf, from an inclusion proof that somebody else may have made; nothing when its length is
// wrong.
std::optional<Proof> as_range_proof(const Proof& inclusion, std::uint64_t leaf_index, std::uint64_t size);

}  // namespace core
