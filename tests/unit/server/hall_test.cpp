// The hall of a server without sockets: who waits for the list, and for how much of it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include "sync/ingest/register.h"
#include "sync/protocol/received.h"
#include "sync/server/connection.h"
#include "tests/support/signing_fixture.h"

using namespace core;
namespace asio = boost::asio;

TEST_CASE("who asks for the list waits for what had come, not for what tablets bring meanwhile") {
    test::Folder folder;
    const SystemClock clock;
    const auto words = Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value();
    server::HomeSettings settings;
    settings.dir = folder.path() / "server";
    auto home = server::Home::open(settings, clock).value();
    auto& ledger = *home.ledger;
    server::Site site(home, words, clock);

    boost::asio::ssl::context tls(boost::asio::ssl::context::tls_server);
    server::Hall hall{site, tls, 50, server::Places(50), 24};
    asio::io_context context(1);
    asio::steady_timer derive_timer(context);
    hall.derive_timer = &derive_timer;

    // More than a step takes.
    auto bring = [&](std::uint64_t count) {
        auto brought = ledger.transact([&]() -> Status {
            TRY(ledger.hold(server::Turn::own_log));
            TRY_ASSIGN(auto size, ledger.leaf_count());
            for (auto index = size; index < size + count; ++index)
                TRY(ledger.add_leaf(index, wire::encode(wire::Notice{{}, "enrolled", "x", 0, 1})));
            return {};
        });
        REQUIRE(brought.ok());
    };
    constexpr int most_turns = 50;
    constexpr std::uint64_t at_first = 300;
    bring(at_first);
    hall.derive_soon();
    hall.exchanged = {};  // so that the timer derives too, of what comes meanwhile
    hall.derive_after(std::chrono::milliseconds(0));
    int turns = 0, answered_at = most_turns;
    std::uint64_t derived = 0;
    bool answered = false;
    auto visitor = [&]() -> asio::awaitable<void> {
        co_await hall.derive();
        answered = true, answered_at = turns;
        derived = server::derived_up_to(ledger).value();
    };
    std::function<void()> tablets = [&] {
        if (answered || ++turns == most_turns) return;
        bring(100);
        asio::post(context, tablets);
    };
    asio::co_spawn(context, visitor(), asio::detached);
    asio::post(context, tablets);
    context.run();
    CHECK(answered);
    CHECK(answered_at < most_turns);
    CHECK(derived >= at_first);
    CHECK(server::derived_up_to(ledger).value() == ledger.leaf_count().value());
}
