// The CA's revocation lists, from its folder to whoever asks for them: over TLS, and by the plain door beside it.
#include "sync/server/lists.h"

#include <csignal>
#include <future>
#include <map>
#include <thread>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/file.h"
#include "core/base/text.h"
#include "sync/server/listener.h"
#include "tests/support/temporary_folder.h"

using namespace core;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view passphrase = "mossa granit kajak";
constexpr std::int64_t minute_ms = 60'000, day_ms = 86'400'000;

// A municipality's CA beside its server.
struct Town {
    TemporaryFolder folder;
    fs::path ca_dir = folder / "ca", home = folder / "server";
    std::int64_t now_ms = SystemClock().wall_ms();
    Town() { make_ca(ca_dir); }
    void make_ca(const fs::path& dir) const {
        CaSpec spec{"Strandköpings kommun", "212000-0142"};
        spec.crl_base = "http://register.example/crl";
        REQUIRE(MunicipalCa::create(dir, spec, passphrase, now_ms - day_ms).ok());
        REQUIRE(ca(dir).write_crl(30, now_ms - 60 * minute_ms).ok());
    }
    static MunicipalCa ca(const fs::path& dir) { return MunicipalCa::open(dir, passphrase).value(); }
    Bytes list(const char* name = "issuing.crl") const { return read_file(ca_dir / name).value(); }
    Result<std::string> publish() const { return server::publish_lists(home, ca_dir, now_ms); }
    std::string why_not() const {
        auto published = publish();
        return published.ok() ? std::string() : published.error().detail;
    }
    std::optional<server::PublishedList> shown(std::string_view name = "issuing.crl") const {
        return server::find_list(home, name).value();
    }
};
bool says(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

struct Answer {
    long status = 0;
    Bytes body;
    std::map<std::string, std::string> fields;
};
Answer fetch(const std::string& url, const std::string& pin, std::vector<std::string> asks = {},
             bool head = false, const char* from = nullptr) {
    Answer answer;
    CURL* curl = curl_easy_init();
    REQUIRE(curl != nullptr);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    if (from != nullptr) curl_easy_setopt(curl, CURLOPT_INTERFACE, from);
    curl_easy_setopt(curl, CURLOPT_NOBODY, head ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);  // its key is pinned instead
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY, pin.c_str());
    curl_slist* fields = nullptr;
    for (const auto& one : asks) fields = curl_slist_append(fields, one.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, fields);
    curl_write_callback body = [](char* data, std::size_t size, std::size_t count, void* to) {
        append(static_cast<Answer*>(to)->body, as_bytes(std::string_view(data, size * count)));
        return size * count;
    };
    curl_write_callback field = [](char* data, std::size_t size, std::size_t count, void* to) {
        std::string_view line(data, size * count);
        if (auto colon = line.find(": "); colon != std::string_view::npos)
            static_cast<Answer*>(to)->fields[std::string(line.substr(0, colon))] =
                std::string(line.substr(colon + 2, line.find_last_not_of("\r\n") - colon - 1));
        return size * count;
    };
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, field);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    REQUIRE(curl_easy_perform(curl) == CURLE_OK);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
    curl_slist_free_all(fields);
    curl_easy_cleanup(curl);
    return answer;
}

