#include <doctest/doctest.h>

#include "kiosk/draft.h"
#include "kiosk/likeness.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

TEST_CASE("an expected and checked-in organisation goes from attract to done") {
    Play play;
    play.to_sealing();
    auto* asked = play.asked<CompleteSigning>();
    REQUIRE(asked);
    const auto& order = asked->order;
    CHECK(order.id == play.visit().id);
    CHECK(order.organisation.name == "Strandköpings IF");
    CHECK(order.decision.date == core::Date{2026, 3, 12});
    REQUIRE(order.representatives.size() == 1);
    CHECK(order.representatives[0].representative.name == "Åsa Öberg");
    CHECK(order.representatives[0].signature.ink.strokes.size() == 2);
    CHECK(order.municipal.size() == 1);
    CHECK(order.private_payload.contact.email == "kansli@example.se");
    CHECK(order.private_payload.identity_seen);
    CHECK_FALSE(order.private_payload.show_in_room);
    play.act(SigningCompleted{a_certificate(), open_lists()});
    REQUIRE(play.life<Done>());
    CHECK(play.life<Done>()->certificate.qr.side > 0);
    CHECK(play.asked<Wipe>());
    CHECK(play.go_on().life<Attract>());
}

TEST_CASE("stroke dynamics go into the private payload only when the municipality keeps them") {
    Play play;
    play.to_sealing();
    CHECK(play.asked<CompleteSigning>()->order.private_payload.full_ink.empty());
    for (const auto& point :
         play.asked<CompleteSigning>()->order.representatives[0].signature.ink.strokes[0].points)
        CHECK(point.t_ms == 0);
}

TEST_CASE("a closed ceremony lets nobody begin") {
    Play play(core::Countersigning::beside, false);
    CHECK(play.act(Begin{}).life<Attract>());
    CHECK(play.act(ChooseLanguage{"en"}).life<Attract>());
}

TEST_CASE("choosing a language at attract begins in that language") {
    Play play;
    play.act(ChooseLanguage{"en"});
    CHECK(play.step<PrivacyStep>());
    CHECK(play.state.language == "en");
    CHECK(play.visit().language == "en");
}

TEST_CASE(
    "whoever chooses easy Swedish reads and is spoken to in easy Swedish, until they choose otherwise") {
    Play play;
    play.to_read().act(TurnPage{3, 9}).act(ChooseLanguage{"sv_easy"});
    CHECK(play.state.language == "sv_easy");
    CHECK(play.visit().language == "sv_easy");
    CHECK(play.step<ReadStep>()->page == 0);
    play.act(ChooseLanguage{"sv"});
    CHECK(play.state.language == "sv");
    CHECK(play.visit().language == "sv");
    play.act(ChooseLanguage{"sv_easy"}).act(Finish{});
    CHECK(play.life<Attract>());
    CHECK(play.state.language == "sv");
}

TEST_CASE("of easy words nothing is told but the language of the text that was read, and that privately") {
    Play play;
    play.to_read().act(ChooseLanguage{"sv_easy"}).go_on();
    play.meet_criteria().go_on().go_on().go_on().go_on().draw().go_on().go_on().draw().go_on();
    REQUIRE(play.asked<CompleteSigning>());
    auto order = play.asked<CompleteSigning>()->order;
    CHECK(order.private_payload.language == "sv_easy");
    // Nor does a record of the same signing in plain Swedish differ anywhere else.
    Play plain;
    plain.to_sealing();
    order.private_payload.language = plain.asked<CompleteSigning>()->order.private_payload.language;
    order.private_payload.id = plain.asked<CompleteSigning>()->order.private_payload.id;
    CHECK(core::encode(order.private_payload) ==
          core::encode(plain.asked<CompleteSigning>()->order.private_payload));
}

