// Tablets as witnesses of the server's log: what they cosign, what they never do, and what the server takes.
#include "sync/client/witness.h"

#include <doctest/doctest.h>

#include "core/base/json.h"
#include "core/evidence/checkpoint.h"
#include "sync/ingest/cosigning.h"
#include "sync/ingest/ledger_audit.h"
#include "tests/sync/town.h"

using namespace town;
using client::Outcome;

namespace {

NoteKey key_of(const Tablet& tablet) {
    return {log_origin(tablet.name.device, 1), NoteAlgorithm::cosignature, tablet.log_key.public_key()};
}
std::string shown(Server& server) {
    return server::public_checkpoint(*server.ledger, server.ingest->name()).value();
}
TreeHead head_of(Server& server) { return open_checkpoint(shown(server), server.ingest->name().key).value(); }
std::optional<Cosignature> line_of(Server& server, const Tablet& tablet) {
    return find_cosignature(shown(server), head_of(server), key_of(tablet)).value();
}
std::size_t lines_in(const std::string& note) {
    auto signatures = std::string_view(note).substr(note.find("\n\n") + 2);
    return static_cast<std::size_t>(std::ranges::count(signatures, '\n'));
}

// A sync in which each exchange is seen, and answered by `answer`; how often the tablet cosigned.
using Answering = std::function<std::optional<Bytes>(const Bytes& request, bool cosigns)>;
struct Synced {
    Outcome outcome;
    int cosigned = 0, requests = 0;
};
Synced sync_by(Tablet& tablet, const wire::ServerName& name, const Answering& answer) {
    auto session = tablet.session(name);
    Synced synced{Outcome::working};
    for (int i = 0; i < 1'000; ++i) {
        auto request = session.request().value();
        if (request.empty()) break;
        ++synced.requests;
        auto frames = wire::decode_exchange(request).value();
        bool cosigns = std::holds_alternative<wire::Cosigned>(frames[0]);
        if (cosigns) ++synced.cosigned;
        if (auto bytes = answer(request, cosigns))
            REQUIRE(session.answer(*bytes).ok());
        else
            session.cut();
    }
    synced.outcome = session.outcome();
    return synced;
}
Synced sync_well(Tablet& tablet, Server& server) {
    return sync_by(tablet, server.ingest->name(),
                   [&](const Bytes& request, bool) { return server.answer(tablet.name, request); });
}

wire::Cosigned cosigned(const std::string& note, const TreeHead& head, const Ed25519Key& key,
                        std::uint64_t time_s = 1'795'000'000) {
    return {note, cosign(head, time_s, key)};
}
std::optional<wire::RefusalCode> judged(Server& server, const Tablet& from, const wire::Cosigned& cosigned) {
    auto answer = server.ingest->keep_cosignature(from.name, cosigned);
    REQUIRE(answer.error() == nullptr);
    return answer.ok() ? std::nullopt : std::optional(answer.refusal()->code);
}

struct Pair {
    Place place;
    Server server{place / "server.db"};
    Tablet a{1, place / "a"}, b{2, place / "b"};
    Pair() {
        server.enrol(a), server.enrol(b);
        write(a, 3);
    }
    void write(Tablet& tablet, int entries) {
        FakeClock clock{1'795'000'000'000};
        for (int i = 0; i < entries; ++i) REQUIRE(tablet.write("x", clock.now()).ok());
    }
};

}  // namespace

