// Ledgers as the versions before left them (tests/golden/server): today's server opens each, and its tablet goes on.
#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/certificate/keyring.h"
#include "core/evidence/database.h"
#include "core/evidence/log.h"
#include "sync/client/link.h"
#include "sync/ingest/exchange.h"
#include "sync/ingest/ledger_audit.h"
#include "sync/ingest/ledger_sqlite.h"
#include "sync/ingest/register.h"
#include "sync/ingest/signed_feed.h"
#include "sync/protocol/parcel.h"
#include "sync/protocol/signed_list.h"
#include "sync/server/home.h"
#include "tests/support/signing_fixture.h"

using namespace core;
namespace fs = std::filesystem;

namespace {

// What a ledger says before today's code has touched it. Columns that every version has.
struct Before {
    std::int64_t version = 0;
    std::uint64_t leaves = 0;
    std::string checkpoint;
    std::vector<server::RegisterLine> lines;
};
Before read_before(const fs::path& file) {
    auto database = Database::open(file, Database::Access::read_only).value();
    Before before;
    before.version = database->integer("PRAGMA user_version").value();
    before.leaves = static_cast<std::uint64_t>(database->integer("SELECT count(*) FROM leaves").value());
    auto newest = database->query("SELECT note FROM checkpoints ORDER BY size DESC LIMIT 1").value();
    REQUIRE(newest.step().value());
    before.checkpoint = newest.text(0);
    auto rows =
        database
            ->query(
                "SELECT log_index, certificate_number, organisation, place, declared_at_ms, received_ms,"
                " record_sha256, certificate_sha256, voided FROM lines ORDER BY log_index")
            .value();
    while (rows.step().value()) {
        auto& line = before.lines.emplace_back();
        line.index = rows.count(0), line.certificate_number = rows.text(1), line.organisation = rows.text(2);
        line.place = rows.text(3), line.declared_at_ms = rows.integer(4), line.received_ms = rows.integer(5);
        line.record_sha256 = rows.text(6), line.certificate_sha256 = rows.text(7);
        line.voided = rows.integer(8) != 0;
    }
    return before;
}

// A server's folder and its tablet's, copied.
struct OldTown {
    explicit OldTown(int version) {
        fs::copy(
            fs::path(HANDSLAG_SOURCE_DIR "/tests/golden/server") / ("version-" + std::to_string(version)),
            folder.path(), fs::copy_options::recursive);
        before = read_before(folder.path() / "server/ledger.db");
        server::HomeSettings settings;
        settings.dir = folder.path() / "server";
        home.emplace(server::Home::open(settings, clock).value());
        REQUIRE(server::derive_register(*home->ledger, *home->bundle_key).ok());
        REQUIRE(server::publish_signed(*home->ledger).ok());
    }
    std::string findings() {
        std::string lines;
        auto audit = server::audit_ledger(*home->ledger, home->ingest->name());
        for (const auto& finding : audit->findings) lines += finding + "\n";
        return lines;
    }
    std::vector<server::RegisterLine> lines() { return home->ledger->lines(0, 100).value(); }

    test::Folder folder;
    FakeClock clock{1'796'000'000'000};  // some hours after they were left
    Before before;
    std::optional<server::Home> home;
};

struct OldTablet {
    explicit OldTablet(const fs::path& folder)
        : keyring(Keyring::open(folder / "store", as_text(read_file(folder / "passphrase", 200).value()))
                      .value()),
          log_key(keyring.log_key().value()),
          transfer_key(wire::transfer_key(keyring.payload_key())),
          store(Store::open(folder / "store", {keyring.device(), keyring.epoch(), log_key.public_key()},
                            keyring.payload_key(), keyring.log_key().value())
                    .value()) {}
    wire::LogName name() const { return {keyring.device(), static_cast<std::uint32_t>(keyring.epoch())}; }

    client::Outcome sync(OldTown& town) {
        auto settings = client::session_settings(store, {log_key, transfer_key}).value();
        settings.wall_ms = [&town] { return town.clock.wall_ms(); };
        auto session = client::Session::begin(store, std::move(settings)).value();
        for (Bytes request; !(request = session.request().value()).empty();) {
            server::Exchange exchange(*town.home->ingest, name());
            REQUIRE(exchange.feed(request).ok());
            REQUIRE(session.answer(exchange.finish()).ok());
        }
        REQUIRE(server::derive_register(*town.home->ledger, *town.home->bundle_key).ok());
        return session.outcome();
    }
    // How many entries from the first on have a receipt that this server's key proves.
    std::uint64_t receipts() const {
        auto server = client::enrolled_server(store).value();
        for (std::uint64_t seq = 0; seq < store.size(); ++seq) {
            auto kept = store.receipt(seq).value();
            if (!kept) return seq;
            auto receipt = wire::decode_receipt(*kept).value();
            const auto& run = receipt.runs[0];
            std::vector<LeafHash> leaves;
            for (std::uint64_t i = 0; i < run.items.size(); ++i)
                leaves.push_back(leaf_hash(store.entry(run.from + i)->bytes));
            auto head = wire::open_server_checkpoint(receipt.checkpoint, server);
            if (!head.ok() || !wire::verify_run(run, *head, name(), leaves).ok()) return seq;
        }
        return store.size();
    }

