#include "sync/http.h"

#include <thread>

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/handle.h"
#include "tests/support/running_server.h"

using namespace core;

namespace {

// A port of this machine that is listened on.
class Listening {
  public:
    Listening() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        at_.sin_family = AF_INET, at_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at_;
        REQUIRE(::bind(socket_, reinterpret_cast<sockaddr*>(&at_), size) == 0);
        REQUIRE(::listen(socket_, 4) == 0);
        REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&at_), &size) == 0);
    }
    ~Listening() { ::close(socket_); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    std::string port() const { return std::to_string(ntohs(at_.sin_port)); }
    int accept() const { return ::accept(socket_, nullptr, nullptr); }
    bool has_visitor() const {
        pollfd look{socket_, POLLIN, 0};
        return ::poll(&look, 1, 0) == 1;
    }

  private:
    int socket_;
    sockaddr_in at_{};
};

}  // namespace

TEST_CASE("whoever is known by a key does not send a visitor on to where nobody shows one") {
    test::Running server;  // for its key
    Listening secure, plain;
    Handle<SSL_CTX, SSL_CTX_free> context(SSL_CTX_new(TLS_server_method()));
    auto file = [&](const char* name) { return (server.dir() / "keys" / name).string(); };
    REQUIRE(SSL_CTX_use_certificate_file(context.get(), file("tls.crt").c_str(), SSL_FILETYPE_PEM) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey_file(context.get(), file("tls.key").c_str(), SSL_FILETYPE_PEM) == 1);
    std::thread answers([&] {
        int socket = secure.accept();
        Handle<SSL, SSL_free> tls(SSL_new(context.get()));
        SSL_set_fd(tls.get(), socket);
        char heard[4096];
        auto said = "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + plain.port() +
                    "/\r\nContent-Length: 0\r\n\r\n";
        if (SSL_accept(tls.get()) == 1 && SSL_read(tls.get(), heard, sizeof heard) > 0)
            SSL_write(tls.get(), said.data(), static_cast<int>(said.size()));
        ::close(socket);
    });
    http::Visitor visitor({server.pin(), ""});
    auto answer = visitor.ask({"https://127.0.0.1:" + secure.port(), "", {}}, {1U << 20, 1'000, 2'000});
    answers.join();
    CHECK_FALSE(answer.ok());
    CHECK_FALSE(plain.has_visitor());
}
