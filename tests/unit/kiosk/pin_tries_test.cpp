// PIN tries: counted durably, waited for by a clock that nobody can set.
#include <csignal>

#include <doctest/doctest.h>
#include <sys/resource.h>

#include "kiosk/effects_pin.h"

namespace {

namespace fs = std::filesystem;

struct Desk {
    fs::path folder;
    core::Ed25519Key log_key = core::Ed25519Key::generate();
    core::SecretKey payload_key = core::SecretKey::random();
    core::StoreIdentity identity{core::DeviceId::make(1), 1, log_key.public_key()};
    core::FakeClock clock{1'795'000'000'000};
    std::optional<core::Store> store;

    Desk() {
        char name[] = "/tmp/handslag-pin-XXXXXX";
        folder = ::mkdtemp(name);
        open();
    }
    ~Desk() {
        store.reset();
        fs::remove_all(folder);
    }
    void open() {
        store.reset();
        auto key = core::Ed25519Key::from_seed(log_key.seed().bytes());
        auto opened = core::Store::open(folder, identity, payload_key.clone(), std::move(key).value());
        REQUIRE(opened.ok());
        store.emplace(std::move(opened).value());
    }
    kiosk::PinTries tries() { return {*store, clock}; }
    std::int64_t wait_s() { return tries().wait_s().value(); }
    void fail() { REQUIRE(tries().count_try().ok()); }
};

}  // namespace

TEST_CASE("two wrong PINs cost nothing, the third makes everybody wait") {
    Desk desk;
    desk.fail();
    desk.fail();
    CHECK(desk.wait_s() == 0);
    desk.fail();
    CHECK(desk.wait_s() == 30);
    desk.clock.advance(29'001);
    CHECK(desk.wait_s() == 1);
    desk.clock.advance(999);
    CHECK(desk.wait_s() == 0);
}

TEST_CASE("each further wrong PIN doubles the wait, up to an hour") {
    CHECK(kiosk::PinTries::wait_after_s(4) == 60);
    CHECK(kiosk::PinTries::wait_after_s(5) == 120);
    CHECK(kiosk::PinTries::wait_after_s(100) == 3600);
    CHECK(kiosk::PinTries::wait_after_s(1'000'000) == 3600);
}

TEST_CASE("setting the time does not shorten the wait") {
    Desk desk;
    for (int i = 0; i < 3; ++i) desk.fail();
    desk.clock.set_wall(desk.clock.wall_ms() + 86'400'000);
    CHECK(desk.wait_s() == 30);
}

TEST_CASE("a restart forgets no wrong PIN") {
    Desk desk;
    for (int i = 0; i < 4; ++i) desk.fail();
    desk.open();
    CHECK(desk.wait_s() == 60);
}

TEST_CASE("the right PIN forgets the wrong ones") {
    Desk desk;
    for (int i = 0; i < 2; ++i) desk.fail();
    REQUIRE(desk.tries().succeed().ok());
    desk.fail();
    CHECK(desk.wait_s() == 0);
}

TEST_CASE("the fifteenth wrong PIN is the last, also after a restart, until the passphrase has been given") {
    Desk desk;
    for (int i = 0; i < 14; ++i) desk.fail();
    CHECK_FALSE(desk.tries().spent().value());
    desk.fail();
    CHECK(desk.tries().spent().value());
    desk.clock.advance(86'400'000);
    desk.open();
    CHECK(desk.tries().spent().value());
    REQUIRE(desk.tries().succeed().ok());
    CHECK_FALSE(desk.tries().spent().value());
}

TEST_CASE("where the disk takes nothing more, tries still count and the host comes in") {
    Desk desk;
    desk.fail();
    auto tries = desk.tries();
    // No file grows any more: each write fails as on a disk that is full.
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    auto handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit none = before;
    none.rlim_cur = 0;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &none) == 0);
    bool refused = !desk.store->set("x", "y").ok();
    auto second = tries.count_try(), third = tries.count_try();
    auto wait = tries.wait_s();
    auto in = tries.succeed();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(refused);
    CHECK(second.ok());
    CHECK(third.ok());
    CHECK(wait.value() == 30);
    CHECK(in.ok());
    CHECK(tries.wait_s().value() == 0);
    CHECK_FALSE(tries.spent().value());
}
