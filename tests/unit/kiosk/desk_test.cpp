#include <doctest/doctest.h>

#include "tests/unit/kiosk/fixture.h"

using namespace kiosk_test;

TEST_CASE("the ceremony opens only when the host has confirmed date and time") {
    Play play(core::Countersigning::beside, false);
    play.to_desk().act(GoTo{DeskTab::open});
    CHECK_FALSE(play.go_on().asked<OpenCeremony>());
    CHECK(play.mark(Box::date_right).go_on().asked<OpenCeremony>());
    play.act(CeremonyOpened{open_lists()});
    CHECK(play.page<DeskOverview>());
    CHECK(play.state.lists.ceremony_open);
}

TEST_CASE("the host ends Handslag on the tablet, and is asked once") {
    Play play;
    play.to_desk();
    CHECK(play.asked<ReadLists>());  // battery and disk as they are now
    play.act(EndKiosk{});
    CHECK(play.page<DeskOverview>()->ending);
    CHECK_FALSE(play.act(Dismiss{}).page<DeskOverview>()->ending);
    CHECK_FALSE(play.go_on().state.ended);
    CHECK(play.act(EndKiosk{}).go_on().state.ended);
    CHECK(play.life<Attract>());
    Play visitor;
    CHECK_FALSE(visitor.to_sign().act(EndKiosk{}).go_on().state.ended);
}

TEST_CASE("an opening that fails can be tried again") {
    Play play(core::Countersigning::beside, false);
    play.to_desk().act(GoTo{DeskTab::open}).mark(Box::date_right).go_on();
    play.act(Failed{{Job::open_ceremony, {core::Errc::clock_implausible, ""}}});
    CHECK(play.state.trouble);
    CHECK(play.act(Dismiss{}).go_on().asked<OpenCeremony>());
}

TEST_CASE("an arrival at the desk is kept durably and lets the visitor straight in") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::arrivals}).act(SelectArrival{1});
    REQUIRE(play.page<DeskArrival>());
    CHECK(play.page<DeskArrival>()->form.names == std::vector<std::string>{"Máret Šuorra", "Émile Ålund"});
    play.type(Field::check_in_name, "Émile Åhlund", 1)
        .mark(Box::identity_seen)
        .mark(Box::authority_seen)
        .go_on();
    REQUIRE(play.asked<SaveDraft>());
    CHECK(play.state.check_ins[1].complete());
    play.act(LockKiosk{}).to_find().act(ChooseOrganisation{1});
    CHECK(play.step<ReadStep>());
    CHECK(play.visit().signatories[1].name == "Émile Åhlund");
}

TEST_CASE("voiding needs a reason, and redoing brings everything but the signatures") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::signings}).act(SelectSigning{7}).act(BeginVoid{});
    CHECK_FALSE(play.go_on().asked<VoidSigning>());
    CHECK(play.page<DeskSigning>()->reason_missing);
    play.type(Field::void_reason, "Fel namn").go_on();
    REQUIRE(play.asked<VoidSigning>());
    CHECK(play.asked<VoidSigning>()->reason == "Fel namn");
    CHECK(play.act(GoTo{DeskTab::overview}).page<DeskSigning>());  // not while it is being done
    auto lists = open_lists();
    lists.signings[0].voided = true;
    auto payload = std::make_shared<core::PrivatePayload>();
    payload->language = "sv", payload->identity_seen = payload->authority_seen = true;
    payload->contact = {"Bo Ek", "bo@example.se", ""};
    play.act(SigningVoided{7, a_record(), payload, lists}).act(Redo{});
    REQUIRE(play.step<CheckStep>());
    CHECK(play.asked<NewId>());
    CHECK(play.visit().replaces == "STR26-A0001-K");
    CHECK(play.visit().signatories[0].name == "Bo Ek");
    CHECK(play.visit().email == "bo@example.se");
    CHECK_FALSE(play.visit().signatories[0].has_signed);
    play.act(FreshId{an_id()})
        .act(Change{CheckRow::representative, 0})
        .type(Field::representative_name, "Bo Ekh")
        .go_on();
    REQUIRE(play.step<SignStep>());
    play.draw().go_on();
    REQUIRE(play.step<CheckStep>());
    play.go_on().draw().go_on();
    REQUIRE(play.asked<CompleteSigning>());
    CHECK(play.asked<CompleteSigning>()->order.replaces == "STR26-A0001-K");
}

