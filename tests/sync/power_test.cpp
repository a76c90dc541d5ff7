// The current fails at every write of a whole sync, on both sides at once; afterwards everything is there,
// once.
#include <cstdlib>

#include <doctest/doctest.h>

#include "tests/support/fault_vfs.h"
#include "tests/sync/town.h"

using namespace town;

namespace {

constexpr auto durable = StoreOptions::Durability::full;

struct Both {
    Both(const Place& place)
        : tablet(1, place / "tablet", durable), server(place / "server.db", Database::Durability::full) {}
    Tablet tablet;
    Server server;
};

// As far as it goes: an error ends it, as it would end the program.
void sync_until_trouble(Both& both) {
    auto session = both.tablet.session(both.server.ingest->name());
    while (true) {
        auto request = session.request();
        if (!request.ok() || request->empty()) return;
        server::Exchange exchange(*both.server.ingest, both.tablet.name);
        if (!exchange.feed(*request).ok()) return;
        if (!session.answer(exchange.finish()).ok()) return;
    }
}

}  // namespace

TEST_CASE("a power cut at any write of a sync loses nothing, doubles nothing, and contradicts no receipt") {
    if (on_postgres()) return;  // no disk of ours; processes_test.cpp kills the database instead
    test::FaultDisk disk;
    Place place;
    std::filesystem::create_directories(place / "tablet");
    {
        Both both(place);
        both.server.enrol(both.tablet);
        for (std::size_t size : {20, 40'000, 3})
            REQUIRE(both.tablet.write(std::string(size, 'x'), test::now()).ok());
    }
    const auto before = disk.files();
    int step = std::getenv("HANDSLAG_FULL") != nullptr ? 1 : 3, cuts = 0;
    for (int n = 1;; n += step) {
        INFO("write " << n);
        disk.load(before);
        {
            Both both(place);
            disk.fail_at(n, test::Fault::power_cut);
            sync_until_trouble(both);
        }
        bool fired = disk.fired();
        disk.power_up(static_cast<std::uint32_t>(n));
        Both both(place);
        for (std::uint64_t seq = 0; seq < 3; ++seq) {  // receipts from before the cut still hold
            std::uint64_t index = 0;
            auto receipt = verified_receipt(both.tablet, both.server.ingest->name(), seq, &index);
            if (receipt.ok()) CHECK(both.server.ledger->leaf(index).value() == wire::encode(*receipt));
        }
        CHECK(sync(both.tablet, both.server).outcome() == client::Outcome::done);
        check_all_is_there(both.tablet, both.server);
        CHECK(both.server.ledger->leaf_count().value() == 4);
        CHECK(both.tablet.store->audit()->ok());
        if (!fired) break;
        ++cuts;
    }
    CHECK(cuts > 20 / step);
}
