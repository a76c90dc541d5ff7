// The kiosk's own sync: a real effect thread with its transfer thread, and a real server over TLS.
#include <atomic>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "core/certificate/ca.h"
#include "kiosk/feed.h"
#include "sync/client/link.h"
#include "sync/protocol/ceremony_folder.h"
#include "sync/protocol/expected_list.h"
#include "tests/support/ceremony_folder.h"
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

// The machine's, moved ahead; read on several threads.
class AheadClock : public core::Clock {
  public:
    core::ClockReading now() const override {
        auto reading = core::SystemClock().now();
        reading.wall_ms += ahead_ms, reading.monotonic_ms += ahead_ms;
        return reading;
    }
    std::atomic<std::int64_t> ahead_ms = 0;
};

// The server's: it reads it when it takes an entry, and while it is held it takes none.
class HeldClock : public core::Clock {
  public:
    core::ClockReading now() const override {
        std::unique_lock lock(mutex_);
        if (held_) waiting_ = true, changed_.notify_all();
        changed_.wait(lock, [&] { return !held_; });
        return core::SystemClock().now();
    }
    void hold(bool held) {
        std::lock_guard lock(mutex_);
        held_ = held, waiting_ = false;
        changed_.notify_all();
    }
    void wait_until_read() const {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, std::chrono::seconds(30), [&] { return waiting_; }));
    }

  private:
    mutable std::mutex mutex_;
    mutable std::condition_variable changed_;
    mutable bool waiting_ = false;
    bool held_ = false;
};

// What is written to the journal while it lives.
class Journal {
  public:
    Journal() : before_(spdlog::default_logger()) {
        spdlog::set_default_logger(
            std::make_shared<spdlog::logger>("", std::make_shared<spdlog::sinks::ostream_sink_mt>(text_)));
    }
    ~Journal() { spdlog::set_default_logger(before_); }
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    std::string text() const { return text_.str(); }  // when nobody writes

  private:
    std::shared_ptr<spdlog::logger> before_;
    std::ostringstream text_;
};

