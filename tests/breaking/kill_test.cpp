// kill -9 at every write of either side, while `handslag sync` talks to handslag-server: it finishes afterwards, with
// nothing lost, nothing doubled, and no receipt contradicted that the tablet ever stored. Some twenty points; all with
// HANDSLAG_FULL=1.
#include <cstdio>

#include "tests/breaking/killed_town.h"

using namespace breaking;

TEST_CASE("handslag sync killed at any write goes on where it was") {
    if (skipped()) return;
    Town town;
    town.restore();
    town.start_server();
    REQUIRE(ended_well(end_of(town.run({"sync"}, [&](Command w) { return traced({}, town.list(), w); }))));
    const auto writes = writes_in(town.list());
    town.judge({});
    auto sweep = kill_at_each(
        town, writes, [&](const Write& write) { return kill_tablet_at(town, write); },
        [&] {
            auto before = town.promises();
            CHECK(ended_well(end_of(town.run({"sync"}))));
            town.judge(before);
        });
    std::printf("\nhandslag sync: killed at %zu of %zu writes; 0 lost, 0 doubled\n", sweep.kills,
                writes.size());
    CHECK(sweep.kills + 1 >= sweep.points);
}

TEST_CASE("handslag-server killed at any write, from its start on, goes on where it was") {
    if (skipped()) return;
    Town town;
    town.restore();
    REQUIRE(town.server.start([&](Command w) { return traced({}, town.list(), w); }));
    town.proxy.lead_to(town.server.port(), {});
    REQUIRE(ended_well(end_of(town.run({"sync"}))));
    town.server.stop();
    const auto writes = writes_in(town.list());
    auto sweep = kill_at_each(
        town, writes, [&](const Write& write) { return town.sync_with_server_killed(write); },
        [&] { town.judge(town.promises()); });
    std::printf("\nhandslag-server: killed at %zu of %zu writes; 0 lost, 0 doubled\n", sweep.kills,
                writes.size());
    // How many writes there are depends on how bytes arrive.
    CHECK(sweep.kills + sweep.points / 8 >= sweep.points);
}
