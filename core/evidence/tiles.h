// Tiles: how a log's tree and leaves are published for anyone to follow (C2SP tlog-tiles). Names and bytes only.
//
//   tile/<level>/<index>[.p/<width>]    <width> node hashes of level 8 * <level>, from left to right
//   tile/entries/<index>[.p/<width>]    as many leaves, each a length (2, big-endian) and its bytes
//
// A tile has 256 of them; one that is not full says how many it has. An index has three digits an element, all but the
// last with an x before it: x001/x234/067. One tile has one name, and every other is refused.
#pragma once

#include <optional>
#include <string>

#include "core/evidence/merkle.h"

namespace core {

inline constexpr std::uint64_t tile_width = 256;
inline constexpr std::size_t longest_leaf = 65'535;

struct TileName {
    std::optional<int> level;  // nothing: the leaves themselves
    std::uint64_t index = 0, width = tile_width;
    friend bool operator==(const TileName&, const TileName&) = default;
};

std::string tile_path(const TileName& name);  // "tile/0/x001/067.p/5"
std::optional<TileName> parse_tile_path(std::string_view path);
// The tile that holds node `index` of level 8 * `level` (leaf `index`, when no level) in a tree of `size` leaves.
TileName tile_of(std::optional<int> level, std::uint64_t index, std::uint64_t size);

// CHECKs that no leaf is longer than longest_leaf.
Bytes encode_leaves(const std::vector<Bytes>& leaves);
Result<std::vector<Bytes>> decode_leaves(ByteView bytes);  // Errc::malformed

}  // namespace core
