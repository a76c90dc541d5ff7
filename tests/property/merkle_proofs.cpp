// Proofs over every tree of 0..200 leaves: each holds where it should and nowhere else.
#include <map>
#include <random>

#include <doctest/doctest.h>

#include "core/evidence/proof_order.h"

using namespace core;

namespace {

constexpr std::uint64_t most_leaves = 200;

// The tree as RFC 6962 section 2.1 defines it, by recursion over the leaves: slow, and not our code.
NodeHash defined_root(std::span<const LeafHash> leaves) {
    if (leaves.empty()) return empty_root();
    if (leaves.size() == 1) return {leaves[0].bytes};
    std::size_t left = 1;
    while (left * 2 < leaves.size()) left *= 2;
    return node_hash(defined_root(leaves.first(left)), defined_root(leaves.subspan(left)));
}

struct Tree {
    std::vector<LeafHash> leaves;
    std::vector<NodeHash> roots{empty_root()};
    std::map<std::pair<int, std::uint64_t>, NodeHash> nodes;
    mutable int reads = 0;

    Tree() {
        for (std::uint64_t size = 0; size < most_leaves; ++size) {
            leaves.push_back(leaf_hash(as_bytes(std::to_string(size))));
            auto added = append_leaf(size, leaves.back(), source()).value();
            for (const auto& node : added) nodes[{node.level, node.index}] = node.hash;
            roots.push_back(tree_root(size + 1, source()).value());
        }
    }
    NodeSource source() const {
        return [this](int level, std::uint64_t index) -> Result<NodeHash> {
            ++reads;
            auto found = nodes.find({level, index});
            if (found == nodes.end()) return Error{Errc::not_found, "node"};
            return found->second;
        };
    }
};

const Tree& tree() {
    static const Tree built;
    return built;
}

NodeHash flipped(NodeHash hash, std::mt19937& random) {
    hash.bytes[random() % 32] ^= static_cast<std::uint8_t>(1U << random() % 8);
    return hash;
}

}  // namespace

TEST_CASE("an inclusion proof can be told from left to right, and proves the same") {
    for (std::uint64_t size = 1; size <= 70; ++size)
        for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
            auto inclusion = inclusion_proof(leaf, size, tree().source()).value();
            CHECK(as_range_proof(inclusion, leaf, size) ==
                  range_proof(leaf, leaf + 1, size, tree().source()).value());
            inclusion.push_back(empty_root());
            CHECK_FALSE(as_range_proof(inclusion, leaf, size).has_value());
            inclusion.pop_back();
            if (inclusion.empty()) continue;
            inclusion.pop_back();
            CHECK_FALSE(as_range_proof(inclusion, leaf, size).has_value());
        }
    CHECK_FALSE(as_range_proof({}, 1, 1).has_value());
}

TEST_CASE("every root is the one that the RFC defines") {
    for (std::uint64_t size = 0; size <= most_leaves; ++size)
        CHECK(tree().roots[size] == defined_root(std::span(tree().leaves).first(size)));
}

TEST_CASE("every inclusion proof holds, and only for its leaf, place, size and root") {
    int wrong = 0, accepted = 0;
    for (std::uint64_t size = 1; size <= most_leaves; ++size)
        for (std::uint64_t leaf = 0; leaf < size; ++leaf) {
            auto proof = inclusion_proof(leaf, size, tree().source()).value();
            const auto& root = tree().roots[size];
            if (!verify_inclusion(tree().leaves[leaf], leaf, size, proof, root)) ++wrong;
            std::uint64_t other = (leaf + 1) % most_leaves;
            accepted += verify_inclusion(tree().leaves[other], leaf, size, proof, root);
            if (other != leaf) accepted += verify_inclusion(tree().leaves[leaf], other, size, proof, root);
            accepted += verify_inclusion(tree().leaves[leaf], leaf, size, proof, tree().roots[size - 1]);
            accepted += verify_inclusion(tree().leaves[leaf], size, size, proof, root);
        }
    CHECK(wrong == 0);
    CHECK(accepted == 0);
}

TEST_CASE("every consistency proof holds, and only for its sizes and roots") {
    int wrong = 0, accepted = 0;
    for (std::uint64_t size = 0; size <= most_leaves; ++size)
        for (std::uint64_t old_size = 0; old_size <= size; ++old_size) {
            auto proof = consistency_proof(old_size, size, tree().source()).value();
            const auto &old_root = tree().roots[old_size], &root = tree().roots[size];
            if (!verify_consistency(old_size, old_root, size, root, proof)) ++wrong;
            accepted +=
                verify_consistency(old_size, tree().roots[(old_size + 1) % most_leaves], size, root, proof);
            // From the empty tree nothing is proven about the new root, so that one is only judged from 1 on.
            if (old_size > 0)
                accepted += verify_consistency(old_size, old_root, size, tree().roots[size - 1], proof);
            if (old_size > 0 && old_size < size) {
                accepted += verify_consistency(size, old_root, old_size, root, proof);
                accepted += verify_consistency(old_size, root, size, old_root, proof);
            }
        }
    CHECK(wrong == 0);
    CHECK(accepted == 0);
}

