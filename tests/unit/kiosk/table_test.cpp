// Screen x Action as one table: every action on every screen leaves a legal state, and whoever comes next
// sees nothing of whoever was there.
#include <functional>

#include <doctest/doctest.h>

#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

constexpr std::int32_t far_away = 9'000'000;

std::shared_ptr<const core::Ceremony> a_ceremony_without_its_first() {
    auto shorter = std::make_shared<core::Ceremony>(*a_ceremony());
    shorter->expected.erase(shorter->expected.begin());
    return shorter;
}

std::vector<Action> actions() {
    std::vector<Action> all{Touched{},
                            Begin{},
                            ChooseLanguage{"en"},
                            ChooseLanguage{"xx"},
                            SetTextSize{TextSize::largest},
                            SetContrast{Contrast::high},
                            SetSteadiness{Steadiness::strong},
                            SetVoice{true},
                            SetVolume{-99},
                            ReadAgain{},
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
                            FormsAsked{FormsTo::printer},
                            FormsWritten{FormsTo::stick, Printing::sent},
                            EnterPaper{},
                            DeclineAsked{},
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
                            ChooseCeremony{4},
                            ChooseCeremony{999},
                            CopyToStickAsked{},
                            LockKiosk{},
                            EndKiosk{},
                            Tick{opening_ms + 500, 1'500},
                            Started{a_ceremony(), nullptr, {}, true},
                            KeyringCreated{"a b c d e f", "X"},
                            Unlocked{{}, open_lists(), {{"signing-x", "{"}, {"arrival-0", "nej"}}},
                            PinSet{},
                            PinTried{true, 0},
                            PinTried{false, 30},
                            PinTried{false, 0, true},
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
                            PrintAsked{},
                            Printed{a_certificate().seq, Printing::out_of_paper},
                            Printed{999, Printing::printed},
                            CopiedToStick{2, open_lists()},
                            ListsRead{open_lists()},
                            ExpectedChanged{a_ceremony_without_its_first()},
                            Declined{open_lists()},
                            SyncTold{},
                            SyncTold{{"kommunen.example", SyncState::Stage::sending, 9, 2, "", false}},
                            RetentionKept{{3, 1, true, false}, open_lists()},
                            HeadphonesChanged{Jack::in},
                            ClockJumped{},
                            HeadphonesChanged{Jack::out},
                            RoomScreenChanged{true},
                            RoomScreenChanged{false},
                            StickChanged{}};
    for (int field = 0; field <= static_cast<int>(Field::invitation); ++field)
        for (int index : {0, 1, -1, 77})
            all.push_back(Type{static_cast<Field>(field), index, "Hemligt Namn"});
    all.push_back(Type{Field::search, 0, "\xFF\xFE"});
    for (int box = 0; box <= static_cast<int>(Box::room_contrast); ++box)
        for (int index : {0, -1, 77}) all.push_back(Mark{static_cast<Box>(box), index, true});
    for (int choice = 0; choice <= static_cast<int>(Choice::decline); ++choice)
        for (int option : {0, -1, 5, 77}) all.push_back(Choose{static_cast<Choice>(choice), 0, option});
    for (int row = 0; row <= static_cast<int>(CheckRow::signature); ++row)
        for (int index : {0, -1, 77}) all.push_back(Change{static_cast<CheckRow>(row), index});
    for (int tab = 0; tab <= static_cast<int>(DeskTab::room); ++tab)
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
    for (const auto& [name, make, buttons] : screens(a_ceremony())) {
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
    for (const auto& [name, make, buttons] : screens(a_ceremony())) {
        CAPTURE(name);
        Play play = make();
        bool personal = play.life<Visiting>() || play.life<Done>();
        if (!personal) continue;
        for (const auto& action : all)
            if (auto* type = std::get_if<Type>(&action)) play.act(*type);
        play.act(SetTextSize{TextSize::largest})
            .act(SetContrast{Contrast::high})
            .act(SetSteadiness{Steadiness::strong})
            .act(Touched{});
        if (auto* sealing = play.step<SealingStep>(); sealing || play.step<LaterStep>())
            continue;  // kept on purpose, see sign_test
        play.wait(host_wait_ms);
        REQUIRE(play.life<Attract>());
        CHECK(play.asked<Wipe>());
        CHECK(all_texts(play.state).find("Hemligt Namn") == std::string::npos);
        // What waits durably for its second signature is the store's, and whole; there is nothing else.
        if (play.state.drafts.empty())
            CHECK(all_texts(play.state).find_first_not_of("\n") == std::string::npos);
        CHECK(play.state.text_size == TextSize::normal);
        CHECK(play.state.contrast == Contrast::light);
        CHECK(play.state.steadiness == Steadiness::off);
        CHECK(play.state.language == "sv");
    }
}

TEST_CASE("after two minutes a warning counts down, and one tap stays") {
    Play play;
    play.to_sign().wait(idle_wipe_ms - idle_countdown_ms - 1);
    CHECK_FALSE(idle_countdown_s(play.state));
    CHECK(*next_wake_ms(play.state) <= 2);
    play.wait(1);
    CHECK(idle_countdown_s(play.state) == 45);
    play.wait(20'000);
    CHECK(idle_countdown_s(play.state) == 25);
    // The finger that answers the question must not answer it by landing.
    CHECK(idle_countdown_s(play.act(Touched{}).state) == 25);
    CHECK_FALSE(idle_countdown_s(play.act(Dismiss{}).state));
    CHECK(play.step<SignStep>());
}

TEST_CASE("who was away while the tablet slept is asked for a whole countdown; after ten minutes nobody is") {
    Play play;
    play.to_sign().wait(idle_wipe_ms + 60'000);
    REQUIRE(play.step<SignStep>());
    CHECK(idle_countdown_s(play.state) == 45);
    // Asleep once more, in the countdown: it was seen, and nobody answered.
    play.wait(idle_countdown_ms);
    CHECK(play.life<Attract>());

    Play gone;
    gone.to_sign().wait(away_ms);
    CHECK(gone.life<Attract>());
    CHECK(gone.asked<Wipe>());

    Play pen;  // the wake-up is a finger: it answers nothing by landing, and hides nothing
    pen.to_sign().wait(idle_wipe_ms).act(Touched{});
    CHECK(idle_countdown_s(pen.state) == 45);
}

TEST_CASE("what a clock that jumped has changed is read where there is a store") {
    Play play;
    CHECK(play.to_desk().act(ClockJumped{}).asked<ReadLists>());
    CHECK_FALSE(Play().act(ClockJumped{}).asked<Wipe>());
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
