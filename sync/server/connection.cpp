#include "sync/server/connection.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <sstream>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "sync/server/lists.h"
#include "sync/server/staff_commands.h"
#include "sync/server/tls_sessions.h"
#include "sync/server/tls_stream.h"

namespace server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr seconds handshake_time{10}, header_time{10}, idle_time{60}, body_time{30};
constexpr std::uint32_t longest_header = 8 * 1024;
constexpr std::uint64_t longest_exchange = 16U << 20, longest_body = 64U << 10, longest_command = 2U << 20;
constexpr std::size_t piece_size = 16 * 1024, write_size = 64 * 1024;
constexpr milliseconds quiet_to_derive{50}, longest_to_derive{10'000}, longest_to_wait{3'000};

auto into(error_code& error) { return asio::redirect_error(asio::use_awaitable, error); }

// Counts something up for as long as it lives.
template <class Number>
class Counted {
  public:
    explicit Counted(Number& number) : number_(number) { ++number_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    ~Counted() { --number_; }

  private:
    Number& number_;
};

class InFlow {
  public:
    InFlow(Hall& hall, std::string client, Exchange* exchange)
        : hall_(hall), client_(std::move(client)), exchange_(exchange) {
        auto& flow = hall_.flows[client_];
        ++flow.requests;
        if (exchange_ != nullptr) flow.exchanges.insert(exchange_);
    }
    InFlow(const InFlow&) = delete;
    InFlow& operator=(const InFlow&) = delete;
    ~InFlow() {
        flow().exchanges.erase(exchange_);
        if (--flow().requests == 0) hall_.flows.erase(client_);
    }
    Flow& flow() { return hall_.flows.at(client_); }

  private:
    Hall& hall_;
    std::string client_;
    Exchange* exchange_;
};

class Connection {
  public:
    Connection(tcp::socket socket, Hall& hall, std::optional<Places::Guest> anonymous)
        : hall_(hall),
          stream_(std::move(socket), hall.tls.native_handle()),
          anonymous_(std::move(anonymous)),
          local_(place_of(stream_.socket()).is_loopback()) {}

    asio::awaitable<void> serve() {
        Counted open(hall_.site.counters().open_connections);
        stream_.expires_after(handshake_time);
        auto error = co_await stream_.handshake();
        if (error) {
            ++hall_.site.counters().handshakes_failed;
            co_return;
        }
        auto client = client_of(stream_.handle(), std::time(nullptr));
        if (!client.ok()) {
            ++hall_.site.counters().handshakes_failed;
            co_return;
        }
        client_ = std::move(client->certificate_sha256);
        if (client->resumed) {
            ++hall_.site.counters().handshakes_resumed;
            // A client's OpenSSL uses a session once. The next one goes before anything else: this link may break too.
            give_session(stream_.handle());
            has_session_ = true;
            if (co_await stream_.handshake()) co_return;
        }
        if (!client_.empty()) anonymous_.reset();  // tablets share their hall's address
        while (!hall_.stopping)
            if (!co_await one_request()) break;
        stream_.expires_after(handshake_time);
        co_await stream_.shut_down();
    }

  private:
    // At most so much of what comes next, behind what is there.
    asio::awaitable<bool> read_more(std::size_t most) {
        auto room = buffer_.prepare(std::min(most, buffer_.max_size() - buffer_.size()));
        std::size_t size = 0;
        if (co_await stream_.read_some({static_cast<std::uint8_t*>(room.data()), room.size()}, size))
            co_return false;
        buffer_.commit(size);
        co_return true;
    }