    Keyring keyring;
    Ed25519Key log_key;
    SecretKey transfer_key;
    Store store;
};

bool contains(OldTown& town, const std::string& checkpoint) {
    const auto& name = town.home->ingest->name();
    auto old_head = wire::open_server_checkpoint(checkpoint, name);
    auto head = wire::open_server_checkpoint(town.home->ingest->checkpoint().value(), name);
    if (!old_head.ok() || !head.ok()) return false;
    auto proof = consistency_proof(old_head->size, head->size, town.home->ledger->nodes(0));
    return proof.ok() && verify_consistency(old_head->size, old_head->root, head->size, head->root, *proof);
}

constexpr int newest_golden = 3;

}  // namespace

TEST_CASE("every version of the ledger before this one is tried here") {
    test::Folder folder;
    auto file = folder.path() / "ledger.db";
    REQUIRE(server::open_sqlite_ledger(file).ok());
    auto database = Database::open(file, Database::Access::read_only).value();
    CHECK(database->integer("PRAGMA user_version").value() == newest_golden + 1);
}

TEST_CASE("a ledger of an earlier version opens whole, and lists what it listed") {
    for (int version = 1; version <= newest_golden; ++version) {
        CAPTURE(version);
        OldTown town(version);
        CHECK(town.before.version == version);
        CHECK(town.findings() == "");
        CHECK(town.home->ledger->leaf_count().value() == town.before.leaves);
        CHECK(contains(town, town.before.checkpoint));

        REQUIRE(town.before.lines.size() == (version == 1 ? 4 : 3));  // later ones have had one erased
        auto lines = town.lines();
        for (auto& line : lines) {
            CHECK((line.withdrawn_ms != 0) == (version > 1 && line.organisation == "IF Springaren"));
            line.withdrawn_ms = 0;
            line.ceremony = line.agreement = line.agreement_version = "", line.demonstration = false;
        }
        CHECK(lines == town.before.lines);
    }
}

TEST_CASE("the tablet of an earlier version's ledger syncs on it, and its receipts of then and now hold") {
    for (int version = 1; version <= newest_golden; ++version) {
        CAPTURE(version);
        OldTown town(version);
        OldTablet tablet(town.folder.path() / "tablet");
        const auto old_size = tablet.store.size();
        CHECK(old_size == 5);
        CHECK(tablet.receipts() == old_size);
        REQUIRE(tablet.store.append(test::signing(5, "Vävstugan")).ok());
        REQUIRE(tablet.store.append(test::voiding(0, "fel firma")).ok());
        CHECK(tablet.sync(town) == client::Outcome::done);

        CHECK(tablet.receipts() == old_size + 2);
        CHECK(town.findings() == "");
        CHECK(contains(town, town.before.checkpoint));
        CHECK(town.home->ledger->leaf_count().value() > town.before.leaves);
        CHECK(town.home->ledger->cosignatures()->size() == 1);
        auto lines = town.lines();
        REQUIRE(lines.size() == town.before.lines.size() + 1);
        CHECK(lines.front().voided);
        CHECK(lines.back().organisation == "Vävstugan");
        CHECK(lines.back().certificate_sha256 == to_hex(sha256(Bytes(3000, 5))));
    }
}

// Step 3 emptied what the feed kept of names.
TEST_CASE(
    "a tablet that comes to an earlier version's ledger is told once what stands there, and nothing erased") {
    for (int version = 1; version <= newest_golden; ++version) {
        CAPTURE(version);
        OldTown town(version);
        std::vector<std::string> names, voided;
        const auto items = town.home->ingest->feed_for({test::identity().device, 1}, 0).value();
        for (const auto& item : items) {
            auto list = wire::decode_signed_list(item.content).value();
            for (const auto& line : list.lines) names.push_back(line.organisation);
            voided.insert(voided.end(), list.voided.begin(), list.voided.end());
        }
        std::vector<std::string> expected{"Föreningen Lövsångaren", "IF Springaren"};
        if (version == 1) expected.push_back("Kören Klang");
        for (const auto& name : expected) CHECK(std::ranges::count(names, name) == 1);
        CHECK(std::ranges::count(names, "Kören Klang") == (version == 1 ? 1 : 0));
        CHECK(std::ranges::count(voided, certificate_number("TEST26", 'A', 2)) == 1);
    }
}
