// Merkle tree: RFC 6962 hashing (section 2.1), pure functions over leaf hashes and a node source.
//
// leaf  = SHA-256(0x00 || entry bytes), node = SHA-256(0x01 || left || right); the root of an empty tree is
// SHA-256(""). Complete subtrees are kept as nodes (level, index), so an append costs O(1) amortised and a
// proof O(log n) reads.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/hash.h"
#include "core/base/result.h"

namespace core {

struct MerkleLeaf;
struct MerkleNode;
using LeafHash = Hash<MerkleLeaf>;
using NodeHash = Hash<MerkleNode>;  // level 0 node == its leaf hash

LeafHash leaf_hash(ByteView entry);
NodeHash node_hash(const NodeHash& left, const NodeHash& right);
NodeHash empty_root();

// Hash of the complete subtree `index` at `level` (covering leaves [index << level, (index + 1) << level)).
using NodeSource = std::function<Result<NodeHash>(int level, std::uint64_t index)>;

struct NewNode {
    int level = 0;
    std::uint64_t index = 0;
    NodeHash hash;
};
// The complete subtrees that appear when leaf `size` is appended to a tree of that size, level 0 first.
Result<std::vector<NewNode>> append_leaf(std::uint64_t size, const LeafHash& leaf, const NodeSource& nodes);

Result<NodeHash> tree_root(std::uint64_t size, const NodeSource& nodes);

// RFC 6962 2.1.1 and 2.1.2.
using Proof = std::vector<NodeHash>;
Result<Proof> inclusion_proof(std::uint64_t leaf_index, std::uint64_t size, const NodeSource& nodes);
Result<Proof> consistency_proof(std::uint64_t old_size, std::uint64_t size, const NodeSource& nodes);
bool verify_inclusion(const LeafHash& leaf, std::uint64_t leaf_index, std::uint64_t size, const Proof& proof,
                      const NodeHash& root);
bool verify_consistency(std::uint64_t old_size, const NodeHash& old_root, std::uint64_t size,
                        const NodeHash& root, const Proof& proof);

// That leaves [from, to) stand there, from < to <= size: the roots of the largest subtrees that hold none of
// them, left to right. With one leaf these are the hashes of its inclusion proof, from left to right.
Result<Proof> range_proof(std::uint64_t from, std::uint64_t to, std::uint64_t size, const NodeSource& nodes);
bool verify_range(std::span<const LeafHash> leaves, std::uint64_t from, std::uint64_t size,
                  const Proof& proof, const NodeHash& root);

}  // namespace core