TEST_CASE(
    "words in draft are spoken only where the ceremony says so, and the text that was read is recorded") {
    auto ceremony = std::make_shared<core::Ceremony>(*a_ceremony());
    ceremony->languages.push_back("se");
    CHECK(language_of_words(*ceremony, "se") == "sv");
    ceremony->draft_languages = {"se"};
    CHECK(language_of_words(*ceremony, "se") == "se");
    CHECK(language_of_words(*ceremony, "en_easy") == "en");
    CHECK(language_of_words(*ceremony, "da") == "sv");
    Play play{std::shared_ptr<const core::Ceremony>(ceremony)};
    play.act(ChooseLanguage{"se"});
    CHECK(play.state.language == "se");
    CHECK(play.visit().language == "sv");
    play.go_on();
    CHECK(play.state.language == "se");
}

TEST_CASE("who is not checked in waits for the host, who opens check-in right there") {
    Play play;
    play.to_find().act(ChooseOrganisation{0});
    REQUIRE(play.step<HostStep>());
    play.type(Field::pin, "281957").go_on();
    CHECK(play.asked<TryPin>()->pin == "281957");
    CHECK(play.step<HostStep>()->host.pin.typed.empty());
    play.act(PinTried{false, 0});
    CHECK(play.step<HostStep>()->host.pin.wrong);
    play.type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    REQUIRE(play.step<HostStep>()->host.admitted);
    play.type(Field::check_in_name, "Åsa Öberg-Lind").mark(Box::identity_seen).go_on();
    CHECK(play.has_error("host.both_needed"));
    play.mark(Box::authority_seen).go_on();
    CHECK(play.step<ReadStep>());
    CHECK(play.visit().signatories[0].name == "Åsa Öberg-Lind");
    REQUIRE(play.asked<SaveDraft>());
    CHECK(play.asked<SaveDraft>()->id == arrival_id(*play.state.ceremony, 0));
}

TEST_CASE("a host's PIN beside a visitor never opens the desk") {
    Play play;
    play.to_find().act(ChooseOrganisation{0}).type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    for (auto tab : {DeskTab::overview, DeskTab::signings, DeskTab::closing})
        CHECK_FALSE(play.act(GoTo{tab}).life<Desk>());
    play.act(Back{});
    CHECK(play.step<FindStep>());
    CHECK_FALSE(play.act(ChooseOrganisation{0}).step<HostStep>()->host.admitted);
}

TEST_CASE("a PIN that is answered after the person has gone opens nothing") {
    Play play;
    play.act(OpenStaff{}).type(Field::pin, "281957").go_on().act(Back{});
    CHECK(play.act(PinTried{true, 0}).life<Attract>());
}

