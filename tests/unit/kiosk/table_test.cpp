// Screen x Action as one table: every action on every screen leaves a legal state, and whoever comes next
// sees nothing of whoever was there.
#include <functional>

#include <doctest/doctest.h>

#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

using Make = std::function<Play()>;

Play with_life(Life life) {
    Play play;
    play.state.life = std::move(life);
    return play;
}

Play a_joint_one() {
    Play play;
    play.check_in(1).to_find().act(ChooseOrganisation{1}).go_on();
    play.mark(Box::criterion, 0).mark(Box::criterion, 1).go_on().go_on().go_on().go_on().go_on();
    return play.draw().go_on();
}

std::vector<std::pair<const char*, Make>> screens() {
    auto at_desk = [](const Action& action) { return [action] { return Play().to_desk().act(action); }; };
    return {
        {"starting", [] { return with_life(Starting{}); }},
        {"cannot start",
         [] {
             return with_life(CannotStart{Trouble{}, {}});
         }},
        {"first run: letter", [] { return with_life(FirstRun{FirstRun::ChooseLetter{}}); }},
        {"first run: secrets",
         [] {
             return with_life(FirstRun{FirstRun::WriteDown{"a b c d e f", "X"}});
         }},
        {"first run: confirm",
         [] {
             return with_life(FirstRun{FirstRun::Confirm{"a b c d e f", "X", 2, 5, "", "", false}});
         }},
        {"passphrase", [] { return with_life(AskPassphrase{}); }},
        {"choose pin", [] { return with_life(ChoosePin{}); }},
        {"await certificate", [] { return with_life(AwaitCertificate{}); }},
        {"attract", [] { return Play(); }},
        {"attract, closed", [] { return Play(core::Countersigning::beside, false); }},
        {"pin", [] { return Play().act(OpenStaff{}); }},
        {"language", [] { return Play().act(Begin{}); }},
        {"privacy", [] { return Play().act(ChooseLanguage{"sv"}); }},
        {"find", [] { return Play().to_find(); }},
        {"organisation", [] { return Play().to_find().act(ChooseNewOrganisation{}); }},
        {"host", [] { return Play().to_find().act(ChooseOrganisation{0}); }},
        {"host, admitted",
         [] {
             return Play()
                 .to_find()
                 .act(ChooseOrganisation{0})
                 .type(Field::pin, "281957")
                 .go_on()
                 .act(PinTried{true, 0});
         }},
        {"read", [] { return Play().to_read(); }},
        {"eligibility", [] { return Play().to_read().go_on(); }},
        {"decision",
         [] { return Play().to_read().go_on().mark(Box::criterion, 0).mark(Box::criterion, 1).go_on(); }},
        {"representatives",
         [] {
             return Play().to_read().go_on().mark(Box::criterion, 0).mark(Box::criterion, 1).go_on().go_on();
         }},
        {"sign", [] { return Play().to_sign(); }},
        {"sign, second of two", a_joint_one},
        {"sign, witnessed",
         [] {
             return Play()
                 .to_sign()
                 .act(CannotDraw{})
                 .type(Field::pin, "281957")
                 .go_on()
                 .act(PinTried{true, 0});
         }},
        {"check", [] { return Play().to_check(); }},
        {"municipality", [] { return Play().to_check().go_on(); }},
        {"municipality at closing", [] { return Play(core::Countersigning::closing).to_check().go_on(); }},
        {"sealing", [] { return Play().to_sealing(); }},
        {"sealing, failed",
         [] {
             return Play().to_sealing().act(Failed{{Job::complete_signing, {core::Errc::crypto, ""}}});
         }},
        {"later", [] { return a_joint_one().act(SignLater{}); }},
        {"done",
         [] {
             return Play().to_sealing().act(SigningCompleted{a_certificate(), open_lists()});
         }},
        {"desk", [] { return Play().to_desk(); }},
        {"desk: open", at_desk(GoTo{DeskTab::open})},
        {"desk: arrivals", at_desk(GoTo{DeskTab::arrivals})},
        {"desk: arrival", [] { return Play().to_desk().act(GoTo{DeskTab::arrivals}).act(SelectArrival{0}); }},
        {"desk: signings", at_desk(GoTo{DeskTab::signings})},
        {"desk: void",
         [] { return Play().to_desk().act(GoTo{DeskTab::signings}).act(SelectSigning{7}).act(BeginVoid{}); }},
        {"desk: drafts", at_desk(GoTo{DeskTab::drafts})},
        {"desk: closing", [] { return Play().to_desk().act(GoTo{DeskTab::closing}).go_on(); }},
    };
}

