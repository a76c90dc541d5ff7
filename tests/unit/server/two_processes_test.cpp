// Two handslag-server programs before one PostgreSQL, over real TLS.
#include <csignal>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/file.h"
#include "sync/client/link.h"
#include "sync/protocol/parcel.h"
#include "tests/support/postgres_cluster.h"
#include "tests/support/signing_fixture.h"

using namespace core;
using client::Outcome;

namespace {

const std::string program = HANDSLAG_BINARY_DIR "/bin/handslag-server";

// One process; both may share a folder of keys.
class Process {
  public:
    Process(std::filesystem::path dir, std::filesystem::path log)
        : dir_(std::move(dir)), log_(std::move(log)) {
        start();
    }
    ~Process() { end(SIGTERM); }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void start() {
        std::filesystem::remove(log_);
        pid_ = ::fork();
        if (pid_ == 0) {
            int out = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
            ::dup2(out, 2);
            auto store = test::postgres_cluster().url();
            auto port = std::to_string(port_);
            ::execl(program.c_str(), program.c_str(), "--dir", dir_.c_str(), "--store", store.c_str(),
                    "--listen", "127.0.0.1", "--port", port.c_str(), "--host", "127.0.0.1", nullptr);
            ::_exit(127);
        }
        for (int tries = 0; tries < 600; ++tries) {
            std::ifstream log(log_);
            std::string text(std::istreambuf_iterator<char>(log), {});
            auto at = text.find("serving port="), end = text.find("pin=\"");
            if (at != std::string::npos && end != std::string::npos) {
                port_ = std::atoi(text.c_str() + at + 13);
                pin_ = text.substr(end + 5, text.find('"', end + 5) - end - 5);
                return;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        FAIL("the server does not start");
    }
    void end(int signal) {
        if (pid_ == 0) return;
        ::kill(pid_, signal);
        ::waitpid(pid_, nullptr, 0);
        pid_ = 0;
    }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
    client::Carrier visitor() const { return client::Carrier({url(), pin_}, {}); }
    client::Carried get(const std::string& path) const { return visitor().ask(path, "", {}); }
    std::string page(const std::string& path) const { return std::string(as_text(get(path).body)); }
    std::string invitation() const {
        auto token = read_file(dir_ / "keys/staff", 256).value();
        auto carried = visitor().ask(
            "/staff", "application/json",
            as_bytes(encode_canonical({{"command", "invite"}, {"tablet", "surfplatta"}, {"url", url()}})),
            "Authorization: Bearer " + std::string(as_text(token)));
        REQUIRE(carried.status == 200);
        return std::string(as_text(carried.body));
    }

  private:
    std::filesystem::path dir_, log_;
    pid_t pid_ = 0;
    int port_ = 0;
    std::string pin_;
};

struct Tablet {
    explicit Tablet(std::uint8_t number)
        : store(Store::open(
                    folder.path(),
                    {DeviceId{{number}}, 1, Ed25519Key::from_seed(Bytes(32, number)).value().public_key()},
                    test::payload_key(), Ed25519Key::from_seed(Bytes(32, number)).value(),
                    {StoreOptions::Durability::none})
                    .value()),
          log_key(Ed25519Key::from_seed(Bytes(32, number)).value()) {}
    Status enrol(const std::string& invitation) {
        return client::enrol(store, log_key, invitation, "surfplatta");
    }
    client::SyncReport sync() {
        return client::sync_once(
                   store, {log_key, transfer_key}, clock, [](const auto&) {},
                   [](const auto&) { return Status{}; },
                   client::Patience(9))  // a database may need long to come back
            .value();
    }

    test::Folder folder;
    Store store;
    Ed25519Key log_key;
    SecretKey transfer_key = wire::transfer_key(test::payload_key());
    SystemClock clock;
};

}  // namespace

TEST_CASE("two servers before one database serve as one; killing either, or the database, loses nothing") {
    if (!test::PostgresCluster::programs()) {
        MESSAGE("PostgreSQL is not installed here (Debian: postgresql); skipped");
        return;
    }
    auto& database = test::postgres_cluster();
    test::Folder folder;
    Process one(folder.path() / "home", folder.path() / "one.log");
    Process other(folder.path() / "home", folder.path() / "other.log");
    CHECK(one.page("/checkpoint") == other.page("/checkpoint"));

    Tablet first(1), second(2), late(3);
    auto invitation = one.invitation();
    REQUIRE(first.enrol(invitation).ok());
    auto spent = invitation;  // the same code, at the other's door
    spent.replace(spent.find(one.url()), one.url().size(), other.url());
    CHECK(late.enrol(spent).error().code == Errc::not_allowed);
    REQUIRE(second.enrol(other.invitation()).ok());

    constexpr int signings = 8;
    for (int i = 1; i <= signings; ++i) {
        REQUIRE(first.store.append(test::signing(i, "Föreningen Ett")).ok());
        REQUIRE(second.store.append(test::signing(100 + i, "Föreningen Två")).ok());
    }
    client::SyncReport reports[2];
    std::thread beside([&] { reports[0] = first.sync(); });
    reports[1] = second.sync();
    beside.join();
    for (const auto& report : reports) {
        CHECK(report.outcome == Outcome::done);
        CHECK(report.progress.receipts == signings);
    }
    CHECK(one.page("/checkpoint") == other.page("/checkpoint"));
    CHECK(one.page("/checkpoint").find("\n" + std::to_string(2 + 2 * signings) + "\n") != std::string::npos);
    one.page("/"), other.page("/");  // each has made its list of all that came through both
    CHECK(one.page("/") == other.page("/"));
    auto number = certificate_number("TEST26", 'A', 1);
    CHECK(other.page("/v/" + number).find("Intyget gäller") != std::string::npos);  // who did not receive it

    // While a tablet talks to it; the tablet tries again by itself.
    for (int i = 50; i < 60; ++i) REQUIRE(first.store.append(test::signing(i)).ok());
    std::thread through_kill([&] { reports[0] = first.sync(); });
    one.end(SIGKILL);
    one.start();  // at the same port
    through_kill.join();
    CHECK(reports[0].outcome == Outcome::done);

    auto later = other.invitation();
    database.kill();
    CHECK(one.get("/").status == 503);
    CHECK(one.get("/health").status == 503);
    CHECK(late.enrol(later).error().detail.find("HTTP 503") != std::string::npos);
    REQUIRE(first.store.append(test::signing(60)).ok());
    std::thread through_restart([&] { reports[0] = first.sync(); });
    database.start();
    through_restart.join();
    CHECK(reports[0].outcome == Outcome::done);
    CHECK(first.store.unsent().value() == 0);
    REQUIRE(late.enrol(later).ok());  // the code was not spent
    CHECK(late.sync().outcome == Outcome::done);
    CHECK(one.page("/checkpoint") == other.page("/checkpoint"));
    CHECK(one.page("/checkpoint").find("\n" + std::to_string(3 + 2 * signings + 11) + "\n") !=
          std::string::npos);
}
