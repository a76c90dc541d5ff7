// Forms on paper: written for whoever has not signed, and entered when they come back signed.
#include <doctest/doctest.h>

#include "kiosk/draft.h"
#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

TEST_CASE("a form that came back signed becomes a certificate that says so") {
    Play play;
    play.to_paper();
    REQUIRE(play.step<PaperStep>());
    play.go_on();
    for (const char* error : {"paper.not_signed", "paper.municipality_not_signed", "paper.both_needed"})
        CHECK(play.has_error(error));
    CHECK(play.step<PaperStep>());
    play.fill_in_paper().go_on();
    REQUIRE(play.step<CheckStep>());
    play.go_on();
    auto* asked = play.asked<CompleteSigning>();
    REQUIRE(asked);
    const auto& order = asked->order;
    std::int64_t day = core::from_swedish_time({{2026, 11, 19}, 0, 0, 0});
    REQUIRE(order.representatives.size() == 1);
    CHECK(order.representatives[0].signature.kind == core::Signature::Kind::on_paper);
    CHECK(order.representatives[0].signature.signed_at_ms == day);
    REQUIRE(order.municipal.size() == 1);
    CHECK(order.municipal[0].signature.signed_at_ms == day);
    CHECK(order.private_payload.full_ink.empty());
    CHECK(order.private_payload.identity_seen);
    play.act(SigningCompleted{a_certificate(), open_lists()});
    auto* page = play.page<DeskPaper>();
    REQUIRE(page);
    CHECK(page->entered == a_certificate().certificate_number);
    CHECK(play.asked<Wipe>());
}

TEST_CASE("the date on a form has been, and is not older than the agreement") {
    auto error_for = [](const char* typed) {
        auto ceremony = std::make_shared<core::Ceremony>(*a_ceremony());
        ceremony->agreement.adoption.date = {2026, 4, 28};
        Play play(ceremony);
        play.to_paper().fill_in_paper().type(Field::paper_date, typed).go_on();
        return play.visiting().errors.empty() ? std::string() : play.visiting().errors[0].message;
    };
    CHECK(error_for("") == "paper.date.empty");
    CHECK(error_for("igår") == "paper.date.wrong");
    CHECK(error_for("2026-11-20") == "paper.date.wrong");
    CHECK(error_for("1998-03-01") == "paper.date.before_agreement");
    CHECK(error_for("19 november 2026").empty());
}

TEST_CASE("a form is not older than the organisation's own decision") {
    Play play;
    play.to_paper().fill_in_paper().go_on();
    REQUIRE(play.step<CheckStep>());
    play.act(Change{CheckRow::decision, 0}).type(Field::decision_date, "2026-11-18").go_on();
    REQUIRE(play.step<CheckStep>());
    play.act(Back{}).type(Field::paper_date, "2026-11-17").go_on();
    CHECK(play.has_error("paper.date.before_decision"));
    play.type(Field::paper_date, "2026-11-18").go_on();
    CHECK(play.step<CheckStep>());
}

TEST_CASE("what is ticked anew and left by going back is sealed with the form's day") {
    Play play;
    play.to_paper().fill_in_paper().go_on();
    play.act(Change{CheckRow::signature, 0}).act(Mark{Box::paper_municipal, 0, false});
    play.act(Mark{Box::paper_municipal, 0, true}).act(Back{});
    REQUIRE(play.step<CheckStep>());
    play.go_on();
    auto* asked = play.asked<CompleteSigning>();
    REQUIRE(asked);
    CHECK(asked->order.municipal[0].signature.signed_at_ms ==
          core::from_swedish_time({{2026, 11, 19}, 0, 0, 0}));
}

