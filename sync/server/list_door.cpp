#include "sync/server/list_door.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "sync/server/lists.h"
#include "sync/server/places.h"

namespace server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Response = http::response<http::vector_body<std::uint8_t>>;

constexpr std::chrono::seconds visit_time{10};
constexpr std::chrono::milliseconds pause_time{100};
constexpr std::uint32_t longest_header = 4 * 1024;
constexpr std::size_t most_visitors = 64, most_from_one_place = 8;

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

struct Door {
    tcp::acceptor acceptor;
    Site& site;
    Places places{most_from_one_place};
};

Response answer(Site& site, const http::request<http::empty_body>& request) {
    Response response;
    response.version(11);
    std::string_view target(request.target().data(), request.target().size());
    bool asks = request.method() == http::verb::get || request.method() == http::verb::head;
    Reply reply;
    reply.status = asks ? 404 : 405;
    if (asks && target.starts_with("/crl/")) reply = site.get(target, false);
    auto field = [&](http::field name) { return std::string(request[name]); };
    if (is_known(reply.etag, reply.last_modified, field(http::field::if_none_match),
                 field(http::field::if_modified_since))) {
        reply.status = 304;
        reply.body.clear();
    }
    response.result(reply.status);
    if (!reply.type.empty()) response.set(http::field::content_type, reply.type);
    if (!reply.etag.empty()) {
        response.set(http::field::etag, reply.etag);
        response.set(http::field::last_modified, reply.last_modified);
    }
    response.keep_alive(false);
    response.body() = std::move(reply.body);
    if (reply.status != 304) response.prepare_payload();
    if (request.method() == http::verb::head) response.body().clear();  // its length stays said
    return response;
}

asio::awaitable<void> visit(tcp::socket socket, std::shared_ptr<Door> door,
                            [[maybe_unused]] Places::Guest counted) {
    beast::tcp_stream stream(std::move(socket));
    stream.expires_after(visit_time);
    beast::flat_buffer buffer{longest_header + 1024};
    http::request_parser<http::empty_body> parser;
    parser.header_limit(longest_header);
    error_code error;
    co_await http::async_read_header(stream, buffer, parser, into(error));
    if (!error) {
        Response response = answer(door->site, parser.get());
        ++door->site.counters().requests;
        co_await http::async_write(stream, response, into(error));
        stream.socket().shutdown(tcp::socket::shutdown_send, error);
    }
}

asio::awaitable<void> accept(std::shared_ptr<Door> door) {
    for (;;) {
        error_code error;
        auto socket = co_await door->acceptor.async_accept(into(error));
        if (error == asio::error::operation_aborted) co_return;
        if (error) {  // out of descriptors, most likely: others must end first
            asio::steady_timer pause(door->acceptor.get_executor(), pause_time);
            co_await pause.async_wait(into(error));
            continue;
        }
        auto visitor = door->places.let_in(place_of(socket));
        if (!visitor || door->places.guests() > most_visitors) continue;  // the socket closes
        asio::co_spawn(door->acceptor.get_executor(), visit(std::move(socket), door, std::move(*visitor)),
                       asio::detached);
    }
}

}  // namespace

core::Status open_list_door(asio::io_context& context, const ListDoorSettings& settings, Site& site) {
    error_code error;
    auto address = asio::ip::make_address(settings.address, error);
    if (error) return core::Error{core::Errc::malformed, settings.address + " is no address to listen on"};
    tcp::acceptor acceptor(context);
    acceptor.open(address.is_v6() ? tcp::v6() : tcp::v4(), error);
    if (error && address.is_unspecified()) {  // a machine without IPv6
        address = asio::ip::address_v4::any();
        acceptor.open(tcp::v4(), error);
    }
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error && address.is_v6()) acceptor.set_option(asio::ip::v6_only(false), error);
    if (!error) acceptor.bind({address, settings.port}, error);
    if (!error) acceptor.listen(128, error);
    if (error)
        return core::Error{core::Errc::not_allowed, "listening for revocation lists: " + error.message()};
    if (settings.listening) settings.listening(acceptor.local_endpoint().port());
    auto door = std::make_shared<Door>(Door{std::move(acceptor), site});
    asio::co_spawn(context, accept(std::move(door)), asio::detached);
    return {};
}

}  // namespace server
