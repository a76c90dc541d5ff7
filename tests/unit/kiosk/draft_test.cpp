// A signing that waits goes on only where it began, and its ink never stands under what was changed
// afterwards.
#include "kiosk/draft.h"

#include <doctest/doctest.h>

#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

namespace {

struct Kept {
    std::shared_ptr<const core::Ceremony> ceremony;
    std::string id, content;
};

Kept kept(Play& play) {
    REQUIRE(play.asked<SaveDraft>());
    return {play.state.ceremony, play.asked<SaveDraft>()->id, play.asked<SaveDraft>()->content};
}
// All representatives have signed; the municipality comes later.
Kept for_the_municipality() {
    Play play;
    play.to_check().go_on().act(SignLater{});
    return kept(play);
}
Kept for_the_second() {
    Play play;
    play.to_second_of_two().act(SignLater{});
    return kept(play);
}

// The tablet is started again, perhaps with another folder.
Play restarted(const Kept& draft, std::shared_ptr<const core::Ceremony> ceremony = nullptr) {
    Play play(ceremony ? std::move(ceremony) : draft.ceremony);
    return play.act(Unlocked{play.state.tablet, open_lists(), {{draft.id, draft.content}}});
}
Play resumed(const Kept& draft, std::shared_ptr<const core::Ceremony> ceremony = nullptr) {
    auto play = restarted(draft, std::move(ceremony));
    return play.to_desk().act(GoTo{DeskTab::drafts}).act(ResumeDraft{draft.id});
}

template <class Change>
std::shared_ptr<const core::Ceremony> changed(const Kept& draft, const Change& change) {
    auto ceremony = std::make_shared<core::Ceremony>(*draft.ceremony);
    change(*ceremony);
    return ceremony;
}

bool is_told(const State& state, std::string_view words) {
    return state.trouble && words_for(state.trouble->error).message == "trouble." + std::string(words);
}

struct Edit {
    const char* what;
    std::function<void(Play&)> make;  // from the check and back to signing
};
const std::vector<Edit>& edits() {
    static const std::vector<Edit> all = {
        {"name",
         [](Play& p) {
             p.act(Change{CheckRow::organisation, 0}).type(Field::organisation_name, "Annat namn").go_on();
             // Another name is checked in anew.
             REQUIRE(p.step<HostStep>());
             p.type(Field::pin, "281957").go_on().act(PinTried{true, 0});
             p.mark(Box::identity_seen).mark(Box::authority_seen).go_on();
         }},
        {"place",
         [](Play& p) {
             p.act(Change{CheckRow::organisation, 0}).type(Field::place, "Annan ort").go_on();
         }},
        {"form",
         [](Play& p) {
             p.act(Change{CheckRow::form, 0})
                 .act(Choose{Choice::form, 0, static_cast<int>(core::OrganisationForm::natverk)})
                 .go_on();
         }},
        {"number",
         [](Play& p) {
             p.act(Change{CheckRow::number, 0}).type(Field::organisationsnummer, "802002-8711");
             p.state.lists.signings.clear();
             p.go_on();
         }},
        {"decision",
         [](Play& p) {
             p.act(Change{CheckRow::decision, 0}).type(Field::decision_body, "Styrelsen").go_on();
         }},
        {"date, and left by going back",
         [](Play& p) {
             p.act(Change{CheckRow::decision, 0}).type(Field::decision_date, "2026-03-13").act(Back{});
         }},
        {"role",
         [](Play& p) {
             p.act(Change{CheckRow::representative, 0}).type(Field::representative_role, "kassör").go_on();
         }},
        {"one more who signs",
         [](Play& p) {
             p.act(Change{CheckRow::representative, 0}).act(AddRepresentative{});
             p.type(Field::representative_name, "Bo Ek", 1).type(Field::representative_role, "kassör", 1);
             p.go_on();
         }},
    };
    return all;
}

void change_contact(Play& play) {
    play.act(Change{CheckRow::contact, 0}).type(Field::email, "annan@example.se").go_on();
}

}  // namespace

