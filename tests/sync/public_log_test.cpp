// The server's own log as it is published, in both stores.
#include <doctest/doctest.h>

#include "core/evidence/tiles.h"
#include "tests/sync/town.h"

using namespace town;

TEST_CASE("rows of leaves and nodes are what one by one gives, in both stores") {
    Place place;
    Server server(place / "server.db");
    Tablet tablet(1, place / "tablet");
    server.enrol(tablet);
    std::vector<Append> all;
    for (int i = 0; i < 270; ++i) all.push_back({{"note", {{"text", to_bytes("x")}}, {}, {}, {}}, {}, {}});
    REQUIRE(tablet.store->append_all(all).ok());
    sync(tablet, server);
    auto size = server.ledger->leaf_count().value();
    REQUIRE(size == 271);
    auto leaves = server.ledger->leaves(250, 1'000).value();
    REQUIRE(leaves.size() == 21);
    auto node = server.ledger->nodes(0);
    auto row = server.ledger->node_row(0, 0, 250, 21).value();
    REQUIRE(row.size() == 21);
    for (std::uint64_t i = 0; i < 21; ++i) {
        CHECK(leaves[i] == server.ledger->leaf(250 + i).value());
        CHECK(row[i] == node(0, 250 + i).value());
        CHECK(row[i].bytes == leaf_hash(leaves[i]).bytes);
    }
    CHECK(server.ledger->node_row(0, 8, 0, 1).value() == std::vector{node(8, 0).value()});
    CHECK(server.ledger->node_row(0, 3, 7, 0)->empty());
    CHECK(server.ledger->node_row(0, 0, 260, 20).error().code == Errc::damaged);
    CHECK(server.ledger->leaves(271, 5)->empty());
}
