// Enrolment by stick: who answers a request that came without a connection, and who does not.
#include "sync/protocol/admission.h"

#include <cstdlib>

#include <doctest/doctest.h>
#include <sys/wait.h>

#include "core/base/file.h"
#include "core/base/json.h"
#include "sync/client/link.h"
#include "sync/protocol/parcel.h"
#include "tests/support/running_server.h"
#include "tests/support/temporary_folder.h"

using namespace core;
using client::Enrolment;
using test::Running;

namespace {

struct Tablet {
    test::Folder folder;
    Store store = test::open_store(folder.path()).value();
    Ed25519Key log_key = test::log_key();
    SecretKey transfer_key = wire::transfer_key(test::payload_key());

    void ask(const std::string& invitation) {
        auto enrolment = Enrolment::begin(store, log_key, invitation, "surfplatta A").value();
        REQUIRE(enrolment.keep(store).ok());
    }
    Enrolment waiting() const { return Enrolment::kept(store).value().value(); }
    std::string name() const { return store.identity().device.str(); }
};

std::string admit(const Running& server, const Tablet& tablet) {
    return server.command({{"command", "admit"}, {"request", tablet.waiting().body()}});
}

int run(const std::string& arguments) {
    return WEXITSTATUS(
        std::system((HANDSLAG_BINARY_DIR "/bin/handslag-server " + arguments + " >/dev/null 2>&1").c_str()));
}

}  // namespace

TEST_CASE("a request that came by stick is answered once, and its tablet syncs as any other") {
    Running server;
    Tablet tablet;
    CHECK_FALSE(Enrolment::kept(tablet.store).value());
    auto invitation = server.invitation();
    tablet.ask(invitation);
    CHECK(tablet.waiting().answers(invitation));
    CHECK_FALSE(tablet.waiting().answers(server.invitation()));
    auto admission = admit(server, tablet);
    REQUIRE(tablet.waiting().finish_by_stick(tablet.store, as_bytes(admission)).ok());
    CHECK_FALSE(Enrolment::kept(tablet.store).value());
    REQUIRE(tablet.store.append(test::signing(1)).ok());
    SystemClock clock;
    auto report = client::sync_once(
        tablet.store, {tablet.log_key, tablet.transfer_key}, clock, [](const auto&) {},
        [](const auto&) { return Status{}; });
    CHECK(report->outcome == client::Outcome::done);
}

TEST_CASE("an answer that somebody else wrote, changed, or gave to another request is refused") {
    Running server;
    Tablet tablet;
    tablet.ask(server.invitation());
    auto before = tablet.waiting();
    auto refused = [&](const std::string& admission, Errc code) {
        CHECK(tablet.waiting().finish_by_stick(tablet.store, as_bytes(admission)).error().code == code);
        CHECK_FALSE(client::enrolled_server(tablet.store).ok());
    };
    auto json = decode_canonical(admit(server, tablet)).value();
    auto changed = json;
    auto text = changed["answer"].get<std::string>();
    text[text.find("handslag/server/")] = 'H';
    changed["answer"] = text;
    refused(encode_canonical(changed), Errc::damaged);
    changed = json;
    auto digits = changed["signature"].get<std::string>();
    digits.back() = digits.back() == '0' ? '1' : '0';
    changed["signature"] = digits;
    refused(encode_canonical(changed), Errc::damaged);
    changed = json;
    changed["key"] = "AAAA";
    refused(encode_canonical(changed), Errc::damaged);
    refused("{}", Errc::malformed);
    refused("", Errc::malformed);

    Tablet theirs;  // invited by the stranger: whose answer holds there, and not here
    SystemClock clock;
    server::HomeSettings elsewhere;
    elsewhere.dir = theirs.folder.path() / "server";
    auto stranger = server::Home::open(elsewhere, clock).value();
    theirs.ask(wire::encode(server::invite(stranger, "x", "https://x.example", clock.wall_ms()).value()));
    auto admission = server::admit(stranger, theirs.waiting().body(), clock.wall_ms()).value();
    refused(admission, Errc::damaged);
    CHECK(theirs.waiting().finish_by_stick(theirs.store, as_bytes(admission)).ok());
    tablet.ask(server.invitation());  // asked anew: the first answer is another request's
    refused(encode_canonical(json), Errc::damaged);
    CHECK(before.body() != tablet.waiting().body());
}

TEST_CASE("staff invite and admit with the stick alone") {
    TemporaryFolder folder;
    auto stick = folder / "stick";
    std::filesystem::create_directories(stick);
    auto server = "--dir " + (folder / "server").string() + " ";
    CHECK(run(server + "device invite --name 'surfplatta A' --hours 336 --stick " + stick.string()) == 0);
    CHECK(run(server + "device admit " + stick.string()) == 2);  // nobody has asked yet
    auto invitation = std::string(as_text(read_file(stick / "handslag-inbjudan.txt").value()));
    Tablet tablet;
    tablet.ask(invitation);
    auto request = stick / wire::request_file_name(tablet.name());
    REQUIRE(write_file_durably(request, as_bytes(tablet.waiting().body())).ok());
    CHECK(run(server + "device admit " + stick.string()) == 0);
    auto admission = read_file(stick / wire::admission_file_name(tablet.name())).value();
    CHECK(run(server + "device admit " + stick.string()) == 2);  // the code works once; the answer stays
    CHECK(read_file(stick / wire::admission_file_name(tablet.name())).value() == admission);
    CHECK(tablet.waiting().finish_by_stick(tablet.store, admission).ok());
    REQUIRE(write_file_durably(stick / "handslag-ansokan-00000000.json", as_bytes("{}")).ok());
    CHECK(run(server + "device admit " + stick.string()) == 2);
}
