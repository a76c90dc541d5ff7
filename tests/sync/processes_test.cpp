// Several server processes before one PostgreSQL, killed at bad moments, and the database killed under them.
#include <csignal>
#include <set>
#include <thread>

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/text.h"
#include "sync/ingest/register.h"
#include "tests/sync/town.h"

using namespace town;
using client::Outcome;

namespace {

constexpr int all_well = 0, not_yet = 1;

// A process of its own that does `work` and nothing afterwards.
template <class Work>
pid_t process(Work work) {
    pid_t child = ::fork();
    if (child == 0) {
        int code = 2;
        try {
            code = work();
        } catch (...) {
        }
        ::_exit(code);
    }
    return child;
}
int end_of(pid_t child) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    return status;
}
bool ended_well(pid_t child) {
    int status = end_of(child);
    return WIFEXITED(status) && WEXITSTATUS(status) == all_well;
}

std::unique_ptr<Tablet> tablet_with(std::uint8_t number, const std::filesystem::path& folder, int entries) {
    auto tablet = std::make_unique<Tablet>(number, folder);
    for (int i = 0; i < entries; ++i)
        REQUIRE(tablet
                    ->write(std::to_string(number) + std::string(static_cast<std::size_t>(i * 700), 'x'),
                            test::now())
                    .ok());
    return tablet;
}

// Exactly one leaf an entry, every checkpoint of the server's under the next, and a log that opens.
void check_server_log(Server& server, std::uint64_t leaves) {
    server.start();
    CHECK(server.ledger->leaf_count().value() == leaves);
    std::set<std::tuple<wire::LogName, std::uint64_t, LeafHash>> seen;
    for (std::uint64_t index = 0; index < leaves; ++index) {
        auto received = wire::decode_received(server.ledger->leaf(index).value());
        if (!received.ok()) continue;
        CHECK(seen.insert({received->log, received->seq, received->entry}).second);
        CHECK(server.ledger->entry_by_index(index).value()->leaf == received->entry);
    }
    auto nodes = server.ledger->nodes(0);
    auto head =
        wire::open_server_checkpoint(server.ingest->checkpoint().value(), server.ingest->name()).value();
    auto sizes = test::postgres_cluster().sql("SELECT size FROM handslag.checkpoints WHERE municipality = " +
                                              std::to_string(server.municipality));
    for (auto line : split(sizes, '\n')) {
        if (line.empty()) continue;
        auto size = std::stoull(std::string(line));
        auto proof = consistency_proof(size, head.size, nodes).value();
        CHECK(verify_consistency(size, tree_root(size, nodes).value(), head.size, head.root, proof));
    }
}

// Goes on through whatever the server answers, as a tablet does.
Outcome sync_through_faults(Tablet& tablet, Server& server, int& faults) {
    auto session = tablet.session(server.ingest->name());
    for (int tries = 0; tries < 400; ++tries) {
        auto request = session.request().value();
        if (request.empty()) return session.outcome();
        server::Exchange exchange(*server.ingest, tablet.name);
        static_cast<void>(exchange.feed(request));
        auto answer = exchange.finish();
        if (exchange.fault()) {  // HTTP 503
            ++faults;
            CHECK(exchange.fault()->code == Errc::not_readable);
            session.cut();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            continue;
        }
        REQUIRE(session.answer(answer).ok());
    }
    return Outcome::working;
}

}  // namespace

TEST_CASE("processes that start at the same moment before an empty database make one ledger") {
    if (!on_postgres()) return;
    auto& cluster = test::postgres_cluster();
    cluster.sql("CREATE DATABASE fresh");
    auto municipality = new_municipality();
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i)
        children.push_back(process([&] {
            auto ledger = server::open_postgres_ledger(cluster.url("fresh"), municipality);
            if (!ledger.ok()) return not_yet;
            OpenReader reader;
            FakeClock clock{1'795'000'000'000};
            auto key = Ed25519Key::from_seed(Bytes(32, 77)).value();
            return server::Ingest::open(**ledger, std::move(key), reader, clock).ok() ? all_well : not_yet;
        }));
    for (pid_t child : children) CHECK(ended_well(child));
    CHECK(cluster.sql("SELECT count(*) FROM handslag.checkpoints", "fresh") == "1\n");
}