// The town's server in a thread of its own, with both doors; ends as `kill` would end it.
class Running {
  public:
    explicit Running(const Town& town) {
        std::promise<std::uint16_t> tls, plain;
        std::promise<std::string> pin;
        auto tls_known = tls.get_future(), plain_known = plain.get_future();
        auto pin_known = pin.get_future();
        thread_ = std::thread([&town, &tls, &plain, &pin] {
            SystemClock clock;
            auto words = Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value();
            server::HomeSettings settings;
            settings.dir = town.home;
            auto home = server::Home::open(settings, clock).value();
            server::Site site(home, words, clock);
            server::ListenerSettings listener;
            listener.address = "127.0.0.1";
            listener.port = 0;
            listener.tls_key_pem = home.tls_key_pem;
            listener.tls_certificate_pem = home.tls_certificate_pem;
            listener.client_root_pem = home.client_root_pem;
            listener.list_port = 0;
            listener.lists_listening = [&](std::uint16_t at) { plain.set_value(at); };
            pin.set_value(home.tls_pin);
            auto served = server::listen(listener, site, [&](std::uint16_t at) { tls.set_value(at); });
            CHECK(served.ok());
        });
        pin_ = pin_known.get();
        plain_ = "http://127.0.0.1:" + std::to_string(plain_known.get());
        tls_ = "https://127.0.0.1:" + std::to_string(tls_known.get());
    }
    ~Running() {
        std::raise(SIGTERM);
        thread_.join();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    Answer tls(const std::string& path, std::vector<std::string> asks = {}) const {
        return fetch(tls_ + path, pin_, std::move(asks));
    }
    Answer plain(const std::string& path, std::vector<std::string> asks = {}, bool head = false,
                 const char* from = nullptr) const {
        return fetch(plain_ + path, pin_, std::move(asks), head, from);
    }
    const std::string& plain_url() const { return plain_; }

  private:
    std::thread thread_;
    std::string pin_, tls_, plain_;
};

}  // namespace

TEST_CASE("a list that staff publish is there at once for whoever asks, and not sent again to who has it") {
    Town town;
    Running server(town);
    CHECK(server.tls("/crl/issuing.crl").status == 404);
    REQUIRE(town.publish().ok());
    for (const char* name : {"root.crl", "issuing.crl"}) {
        CAPTURE(name);
        for (auto& answer :
             {server.tls(std::string("/crl/") + name), server.plain(std::string("/crl/") + name)}) {
            CHECK(answer.status == 200);
            CHECK(answer.fields.at("Content-Type") == "application/pkix-crl");
            CHECK(answer.body == town.list(name));
        }
    }
    auto first = server.tls("/crl/issuing.crl");
    for (const std::string& known : {"If-None-Match: " + first.fields.at("ETag"),
                                     "If-Modified-Since: " + first.fields.at("Last-Modified")}) {
        CHECK(server.tls("/crl/issuing.crl", {known}).status == 304);
        auto again = server.plain("/crl/issuing.crl", {known});
        CHECK(again.status == 304);
        CHECK(again.body.empty());
    }
    // After a revocation the same question gets the new list.
    auto issued = Town::ca(town.ca_dir)
                      .issue(make_key_and_request("surfplatta A", passphrase)->request_pem, IssueKind::seal,
                             "surfplatta A", 1, town.now_ms);
    REQUIRE(issued.ok());
    REQUIRE(Town::ca(town.ca_dir).revoke(issued->serial, RevocationReason::key_compromise, town.now_ms).ok());
    REQUIRE(Town::ca(town.ca_dir).write_crl(30, town.now_ms).ok());
    REQUIRE(town.publish().ok());
    auto second = server.tls("/crl/issuing.crl", {"If-None-Match: " + first.fields.at("ETag")});
    CHECK(second.status == 200);
    CHECK(second.body == town.list());
    CHECK(second.fields.at("ETag") != first.fields.at("ETag"));
}

TEST_CASE("the plain door shows revocation lists and nothing else") {
    Town town;
    REQUIRE(town.publish().ok());
    Running server(town);
    auto head = server.plain("/crl/issuing.crl", {}, true);
    CHECK(head.status == 200);
    CHECK(head.fields.at("Content-Length") == std::to_string(town.list().size()));
    CHECK(head.body.empty());
    for (const char* path : {"/", "/health", "/metrics", "/checkpoint", "/crl/", "/crl/root.crt",
                             "/crl/../keys/secret", "/crl/%2e%2e/keys/secret", "/crl/issuing-0.crl"}) {
        CAPTURE(path);
        CHECK(server.plain(path).status != 200);
    }
    CHECK(server.plain("/crl/issuing.crl").body == town.list());
}

