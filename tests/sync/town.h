// A municipality's server and its tablets, with a bad link between them; all in memory but the stores.
//
// The server's is SQLite; with HANDSLAG_TEST_STORE=postgresql it is a municipality of its own in one PostgreSQL.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>

#include <doctest/doctest.h>

#include "core/base/clock.h"
#include "sync/client/session.h"
#include "sync/ingest/exchange.h"
#include "sync/ingest/ledger_postgres.h"
#include "sync/ingest/ledger_sqlite.h"
#include "sync/protocol/parcel.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/signing_fixture.h"

namespace town {

using namespace core;

inline bool on_postgres() {
    const char* store = std::getenv("HANDSLAG_TEST_STORE");
    return store != nullptr && std::string_view(store) == "postgresql";
}
inline std::int64_t new_municipality() {
    static std::int64_t newest = 2'120'000'000;
    return ++newest;
}

// In memory where there is such a place: these tests are about order, not about disks.
class Place {
  public:
    Place() {
        std::string name = std::filesystem::is_directory("/dev/shm") ? "/dev/shm" : "/tmp";
        name += "/handslag-town-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

// "Sealed": a word in front and the digest behind, so that, as with a real seal, nothing spoiled opens.
inline Bytes seal(ByteView content) {
    Bytes sealed = to_bytes("sealed");
    append(sealed, content);
    append(sealed, sha256(content));
    return sealed;
}
inline Result<Bytes> open_seal(ByteView sealed) {
    constexpr std::size_t around = 6 + 32;
    if (sealed.size() < around) return Error{Errc::damaged, "sealed to another"};
    auto content = sealed.subspan(6, sealed.size() - around);
    if (!std::ranges::equal(seal(content), sealed)) return Error{Errc::damaged, "sealed to another"};
    return Bytes(content.begin(), content.end());
}

class OpenReader : public server::ParcelReader {
  public:
    std::function<void()> before_opening = [] {};  // in the middle of a transaction

    Result<SecretKey> open_transfer_key(ByteView sealed) override {
        before_opening();
        TRY_ASSIGN(auto key, open_seal(sealed));
        if (key.size() != 32) return Error{Errc::damaged, "a transfer key has 32 bytes"};
        return SecretKey(key);
    }
};

struct Tablet {
    explicit Tablet(std::uint8_t number, std::filesystem::path folder,
                    StoreOptions::Durability wanted = StoreOptions::Durability::none)
        : dir(std::move(folder)),
          durability(wanted),
          log_key(Ed25519Key::from_seed(Bytes(32, number)).value()),
          transfer_key(wire::transfer_key(payload_key(number))) {
        name.device.bytes.fill(number);
        open(number);
    }
    static SecretKey payload_key(std::uint8_t number) {
        return SecretKey(Bytes(32, static_cast<std::uint8_t>(100 + number)));
    }
    void open(std::uint8_t number) {
        StoreIdentity identity{name.device, 1, log_key.public_key()};
        auto opened = Store::open(dir, identity, payload_key(number),
                                  Ed25519Key::from_seed(Bytes(32, number)).value(), {durability});
        store = std::make_unique<Store>(std::move(opened).value());
    }

    client::SessionSettings settings(const wire::ServerName& server) {
        client::SessionSettings settings;
        settings.server = server;
        settings.log_key = &log_key;
        settings.transfer_key = &transfer_key;
        settings.seal = [](ByteView key) -> Result<Bytes> { return seal(key); };
        settings.wall_ms = [] { return std::int64_t{1'795'000'000'000}; };
        settings.keep_feed_item = [this](const wire::FeedItem& item) {
            feed.push_back(item);
            return Status{};
        };
        return settings;
    }
    client::Session session(const wire::ServerName& server) {
        return client::Session::begin(*store, settings(server)).value();
    }

    Status write(std::string_view text, const ClockReading& at) {
        auto added = store->append({{"note", {{"text", to_bytes(text)}}, {}, {}, at}, {}, {}});
        return added.ok() ? Status{} : Status(added.error());
    }

    std::filesystem::path dir;
    StoreOptions::Durability durability;
    wire::LogName name;
    Ed25519Key log_key;
    SecretKey transfer_key;
    std::unique_ptr<Store> store;
    std::vector<wire::FeedItem> feed;
};

struct Server {
    explicit Server(std::filesystem::path path, Database::Durability wanted = Database::Durability::none)
        : file(std::move(path)), durability(wanted) {
        start();
    }
    // Another process's, before the same PostgreSQL.
    explicit Server(std::int64_t same_municipality) : municipality(same_municipality) { start(); }
    Result<std::unique_ptr<server::Ledger>> open() const {
        return on_postgres()
                   ? server::open_postgres_ledger(test::postgres_cluster().url(database), municipality)
                   : server::open_sqlite_ledger(file, durability);
    }
    void start() {
        stop();
        ledger = open().value();
        ingest = std::make_unique<server::Ingest>(
            server::Ingest::open(*ledger, Ed25519Key::from_seed(Bytes(32, 77)).value(), reader, clock)
                .value());
    }
    void stop() {
        ingest.reset();
        ledger.reset();
    }
    // As it is now, for a restore later. The server is restarted.
    void back_up() {
        stop();
        if (on_postgres())
            test::postgres_cluster().sql("CREATE DATABASE " + backup + " TEMPLATE " + database);
        else
            std::filesystem::copy_file(file, file.string() + ".backup");
        start();
    }
    void restore() {
        stop();
        if (on_postgres())
            database = backup;
        else
            std::filesystem::copy_file(file.string() + ".backup", file,
                                       std::filesystem::copy_options::overwrite_existing);
        start();
    }
    void enrol(const Tablet& tablet) {
        CHECK_THAT(ingest->enrol(tablet.name, tablet.log_key.public_key(), "surfplatta").ok());
    }
    Bytes answer(const wire::LogName& peer, ByteView request) {
        server::Exchange exchange(*ingest, peer);
        auto fed = exchange.feed(request);
        if (!fed.ok()) FAIL(fed.error().detail);
        return exchange.finish();
    }
    void cut(const wire::LogName& peer, ByteView request) {
        server::Exchange exchange(*ingest, peer);
        auto fed = exchange.feed(request);
        if (!fed.ok()) FAIL(fed.error().detail);
        exchange.cut();
    }
    server::KnownLog log(const Tablet& tablet) { return ledger->find_log(tablet.name).value().value(); }

    std::filesystem::path file;
    std::int64_t municipality = new_municipality();
    std::string database = "postgres", backup = "backup" + std::to_string(municipality);
    Database::Durability durability = Database::Durability::none;
    FakeClock clock{1'795'000'000'000};
    OpenReader reader;
    std::unique_ptr<server::Ledger> ledger;
    std::unique_ptr<server::Ingest> ingest;
};

// A whole sync over a link that works.
inline client::Session sync(Tablet& tablet, Server& server) {
    auto session = tablet.session(server.ingest->name());
    for (int i = 0; i < 10'000; ++i) {
        auto request = session.request().value();
        if (request.empty()) break;
        CHECK_THAT(session.answer(server.answer(tablet.name, request)).ok());
    }
    return session;
}

// What a receipt says of an entry, and where the entry stands in the server's log.
struct Receipt {
    std::uint64_t index = 0;
    wire::Received says;
};
// A receipt that the tablet keeps, of all its entries: verified from nothing but it, the entries and the server's key.
inline Result<std::vector<Receipt>> verify_receipt(const Tablet& tablet, const wire::ServerName& server,
                                                   ByteView kept) {
    TRY_ASSIGN(auto receipt, wire::decode_receipt(kept));
    TRY_ASSIGN(auto head, wire::open_server_checkpoint(receipt.checkpoint, server));
    const auto& run = receipt.runs[0];
    std::vector<LeafHash> leaves;
    std::vector<Receipt> found;
    for (std::uint64_t i = 0; i < run.items.size(); ++i) {
        TRY_ASSIGN(auto entry, tablet.store->entry(run.from + i));
        leaves.push_back(leaf_hash(entry.bytes));
        const auto& item = run.items[i];
        found.push_back(
            {run.index + i,
             {tablet.name, run.from + i, leaves.back(), item.parcel, item.standing, item.received_ms}});
    }
    TRY(wire::verify_run(run, head, tablet.name, leaves));
    return found;
}
// Of one entry.
inline Result<wire::Received> verified_receipt(const Tablet& tablet, const wire::ServerName& server,
                                               std::uint64_t seq, std::uint64_t* index = nullptr) {
    TRY_ASSIGN(auto kept, tablet.store->receipt(seq));
    if (!kept) return Error{Errc::not_found, "no receipt"};
    TRY_ASSIGN(auto receipts, verify_receipt(tablet, server, *kept));
    CHECK(seq >= receipts.front().says.seq);
    const auto& receipt = receipts.at(seq - receipts.front().says.seq);
    if (index != nullptr) *index = receipt.index;
    return receipt.says;
}

// Every entry has a verified receipt, and the server holds it, opened and whole.
inline void check_all_is_there(Tablet& tablet, Server& server) {
    auto log = server.log(tablet);
    for (std::uint64_t seq = 0; seq < tablet.store->size(); ++seq) {
        std::uint64_t index = 0;
        auto received = verified_receipt(tablet, server.ingest->name(), seq, &index);
        REQUIRE(received.ok());
        CHECK(server.ledger->leaf(index).value() == wire::encode(*received));
        auto held = server.ledger->entry_by_index(index).value().value();
        CHECK(held.bytes == tablet.store->entry(seq)->bytes);
        auto payloads = server::open_held_parcel(*server.ledger, server.reader, log, held).value();
        for (const auto& payload : payloads)
            CHECK(payload.content == tablet.store->payload(seq, payload.name).value());
        CHECK(payloads.size() == tablet.store->entry(seq)->commitments.size());
    }
    CHECK(tablet.store->unsent().value() == 0);
}

}  // namespace town
