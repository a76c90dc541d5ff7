// The whole way: invitation, certificate, sync, public pages, over real sockets and TLS.
#include <csignal>
#include <thread>

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/openssl.h"
#include "sync/client/link.h"
#include "sync/protocol/parcel.h"
#include "tests/support/running_server.h"
#include "tests/support/signing_fixture.h"

using namespace core;
using client::Outcome;
using client::Trouble;
using test::Running;

namespace {

struct Tablet {
    test::Folder folder;
    Store store = test::open_store(folder.path()).value();
    Ed25519Key log_key = test::log_key();
    SecretKey transfer_key = wire::transfer_key(test::payload_key());
    SystemClock clock;

    Status enrol(const std::string& invitation) {
        return client::enrol(store, log_key, invitation, "surfplatta A");
    }
    client::SyncReport sync() {
        return client::sync_once(
                   store, {log_key, transfer_key}, clock, [](const auto&) {},
                   [](const auto&) { return Status{}; })
            .value();
    }
    Result<client::OpenLink> open_link() {
        return client::open_link(
            store, {log_key, transfer_key}, [](const auto&) { return Status{}; }, clock);
    }
};

std::string fingerprint(const std::string& pem) {
    BioHandle bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    X509Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    Sha256 digest{};
    REQUIRE(X509_digest(certificate.get(), EVP_sha256(), digest.data(), nullptr) == 1);
    return to_hex(digest);
}

// A plain connection that says something, and what the server says then.
class Plain {
  public:
    explicit Plain(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
    }
    ~Plain() { ::close(socket_); }
    Plain(const Plain&) = delete;
    Plain& operator=(const Plain&) = delete;
    bool connected() const { return connected_; }
    int socket() const { return socket_; }

