#include <algorithm>

#include <doctest/doctest.h>

#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

struct Fresh : Play {
    Fresh() {
        auto updated = start();
        REQUIRE(updated.effects.size() == 1);
        state = std::move(updated.state);
        act(Tick{opening_ms, 1'000}).act(Started{a_ceremony(), nullptr, {}, false});
    }
};

}  // namespace

TEST_CASE("the first run makes keys, shows the secrets once, asks for two words and a PIN") {
    Fresh play;
    play.act(Choose{Choice::letter, 0, 1}).go_on();
    CHECK(play.asked<CreateKeyring>()->letter == 'B');
    CHECK_FALSE(play.go_on().asked<CreateKeyring>());  // once
    play.act(KeyringCreated{"ek sjö ren is grå mås", "ABCD-EFGH"});
    Tablet tablet;
    tablet.letter = 'B';
    play.act(Unlocked{tablet, {}, {}});
    REQUIRE(play.life<FirstRun>());
    play.go_on();
    auto confirm = std::get<FirstRun::Confirm>(play.life<FirstRun>()->step);
    CHECK(confirm.first < confirm.second);
    play.type(Field::word, "fel", 0).type(Field::word, "fel", 1).go_on();
    CHECK(std::get<FirstRun::Confirm>(play.life<FirstRun>()->step).wrong);
    std::vector<std::string> words{"ek", "sjö", "ren", "is", "grå", "mås"};
    play.type(Field::word, words[static_cast<std::size_t>(confirm.first - 1)], 0);
    play.type(Field::word, words[static_cast<std::size_t>(confirm.second - 1)], 1).go_on();
    REQUIRE(play.life<ChoosePin>());
    CHECK(all_texts(play.state).find("mås") == std::string::npos);
    play.type(Field::pin, "28195").go_on();
    CHECK(play.life<ChoosePin>()->error == "pin.not_six_digits");
    play.type(Field::pin, "123456").type(Field::pin_again, "123456").go_on();
    CHECK(play.life<ChoosePin>()->error == "pin.too_easy");
    play.type(Field::pin, "281957").type(Field::pin_again, "281958").go_on();
    CHECK(play.life<ChoosePin>()->error == "pin.not_the_same");
    play.type(Field::pin_again, "281957").go_on();
    CHECK(play.asked<SetPin>()->pin == "281957");
    play.act(PinSet{});
    REQUIRE(play.life<AwaitCertificate>());
    CHECK_FALSE(play.act(SaveRequestAsked{}).asked<SaveRequest>());
    play.type(Field::pin, "281957").go_on();
    CHECK(play.asked<TryPin>()->pin == "281957");
    CHECK(play.act(PinTried{true, 0}).asked<SaveRequest>());
    play.act(RequestSaved{}).act(InstallCertificateAsked{});
    CHECK(play.life<AwaitCertificate>()->request_saved);
    CHECK_FALSE(play.asked<InstallCertificate>());
    play.type(Field::pin, "281957").go_on();
    CHECK(play.act(PinTried{true, 0}).asked<InstallCertificate>());
    tablet.has_pin = tablet.has_seal_certificate = true;
    CHECK(play.act(CertificateInstalled{tablet}).life<Attract>());
}

TEST_CASE("a certificate for another key is refused and can be fetched again") {
    Fresh play;
    play.state.life = AwaitCertificate{true, false, {}, {}};
    auto install = [&]() -> Play& {
        return play.act(InstallCertificateAsked{}).type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    };
    install().act(Failed{{Job::install_certificate, {core::Errc::conflict, ""}}});
    CHECK(play.state.trouble);
    play.act(Dismiss{});
    CHECK(install().asked<InstallCertificate>());
}

TEST_CASE("whoever does not know the PIN neither takes the request nor installs a certificate") {
    Fresh play;
    play.state.life = AwaitCertificate{};
    play.act(SaveRequestAsked{}).type(Field::pin, "281957").go_on().act(PinTried{false, 0});
    CHECK_FALSE(play.asked<SaveRequest>());
    CHECK(play.life<AwaitCertificate>()->pin.wrong);
    play.act(Back{}).act(PinTried{true, 0});  // nobody asked
    CHECK_FALSE(play.asked<SaveRequest>());
    play.act(InstallCertificateAsked{}).type(Field::pin, "281957").wait(60'000);
    CHECK_FALSE(play.life<AwaitCertificate>()->wanted);  // left standing, it asks anew
    CHECK(play.life<AwaitCertificate>()->pin.typed.empty());
}

TEST_CASE("after too many wrong PINs the passphrase opens the desk, and nothing else does") {
    Play play;
    play.act(OpenStaff{}).type(Field::pin, "281957").go_on().act(PinTried{false, 0, true});
    CHECK(play.state.tablet.pin_locked);
    CHECK_FALSE(play.life<AskPin>()->pin.wrong);  // what follows is no answer to a passphrase
    play.type(Field::pin, "281957");
    CHECK(play.life<AskPin>()->pin.typed.empty());
    play.type(Field::passphrase, "fel ord").go_on();
    CHECK_FALSE(play.asked<TryPin>());
    CHECK(play.asked<TryPassphrase>()->secret == "fel ord");
    play.act(Failed{{Job::try_passphrase, {core::Errc::wrong_secret, ""}}});
    CHECK(play.life<AskPin>()->pin.wrong);
    CHECK(play.state.tablet.pin_locked);
    play.type(Field::passphrase, "ett två tre fyra fem sex").go_on().act(PinTried{true, 0});
    REQUIRE(play.life<Desk>());
    CHECK_FALSE(play.state.tablet.pin_locked);
}

TEST_CASE("beside a visitor the passphrase helps as well, and the visit goes on") {
    Play play;
    play.state.tablet.pin_locked = true;
    play.to_find().act(ChooseOrganisation{play.single});
    REQUIRE(play.step<HostStep>());
    play.type(Field::passphrase, "ett två tre fyra fem sex").go_on();
    CHECK(play.asked<TryPassphrase>());
    play.act(PinTried{true, 0});
    CHECK(play.step<HostStep>()->host.admitted);
}

TEST_CASE("a passphrase that opened the tablet stands nowhere afterwards") {
    Fresh play;
    play.state.life = AskPassphrase{};
    play.type(Field::passphrase, "ek sjö ren is grå mås").go_on();
    Tablet tablet;
    tablet.has_pin = tablet.has_seal_certificate = true;
    play.act(Unlocked{tablet, {}, {}});
    REQUIRE(play.life<Attract>());
    CHECK(play.asked<Wipe>());
    CHECK(all_texts(play.state).find("mås") == std::string::npos);
}

TEST_CASE("a wrong passphrase is told and wiped; a broken store stops with its words") {
    Fresh play;
    play.state.life = AskPassphrase{};
    play.type(Field::passphrase, "hemlig fras").go_on();
    CHECK(play.asked<Unlock>()->secret == "hemlig fras");
    play.act(Failed{{Job::unlock, {core::Errc::wrong_secret, ""}}});
    CHECK(play.life<AskPassphrase>()->wrong);
    CHECK(all_texts(play.state).find("hemlig") == std::string::npos);
    play.type(Field::passphrase, "ny fras")
        .go_on()
        .act(Failed{{Job::unlock, {core::Errc::newer_version, ""}}});
    REQUIRE(play.life<CannotStart>());
    CHECK(play.act(TryAgain{}).asked<LoadStart>());
}

TEST_CASE("the recovery code opens, and a new passphrase is shown before anything else") {
    Fresh play;
    play.state.life = AskPassphrase{};
    play.act(UseRecoveryCode{true}).type(Field::passphrase, "ABCD-EFGH").go_on();
    CHECK(play.asked<Unlock>()->recovery);
    play.act(KeyringCreated{"nya ord som ingen har sett", ""});
    REQUIRE(play.life<FirstRun>());
    CHECK(play.life<FirstRun>()->renewed);
    CHECK(all_texts(play.state).find("ABCD") == std::string::npos);
    Tablet tablet;
    tablet.has_pin = tablet.has_seal_certificate = true;
    play.act(Unlocked{tablet, {}, {}});
    REQUIRE(play.life<FirstRun>());  // it waits until the words are written down
    play.go_on();
    auto confirm = std::get<FirstRun::Confirm>(play.life<FirstRun>()->step);
    std::vector<std::string> words{"nya", "ord", "som", "ingen", "har", "sett"};
    play.type(Field::word, words[static_cast<std::size_t>(confirm.first - 1)], 0);
    play.type(Field::word, words[static_cast<std::size_t>(confirm.second - 1)], 1).go_on();
    CHECK(play.life<Attract>());
}

TEST_CASE("a ceremony with mistakes lists them all") {
    Play play;
    play.state = start().state;
    play.act(Started{nullptr, nullptr, {{"agreement.toml", 12, "fel", "gör så"}}, true});
    REQUIRE(play.life<CannotStart>());
    CHECK(play.life<CannotStart>()->problems.size() == 1);
}

TEST_CASE("every error has its own words, and a throttled one says how long") {
    std::vector<std::string> seen;
    for (int code = 0; code <= static_cast<int>(core::Errc::internal); ++code) {
        auto wording = words_for({static_cast<core::Errc>(code), ""});
        CHECK(std::find(seen.begin(), seen.end(), wording.message) == seen.end());
        seen.push_back(wording.message);
        CHECK_FALSE(wording.remedy.empty());
    }
    CHECK(words_for({core::Errc::throttled, "wait 25 s"}).wait_s == 25);
    CHECK(words_for({core::Errc::throttled, "no number"}).wait_s > 0);
}

TEST_CASE("every effect has the job that its failure names") {
    CHECK(job_of(LoadStart{}) == Job::load_start);
    CHECK(job_of(CreateKeyring{}) == Job::create_keyring);
    CHECK(job_of(Unlock{}) == Job::unlock);
    CHECK(job_of(SetPin{}) == Job::set_pin);
    CHECK(job_of(TryPin{}) == Job::try_pin);
    CHECK(job_of(TryPassphrase{}) == Job::try_passphrase);
    CHECK(job_of(SaveRequest{}) == Job::save_request);
    CHECK(job_of(InstallCertificate{}) == Job::install_certificate);
    CHECK(job_of(OpenCeremony{}) == Job::open_ceremony);
    CHECK(job_of(SaveDraft{}) == Job::save_draft);
    CHECK(job_of(DropDraft{}) == Job::drop_draft);
    CHECK(job_of(NewId{}) == Job::new_id);
    CHECK(job_of(CheckDrawable{}) == Job::check_drawable);
    CHECK(job_of(CompleteSigning{}) == Job::complete_signing);
    CHECK(job_of(VoidSigning{}) == Job::void_signing);
    CHECK(job_of(ShowCertificate{}) == Job::show_certificate);
    CHECK(job_of(CloseCeremony{}) == Job::close_ceremony);
    CHECK(job_of(HandOver{}) == Job::hand_over);
    CHECK(job_of(CopyToStick{}) == Job::copy_to_stick);
    CHECK(job_of(ReadLists{}) == Job::read_lists);
    CHECK(job_of(KeepRetention{}) == Job::keep_retention);
    CHECK(job_of(UseCeremony{}) == Job::use_ceremony);
    CHECK(job_of(Wipe{}) == Job::wipe);
}