TEST_CASE("another representative than the one that was ticked has not signed") {
    Play play;
    play.to_paper().fill_in_paper().go_on();
    play.act(Change{CheckRow::representative, 0}).type(Field::representative_name, "Någon Annan").go_on();
    CHECK(play.step<PaperStep>());
    play.mark(Box::paper_signed).go_on();
    CHECK(play.step<CheckStep>());
    CHECK(play.visit().signatories[0].name == "Någon Annan");
}

TEST_CASE("the host goes back from a form to the page of forms, and nothing of it stays") {
    Play play;
    play.to_paper().act(Back{});
    CHECK(play.step<ChoicesStep>());
    play.act(Back{}).act(Back{}).act(Back{}).act(Back{});
    REQUIRE(play.step<EligibilityStep>());
    play.act(Back{});
    REQUIRE(play.step<FindStep>());
    play.act(Back{});
    CHECK(play.page<DeskPaper>());
    CHECK(play.asked<Wipe>());
}

TEST_CASE("a form that waits is gone on with at the desk, and not by a visitor") {
    Play play;
    play.to_paper().fill_in_paper().go_on().go_on();
    play.act(Failed{{Job::complete_signing, {core::Errc::disk_full, ""}}});
    auto kept = *play.asked<SaveDraft>();
    play.act(DraftSaved{kept.id}).act(Finish{});
    REQUIRE(play.life<Attract>());
    play.to_find().act(ResumeDraft{kept.id});
    CHECK(play.step<FindStep>());
    play.act(Finish{}).to_desk().act(GoTo{DeskTab::drafts}).act(ResumeDraft{kept.id});
    REQUIRE(play.step<CheckStep>());
    CHECK(play.visit().on_paper);
    play.go_on().act(SigningCompleted{a_certificate(), open_lists()});
    CHECK(play.page<DeskPaper>());
}

TEST_CASE("no form is entered while the ceremony is not open, and none twice") {
    Play closed(core::Countersigning::beside, false);
    closed.to_desk().act(GoTo{DeskTab::paper}).act(EnterPaper{});
    CHECK(closed.page<DeskPaper>());
    Play play;
    play.state.lists.signings[0].organisation = play.state.ceremony->expected[0].organisation.name;
    play.state.lists.signings[0].voided = false;
    play.to_desk().act(GoTo{DeskTab::paper}).act(EnterPaper{}).act(ChooseOrganisation{0});
    CHECK(play.step<FindStep>());
    CHECK(play.has_error("organisation.name.signed_already"));
}

TEST_CASE("forms go to a stick or a printer, and the page says how that went") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::paper}).act(FormsAsked{FormsTo::printer});
    REQUIRE(play.asked<WriteForms>());
    play.act(FormsAsked{FormsTo::stick});
    CHECK(play.effects.empty());  // one after another
    play.act(FormsWritten{FormsTo::printer, Printing::out_of_paper});
    CHECK(play.page<DeskPaper>()->printing == Printing::out_of_paper);
    play.act(FormsAsked{FormsTo::stick}).act(FormsWritten{FormsTo::stick, Printing::not_yet});
    CHECK(play.page<DeskPaper>()->saved);
    play.act(FormsAsked{FormsTo::stick}).act(Failed{{Job::write_forms, {core::Errc::disk_full, ""}}});
    CHECK_FALSE(play.page<DeskPaper>()->busy);
    CHECK(play.state.trouble);
}

TEST_CASE("a form whose sealing failed waits as it was entered") {
    Play play;
    play.to_paper().fill_in_paper().go_on().go_on();
    play.act(Failed{{Job::complete_signing, {core::Errc::disk_full, ""}}});
    auto* kept = play.asked<SaveDraft>();
    REQUIRE(kept);
    auto draft = decode_draft(kept->id, kept->content);
    REQUIRE(draft.ok());
    CHECK(draft->visit.on_paper);
    CHECK(draft->visit.paper_date == "2026-11-19");
    CHECK(draft->visit.signatories[0].signature.kind == core::Signature::Kind::on_paper);
    CHECK(encode(*draft) == kept->content);
}