    asio::awaitable<bool> read_header(http::request_parser<http::buffer_body>& parser) {
        constexpr std::size_t some = 1'024;
        if (buffer_.size() == 0) {
            buffer_.shrink_to_fit();  // a connection that waits holds nothing
            stream_.expires_after(idle_time);
            if (co_await stream_.readable()) co_return false;
        }
        stream_.expires_after(header_time);
        while (true) {
            if (buffer_.size() > 0) {
                error_code error;
                buffer_.consume(parser.put(buffer_.data(), error));
                if (parser.is_header_done()) co_return true;
                if (error && error != http::error::need_more) co_return false;
                if (buffer_.size() == buffer_.max_size()) co_return false;
            }
            if (!co_await read_more(some)) co_return false;
        }
    }

    // False: the connection is over.
    asio::awaitable<bool> one_request() {
        http::request_parser<http::buffer_body> parser;
        parser.header_limit(longest_header);
        parser.body_limit(longest_exchange);
        if (!co_await read_header(parser)) co_return false;
        ++hall_.site.counters().requests;
        const auto& head = parser.get();
        std::string_view target(head.target().data(), head.target().size());
        bool keep = head.keep_alive();
        // Where its body ends would be anybody's guess, and what follows the next request.
        if (head.count(http::field::transfer_encoding) > 0 && !head.chunked())
            co_return co_await refuse(400, "no such encoding\n");
        if (head.method() == http::verb::get) {
            keep = keep && parser.is_done();  // a body is not read
            if (Site::tells_of_list(target)) co_await hall_.derive();
            auto page = hall_.site.get(target, local_);
            if (is_known(page.etag, page.last_modified, std::string(head[http::field::if_none_match]),
                         std::string(head[http::field::if_modified_since])))
                page.status = 304, page.body.clear();
            co_return co_await send(std::move(page), keep) && keep;
        }
        bool staff = target == "/staff" && local_, stick = target.starts_with(exchange_path) && local_;
        if (head.method() != http::verb::post ||
            (target != "/sync/1" && target != "/enrol" && target != "/renew" && !staff && !stick))
            co_return co_await refuse(405, "no such request\n");
        if (staff || target == "/enrol" || target == "/renew") {
            std::string authorization(head[http::field::authorization]);
            core::Bytes body;
            bool whole = co_await read_body(parser, staff ? longest_command : longest_body,
                                            [&](core::ByteView piece) { core::append(body, piece); });
            if (!whole) co_return false;
            co_await hall_.derive();
            Reply reply;
            if (staff)
                reply = hall_.site.post_staff(authorization, body);
            else if (target == "/renew")
                reply = hall_.site.post_renew(client_, body);
            else
                reply = hall_.site.post_enrol(body);
            co_return co_await send(std::move(reply), keep) && keep;
        }
        bool first = std::exchange(first_exchange_, false);
        if (first) co_await hall_.derive();  // a hello, which the feed answers
        co_await let_older_arrive();
        if (auto others = hall_.flows.find(client_);
            !stick && others != hall_.flows.end() && others->second.requests >= hall_.most_of_one_tablet)
            co_return co_await refuse(503, "too many requests at once\n");
        core::Result<std::unique_ptr<Exchange>> begun = std::unique_ptr<Exchange>();
        if (stick)
            begun = hall_.site.begin_stick_exchange(std::string(head[http::field::authorization]), target);
        else if (!client_.empty())
            begun = hall_.site.begin_exchange(client_);
        if (first && !stick && !has_session_ && begun.ok() && *begun) give_session(stream_.handle());
        co_return co_await exchange(parser, std::move(begun), keep);
    }

