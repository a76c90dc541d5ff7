#include "sync/server/listener.h"

#include <csignal>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "sync/server/connection.h"
#include "sync/server/list_door.h"
#include "sync/server/tls_sessions.h"

namespace server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds stop_time{10};
constexpr std::size_t kept_for_this_machine = 16;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

asio::awaitable<void> accept(tcp::acceptor& acceptor, Hall& hall) {
    while (!hall.stopping) {
        error_code error;
        auto socket = co_await acceptor.async_accept(into(error));
        if (error == asio::error::operation_aborted) break;
        if (error) {  // out of descriptors, most likely: others must end first
            asio::steady_timer pause(acceptor.get_executor(), milliseconds(100));
            co_await pause.async_wait(into(error));
            continue;
        }
        auto& counters = hall.site.counters();
        ++counters.connections;
        auto place = place_of(socket);
        bool local = place.is_loopback();
        auto anonymous = local ? std::optional<Places::Guest>() : hall.places.let_in(place);
        auto most = hall.most_connections + (local ? kept_for_this_machine : 0);
        if ((!local && !anonymous) || counters.open_connections >= most) {
            ++counters.refused_connections;
            continue;  // the socket closes
        }
        socket.set_option(tcp::no_delay(true), error);
        asio::co_spawn(
            acceptor.get_executor(), serve_connection(std::move(socket), hall, std::move(anonymous)),
            [](std::exception_ptr thrown) {
                if (thrown)
                    spdlog::error("fault code=\"internal\" detail=\"a connection ended by an exception\"");
            });
    }
}

asio::awaitable<void> stop_when_told(asio::io_context& context, asio::signal_set& signals,
                                     tcp::acceptor& acceptor, Hall& hall) {
    co_await signals.async_wait(asio::use_awaitable);
    spdlog::info("stopping: no new connections, {} exchanges under way", hall.busy);
    hall.stopping = true;
    error_code error;
    acceptor.close(error);
    asio::steady_timer tick(context);
    for (auto waited = milliseconds(0); hall.busy > 0 && waited < stop_time; waited += milliseconds(20)) {
        tick.expires_after(milliseconds(20));
        co_await tick.async_wait(asio::use_awaitable);
    }
    while (hall.derive_step()) {
    }
    context.stop();
}

}  // namespace

core::Status listen(const ListenerSettings& settings, Site& site,
                    const std::function<void(std::uint16_t port)>& listening) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets whose other end may be gone
    asio::ssl::context tls(asio::ssl::context::tls_server);
    TRY(set_up_tls(tls, {settings.tls_key_pem, settings.tls_certificate_pem, settings.client_root_pem}));
    Hall hall{site, tls, settings.most_connections, Places(settings.most_from_one_place),
              settings.most_of_one_tablet};
    asio::io_context context(1);  // destroys what connections are left, which needs the hall
    asio::steady_timer derive_timer(context);
    hall.derive_timer = &derive_timer;
    tcp::acceptor acceptor(context);
    error_code error;
    auto address = asio::ip::make_address(settings.address, error);
    if (error) return core::Error{core::Errc::malformed, settings.address + " is no address to listen on"};
    acceptor.open(address.is_v6() ? tcp::v6() : tcp::v4(), error);
    if (error && address.is_unspecified()) {  // a machine without IPv6
        address = asio::ip::address_v4::any();
        acceptor.open(tcp::v4(), error);
    }
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind({address, settings.port}, error);
    if (!error) acceptor.listen(1'024, error);
    if (error) return core::Error{core::Errc::not_allowed, "listening: " + error.message()};
    if (settings.list_port)
        TRY(open_list_door(context, {settings.address, *settings.list_port, settings.lists_listening}, site));
    asio::signal_set signals(context, SIGTERM, SIGINT);  // before anybody knows that there is a server to end
    listening(acceptor.local_endpoint().port());
    asio::co_spawn(context, accept(acceptor, hall), asio::detached);
    asio::co_spawn(context, stop_when_told(context, signals, acceptor, hall), asio::detached);
    context.run();
    return {};
}

}  // namespace server
