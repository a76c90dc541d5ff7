// A visitor's own link over TLS: what it shows when, and that nobody else learns of it.
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <curl/curl.h>
#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "core/base/text.h"
#include "core/certificate/keyring.h"
#include "sync/client/link.h"
#include "sync/ingest/register.h"
#include "sync/protocol/parcel.h"
#include "tests/support/running_server.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

constexpr std::int64_t day_ms = 86'400'000;
const std::string token = "0123456789ABCDEFGHJKMNPQRS", unknown = "ZZZZZZZZZZZZZZZZZZZZZZZZZZ";

Append linked(int counter, const std::string& link) {
    auto what = test::signing(counter);
    PrivatePayload part;
    part.id = test::record(counter).id;
    part.language = "sv";
    part.link = link;
    what.entry.payloads["private"] = to_bytes(encode(part));
    return what;
}

struct Tablet {
    test::Folder folder;
    Store store = test::open_store(folder.path()).value();
    Ed25519Key log_key = test::log_key();
    SecretKey transfer_key = wire::transfer_key(test::payload_key());
    SystemClock clock;

    void sync() {
        auto report = client::sync_once(
            store, {log_key, transfer_key}, clock, [](const auto&) {}, [](const auto&) { return Status{}; });
        REQUIRE(report->outcome == client::Outcome::done);
    }
};

std::string fields_of(const std::string& url) {
    std::string fields;
    CURL* curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);  // this machine's own server
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_write_callback drop = [](char*, std::size_t size, std::size_t count, void*) { return size * count; };
    curl_write_callback field = [](char* data, std::size_t size, std::size_t count, void* to) {
        static_cast<std::string*>(to)->append(data, size * count);
        return size * count;
    };
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, field);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &fields);
    CHECK(curl_easy_perform(curl) == CURLE_OK);
    curl_easy_cleanup(curl);
    return fields;
}

// For a person to look at: HANDSLAG_PAGES=DIR keeps them.
void keep(const char* name, const std::string& page) {
    const char* folder = std::getenv("HANDSLAG_PAGES");
    auto begins = page.find("<!doctype");
    if (folder != nullptr && begins != std::string::npos)
        std::ofstream(std::filesystem::path(folder) / (std::string(name) + ".html")) << page.substr(begins);
}