  private:
    int socket_;
    bool connected_ = false;
};

// A link of a tablet's that does what no client of ours does: it begins a request and never ends it.
class Link {
  public:
    Link(const test::Running& server, const client::Credentials& credentials)
        : context_(SSL_CTX_new(TLS_client_method())), plain_(server.port()) {
        BioHandle certificate(BIO_new_mem_buf(credentials.certificate_pem.data(), -1));
        BioHandle key(BIO_new_mem_buf(credentials.key_pem.data(), -1));
        auto secret = credentials.key_secret;
        const X509Certificate read(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
        const EvpKey opened(PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, secret.data()));
        REQUIRE(SSL_CTX_use_certificate(context_.get(), read.get()) == 1);
        REQUIRE(SSL_CTX_use_PrivateKey(context_.get(), opened.get()) == 1);
        tls_.reset(SSL_new(context_.get()));
        SSL_set_fd(tls_.get(), plain_.socket());
        REQUIRE(SSL_connect(tls_.get()) == 1);
    }
    void begin_exchange(ByteView bytes) {
        auto said = to_bytes("POST /sync/1 HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                             std::to_string(bytes.size() + 1) + "\r\n\r\n");
        append(said, bytes);
        std::size_t size = 0;
        REQUIRE(SSL_write_ex(tls_.get(), said.data(), said.size(), &size) == 1);
    }

  private:
    Handle<SSL_CTX, SSL_CTX_free> context_;
    Plain plain_;
    Handle<SSL, SSL_free> tls_;
};

// Until a page of the server's says so.
bool becomes(const test::Running& server, const std::string& path, const std::string& words) {
    for (int patience = 0; patience < 500; ++patience) {
        if (server.page(path).find(words) != std::string::npos) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

}  // namespace

TEST_CASE("from invitation to the public page, and again after the server has restarted") {
    Running server;
    Tablet tablet;
    CHECK(server.page("/").find("Ingen har skrivit under ännu") != std::string::npos);
    REQUIRE(tablet.enrol(server.invitation()).ok());
    REQUIRE(tablet.store.append(test::signing(1, "Föreningen <Åsö> & vänner")).ok());
    auto report = tablet.sync();
    CHECK(report.outcome == Outcome::done);
    CHECK(report.progress.receipts == 1);

    auto number = certificate_number("TEST26", 'A', 1);
    auto list = server.page("/");
    CHECK(list.starts_with("200 "));
    CHECK(list.find("Föreningen &lt;Åsö&gt; &amp; vänner") != std::string::npos);
    CHECK(list.find("Astrid") == std::string::npos);  // no person
    CHECK(server.page("/v/" + number).find("Intyget gäller") != std::string::npos);
    CHECK(server.page("/v/TEST26-A0009-X").starts_with("404 "));
    CHECK(server.page("/v/%3Cscript%3E").starts_with("404 "));
    CHECK(server.page("/health") == "200 ok\n");
    CHECK(server.page("/checkpoint").find("\n2\n") != std::string::npos);
    CHECK(server.page("/tile/entries/000.p/2").find("handslag-received/1") != std::string::npos);
    CHECK(server.page("/tile/0/000.p/2").size() == 4 + 64);
    CHECK(server.page("/tile/0/000").starts_with("404 "));
    CHECK(server.page("/metrics").find("handslag_exchanges_total") != std::string::npos);
    CHECK(server.command({{"command", "list"}}).find("active  1 entries  surfplatta A") != std::string::npos);

    auto again = tablet.sync();
    CHECK(again.outcome == Outcome::done);
    CHECK(again.sent + again.received < 2'500);

    server.stop();
    server.start();
    CHECK(server.page("/v/" + number).find("Intyget gäller") != std::string::npos);
}

TEST_CASE("an invitation works once, and only for who signs with the log key") {
    Running server;
    auto invitation = server.invitation();
    Tablet tablet;
    REQUIRE(tablet.enrol(invitation).ok());
    CHECK(tablet.enrol(invitation).error().code == Errc::not_allowed);
    auto other_pin = server.invitation();
    other_pin[other_pin.rfind("//") + 3] ^= 1;
    CHECK(tablet.enrol(other_pin).error().detail.find("somebody else answers") != std::string::npos);
    CHECK(tablet.enrol("handslag-invitation/1 https://127.0.0.1:1 X sha256//x").error().code ==
          Errc::not_found);
    CHECK(tablet.enrol("hello").error().code == Errc::malformed);
}

TEST_CASE("nobody syncs without an enrolled tablet's certificate, and staff's door opens to staff only") {
    Running server;
    auto hello = wire::encode_exchange({});
    auto carried = server.visitor().ask("/sync/1", "application/vnd.handslag.sync", hello);
    CHECK(carried.trouble == Trouble::not_enrolled);
    CHECK(server.visitor().ask("/staff", "application/json", as_bytes("{}")).status == 403);
    CHECK(server.visitor().ask("/elsewhere", "text/plain", as_bytes("x")).status == 405);
    auto enrolment = server.visitor().ask("/enrol", "application/json", as_bytes("{\"code\":\"x\"}"));
    CHECK(enrolment.status == 403);
}

TEST_CASE("a lost tablet still delivers, and is told that it is kept apart") {
    Running server;
    Tablet tablet;
    REQUIRE(tablet.enrol(server.invitation()).ok());
    REQUIRE(tablet.store.append(test::signing(1)).ok());
    REQUIRE(tablet.sync().outcome == Outcome::done);
    server.command({{"command", "revoke"},
                    {"device", tablet.store.identity().device.str()},
                    {"epoch", 1},
                    {"why", "lost"}});
    REQUIRE(tablet.store.append(test::signing(2)).ok());
    CHECK(tablet.sync().outcome == Outcome::kept_apart);
    CHECK(server.page("/v/" + certificate_number("TEST26", 'A', 2)).starts_with("404 "));
}

TEST_CASE("who comes back with a session of before is asked as if it had shown its certificate") {
    Running server;
    Tablet tablet;
    REQUIRE(tablet.enrol(server.invitation()).ok());
    auto link = tablet.open_link();
    REQUIRE(link.ok());
    client::Carrier carrier(link->address, link->credentials);
    auto hello = link->session.request().value();
    // Each time over a connection of its own.
    auto greet = [&] {
        return carrier.ask(client::sync_path, client::sync_type, hello, "Connection: close");
    };
    auto first_frame = [&] { return wire::decode_exchange(greet().body).value().front(); };
    auto state = [&] { return std::get<wire::Welcome>(first_frame()).state; };
    auto resumed = [&](int times) {
        return server.page("/metrics")
                   .find("handslag_handshakes_resumed_total " + std::to_string(times) + "\n") !=
               std::string::npos;
    };
    CHECK(state() == wire::LogState::active);
    CHECK(resumed(0));
    CHECK(state() == wire::LogState::active);
    CHECK(resumed(1));

    server.command({{"command", "revoke"},
                    {"device", tablet.store.identity().device.str()},
                    {"epoch", 1},
                    {"why", "lost"}});
    CHECK(state() == wire::LogState::revoked);
    CHECK(resumed(2));

    // The ledger says that the certificate is somebody else's, and later that it is nobody's.
    auto& ledger = *server.home().ledger;
    auto say = [&](const std::string& whose) {
        return ledger.transact([&] {
            return ledger.put_value("client." + fingerprint(link->credentials.certificate_pem),
                                    as_bytes(whose));
        });
    };
    server.page("/");  // the server has nothing left to derive, and leaves the ledger to us
    REQUIRE(say(to_string(new_uuid_v7(0)) + " 1").ok());
    CHECK(std::get<wire::Refusal>(first_frame()).code == wire::RefusalCode::not_enrolled);
    REQUIRE(say("").ok());
    CHECK(greet().status != 200);
    CHECK(resumed(4));

    // A visitor is given none.
    auto visitor = server.visitor();
    for (int i = 0; i < 2; ++i)
        CHECK(visitor.ask("/health", "text/plain", {}, "Connection: close").status == 405);
    CHECK(resumed(4));
}

TEST_CASE("silent connections up to the limit keep nobody waiting, and staff come in beside them") {
    Running server;
    std::vector<std::unique_ptr<Plain>> idle;
    for (int i = 0; i < 40; ++i) idle.push_back(std::make_unique<Plain>(server.port()));
    CHECK(idle.back()->connected());
    CHECK(server.page("/health") == "200 ok\n");
    for (int i = 0; i < 10; ++i) idle.push_back(std::make_unique<Plain>(server.port()));
    CHECK(server.page("/health") == "200 ok\n");
    for (int i = 0; i < 30; ++i) idle.push_back(std::make_unique<Plain>(server.port()));
    CHECK(server.page("/health") == "0 ");
    idle.clear();
    // The server learns of one end after the other, and may hear the next who comes before the last of them.
    for (int patience = 0; patience < 100 && server.page("/health") == "0 "; ++patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(server.page("/health") == "200 ok\n");
}

TEST_CASE("what a link brought before it broke is on the list, though the tablet never comes again") {
    Running server;
    Tablet tablet;
    REQUIRE(tablet.enrol(server.invitation()).ok());
    REQUIRE(tablet.store.append(test::signing(1, "Vävstugan")).ok());
    auto link = tablet.open_link();
    client::Carrier carrier(link->address, link->credentials);
    auto hello = carrier.ask(client::sync_path, client::sync_type, link->session.request().value());
    REQUIRE(link->session.answer(hello.body).ok());
    CHECK(server.page("/").find("Vävstugan") == std::string::npos);  // and what the hello began is done
    Link(server, link->credentials).begin_exchange(link->session.request().value());
    REQUIRE(becomes(server, "/metrics", "handslag_exchanges_cut_total 1\n"));
    CHECK(server.page("/").find("Vävstugan") != std::string::npos);
}

TEST_CASE("what many links of one tablet have brought that hang is there when it asks by another") {
    constexpr int links = 20;
    Running server;
    Tablet tablet;
    REQUIRE(tablet.enrol(server.invitation()).ok());
    auto link = tablet.open_link();
    client::Carrier carrier(link->address, link->credentials);
    auto hello = link->session.request().value();
    std::vector<std::unique_ptr<Link>> hanging;
    for (std::uint8_t i = 1; i <= links; ++i) {
        const wire::BlobPart part{wire::ParcelHash::of(Bytes(1, i)), 100, 0, Bytes(i)};
        hanging.push_back(std::make_unique<Link>(server, link->credentials));
        hanging.back()->begin_exchange(wire::encode_exchange({part}));
        REQUIRE(becomes(server, "/metrics", "handslag_exchanges_total " + std::to_string(i) + "\n"));
    }
    auto welcome = carrier.ask(client::sync_path, client::sync_type, hello).body;
    CHECK(std::get<wire::Welcome>(wire::decode_exchange(welcome)->front()).parcels.size() == links);
}

TEST_CASE("a tablet whose links hang by the dozen has its next request put off until they end") {
    Running server;
    Tablet tablet;
    REQUIRE(tablet.enrol(server.invitation()).ok());
    auto link = tablet.open_link();
    client::Carrier carrier(link->address, link->credentials);
    auto hello = link->session.request().value();
    auto greet = [&] { return carrier.ask(client::sync_path, client::sync_type, hello).status; };
    std::vector<std::unique_ptr<Link>> hanging;
    for (int i = 1; i <= 24; ++i) {
        CHECK(greet() == 200);
        hanging.push_back(std::make_unique<Link>(server, link->credentials));
        hanging.back()->begin_exchange(hello);
        REQUIRE(becomes(server, "/metrics", "handslag_exchanges_total " + std::to_string(2 * i) + "\n"));
    }
    CHECK(greet() == 503);
    CHECK(server.page("/").starts_with("200 "));
    hanging.clear();
    REQUIRE(becomes(server, "/metrics", "handslag_exchanges_cut_total 24\n"));
    CHECK(greet() == 200);
}

TEST_CASE("a server that is not there is told apart from a network that is not there") {
    Tablet tablet;
    std::string url, pin;
    {
        Running server;
        REQUIRE(tablet.enrol(server.invitation()).ok());
        url = server.url();
    }
    client::Carrier carrier({url, "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}, {});
    CHECK(carrier.ask("/health", "", {}).trouble == Trouble::refused);
    client::Carrier nowhere({"https://no-such-host.invalid", "sha256//x"}, {});
    CHECK(nowhere.ask("/health", "", {}).trouble == Trouble::no_network);
}
