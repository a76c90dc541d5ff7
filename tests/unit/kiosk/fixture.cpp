#include "tests/unit/kiosk/fixture.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace kiosk_test {

std::shared_ptr<const core::Ceremony> a_ceremony(core::Countersigning countersigning) {
    auto ceremony = std::make_shared<core::Ceremony>();
    ceremony->id = core::CeremonyId::make(opening_ms);
    ceremony->code = "STR26", ceremony->title = "Vi skriver under", ceremony->place = "Stadshuset";
    ceremony->date = {2026, 11, 19};
    ceremony->countersigning = countersigning;
    ceremony->signatories = {{"Karin Lindqvist", "kommunstyrelsens ordförande"}};
    ceremony->languages = {"sv", "sv_easy", "en"};
    ceremony->municipality.name = "Strandköpings kommun";
    ceremony->municipality.kind = "kommun";
    auto& agreement = ceremony->agreement;
    agreement.original_language = "sv", agreement.version = "1.0", agreement.networks_may_sign = true;
    agreement.criteria = {{"E1", core::Strength::must}, {"E2", core::Strength::should}};
    for (const char* language : {"sv", "sv_easy", "en"}) {
        core::Text text;
        text.language = language, text.title = "Överenskommelsen";
        text.criteria = {{"E1", "Vi är demokratiska"}, {"E2", "Vi finns i länet"}};
        text.glossary = {{"idéburen", "som drivs av en idé", {}}};
        agreement.texts.push_back(text);
    }
    auto expected = [&](const char* name, const char* number, std::vector<core::Representative> people) {
        core::ExpectedOrganisation organisation;
        organisation.organisation = {name, core::OrganisationForm::ideell_forening, "",
                                     core::Organisationsnummer::parse(number).value, "Strandköping"};
        organisation.representatives_required = static_cast<int>(people.size());
        organisation.representatives = std::move(people);
        organisation.email = "kansli@example.se";
        organisation.decision = {"Årsmötet", {2026, 3, 12}};
        ceremony->expected.push_back(organisation);
    };
    expected("Strandköpings IF", "802481-1237", {{"Åsa Öberg", "ordförande", core::Authority::alone}});
    expected("Čáhppes Duottar", "802481-1245",
             {{"Máret Šuorra", "ordförande", core::Authority::jointly},
              {"Émile Ålund", "kassör", core::Authority::jointly}});
    return ceremony;
}

core::Ink good_ink() {
    core::Ink ink;
    ink.width_um = 160'000, ink.height_um = 60'000;
    core::Stroke stroke;
    for (int i = 0; i <= 40; ++i)
        stroke.points.push_back(
            {30'000 + i * 2'000, 30'000 + (i % 8 < 4 ? i % 4 : 4 - i % 4) * 5'000, i * 12, 0});
    ink.strokes = {stroke, stroke};
    return ink;
}

core::SigningId an_id() { return core::SigningId::make(opening_ms); }

std::shared_ptr<const Shown> a_shown() {
    return std::make_shared<Shown>(
        Shown{core::OrganisationForm::ideell_forening, "", "Strandköping", good_ink()});
}

Lists open_lists() {
    Lists lists;
    lists.ceremony_open = true;
    lists.signings = {
        {7, "STR26-A0001-K", "Röda Korset", "802002-8711", opening_ms, false, "", true, false, a_shown()}};
    return lists;
}