constexpr std::int32_t far_away = 9'000'000;

std::vector<Action> actions() {
    std::vector<Action> all{Touched{},
                            Begin{},
                            ChooseLanguage{"en"},
                            ChooseLanguage{"xx"},
                            SetTextSize{TextSize::largest},
                            SetContrast{Contrast::high},
                            Back{},
                            Continue{},
                            AskForHelp{},
                            Dismiss{},
                            TurnPage{-4, 0},
                            TurnPage{99, 3},
                            OpenTerm{"idéburen"},
                            ChooseOrganisation{0},
                            ChooseOrganisation{-1},
                            ChooseOrganisation{99},
                            ChooseNewOrganisation{},
                            ResumeDraft{"nej"},
                            DropDraftAsked{"nej"},
                            AddRepresentative{},
                            RemoveRepresentative{0},
                            RemoveRepresentative{-1},
                            AddInk{AddInk::What::begin, {10, 10, 0, 0}, 160'000, 60'000},
                            AddInk{AddInk::What::move, {-9, far_away, -5, -5}, 160'000, 60'000},
                            AddInk{AddInk::What::end, {10, 10, 0, 0}, 0, -1},
                            AddInk{AddInk::What::cancel, {}, 160'000, 60'000},
                            UndoStroke{},
                            RestartInk{},
                            CannotDraw{},
                            SignLater{},
                            TryAgain{},
                            HandOverTo{"/nowhere"},
                            Finish{},
                            OpenStaff{},
                            UseRecoveryCode{true},
                            SaveRequestAsked{},
                            InstallCertificateAsked{},
                            SelectArrival{0},
                            SelectArrival{-1},
                            SelectSigning{7},
                            SelectSigning{999},
                            BeginVoid{},
                            Redo{},
                            ShowAgain{7},
                            ShowAgain{999},
                            CopyToStickAsked{},
                            LockKiosk{},
                            Tick{opening_ms + 500, 1'500},
                            Started{a_ceremony(), nullptr, {}, true},
                            KeyringCreated{"a b c d e f", "X"},
                            Unlocked{{}, open_lists(), {{"signing-x", "{"}, {"arrival-0", "nej"}}},
                            PinSet{},
                            PinTried{true, 0},
                            PinTried{false, 30},
                            RequestSaved{},
                            CertificateInstalled{},
                            CeremonyOpened{open_lists()},
                            DraftSaved{"signing-x"},
                            FreshId{an_id()},
                            DrawableChecked{{"Åsa Öberg"}},
                            SigningCompleted{a_certificate(), open_lists()},
                            SigningVoided{7, a_record(), nullptr, open_lists()},
                            SigningVoided{7, nullptr, nullptr, open_lists()},
                            CertificateShown{a_certificate()},
                            CeremonyClosed{a_certificate(), open_lists()},
                            HandedOver{},
                            CopiedToStick{2, open_lists()},
                            ListsRead{open_lists()},
                            StickChanged{}};
    for (int field = 0; field <= static_cast<int>(Field::void_reason); ++field)
        for (int index : {0, 1, -1, 77})
            all.push_back(Type{static_cast<Field>(field), index, "Hemligt Namn"});
    all.push_back(Type{Field::search, 0, "\xFF\xFE"});
    for (int box = 0; box <= static_cast<int>(Box::date_right); ++box)
        for (int index : {0, -1, 77}) all.push_back(Mark{static_cast<Box>(box), index, true});
    for (int choice = 0; choice <= static_cast<int>(Choice::letter); ++choice)
        for (int option : {0, -1, 5, 77}) all.push_back(Choose{static_cast<Choice>(choice), 0, option});
    for (int row = 0; row <= static_cast<int>(CheckRow::signature); ++row)
        for (int index : {0, -1, 77}) all.push_back(Change{static_cast<CheckRow>(row), index});
    for (int tab = 0; tab <= static_cast<int>(DeskTab::closing); ++tab)
        all.push_back(GoTo{static_cast<DeskTab>(tab)});
    for (int job = 0; job <= static_cast<int>(Job::wipe); ++job)
        all.push_back(Failed{{static_cast<Job>(job), {core::Errc::disk_full, ""}}});
    return all;
}

bool is_staff(const State& state) { return std::holds_alternative<Desk>(state.life); }

void check_legal(const State& state) {
    if (auto* visiting = std::get_if<Visiting>(&state.life)) {
        const auto& visit = visiting->visit;
        if (auto* sign = std::get_if<SignStep>(&visiting->step))
            CHECK(static_cast<std::size_t>(sign->who) < visit.signatories.size());
        if (auto* step = std::get_if<MunicipalityStep>(&visiting->step); step && !visit.municipal.empty())
            CHECK(static_cast<std::size_t>(step->who) < visit.municipal.size());
        if (auto* details = std::get_if<DetailsStep>(&visiting->step);
            details && details->page == DetailsStep::Page::representatives)
            CHECK_FALSE(visit.signatories.empty());
        if (visit.expected)
            CHECK(static_cast<std::size_t>(*visit.expected) < state.ceremony->expected.size());
        CHECK(visit.criteria.size() == state.ceremony->agreement.criteria.size());
    }
    auto* desk = std::get_if<Desk>(&state.life);
    auto* closing = desk ? std::get_if<DeskClosing>(&desk->page) : nullptr;
    if (closing && closing->who >= 0)
        CHECK(static_cast<std::size_t>(closing->who) < closing->municipal.size());
    if (auto wake = next_wake_ms(state)) CHECK(*wake > 0);
    CHECK(done_countdown_s(state) >= 0);
}

}  // namespace