TEST_CASE("a signing that waits for another ceremony, or under another text, is listed but never resumed") {
    auto draft = for_the_second();
    auto ceremony_of_tomorrow =
        changed(draft, [](core::Ceremony& c) { c.id = core::CeremonyId::make(opening_ms + 5); });
    auto other_text =
        changed(draft, [](core::Ceremony& c) { c.agreement.digest = core::AgreementDigest::of({}); });
    for (const auto& ceremony : {ceremony_of_tomorrow, other_text}) {
        auto play = resumed(draft, ceremony);
        REQUIRE(play.state.drafts.size() == 1);
        CHECK_FALSE(waits_here(*play.state.ceremony, play.state.drafts[0]));
        CHECK(play.page<DeskDrafts>());
        CHECK(is_told(play.state, told::another_ceremony));

        play.act(Dismiss{}).act(DropDraftAsked{draft.id});
        CHECK_FALSE(play.asked<DropDraft>());
        CHECK(play.go_on().asked<DropDraft>()->id == draft.id);
        CHECK(play.state.drafts.empty());

        auto visitor = restarted(draft, ceremony);
        visitor.to_find().act(ResumeDraft{draft.id});
        CHECK(visitor.step<FindStep>());
        CHECK(visitor.visit().name.empty());
        CHECK(is_told(visitor.state, told::another_ceremony));
        // It hides nobody in the list of those who may sign here.
        CHECK_FALSE(visitor.state.drafts[0].visit.expected);
    }
    auto here = restarted(draft);
    CHECK(waits_here(*here.state.ceremony, here.state.drafts[0]));
    CHECK(resumed(draft).step<SignStep>());
}

TEST_CASE(
    "the place in the list of the expected follows the name, and is given up when it stands there no more") {
    auto draft = for_the_second();
    CHECK(restarted(draft).state.drafts[0].visit.expected == 1);
    auto shorter = changed(draft, [](core::Ceremony& c) { c.expected.pop_back(); });
    auto reordered = changed(draft, [](core::Ceremony& c) { std::swap(c.expected[0], c.expected[1]); });
    for (const auto& [ceremony, place] :
         {std::pair{shorter, std::optional<int>()}, std::pair{reordered, std::optional(0)}}) {
        auto play = resumed(draft, ceremony);
        REQUIRE(play.step<SignStep>());
        CHECK(play.visit().expected == place);
        CHECK(play.draw().go_on().step<CheckStep>());
    }
}

TEST_CASE("a draft that does not say of which ceremony and text it is is refused kindly") {
    auto draft = for_the_second();
    REQUIRE(decode_draft(draft.id, draft.content).ok());
    for (std::string field : {"agreement", "ceremony"}) {
        for (bool whole : {true, false}) {
            auto from = draft.content.find("\"" + field + "\":\"");
            REQUIRE(from != std::string::npos);
            auto content = draft.content;
            auto end = content.find("\",", from);
            if (whole)
                content.erase(from, end + 2 - from);
            else
                content.erase(end - 1, 1);  // one digit short
            auto decoded = decode_draft(draft.id, content);
            REQUIRE_FALSE(decoded.ok());
            CHECK(decoded.error().code == core::Errc::malformed);
            auto play = restarted({draft.ceremony, draft.id, content});
            CHECK(play.state.drafts.empty());
            CHECK(play.state.trouble);
        }
    }
}

TEST_CASE("what is changed after the municipality signed is signed by the municipality anew") {
    for (const auto& edit : edits()) {
        CAPTURE(edit.what);
        // Two sign for the municipality, so that one has signed while the person can still go back.
        auto ceremony = std::make_shared<core::Ceremony>(*a_ceremony());
        ceremony->signatories.push_back({"Per Berg", "kommundirektör"});
        ceremony->agreement.networks_may_sign = true;
        Play two(ceremony);
        two.to_check().go_on().draw().go_on();
        REQUIRE(two.step<MunicipalityStep>()->who == 1);
        two.act(Back{}).act(Back{});
        REQUIRE(two.step<CheckStep>());
        edit.make(two);
        CHECK(two.visit().municipal.empty());
        CHECK(is_told(two.state, told::changed_since_countersigned));
        CHECK(two.visit().signatories[0].has_signed);  // still at the tablet, and sees the check
    }
    Play play;
    play.to_check().go_on().draw().act(Back{});
    change_contact(play);
    CHECK_FALSE(play.state.trouble);
    CHECK_FALSE(play.visit().municipal[0].signature.ink.empty());
}

