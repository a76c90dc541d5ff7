// A tablet's next TLS certificate, over real sockets.
#include "sync/client/renewal.h"

#include <doctest/doctest.h>

#include "core/base/json.h"
#include "sync/client/link.h"
#include "sync/protocol/invitation.h"
#include "sync/protocol/parcel.h"
#include "tests/support/running_server.h"

using namespace core;
using client::Outcome;
using client::Renewal;
using test::Running;

namespace {

constexpr std::int64_t day_ms = 86'400'000;

struct Tablet {
    test::Folder folder;
    Store store = test::open_store(folder.path()).value();
    Ed25519Key log_key = test::log_key();
    SecretKey transfer_key = wire::transfer_key(test::payload_key());

    client::SyncReport sync(const Clock& clock) {
        return client::sync_once(
                   store, {log_key, transfer_key}, clock, [](const auto&) {},
                   [](const auto&) { return Status{}; })
            .value();
    }
    std::string value(const char* name) const { return store.value(name).value().value(); }
    client::Carrier carrier() const {
        return client::Carrier({value("sync.url"), value("sync.pin")},
                               {value("sync.certificate"), value("sync.key"), value("sync.key_secret")});
    }
    client::Carried ask(const std::string& body) const {
        return carrier().ask(Renewal::path, Renewal::type, as_bytes(body));
    }
    Renewal renewal() const { return Renewal::begin(store, log_key, "surfplatta A").value(); }
};

// Of the first certificate, late enough.
FakeClock late_clock(int days_before_the_end) {
    return FakeClock(SystemClock().wall_ms() + (2 * 365 - days_before_the_end) * day_ms);
}

}  // namespace

TEST_CASE("a sync renews the tablet's certificate before it runs out, and both work meanwhile") {
    Running server;
    Tablet tablet;
    CHECK_FALSE(client::renewal_is_due(tablet.store, 0).value());  // not enrolled
    REQUIRE(client::enrol(tablet.store, tablet.log_key, server.invitation(), "surfplatta A").ok());
    REQUIRE(tablet.store.append(test::signing(1)).ok());
    SystemClock today;
    auto early = tablet.sync(today);
    CHECK(early.outcome == Outcome::done);
    CHECK_FALSE(early.renewed);
    CHECK_FALSE(client::renewal_is_due(tablet.store, late_clock(95).wall_ms()).value());

    auto old_certificate = tablet.value("sync.certificate");
    auto old = tablet.carrier();
    auto late = late_clock(80);
    CHECK(client::renewal_is_due(tablet.store, late.wall_ms()).value());
    auto renewed = tablet.sync(late);
    REQUIRE(renewed.renewed);
    REQUIRE_MESSAGE(renewed.renewed->ok(), renewed.renewed->error().detail);
    CHECK(tablet.value("sync.certificate") != old_certificate);
    CHECK(tablet.sync(today).outcome == Outcome::done);  // with the new one
    CHECK(old.ask(client::sync_path, client::sync_type, wire::encode_exchange({})).status == 200);
}

TEST_CASE("a tablet that dies before it has the answer keeps a certificate that works") {
    Running server;
    Tablet tablet;
    REQUIRE(client::enrol(tablet.store, tablet.log_key, server.invitation(), "surfplatta A").ok());
    SystemClock today;
    auto before = tablet.value("sync.certificate");
    {
        auto renewal = tablet.renewal();  // asked for and dropped: nothing of it was kept
        CHECK(tablet.ask(renewal.body()).status == 200);
    }
    CHECK(tablet.value("sync.certificate") == before);
    CHECK(tablet.sync(today).outcome == Outcome::done);
    // Half an answer, another key's, and none.
    auto renewal = tablet.renewal();
    client::Carried carried;
    carried.status = 200;
    for (const std::string& body :
         {std::string(), std::string("{}"), encode_canonical({{"certificate", before}})}) {
        carried.body = to_bytes(body);
        CHECK(renewal.finish(tablet.store, carried).error().code == Errc::malformed);
    }
    carried.trouble = client::Trouble::cut;
    CHECK(renewal.finish(tablet.store, carried).error().code == Errc::not_found);
    CHECK(tablet.value("sync.certificate") == before);
    CHECK(tablet.sync(today).outcome == Outcome::done);
}

TEST_CASE("a new certificate is refused, in words, to who is lost, to another tablet and to a stranger") {
    Running server;
    Tablet tablet;
    REQUIRE(client::enrol(tablet.store, tablet.log_key, server.invitation(), "surfplatta A").ok());
    auto refused = [&](const client::Carried& carried, std::string_view why) {
        CHECK(carried.status == 403);
        CHECK(carried.detail.find(why) != std::string::npos);
    };
    auto renewal = tablet.renewal();
    refused(server.visitor().ask(Renewal::path, Renewal::type, as_bytes(renewal.body())), "no enrolled");
    refused(tablet.ask("{}"), "not a request");
    refused(tablet.ask("x"), "");
    auto json = decode_canonical(renewal.body()).value();
    auto changed = json;
    changed["epoch"] = 2;
    refused(tablet.ask(encode_canonical(changed)), "another tablet's");
    changed = json;
    changed["request"] = decode_canonical(tablet.renewal().body()).value()["request"];
    refused(tablet.ask(encode_canonical(changed)), "not signed by the tablet's log key");

    server.command({{"command", "revoke"},
                    {"device", tablet.store.identity().device.str()},
                    {"epoch", 1},
                    {"why", "lost"}});
    auto lost = tablet.ask(renewal.body());
    refused(lost, "reported lost");
    CHECK(renewal.finish(tablet.store, lost).error().code == Errc::not_allowed);
    SystemClock today;
    CHECK(tablet.sync(today).outcome == Outcome::kept_apart);  // what it has signed still arrives
}