TEST_CASE("a sync ends with the server's head cosigned, once, and the public note shows by whom") {
    Pair town;
    auto& server = town.server;
    auto& a = town.a;
    auto& b = town.b;
    CHECK(lines_in(shown(server)) == 1);
    auto first = sync_well(a, server);
    CHECK(first.outcome == Outcome::done);
    CHECK(first.cosigned == 1);
    CHECK(head_of(server).size == 5);
    CHECK(line_of(server, a)->time_s == 1'795'000'000);
    CHECK_FALSE(line_of(server, b));
    auto again = sync_well(a, server);
    CHECK(again.cosigned == 0);
    CHECK(again.requests == 1);
    // Another one that has nothing to send has seen that head too.
    CHECK(sync_well(b, server).cosigned == 1);
    CHECK(line_of(server, b));
    CHECK(lines_in(shown(server)) == 3);
    CHECK(key_of(b).name ==
          "handslag/device/02020202-0202-0202-0202-020202020202/1");  // and no more of anybody
    // The newest head, whether anybody has cosigned it or not: what was shown is never taken back.
    town.write(b, 1);
    CHECK(sync_well(b, server).cosigned == 1);
    CHECK(head_of(server).size == 6);
    CHECK_FALSE(line_of(server, a));
    CHECK(line_of(server, b));
    auto heads = Json::parse(server::witnessed_heads(*server.ledger).value());
    CHECK(heads["format"] == "handslag-witnessed/1");
    REQUIRE(heads["notes"].size() == 2);
    auto name = server.ingest->name();
    std::vector<std::uint64_t> sizes;
    for (const auto& note : heads["notes"])
        sizes.push_back(open_checkpoint(note.get<std::string>(), name.key)->size);
    CHECK(sizes == std::vector<std::uint64_t>{6, 5});
    auto older = heads["notes"][1].get<std::string>();
    CHECK(find_cosignature(older, open_checkpoint(older, name.key).value(), key_of(a)).value());
    CHECK(server::audit_ledger(*server.ledger, name)->findings.empty());
    server.start();  // and it is all durable
    CHECK(line_of(server, b));
}

TEST_CASE("who has no clock is no witness") {
    Pair town;
    auto settings = town.a.settings(town.server.ingest->name());
    SUBCASE("none at all") { settings.wall_ms = {}; }
    SUBCASE("one that stands at the beginning") {
        settings.wall_ms = [] { return std::int64_t{-1}; };
    }
    auto session = client::Session::begin(*town.a.store, settings).value();
    while (true) {
        auto request = session.request().value();
        if (request.empty()) break;
        REQUIRE(session.answer(town.server.answer(town.a.name, request)).ok());
    }
    CHECK(session.outcome() == Outcome::done);
    CHECK(lines_in(shown(town.server)) == 1);
}

TEST_CASE("a server that knows no witnesses refuses the frame, and the sync ends well all the same") {
    Pair town;
    auto& server = town.server;
    auto& a = town.a;
    auto older = [&](const Bytes& request, bool cosigns) -> std::optional<Bytes> {
        if (!cosigns) return server.answer(a.name, request);
        return wire::encode_exchange(
            {wire::Refusal{wire::RefusalCode::malformed, "frame: of no known type"}});
    };
    auto synced = sync_by(a, server.ingest->name(), older);
    CHECK(synced.outcome == Outcome::done);
    CHECK(synced.cosigned == 1);
    synced = sync_by(a, server.ingest->name(), older);
    CHECK(synced.outcome == Outcome::done);
    CHECK(synced.cosigned == 0);  // it is not asked again
}

TEST_CASE("a cosignature that is lost on the way is sent by the next sync, and costs this one nothing") {
    Pair town;
    auto& server = town.server;
    auto& a = town.a;
    std::optional<Bytes> instead;  // of the answer to it
    bool arrives = false;
    SUBCASE("before it came") {}
    SUBCASE("its answer") { arrives = true; }
    SUBCASE("its answer is spoiled") { instead = to_bytes("handslag-sync/1\nspoiled"); }
    auto synced = sync_by(a, server.ingest->name(), [&](const Bytes& request, bool cosigns) {
        if (cosigns && !arrives) return instead;
        auto answer = server.answer(a.name, request);
        return cosigns ? instead : std::optional(std::move(answer));
    });
    CHECK(synced.outcome == Outcome::done);
    CHECK(synced.cosigned == 1);
    CHECK(line_of(server, a).has_value() == arrives);
    a.store.reset();
    a.open(1);
    synced = sync_well(a, server);
    CHECK(synced.outcome == Outcome::done);
    CHECK(synced.cosigned == 1);
    CHECK(line_of(server, a));
    CHECK(sync_well(a, server).cosigned == 0);
}

TEST_CASE("two heads of one size, or a smaller one after a larger, are never cosigned by one tablet") {
    Pair town;
    auto& a = town.a;
    auto key = Ed25519Key::from_seed(Bytes(32, 77)).value();
    auto name = town.server.ingest->name();
    auto note = [&](std::uint64_t size, std::uint8_t root) {
        TreeHead head{name.origin, size, {}};
        head.root.bytes.fill(root);
        return sign_checkpoint(head, key);
    };
    auto given = [&](const std::string& proven) {
        return client::cosign_head(*a.store, name, proven, a.log_key, 1'000);
    };
    CHECK(client::is_cosigning_due(*a.store, name, note(7, 1)).value());
    REQUIRE(given(note(7, 1)).ok());
    // What was signed is known after a crash, before any answer.
    a.store.reset();
    a.open(1);
    CHECK(client::is_cosigning_due(*a.store, name, note(7, 1)).value());
    CHECK(given(note(7, 1)).ok());
    for (const auto& other : {note(7, 2), note(6, 1), note(1, 3)}) {
        CHECK_FALSE(client::is_cosigning_due(*a.store, name, other).value());
        CHECK(given(other).error().code == Errc::not_allowed);
    }
    CHECK(given(note(8, 2)).ok());
    CHECK(given(note(7, 1)).error().code == Errc::not_allowed);
    // Nor what another than the server signed.
    auto forged = sign_checkpoint({name.origin, 9, {}}, a.log_key);
    CHECK_FALSE(given(forged).ok());
}

TEST_CASE("a server that has forgotten, or shows another history, gets no cosignature") {
    Pair town;
    auto& server = town.server;
    auto& a = town.a;
    auto& b = town.b;
    CHECK(sync_well(a, server).cosigned == 1);
    server.back_up();
    town.write(a, 2);
    CHECK(sync_well(a, server).cosigned == 1);
    server.restore();
    int more = 0;
    SUBCASE("shorter") {}
    SUBCASE("as long") { more = 2; }
    SUBCASE("longer") { more = 5; }
    if (more > 0) {
        town.write(b, more);
        CHECK(sync_well(b, server).cosigned == 1);
    }
    auto before = shown(server);
    auto synced = sync_well(a, server);
    CHECK(synced.outcome == Outcome::server_forked);
    CHECK(synced.cosigned == 0);
    CHECK(shown(server) == before);
}

TEST_CASE("a server takes only an active tablet's word about a head that is its own") {
    Pair town;
    auto& server = town.server;
    auto& a = town.a;
    auto& b = town.b;
    CHECK(sync_well(a, server).outcome == Outcome::done);
    auto note = server.ingest->checkpoint().value();
    auto head = head_of(server);
    using Code = wire::RefusalCode;
    auto lines = lines_in(shown(server));
    // By another key than that of the tablet who sends it.
    CHECK(judged(server, b, cosigned(note, head, a.log_key)) == Code::bad_checkpoint);
    // Of another server's log, of this server's name under another key, and of a head that was never signed.
    auto key = Ed25519Key::from_seed(Bytes(32, 77)).value(),
         other_key = Ed25519Key::from_seed(Bytes(32, 78)).value();
    auto elsewhere = head;
    elsewhere.origin = "handslag/server/elsewhere";
    CHECK(judged(server, b, cosigned(sign_checkpoint(elsewhere, key), elsewhere, b.log_key)) ==
          Code::bad_checkpoint);
    CHECK(judged(server, b, cosigned(sign_checkpoint(head, other_key), head, b.log_key)) ==
          Code::bad_checkpoint);
    auto forked = head;
    forked.root.bytes[0] ^= 1;
    CHECK(judged(server, b, cosigned(sign_checkpoint(forked, key), forked, b.log_key)) ==
          Code::bad_checkpoint);
    auto larger = head;
    ++larger.size;
    CHECK(judged(server, b, cosigned(sign_checkpoint(larger, key), larger, b.log_key)) ==
          Code::bad_checkpoint);
    // Of the right head, signed for another.
    CHECK(judged(server, b, cosigned(note, forked, b.log_key)) == Code::bad_checkpoint);
    auto later = cosigned(note, head, b.log_key);
    ++later.cosignature.time_s;
    CHECK(judged(server, b, later) == Code::bad_checkpoint);
    for (auto time_s : {std::uint64_t{0}, UINT64_MAX})
        CHECK(judged(server, b, cosigned(note, head, b.log_key, time_s)) == Code::bad_checkpoint);
    CHECK(judged(server, b, {"nonsense", {}}) == Code::bad_checkpoint);
    // A checkpoint of the tablet's own is signed by the same key, and is none.
    CHECK(judged(server, b, {b.store->checkpoint().value(), {}}) == Code::bad_checkpoint);
    CHECK(lines_in(shown(server)) == lines);
    // A stranger's, and a lost tablet's: what it said before is shown no more either.
    Tablet stranger(9, town.place / "stranger");
    CHECK(judged(server, stranger, cosigned(note, head, stranger.log_key)) == Code::not_enrolled);
    CHECK_FALSE(judged(server, b, cosigned(note, head, b.log_key)));
    CHECK(line_of(server, b));
    REQUIRE(server.ingest->revoke(b.name, "lost").ok());
    head = head_of(server);
    CHECK(judged(server, b, cosigned(server.ingest->checkpoint().value(), head, b.log_key)) ==
          Code::not_enrolled);
    auto heads = server::witnessed_heads(*server.ledger).value();
    CHECK(heads.find(key_of(b).name) == std::string::npos);
    CHECK(heads.find(key_of(a).name) != std::string::npos);
}

TEST_CASE("the same again, and what is older, change nothing") {
    Pair town;
    auto& server = town.server;
    auto& a = town.a;
    auto old_note = server.ingest->checkpoint().value();
    auto old_head = head_of(server);
    CHECK(sync_well(a, server).cosigned == 1);
    auto note = server.ingest->checkpoint().value();
    auto before = shown(server);
    CHECK_FALSE(judged(server, a, cosigned(note, head_of(server), a.log_key)));
    CHECK_FALSE(judged(server, a, cosigned(note, head_of(server), a.log_key, 1'796'000'000)));
    CHECK_FALSE(judged(server, a, cosigned(old_note, old_head, a.log_key)));
    CHECK(shown(server) == before);
    CHECK(server.ledger->cosignatures()->size() == 1);
}

TEST_CASE("a town of tablets has a note that everyone can read") {
    Place place;
    Server server(place / "server.db");
    std::vector<std::pair<wire::LogName, Ed25519Key>> tablets;
    for (std::uint8_t number = 1; number <= 60; ++number) {
        wire::LogName name;
        name.device.bytes.fill(number);
        tablets.emplace_back(name, Ed25519Key::from_seed(Bytes(32, number)).value());
        REQUIRE(server.ingest->enrol(name, tablets.back().second.public_key(), "surfplatta").ok());
    }
    auto note = server.ingest->checkpoint().value();
    auto head = head_of(server);
    for (const auto& [name, key] : tablets)
        REQUIRE(server.ingest->keep_cosignature(name, cosigned(note, head, key)).ok());
    auto all = shown(server);
    CHECK(lines_in(all) == 1 + server::most_shown_cosignatures);
    CHECK(all.size() < 16 * 1024);
    CHECK(open_checkpoint(all, server.ingest->name().key).value() == head);
    std::size_t found = 0;
    for (const auto& [name, key] : tablets)
        if (find_cosignature(all, head,
                             {log_origin(name.device, 1), NoteAlgorithm::cosignature, key.public_key()})
                .value())
            ++found;
    CHECK(found == server::most_shown_cosignatures);
}
