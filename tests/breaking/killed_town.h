// A tablet and a server as they are installed, to be killed: both as folders that can be put back as they were.
#pragma once

#include <cstdlib>
#include <map>

#include "core/certificate/keyring.h"
#include "sync/client/link.h"
#include "sync/ingest/ledger_sqlite.h"
#include "sync/ingest/register.h"
#include "sync/protocol/parcel.h"
#include "tests/breaking/programs.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/signing_fixture.h"
#include "tests/support/temporary_folder.h"

namespace breaking {

using namespace core;
namespace fs = std::filesystem;

inline constexpr std::uint64_t signings = 3;

inline fs::path fast_place() { return fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path(); }

// By place in the tablet's log: the index in the server's log, and the leaf there.
using Promises = std::map<std::uint64_t, std::pair<std::uint64_t, Bytes>>;

struct Town {
    // Of a server that was set up so long ago.
    explicit Town(std::int64_t server_age_ms = 0) : server(place / "server") {
        if (server_age_ms > 0) {
            FakeClock then(SystemClock().wall_ms() - server_age_ms);
            REQUIRE(server::Home::open({place / "server"}, then).ok());
        }
        auto created = Keyring::create(tablet(), HANDSLAG_SOURCE_DIR "/assets/words/passphrase-sv.txt",
                                       "surfplatta A", test::now().wall_ms, 10)
                           .value();
        passphrase = created.secrets.passphrase;
        REQUIRE(write_file_durably(place / "passphrase", as_bytes(passphrase)).ok());
        REQUIRE(server.start());
        proxy.lead_to(server.port(), {});
        {
            auto store = open();
            for (std::uint64_t i = 1; i <= signings; ++i) {
                auto signing = test::signing(static_cast<int>(i), "Föreningen nummer " + std::to_string(i));
                signing.entry.payloads["certificate"] = random_bytes(40'000);
                REQUIRE(store.append(signing).ok());
            }
        }
        auto at = "https://127.0.0.1:" + std::to_string(proxy.port());
        REQUIRE(ended_well(end_of(run({"enrol", server.invitation(at)}))));
        server.stop();
        keep();
    }
    // As they lie there now is what restore() leads back to.
    void keep() {
        for (const char* side : {"tablet", "server"}) {
            auto kept = place / (std::string(side) + ".kept");
            fs::remove_all(kept);
            fs::copy(place / side, kept, fs::copy_options::recursive);
        }
    }
    void restore() {
        server.stop();
        for (const char* side : {"tablet", "server"}) {
            fs::remove_all(place / side);
            fs::copy(place / (std::string(side) + ".kept"), place / side, fs::copy_options::recursive);
        }
    }
    void start_server() {
        REQUIRE(server.start());
        proxy.lead_to(server.port(), {});
    }
    fs::path tablet() const { return place / "tablet"; }
    std::string list() const { return (place / "calls").string(); }
    Store open() const {
        auto keyring = Keyring::open(tablet(), passphrase).value();
        auto log_key = keyring.log_key().value();
        StoreIdentity identity{keyring.device(), keyring.epoch(), log_key.public_key()};
        return Store::open(tablet(), identity, keyring.payload_key(), std::move(log_key)).value();
    }
    pid_t run(
        Command what,
        const std::function<Command(Command)>& within = [](Command words) { return words; }) const {
        Command words{
            programs + "handslag",          what[0], "--store", tablet().string(), "--passphrase-file",
            (place / "passphrase").string()};
        words.insert(words.end(), what.begin() + 1, what.end());
        return spawn(within(words), (place / "said").string(), (place / "said").string());
    }

    // The server is killed at that write, wherever in its life that is, and started again; the tablet tries again by itself.
    // False: it did not come to that write. The server is stopped then, which writes too.
    bool sync_with_server_killed(const Write& at) {
        bool killed = !server.start([&](Command words) { return traced(at, "/dev/null", words); });
        if (killed) REQUIRE(server.start());
        proxy.lead_to(server.port(), {});
        pid_t tablet = run({"sync"});
        int status = 0;
        while (::waitpid(tablet, &status, WNOHANG) == 0) {
            if (!server.runs()) killed = true, start_server();
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        CHECK(ended_well(status));
        return !server.stop() || killed;
    }

    // Of the receipts that the tablet has stored, each verified.
    Promises promises() const {
        auto store = open();
        auto name = client::enrolled_server(store).value();
        wire::LogName log{store.identity().device, static_cast<std::uint32_t>(store.identity().epoch)};
        Promises all;
        for (std::uint64_t seq = 0; seq < store.size(); ++seq) {
            auto kept = store.receipt(seq).value();
            if (!kept) continue;
            auto receipt = wire::decode_receipt(*kept).value();
            auto head = wire::open_server_checkpoint(receipt.checkpoint, name).value();
            const auto& run = receipt.runs[0];
            std::vector<LeafHash> leaves;
            for (std::uint64_t i = 0; i < run.items.size(); ++i)
                leaves.push_back(leaf_hash(store.entry(run.from + i)->bytes));
            REQUIRE(wire::verify_run(run, head, log, leaves).ok());
            auto at = seq - run.from;
            const auto& item = run.items[at];
            all[seq] = {run.index + at, wire::encode(wire::Received{log, seq, leaves[at], item.parcel,
                                                                    item.standing, item.received_ms})};
        }
        return all;
    }

    // Both sides as they lie there, opened anew.
    void judge(const Promises& before) {
        server.stop();
        auto promised = promises();
        for (const auto& [seq, promise] : before) CHECK(promised[seq] == promise);
        auto store = open();
        CHECK(store.unsent().value() == 0);
        CHECK(store.size() == signings);
        CHECK(promised.size() == store.size());
        CHECK(store.audit()->ok());

        auto ledger = server::open_sqlite_ledger(place / "server/ledger.db").value();
        auto reader = server::BundleKey::load(place / "server").value();
        SystemClock clock;
        auto seed = read_file(place / "server/keys/log.seed").value();
        REQUIRE(server::Ingest::open(*ledger, Ed25519Key::from_seed(seed).value(), reader, clock).ok());
        CHECK(ledger->leaf_count().value() == 1 + signings);  // the enrolment and each entry, once
        for (const auto& [seq, promise] : promised)
            CHECK(ledger->leaf(promise.first).value() == promise.second);
        auto logs = ledger->all_logs().value();
        REQUIRE(logs.size() == 1);
        CHECK(logs[0].state == wire::LogState::active);
        CHECK(logs[0].held == signings);
        for (std::uint64_t seq = 0; seq < signings; ++seq) {
            auto held = ledger->entry_by_index(promised[seq].first).value().value();
            auto payloads = server::open_held_parcel(*ledger, reader, logs[0], held).value();
            CHECK(payloads.size() == 3);
            for (const auto& payload : payloads)
                CHECK(payload.content == store.payload(seq, payload.name).value());
        }
        REQUIRE(server::derive_register(*ledger, reader).ok());
        CHECK(ledger->lines(0, 100)->size() == signings);
    }

    TemporaryFolder place{fast_place()};
    test::CuttingProxy proxy;  // the same address whichever port the server has
    ServerProcess server;
    std::string passphrase;
};

// All of them, or some that lie evenly.
inline std::size_t step_over(std::size_t count) {
    constexpr std::size_t sample = 10;
    return std::getenv("HANDSLAG_FULL") != nullptr ? 1 : std::max<std::size_t>(1, count / sample);
}

inline bool skipped() {
    if (may_trace()) return false;
    MESSAGE("strace is not installed here or may not trace; nobody was killed, so nothing is shown");
    return true;
}

struct Sweep {
    std::size_t kills = 0, points = 0;
};
// Calls `kill` at one after the other, from the same beginning each time, and then `judge`.
template <class Kill, class Judge>
Sweep kill_at_each(Town& town, const std::vector<Write>& points_to_die, Kill kill, Judge judge) {
    const auto step = step_over(points_to_die.size());
    Sweep sweep;
    for (std::size_t at = 0; at < points_to_die.size(); at += step, ++sweep.points) {
        INFO("killed at " << points_to_die[at].call << " " << points_to_die[at].nth);
        town.restore();
        sweep.kills += kill(points_to_die[at]);
        judge();
    }
    return sweep;
}
// A sync of the tablet's, which dies there or ends well: whether it died.
inline bool kill_tablet_at(Town& town, const Write& write) {
    town.start_server();
    int status = end_of(town.run({"sync"}, [&](Command w) { return traced(write, "/dev/null", w); }));
    REQUIRE((was_killed(status) || ended_well(status)));
    return was_killed(status);
}

}  // namespace breaking
