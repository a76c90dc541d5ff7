#include "tests/unit/kiosk/fixture.h"

namespace kiosk_test {
namespace {

// By the host's hand, after a signing or without one.
Play to_the_room(Play play, bool signed_now) {
    if (signed_now) play.act(SigningCompleted{a_certificate(), room_lists()});
    play.to_desk().act(GoTo{DeskTab::room}).go_on();
    return play;
}

}  // namespace

std::vector<Screen> screens(const std::shared_ptr<const core::Ceremony>& ceremony) {
    auto play = [ceremony] { return Play(ceremony); };
    auto closing = std::make_shared<core::Ceremony>(*ceremony);
    closing->countersigning = core::Countersigning::closing;
    auto with_life = [play](Life life) {
        return [play, life] {
            auto p = play();
            p.state.life = life;
            return p;
        };
    };
    auto at_desk = [play](const Action& action) {
        return [play, action] { return play().to_desk().act(action); };
    };
    auto admit = [](Play& p) -> Play& { return p.type(Field::pin, "281957").go_on().act(PinTried{true, 0}); };
    auto to_network = [](Play& p) -> Play& {
        return p.to_find().act(ChooseNewOrganisation{}).type(Field::organisation_name, "Grannarna på Ågatan");
    };
    auto form = [](core::OrganisationForm f) { return Choose{Choice::form, 0, static_cast<int>(f)}; };
    using Page = DetailsStep::Page;
    auto details = [play](Page page) { return play().to_details(page); };
    core::Error full{core::Errc::disk_full, ""};
    std::string passphrase = "ek sjö ren is grå mås", code = "7KQ2-M9XT-4B0F-ZC8D-W3HN-R5JA-E1GP-6SVY";
    return {
        {"starting", with_life(Starting{})},
        {"cannot_start", with_life(CannotStart{Trouble{Job::unlock, {core::Errc::newer_version, ""}}, {}})},
        {"cannot_start_problems",
         with_life(CannotStart{
             {},
             {{"agreement.toml", 12, "Datumet finns inte: 2026-02-31", "Skriv till exempel 2026-02-28"}}})},
        {"first_run_letter", with_life(FirstRun{FirstRun::ChooseLetter{}, false})},
        {"first_run_secrets", with_life(FirstRun{FirstRun::WriteDown{passphrase, code}, false})},
        {"first_run_confirm",
         with_life(FirstRun{FirstRun::Confirm{passphrase, code, 2, 5, "", "", true}, false})},
        {"renewed_passphrase", with_life(FirstRun{FirstRun::WriteDown{passphrase, ""}, true})},
        {"passphrase", with_life(AskPassphrase{false, "", false, true})},
        {"choose_pin", with_life(ChoosePin{"281957", "281958", "pin.not_the_same", false})},
        {"await_certificate", with_life(AwaitCertificate{true, false, {}, {}})},
        {"await_pin", with_life(AwaitCertificate{true, false, AwaitCertificate::Wanted::install, {}})},
        {"attract", play},
        {"attract_closed", [ceremony] { return Play(ceremony, false); }},
        {"room_newest", [play] { return to_the_room(play(), true); }},
        {"room_one_of_all", [play] { return to_the_room(play(), true).wait(room_newest_ms); }},
        {"room_welcome",
         [play] {
             auto p = play();
             p.state.lists.signings.clear();
             return to_the_room(std::move(p), false);
         }},
        {"room_nobody_agreed",
         [play] {
             auto p = play();
             for (auto& line : p.state.lists.signings) line.shown = nullptr;
             return to_the_room(std::move(p), false);
         }},
        {"room_everybody", [ceremony] { return to_the_room(Play(ceremony, false), false); }},
        {"attract_trouble",
         [play, full] {
             return play().act(Failed{{Job::save_draft, full}});
         }},
        {"pin", [play] { return play().act(OpenStaff{}); }},
        {"pin_throttled",
         [play] {
             return play().act(OpenStaff{}).type(Field::pin, "281957").go_on().act(PinTried{false, 30});
         }},
        {"pin_locked",
         [play] {
             return play().act(OpenStaff{}).type(Field::pin, "281957").go_on().act(PinTried{false, 0, true});
         }},
        {"language", [play] { return play().act(Begin{}); }},
        {"privacy", [play] { return play().act(ChooseLanguage{"sv"}); }},
        {"find", [play] { return play().to_find(); }},
        {"find_search", [play] { return play().to_find().type(Field::search, "str"); }},
        {"find_waiting",
         [play] {
             auto p = play().to_second_of_two().act(SignLater{});
             return p.act(DraftSaved{p.asked<SaveDraft>()->id}).go_on().to_find();
         }},
        {"organisation_name", [play] { return play().to_find().act(ChooseNewOrganisation{}); }},
        {"organisation_name_wrong", [play] { return play().to_find().act(ChooseNewOrganisation{}).go_on(); }},
        {"organisation_form",
         [=] {
             auto p = play();
             return to_network(p).go_on().act(form(core::OrganisationForm::annan));
         }},
        {"organisation_number",
         [=] {
             auto p = play();
             return to_network(p)
                 .go_on()
                 .act(form(core::OrganisationForm::ekonomisk_forening))
                 .go_on()
                 .type(Field::organisationsnummer, "802481-1237")
                 .go_on();
         }},
        {"keys_row", [play] { return play().to_find().act(ChooseNewOrganisation{}); }, "TET"},
        {"keys_key", [play] { return play().to_find().act(ChooseNewOrganisation{}); }, "TETETTTTTTTTTT"},
        {"keys_way_out", [play] { return play().to_find().act(ChooseNewOrganisation{}); }, "TETTETTTTTTTTT"},
        {"keys_done", [play] { return play().to_find().act(ChooseNewOrganisation{}); }, "TETTTTTT"},
        {"keys_email", [details] { return details(Page::contact); }, "TTETTTTETT"},
        {"keys_pin", [play] { return play().to_find().act(ChooseOrganisation{0}); }, "TETETT"},
        {"host", [play] { return play().to_find().act(ChooseOrganisation{0}); }},
        {"host_check_in",
         [=] {
             auto p = play().to_find().act(ChooseOrganisation{0});
             return admit(p);
         }},
        {"host_check_in_wrong",
         [=] {
             auto p = play().to_find().act(ChooseOrganisation{0});
             return admit(p).go_on();
         }},
        {"read", [play] { return play().to_read(); }},
        {"read_term",
         [play, ceremony] {
             return play().to_read().act(OpenTerm{ceremony->agreement.original().glossary.front().word});
         }},
        {"eligibility", [play] { return play().to_read().go_on().mark(Box::criterion, 0).go_on(); }},
        {"decision", [details] { return details(Page::decision); }},
        {"decision_wrong",
         [details] { return details(Page::decision).type(Field::decision_date, "31 februari").go_on(); }},
        {"representatives", [details] { return details(Page::representatives); }},
        {"representatives_wrong",
         [details] {
             auto p = details(Page::representatives).type(Field::representative_name, "");
             return p.type(Field::representative_role, "").act(AddRepresentative{}).go_on();
         }},
        {"representatives_two",
         [play] {
             auto p = play();
             return p.check_in(p.joint)
                 .to_find()
                 .act(ChooseOrganisation{p.joint})
                 .go_on()
                 .meet_criteria()
                 .act(Back{})
                 .act(Back{});
         }},
        {"contact", [details] { return details(Page::contact); }},
        {"choices", [play] { return play().to_read().go_on().meet_criteria(); }},
        {"sign", [play] { return play().to_sign(); }},
        {"sign_drawn", [play] { return play().to_sign().draw(); }},
        {"sign_refused", [play] { return play().to_sign().go_on(); }},
        {"sign_help", [play] { return play().to_sign().act(AskForHelp{}); }},
        {"sign_second", [play] { return play().to_second_of_two(); }},
        {"sign_typed",
         [=] {
             auto p = play().to_sign().act(CannotDraw{});
             return admit(p);
         }},
        {"sign_typed_wrong",
         [=] {
             auto p = play().to_sign().act(CannotDraw{});
             return admit(p).type(Field::typed_name, "Göran").go_on();
         }},
        {"check", [play] { return play().to_check(); }},
        {"check_two", [play] { return play().to_second_of_two().draw().go_on(); }},
        {"municipality", [play] { return play().to_check().go_on(); }},
        {"municipality_typed",
         [=] {
             auto p = play().to_check().go_on().act(CannotDraw{});
             return admit(p);
         }},
        {"municipality_closing", [closing] { return Play(closing).to_check().go_on(); }},
        {"sealing", [play] { return play().to_sealing(); }},
        {"sealing_failed",
         [play, full] {
             return play().to_sealing().act(Failed{{Job::complete_signing, full}});
         }},
        {"desk_health",
         [play] {
             auto p = play().to_desk();
             p.state.lists.health = {14, true, 120'000'000, Health::Clock::behind};
             return p;
         }},
        {"desk_seal_revoked",
         [play] {
             auto p = play().to_desk();
             p.state.lists.seal_revoked = true, p.state.lists.ceremony_open = false;
             return p;
         }},
        {"desk_enrol", [play] { return play().to_desk().act(GoTo{DeskTab::sync}); }},
        {"desk_sync",
         [play] {
             auto p = play().to_desk().act(GoTo{DeskTab::sync});
             p.state.lists.unsent = 12;
             return p.act(SyncTold{{"handslag.strandkoping.example:8443", SyncState::Stage::idle, 0, 0,
                                    "sync.trouble.cut", false}});
         }},
        {"desk_sync_listed",  // in an open ceremony, when the rest did not get through
         [play] {
             SyncState sync;
             sync.server = "handslag.strandkoping.example:8443", sync.words = "sync.trouble.cut";
             sync.listed = 34;
             auto p = play().to_desk().act(GoTo{DeskTab::sync});
             p.state.lists.unsent = 2;
             return p.act(SyncTold{sync});
         }},
        {"desk_sync_revoked",
         [play] {
             SyncState sync;
             sync.server = "handslag.strandkoping.example:8443", sync.words = "sync.kept_apart";
             sync.standing = SyncState::Standing::revoked, sync.unreadable = 1;
             auto p = play().to_desk().act(GoTo{DeskTab::sync}).act(SyncTold{sync});
             return p.act(RetentionKept{{31, 4, true, true}, p.state.lists});
         }},
        {"desk_sync_ceremonies",
         [play] {
             SyncState sync;
             sync.server = "handslag.strandkoping.example:8443", sync.words = "sync.done", sync.well = true;
             sync.listed = 34;
             auto p = play().to_desk().act(GoTo{DeskTab::sync}).act(SyncTold{sync});
             auto lists = p.state.lists;
             lists.ceremony_open = false, lists.unsent = 0;
             lists.offered =
                 std::make_shared<const std::vector<OfferedCeremony>>(std::vector<OfferedCeremony>{
                     {3,
                      "Andra undertecknandet av överenskommelsen",
                      "Biblioteket",
                      "1.1",
                      {2027, 2, 4},
                      31,
                      false},
                     {5, "Undertecknande på årsmötet", "Folkets hus", "1.1", {2027, 3, 11}, 1, true}});
             return p.act(ListsRead{lists});
         }},
        {"desk_revoked",
         [play] {
             SyncState sync;
             sync.server = "handslag.strandkoping.example:8443";
             sync.standing = SyncState::Standing::revoked;
             return play().to_desk().act(SyncTold{sync});
         }},
        {"desk_sync_sending",
         [play] {
             return play()
                 .to_desk()
                 .act(GoTo{DeskTab::sync})
                 .act(SyncTold{
                     {"handslag.strandkoping.example:8443", SyncState::Stage::sending, 59, 23, "", false}});
         }},
        {"desk_end", [play] { return play().to_desk().act(EndKiosk{}); }},
        {"decline", [play] { return play().to_read().go_on().act(DeclineAsked{}); }},
        {"declined",
         [play] { return play().to_read().go_on().act(DeclineAsked{}).go_on().act(Declined{open_lists()}); }},
        {"later_saving", [play] { return play().to_second_of_two().act(SignLater{}); }},
        {"later",
         [play] {
             auto p = play().to_second_of_two().act(SignLater{});
             return p.act(DraftSaved{p.asked<SaveDraft>()->id});
         }},
        {"later_failed",
         [play, full] {
             return play().to_second_of_two().act(SignLater{}).act(Failed{{Job::save_draft, full}});
         }},
        {"idle", [play] { return play().to_read().wait(idle_wipe_ms - idle_countdown_ms).wait(5'000); }},
        {"done",
         [play] {
             return play()
                 .to_sealing()
                 .act(SigningCompleted{a_certificate(), open_lists()})
                 .act(StickChanged{{{"/media/x", "USB", Stick::Whose::visitor}}});
         }},
        {"done_personal",
         [play] {
             return play().to_sealing().act(SigningCompleted{a_personal_certificate(), open_lists()});
         }},
        {"desk",
         [play] {
             return play().to_desk().act(StickChanged{{{"/media/h", "USB", Stick::Whose::host}}});
         }},
        {"desk_closed_ceremony", [ceremony] { return Play(ceremony, false).to_desk(); }},
        {"desk_open",
         [ceremony] {
             return Play(ceremony, false).to_desk().act(GoTo{DeskTab::open}).mark(Box::date_right);
         }},
        {"desk_arrivals",
         [play] {
             auto p = play();
             return p.check_in(p.single).to_desk().act(GoTo{DeskTab::arrivals});
         }},
        {"desk_arrival",
         [play] {
             auto p = play();
             return p.to_desk().act(GoTo{DeskTab::arrivals}).act(SelectArrival{p.joint});
         }},
        {"desk_signings", at_desk(GoTo{DeskTab::signings})},
        {"desk_signing",
         [play] { return play().to_desk().act(GoTo{DeskTab::signings}).act(SelectSigning{7}); }},
        {"desk_void",
         [play] {
             return play()
                 .to_desk()
                 .act(GoTo{DeskTab::signings})
                 .act(SelectSigning{7})
                 .act(BeginVoid{})
                 .go_on();
         }},
        {"desk_voided",
         [play] {
             auto lists = open_lists();
             lists.signings[0].voided = true, lists.signings[0].void_reason = "Fel namn";
             auto p = play()
                          .to_desk()
                          .act(GoTo{DeskTab::signings})
                          .act(SelectSigning{7})
                          .act(BeginVoid{})
                          .type(Field::void_reason, "Fel namn")
                          .go_on();
             return p.act(SigningVoided{7, a_record(), nullptr, lists});
         }},
        {"desk_certificate",
         [play] {
             return play().to_desk().act(GoTo{DeskTab::signings}).act(CertificateShown{a_certificate()});
         }},
        {"desk_certificate_printer",
         [play] {
             auto shown = a_certificate();
             shown.printer = "Stadshuset-plan-2", shown.printing = Printing::out_of_paper;
             return play().to_desk().act(GoTo{DeskTab::signings}).act(CertificateShown{shown});
         }},
        {"desk_ends_soon",
         [play] {
             auto p = play().to_desk();
             p.state.tablet.seals_until_ms = p.state.wall_ms + 12 * 86'400'000LL;
             return p;
         }},
        {"desk_ended",
         [play] {
             auto p = play().to_desk();
             p.state.tablet.seals_until_ms = p.state.wall_ms - 1;
             return p;
         }},
        {"desk_open_not_yet",
         [ceremony] {
             auto p = Play(ceremony, false).to_desk().act(GoTo{DeskTab::open});
             p.state.tablet.seals_from_ms = p.state.wall_ms + 86'400'000LL;
             p.state.tablet.seals_until_ms = p.state.wall_ms + 99 * 86'400'000LL;
             return p;
         }},
        {"desk_paper",
         [play] {
             return play()
                 .to_desk()
                 .act(StickChanged{{{"/media/h", "USB", Stick::Whose::host}}})
                 .act(GoTo{DeskTab::paper})
                 .act(FormsAsked{FormsTo::printer})
                 .act(FormsWritten{FormsTo::printer, Printing::no_service});
         }},
        {"desk_paper_closed",
         [ceremony] { return Play(ceremony, false).to_desk().act(GoTo{DeskTab::paper}); }},
        {"desk_paper_entered",
         [play] {
             auto p = play();
             return p.to_paper().fill_in_paper().go_on().go_on().act(
                 SigningCompleted{a_certificate(), open_lists()});
         }},
        {"paper", [play] { return play().to_paper().fill_in_paper(); }},
        {"paper_wrong", [play] { return play().to_paper().type(Field::paper_date, "1 mars 1998").go_on(); }},
        {"check_paper", [play] { return play().to_paper().fill_in_paper().go_on(); }},
        {"desk_room", at_desk(GoTo{DeskTab::room})},
        {"desk_drafts",
         [play] {
             auto p = play().to_second_of_two().act(SignLater{});
             return p.act(DraftSaved{p.asked<SaveDraft>()->id}).go_on().to_desk().act(GoTo{DeskTab::drafts});
         }},
        {"desk_closing", at_desk(GoTo{DeskTab::closing})},
        {"desk_closing_sign", [play] { return play().to_desk().act(GoTo{DeskTab::closing}).go_on(); }},
        {"desk_closing_help",
         [play] { return play().to_desk().act(GoTo{DeskTab::closing}).go_on().act(AskForHelp{}); }},
        {"desk_closing_typed",
         [play] { return play().to_desk().act(GoTo{DeskTab::closing}).go_on().act(CannotDraw{}); }},
        {"desk_closing_typed_wrong",
         [play] { return play().to_desk().act(GoTo{DeskTab::closing}).go_on().act(CannotDraw{}).go_on(); }},
        {"desk_closing_busy",
         [play] { return play().to_desk().act(GoTo{DeskTab::closing}).go_on().draw().go_on(); }},
        {"desk_closed",
         [play] {
             return play().to_desk().act(CeremonyClosed{a_certificate(), open_lists()});
         }},
    };
}

}  // namespace kiosk_test
