// Everything that a stranger, or a tablet gone bad, can do to handslag-server's door at once: an honest tablet is
// served meanwhile, memory stays in bounds, and nobody gets in.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "core/base/openssl.h"
#include "sync/client/link.h"
#include "sync/protocol/parcel.h"
#include "tests/breaking/programs.h"
#include "tests/support/signing_fixture.h"
#include "tests/support/temporary_folder.h"

using namespace core;
using namespace breaking;
using client::Outcome;

namespace {

using TlsContext = Handle<SSL_CTX, SSL_CTX_free>;
using Tls = Handle<SSL, SSL_free>;

TlsContext context_for(const client::Credentials& shown = {}, int newest = TLS1_3_VERSION) {
    TlsContext context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_max_proto_version(context.get(), newest);
    if (shown.certificate_pem.empty()) return context;
    BioHandle certificate(BIO_new_mem_buf(shown.certificate_pem.data(), -1));
    BioHandle key(BIO_new_mem_buf(shown.key_pem.data(), -1));
    X509Certificate read(PEM_read_bio_X509(certificate.get(), nullptr, nullptr, nullptr));
    EvpKey opened(
        PEM_read_bio_PrivateKey(key.get(), nullptr, nullptr, const_cast<char*>(shown.key_secret.c_str())));
    REQUIRE(SSL_CTX_use_certificate(context.get(), read.get()) == 1);
    REQUIRE(SSL_CTX_use_PrivateKey(context.get(), opened.get()) == 1);
    return context;
}

// A connection that says what it likes.
class Visitor {
  public:
    Visitor(std::uint16_t port, SSL_CTX* context, in_addr server = {htonl(INADDR_LOOPBACK)})
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets whose other end may be gone
        sockaddr_in to{};
        to.sin_family = AF_INET, to.sin_port = htons(port), to.sin_addr = server;
        timeval longest{20, 0};
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
        connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
        if (context == nullptr || !connected_) return;
        tls_.reset(SSL_new(context));
        SSL_set_fd(tls_.get(), socket_);
        connected_ = SSL_connect(tls_.get()) == 1;
    }
    ~Visitor() { ::close(socket_); }
    Visitor(const Visitor&) = delete;
    Visitor& operator=(const Visitor&) = delete;

    bool connected() const { return connected_; }
    bool say(const std::string& text) {
        return connected_ && SSL_write(tls_.get(), text.data(), static_cast<int>(text.size())) > 0;
    }
    // To the end of the connection; nothing more may come for ever.
    std::string hear() {
        std::string all;
        char part[4096];
        for (int size; connected_ && (size = SSL_read(tls_.get(), part, sizeof part)) > 0;)
            all.append(part, static_cast<std::size_t>(size));
        ERR_clear_error();
        return all;
    }
    // The bytes of so many changes of its key, which the server reads one by one. Nothing else can be said after them.
    std::string changes_of_key(int count) {
        SSL_set0_wbio(tls_.get(), BIO_new(BIO_s_mem()));
        for (int i = 0; i < count; ++i)
            REQUIRE((SSL_key_update(tls_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 &&
                     SSL_do_handshake(tls_.get()) == 1));
        char* bytes = nullptr;
        auto size = BIO_get_mem_data(SSL_get_wbio(tls_.get()), &bytes);
        return {bytes, static_cast<std::size_t>(size)};
    }
    void say_raw(std::string_view bytes) {
        for (ssize_t size; !bytes.empty(); bytes.remove_prefix(static_cast<std::size_t>(size)))
            if ((size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL)) <= 0) return;
    }

  private:
    int socket_;
    bool connected_ = false;
    Tls tls_;
};

struct Tablet {
    Tablet(ServerProcess& server, std::uint8_t number)
        : log_key(Ed25519Key::from_seed(Bytes(32, number)).value()),
          store(Store::open(folder.path(), {DeviceId{{number}}, 1, log_key.public_key()}, test::payload_key(),
                            Ed25519Key::from_seed(Bytes(32, number)).value(),
                            {StoreOptions::Durability::none})
                    .value()) {
        REQUIRE(client::enrol(store, log_key, server.invitation(server.url()), "surfplatta").ok());
    }
    client::SyncReport sync() {
        return client::sync_once(
                   store, {log_key, transfer_key}, clock, [](const auto&) {},
                   [](const auto&) { return Status{}; })
            .value();
    }
    client::Credentials credentials() {
        return client::open_link(
                   store, {log_key, transfer_key}, [](const auto&) { return Status{}; }, clock)
            ->credentials;
    }
    TemporaryFolder folder;
    Ed25519Key log_key;
    SecretKey transfer_key = wire::transfer_key(test::payload_key());
    Store store;
    SystemClock clock;
};

