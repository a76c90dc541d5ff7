// A real server and a real tablet that begin each time where they stood after enrolment: what a sync leaves can
// then be compared byte for byte with what another left. Time stands still.
#pragma once

#include <csignal>
#include <future>

#include <doctest/doctest.h>
#include <spdlog/spdlog.h>

#include "core/base/file.h"
#include "core/evidence/checkpoint.h"
#include "sync/client/link.h"
#include "sync/ingest/ledger_sqlite.h"
#include "sync/protocol/parcel.h"
#include "sync/server/listener.h"
#include "sync/server/staff_commands.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/signing_fixture.h"

namespace breaking {

using namespace core;
namespace fs = std::filesystem;

// In memory where there is such a place: no disk fails here.
inline fs::path fast_place() { return fs::is_directory("/dev/shm") ? "/dev/shm" : fs::temp_directory_path(); }

// What counts at the end of a sync.
struct Ending {
    std::string device_head, register_bytes, server_leaves;
    friend bool operator==(const Ending&, const Ending&) = default;
};

class RestoredServer {
  public:
    explicit RestoredServer(fs::path dir)
        : dir_(std::move(dir)), words_(Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value()) {
        spdlog::set_level(spdlog::level::err);
        server::HomeSettings settings;
        settings.dir = dir_;
        home_.emplace(server::Home::open(settings, clock_).value());
    }
    ~RestoredServer() { stop(); }
    RestoredServer(const RestoredServer&) = delete;
    RestoredServer& operator=(const RestoredServer&) = delete;

    std::string invite(const std::string& url) {
        return server::run_staff_command(
                   *home_,
                   encode_canonical({{"command", "invite"}, {"tablet", "surfplatta A"}, {"url", url}}),
                   clock_.now().wall_ms)
            .value();
    }
    void keep() {
        close();
        fs::copy_file(ledger(), dir_ / "kept.db");
        open();
    }
    void restore() {
        close();
        for (const char* left : {"-wal", "-shm", ""}) fs::remove(ledger().string() + left);
        fs::copy_file(dir_ / "kept.db", ledger());
        open();
    }

    std::uint16_t start() {
        std::promise<std::uint16_t> port;
        auto known = port.get_future();
        thread_ = std::thread([this, &port] {
            server::Site site(*home_, words_, clock_);
            server::ListenerSettings listener;
            listener.address = "127.0.0.1";
            listener.port = 0;
            listener.tls_key_pem = home_->tls_key_pem;
            listener.tls_certificate_pem = home_->tls_certificate_pem;
            listener.client_root_pem = home_->client_root_pem;
            CHECK_THAT(server::listen(listener, site, [&](std::uint16_t at) { port.set_value(at); }).ok());
        });
        return known.get();
    }
    void stop() {
        if (!thread_.joinable()) return;
        std::raise(SIGTERM);
        thread_.join();
    }

    Ending ending(const wire::LogName& tablet) {
        Ending ending;
        auto& ledger = *home_->ledger;
        auto log = ledger.find_log(tablet).value().value();
        auto newest = ledger.newest_head(log.number).value();
        ending.device_head = (newest ? newest->note : "none") + std::to_string(log.held) +
                             (log.state == wire::LogState::active ? "" : " not active");
        auto lines = ledger.lines(0, 1'000'000).value();
        for (const auto& line : lines)
            ending.register_bytes += std::to_string(line.index) + "\t" + line.certificate_number + "\t" +
                                     line.organisation + "\t" + line.record_sha256 + "\t" +
                                     line.certificate_sha256 + "\t" + std::to_string(line.received_ms) + "\n";
        server::Site site(*home_, words_, clock_);
        append_text(ending.register_bytes, site.get("/", false).body);
        auto leaves = ledger.leaf_count().value();
        for (std::uint64_t at = 0; at < leaves; ++at) {
            append_text(ending.server_leaves, ledger.leaf(at).value());
            ending.server_leaves += '\n';
        }
        return ending;
    }
    server::Home& home() { return *home_; }

  private:
    static void append_text(std::string& to, const Bytes& bytes) { to += as_text(bytes); }
    fs::path ledger() const { return dir_ / "ledger.db"; }
    void close() {
        home_->ingest.reset();
        home_->ledger.reset();
    }
    void open() {
        home_->ledger = server::open_sqlite_ledger(ledger(), Database::Durability::none).value();
        auto seed = read_file(dir_ / "keys/log.seed").value();
        home_->ingest = std::make_unique<server::Ingest>(
            server::Ingest::open(*home_->ledger, Ed25519Key::from_seed(seed).value(), *home_->bundle_key,
                                 clock_)
                .value());
    }

    fs::path dir_;
    FakeClock clock_{1'795'000'000'000};
    Words words_;
    std::optional<server::Home> home_;
    std::thread thread_;
};

// A tablet with something to send, enrolled through the proxy and put aside.
class RestoredTablet {
  public:
    RestoredTablet(fs::path dir, std::vector<Append> entries, RestoredServer& server,
                   test::CuttingProxy& proxy)
        : dir_(std::move(dir)) {
        open();
        auto url = "https://127.0.0.1:" + std::to_string(proxy.port());
        auto invitation = server.invite(url);
        proxy.lead_to(server.start(), {});
        auto enrolled = client::enrol(*store_, log_key_, invitation, "surfplatta A");
        server.stop();
        REQUIRE(enrolled.ok());
        REQUIRE(store_->append_all(entries).ok());
        store_.reset();
        fs::copy(dir_, kept(), fs::copy_options::recursive);
    }
    void restore() {
        store_.reset();
        fs::remove_all(dir_);
        fs::copy(kept(), dir_, fs::copy_options::recursive);
        open();
    }
    client::SyncReport sync(const client::Patience& patience) {
        return client::sync_once(
                   *store_, {log_key_, transfer_key_}, clock_, [](const auto&) {},
                   [](const auto&) { return Status{}; }, patience)
            .value();
    }
    Store& store() { return *store_; }
    wire::LogName name() const {
        return {store_->identity().device, static_cast<std::uint32_t>(store_->identity().epoch)};
    }

  private:
    fs::path kept() const { return dir_.string() + ".kept"; }
    void open() { store_.emplace(test::open_store(dir_, {StoreOptions::Durability::none}).value()); }
    fs::path dir_;
    std::optional<Store> store_;
    Ed25519Key log_key_ = test::log_key();
    SecretKey transfer_key_ = wire::transfer_key(test::payload_key());
    SystemClock clock_;
};

}  // namespace breaking
