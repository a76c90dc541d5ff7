// The kiosk's own sync: a real effect thread with its transfer thread, and a real server over TLS.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/support/running_server.h"
#include "tests/unit/kiosk/room.h"

using namespace kiosk_test;

namespace {

using Stage = SyncState::Stage;

// Until the transfer in hand has ended.
SyncState ended(Room& room) {
    while (true)
        if (auto told = room.wait_for<SyncTold>(); told.sync.stage == Stage::idle) return told.sync;
}

struct Opened {
    Folder folder;
    std::string passphrase;
    std::shared_ptr<const core::Ceremony> ceremony;
    Room room{folder.path};
    Opened() {
        ceremony = room.ask<Started>(LoadStart{}).ceremony;
        passphrase = room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase;
        room.ask<PinSet>(SetPin{"739164"});
        room.ask<CeremonyOpened>(OpenCeremony{});
    }
    SigningCompleted sign(int expected) {
        auto input = input_for(*ceremony, room.ask<FreshId>(NewId{}).id, expected);
        return room.ask<SigningCompleted>(CompleteSigning{input});
    }
    std::uint64_t unsent() { return room.ask<ListsRead>(ReadLists{}).lists.unsent; }
};

}  // namespace

TEST_CASE("a tablet is connected by an invitation, and sends while people sign") {
    test::Running server;
    Opened at;
    at.room.tell(StartSync{});
    CHECK(ended(at.room).words == "sync.trouble.not_enrolled");

    at.room.tell(Enrol{"handslag-invitation/1 nonsense"});
    CHECK(ended(at.room).words == "sync.invitation.unreadable");
    at.room.tell(Enrol{""});
    CHECK(ended(at.room).words == "sync.invitation.not_on_stick");
    auto invitation = server.invitation();
    at.room.plug_in("STICK");
    at.room.wait_for<StickChanged>();
    std::ofstream(at.folder.path / "media" / "STICK" / "handslag-inbjudan.txt") << invitation << "\n";
    at.room.tell(Enrol{""});
    auto enrolled = ended(at.room);
    CHECK(enrolled.words == "sync.enrolled");
    CHECK(enrolled.well);
    CHECK(enrolled.server == "127.0.0.1:" + std::to_string(server.port()));
    at.room.tell(Enrol{invitation});  // it works once
    CHECK(ended(at.room).words == "sync.invitation.refused");

    for (int i = 0; i < 4; ++i) at.sign(i);
    CHECK(at.unsent() >= 5);
    at.room.tell(StartSync{});
    at.room.tell(StartSync{});  // a second wish changes nothing
    auto meanwhile = at.sign(4);
    CHECK(meanwhile.lists.signings.size() == 5);
    auto first = ended(at.room);
    CHECK(first.words == "sync.done");
    CHECK(first.well);
    CHECK(first.receipts == first.entries);
    at.room.settle();
    at.room.tell(StartSync{});
    CHECK(ended(at.room).words == "sync.done");
    at.room.settle();
    CHECK(at.unsent() == 0);
    CHECK(server.page("/v/" + meanwhile.certificate.certificate_number).starts_with("200"));
}

TEST_CASE("a server that is away costs nothing: signings go on, and the next try goes on where it stopped") {
    test::Running server;
    Opened at;
    at.room.tell(Enrol{server.invitation()});
    REQUIRE(ended(at.room).words == "sync.enrolled");
    auto port = server.port();
    server.stop();
    at.sign(0);
    at.room.tell(StartSync{});
    CHECK(at.sign(1).lists.signings.size() == 2);  // while it tries
    auto away = ended(at.room);
    CHECK(away.words == "sync.trouble.refused");
    CHECK_FALSE(away.well);
    at.room.settle();
    CHECK(at.unsent() >= 3);
    CHECK(port > 0);
}

TEST_CASE("a kiosk that is stopped in the middle of a transfer stops at once and loses nothing") {
    test::Running server;
    Folder folder;
    std::string passphrase;
    {
        Room room(folder.path);
        auto ceremony = room.ask<Started>(LoadStart{}).ceremony;
        passphrase = room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase;
        room.ask<PinSet>(SetPin{"739164"});
        room.ask<CeremonyOpened>(OpenCeremony{});
        room.tell(Enrol{server.invitation()});
        REQUIRE(ended(room).words == "sync.enrolled");
        room.ask<SigningCompleted>(CompleteSigning{input_for(*ceremony, room.ask<FreshId>(NewId{}).id, 0)});
        room.tell(StartSync{});
    }
    Room room(folder.path);
    room.ask<Started>(LoadStart{});
    auto unlocked = room.ask<Unlocked>(Unlock{passphrase, false});
    CHECK(unlocked.lists.signings.size() == 1);
    CHECK(room.wait_for<SyncTold>().sync.server == "127.0.0.1:" + std::to_string(server.port()));
    room.tell(StartSync{});
    CHECK(ended(room).words == "sync.done");
    room.settle();
    CHECK(room.ask<ListsRead>(ReadLists{}).lists.unsent == 0);
}
