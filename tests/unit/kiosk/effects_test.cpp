// The effect thread with the real keyring, store and certificates: every Effect is answered, and what was
// answered lasts.
#include "kiosk/effects.h"

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/certificate/keyring.h"
#include "core/certificate/verify.h"
#include "kiosk/effects_pin.h"
#include "tests/unit/kiosk/room.h"

using namespace kiosk_test;

TEST_CASE("a whole ceremony runs on the effect thread, and a restart finds all of it") {
    Folder folder;
    std::string passphrase, number;
    {
        Room room(folder.path);
        auto started = room.ask<Started>(LoadStart{});
        REQUIRE(started.problems.empty());
        REQUIRE(started.ceremony != nullptr);
        CHECK_FALSE(started.has_keyring);
        REQUIRE(started.arms != nullptr);
        auto created = room.ask<KeyringCreated>(CreateKeyring{'B'});
        passphrase = created.passphrase;
        auto unlocked = room.wait_for<Unlocked>();
        CHECK(unlocked.tablet.letter == 'B');
        CHECK(unlocked.tablet.demonstration);
        CHECK(unlocked.tablet.has_seal_certificate);
        CHECK_FALSE(unlocked.tablet.has_pin);
        room.ask<PinSet>(SetPin{"739164"});
        CHECK_FALSE(room.ask<PinTried>(TryPin{"739165"}).right);
        CHECK(room.ask<PinTried>(TryPin{"739164"}).right);
        CHECK(room.ask<CeremonyOpened>(OpenCeremony{}).lists.ceremony_open);

        room.ask<DraftSaved>(SaveDraft{"signing-x", "content"});
        auto id = room.ask<FreshId>(NewId{}).id;
        auto input = input_for(*started.ceremony, id, 0);
        input.draft = "signing-x";
        auto done = room.ask<SigningCompleted>(CompleteSigning{input});
        number = done.certificate.certificate_number;
        REQUIRE(done.lists.signings.size() == 1);
        REQUIRE(done.lists.signings.front().shown);
        CHECK_FALSE(done.lists.signings.front().shown->ink.empty());
        CHECK_FALSE(done.certificate.copied_to_stick);

        room.plug_in("VISITOR");
        auto sticks = room.wait_for<StickChanged>().sticks;
        REQUIRE(sticks.size() == 1);
        room.ask<HandedOver>(HandOver{done.certificate.seq, sticks.front().path});
        auto pdf = core::read_file(fs::path(sticks.front().path) / ("handslag-" + number + ".pdf"));
        REQUIRE(pdf.ok());
        auto root = core::read_file(folder.path / "store" / "demo-ca" / "root.crt");
        REQUIRE(root.ok());
        auto report = core::verify_certificate(*pdf, core::as_text(*root), core::SystemClock().wall_ms());
        REQUIRE(report.ok());
        CHECK(report->verdict == core::Verdict::valid);
        CHECK(report->demonstration);

        // Paper, should a tablet fail: whoever has signed needs no form.
        room.ask<FormsWritten>(WriteForms{FormsTo::stick});
        auto forms = core::read_file(fs::path(sticks.front().path) /
                                     ("handslag-" + started.ceremony->code + "-blanketter.pdf"));
        REQUIRE(forms.ok());
        CHECK(core::as_text(*forms).starts_with("%PDF-1.7"));

        fs::create_directories(folder.path / "host");
        CHECK(room.wait_for<CopiedToStick>().lists.signings.front().copied_to_stick);
    }
    {
        Room room(folder.path);
        CHECK(room.ask<Started>(LoadStart{}).has_keyring);
        auto unlocked = room.ask<Unlocked>(Unlock{passphrase, false});
        CHECK(unlocked.tablet.letter == 'B');
        CHECK(unlocked.tablet.has_pin);
        CHECK(unlocked.drafts.empty());
        CHECK(unlocked.lists.ceremony_open);
        REQUIRE(unlocked.lists.signings.size() == 1);
        CHECK(unlocked.lists.signings.front().certificate_number == number);
        auto seq = unlocked.lists.signings.front().seq;
        CHECK(room.ask<CertificateShown>(ShowCertificate{seq}).certificate.document != nullptr);
        auto voided = room.ask<SigningVoided>(VoidSigning{seq, "Fel organisation"});
        CHECK(voided.lists.signings.front().voided);
        REQUIRE(voided.record != nullptr);
        CHECK(voided.record->certificate_number == number);
        CHECK(voided.private_payload != nullptr);
        std::vector<core::MunicipalSignature> municipal;
        auto ceremony = core::load_ceremony(fs::path(HANDSLAG_SOURCE_DIR) / "assets" / "demo");
        for (const auto& one : ceremony.value->signatories)
            municipal.push_back({one, drawn(core::SystemClock().wall_ms())});
        auto closed = room.ask<CeremonyClosed>(CloseCeremony{municipal});
        CHECK_FALSE(closed.lists.ceremony_open);
        CHECK(closed.protocol.document != nullptr);
    }
}