TEST_CASE(
    "who holds the plain door's connections open keeps others out no longer than from its own address") {
    Town town;
    REQUIRE(town.publish().ok());
    Running server(town);
    auto port =
        static_cast<std::uint16_t>(std::stoi(server.plain_url().substr(server.plain_url().rfind(':') + 1)));
    sockaddr_in there{};
    there.sin_family = AF_INET, there.sin_port = htons(port), there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::vector<int> idle;
    auto connect = [&] {
        idle.push_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        REQUIRE(::connect(idle.back(), reinterpret_cast<sockaddr*>(&there), sizeof there) == 0);
    };
    for (int i = 0; i < 8; ++i) connect();
    connect();
    char byte = 0;
    CHECK(::read(idle.back(), &byte, 1) <= 0);  // closed: eight from one address are enough
    CHECK(server.plain("/crl/issuing.crl", {}, false, "127.0.0.2").body == town.list());
    for (int socket : idle) ::close(socket);
}

TEST_CASE("an older list never replaces a newer, and the same is said to be there already") {
    Town town;
    Bytes older = town.list();
    REQUIRE(town.publish().ok());
    CHECK(says(*town.publish(), "issuing.crl: shown already"));
    REQUIRE(Town::ca(town.ca_dir).write_crl(30, town.now_ms).ok());
    Bytes newer = town.list();
    CHECK(says(*town.publish(), "issuing.crl: published"));
    REQUIRE(write_file_durably(town.ca_dir / "issuing.crl", older).ok());
    CHECK(says(town.why_not(), "older than the one that is shown"));
    CHECK(town.shown()->der == newer);
}

TEST_CASE(
    "what is not this CA's list, has run out, is from the future or is no list at all is not published") {
    Town town;
    REQUIRE(town.publish().ok());
    Bytes good = town.list(), root_list = town.list("root.crl");
    auto put = [&](const Bytes& content) {
        REQUIRE(write_file_durably(town.ca_dir / "issuing.crl", content).ok());
        return town.why_not();
    };
    CHECK(says(put(to_bytes("no list")), "not a certificate revocation list"));
    CHECK(says(put({}), "not a certificate revocation list"));
    Bytes longer = good;
    longer.push_back(0);
    CHECK(says(put(longer), "not a certificate revocation list"));
    Bytes changed = good;
    changed.back() ^= 1;
    CHECK_FALSE(put(changed).empty());
    CHECK(says(put(root_list), "another CA"));
    // Of a municipality of the same name with other keys: its folder, and its list in ours.
    Town other;
    CHECK(says(put(other.list()), "no CA of this root signed it"));
    CHECK(says(server::publish_lists(town.home, other.ca_dir, town.now_ms).error().detail, "another CA"));
    REQUIRE(Town::ca(town.ca_dir).write_crl(30, town.now_ms + day_ms).ok());
    CHECK(says(town.why_not(), "a time that has not come"));
    REQUIRE(Town::ca(town.ca_dir).write_crl(1, town.now_ms - 2 * day_ms).ok());
    CHECK(says(town.why_not(), "has run out"));
    std::filesystem::remove(town.ca_dir / "issuing.crl");
    CHECK(town.why_not().empty());  // the root's alone is no error
    CHECK(town.shown()->der == good);
}

TEST_CASE("when the issuing CA has a new key, both of its lists are published") {
    Town town;
    REQUIRE(town.publish().ok());
    REQUIRE(MunicipalCa::renew_issuing(town.ca_dir, {passphrase}, {10, true, {}}, town.now_ms).ok());
    REQUIRE(Town::ca(town.ca_dir).write_crl(30, town.now_ms).ok());
    auto published = town.publish();
    REQUIRE(published.ok());
    CHECK(says(*published, "issuing.crl: published"));
    CHECK(says(*published, "issuing-2.crl: published"));
    CHECK(town.shown("issuing-2.crl")->der == town.list("issuing-2.crl"));
    // One in the place of the other is refused.
    REQUIRE(Town::ca(town.ca_dir).write_crl(30, town.now_ms + minute_ms).ok());
    fs::copy_file(town.ca_dir / "issuing-2.crl", town.ca_dir / "issuing.crl",
                  fs::copy_options::overwrite_existing);
    CHECK(says(town.why_not(), "another CA than the one that is shown"));
}
