#include "core/evidence/merkle.h"

#include <map>

#include <doctest/doctest.h>

#include "core/evidence/schema.h"

using namespace core;

namespace {

// The leaves and hashes that Certificate Transparency's implementations test with
// (certificate-transparency-go, merkletree; the tree of RFC 6962 section 2.1.3 with real bytes).
const char* const leaves[] = {
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
};
const char* const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

struct Tree {
    std::map<std::pair<int, std::uint64_t>, NodeHash> nodes;
    std::uint64_t size = 0;

    NodeSource source() const {
        return [this](int level, std::uint64_t index) -> Result<NodeHash> {
            auto found = nodes.find({level, index});
            if (found == nodes.end()) return Error{Errc::not_found, "node"};
            return found->second;
        };
    }
    void add(const LeafHash& leaf) {
        auto added = append_leaf(size, leaf, source()).value();
        for (const auto& node : added) nodes[{node.level, node.index}] = node.hash;
        ++size;
    }
};

Tree known_tree() {
    Tree tree;
    for (const char* leaf : leaves) tree.add(leaf_hash(*from_hex(leaf)));
    return tree;
}

std::vector<std::string> hex(const Proof& proof) {
    std::vector<std::string> out;
    for (const auto& hash : proof) out.push_back(hash.hex());
    return out;
}

using Hashes = std::vector<std::string>;

}  // namespace

TEST_CASE("the roots of the known eight leaves are Certificate Transparency's") {
    auto tree = known_tree();
    for (std::uint64_t size = 0; size <= 8; ++size)
        CHECK(tree_root(size, tree.source())->hex() == roots[size]);
}

TEST_CASE("inclusion proofs of the known tree are Certificate Transparency's") {
    auto tree = known_tree();
    auto proof = [&](std::uint64_t leaf, std::uint64_t size) {
        return hex(inclusion_proof(leaf, size, tree.source()).value());
    };
    CHECK(proof(0, 1).empty());
    CHECK(proof(0, 8) == Hashes{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"});
    CHECK(proof(5, 8) == Hashes{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
    CHECK(proof(2, 3) == Hashes{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"});
    CHECK(proof(1, 5) == Hashes{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"});
}

TEST_CASE("consistency proofs of the known tree are Certificate Transparency's") {
    auto tree = known_tree();
    auto proof = [&](std::uint64_t old_size, std::uint64_t size) {
        return hex(consistency_proof(old_size, size, tree.source()).value());
    };
    CHECK(proof(1, 1).empty());
    CHECK(proof(1, 8) == Hashes{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                                "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"});
    CHECK(proof(6, 8) == Hashes{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"});
    CHECK(proof(2, 5) == Hashes{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"});
}

TEST_CASE("a proof outside the tree is refused, not made up") {
    auto tree = known_tree();
    CHECK(inclusion_proof(8, 8, tree.source()).error().code == Errc::not_found);
    CHECK(inclusion_proof(0, 0, tree.source()).error().code == Errc::not_found);
    CHECK(consistency_proof(9, 8, tree.source()).error().code == Errc::not_found);
}

TEST_CASE("a node that cannot be read is an error of every proof that needs it") {
    auto tree = known_tree();
    tree.nodes.erase({2, 1});
    CHECK_FALSE(inclusion_proof(0, 8, tree.source()).ok());
    CHECK_FALSE(consistency_proof(4, 8, tree.source()).ok());
}

TEST_CASE("appending makes the nodes in the order in which the store keeps them") {
    Tree tree;
    std::uint64_t next = 0;
    for (std::uint64_t size = 0; size < 70; ++size) {
        CHECK(node_count(size) == next);
        auto added = append_leaf(size, leaf_hash({}), tree.source()).value();
        for (const auto& node : added) CHECK(node_position(node.level, node.index) == next++);
        tree.add(leaf_hash({}));
    }
}