TEST_CASE("a tampered, shortened or lengthened proof is refused") {
    std::mt19937 random(20261121);
    int accepted = 0, tried = 0;
    auto spoil = [&](const Proof& proof, auto holds) {
        for (std::size_t at = 0; at < proof.size(); ++at) {
            auto changed = proof;
            changed[at] = flipped(changed[at], random);
            accepted += holds(changed);
            auto shorter = proof;
            shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(at));
            accepted += holds(shorter);
            if (at + 1 < proof.size() && proof[at] != proof[at + 1]) {
                auto swapped = proof;
                std::swap(swapped[at], swapped[at + 1]);
                accepted += holds(swapped);
            }
            tried += 3;
        }
        for (const NodeHash& extra : {empty_root(), NodeHash{}, proof.empty() ? NodeHash{} : proof.back()}) {
            auto longer = proof;
            longer.push_back(extra);
            accepted += holds(longer);
            longer = proof;
            longer.insert(longer.begin(), extra);
            accepted += holds(longer);
            tried += 2;
        }
    };
    for (std::uint64_t size = 1; size <= most_leaves; size += 1 + random() % 5)
        for (std::uint64_t at = 0; at < size; at += 1 + random() % 4) {
            const auto& root = tree().roots[size];
            spoil(inclusion_proof(at, size, tree().source()).value(), [&](const Proof& proof) {
                return verify_inclusion(tree().leaves[at], at, size, proof, root);
            });
            spoil(consistency_proof(at, size, tree().source()).value(), [&](const Proof& proof) {
                return verify_consistency(at, tree().roots[at], size, root, proof);
            });
        }
    CHECK(tried > 10'000);
    CHECK(accepted == 0);
}

TEST_CASE("every range of leaves is proven, and only at its place, in its tree and with its own leaves") {
    int wrong = 0, accepted = 0, longest = 0;
    std::span<const LeafHash> leaves(tree().leaves);
    for (std::uint64_t size = 1; size <= most_leaves; size += size < 40 ? 1 : 13)
        for (std::uint64_t from = 0; from < size; ++from)
            for (std::uint64_t to = from + 1; to <= size; to += to < from + 6 ? 1 : 7) {
                auto proof = range_proof(from, to, size, tree().source()).value();
                longest = std::max(longest, static_cast<int>(proof.size()));
                auto range = leaves.subspan(from, to - from);
                const auto& root = tree().roots[size];
                if (!verify_range(range, from, size, proof, root)) ++wrong;
                accepted += verify_range(range, from + 1, size, proof, root);
                accepted += verify_range(range, from, size, proof, tree().roots[size - 1]);
                accepted += verify_range(range.first(range.size() - 1), from, size, proof, root);
                std::vector<LeafHash> spliced(range.begin(), range.end());
                spliced.back() = leaf_hash(as_bytes("another"));
                accepted += verify_range(spliced, from, size, proof, root);
                if (!proof.empty()) {
                    auto shorter = proof;
                    shorter.pop_back();
                    accepted += verify_range(range, from, size, shorter, root);
                    shorter.push_back(NodeHash{});
                    accepted += verify_range(range, from, size, shorter, root);
                }
                auto longer = proof;
                longer.push_back(NodeHash{});
                accepted += verify_range(range, from, size, longer, root);
            }
    CHECK(wrong == 0);
    CHECK(accepted == 0);
    CHECK(longest <= 2 * 8);
}

TEST_CASE("an appended leaf and a proof need logarithmically many nodes") {
    for (std::uint64_t size = 1; size <= most_leaves; ++size) {
        int levels = 0;
        while ((1ULL << levels) < size) ++levels;
        for (std::uint64_t at = 0; at < size; ++at) {
            tree().reads = 0;
            REQUIRE(inclusion_proof(at, size, tree().source()).ok());
            CHECK(tree().reads <= 2 * levels);
            tree().reads = 0;
            REQUIRE(consistency_proof(at, size, tree().source()).ok());
            CHECK(tree().reads <= 2 * levels);
        }
    }
}

TEST_CASE("sizes at the edge of 64 bits are refused and do not hang") {
    CHECK_FALSE(verify_inclusion({}, ~0ULL, ~0ULL, {}, {}));
    CHECK_FALSE(verify_inclusion({}, ~0ULL - 1, ~0ULL, Proof(64), {}));
    CHECK_FALSE(verify_inclusion({}, 0, 0, {}, empty_root()));
    CHECK_FALSE(verify_consistency(~0ULL - 1, {}, ~0ULL, {}, Proof(200)));
    CHECK_FALSE(verify_consistency(1ULL << 63, {}, ~0ULL, {}, Proof(1)));
    CHECK_FALSE(verify_range(std::vector<LeafHash>(3), ~0ULL - 2, ~0ULL, Proof(200), {}));
    CHECK_FALSE(verify_range({}, 0, 0, {}, empty_root()));
}
