// TLS sessions without sockets: who is given one, and when it is good no more.
#include "sync/server/tls_sessions.h"

#include <ctime>

#include <doctest/doctest.h>
#include <openssl/pem.h>

#include "core/base/openssl.h"
#include "sync/server/home.h"
#include "tests/support/store_fixture.h"

using namespace core;

namespace {

using TlsContext = Handle<SSL_CTX, SSL_CTX_free>;
using Tls = Handle<SSL, SSL_free>;
using TlsSession = Handle<SSL_SESSION, SSL_SESSION_free>;

TlsSession newest_session;  // that a client was given

struct Town {
    Town() {
        server::HomeSettings settings;
        settings.dir = folder.path() / "server";
        auto home = server::Home::open(settings, clock).value();
        REQUIRE(server::set_up_tls(server_side,
                                   {home.tls_key_pem, home.tls_certificate_pem, home.client_root_pem})
                    .ok());
        auto made = make_key_and_request("surfplatta A", secret, KeyStretch::for_our_own_secret).value();
        auto issued =
            home.ca->issue(made.request_pem, IssueKind::tls_client, "surfplatta A", 2, clock.wall_ms())
                .value();
        BioHandle certificate(BIO_new_mem_buf(issued.certificate_pem.data(), -1));
        BioHandle key(BIO_new_mem_buf(made.key_pem.data(), -1));
        const X509Certificate read(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
        const EvpKey opened(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, secret.data()));
        tablet.reset(SSL_CTX_new(TLS_client_method()));
        visitor.reset(SSL_CTX_new(TLS_client_method()));
        REQUIRE(SSL_CTX_use_certificate(tablet.get(), read.get()) == 1);
        REQUIRE(SSL_CTX_use_PrivateKey(tablet.get(), opened.get()) == 1);
        for (auto* context : {tablet.get(), visitor.get()}) {
            SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
            SSL_CTX_sess_set_new_cb(context, [](SSL*, SSL_SESSION* session) {
                newest_session.reset(session);
                return 1;
            });
        }
    }
    ~Town() { newest_session.reset(); }

    test::Folder folder;
    SystemClock clock;
    std::string secret = "mossa granit kajak tall";
    boost::asio::ssl::context server_side{boost::asio::ssl::context::tls_server};
    TlsContext tablet, visitor;
};

// Both ends of one connection.
struct Ends {
    Ends(Town& town, SSL_CTX* of_client, SSL_SESSION* session)
        : server(SSL_new(town.server_side.native_handle())), client(SSL_new(of_client)) {
        BIO *one = nullptr, *other = nullptr;
        REQUIRE(BIO_new_bio_pair(&one, 1 << 16, &other, 1 << 16) == 1);
        SSL_set_bio(server.get(), one, one);
        SSL_set_bio(client.get(), other, other);
        SSL_set_accept_state(server.get());
        SSL_set_connect_state(client.get());
        if (session != nullptr) REQUIRE(SSL_set_session(client.get(), session) == 1);
        for (int flights = 0; flights < 4; ++flights)
            SSL_do_handshake(client.get()), SSL_do_handshake(server.get());
        REQUIRE(SSL_is_init_finished(server.get()) == 1);
    }
    // The server says something, and the client hears it.
    void say() {
        char heard = 0;
        REQUIRE(SSL_write(server.get(), "x", 1) == 1);
        REQUIRE(SSL_read(client.get(), &heard, 1) == 1);
    }
    Result<server::TlsClient> who(std::int64_t now_s) const { return server::client_of(server.get(), now_s); }
    Tls server, client;
};

}  // namespace

TEST_CASE("a session is whose certificate opened it, and ends with that certificate") {
    Town town;
    const std::int64_t now_s = std::time(nullptr), in_three_years_s = now_s + 3LL * 365 * 86'400;
    Ends first(town, town.tablet.get(), nullptr);
    first.say();
    CHECK_FALSE(newest_session);  // none by itself
    auto shown = first.who(now_s).value();
    CHECK(shown.certificate_sha256.size() == 64);
    CHECK_FALSE(shown.resumed);
    server::give_session(first.server.get());
    first.say();
    REQUIRE(newest_session);

    auto session = std::move(newest_session);
    Ends again(town, town.tablet.get(), session.get());
    auto resumed = again.who(now_s).value();
    CHECK(resumed.resumed);
    CHECK(resumed.certificate_sha256 == shown.certificate_sha256);
    CHECK(again.who(in_three_years_s).error().code == Errc::not_allowed);
    CHECK(first.who(in_three_years_s).ok());  // TLS itself looked when it was shown
}

TEST_CASE("whoever shows no certificate is nobody, with a session or without") {
    Town town;
    Ends first(town, town.visitor.get(), nullptr);
    CHECK(first.who(std::time(nullptr))->certificate_sha256.empty());
    server::give_session(first.server.get());
    first.say();
    auto session = std::move(newest_session);
    REQUIRE(session);
    Ends again(town, town.tablet.get(), session.get());  // even if it could show one by now
    CHECK(again.who(std::time(nullptr))->certificate_sha256.empty());
}

TEST_CASE("a server that was started anew knows no session of before") {
    Town before, after;
    Ends first(before, before.tablet.get(), nullptr);
    server::give_session(first.server.get());
    first.say();
    auto session = std::move(newest_session);
    REQUIRE(session);
    Ends again(after, after.tablet.get(), session.get());
    CHECK_FALSE(again.who(std::time(nullptr))->resumed);
    CHECK(again.who(std::time(nullptr))->certificate_sha256.size() == 64);
}