TEST_CASE("every action on every screen leaves a legal state, twice over") {
    auto all = actions();
    for (const auto& [name, make] : screens()) {
        CAPTURE(name);
        const Play base = make();
        for (std::size_t i = 0; i < all.size(); ++i) {
            CAPTURE(i);
            Play play = base;
            bool staff_before = is_staff(play.state);
            play.act(all[i]);
            check_legal(play.state);
            // Only the PIN's right answer, where the PIN was asked for, leads to the desk.
            if (!staff_before && is_staff(play.state)) CHECK(std::get_if<AskPin>(&base.state.life));
            play.go_on().act(all[i]);
            check_legal(play.state);
            play.act(Back{});
            check_legal(play.state);
        }
    }
}

TEST_CASE("whatever a person did, on whatever screen, is gone when the tablet is left") {
    auto all = actions();
    for (const auto& [name, make] : screens()) {
        CAPTURE(name);
        Play play = make();
        bool personal = play.life<Visiting>() || play.life<Done>();
        if (!personal) continue;
        for (const auto& action : all)
            if (auto* type = std::get_if<Type>(&action)) play.act(*type);
        play.act(SetTextSize{TextSize::largest}).act(SetContrast{Contrast::high}).act(Touched{});
        if (auto* sealing = play.step<SealingStep>(); sealing || play.step<LaterStep>())
            continue;  // kept on purpose, see sign_test
        play.wait(host_wait_ms);
        REQUIRE(play.life<Attract>());
        CHECK(play.asked<Wipe>());
        CHECK(all_texts(play.state).find_first_not_of("\n") == std::string::npos);
        CHECK(play.state.text_size == TextSize::normal);
        CHECK(play.state.contrast == Contrast::light);
        CHECK(play.state.language == "sv");
    }
}

TEST_CASE("after two minutes a warning counts down, and one tap stays") {
    Play play;
    play.to_sign().wait(idle_warn_ms - 1);
    CHECK_FALSE(idle_countdown_s(play.state));
    CHECK(*next_wake_ms(play.state) <= 2);
    play.wait(1);
    CHECK(idle_countdown_s(play.state) == 45);
    play.wait(20'000);
    CHECK(idle_countdown_s(play.state) == 25);
    play.act(Touched{});
    CHECK_FALSE(idle_countdown_s(play.state));
    CHECK(play.step<SignStep>());
}

TEST_CASE("a pen in use is never idle") {
    Play play;
    play.to_sign();
    for (int i = 0; i < 10; ++i) {
        play.wait(100'000);
        play.act(AddInk{AddInk::What::begin, {10'000 + i, 10, i, 0}, 160'000, 60'000});
    }
    CHECK(play.step<SignStep>());
}

TEST_CASE("whoever waits for the host is not hurried away") {
    Play play;
    play.to_find().act(ChooseOrganisation{0}).wait(300'000);
    CHECK(play.step<HostStep>());
    CHECK_FALSE(idle_countdown_s(play.state));
}

TEST_CASE("nothing wakes an untouched tablet at attract") {
    Play play;
    play.state.lists.signings.clear();
    CHECK_FALSE(next_wake_ms(play.state));
    play.act(SetTextSize{TextSize::large});
    CHECK(next_wake_ms(play.state));
    play.wait(60'000);
    CHECK(play.state.text_size == TextSize::normal);
    CHECK_FALSE(next_wake_ms(play.state));
}