Lists room_lists() {
    Lists lists = open_lists();
    lists.signings.push_back({8, "STR26-A0002-B", "Strandköpings IF", "802481-1237", opening_ms + 60'000,
                              false, "", true, false, a_shown()});
    lists.signings.push_back({9, "STR26-A0003-M", "De som inte vill synas", "802481-1245",
                              opening_ms + 90'000, false, "", true, false, nullptr});
    return lists;
}

ShownCertificate a_certificate() {
    auto document = std::make_shared<core::Document>();
    document->pages.emplace_back();
    return {8,
            "STR26-A0002-B",
            "Strandköpings IF",
            document,
            "https://strandkoping.example/v/STR26-A0002-B",
            {},
            true,
            {},
            Printing::not_yet,
            false};
}

ShownCertificate a_personal_certificate() {
    auto certificate = a_certificate();
    certificate.link = "https://strandkoping.example/overenskommelse/p/0123456789ABCDEFGHJKMNPQRS";
    certificate.personal = true;
    return certificate;
}

std::shared_ptr<const core::SigningRecord> a_record() {
    auto record = std::make_shared<core::SigningRecord>();
    record->certificate_number = "STR26-A0001-K";
    record->organisation = {"Röda Korset", core::OrganisationForm::ideell_forening, "",
                            core::Organisationsnummer::parse("802002-8711").value, "Strandköping"};
    record->decision = {"Styrelsen", {2026, 5, 2}};
    record->criteria = {{"E1", core::Strength::must, true}, {"E2", core::Strength::should, true}};
    record->representatives = {{{"Bo Ek", "ordförande", core::Authority::alone}, {}}};
    return record;
}

namespace {

void add(std::string& out, const Visit& visit) {
    for (const auto* text : {&visit.name, &visit.form_text, &visit.number, &visit.place, &visit.decision_body,
                             &visit.decision_date, &visit.contact_name, &visit.email, &visit.phone,
                             &visit.checked_in_as, &visit.replaces})
        out += *text + "\n";
    for (const auto& name : visit.check_in.names) out += name + "\n";
    for (const auto& who : visit.signatories)
        out += who.name + "\n" + who.role + "\n" + who.signature.typed_name + "\nink " +
               std::to_string(who.signature.ink.strokes.size()) + "\n";
    for (const auto& municipal : visit.municipal)
        out += "ink " + std::to_string(municipal.signature.ink.strokes.size()) + "\n";
}

struct Texts {
    std::string& out;
    void operator()(const Visiting& life) const {
        add(out, life.visit);
        if (auto* find = std::get_if<FindStep>(&life.step)) out += find->search;
        if (auto* host = std::get_if<HostStep>(&life.step)) {
            out += host->host.pin.typed;
            for (const auto& name : host->host.form.names) out += name;
        }
        if (auto* read = std::get_if<ReadStep>(&life.step)) out += read->open_term;
    }
    void operator()(const Done& life) const {
        out += life.certificate.organisation + life.certificate.certificate_number;
    }
    void operator()(const Desk& life) const {
        if (auto* signing = std::get_if<DeskSigning>(&life.page)) {
            out += signing->reason;
            if (signing->redo) add(out, *signing->redo);
        }
        if (auto* arrival = std::get_if<DeskArrival>(&life.page))
            for (const auto& name : arrival->form.names) out += name;
        if (auto* arrivals = std::get_if<DeskArrivals>(&life.page)) out += arrivals->search;
    }
    void operator()(const AskPin& life) const { out += life.pin.typed; }
    void operator()(const ChoosePin& life) const { out += life.pin + life.again; }
    void operator()(const AskPassphrase& life) const { out += life.typed; }
    void operator()(const FirstRun& life) const {
        if (auto* secrets = std::get_if<FirstRun::WriteDown>(&life.step))
            out += secrets->passphrase + secrets->recovery_code;
        if (auto* confirm = std::get_if<FirstRun::Confirm>(&life.step))
            out +=
                confirm->passphrase + confirm->recovery_code + confirm->typed_first + confirm->typed_second;
    }
    void operator()(const Starting&) const {}
    void operator()(const CannotStart&) const {}
    void operator()(const AwaitCertificate& life) const { out += life.pin.typed; }
    void operator()(const Attract&) const {}
    void operator()(const TheRoom&) const {}
};

}  // namespace

std::string all_texts(const State& state) {
    std::string out;
    std::visit(Texts{out}, state.life);
    for (const auto& draft : state.drafts) add(out, draft.visit);
    for (const auto& check_in : state.check_ins)
        for (const auto& name : check_in.names) out += name + "\n";
    if (state.trouble) out += state.trouble->error.detail;
    return out;
}

Play::Play(std::shared_ptr<const core::Ceremony> ceremony, bool open) {
    const auto& expected = ceremony->expected;
    auto first = [&](bool wanted_joint) {
        return static_cast<int>(std::find_if(expected.begin(), expected.end(),
                                             [&](const auto& organisation) {
                                                 return (organisation.representatives.size() > 1) ==
                                                            wanted_joint &&
                                                        !organisation.decision.body.empty();
                                             }) -
                                expected.begin());
    };
    single = first(false), joint = first(true);
    state = start().state;
    act(Tick{opening_ms, 1'000});
    act(Started{std::move(ceremony), nullptr, {}, true});
    type(Field::passphrase, "ett två tre fyra fem sex").go_on();
    Tablet tablet;
    tablet.has_pin = tablet.has_seal_certificate = true;
    Unlocked unlocked{tablet, open_lists(), {}};
    unlocked.lists.ceremony_open = open;
    act(unlocked);
    REQUIRE(life<Attract>());
}

Play& Play::act(const Action& action) {
    auto updated = update(std::move(state), action);
    state = std::move(updated.state);
    effects = std::move(updated.effects);
    return *this;
}

Play& Play::wait(std::int64_t ms) { return act(Tick{state.wall_ms + ms, state.monotonic_ms + ms}); }

Play& Play::draw() {
    auto ink = good_ink();
    std::int32_t t_ms = 1'000'000;
    for (const auto& stroke : ink.strokes) {
        auto what = AddInk::What::begin;
        for (auto point : stroke.points) {
            point.t_ms = t_ms += 8;
            act(AddInk{what, point, ink.width_um, ink.height_um});
            what = AddInk::What::move;
        }
        act(AddInk{AddInk::What::end, stroke.points.back(), ink.width_um, ink.height_um});
    }
    return *this;
}

Play& Play::check_in(int expected) {
    state.check_ins[static_cast<std::size_t>(expected)] = {true, true, true, {}};
    return *this;
}

Play& Play::to_find() {
    act(Begin{});
    REQUIRE(asked<NewId>());
    act(FreshId{an_id()}).act(ChooseLanguage{"sv"}).go_on();
    REQUIRE(step<FindStep>());
    return *this;
}

Play& Play::to_read() {
    check_in(single).to_find().act(ChooseOrganisation{single});
    REQUIRE(step<ReadStep>());
    return *this;
}

Play& Play::meet_criteria() {
    REQUIRE(step<EligibilityStep>());
    for (int i = 0; i < static_cast<int>(visit().criteria.size()); ++i) mark(Box::criterion, i);
    return go_on();
}

Play& Play::to_details(DetailsStep::Page page) {
    to_read().go_on().meet_criteria();
    for (auto* details = step<DetailsStep>(); !details || details->page != page;
         details = step<DetailsStep>()) {
        REQUIRE((details || step<ChoicesStep>()));
        act(Back{});
    }
    return *this;
}

Play& Play::to_second_of_two() {
    check_in(joint).to_find().act(ChooseOrganisation{joint}).go_on().meet_criteria();
    go_on();  // no choices
    REQUIRE(step<SignStep>());
    draw().go_on();
    REQUIRE(step<SignStep>()->who == 1);
    return *this;
}

Play& Play::to_sign() {
    to_read().go_on().meet_criteria();  // decision, representatives and contact stand in the list
    REQUIRE(step<ChoicesStep>());
    go_on();  // no choices
    REQUIRE(step<SignStep>());
    return *this;
}

Play& Play::to_check() {
    to_sign().draw().go_on();
    REQUIRE(step<CheckStep>());
    return *this;
}

Play& Play::to_sealing() {
    to_check().go_on();
    REQUIRE(step<MunicipalityStep>());
    draw().go_on();
    REQUIRE(step<SealingStep>());
    return *this;
}

Play& Play::to_desk() {
    act(OpenStaff{}).type(Field::pin, "281957").go_on();
    REQUIRE(asked<TryPin>());
    act(PinTried{true, 0});
    REQUIRE(life<Desk>());
    return *this;
}

Play& Play::to_paper() {
    return to_desk()
        .act(GoTo{DeskTab::paper})
        .act(EnterPaper{})
        .act(FreshId{an_id()})
        .act(ChooseOrganisation{single})
        .meet_criteria()
        .go_on();
}

Play& Play::fill_in_paper() {
    return type(Field::paper_date, "2026-11-19")
        .mark(Box::paper_signed)
        .mark(Box::paper_municipal)
        .mark(Box::identity_seen)
        .mark(Box::authority_seen);
}

Play& Play::new_organisation(const std::string& name) {
    to_find().act(ChooseNewOrganisation{});
    type(Field::organisation_name, name).go_on();
    act(Choose{Choice::form, 0, static_cast<int>(core::OrganisationForm::natverk)}).go_on();
    REQUIRE(step<HostStep>());
    type(Field::pin, "281957").go_on().act(PinTried{true, 0});
    mark(Box::identity_seen).mark(Box::authority_seen).go_on();
    REQUIRE(step<ReadStep>());
    return *this;
}

bool Play::has_error(const std::string& message) const {
    auto* visiting = std::get_if<Visiting>(&state.life);
    return visiting && std::any_of(visiting->errors.begin(), visiting->errors.end(),
                                   [&](const FieldError& error) { return error.message == message; });
}

}  // namespace kiosk_test
