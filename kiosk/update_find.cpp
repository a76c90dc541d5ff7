// Which organisation it is, and the host who has seen who speaks for it.
#include <algorithm>

#include "core/base/text.h"
#include "kiosk/draft.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

void fill_up_signatories(Visit& visit) {
    auto needed = static_cast<std::size_t>(
        std::clamp(visit.representatives_required, 1, static_cast<int>(most_signatories)));
    while (visit.signatories.size() < needed) visit.signatories.emplace_back();
}

void use_corrected_names(Visit& visit) {
    for (std::size_t i = 0; i < visit.check_in.names.size() && i < visit.signatories.size(); ++i)
        if (!core::trim(visit.check_in.names[i]).empty())
            rename(visit.signatories[i], visit.check_in.names[i]);
}

// Another organisation: what stood there of the last one goes.
void start_anew(Visit& visit, const core::Ceremony& ceremony) {
    Visit anew;
    anew.id = visit.id, anew.language = visit.language;
    anew.on_paper = visit.on_paper, anew.paper_date = visit.paper_date;
    anew.criteria.assign(ceremony.agreement.criteria.size(), false);
    wipe(visit);
    visit = std::move(anew);
}

struct Finds : OnVisit {
    void operator()(const ChooseOrganisation& choose) {
        auto index = static_cast<std::size_t>(choose.expected);
        if (!at<FindStep>() || index >= state.ceremony->expected.size()) return;
        const auto& expected = state.ceremony->expected[index];
        if (visit.expected != choose.expected) fill_in(choose.expected, expected);
        visiting.errors = name_errors(state, visit);
        if (!visiting.errors.empty()) return;  // the list says so
        // The municipality's list lacks something: the person completes it.
        using Page = OrganisationStep::Page;
        if (!form_errors(visit).empty()) return go_to(visiting, OrganisationStep{Page::form});
        if (!number_errors(visit).empty()) return go_to(visiting, OrganisationStep{Page::number});
        visit.check_in = state.check_ins[index];
        use_corrected_names(visit);
        if (visit.on_paper) return go_to(visiting, EligibilityStep{});
        if (visit.check_in.complete())
            visit.checked_in_as = visit.name, go_to(visiting, ReadStep{});
        else
            go_to(visiting, HostStep{});
    }

    void fill_in(int index, const core::ExpectedOrganisation& expected) {
        start_anew(visit, *state.ceremony);
        visit.expected = index;
        const auto& organisation = expected.organisation;
        visit.name = organisation.name, visit.form = organisation.form,
        visit.form_text = organisation.form_text;
        visit.place = organisation.place;
        visit.number_warned = true;  // the municipality's own list has been read by the municipality
        if (organisation.number) visit.number = organisation.number->display();
        visit.decision_body = expected.decision.body;
        if (!expected.decision.date.empty()) visit.decision_date = expected.decision.date.iso();
        visit.representatives_required = expected.representatives_required;
        for (const auto& r : expected.representatives)
            visit.signatories.push_back({r.name, r.role, r.authority, {}, false});
        fill_up_signatories(visit);
        visit.email = expected.email;
    }

    void operator()(const ChooseNewOrganisation&) {
        if (!at<FindStep>()) return;
        if (visit.expected)
            start_anew(visit, *state.ceremony);  // what the list said of another is not theirs
        fill_up_signatories(visit);
        go_to(visiting, OrganisationStep{});
    }

    void operator()(const ResumeDraft& resume) {
        auto draft = std::find_if(state.drafts.begin(), state.drafts.end(),
                                  [&](const auto& d) { return d.id == resume.id; });
        if (!at<FindStep>() || visit.on_paper || draft == state.drafts.end()) return;
        if (draft->visit.on_paper) return;  // the host's, at the desk
        if (!waits_here(*state.ceremony, *draft)) return tell(turn, told::another_ceremony);
        Visit resumed = draft->visit;
        wipe(visit);
        HostBeside host;
        host.purpose = HostBeside::Purpose::second_signatory;
        begin_visit(turn, std::move(resumed), HostStep{std::move(host)}, false);
    }

    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

void beside(Turn& turn, HostBeside& host) {
    auto& state = turn.state;
    auto& visiting = *living<Visiting>(state);
    auto& visit = visiting.visit;
    if (!host.admitted) return try_pin(turn, host.pin);
    if (!host.form.identity_seen || !host.form.authority_seen) {
        visiting.errors.push_back({Field::paper_box, 2, "host.both_needed"});
        return;
    }
    host.form.arrived = true;
    visit.check_in.identity_seen = visit.check_in.authority_seen = visit.check_in.arrived = true;
    visit.checked_in_as = visit.name;
    if (host.purpose == HostBeside::Purpose::second_signatory) return go_to(visiting, sign_or_check(visit));
    visit.check_in = host.form;
    use_corrected_names(visit);
    if (visit.expected) {
        state.check_ins[static_cast<std::size_t>(*visit.expected)] = host.form;
        turn.ask(SaveDraft{arrival_id(*state.ceremony, *visit.expected),
                           encode_arrival(*state.ceremony, {*visit.expected, host.form})});
    }
    if (!to_check_again(visiting)) go_to(visiting, ReadStep{});
}

void admit(Turn& turn, HostBeside& host) {
    auto& state = turn.state;
    const auto& visit = living<Visiting>(state)->visit;
    host.admitted = true;
    state.touched_ms = state.monotonic_ms;
    host.form = visit.check_in;
    host.form.names.clear();
    if (host.purpose == HostBeside::Purpose::second_signatory) {
        host.form.identity_seen = host.form.authority_seen = false;  // of this person
        return;
    }
    if (visit.expected)
        for (const auto& signatory : visit.signatories) host.form.names.push_back(signatory.name);
}

void update_find(Turn& turn, const Action& action) { std::visit(Finds{{turn}}, action); }

}  // namespace kiosk