TEST_CASE("tablets that sync at the same moment through processes of their own get one leaf an entry") {
    if (!on_postgres()) return;
    constexpr std::uint8_t many = 4;
    constexpr int entries = 12;
    Place place;
    Server server(place / "server.db");
    std::vector<std::unique_ptr<Tablet>> tablets;
    for (std::uint8_t number = 1; number <= many; ++number) {
        tablets.push_back(tablet_with(number, place / ("tablet" + std::to_string(number)), entries));
        server.enrol(*tablets.back());
    }
    server.stop();
    for (auto& tablet : tablets) tablet->store.reset();
    std::vector<pid_t> children;
    for (std::uint8_t number = 1; number <= many; ++number)
        children.push_back(process([&] {
            Server own(server.municipality);
            auto& tablet = *tablets[number - 1U];
            tablet.open(number);
            bool done = sync(tablet, own).outcome() == Outcome::done;
            bool derived = server::derive_register(*own.ledger, own.reader).ok();
            tablet.store.reset();
            return done && derived ? all_well : not_yet;
        }));
    for (pid_t child : children) CHECK(ended_well(child));
    server.start();
    for (std::uint8_t number = 1; number <= many; ++number) {
        auto& tablet = *tablets[number - 1U];
        tablet.open(number);
        check_all_is_there(tablet, server);
        CHECK(server.log(tablet).state == wire::LogState::active);
    }
    check_server_log(server, many + many * entries);
}

TEST_CASE("one tablet's messages that reach two processes at once count once, and nobody is suspected") {
    if (!on_postgres()) return;
    constexpr int entries = 10, rounds = 6;
    for (int round = 0; round < rounds; ++round) {
        Place place;
        Server server(place / "server.db");
        auto tablet = tablet_with(1, place / "tablet", entries);
        server.enrol(*tablet);
        server.stop();
        tablet->store.reset();
        std::filesystem::copy(place / "tablet", place / "same", std::filesystem::copy_options::recursive);
        std::vector<pid_t> children;
        for (const char* folder : {"tablet", "same"})
            children.push_back(process([&] {
                Server own(server.municipality);
                Tablet here(1, place / folder);
                auto outcome = sync(here, own).outcome();
                here.store.reset();
                // The other's hello made its claims stale, again and again: that is told, and tried again later.
                return outcome == Outcome::done || outcome == Outcome::refused ? all_well : not_yet;
            }));
        for (pid_t child : children) CHECK(ended_well(child));
        server.start();
        for (const char* folder : {"tablet", "same"}) {
            Tablet here(1, place / folder);
            CHECK(sync(here, server).outcome() == Outcome::done);
            check_all_is_there(here, server);
            CHECK(server.log(here).state == wire::LogState::active);
            CHECK(server.log(here).held == entries);
        }
        check_server_log(server, 1 + entries);
    }
}

TEST_CASE("two branches of a copied tablet that reach two processes at once are both kept") {
    if (!on_postgres()) return;
    Place place;
    Server server(place / "server.db");
    auto tablet = tablet_with(1, place / "tablet", 3);
    server.enrol(*tablet);
    REQUIRE(sync(*tablet, server).outcome() == Outcome::done);
    server.stop();
    tablet->store.reset();
    std::filesystem::copy(place / "tablet", place / "copy", std::filesystem::copy_options::recursive);
    std::vector<pid_t> children;
    for (const char* folder : {"tablet", "copy"})
        children.push_back(process([&] {
            Server own(server.municipality);
            Tablet here(1, place / folder);
            if (!here.write(folder, test::now()).ok()) return not_yet;
            sync(here, own);
            here.store.reset();
            return all_well;
        }));
    for (pid_t child : children) CHECK(ended_well(child));
    server.start();
    for (const char* folder : {"tablet", "copy"}) {
        Tablet here(1, place / folder);
        sync(here, server);
        check_all_is_there(here, server);
    }
    tablet->open(1);
    CHECK(server.log(*tablet).state == wire::LogState::frozen);
    CHECK(server.ledger->entries_at(1, 3).value().size() == 2);
    check_server_log(server, 1 + 3 + 2 + 1);  // enrolled, both branches, the notice
}

