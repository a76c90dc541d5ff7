#include "sync/server/tls_stream.h"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <netinet/tcp.h>
#include <openssl/err.h>

namespace server {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::steady_clock;

namespace {

constexpr int most_key_changes = 32;  // no connection of ours lasts so long that it needs one

// While nothing comes but new keys of the other's, one call to OpenSSL reads on, and has the thread for ever. Whoever
// sends so many is taken for gone.
void count_key_changes(int written, int, int type, const void* message, std::size_t size, SSL* tls,
                       void* count) {
    bool is_one = written == 0 && type == SSL3_RT_HANDSHAKE && size > 0 &&
                  *static_cast<const std::uint8_t*>(message) == SSL3_MT_KEY_UPDATE;
    if (is_one && ++*static_cast<int*>(count) > most_key_changes)
        SSL_set_shutdown(tls, SSL_RECEIVED_SHUTDOWN);
}

}  // namespace

// Shared with the timer's handler, which may be on its way when the connection ends.
struct TlsStream::Watched {
    explicit Watched(tcp::socket from) : socket(std::move(from)), timer(socket.get_executor()) {}
    tcp::socket socket;
    asio::steady_timer timer;
    steady_clock::time_point deadline{};
    bool armed = false, expired = false;
};

TlsStream::TlsStream(tcp::socket socket, SSL_CTX* tls)
    : watched_(std::make_shared<Watched>(std::move(socket))), tls_(SSL_new(tls)) {
    CHECK_THAT(tls_ != nullptr);
    Error ignored;
    watched_->socket.native_non_blocking(true, ignored);
    CHECK_THAT(SSL_set_fd(tls_.get(), watched_->socket.native_handle()) == 1);
    SSL_set_accept_state(tls_.get());
    SSL_set_msg_callback(tls_.get(), count_key_changes);
    SSL_set_msg_callback_arg(tls_.get(), &key_changes_);
    SSL_set_mode(tls_.get(), SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

TlsStream::~TlsStream() {
    // A link that broke says nothing against the session, which would otherwise be forgotten with it. Whatever was wrong in
    // TLS itself has ended it already.
    SSL_set_shutdown(tls_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    tls_.reset();  // before the socket that it writes to
    watched_->timer.cancel();
}

const tcp::socket& TlsStream::socket() const { return watched_->socket; }

// A deadline that moves on, as it does with every piece, leaves the timer as it is: it looks again when it goes off.
void TlsStream::watch(const std::shared_ptr<Watched>& watched) {
    watched->armed = true;
    watched->timer.expires_at(watched->deadline);
    watched->timer.async_wait([weak = std::weak_ptr(watched)](const Error& error) {
        auto still = weak.lock();
        if (error || !still) return;
        if (steady_clock::now() < still->deadline) return watch(still);
        still->armed = false;
        still->expired = true;
        Error ignored;  // not closed: OpenSSL holds its number
        still->socket.shutdown(tcp::socket::shutdown_both, ignored);
        still->socket.cancel(ignored);
    });
}

void TlsStream::expires_after(steady_clock::duration time) {
    watched_->deadline = steady_clock::now() + time;
    if (!watched_->armed || watched_->deadline < watched_->timer.expiry()) watch(watched_);
}

TlsStream::Awaitable<TlsStream::Error> TlsStream::wait_for(int result) {
    Error error;
    switch (SSL_get_error(tls_.get(), result)) {
        case SSL_ERROR_WANT_READ:
            co_await watched_->socket.async_wait(tcp::socket::wait_read,
                                                 asio::redirect_error(asio::use_awaitable, error));
            break;
        case SSL_ERROR_WANT_WRITE:
            co_await watched_->socket.async_wait(tcp::socket::wait_write,
                                                 asio::redirect_error(asio::use_awaitable, error));
            break;
        case SSL_ERROR_ZERO_RETURN:
            error = asio::error::eof;
            break;
        default:
            error = asio::error::connection_reset;
    }
    ERR_clear_error();
    if (watched_->expired) error = asio::error::timed_out;
    co_return error;
}

TlsStream::Awaitable<void> TlsStream::yield() {
    co_await asio::post(watched_->socket.get_executor(), asio::use_awaitable);
}

TlsStream::Awaitable<TlsStream::Error> TlsStream::handshake() {
    while (true) {
        ERR_clear_error();
        int done = SSL_do_handshake(tls_.get());
        if (done == 1) co_return Error{};
        auto error = co_await wait_for(done);
        if (error) co_return error;
    }
}

TlsStream::Awaitable<TlsStream::Error> TlsStream::readable() {
    if (SSL_has_pending(tls_.get()) == 1) co_return Error{};
    Error error;
    co_await watched_->socket.async_wait(tcp::socket::wait_read,
                                         asio::redirect_error(asio::use_awaitable, error));
    if (watched_->expired) error = asio::error::timed_out;
    co_return error;
}

TlsStream::Awaitable<TlsStream::Error> TlsStream::read_some(std::span<std::uint8_t> to, std::size_t& size) {
    for (bool waited = false;; waited = true) {
        ERR_clear_error();
        int done = SSL_read_ex(tls_.get(), to.data(), to.size(), &size);
        if (done == 1) {
            if (!waited) co_await yield();
            co_return Error{};
        }
        auto error = co_await wait_for(done);
        if (error) co_return error;
    }
}

void TlsStream::acknowledge() {
    const boost::asio::detail::socket_option::boolean<IPPROTO_TCP, TCP_QUICKACK> now(true);
    Error ignored;
    watched_->socket.set_option(now, ignored);
}

TlsStream::Awaitable<TlsStream::Error> TlsStream::write(core::ByteView bytes) {
    bool waited = false;
    while (!bytes.empty()) {
        ERR_clear_error();
        std::size_t size = 0;
        int done = SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &size);
        if (done == 1) {
            bytes = bytes.subspan(size);
            continue;
        }
        auto error = co_await wait_for(done);
        if (error) co_return error;
        waited = true;
    }
    if (!waited) co_await yield();
    co_return Error{};
}

// A socket that is closed before all is read would take the last answer back. Whoever never ends is cut all the same.
TlsStream::Awaitable<void> TlsStream::shut_down() {
    if (watched_->expired || SSL_is_init_finished(tls_.get()) != 1) co_return;
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
    Error ignored;
    watched_->socket.shutdown(tcp::socket::shutdown_send, ignored);
    constexpr std::size_t most = 256 << 10;
    std::array<std::uint8_t, 512> rest;
    for (std::size_t size = 0, read = 0; read < most && !co_await read_some(rest, size);) read += size;
}

}  // namespace server