TEST_CASE("who signs hears that it is sealed before the host's stick has its copy") {
    Folder folder;
    Room room(folder.path);
    auto started = room.ask<Started>(LoadStart{});
    room.ask<KeyringCreated>(CreateKeyring{'A'});
    room.ask<PinSet>(SetPin{"739164"});
    room.ask<CeremonyOpened>(OpenCeremony{});
    fs::create_directories(folder.path / "host");
    room.wait_for<CopiedToStick>();  // what was there before
    auto id = room.ask<FreshId>(NewId{}).id;
    auto done = room.ask<SigningCompleted>(CompleteSigning{input_for(*started.ceremony, id, 0)});
    CHECK_FALSE(done.lists.signings.front().copied_to_stick);
    CHECK(room.wait_for<ListsRead>().lists.signings.front().copied_to_stick);
}

TEST_CASE("after a restart of the tablet, or a change of its clock, the host opens the ceremony again") {
    Folder folder;
    auto clock = std::make_shared<core::FakeClock>(core::SystemClock().wall_ms());
    std::string passphrase;
    {
        Room room(folder.path, clock);
        room.ask<Started>(LoadStart{});
        passphrase = room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase;
        CHECK_FALSE(room.wait_for<Unlocked>().lists.ceremony_open);
        room.ask<PinSet>(SetPin{"739164"});
        CHECK(room.ask<CeremonyOpened>(OpenCeremony{}).lists.ceremony_open);
    }
    {
        Room room(folder.path, clock);  // only the program began anew
        room.ask<Started>(LoadStart{});
        CHECK(room.ask<Unlocked>(Unlock{passphrase, false}).lists.ceremony_open);
    }
    clock->advance(3'600'000);
    clock->restart("11111111-0000-4000-8000-000000000000");
    Room room(folder.path, clock);
    room.ask<Started>(LoadStart{});
    CHECK_FALSE(room.ask<Unlocked>(Unlock{passphrase, false}).lists.ceremony_open);
    CHECK(room.ask<CeremonyOpened>(OpenCeremony{}).lists.ceremony_open);
    CHECK(room.ask<ListsRead>(ReadLists{}).lists.ceremony_open);
    clock->set_wall(clock->wall_ms() + 3'600'000);
    CHECK_FALSE(room.ask<ListsRead>(ReadLists{}).lists.ceremony_open);
    CHECK(room.ask<CeremonyOpened>(OpenCeremony{}).lists.ceremony_open);
}

TEST_CASE("what is asked before the store is open fails in words, and nothing hangs") {
    Folder folder;
    Room room(folder.path);
    room.ask<Started>(LoadStart{});
    for (const Effect& effect :
         {Effect{OpenCeremony{}}, Effect{ReadLists{}}, Effect{CopyToStick{}}, Effect{SetPin{"739164"}},
          Effect{TryPin{"739164"}}, Effect{SaveRequest{}}, Effect{ShowCertificate{3}}}) {
        auto failed = room.ask<Failed>(effect);
        CHECK(failed.trouble.job == job_of(effect));
        CHECK(failed.trouble.error.code == core::Errc::not_allowed);
    }
}

