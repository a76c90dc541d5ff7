// The effect thread with the real keyring, store and certificates: every Effect is answered, and what was
// answered lasts.
#include "kiosk/effects.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include <doctest/doctest.h>

#include "core/base/file.h"
#include "core/certificate/verify.h"

namespace {

namespace fs = std::filesystem;
using namespace kiosk;

struct Folder {
    fs::path path;
    Folder() {
        char name[] = "/tmp/handslag-effects-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { fs::remove_all(path); }
};

// A kiosk without screens: asks, and waits for the answer.
class Room {
  public:
    explicit Room(const fs::path& folder,
                  std::shared_ptr<const core::Clock> clock = std::make_shared<core::SystemClock>())
        : folder_(folder),
          effects_(settings(folder, std::move(clock)), [this](Action action) { take(std::move(action)); }) {}

    template <class Answer>
    Answer ask(Effect effect) {
        effects_.ask(std::move(effect));
        return wait_for<Answer>();
    }
    template <class Answer>
    Answer wait_for() {
        std::unique_lock lock(mutex_);
        while (true) {
            bool came = arrived_.wait_for(lock, std::chrono::seconds(30), [&] { return !answers_.empty(); });
            REQUIRE_MESSAGE(came, "no answer");
            Action action = std::move(answers_.front());
            answers_.pop_front();
            if (auto* answer = std::get_if<Answer>(&action)) return std::move(*answer);
            if (auto* failed = std::get_if<Failed>(&action)) FAIL(failed->trouble.error.detail);
        }
    }
    void plug_in(const std::string& name) { fs::create_directories(folder_ / "media" / name); }

  private:
    static EffectSettings settings(const fs::path& folder, std::shared_ptr<const core::Clock> clock) {
        fs::create_directories(folder / "media");
        EffectSettings settings;
        settings.ceremony_dir = fs::path(HANDSLAG_SOURCE_DIR) / "assets" / "demo";
        settings.store_dir = folder / "store";
        settings.share_dir = fs::path(HANDSLAG_BINARY_DIR) / "share";
        settings.sticks = {folder / "host", {folder / "media"}, false};
        settings.clock = std::move(clock);
        settings.demonstration = true;
        return settings;
    }
    void take(Action action) {
        std::lock_guard lock(mutex_);
        answers_.push_back(std::move(action));
        arrived_.notify_one();
    }

    fs::path folder_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<Action> answers_;
    Effects effects_;
};

core::Signature drawn(std::int64_t at_ms) {
    core::Signature signature;
    signature.signed_at_ms = at_ms;
    signature.ink.width_um = 150'000;
    signature.ink.height_um = 50'000;
    core::Stroke stroke;
    for (int i = 0; i < 40; ++i)
        stroke.points.push_back(
            {20'000 + i * 2'000, 25'000 + (i % 8 < 4 ? 1 : -1) * (i % 4) * 3'000, i * 10, 0});
    signature.ink.strokes.push_back(stroke);
    return signature;
}

core::SigningInput input_for(const core::Ceremony& ceremony, const core::SigningId& id, int expected) {
    const auto& row = ceremony.expected.at(static_cast<std::size_t>(expected));
    auto now = core::SystemClock().wall_ms();
    core::SigningInput input;
    input.id = id;
    input.organisation = row.organisation;
    input.decision = row.decision.body.empty()
                         ? core::Decision{"Styrelsen", core::parse_iso_date("2026-11-02")}
                         : row.decision;
    for (const auto& criterion : ceremony.agreement.criteria)
        input.criteria.push_back({criterion.id, criterion.strength, true});
    for (const auto& one : row.representatives) input.representatives.push_back({one, drawn(now)});
    for (const auto& one : ceremony.signatories) input.municipal.push_back({one, drawn(now)});
    input.private_payload.id = id;
    input.private_payload.language = "sv";
    input.private_payload.contact = {row.representatives.front().name, "a@example.org", ""};
    input.private_payload.identity_seen = input.private_payload.authority_seen = true;
    input.private_payload.show_in_room = true;
    return input;
}

}  // namespace

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
        CHECK(done.lists.signings.front().may_show);
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

TEST_CASE("two kiosks never share a store") {
    Folder folder;
    Room room(folder.path);
    room.ask<Started>(LoadStart{});
    Room second(folder.path);
    CHECK(second.ask<Failed>(LoadStart{}).trouble.error.code == core::Errc::locked);
}
