// The log as anyone may follow it, over real TLS and without a certificate.
#include <set>

#include <curl/curl.h>
#include <doctest/doctest.h>

#include "core/base/handle.h"
#include "core/evidence/tiles.h"
#include "sync/client/link.h"
#include "sync/protocol/parcel.h"
#include "tests/support/running_server.h"

using namespace core;

namespace {

constexpr std::uint64_t signings = 299;  // and the notice of the enrolment: 300 leaves, two tiles

void hold_ceremony(test::Running& server) {
    test::Folder folder;
    auto store = test::open_store(folder.path()).value();
    auto log_key = test::log_key();
    auto transfer_key = wire::transfer_key(test::payload_key());
    SystemClock clock;
    std::vector<Append> all;
    for (std::uint64_t i = 1; i <= signings; ++i)
        all.push_back(test::signing(static_cast<std::int64_t>(i), "Föreningen " + std::to_string(i)));
    REQUIRE(store.append_all(all).ok());
    REQUIRE(client::enrol(store, log_key, server.invitation(), "surfplatta A").ok());
    auto report = client::sync_once(
        store, {log_key, transfer_key}, clock, [](const auto&) {}, [](const auto&) { return Status{}; });
    REQUIRE(report->outcome == client::Outcome::done);
}

std::size_t keep_header(char* data, std::size_t one, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(data, one * count);
    return one * count;
}
std::string headers_of(const test::Running& server, const std::string& path) {
    Handle<CURL, curl_easy_cleanup> curl(curl_easy_init());
    std::string headers, url = server.url() + path;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, keep_header);
    curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &headers);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, keep_header);
    std::string body;
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
    REQUIRE(curl_easy_perform(curl.get()) == CURLE_OK);
    return headers;
}

std::string page(const test::Running& server, const std::string& path) {
    auto got = server.page(path);
    REQUIRE(got.starts_with("200 "));
    return got.substr(4);
}

std::vector<Bytes> published_leaves(const test::Running& server) {
    auto leaves = decode_leaves(as_bytes(page(server, "/tile/entries/000"))).value();
    auto rest = decode_leaves(as_bytes(page(server, "/tile/entries/001.p/44"))).value();
    std::ranges::move(rest, std::back_inserter(leaves));
    return leaves;
}

}  // namespace

TEST_CASE("anyone can rebuild the server's signed head from its published leaves, and from its tiles") {
    test::Running server;
    hold_ceremony(server);
    auto note = page(server, "/checkpoint");
    constexpr std::uint64_t size = signings + 1;
    CHECK(note.find("\n" + std::to_string(size) + "\n") != std::string::npos);

    std::map<std::pair<int, std::uint64_t>, NodeHash> nodes;
    NodeSource known = [&](int level, std::uint64_t index) -> Result<NodeHash> {
        return nodes.at({level, index});
    };
    std::uint64_t leaf_number = 0;
    for (const auto& leaf : published_leaves(server)) {
        auto added = append_leaf(leaf_number++, leaf_hash(leaf), known).value();
        for (const auto& node : added) nodes[{node.level, node.index}] = node.hash;
    }
    REQUIRE(leaf_number == size);
    CHECK(note.find("\n" + to_base64(tree_root(size, known)->bytes) + "\n") != std::string::npos);

    auto row = page(server, "/tile/0/000") + page(server, "/tile/0/001.p/44");
    REQUIRE(row.size() == 32 * size);
    for (std::uint64_t i = 0; i < size; ++i)
        CHECK(as_bytes(row.substr(32 * i, 32)).front() == known(0, i)->bytes.front());
    CHECK(page(server, "/tile/1/000.p/1") == std::string(as_text(known(8, 0)->bytes)));
    CHECK(page(server, "/tile/0/001.p/20") == row.substr(256 * 32, 20 * 32));  // as it was for a while
    for (const char* path : {"/tile/0/001", "/tile/0/001.p/45", "/tile/1/000", "/tile/2/000.p/1",
                             "/tile/0/002.p/1", "/tile/0/x000/000", "/tile/0/18446744073709551615"})
        CHECK(server.page(path).starts_with("404 "));
}

TEST_CASE("tiles may be kept for ever and the head for seconds, and each says what it is") {
    test::Running server;
    hold_ceremony(server);
    auto tile = headers_of(server, "/tile/0/000");
    CHECK(tile.find("Content-Type: application/octet-stream\r\n") != std::string::npos);
    CHECK(tile.find("Cache-Control: public, max-age=31536000, immutable\r\n") != std::string::npos);
    auto leaves = headers_of(server, "/tile/entries/001.p/44");
    CHECK(leaves.find("Content-Type: application/octet-stream\r\n") != std::string::npos);
    CHECK(leaves.find("immutable") != std::string::npos);
    auto head = headers_of(server, "/checkpoint");
    CHECK(head.find("Content-Type: text/plain; charset=utf-8\r\n") != std::string::npos);
    CHECK(head.find("Cache-Control: public, max-age=5\r\n") != std::string::npos);
    CHECK(headers_of(server, "/tile/0/001").find("Cache-Control") == std::string::npos);  // soon there
}

TEST_CASE("nothing personal, and no organisation, stands in the public log") {
    test::Running server;
    hold_ceremony(server);
    auto leaves = published_leaves(server);
    std::string all;
    for (const auto& leaf : leaves) all += as_text(leaf);
    auto record = test::record(1, "Föreningen 1");
    for (const auto& secret : {record.organisation.name, record.organisation.place, record.certificate_number,
                               record.ceremony_title, std::string("Föreningen"), std::string("Astrid"),
                               std::string("surfplatta")}) {
        REQUIRE(!secret.empty());
        CHECK_MESSAGE(all.find(secret) == std::string::npos, secret);
    }
    const std::set<std::string> fields{"format",   "device",      "epoch", "seq", "entry", "parcel",
                                       "standing", "received_ms", "what",  "why", "held",  "at_ms"};
    for (const auto& leaf : leaves) {
        auto json = decode_canonical(as_text(leaf)).value();
        for (const auto& [name, value] : json.items()) CHECK_MESSAGE(fields.contains(name), name);
    }
}