    // A tablet whose link broke asks at once what is here. What the old link has brought may still wait to be read:
    // it is taken first, or the tablet would send it again.
    asio::awaitable<void> let_older_arrive() {
        constexpr milliseconds look{5}, longest{5'000};
        constexpr int quiet_looks = 3;
        asio::steady_timer pause(co_await asio::this_coro::executor);
        std::uint64_t before = 0;
        int quiet = 0;
        for (milliseconds waited{0}; waited < longest && quiet < quiet_looks; waited += look) {
            auto older = hall_.flows.find(client_);
            if (client_.empty() || older == hall_.flows.end()) co_return;
            quiet = older->second.bytes == before ? quiet + 1 : 0;
            before = older->second.bytes;
            pause.expires_after(look);
            error_code error;
            co_await pause.async_wait(into(error));
        }
        // That link may hang for long yet. There may be hundreds of them, and each has its commit: others have their turn
        // between two. What was kept last may be gone by then.
        for (Exchange* last = nullptr;;) {
            auto older = hall_.flows.find(client_);
            if (older == hall_.flows.end()) co_return;
            auto next = older->second.exchanges.upper_bound(last);
            if (next == older->second.exchanges.end()) co_return;
            last = *next;
            last->keep();
            co_await asio::post(pause.get_executor(), asio::use_awaitable);
        }
    }

    asio::awaitable<bool> exchange(http::request_parser<http::buffer_body>& parser,
                                   core::Result<std::unique_ptr<Exchange>> begun, bool keep) {
        if (begun.ok() && !*begun) co_return co_await refuse(403, "no enrolled tablet's certificate\n");
        Counted busy(hall_.busy);
        // Read to its end even when nothing can be done with it: a link that is reset would lose the tablet the answer.
        auto* exchange = begun.ok() ? begun->get() : nullptr;
        InFlow in(hall_, client_, exchange);
        bool whole = co_await read_body(parser, longest_exchange, [&](core::ByteView piece) {
            hall_.site.counters().exchange_bytes += piece.size();
            in.flow().bytes += piece.size();
            stream_.acknowledge();
            if (exchange != nullptr) static_cast<void>(exchange->feed(piece));  // fault() tells
        });
        if (!whole) {
            ++hall_.site.counters().cut_exchanges;
            if (exchange != nullptr) exchange->cut();
        }
        if (exchange != nullptr) hall_.derive_soon();  // entries may have come, whatever becomes of the rest
        if (!whole) co_return false;
        Reply reply;
        if (exchange != nullptr)
            reply = Reply{200, "application/vnd.handslag.sync", exchange->finish(), {}, {}, {}};
        bool worked = exchange != nullptr && !exchange->fault();
        if (!worked) reply = hall_.site.fault(exchange != nullptr ? *exchange->fault() : begun.error());
        bool sent = co_await send(std::move(reply), keep);
        hall_.exchanged = steady_clock::now();
        keep = keep && sent;
        co_return keep;
    }

    // Every piece as it comes; false when the link broke or the body is too long. Each piece of an exchange has its time;
    // short ones, which anybody may send, have one for the whole.
    template <class Take>
    asio::awaitable<bool> read_body(http::request_parser<http::buffer_body>& parser, std::uint64_t most,
                                    Take take) {
        std::uint64_t read = 0;
        stream_.expires_after(body_time);
        parser.eager(true);
        while (!parser.is_done()) {
            error_code error;
            if (buffer_.size() > 0) {
                // Into the same place as all others, who have had theirs by then.
                static std::array<std::uint8_t, piece_size> piece;
                parser.get().body().data = piece.data();
                parser.get().body().size = piece.size();
                buffer_.consume(parser.put(buffer_.data(), error));
                std::size_t size = piece.size() - parser.get().body().size;
                read += size;
                if (read > most) co_return false;
                if (size > 0) take(core::ByteView(piece.data(), size));
                if (error && error != http::error::need_buffer && error != http::error::need_more)
                    co_return false;
                if (parser.is_done()) break;
                if (error != http::error::need_more && buffer_.size() > 0) continue;
                if (buffer_.size() == buffer_.max_size()) co_return false;
            }
            if (most == longest_exchange) stream_.expires_after(body_time);
            if (!co_await read_more(piece_size)) co_return false;
        }
        co_return true;
    }

    // A named reply: GCC 12 destroys an aggregate made within a co_await twice.
    asio::awaitable<bool> refuse(unsigned status, std::string_view text) {
        Reply reply;
        reply.status = status;
        reply.type = "text/plain";
        reply.body = core::to_bytes(text);
        co_await send(std::move(reply), false);
        co_return false;
    }

    asio::awaitable<bool> send(Reply reply, bool keep) {
        http::response<http::vector_body<std::uint8_t>> response;
        response.version(11);
        response.result(reply.status);
        response.set(http::field::content_type, reply.type);
        if (reply.type.starts_with("text/html")) {
            response.set("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'");
            response.set("X-Content-Type-Options", "nosniff");
            response.set("Referrer-Policy", "no-referrer");
        }
        if (reply.personal) {
            response.set(http::field::cache_control, "no-store");
            response.set("Referrer-Policy", "no-referrer");
            response.set("X-Robots-Tag", "noindex, nofollow, noarchive");
        }
        if (!reply.file_name.empty())
            response.set(http::field::content_disposition,
                         "attachment; filename=\"" + reply.file_name + "\"");
        if (!reply.etag.empty()) {
            response.set(http::field::etag, reply.etag);
            response.set(http::field::last_modified, reply.last_modified);
        }
        if (!reply.cache_control.empty()) response.set(http::field::cache_control, reply.cache_control);
        response.keep_alive(keep && !hall_.stopping);
        response.body() = std::move(reply.body);
        if (reply.status != 304) response.prepare_payload();
        // Head and body in one record, where they are short.
        std::ostringstream head;
        head << response.base();
        auto text = head.str();
        core::Bytes first = core::to_bytes(text);
        core::ByteView body = response.body();
        core::append(first, body.first(std::min(body.size(), write_size)));
        body = body.subspan(std::min(body.size(), write_size));
        bool sent = co_await write(first);
        for (; sent && !body.empty(); body = body.subspan(std::min(body.size(), write_size)))
            sent = co_await write(body.first(std::min(body.size(), write_size)));
        co_return sent;
    }

    // A piece, which has its own time: whoever takes a long answer slowly gets it all the same.
    asio::awaitable<bool> write(core::ByteView piece) {
        stream_.expires_after(body_time);
        auto error = co_await stream_.write(piece);
        co_return !error;
    }

    Hall& hall_;
    TlsStream stream_;
    beast::flat_buffer buffer_{piece_size + longest_header};
    std::string client_;  // SHA-256 of its certificate; empty: it showed none
    std::optional<Places::Guest> anonymous_;
    bool local_, first_exchange_ = true, has_session_ = false;
};
}  // namespace

void Hall::derive_soon() {
    exchanged = steady_clock::now();
    if (to_derive) return;
    to_derive = exchanged;
    derive_after(quiet_to_derive);
}

void Hall::derive_after(milliseconds pause) {
    derive_timer->expires_after(pause);
    derive_timer->async_wait([this](const error_code& error) {
        if (error || !to_derive) return;
        auto now = steady_clock::now();
        bool tablets_go_on = busy > 0 || now - exchanged < quiet_to_derive;
        if (tablets_go_on && now - *to_derive < longest_to_derive) return derive_after(quiet_to_derive);
        if (derive_step()) derive_after(milliseconds(0));
    });
}

asio::awaitable<void> Hall::derive() {
    if (!to_derive) co_return;
    auto until = steady_clock::now() + longest_to_wait;
    auto leaves = site.leaves();
    while (to_derive && steady_clock::now() < until && site.derive_step(leaves))
        co_await asio::post(derive_timer->get_executor(), asio::use_awaitable);
}

bool Hall::derive_step() {
    if (to_derive && site.derive_step()) return true;
    to_derive.reset();
    return false;
}

asio::awaitable<void> serve_connection(tcp::socket socket, Hall& hall,
                                       std::optional<Places::Guest> anonymous) {
    Connection connection(std::move(socket), hall, std::move(anonymous));
    co_await connection.serve();
}

}  // namespace server
