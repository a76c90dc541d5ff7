#include "core/evidence/merkle.h"

#include <bit>

namespace core {
namespace {

constexpr std::uint8_t leaf_prefix = 0x00;
constexpr std::uint8_t node_prefix = 0x01;

// Largest power of two below n, for n > 1: where RFC 6962 splits a tree.
std::uint64_t split_point(std::uint64_t n) { return std::bit_floor(n - 1); }

// Root over leaves [begin, begin + count). `begin` is a multiple of bit_ceil(count), so each set bit of
// `count` is one complete subtree.
Result<NodeHash> range_root(std::uint64_t begin, std::uint64_t count, const NodeSource& nodes) {
    if (count == 0) return empty_root();
    std::optional<NodeHash> root;
    std::uint64_t end = begin + count;
    for (std::uint64_t left = count; left != 0;) {
        int level = std::countr_zero(left);
        left &= left - 1;
        end -= 1ULL << level;
        TRY_ASSIGN(NodeHash peak, nodes(level, end >> level));
        root = root ? node_hash(peak, *root) : peak;
    }
    return *root;
}

// Walks the tree from the left; a subtree that holds nothing of [from, to) is given whole to `outside`, a
// leaf of the range to `inside`. False as soon as one of them says so.
bool walk_range(
    std::uint64_t begin, std::uint64_t count, std::uint64_t from, std::uint64_t to,
    const std::function<std::optional<NodeHash>(std::uint64_t begin, std::uint64_t count)>& outside,
    const std::function<NodeHash(std::uint64_t leaf)>& inside, NodeHash& root) {
    if (begin >= to || begin + count <= from) {
        auto given = outside(begin, count);
        if (given) root = *given;
        return given.has_value();
    }
    if (count == 1) {
        root = inside(begin);
        return true;
    }
    std::uint64_t left = split_point(count);
    NodeHash left_root, right_root;
    if (!walk_range(begin, left, from, to, outside, inside, left_root) ||
        !walk_range(begin + left, count - left, from, to, outside, inside, right_root))
        return false;
    root = node_hash(left_root, right_root);
    return true;
}

Error no_such_tree(std::string what) { return {Errc::not_found, std::move(what)}; }

}  // namespace

LeafHash leaf_hash(ByteView entry) { return {sha256({ByteView(&leaf_prefix, 1), entry})}; }

NodeHash node_hash(const NodeHash& left, const NodeHash& right) {
    return {sha256({ByteView(&node_prefix, 1), left.bytes, right.bytes})};
}

NodeHash empty_root() { return {sha256(ByteView{})}; }

Result<std::vector<NewNode>> append_leaf(std::uint64_t size, const LeafHash& leaf, const NodeSource& nodes) {
    std::vector<NewNode> added{{0, size, NodeHash{leaf.bytes}}};
    for (int level = 0; (size >> level & 1) != 0; ++level) {
        std::uint64_t right = size >> level;
        TRY_ASSIGN(NodeHash left, nodes(level, right - 1));
        added.push_back({level + 1, right >> 1, node_hash(left, added.back().hash)});
    }
    return added;
}

Result<NodeHash> tree_root(std::uint64_t size, const NodeSource& nodes) { return range_root(0, size, nodes); }

Result<Proof> inclusion_proof(std::uint64_t leaf_index, std::uint64_t size, const NodeSource& nodes) {
    if (leaf_index >= size)
        return no_such_tree("no leaf " + std::to_string(leaf_index) + " in a tree of " +
                            std::to_string(size));
    // PATH(m, D[n]) from the root down; the RFC lists siblings from the leaf up.
    Proof proof;
    std::uint64_t begin = 0, count = size;
    while (count > 1) {
        std::uint64_t left = split_point(count);
        if (leaf_index - begin < left) {
            TRY_ASSIGN(NodeHash sibling, range_root(begin + left, count - left, nodes));
            proof.push_back(sibling);
            count = left;
        } else {
            TRY_ASSIGN(NodeHash sibling, range_root(begin, left, nodes));
            proof.push_back(sibling);
            begin += left;
            count -= left;
        }
    }
    return Proof(proof.rbegin(), proof.rend());
}

Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size, const NodeSource& nodes) {
    if (old_size > size)
        return no_such_tree("a tree of " + std::to_string(size) + " holds no tree of " +
                            std::to_string(old_size));
    if (old_size == 0 || old_size == size) return Proof{};
    // SUBPROOF(m, D[n], true). The old root itself is left out when it is a complete subtree on the left
    // edge.
    Proof proof;
    std::uint64_t begin = 0, count = size, old_count = old_size;
    while (old_count != count) {
        std::uint64_t left = split_point(count);
        if (old_count <= left) {
            TRY_ASSIGN(NodeHash sibling, range_root(begin + left, count - left, nodes));
            proof.push_back(sibling);
            count = left;
        } else {
            TRY_ASSIGN(NodeHash sibling, range_root(begin, left, nodes));
            proof.push_back(sibling);
            begin += left;
            count -= left;
            old_count -= left;
        }
    }
    if (begin != 0) {
        TRY_ASSIGN(NodeHash shared, range_root(begin, count, nodes));
        proof.push_back(shared);
    }
    return Proof(proof.rbegin(), proof.rend());
}