bool says(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

// What the journal gets meanwhile.
struct Journal {
    std::ostringstream text;
    std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
    Journal() {
        auto logger = std::make_shared<spdlog::logger>(
            "journal", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
        logger->set_level(spdlog::level::trace);
        spdlog::set_default_logger(std::move(logger));
    }
    ~Journal() { spdlog::set_default_logger(before); }
};

}  // namespace

TEST_CASE("a personal link waits, then opens the certificate, and is said to nobody") {
    Journal journal;
    test::Running server;
    Tablet tablet;
    auto waiting = server.page("/p/" + token);
    CHECK(waiting.starts_with("200 "));
    CHECK(says(waiting, "väntar på synkronisering"));
    for (const auto& other :
         {unknown, std::string("x"), std::string(), token + "/pdf", std::string("%3Cscript%3E")})
        CHECK(server.page("/p/" + other) == waiting);

    REQUIRE(client::enrol(tablet.store, tablet.log_key, server.invitation(), "surfplatta A").ok());
    REQUIRE(tablet.store.append(linked(1, token)).ok());
    CHECK(server.page("/p/" + token) == waiting);
    tablet.sync();

    auto open = server.page("/p/" + token);
    keep("open", open);
    CHECK(says(open, "Intyget gäller"));
    CHECK(says(open, "href=\"" + token + "/pdf\""));
    CHECK(says(open, certificate_number("TEST26", 'A', 1)));
    CHECK_FALSE(says(open, "Astrid"));
    CHECK(server.page("/p/0123456789abcdefghjkmnpqrs") == open);
    CHECK(server.page("/p/" + token + "/pdf") == "200 " + std::string(3000, '\1'));
    CHECK(server.page("/p/" + unknown) == waiting);
    for (const auto& path : {"/p/" + token, "/p/" + unknown, "/p/" + token + "/pdf"}) {
        auto fields = to_upper(fields_of(server.url() + path));
        CHECK(says(fields, "CACHE-CONTROL: NO-STORE"));
        CHECK(says(fields, "REFERRER-POLICY: NO-REFERRER"));
        CHECK(says(fields, "X-ROBOTS-TAG: NOINDEX"));
    }
    CHECK(says(fields_of(server.url() + "/p/" + token + "/pdf"),
               "attachment; filename=\"handslag-" + certificate_number("TEST26", 'A', 1) + ".pdf\""));
    CHECK_FALSE(says(to_upper(fields_of(server.url() + "/")), "NO-STORE"));

    REQUIRE(tablet.store.append(test::voiding(0, "fel")).ok());
    tablet.sync();
    for (const char* rest : {"", "/pdf"}) {
        auto voided = server.page("/p/" + token + rest);
        keep("voided", voided);
        CHECK(says(voided, "makulerat"));
        CHECK_FALSE(says(voided, "Intyget gäller"));
    }
    server.stop();
    CHECK(says(journal.text.str(), "enrolled"));
    for (const auto& secret : {token, std::string("0123456789abcdefghjkmnpqrs"), unknown, std::string("/p/")})
        CHECK_FALSE(says(journal.text.str(), secret));
}

TEST_CASE("a personal link ends when its time is over, in words, and says whom to ask") {
    TemporaryFolder folder;
    FakeClock clock{SystemClock().wall_ms()};
    auto words = Words::load(HANDSLAG_BINARY_DIR "/share/locale", "sv").value();
    server::HomeSettings settings;
    settings.dir = folder / "server";
    auto home = server::Home::open(settings, clock).value();
    server::Site site(home, words, clock, {30, "Kontaktcenter, 0600-10 00 00"});
    auto get = [&](const std::string& target) {
        auto reply = site.get(target, false);
        CHECK(reply.personal);
        return std::string(as_text(reply.body));
    };
    CHECK(says(get("/p/" + token), "Kontaktcenter"));
    keep("waiting", get("/p/" + token));

    Tablet tablet;
    wire::LogName log{tablet.store.identity().device, 1};
    REQUIRE(home.ingest->enrol(log, tablet.log_key.public_key(), "surfplatta A").ok());
    REQUIRE(tablet.store.append(linked(1, token)).ok());
    client::SessionSettings session_settings;
    session_settings.server = home.ingest->name();
    session_settings.log_key = &tablet.log_key;
    session_settings.transfer_key = &tablet.transfer_key;
    session_settings.seal = [&](ByteView key) { return seal_to(home.bundle_key->certificate_pem(), key); };
    auto session = client::Session::begin(tablet.store, session_settings).value();
    while (true) {
        auto request = session.request().value();
        if (request.empty()) break;
        server::Exchange exchange(*home.ingest, log);
        REQUIRE(exchange.feed(request).ok());
        REQUIRE(session.answer(exchange.finish()).ok());
    }
    REQUIRE(server::derive_register(*home.ledger, *home.bundle_key).ok());

    CHECK(says(get("/p/" + token), "Intyget gäller"));
    auto lines = home.ledger->lines(0, 10).value();
    REQUIRE(home.ledger->transact([&] { return home.ledger->drop_lines(); }).ok());  // as an erasure does
    CHECK(says(get("/p/" + token), "gallrat"));
    CHECK(says(get("/p/" + token + "/pdf"), "gallrat"));
    REQUIRE(home.ledger->transact([&] { return home.ledger->put_line(lines[0]); }).ok());
    clock.advance(30 * day_ms - 1000);
    CHECK(says(get("/p/" + token), "Intyget gäller"));
    CHECK(site.get("/p/" + token + "/pdf", false).type == "application/pdf");
    clock.advance(2000);
    for (const char* rest : {"", "/pdf"}) {
        auto ended = get("/p/" + token + rest);
        keep("ended", ended);
        CHECK(says(ended, "Länken har gått ut"));
        CHECK(says(ended, "Intyget gäller ändå"));
        CHECK(says(ended, "Kontaktcenter"));
        CHECK_FALSE(says(ended, "Lövsångaren"));
    }
}