TEST_CASE("a void signing cannot be voided again") {
    Play play;
    play.state.lists.signings[0].voided = true;
    play.to_desk().act(GoTo{DeskTab::signings}).act(SelectSigning{7}).act(BeginVoid{});
    CHECK_FALSE(play.page<DeskSigning>()->voiding);
}

TEST_CASE("a waiting signing is resumed or, after a question, dropped") {
    Play play;
    play.to_check().go_on().act(SignLater{});
    auto id = play.asked<SaveDraft>()->id;
    play.act(DraftSaved{id}).go_on().to_desk().act(GoTo{DeskTab::drafts}).act(ResumeDraft{id});
    REQUIRE(play.step<CheckStep>());
    CHECK(play.visiting().by_host);
    CHECK(play.act(Back{}).life<Attract>());
    play.to_desk().act(GoTo{DeskTab::drafts}).act(DropDraftAsked{id});
    CHECK_FALSE(play.asked<DropDraft>());
    play.act(Dismiss{});
    CHECK(play.state.drafts.size() == 1);
    play.act(DropDraftAsked{id}).go_on();
    CHECK(play.asked<DropDraft>()->id == id);
    CHECK(play.state.drafts.empty());
}

TEST_CASE("closing takes the municipality's signature and ends in a sealed protocol") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::closing}).go_on();
    REQUIRE(play.page<DeskClosing>()->who == 0);
    CHECK(play.go_on().page<DeskClosing>()->refused == core::InkVerdict::empty);
    play.draw().go_on();
    REQUIRE(play.asked<CloseCeremony>());
    REQUIRE(play.asked<CloseCeremony>()->municipal.size() == 1);
    CHECK(play.asked<CloseCeremony>()->municipal[0].signatory.name == "Karin Lindqvist");
    play.act(Failed{{Job::close_ceremony, {core::Errc::disk_full, ""}}});
    CHECK_FALSE(play.page<DeskClosing>()->busy);
    CHECK(play.act(TryAgain{}).asked<CloseCeremony>());
    auto lists = open_lists();
    lists.ceremony_open = false;
    play.act(CeremonyClosed{a_certificate(), lists});
    CHECK(play.page<DeskClosed>());
    CHECK(play.go_on().page<DeskOverview>());
    CHECK(play.act(GoTo{DeskTab::closing}).page<DeskOverview>());
}

TEST_CASE("closing takes a typed name instead, and names the witness who is not the one who signs") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::closing}).go_on();
    play.type(Field::typed_name, "Karin Lindqvist").type(Field::witness, "Maria Ek");
    CHECK(play.page<DeskClosing>()->municipal[0].signature.typed_name.empty());  // nobody has said so yet
    play.draw().act(AskForHelp{}).act(Dismiss{}).act(CannotDraw{});
    REQUIRE(play.page<DeskClosing>()->types);
    CHECK(play.page<DeskClosing>()->municipal[0].signature.ink.empty());
    auto errors = [&] {
        std::vector<std::string> said;
        for (const auto& error : play.page<DeskClosing>()->errors) said.push_back(error.message);
        return said;
    };
    using Said = std::vector<std::string>;
    play.go_on();
    CHECK(errors() == Said{"sign.typed.not_the_name", "desk.closing.witness.empty"});
    play.type(Field::typed_name, "karin lindqvist").type(Field::witness, "Karin Lindqvist").go_on();
    CHECK(errors() == Said{"desk.closing.witness.oneself"});
    play.draw();
    CHECK(play.page<DeskClosing>()->municipal[0].signature.ink.empty());
    CHECK_FALSE(play.asked<CloseCeremony>());
    play.type(Field::witness, " Maria  Ek ");
    auto personal = personal_texts(play.state);
    CHECK(std::find(personal.begin(), personal.end(), " Maria  Ek ") != personal.end());
    play.go_on();
    REQUIRE(play.asked<CloseCeremony>());
    const auto& signature = play.asked<CloseCeremony>()->municipal.at(0).signature;
    CHECK(signature.kind == core::Signature::Kind::typed_witnessed);
    CHECK(signature.typed_name == "karin lindqvist");
    CHECK(signature.witness == "Maria Ek");
    CHECK(signature.signed_at_ms == play.state.wall_ms);
    CHECK(play.page<DeskClosing>()->busy);
    // What cannot be printed is typed anew; whoever goes back draws after all.
    play.act(Failed{{Job::close_ceremony, {core::Errc::undrawable_text, ""}}});
    CHECK_FALSE(play.page<DeskClosing>()->busy);
    CHECK(play.page<DeskClosing>()->types);
    CHECK(play.act(Dismiss{}).type(Field::witness, "Mia Ek").go_on().asked<CloseCeremony>());
    play.act(Failed{{Job::close_ceremony, {core::Errc::disk_full, ""}}}).act(Back{});
    CHECK_FALSE(play.page<DeskClosing>()->types);
    CHECK(play.page<DeskClosing>()->who == 0);
    CHECK(play.page<DeskClosing>()->municipal[0].signature == core::Signature{});
    CHECK(play.draw().go_on().asked<CloseCeremony>()->municipal[0].signature.kind ==
          core::Signature::Kind::drawn);
}