TEST_CASE("too many tries wait, visibly, and no try is asked for meanwhile") {
    Play play;
    play.act(OpenStaff{}).type(Field::pin, "111112").go_on().act(PinTried{false, 30});
    CHECK(play.type(Field::pin, "281957").go_on().effects.empty());
    REQUIRE(next_wake_ms(play.state));
    CHECK(*next_wake_ms(play.state) <= 1000);
    play.wait(30'000);
    CHECK(play.type(Field::pin, "281957").go_on().asked<TryPin>());
}

TEST_CASE("a new informal network needs no number and meets the host") {
    Play play;
    play.new_organisation("Grannarna på Ågatan");
    CHECK(play.visit().number.empty());
    CHECK(play.visit().check_in.complete());
    CHECK(play.visit().signatories.size() == 1);
}

TEST_CASE("a personal number is refused and dropped at once") {
    Play play;
    play.to_find().act(ChooseNewOrganisation{}).type(Field::organisation_name, "Ny förening").go_on();
    play.act(Choose{Choice::form, 0, static_cast<int>(core::OrganisationForm::ekonomisk_forening)}).go_on();
    play.type(Field::organisationsnummer, "811218-9876").go_on();
    CHECK(play.has_error("organisation.number.personal"));
    CHECK(play.visit().number.empty());
    CHECK(all_texts(play.state).find("9876") == std::string::npos);
}

TEST_CASE("a wrong check digit and a missing number are told at the field") {
    Play play;
    play.to_find().act(ChooseNewOrganisation{}).type(Field::organisation_name, "Ny förening").go_on();
    play.act(Choose{Choice::form, 0, static_cast<int>(core::OrganisationForm::ekonomisk_forening)}).go_on();
    CHECK(play.go_on().has_error("organisation.number.missing"));
    CHECK(play.type(Field::organisationsnummer, "769612-3456")
              .go_on()
              .has_error("organisation.number.check_digit"));
    CHECK(play.type(Field::organisationsnummer, "76961")
              .go_on()
              .has_error("organisation.number.not_ten_digits"));
}

TEST_CASE("a number of another form warns once and never blocks") {
    Play play;
    play.to_find().act(ChooseNewOrganisation{}).type(Field::organisation_name, "Ny förening").go_on();
    play.act(Choose{Choice::form, 0, static_cast<int>(core::OrganisationForm::ekonomisk_forening)}).go_on();
    play.type(Field::organisationsnummer, "802481-1237").go_on();
    CHECK(play.step<OrganisationStep>());
    CHECK(number_warning(play.visit()) == "organisation.number.other_form");
    CHECK(play.go_on().step<HostStep>());
}

TEST_CASE("a new organisation that resembles one that has signed is told so once, and may go on") {
    using Kind = Likeness::Kind;
    struct {
        const char* name;
        std::optional<Kind> kind;
    } names[] = {{"röda  KORSET", Kind::same_name},
                 {"Roda Korset", Kind::near_name},
                 {"Föreningen Röda Korset", Kind::near_name},
                 {"Korset Röda", Kind::near_name},
                 {"Röda Kossan", std::nullopt},
                 {"Blå Korset", std::nullopt}};
    for (const auto& [name, kind] : names) {
        CAPTURE(name);
        Play play;
        play.to_find().act(ChooseNewOrganisation{}).type(Field::organisation_name, name);
        auto like = likeness(play.state, play.visit());
        CHECK((like ? std::optional(like->kind) : std::nullopt) == kind);
        play.go_on();
        CHECK(play.visit().likeness_warned == kind.has_value());
        if (kind) {
            CHECK(play.step<OrganisationStep>()->page == OrganisationStep::Page::name);
            CHECK(play.visiting().errors.empty());
            play.go_on();
        }
        CHECK(play.step<OrganisationStep>()->page == OrganisationStep::Page::form);
    }
}

TEST_CASE("the same number under another name is told, and so is a signing that waits") {
    Play play;
    play.state.lists.signings.front().organisationsnummer = "802481-1237";
    play.to_find().act(ChooseNewOrganisation{}).type(Field::organisation_name, "Ny förening").go_on();
    play.act(Choose{Choice::form, 0, static_cast<int>(core::OrganisationForm::ideell_forening)}).go_on();
    play.type(Field::organisationsnummer, "16802481-1237").go_on();
    REQUIRE(play.step<OrganisationStep>());
    CHECK(play.visit().likeness_warned);
    CHECK(likeness(play.state, play.visit())->kind == Likeness::Kind::same_number);
    play.type(Field::organisationsnummer, "802481-1237").go_on();  // what was typed anew is told anew
    CHECK(play.step<OrganisationStep>());
    CHECK(play.go_on().step<HostStep>());

    Draft draft;
    draft.id = "signing-x", draft.visit.name = "Ny Förening";
    play.state.lists.signings.clear();
    play.state.drafts.push_back(draft);
    CHECK(likeness(play.state, play.visit())->kind == Likeness::Kind::waits);
    Visit same = play.visit();
    same.draft = draft.id;
    CHECK_FALSE(likeness(play.state, same));
}

TEST_CASE(
    "whoever does not want to sign leaves with thanks, and the municipality learns why as far as it was "
    "said") {
    Play play;
    play.to_read().go_on().act(DeclineAsked{});
    REQUIRE(play.step<DeclineStep>());
    CHECK(play.act(Back{}).step<EligibilityStep>());
    play.act(DeclineAsked{}).act(Choose{Choice::decline, 0, 1}).type(Field::decline_words, "Punkt 3").go_on();
    auto* asked = play.asked<Decline>();
    REQUIRE(asked);
    CHECK(asked->what.organisation == "Strandköpings IF");
    CHECK(asked->what.reason == core::DeclineReason::content);
    CHECK(asked->what.words == "Punkt 3");
    CHECK_FALSE(play.go_on().asked<Decline>());  // once
    play.act(Failed{{Job::decline, {core::Errc::disk_full, ""}}}).act(Dismiss{}).go_on();
    REQUIRE(play.asked<Decline>());
    auto lists = open_lists();
    lists.declined.push_back({"Strandköpings IF", core::DeclineReason::content, opening_ms});
    play.act(Declined{lists});
    CHECK(play.step<DeclineStep>()->done);
    CHECK(play.state.lists.declined.size() == 1);
    CHECK(play.go_on().life<Attract>());

    Play silent;  // no reason is a reason
    silent.to_read().go_on().act(DeclineAsked{}).go_on();
    REQUIRE(silent.asked<Decline>());
    CHECK(silent.asked<Decline>()->what.reason == core::DeclineReason::unsaid);
    Play late;
    CHECK_FALSE(late.to_check().act(DeclineAsked{}).step<DeclineStep>());  // there everything is agreed to
}

TEST_CASE("one of the list that has signed is told so on the list") {
    Play play;
    play.state.lists.signings.front().organisation = play.state.ceremony->expected[0].organisation.name;
    play.to_find().act(ChooseOrganisation{0});
    CHECK(play.has_error("organisation.name.signed_already"));
    CHECK(play.step<FindStep>());
}

TEST_CASE("a must criterion blocks, a should criterion warns once") {
    Play play;
    play.to_read().go_on();
    CHECK(play.go_on().has_error("criteria.must"));
    play.mark(Box::criterion, 0).go_on();
    CHECK(play.step<EligibilityStep>());
    CHECK(play.visiting().errors.empty());
    CHECK(play.go_on().step<ChoicesStep>());
}

TEST_CASE("what the list has said is not asked again, and what it lacks is") {
    using Page = DetailsStep::Page;
    auto after_criteria = [](const std::function<void(core::ExpectedOrganisation&)>& spoil) {
        auto ceremony = std::make_shared<core::Ceremony>(*a_ceremony());
        spoil(ceremony->expected[0]);
        Play play(ceremony);
        play.single = 0;
        play.to_read().go_on().meet_criteria();
        return play;
    };
    CHECK(after_criteria([](auto&) {}).step<ChoicesStep>());
    auto play = after_criteria([](auto& expected) {
        expected.decision.date = {};
        expected.email.clear();
    });
    REQUIRE(play.step<DetailsStep>());
    CHECK(play.step<DetailsStep>()->page == Page::decision);
    play.type(Field::decision_date, "12 mars 2026").go_on();
    REQUIRE(play.step<DetailsStep>());
    CHECK(play.step<DetailsStep>()->page == Page::contact);
    CHECK(play.visit().contact_name == "Åsa Öberg");
    CHECK(play.type(Field::phone, "070-123 45 67").go_on().step<ChoicesStep>());
    // Whoever goes back sees all of it.
    CHECK(play.act(Back{}).step<DetailsStep>()->page == Page::contact);
    CHECK(play.act(Back{}).step<DetailsStep>()->page == Page::representatives);
    CHECK(play.act(Back{}).step<DetailsStep>()->page == Page::decision);
}

TEST_CASE("details are refused at their fields") {
    Play play;
    play.to_details(DetailsStep::Page::decision);
    play.type(Field::decision_body, " ").type(Field::decision_date, "31 februari 2026").go_on();
    CHECK(play.has_error("details.body.empty"));
    CHECK(play.has_error("details.date.not_a_date"));
    play.type(Field::decision_body, "Styrelsen").type(Field::decision_date, "20 november 2026").go_on();
    CHECK(play.has_error("details.date.in_future"));
    play.type(Field::decision_date, "12 mars 2026").go_on();
    play.act(Back{})
        .act(Back{})
        .act(Choose{Choice::authority, 0, 1})
        .type(Field::representative_role, "")
        .go_on();
    CHECK(play.has_error("details.authority.needs_two"));
    CHECK(play.has_error("details.role.empty"));
    play.act(Choose{Choice::authority, 0, 0}).type(Field::representative_role, "ordförande").go_on();
    play.act(Back{}).type(Field::email, "").go_on();
    CHECK(play.has_error("details.email.or_phone"));
    play.type(Field::email, "åsa").type(Field::phone, "12").go_on();
    CHECK(play.has_error("details.email.wrong"));
    CHECK(play.has_error("details.phone.wrong"));
}

TEST_CASE("going back all the way and forward again loses nothing") {
    Play play;
    play.to_sign();
    play.draw();
    auto before = play.visit();
    for (int i = 0; i < 7; ++i) play.act(Back{});
    REQUIRE(play.step<FindStep>());
    play.act(ChooseOrganisation{0});
    for (int i = 0; i < 3; ++i) play.go_on();
    REQUIRE(play.step<SignStep>());
    CHECK(play.visit() == before);
}

TEST_CASE("choosing another organisation takes nothing over from the first") {
    Play play;
    play.check_in(1).to_read().act(Back{}).act(ChooseOrganisation{1});
    CHECK(play.visit().signatories.size() == 2);
    CHECK(all_texts(play.state).find("Åsa") == std::string::npos);
    play.act(Back{}).act(ChooseNewOrganisation{});
    CHECK(play.visit().name.empty());
    CHECK(all_texts(play.state).find("Máret") == std::string::npos);
}

TEST_CASE("a change from the check leads back to the check") {
    Play play;
    play.to_check().act(Change{CheckRow::contact, 0});
    REQUIRE(play.step<DetailsStep>());
    CHECK(play.type(Field::phone, "070-123 45 67").go_on().step<CheckStep>());
    CHECK(play.visit().phone == "070-123 45 67");
}

TEST_CASE("another name under a signature drops that signature") {
    Play play;
    play.to_check()
        .act(Change{CheckRow::representative, 0})
        .type(Field::representative_name, "Någon Annan")
        .go_on();
    REQUIRE(play.step<SignStep>());
    CHECK(play.visit().signatories[0].signature.ink.empty());
    CHECK(play.draw().go_on().step<CheckStep>());
}

TEST_CASE("a way back that began at the check ends at the beginning, also without a signature") {
    Play play;
    play.to_check().act(Change{CheckRow::representative, 0}).type(Field::representative_name, "Någon Annan");
    REQUIRE(play.go_on().step<SignStep>());
    for (int i = 0; i < 8; ++i) play.act(Back{});
    CHECK(play.step<PrivacyStep>());
}

TEST_CASE("another organisation's name must be checked in anew") {
    Play play;
    play.to_check()
        .act(Change{CheckRow::organisation, 0})
        .type(Field::organisation_name, "Helt andra")
        .go_on();
    CHECK(play.step<HostStep>());
    // Nor does going back get past it.
    play.act(Back{}).act(Back{});
    REQUIRE(play.step<CheckStep>());
    CHECK(play.go_on().step<HostStep>());
}

TEST_CASE("an answer emptied by going back stops before sealing") {
    Play play;
    play.to_check().act(Change{CheckRow::decision, 0}).type(Field::decision_date, "").act(Back{});
    REQUIRE(play.step<CheckStep>());
    play.go_on();
    CHECK(play.step<DetailsStep>());
    CHECK(play.has_error("details.date.empty"));
}

TEST_CASE("a name that the certificate cannot print is told before anybody signs") {
    Play play;
    play.to_details(DetailsStep::Page::representatives);
    play.type(Field::representative_name, "Åsa 𒀀").go_on();
    REQUIRE(play.asked<CheckDrawable>());
    play.act(DrawableChecked{{"Åsa 𒀀"}});
    CHECK(play.step<DetailsStep>()->page == DetailsStep::Page::representatives);
    CHECK(play.has_error("error.undrawable"));
}

TEST_CASE("search forgives order, case, accents and slips of the finger") {
    auto ceremony = a_ceremony();
    for (const char* typed : {"strand", "IF strandköp", "strandkoping", "strnadköping", "STRANDKÖPINGS IF"})
        CHECK_MESSAGE(matching_organisations(*ceremony, typed).front() == 0, typed);
    CHECK(matching_organisations(*ceremony, "cahppes").front() == 1);
    CHECK(matching_organisations(*ceremony, "").size() == 2);
    CHECK(matching_organisations(*ceremony, "ishockey").empty());
}