TEST_CASE("a first run that was cut short begins anew") {
    Folder folder;
    std::string first;
    {
        Room room(folder.path);
        room.ask<Started>(LoadStart{});
        first = room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase;
    }
    Room room(folder.path);
    CHECK_FALSE(room.ask<Started>(LoadStart{}).has_keyring);
    CHECK(room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase != first);
}

TEST_CASE("what opening and signing need is read while nobody waits for it") {
    Folder folder;
    auto share = folder.path / "share";
    fs::create_directories(share);
    for (const char* name : {"locale", "words"})
        fs::copy(fs::path(HANDSLAG_BINARY_DIR "/share") / name, share / name, fs::copy_options::recursive);
    Room room(folder.path, std::make_shared<core::SystemClock>(), share);
    auto ceremony = room.ask<Started>(LoadStart{}).ceremony;
    room.ask<KeyringCreated>(CreateKeyring{'A'});
    room.ask<PinSet>(SetPin{"739164"});
    room.idle();
    fs::remove_all(share);
    room.ask<CeremonyOpened>(OpenCeremony{});
    room.ask<SigningCompleted>(CompleteSigning{input_for(*ceremony, room.ask<FreshId>(NewId{}).id, 0)});
}

TEST_CASE("two kiosks never share a store") {
    Folder folder;
    Room room(folder.path);
    room.ask<Started>(LoadStart{});
    Room second(folder.path);
    CHECK(second.ask<Failed>(LoadStart{}).trouble.error.code == core::Errc::locked);
}

TEST_CASE("the recovery code opens once with a new passphrase, and the old one opens no more") {
    Folder folder;
    KeyringCreated first;
    {
        Room room(folder.path);
        room.ask<Started>(LoadStart{});
        first = room.ask<KeyringCreated>(CreateKeyring{'A'});
        room.ask<PinSet>(SetPin{"739164"});
    }
    std::string renewed;
    {
        Room room(folder.path);
        room.ask<Started>(LoadStart{});
        auto answer = room.ask<KeyringCreated>(Unlock{first.recovery_code, true});
        renewed = answer.passphrase;
        CHECK(renewed != first.passphrase);
        CHECK(answer.recovery_code.empty());
        CHECK(room.wait_for<Unlocked>().tablet.has_pin);
    }
    Room room(folder.path);
    room.ask<Started>(LoadStart{});
    CHECK(room.ask<Failed>(Unlock{first.passphrase, false}).trouble.error.code == core::Errc::wrong_secret);
    room.ask<Unlocked>(Unlock{renewed, false});
    // The sheet in the safe is as good as it was.
    CHECK(core::Keyring::open_with_recovery_code(folder.path / "store" / "keys", first.recovery_code).ok());
}

TEST_CASE("fifteen wrong PINs lock staff mode on disk, and the passphrase opens it again") {
    Folder folder;
    auto clock = std::make_shared<core::FakeClock>(core::SystemClock().wall_ms());
    std::string passphrase;
    {
        Room room(folder.path, clock);
        room.ask<Started>(LoadStart{});
        passphrase = room.ask<KeyringCreated>(CreateKeyring{'A'}).passphrase;
        room.ask<PinSet>(SetPin{"739164"});
        PinTried tried;
        for (int i = 0; i < PinTries::most_tries; ++i) {
            CHECK_FALSE(tried.locked);
            clock->advance(3'600'000);
            tried = room.ask<PinTried>(TryPin{"739165"});
        }
        CHECK(tried.locked);
        clock->advance(3'600'000);
        tried = room.ask<PinTried>(TryPin{"739164"});
        CHECK_FALSE(tried.right);
        CHECK(tried.locked);
    }
    Room room(folder.path, clock);
    room.ask<Started>(LoadStart{});
    CHECK(room.ask<Unlocked>(Unlock{passphrase, false}).tablet.pin_locked);
    CHECK(room.ask<Failed>(TryPassphrase{"fel ord"}).trouble.error.code == core::Errc::wrong_secret);
    CHECK_FALSE(room.ask<PinTried>(TryPin{"739164"}).right);
    CHECK(room.ask<PinTried>(TryPassphrase{passphrase}).right);
    CHECK(room.ask<PinTried>(TryPin{"739164"}).right);
}