TEST_CASE("a ceremony that nobody countersigns does not close") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::closing}).go_on().act(SignLater{});
    CHECK_FALSE(play.asked<CloseCeremony>());
    CHECK(play.page<DeskClosing>()->who == -1);
}

TEST_CASE("the desk locks itself when the host walks away") {
    Play play;
    play.to_desk().wait(staff_idle_ms - 1);
    CHECK(play.life<Desk>());
    CHECK(play.wait(1).life<Attract>());
}

TEST_CASE("a certificate is shown again with its number and code") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::signings}).act(SelectSigning{7}).act(ShowAgain{7});
    CHECK(play.asked<ShowCertificate>()->seq == 7);
    play.act(CertificateShown{a_certificate()});
    REQUIRE(play.page<DeskCertificate>());
    CHECK(play.page<DeskCertificate>()->certificate.qr.side > 0);
    CHECK(play.act(Back{}).page<DeskSignings>());
}

TEST_CASE(
    "the desk forgets what the server holds when it is opened and when a sync ends, never beside a visit") {
    SyncState sync;
    sync.server = "kommunen.example";
    auto sending = sync, failed = sync;
    sending.stage = SyncState::Stage::sending;
    sync.words = "sync.done", sync.well = true;
    Play unknown;
    unknown.to_desk();
    CHECK(unknown.asked<KeepRetention>() == nullptr);  // no server
    Play play;
    play.act(SyncTold{sync});
    CHECK(play.asked<KeepRetention>() == nullptr);
    play.to_desk();
    CHECK(play.asked<KeepRetention>() != nullptr);
    play.act(SyncTold{sending}).act(SyncTold{sync});
    CHECK(play.asked<KeepRetention>() != nullptr);
    play.act(SyncTold{sending}).act(SyncTold{failed});
    CHECK(play.asked<KeepRetention>() == nullptr);
    Play visited;
    visited.to_read().act(SyncTold{sending}).act(SyncTold{sync});
    CHECK(visited.asked<KeepRetention>() == nullptr);
    auto lists = play.state.lists;
    lists.signings.clear();
    play.act(RetentionKept{{3, 0, false, false}, lists});
    CHECK(play.state.retained.erased == 3);
    CHECK(play.state.lists.signings.empty());
}

TEST_CASE("a ceremony from the server is chosen at the desk, only when none is open") {
    Play play;
    play.to_desk().act(GoTo{DeskTab::sync});
    auto lists = play.state.lists;
    lists.offered = std::make_shared<const std::vector<OfferedCeremony>>(std::vector<OfferedCeremony>{
        {3, "Ny", "Här", "1", {2027, 2, 4}, 1, false}, {4, "Vald", "Här", "1", {2027, 2, 4}, 1, true}});
    lists.ceremony_open = true;
    play.act(ListsRead{lists}).act(ChooseCeremony{3});
    CHECK(play.asked<UseCeremony>() == nullptr);
    lists.ceremony_open = false;
    play.act(ListsRead{lists}).act(ChooseCeremony{9});
    CHECK(play.asked<UseCeremony>() == nullptr);
    play.act(ChooseCeremony{4});
    CHECK(play.asked<UseCeremony>() == nullptr);
    play.act(ChooseCeremony{3});
    REQUIRE(play.asked<UseCeremony>() != nullptr);
    CHECK(play.asked<UseCeremony>()->position == 3);
}