TEST_CASE("another tick under a criterion is another content") {
    Play play;
    play.to_check().go_on().draw().act(Back{});
    play.act(Back{}).act(Back{}).act(Back{}).act(Back{}).act(Back{}).act(Back{});
    REQUIRE(play.step<EligibilityStep>());
    play.act(Mark{Box::criterion, 1, false}).go_on().go_on();  // warned once
    play.go_on();
    REQUIRE(play.step<SignStep>());
    CHECK(play.visit().municipal.empty());
}

TEST_CASE("what is changed in a resumed signing is signed by everybody anew, and that is said") {
    auto draft = for_the_municipality();
    for (const auto& edit : edits()) {
        CAPTURE(edit.what);
        auto play = resumed(draft);
        REQUIRE(play.step<CheckStep>());
        REQUIRE(play.visit().signatories[0].has_signed);
        edit.make(play);
        REQUIRE(play.step<SignStep>());
        CHECK(play.step<SignStep>()->who == 0);
        CHECK_FALSE(play.visit().signatories[0].has_signed);
        CHECK(play.visit().signatories[0].signature.ink.empty());
        CHECK(play.act(Dismiss{}).go_on().step<SignStep>()->refused == core::InkVerdict::empty);
    }
}

TEST_CASE("a resumed signing says why it must be signed anew, and is then sealed with the new ink alone") {
    auto draft = for_the_municipality();
    auto play = resumed(draft);
    play.act(Change{CheckRow::decision, 0}).type(Field::decision_body, "Styrelsen").go_on();
    CHECK(is_told(play.state, told::changed_since_signed));
    play.wait(60'000).act(Dismiss{});
    auto signed_again_ms = play.state.wall_ms;
    play.draw().go_on();
    REQUIRE(play.step<CheckStep>());
    CHECK_FALSE(play.state.trouble);
    play.go_on().draw().go_on();
    REQUIRE(play.asked<CompleteSigning>());
    const auto& order = play.asked<CompleteSigning>()->order;
    CHECK(order.decision.body == "Styrelsen");
    CHECK(order.representatives[0].signature.signed_at_ms == signed_again_ms);
}

TEST_CASE("one who signed and left keeps the signature when the second changes nothing that was signed") {
    auto play = resumed(for_the_second());
    play.draw().go_on();
    REQUIRE(play.step<CheckStep>());
    change_contact(play);
    REQUIRE(play.step<CheckStep>());
    CHECK(everybody_signed(play.visit()));
    CHECK_FALSE(play.state.trouble);
    play.act(Change{CheckRow::decision, 0}).type(Field::decision_body, "Styrelsen").go_on();
    CHECK(play.step<SignStep>()->who == 0);
    CHECK(first_unsigned(play.visit()) == 0);
    CHECK_FALSE(play.visit().signatories[1].has_signed);
}

TEST_CASE("a kept signing that the municipality has signed in part loses that ink, too, when it is changed") {
    auto ceremony = std::make_shared<core::Ceremony>(*a_ceremony());
    ceremony->signatories.push_back({"Per Berg", "kommundirektör"});
    Play first(ceremony);
    first.to_check().go_on().draw().go_on().act(SignLater{});
    auto draft = kept(first);
    auto same = resumed(draft);
    CHECK(same.go_on().visit().municipal[0].signature.signed_at_ms != 0);
    auto play = resumed(draft);
    play.act(Change{CheckRow::decision, 0}).type(Field::decision_body, "Styrelsen").go_on();
    CHECK(play.visit().municipal.empty());
    CHECK(is_told(play.state, told::changed_since_signed));

    // Somebody else signs for the municipality now.
    auto other =
        resumed(draft, changed(draft, [](core::Ceremony& c) { c.signatories[0].name = "Eva Holm"; }));
    other.go_on();
    REQUIRE(other.step<MunicipalityStep>());
    CHECK(other.visit().municipal[0].signatory.name == "Eva Holm");
    CHECK(other.visit().municipal[0].signature.ink.empty());
}

TEST_CASE("a name that the host corrects does not keep another's signature") {
    Play play;
    play.to_check()
        .act(Change{CheckRow::organisation, 0})
        .type(Field::organisation_name, "Annat namn")
        .go_on();
    REQUIRE(play.step<HostStep>());
    play.type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    play.type(Field::check_in_name, "Åsa Öberg-Lind").mark(Box::identity_seen).mark(Box::authority_seen);
    play.go_on();
    REQUIRE(play.step<SignStep>());
    CHECK(play.visit().signatories[0].name == "Åsa Öberg-Lind");
    CHECK(play.visit().signatories[0].signature.ink.empty());
}