struct Opened {
    Folder folder;
    std::string passphrase;
    std::shared_ptr<const core::Ceremony> ceremony;
    Room room;
    explicit Opened(std::shared_ptr<const core::Clock> clock = std::make_shared<core::SystemClock>())
        : room(folder.path, std::move(clock)) {
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
    at.room.tell(StartSync{});  // its end may have been told while the test waited for the signing
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

TEST_CASE("the link on the visitor's last screen opens their certificate once the tablet has synced") {
    test::Running server;
    Opened at;
    auto before = at.sign(0).certificate;
    CHECK_FALSE(before.personal);  // no server, no link: the public number's code is shown
    CHECK(before.link.ends_with("/v/" + before.certificate_number));
    at.room.tell(Enrol{server.invitation()});
    REQUIRE(ended(at.room).words == "sync.enrolled");
    auto certificate = at.sign(1).certificate;
    REQUIRE(certificate.personal);
    REQUIRE(certificate.link.starts_with(at.ceremony->municipality.register_url + "/p/"));
    auto path = certificate.link.substr(at.ceremony->municipality.register_url.size());
    CHECK(server.page(path).find("väntar på synkronisering") != std::string::npos);
    auto shown_again = at.room.ask<CertificateShown>(ShowCertificate{certificate.seq}).certificate;
    CHECK(shown_again.link.ends_with("/v/" + certificate.certificate_number));  // theirs was shown once
    at.room.settle();
    at.room.tell(StartSync{});
    REQUIRE(ended(at.room).words == "sync.done");
    CHECK(server.page(path).find(certificate.certificate_number) != std::string::npos);
    CHECK(server.page(path + "/pdf").starts_with("200 %PDF"));
}

TEST_CASE("a tablet knows what another has synced, and passes over what it cannot read") {
    test::Running server;
    Opened a, b;
    for (auto* at : {&a, &b}) {
        at->room.tell(Enrol{server.invitation()});
        REQUIRE(ended(at->room).words == "sync.enrolled");
    }
    auto signed_there = a.sign(0).certificate;
    a.room.tell(StartSync{});
    REQUIRE(ended(a.room).words == "sync.done");
    b.room.settle();
    CHECK_FALSE(b.room.ask<ListsRead>(ReadLists{}).lists.elsewhere->size() > 0);
    b.room.tell(StartSync{});
    REQUIRE(ended(b.room).words == "sync.done");
    b.room.settle();
    auto known = b.room.ask<ListsRead>(ReadLists{}).lists.elsewhere;
    REQUIRE(known->size() == 1);
    CHECK(known->front().organisation == signed_there.organisation);
    CHECK(known->front().certificate_number == signed_there.certificate_number);

    std::ofstream(b.folder.path / "store" / "feed" / "999-3") << "trasig";
    a.room.settle();
    a.room.tell(StartSync{});
    CHECK(ended(a.room).words == "sync.done");
    a.room.settle();
    CHECK(a.room.ask<ListsRead>(ReadLists{}).lists.elsewhere->empty());  // its own are no others'
    b.room.tell(StartSync{});
    auto told = ended(b.room);
    CHECK(told.words == "sync.done");
    CHECK(told.unreadable == 1);
    CHECK(b.sign(1).lists.elsewhere->size() == 1);
}

TEST_CASE("a tablet that is reported lost says so from then on, and signings go on and are kept") {
    test::Running server;
    Opened at;
    at.room.tell(Enrol{server.invitation()});
    REQUIRE(ended(at.room).words == "sync.enrolled");
    auto listed = server.command({{"command", "list"}});
    server.command({{"command", "revoke"}, {"device", listed.substr(0, 36)}, {"epoch", 1}, {"why", "lost"}});
    at.sign(0);
    at.room.tell(StartSync{});
    auto told = ended(at.room);
    CHECK(told.words == "sync.kept_apart");
    CHECK(told.standing == SyncState::Standing::revoked);
    at.room.settle();
    CHECK(at.sign(1).lists.signings.size() == 2);
    at.room.tell(StartSync{});
    CHECK(ended(at.room).receipts > 0);
}

TEST_CASE("a tablet whose seal certificate is revoked learns it from the server, and seals no more") {
    test::Running server;
    Opened at;
    at.room.tell(Enrol{server.invitation()});
    REQUIRE(ended(at.room).words == "sync.enrolled");
    auto sealed = at.sign(0);
    CHECK_FALSE(sealed.lists.seal_revoked);

    auto folder = at.folder.path / "store" / "demo-ca";
    auto ca = core::MunicipalCa::open(folder, "demonstration").value();
    auto now_ms = core::SystemClock().wall_ms();
    const auto overview = core::read_ca(folder).value();
    int revoked = 0;
    for (const auto& row : overview.issued)
        if (row.kind == "seal") {
            REQUIRE(ca.revoke(row.serial, core::RevocationReason::key_compromise, now_ms).ok());
            ++revoked;
        }
    REQUIRE(revoked == 1);
    auto list = core::to_base64(ca.write_crl(30, now_ms).value());
    auto publish = [&] {
        return server.command({{"command", "revocations"}, {"name", "issuing.crl"}, {"content", list}});
    };
    CHECK(publish() == "issuing.crl: tablets get it at their next sync\n");
    CHECK(publish().empty());  // once

    at.room.settle();
    at.room.tell(StartSync{});
    REQUIRE(ended(at.room).words == "sync.done");
    at.room.settle();
    auto lists = at.room.ask<ListsRead>(ReadLists{}).lists;
    CHECK(lists.seal_revoked);
    CHECK_FALSE(lists.ceremony_open);
    CHECK(lists.signings.size() == 1);  // what was sealed before stands
    auto input = input_for(*at.ceremony, at.room.ask<FreshId>(NewId{}).id, 1);
    CHECK(at.room.ask<Failed>(CompleteSigning{input}).trouble.error.code == core::Errc::not_allowed);
}

TEST_CASE(
    "a ceremony that staff publish is offered, chosen, and there after the next start; none is replaced") {
    test::Running server;
    Folder folder;
    test::make_ceremony_folder(folder.path / "new", "Vårens");
    auto content = wire::encode_folder(wire::read_folder(folder.path / "new").value()).value();
    server.command({{"command", "publish"}, {"name", "STR27"}, {"content", core::to_base64(content)}});
    CHECK(server.command({{"command", "feed"}}).starts_with("1  ceremony  STR27  "));
    std::string passphrase;
    {
        Room room(folder.path);
        room.ask<Started>(LoadStart{});
        passphrase = room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase;
        room.ask<PinSet>(SetPin{"739164"});
        room.tell(Enrol{server.invitation()});
        REQUIRE(ended(room).words == "sync.enrolled");
        room.wait_for<ListsRead>();
        room.tell(StartSync{});
        REQUIRE(ended(room).words == "sync.done");
        room.wait_for<ListsRead>();  // comes with it
        auto offered = room.ask<ListsRead>(ReadLists{}).lists.offered;
        REQUIRE(offered->size() == 1);
        CHECK(offered->front().title.starts_with("Vårens"));
        CHECK(room.ask<ListsRead>(UseCeremony{1}).lists.offered->front().chosen);
        // Whoever opens the present one after all goes on with that.
        CHECK_FALSE(room.ask<CeremonyOpened>(OpenCeremony{}).lists.offered->front().chosen);
        room.tell(UseCeremony{1});
        room.settle();
        CHECK_FALSE(room.ask<ListsRead>(ReadLists{}).lists.offered->front().chosen);
    }
    REQUIRE(kiosk::choose_ceremony(folder.path / "store/feed", 1).ok());
    Room room(folder.path);
    auto started = room.ask<Started>(LoadStart{});
    CHECK(started.ceremony->title.starts_with("Vårens"));
    CHECK(started.ceremony->code == "STR27");
    room.ask<Unlocked>(Unlock{passphrase, false});
    room.ask<CeremonyOpened>(OpenCeremony{});
    CHECK(kiosk::chosen_ceremony(folder.path / "store/feed") == 1);  // it is the one that was chosen
    room.ask<SigningCompleted>(
        CompleteSigning{input_for(*started.ceremony, room.ask<FreshId>(NewId{}).id, 0)});
}

TEST_CASE("a new list of expected organisations is used at once, in an open ceremony too") {
    test::Running server;
    Opened at;
    at.room.tell(Enrol{server.invitation()});
    REQUIRE(ended(at.room).words == "sync.enrolled");
    auto publish = [&](const std::string& rows) {
        wire::ExpectedList list{at.ceremony->id, "name;form;representative\n" + rows};
        return server.command({{"command", "expected"},
                               {"name", "STR26"},
                               {"content", core::to_base64(wire::encode(list).value())}});
    };
    CHECK(publish("Kören;ideell förening;Åsa Öberg\n").starts_with("published"));
    at.room.settle();
    at.room.tell(StartSync{});
    auto changed = at.room.wait_for<ExpectedChanged>().ceremony;
    auto told = ended(at.room);
    CHECK(told.words == "sync.done");
    CHECK(told.listed == 1);
    REQUIRE(changed->expected.size() == 1);
    CHECK(changed->expected[0].organisation.name == "Kören");
    CHECK(changed->digest == at.ceremony->digest);  // in all else it is the ceremony that was opened
    auto input = input_for(*changed, at.room.ask<FreshId>(NewId{}).id, 0);
    CHECK(at.room.ask<SigningCompleted>(CompleteSigning{input}).lists.signings.back().organisation ==
          "Kören");

    at.room.settle();
    at.room.tell(StartSync{});
    CHECK_FALSE(ended(at.room).listed);  // nothing new
    publish("Kören;okänd form;\n");      // not by the rules: the one before stays
    at.room.settle();
    at.room.tell(StartSync{});
    auto refused = ended(at.room);
    CHECK_FALSE(refused.listed);
    CHECK(refused.unreadable == 1);
    publish("Kören;ideell förening;\nHemslöjden;ideell förening;\n");
    at.room.settle();
    at.room.tell(StartSync{});
    CHECK(ended(at.room).listed == 2);
}

TEST_CASE("a list that has come is the one that a start begins with") {
    Folder folder;
    auto demo = *core::load_ceremony(HANDSLAG_SOURCE_DIR "/assets/demo").value;
    auto content = wire::encode(wire::ExpectedList{demo.id, "name;form\nKören;ideell förening\n"}).value();
    REQUIRE(
        client::keep_feed_file(folder.path / "store/feed", {1, wire::FeedKind::expected, "STR26", content})
            .ok());
    Room room(folder.path);
    auto started = room.ask<Started>(LoadStart{});
    REQUIRE(started.ceremony->expected.size() == 1);
    CHECK(started.ceremony->expected[0].organisation.name == "Kören");
}

TEST_CASE("a kiosk whose certificate for the server soon runs out has a new one after the next sync") {
    constexpr std::int64_t day_ms = 86'400'000;
    test::Running server;
    Folder folder;
    Room room(folder.path, std::make_shared<core::FakeClock>(core::SystemClock().wall_ms() + 660 * day_ms));
    room.ask<Started>(LoadStart{});
    room.ask<KeyringCreated>(CreateKeyring{'A'});
    room.ask<PinSet>(SetPin{"739164"});
    room.tell(Enrol{server.invitation()});
    REQUIRE(ended(room).words == "sync.enrolled");
    for (int i = 1; i <= 2; ++i) {  // the second opens the door with what the first got
        room.settle();
        room.tell(StartSync{});
        auto told = ended(room);
        CHECK(told.words == "sync.done");
        CHECK(told.well);
        CHECK(server.page("/metrics").find("handslag_renewals_total " + std::to_string(i)) !=
              std::string::npos);
    }
}

TEST_CASE(
    "a tablet forgets what the server has held for a month, once the ceremony is closed; the server forgets "
    "nothing") {
    constexpr std::int64_t day_ms = 86'400'000;
    auto clock = std::make_shared<AheadClock>();
    test::Running server(clock);
    Opened at(clock);
    at.room.tell(Enrol{server.invitation()});
    REQUIRE(ended(at.room).words == "sync.enrolled");
    auto certificate = at.sign(0).certificate;
    auto send = [&] {
        at.room.settle();
        at.room.tell(StartSync{});
        REQUIRE(ended(at.room).words == "sync.done");
        at.room.wait_for<ListsRead>();  // comes with it
    };
    auto keep = [&] { return at.room.ask<RetentionKept>(KeepRetention{}); };
    send();
    CHECK(keep().retained.erased == 0);
    clock->ahead_ms = 31 * day_ms;
    CHECK(keep().retained.waits_for_closing == 1);
    std::vector<core::MunicipalSignature> municipal;
    for (const auto& who : at.ceremony->signatories) municipal.push_back({who, drawn(clock->wall_ms())});
    at.room.ask<CeremonyOpened>(OpenCeremony{});
    at.room.ask<CeremonyClosed>(CloseCeremony{municipal});
    auto asks = keep().retained;
    CHECK(asks.erased == 0);
    CHECK(asks.asks_for_time);
    send();
    auto kept = keep();
    CHECK(kept.retained.erased == 1);
    CHECK(kept.lists.signings.empty());
    CHECK(kept.lists.unsent == 1);  // the erasure is an entry like others
    send();
    CHECK(keep().retained.erased == 0);
    at.room.tell(ShowCertificate{certificate.seq});  // gone, in words and not in a crash
    at.room.settle();
    CHECK(server.page("/v/" + certificate.certificate_number).starts_with("200"));
    auto path = certificate.link.substr(at.ceremony->municipality.register_url.size());
    CHECK(server.page(path + "/pdf").starts_with("200 %PDF"));
    // A stick that comes now gets the log, without what was erased.
    std::filesystem::create_directories(at.folder.path / "host");
    CHECK(at.room.wait_for<CopiedToStick>().count > 2);
}

TEST_CASE("a tablet that never sees the network is connected by a stick that goes there and back") {
    test::Running server;
    Opened at;
    auto stick = at.folder.path / "media" / "STICK";
    at.room.plug_in("STICK");
    at.room.wait_for<StickChanged>();
    std::ofstream(stick / "handslag-inbjudan.txt") << server.invitation();
    server.stop();  // out of reach
    auto connect = [&] {
        at.room.settle();
        at.room.tell(Enrol{""});
        return ended(at.room);
    };
    auto asked = connect();
    CHECK(asked.words == "sync.invitation.request_on_stick");
    CHECK(asked.well);
    std::filesystem::path request, answer;
    for (const auto& file : std::filesystem::directory_iterator(stick))
        if (file.path().filename().string().starts_with("handslag-ansokan-")) request = file.path();
    REQUIRE_FALSE(request.empty());
    auto first = core::read_file(request).value();
    CHECK(connect().words == "sync.invitation.request_on_stick");  // an impatient host
    CHECK(core::read_file(request).value() == first);

    server.start();
    auto admission = server.command({{"command", "admit"}, {"request", std::string(core::as_text(first))}});
    answer = stick / ("handslag-tillatelse-" + request.filename().string().substr(17));
    std::ofstream(answer) << "{}";
    auto wrong = connect();
    CHECK(wrong.words == "sync.invitation.not_the_answer");
    CHECK(wrong.server.empty());
    std::ofstream(answer) << admission;
    auto enrolled = connect();
    CHECK(enrolled.words == "sync.enrolled");
    CHECK_FALSE(enrolled.server.empty());
    CHECK(at.sign(0).certificate.personal);
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
    at.room.tell(StartSync{});
    auto away = ended(at.room);
    CHECK(away.words == "sync.trouble.refused");
    CHECK_FALSE(away.well);
    at.room.settle();
    CHECK(at.unsent() >= 3);
    CHECK(port > 0);
}

TEST_CASE("while the server works, the kiosk seals what the next requests carry") {
    auto clock = std::make_shared<HeldClock>();
    test::Running server(clock);
    Journal journal;
    {
        Opened at;
        at.room.tell(Enrol{server.invitation()});
        REQUIRE(ended(at.room).words == "sync.enrolled");
        for (int i = 0; i < 12; ++i) at.sign(i % 4);  // more than the first request takes
        at.room.settle();
        clock->hold(true);
        at.room.tell(StartSync{});
        clock->wait_until_read();
        at.room.idle();
        clock->hold(false);
        CHECK(ended(at.room).words == "sync.done");
    }
    auto text = journal.text();
    CHECK(text.find(" parcels sealed ahead") != std::string::npos);
    CHECK(text.find(" 0 parcels") == std::string::npos);
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