std::int64_t resident_kb(pid_t process) {
    std::ifstream in("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("VmRSS:")) return std::atoll(line.c_str() + 6);
    FAIL("no VmRSS");
    return 0;
}

std::uint64_t metric(const ServerProcess& server, const std::string& name) {
    std::string all(as_text(server.visitor().ask("/metrics", "", {}).body));
    auto at = all.find("\nhandslag_" + name + " ");
    REQUIRE(at != std::string::npos);
    return std::strtoull(all.c_str() + at + 11 + name.size(), nullptr, 10);
}

std::string head(const std::string& target, std::size_t length) {
    return "POST " + target +
           " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + std::to_string(length) +
           "\r\n\r\n";
}

// Signed by a CA of its own that nobody knows.
client::Credentials stranger() {
    TemporaryFolder folder;
    CaSpec spec;
    spec.municipality = "En annan kommun";
    spec.organisationsnummer = "2120000142";
    spec.demonstration = true;
    const std::string secret = "mossa granit kajak tall";
    auto now_ms = SystemClock().wall_ms();
    auto ca = MunicipalCa::create(folder / "ca", spec, secret, now_ms).value();
    auto made = make_key_and_request("surfplatta A", secret, KeyStretch::for_our_own_secret).value();
    auto issued = ca.issue(made.request_pem, IssueKind::tls_client, "surfplatta A", 1, now_ms).value();
    return {issued.certificate_pem, made.key_pem, secret};
}

// What this process, and what it starts, may open.
void allow_files(rlim_t count) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = std::min(limit.rlim_max, count);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
}

// Of this machine on a network; nothing is sent to find it out.
std::optional<in_addr> address_outside() {
    int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in end{};
    end.sin_family = AF_INET, end.sin_port = htons(9),
    end.sin_addr.s_addr = htonl(0xC633'6401);  // 198.51.100.1
    socklen_t size = sizeof end;
    bool found = ::connect(socket, reinterpret_cast<sockaddr*>(&end), size) == 0 &&
                 ::getsockname(socket, reinterpret_cast<sockaddr*>(&end), &size) == 0;
    ::close(socket);
    return found ? std::optional(end.sin_addr) : std::nullopt;
}

}  // namespace

TEST_CASE("one place does not fill the door, and those there who have a certificate still come in") {
    auto outside = address_outside();
    if (!outside) {
        MESSAGE("this machine is on no network");
        return;
    }
    TemporaryFolder place;
    ServerProcess server(place / "server");
    REQUIRE(server.start([](Command words) { return words; }, "0.0.0.0"));
    Tablet tablet(server, 1);
    auto enrolled = context_for(tablet.credentials()), anyone = context_for();
    constexpr int most = 512;
    std::vector<std::unique_ptr<Visitor>> tablets, others;
    auto come = [&](auto& among, SSL_CTX* context, int count) {
        for (int i = 0; i < count; ++i)
            among.push_back(std::make_unique<Visitor>(server.port(), context, *outside));
        return among.back()->connected();
    };
    CHECK(come(tablets, enrolled.get(), 20));
    CHECK(come(others, anyone.get(), most));
    auto refused = metric(server, "connections_refused_total");
    CHECK_FALSE(come(others, anyone.get(), 1));
    CHECK(metric(server, "connections_refused_total") == refused + 1);
    CHECK(tablet.sync().outcome == Outcome::done);  // from another place, which is this machine
    others.resize(most / 2);
    CHECK(come(tablets, enrolled.get(), 20));
}

