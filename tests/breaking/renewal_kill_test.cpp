// kill -9 at every write of either side, while a tablet's certificate for the server is renewed: the tablet syncs
// afterwards, with a certificate that the server knows and that lasts, and nothing of what was signed is lost. Some twenty
// points; all with HANDSLAG_FULL=1.
#include <cstdio>

#include "core/certificate/ca.h"
#include "sync/client/renewal.h"
#include "sync/server/enrolment.h"
#include "tests/breaking/killed_town.h"

using namespace breaking;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

// Everything is synced, and the tablet's certificate lasts 80 days more.
struct AgedTown : Town {
    AgedTown() : Town(2 * 365 * day_ms) {
        restore();
        start_server();
        REQUIRE(ended_well(end_of(run({"sync"}))));
        server.stop();
        age();
        keep();
    }
    void age() {
        SystemClock clock;
        auto home = open_home(clock);
        auto store = open();
        auto secret = to_base32(random_bytes(20));
        auto pair = make_key_and_request("surfplatta A", secret).value();
        Issued issued;
        REQUIRE(home.ledger
                    ->transact([&]() -> Status {
                        TRY_ASSIGN(issued, server::issue_client_certificate(
                                               home, name(store), pair.request_pem, "surfplatta A",
                                               clock.wall_ms() - (2 * 365 - 80) * day_ms));
                        return {};
                    })
                    .ok());
        REQUIRE(store
                    .keep_receipts({}, {{"sync.certificate", issued.certificate_pem},
                                        {"sync.key", pair.key_pem},
                                        {"sync.key_secret", secret}})
                    .ok());
        REQUIRE(client::renewal_is_due(store, clock.wall_ms()).value());
    }
    server::Home open_home(const Clock& clock) const {
        server::HomeSettings settings;
        settings.dir = place / "server";
        return server::Home::open(settings, clock).value();
    }
    static wire::LogName name(const Store& store) {
        return {store.identity().device, static_cast<std::uint32_t>(store.identity().epoch)};
    }
    bool is_due() const { return client::renewal_is_due(open(), SystemClock().wall_ms()).value(); }
    bool syncs() const { return ended_well(end_of(run({"sync"}))); }

    // The first sync after the kill gets through, and asks again where nothing came of it before.
    void judge_renewed(const Promises& before) {
        if (!server.runs()) start_server();
        CHECK(syncs());
        CHECK_FALSE(is_due());
        CHECK(syncs());  // with the new one
        judge(before);
    }
};

}  // namespace

TEST_CASE("a tablet killed at any write of a renewal syncs afterwards, with a certificate that lasts") {
    if (skipped()) return;
    AgedTown town;
    town.restore();
    town.start_server();
    REQUIRE(ended_well(end_of(town.run({"sync"}, [&](Command w) { return traced({}, town.list(), w); }))));
    const auto writes = writes_in(town.list());
    REQUIRE_FALSE(town.is_due());
    town.judge_renewed({});
    auto sweep = kill_at_each(
        town, writes, [&](const Write& write) { return kill_tablet_at(town, write); },
        [&] { town.judge_renewed(town.promises()); });
    std::printf("\nrenewal, tablet: killed at %zu of %zu writes; 0 lost\n", sweep.kills, writes.size());
    CHECK(sweep.kills + 1 >= sweep.points);
}

TEST_CASE(
    "a server killed at any write, from its start on, renews the tablet's certificate then or at the next "
    "sync") {
    if (skipped()) return;
    AgedTown town;
    town.restore();
    REQUIRE(town.server.start([&](Command w) { return traced({}, town.list(), w); }));
    town.proxy.lead_to(town.server.port(), {});
    REQUIRE(town.syncs());
    town.server.stop();
    REQUIRE_FALSE(town.is_due());
    const auto writes = writes_in(town.list());
    auto sweep = kill_at_each(
        town, writes, [&](const Write& write) { return town.sync_with_server_killed(write); },
        [&] { town.judge_renewed(town.promises()); });
    std::printf("\nrenewal, server: killed at %zu of %zu writes; 0 lost\n", sweep.kills, writes.size());
    // How many writes there are depends on how bytes arrive.
    CHECK(sweep.kills + sweep.points / 8 >= sweep.points);
}
