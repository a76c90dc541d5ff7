#include "core/evidence/proof_order.h"

#include <bit>

namespace core {

std::optional<Proof> as_range_proof(const Proof& inclusion, std::uint64_t leaf_index, std::uint64_t size) {
    if (leaf_index >= size) return std::nullopt;
    Proof left, right;
    std::uint64_t begin = 0, count = size;
    auto sibling = inclusion.rbegin();  // from the root down
    for (; count > 1 && sibling != inclusion.rend(); ++sibling) {
        std::uint64_t half = std::bit_floor(count - 1);  // the larger left subtree, as RFC 6962 splits
        bool in_left = leaf_index - begin < half;
        (in_left ? right : left).push_back(*sibling);
        if (!in_left) begin += half;
        count = in_left ? half : count - half;
    }
    if (count != 1 || sibling != inclusion.rend()) return std::nullopt;
    left.insert(left.end(), right.rbegin(), right.rend());
    return left;
}

}  // namespace core