TEST_CASE("an honest tablet is served while a thousand connections hang, stall, flood and babble") {
    TemporaryFolder place;
    ServerProcess server(place / "server");
    allow_files(1'024);  // what a program is started with
    REQUIRE(server.start());
    allow_files(8'192);
    Tablet honest(server, 1);
    REQUIRE(honest.store.append(test::signing(1)).ok());
    REQUIRE(honest.sync().outcome == Outcome::done);
    const auto before_kb = resident_kb(server.pid());

    auto anyone = context_for();
    auto enrolled = context_for(honest.credentials());
    std::vector<std::unique_ptr<Visitor>> idle, silent, slow;
    for (int i = 0; i < 1'000; ++i) idle.push_back(std::make_unique<Visitor>(server.port(), anyone.get()));
    for (const auto& each : idle) REQUIRE(each->connected());
    REQUIRE(honest.store.append(test::signing(2)).ok());
    for (int i = 0; i < 50; ++i) {
        Visitor flood(server.port(), anyone.get());  // headers without end
        flood.say("GET / HTTP/1.1\r\n");
        for (int line = 0;
             line < 100 && flood.say("X-" + std::to_string(line) + ": " + std::string(1'000, 'x') + "\r\n");)
            ++line;
        Visitor garbage(server.port(), anyone.get());  // requests and noise in one breath
        garbage.say("GET /health HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(60'000, '\xfe') + "\r\n\r\n" +
                    head("/sync/1", 3) + "abc");
        auto heard = garbage.hear();
        CHECK(heard.find("200 OK") == 9);                      // what was a request is answered
        CHECK(heard.find("200 OK", 10) == std::string::npos);  // and nothing else
    }
    // These have ten seconds: nothing slow comes between them and what is asked beside them.
    for (int i = 0; i < 100; ++i) silent.push_back(std::make_unique<Visitor>(server.port(), nullptr));
    for (int i = 0; i < 50; ++i) {
        slow.push_back(std::make_unique<Visitor>(server.port(), anyone.get()));  // a header without end
        slow.back()->say("GET / HTTP/1.1\r\nX-Slow: ");
        slow.push_back(std::make_unique<Visitor>(server.port(), enrolled.get()));  // a body without end
        slow.back()->say(head("/sync/1", 16 << 20) + "handslag-sync/1\n");
    }
    for (auto& each : slow) CHECK(each->say("y"));
    auto began = std::chrono::steady_clock::now();
    CHECK(server.visitor().ask("/health", "", {}).status == 200);
    auto health = std::chrono::steady_clock::now() - began;
    began = std::chrono::steady_clock::now();
    CHECK(honest.sync().outcome == Outcome::done);
    auto synced = std::chrono::steady_clock::now() - began;
    CHECK(metric(server, "connections_open") >= 1'200);  // all of them still hang
    auto grown_kb = resident_kb(server.pid()) - before_kb;
    auto in_ms = [](auto time) {
        return static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count());
    };
    std::printf(
        "\nBeside 1,000 idle TLS connections, 100 silent, 100 slow: a page in %lld ms, a sync in %lld ms; "
        "%lld kB more memory\n",
        in_ms(health), in_ms(synced), static_cast<long long>(grown_kb));
    CHECK(grown_kb < 50'000);
    idle.clear(), silent.clear(), slow.clear();
    CHECK(honest.sync().outcome == Outcome::done);
}

TEST_CASE("whoever changes keys without end is sent away, and keeps nobody waiting") {
    TemporaryFolder place;
    ServerProcess server(place / "server");
    REQUIRE(server.start());
    Visitor flooding(server.port(), context_for().get());
    REQUIRE(flooding.connected());
    flooding.say_raw(flooding.changes_of_key(20'000));
    CHECK(metric(server, "connections_open") == 1);  // who asks
}

TEST_CASE("a header or a short body that drips has its time, and no more for each drop") {
    using namespace std::chrono_literals;
    TemporaryFolder place;
    ServerProcess server(place / "server");
    REQUIRE(server.start());
    auto anyone = context_for();
    Visitor header(server.port(), anyone.get()), body(server.port(), anyone.get());
    REQUIRE(header.say("GET / HTTP/1.1\r\nX-Slow: "));
    REQUIRE(body.say(head("/enrol", 60'000)));
    auto ends_within = [began = std::chrono::steady_clock::now()](Visitor& visitor, auto time) {
        while (std::chrono::steady_clock::now() - began < time) {
            if (!visitor.say("x")) return true;
            std::this_thread::sleep_for(250ms);
        }
        return false;
    };
    CHECK(ends_within(header, 20s));
    CHECK(ends_within(body, 45s));
}

TEST_CASE("nobody gets in who is not an enrolled tablet, and what is malformed or too long changes nothing") {
    TemporaryFolder place;
    ServerProcess server(place / "server");
    REQUIRE(server.start());
    Tablet tablet(server, 1);
    REQUIRE(tablet.store.append(test::signing(1)).ok());
    REQUIRE(tablet.sync().outcome == Outcome::done);
    auto leaves = metric(server, "log_leaves");
    auto exchanges = metric(server, "exchanges_total");

    auto hello = "handslag-sync/1\n";
    auto request = head("/sync/1", 16) + hello;
    Visitor nobody(server.port(), context_for().get());
    REQUIRE(nobody.say(request));
    CHECK(nobody.hear().starts_with("HTTP/1.1 403"));
    CHECK_FALSE(Visitor(server.port(), context_for({}, TLS1_2_VERSION).get()).connected());
    auto unknown = context_for(stranger());
    Visitor foreign(server.port(), unknown.get());
    foreign.say(request);
    CHECK(foreign.hear().empty());
    auto laden = context_for(tablet.credentials());
    for (int i = 0; i < 50; ++i) SSL_CTX_add1_chain_cert(laden.get(), SSL_CTX_get0_certificate(laden.get()));
    Visitor burden(server.port(), laden.get());
    burden.say(request);
    CHECK(burden.hear().empty());
    for (const char* target : {"/staff", "/staff/exchange/x/1"}) {
        Visitor staff(server.port(), context_for(tablet.credentials()).get());
        REQUIRE(staff.say(head(target, 2) + "{}"));
        CHECK(staff.hear().starts_with("HTTP/1.1 403"));
    }
    CHECK(metric(server, "exchanges_total") == exchanges);

    auto enrolled = context_for(tablet.credentials());
    auto answer_to = [&](const std::string& bytes) {
        Visitor visitor(server.port(), enrolled.get());
        visitor.say(bytes);
        return visitor.hear();
    };
    // What is in the body of one request is never the next.
    std::string inner = "GET /metrics HTTP/1.1\r\nConnection: close\r\n\r\n";
    for (const auto& outer :
         {"GET /health HTTP/1.1\r\nContent-Length: " + std::to_string(inner.size()) + "\r\n\r\n",
          std::string("GET /health HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n"),
          std::string("POST /enrol HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n")})
        CHECK(answer_to(outer + inner).find("handslag_requests_total") == std::string::npos);
    CHECK(answer_to(head("/sync/1", std::size_t{17} << 20) + hello).find("200 OK") == std::string::npos);
    CHECK(answer_to("POST /sync/1 HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n").find("200 OK") ==
          std::string::npos);
    CHECK(answer_to("POST /sync/1 HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n")
              .find("200 OK") == std::string::npos);
    {  // without a length, for ever: 16 MiB and no more
        Visitor endless(server.port(), enrolled.get());
        endless.say("POST /sync/1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        std::string chunk = "10000\r\n" + std::string(65'536, 'x') + "\r\n";
        int said = 0;
        while (said < 1'000 && endless.say(chunk)) ++said;
        CHECK(said < 500);
    }
    for (std::size_t size : {0U, 3U, 16U, 64U, 5'000U, 60'000U}) {
        auto noise = random_bytes(size);
        std::string body(noise.begin(), noise.end());
        for (const auto& sent : {body, hello + body}) {
            auto heard = answer_to(head("/sync/1", sent.size()) + sent);
            CHECK(heard.starts_with("HTTP/1.1 200"));  // a refusal, in the protocol's words
        }
        CHECK(answer_to(head("/enrol", size) + body).starts_with("HTTP/1.1 403"));
    }
    CHECK(metric(server, "log_leaves") == leaves);
    CHECK(metric(server, "faults_total") == 0);

    server.staff({{"command", "revoke"},
                  {"device", tablet.store.identity().device.str()},
                  {"epoch", 1},
                  {"why", "lost"}});
    auto shown = std::string(as_text(server.visitor().ask("/", "", {}).body));
    REQUIRE(tablet.store.append(test::signing(2, "Den stulna surfplattan")).ok());
    CHECK(tablet.sync().outcome == Outcome::kept_apart);
    CHECK(as_text(server.visitor().ask("/", "", {}).body) == shown);
}
