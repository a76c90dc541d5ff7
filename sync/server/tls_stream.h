// TlsStream: the server's end of one TLS connection, for coroutines, straight on the socket. OpenSSL reads and writes it
// itself, so that a connection which says nothing holds no buffers; one thread runs all of them.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <openssl/ssl.h>

#include "core/base/bytes.h"
#include "core/base/openssl.h"

namespace server {

class TlsStream {
  public:
    using Error = boost::system::error_code;
    template <class T>
    using Awaitable = boost::asio::awaitable<T>;

    // `tls` outlives it.
    TlsStream(boost::asio::ip::tcp::socket socket, SSL_CTX* tls);
    ~TlsStream();
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    // What has not happened by then does not happen: the connection ends.
    void expires_after(std::chrono::steady_clock::duration time);

    Awaitable<Error> handshake();
    // At least one byte, or why not; eof when the other has said that it is done. Others have had their turn.
    Awaitable<Error> read_some(std::span<std::uint8_t> to, std::size_t& size);
    // No byte is read, and nothing held, before there is something to read.
    Awaitable<Error> readable();
    // What has come is acknowledged before the thread does something long. Otherwise the kernel waits for more, and the
    // other end takes that for a loss and sends its last segment again.
    void acknowledge();
    Awaitable<Error> write(core::ByteView bytes);  // all of them; others have had their turn
    Awaitable<void> shut_down();

    const boost::asio::ip::tcp::socket& socket() const;
    SSL* handle() { return tls_.get(); }

  private:
    struct Watched;
    static void watch(const std::shared_ptr<Watched>& watched);
    Awaitable<Error> wait_for(int result);  // of what OpenSSL could not do at once
    Awaitable<void> yield();

    std::shared_ptr<Watched> watched_;
    int key_changes_ = 0;  // of the other's
    core::Handle<SSL, SSL_free> tls_;
};

}  // namespace server