TEST_CASE("a server process killed in the middle of any transaction loses nothing and holds nobody up") {
    if (!on_postgres()) return;
    constexpr int entries = 6;
    Place place;
    Server server(place / "server.db");
    auto tablet = tablet_with(1, place / "tablet", entries);
    server.enrol(*tablet);
    tablet->store.reset();
    int kills = 0;
    for (int at = 1;; ++at) {
        pid_t child = process([&] {
            Server own(server.municipality);
            own.reader.before_opening = [&own, left = at]() mutable {
                if (--left == 0) ::kill(::getpid(), SIGKILL);
            };
            tablet->open(1);
            bool done = sync(*tablet, own).outcome() == Outcome::done;
            tablet->store.reset();
            return done ? all_well : not_yet;
        });
        int status = end_of(child);
        // The locks of the dead are free.
        auto other =
            tablet_with(static_cast<std::uint8_t>(10 + at), place / ("other" + std::to_string(at)), 1);
        server.enrol(*other);
        REQUIRE(sync(*other, server).outcome() == Outcome::done);
        if (WIFEXITED(status)) {
            CHECK(WEXITSTATUS(status) == all_well);
            break;
        }
        REQUIRE(WTERMSIG(status) == SIGKILL);
        ++kills;
        REQUIRE(kills < 50);
    }
    CHECK(kills >= entries);
    tablet->open(1);
    check_all_is_there(*tablet, server);
    check_server_log(server, 1 + entries + 2 * static_cast<std::uint64_t>(kills + 1));
}

TEST_CASE("a database killed in the middle is a fault that passes; nothing is lost and nothing doubled") {
    if (!on_postgres()) return;
    constexpr int entries = 6;
    auto& cluster = test::postgres_cluster();
    Place place;
    Server server(place / "server.db");
    auto tablet = tablet_with(1, place / "tablet", entries);
    server.enrol(*tablet);
    int kills = 0, faults = 0;
    server.reader.before_opening = [&, openings = 0]() mutable {
        if (++openings % 3 != 0 || kills == 4) return;
        ++kills;
        cluster.kill();
        cluster.start();
    };
    CHECK(sync_through_faults(*tablet, server, faults) == Outcome::done);
    CHECK(kills == 4);
    CHECK(faults >= kills);
    check_all_is_there(*tablet, server);
    check_server_log(server, 1 + entries);
}

TEST_CASE("a database that was restarted in between is not noticed; one that is away is said to be") {
    if (!on_postgres()) return;
    auto& cluster = test::postgres_cluster();
    Place place;
    Server server(place / "server.db");
    auto tablet = tablet_with(1, place / "tablet", 2);
    server.enrol(*tablet);
    cluster.stop();
    cluster.start();
    CHECK(server.ledger->leaf_count().value() == 1);  // reads
    cluster.kill();
    cluster.start();
    CHECK(sync(*tablet, server).outcome() == Outcome::done);  // and writes
    cluster.stop();
    CHECK(server.ledger->leaf_count().error().code == Errc::not_readable);
    auto hello = tablet->session(server.ingest->name()).request().value();
    server::Exchange exchange(*server.ingest, tablet->name);
    CHECK_FALSE(exchange.feed(hello).ok());
    CHECK(exchange.fault()->code == Errc::not_readable);
    cluster.start();
    int faults = 0;
    REQUIRE(tablet->write("more", test::now()).ok());
    CHECK(sync_through_faults(*tablet, server, faults) == Outcome::done);
    check_all_is_there(*tablet, server);
    check_server_log(server, 1 + 3);
}
