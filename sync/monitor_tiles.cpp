#include "sync/monitor_tiles.h"

#include <memory>

#include "core/evidence/tiles.h"

namespace monitor {
namespace {

using core::Bytes;
using core::Errc;
using core::Error;
using core::NodeHash;
using core::Result;
using core::TileName;

constexpr int levels_a_tile = 8;

class Tiles {
  public:
    Tiles(Ask ask, std::uint64_t size) : ask_(std::move(ask)), size_(size) {}

    // Of a complete subtree of 2^level leaves: from the tile's nodes below it.
    Result<NodeHash> node(int level, std::uint64_t index) {
        int above = level % levels_a_tile;
        auto first = index << above, n = std::uint64_t{1} << above;
        TRY_ASSIGN(const Bytes* tile, tile_with(level / levels_a_tile, first));
        std::vector<NodeHash> row(n);
        for (std::uint64_t i = 0; i < n; ++i)
            std::copy_n(tile->begin() + static_cast<std::ptrdiff_t>(32 * ((first + i) % core::tile_width)),
                        32, row[i].bytes.begin());
        for (; row.size() > 1; row.resize(row.size() / 2))
            for (std::size_t i = 0; i < row.size() / 2; ++i)
                row[i] = core::node_hash(row[2 * i], row[2 * i + 1]);
        return row[0];
    }

  private:
    Result<const Bytes*> tile_with(int level, std::uint64_t index) {
        auto name = core::tile_of(level, index, size_);
        auto path = core::tile_path(name);
        if (auto there = tiles_.find(path); there != tiles_.end()) return &there->second;
        TRY_ASSIGN(auto tile, ask_("/" + path));
        if (!tile && name.width < core::tile_width) {  // gone at its old width
            TileName full = name;
            full.width = core::tile_width;
            TRY_ASSIGN(tile, ask_("/" + core::tile_path(full)));
        }
        if (!tile || tile->size() < 32 * name.width)
            return Error{Errc::not_found, path + " is not served whole"};
        return &(tiles_[path] = std::move(*tile));
    }

    Ask ask_;
    std::uint64_t size_;
    std::map<std::string, Bytes> tiles_;
};

}  // namespace

core::NodeSource tile_nodes(const Ask& ask, std::uint64_t size) {
    return [tiles = std::make_shared<Tiles>(ask, size)](int level, std::uint64_t index) {
        return tiles->node(level, index);
    };
}

Result<Containment> contained_at(const Ask& ask, std::uint64_t size, const core::TreeHead& whole) {
    auto nodes = tile_nodes(ask, whole.size);
    Containment found;
    TRY_ASSIGN(found.root, core::tree_root(size, nodes));
    TRY_ASSIGN(found.proof, core::consistency_proof(size, whole.size, nodes));
    if (!core::verify_consistency(size, found.root, whole.size, whole.root, found.proof))
        return Error{Errc::damaged, "its tiles do not give the head that it signed"};
    return found;
}

}  // namespace monitor
