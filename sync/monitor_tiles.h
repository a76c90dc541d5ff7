// Monitor's tiles: nodes of a log's tree as it publishes them, a few of them for a proof.
#pragma once

#include "sync/monitor.h"

namespace monitor {

// Nodes of a tree of `size` leaves, each tile asked for once. Of each call: Errc::not_found when a tile is not served or not
// whole, or the error of asking.
core::NodeSource tile_nodes(const Ask& ask, std::uint64_t size);

// How a smaller head stands to one whose tree is published.
struct Containment {
    core::NodeHash root;  // of the larger tree at the smaller size
    core::Proof proof;    // that the larger tree contains it
};
// Errc::damaged: the tiles do not give `whole`'s root.
core::Result<Containment> contained_at(const Ask& ask, std::uint64_t size, const core::TreeHead& whole);

}  // namespace monitor