// RFC 9162 section 2.1.3.2.
bool verify_inclusion(const LeafHash& leaf, std::uint64_t leaf_index, std::uint64_t size, const Proof& proof,
                      const NodeHash& root) {
    if (leaf_index >= size) return false;
    std::uint64_t index = leaf_index, last = size - 1;
    NodeHash hash{leaf.bytes};
    for (const auto& sibling : proof) {
        if (last == 0) return false;
        if ((index & 1) != 0 || index == last) {
            hash = node_hash(sibling, hash);
            while ((index & 1) == 0 && index != 0) index >>= 1, last >>= 1;
        } else {
            hash = node_hash(hash, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && hash == root;
}

// RFC 9162 section 2.1.4.2.
bool verify_consistency(std::uint64_t old_size, const NodeHash& old_root, std::uint64_t size,
                        const NodeHash& root, const Proof& proof) {
    if (old_size > size) return false;
    if (old_size == size) return proof.empty() && old_root == root && (size != 0 || root == empty_root());
    if (old_size == 0) return proof.empty() && old_root == empty_root();
    if (proof.empty()) return false;

    auto next = proof.begin();
    std::uint64_t index = old_size - 1, last = size - 1;
    while ((index & 1) != 0) index >>= 1, last >>= 1;
    NodeHash old_hash = index == 0 ? old_root : *next++;
    NodeHash new_hash = old_hash;
    for (; next != proof.end(); ++next) {
        if (last == 0) return false;
        if ((index & 1) != 0 || index == last) {
            old_hash = node_hash(*next, old_hash);
            new_hash = node_hash(*next, new_hash);
            while ((index & 1) == 0 && index != 0) index >>= 1, last >>= 1;
        } else {
            new_hash = node_hash(new_hash, *next);
        }
        index >>= 1;
        last >>= 1;
    }
    return last == 0 && old_hash == old_root && new_hash == root;
}

Result<Proof> range_proof(std::uint64_t from, std::uint64_t to, std::uint64_t size, const NodeSource& nodes) {
    if (from >= to || to > size)
        return no_such_tree("no leaves " + std::to_string(from) + " to " + std::to_string(to) +
                            " in a tree of " + std::to_string(size));
    Proof proof;
    std::optional<Error> wrong;
    NodeHash ignored;
    walk_range(
        0, size, from, to,
        [&](std::uint64_t begin, std::uint64_t count) -> std::optional<NodeHash> {
            auto hash = range_root(begin, count, nodes);
            if (hash.ok())
                proof.push_back(*hash);
            else
                wrong = hash.error();
            return hash.ok() ? std::optional(*hash) : std::nullopt;
        },
        [](std::uint64_t) { return NodeHash{}; }, ignored);
    if (wrong) return *wrong;
    return proof;
}

bool verify_range(std::span<const LeafHash> leaves, std::uint64_t from, std::uint64_t size,
                  const Proof& proof, const NodeHash& root) {
    if (leaves.empty() || from >= size || leaves.size() > size - from) return false;
    auto next = proof.begin();
    NodeHash found;
    bool walked = walk_range(
        0, size, from, from + leaves.size(),
        [&](std::uint64_t, std::uint64_t) {
            return next == proof.end() ? std::nullopt : std::optional(*next++);
        },
        [&](std::uint64_t leaf) { return NodeHash{leaves[static_cast<std::size_t>(leaf - from)].bytes}; },
        found);
    return walked && next == proof.end() && found == root;
}

}  // namespace core
