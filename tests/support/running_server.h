// A whole handslag-server on loopback, in a thread of the test's.
#pragma once

#include <csignal>
#include <future>
#include <memory>
#include <thread>

#include <doctest/doctest.h>

#include "core/base/json.h"
#include "sync/client/carrier.h"
#include "sync/server/listener.h"
#include "sync/server/staff_commands.h"
#include "tests/support/signing_fixture.h"

namespace test {

// A server in a thread of its own; ends as `kill` would end it.
class Running {
  public:
    explicit Running(std::shared_ptr<const core::Clock> clock = std::make_shared<core::SystemClock>())
        : words_(core::Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value()),
          clock_(std::move(clock)) {
        start();
    }
    ~Running() { stop(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    void start() {
        std::promise<std::uint16_t> port;
        auto known = port.get_future();
        thread_ = std::thread([this, &port] {
            server::HomeSettings settings;
            settings.dir = folder_.path() / "server";
            auto home = server::Home::open(settings, *clock_).value();
            server::Site site(home, words_, *clock_);
            server::ListenerSettings listener;
            listener.address = "127.0.0.1";
            listener.port = port_;  // the same after a restart
            listener.most_connections = 50;
            listener.most_of_one_tablet = 24;
            listener.tls_key_pem = home.tls_key_pem;
            listener.tls_certificate_pem = home.tls_certificate_pem;
            listener.client_root_pem = home.client_root_pem;
            home_ = &home;
            auto served = server::listen(listener, site, [&](std::uint16_t at) { port.set_value(at); });
            CHECK(served.ok());
        });
        port_ = known.get();
        pin_ = home_->tls_pin;
        token_ = home_->staff_token;
        root_ = home_->client_root_pem;
    }
    void stop() {
        if (!thread_.joinable()) return;
        std::raise(SIGTERM);
        thread_.join();
    }

    // Its thread's own: to be touched only while nobody asks it anything.
    server::Home& home() { return *home_; }
    std::filesystem::path dir() const { return folder_.path() / "server"; }
    const std::string& pin() const { return pin_; }
    std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
    std::uint16_t port() const { return port_; }
    client::Carrier visitor() const { return client::Carrier({url(), pin_}, {}); }
    std::string page(const std::string& path) const {
        auto carried = visitor().ask(path, "", {});
        return std::to_string(carried.status) + " " + std::string(core::as_text(carried.body));
    }
    std::string command(const core::Json& json) const {
        auto carried =
            visitor().ask("/staff", "application/json", core::as_bytes(core::encode_canonical(json)),
                          "Authorization: Bearer " + token_);
        REQUIRE(carried.trouble == client::Trouble::none);
        return std::string(core::as_text(carried.body));
    }
    std::string invitation() const {
        return command({{"command", "invite"}, {"tablet", "surfplatta A"}, {"url", url()}});
    }

  private:
    Folder folder_;
    core::Words words_;
    std::shared_ptr<const core::Clock> clock_;  // read on the server's thread
    server::Home* home_ = nullptr;
    std::thread thread_;
    std::uint16_t port_ = 0;
    std::string pin_, token_, root_;
};

}  // namespace test
