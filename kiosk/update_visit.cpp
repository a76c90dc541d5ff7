#include <algorithm>

#include "core/base/text.h"
#include "kiosk/draft.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

constexpr std::size_t most_signatories = 6, longest_text = 400;

void set_text(std::string& to, const std::string& text) {
    core::wipe(to);
    to = text;
}

struct Visits {
    Turn& turn;
    State& state = turn.state;
    Visiting& visiting = *living<Visiting>(turn.state);
    Visit& visit = visiting.visit;

    template <class S>
    S* at() {
        return std::get_if<S>(&visiting.step);
    }

    // --- forward

    void operator()(const Continue&) {
        visiting.errors.clear();
        if (at<ChooseLanguageStep>())
            go_to(visiting, PrivacyStep{});
        else if (at<PrivacyStep>())
            go_to(visiting, FindStep{});
        else if (auto* step = at<OrganisationStep>())
            leave_organisation(*step);
        else if (auto* host = at<HostStep>())
            beside(host->host);
        else if (at<ReadStep>())
            go_to(visiting, EligibilityStep{});
        else if (at<EligibilityStep>())
            leave_eligibility();
        else if (auto* details = at<DetailsStep>())
            leave_details(*details);
        else if (at<ChoicesStep>())
            go_to(visiting, visiting.back_to_check ? sign_or_check(visit) : Step(SignStep{}));
    }

    // After "Ändra" back to the check, by way of whoever must sign anew.
    bool to_check_again() {
        if (!visiting.back_to_check) return false;
        go_to(visiting, sign_or_check(visit));
        return true;
    }

    void leave_organisation(OrganisationStep& step) {
        using Page = OrganisationStep::Page;
        switch (step.page) {
            case Page::name:
                visiting.errors = name_errors(state, visit);
                if (!visiting.errors.empty()) return;
                if (visiting.back_to_check) return organisation_is_known();
                return go_to(visiting, OrganisationStep{Page::form});
            case Page::form: {
                visiting.errors = form_errors(visit);
                if (!visiting.errors.empty()) return;
                bool without = core::number_need(*visit.form) == core::NumberNeed::forbidden;
                if (without) core::wipe(visit.number);
                if (without || (visiting.back_to_check && number_errors(visit).empty()))
                    return organisation_is_known();
                return go_to(visiting, OrganisationStep{Page::number});
            }
            case Page::number:
                visiting.errors = number_errors(visit);
                if (number_is_personal(visit)) core::wipe(visit.number);  // dropped at once; the reason stays
                if (!visiting.errors.empty()) return;
                if (!number_warning(visit).empty() && !visit.number_warned) {
                    visit.number_warned = true;
                    return;
                }
                return organisation_is_known();
        }
    }

    void organisation_is_known() {
        turn.ask(CheckDrawable{printed_texts(visit)});
        if (visit.expected) {
            auto index = static_cast<std::size_t>(*visit.expected);
            bool as_expected = visit.name == state.ceremony->expected[index].organisation.name;
            if (as_expected && state.check_ins[index].complete())
                visit.check_in = state.check_ins[index], visit.checked_in_as = visit.name;
        }
        if (!is_checked_in(visit))
            go_to(visiting, HostStep{});
        else if (!to_check_again())
            go_to(visiting, ReadStep{});
    }

    void leave_eligibility() {
        visiting.errors = criteria_errors(state, visit);
        if (!visiting.errors.empty()) return;
        if (lacks_should_criterion(state.ceremony->agreement, visit) && !visit.criteria_warned) {
            visit.criteria_warned = true;
            return;
        }
        if (!to_check_again()) go_to(visiting, DetailsStep{});
    }

    void leave_details(DetailsStep& details) {
        using Page = DetailsStep::Page;
        switch (details.page) {
            case Page::decision:
                visiting.errors = decision_errors(state, visit);
                if (!visiting.errors.empty() || to_check_again()) return;
                return go_to(visiting, DetailsStep{Page::representatives});
            case Page::representatives:
                visiting.errors = representatives_errors(visit);
                if (!visiting.errors.empty()) return;
                turn.ask(CheckDrawable{printed_texts(visit)});
                if (core::trim(visit.contact_name).empty())
                    visit.contact_name = visit.signatories.front().name;
                if (!to_check_again()) go_to(visiting, DetailsStep{Page::contact});
                return;
            case Page::contact:
                visiting.errors = contact_errors(visit);
                if (!visiting.errors.empty() || to_check_again()) return;
                return go_to(visiting, ChoicesStep{});
        }
    }

    // --- back; nothing typed is lost

    void operator()(const Back&) {
        visiting.errors.clear();
        if (visiting.back_to_check && !at<HostStep>()) return go_to(visiting, sign_or_check(visit));
        bool one_language = state.ceremony->languages.size() < 2;
        if (at<ChooseLanguageStep>()) return leave(turn);
        if (at<PrivacyStep>()) return one_language ? leave(turn) : go_to(visiting, ChooseLanguageStep{});
        if (at<FindStep>()) return go_to(visiting, PrivacyStep{});
        if (auto* step = at<OrganisationStep>()) {
            if (step->page == OrganisationStep::Page::name) return go_to(visiting, FindStep{});
            bool form = step->page == OrganisationStep::Page::form;
            return go_to(visiting, OrganisationStep{form ? OrganisationStep::Page::name
                                                         : OrganisationStep::Page::form});
        }
        if (auto* host = at<HostStep>()) return leave_host(host->host);
        if (auto* read = at<ReadStep>()) {
            if (!read->open_term.empty()) return read->open_term.clear();
            return go_to(visiting, visit.expected ? Step(FindStep{}) : Step(last_organisation_page()));
        }
        if (at<EligibilityStep>()) return go_to(visiting, ReadStep{});
        if (auto* details = at<DetailsStep>()) {
            using Page = DetailsStep::Page;
            if (details->page == Page::decision) return go_to(visiting, EligibilityStep{});
            return go_to(visiting, DetailsStep{details->page == Page::contact ? Page::representatives
                                                                              : Page::decision});
        }
        if (at<ChoicesStep>()) return go_to(visiting, DetailsStep{DetailsStep::Page::contact});
    }

    void leave_host(const HostBeside& host) {
        if (host.purpose == HostBeside::Purpose::second_signatory) {
            // The draft stays in the store; this person only drops what was shown of it.
            auto language = visit.language;
            wipe(visit);
            Visit anew;
            anew.language = language;
            return begin_visit(turn, std::move(anew), FindStep{}, false);
        }
        bool from_list = visit.expected && !visiting.back_to_check;
        go_to(visiting, from_list ? Step(FindStep{}) : Step(last_organisation_page()));
    }

    OrganisationStep last_organisation_page() const {
        if (visiting.back_to_check || !visit.form) return {};
        bool without = core::number_need(*visit.form) == core::NumberNeed::forbidden;
        return {without ? OrganisationStep::Page::form : OrganisationStep::Page::number};
    }

    // --- answers

    void operator()(const ChooseLanguage& choose) {
        const auto& offered = state.ceremony->languages;
        if (std::find(offered.begin(), offered.end(), choose.language) == offered.end()) return;
        bool first_time = at<ChooseLanguageStep>();
        if (!first_time && !at<ReadStep>()) return;
        visit.language = choose.language;
        state.language = choose.language.substr(0, choose.language.find('_'));
        if (first_time)
            go_to(visiting, PrivacyStep{});
        else
            go_to(visiting, ReadStep{});  // from its first page: pages differ between languages
    }

    void operator()(const Type& type) {
        if (type.text.size() > longest_text || !core::is_utf8(type.text)) return;
        if (auto* find = at<FindStep>(); find && type.field == Field::search)
            set_text(find->search, type.text);
        if (at<OrganisationStep>()) type_organisation(type);
        if (auto* host = at<HostStep>()) {
            if (!host->host.admitted && type.field == Field::pin) type_pin(host->host.pin, type.text);
            auto index = static_cast<std::size_t>(type.index);
            if (host->host.admitted && type.field == Field::check_in_name &&
                index < host->host.form.names.size())
                set_text(host->host.form.names[index], type.text);
        }
        if (auto* details = at<DetailsStep>()) type_details(details->page, type);
    }

    void type_organisation(const Type& type) {
        if (type.field == Field::organisation_name) set_text(visit.name, type.text);
        if (type.field == Field::form_text) set_text(visit.form_text, type.text);
        if (type.field == Field::place) set_text(visit.place, type.text);
        if (type.field == Field::organisationsnummer)
            set_text(visit.number, type.text), visit.number_warned = false;
    }

    void type_details(DetailsStep::Page page, const Type& type) {
        using Page = DetailsStep::Page;
        if (page == Page::decision) {
            if (type.field == Field::decision_body) set_text(visit.decision_body, type.text);
            if (type.field == Field::decision_date) set_text(visit.decision_date, type.text);
        } else if (page == Page::contact) {
            if (type.field == Field::contact_name) set_text(visit.contact_name, type.text);
            if (type.field == Field::email) set_text(visit.email, type.text);
            if (type.field == Field::phone) set_text(visit.phone, type.text);
        } else if (auto* signatory = signatory_at(type.index)) {
            if (type.field == Field::representative_role) set_text(signatory->role, type.text);
            if (type.field == Field::representative_name) rename(*signatory, type.text);
        }
    }

    Signatory* signatory_at(int index) {
        auto at_index = static_cast<std::size_t>(index);
        return at_index < visit.signatories.size() ? &visit.signatories[at_index] : nullptr;
    }

    void operator()(const Choose& choose) {
        if (at<OrganisationStep>() && choose.choice == Choice::form && choose.option >= 0 &&
            choose.option < static_cast<int>(std::size(core::all_forms))) {
            auto form = static_cast<core::OrganisationForm>(choose.option);
            if (form == core::OrganisationForm::natverk && !state.ceremony->agreement.networks_may_sign)
                return;
            visit.form = form, visit.number_warned = false;
        }
        auto* details = at<DetailsStep>();
        if (details && details->page == DetailsStep::Page::representatives &&
            choose.choice == Choice::authority)
            if (auto* signatory = signatory_at(choose.index))
                signatory->authority = choose.option == 1 ? core::Authority::jointly : core::Authority::alone;
    }

    void operator()(const Mark& mark) {
        if (at<EligibilityStep>() && mark.box == Box::criterion) {
            auto index = static_cast<std::size_t>(mark.index);
            if (index < visit.criteria.size()) visit.criteria[index] = mark.on, visit.criteria_warned = false;
        }
        if (at<ChoicesStep>()) {
            if (mark.box == Box::publish_representative) visit.publish_representative = mark.on;
            if (mark.box == Box::show_in_room) visit.show_in_room = mark.on;
            if (mark.box == Box::reference_group) visit.reference_group = mark.on;
        }
        if (auto* host = at<HostStep>(); host && host->host.admitted) {
            if (mark.box == Box::identity_seen) host->host.form.identity_seen = mark.on;
            if (mark.box == Box::authority_seen) host->host.form.authority_seen = mark.on;
        }
    }

    void operator()(const AddRepresentative&) {
        auto* details = at<DetailsStep>();
        if (details && details->page == DetailsStep::Page::representatives &&
            visit.signatories.size() < most_signatories)
            visit.signatories.emplace_back();
    }
    void operator()(const RemoveRepresentative& remove) {
        auto* details = at<DetailsStep>();
        if (!details || details->page != DetailsStep::Page::representatives || !signatory_at(remove.index))
            return;
        if (static_cast<int>(visit.signatories.size()) <= std::max(1, visit.representatives_required)) return;
        visit.signatories.erase(visit.signatories.begin() + remove.index);
        visiting.errors.clear();
    }

    // --- finding the organisation

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
        use_corrected_names();
        if (visit.check_in.complete())
            visit.checked_in_as = visit.name, go_to(visiting, ReadStep{});
        else
            go_to(visiting, HostStep{});
    }

    void fill_in(int index, const core::ExpectedOrganisation& expected) {
        auto id = visit.id;
        auto language = visit.language;
        wipe(visit);
        visit.id = id, visit.language = language, visit.expected = index;
        visit.criteria.assign(state.ceremony->agreement.criteria.size(), false);
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
        fill_up_signatories();
        visit.email = expected.email;
    }

    void fill_up_signatories() {
        auto needed = static_cast<std::size_t>(
            std::clamp(visit.representatives_required, 1, static_cast<int>(most_signatories)));
        while (visit.signatories.size() < needed) visit.signatories.emplace_back();
    }

    void use_corrected_names() {
        for (std::size_t i = 0; i < visit.check_in.names.size() && i < visit.signatories.size(); ++i)
            if (!core::trim(visit.check_in.names[i]).empty())
                rename(visit.signatories[i], visit.check_in.names[i]);
    }

    void operator()(const ChooseNewOrganisation&) {
        if (!at<FindStep>()) return;
        if (visit.expected) {  // what the list said of another organisation is not theirs
            auto id = visit.id;
            auto language = visit.language;
            wipe(visit);
            visit.id = id, visit.language = language;
            visit.criteria.assign(state.ceremony->agreement.criteria.size(), false);
        }
        fill_up_signatories();
        go_to(visiting, OrganisationStep{});
    }

    void operator()(const ResumeDraft& resume) {
        auto draft = std::find_if(state.drafts.begin(), state.drafts.end(),
                                  [&](const auto& d) { return d.id == resume.id; });
        if (!at<FindStep>() || draft == state.drafts.end()) return;
        if (!waits_here(*state.ceremony, *draft)) return tell(turn, told::another_ceremony);
        Visit resumed = draft->visit;
        wipe(visit);
        HostBeside host;
        host.purpose = HostBeside::Purpose::second_signatory;
        begin_visit(turn, std::move(resumed), HostStep{std::move(host)}, false);
    }

    // --- the host beside

    void beside(HostBeside& host) {
        if (!host.admitted) return try_pin(turn, host.pin);
        if (!host.form.identity_seen || !host.form.authority_seen) {
            visiting.errors.push_back({Field::check_in_name, 0, "host.both_needed"});
            return;
        }
        host.form.arrived = true;
        visit.check_in.identity_seen = visit.check_in.authority_seen = visit.check_in.arrived = true;
        visit.checked_in_as = visit.name;
        if (host.purpose == HostBeside::Purpose::second_signatory)
            return go_to(visiting, sign_or_check(visit));
        visit.check_in = host.form;
        use_corrected_names();
        if (visit.expected) {
            state.check_ins[static_cast<std::size_t>(*visit.expected)] = host.form;
            turn.ask(SaveDraft{arrival_id(*visit.expected),
                               encode_arrival(*state.ceremony, {*visit.expected, host.form})});
        }
        if (!to_check_again()) go_to(visiting, ReadStep{});
    }

    void answered(HostBeside& host, Admission admission) {
        if (admission != Admission::admitted) return;
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

    // --- reading

    void operator()(const TurnPage& turned) {
        auto* read = at<ReadStep>();
        if (!read) return;
        read->page_count = std::max(1, turned.page_count);
        read->page = std::clamp(turned.page, 0, read->page_count - 1);
    }
    void operator()(const OpenTerm& open) {
        if (auto* read = at<ReadStep>()) read->open_term = open.term;
    }
    void operator()(const Dismiss&) {
        if (auto* read = at<ReadStep>()) read->open_term.clear();
    }
    void operator()(const Finish&) { leave(turn); }

    void operator()(const Failed& failed) {
        if (failed.trouble.job == Job::try_pin) return;
        show_trouble(turn, failed.trouble);
    }

    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

void go_to(Visiting& visiting, Step step) {
    visiting.errors.clear();
    bool at_check = std::holds_alternative<CheckStep>(step);
    visiting.step = std::move(step);
    if (at_check) visiting.back_to_check = false;
}

bool is_checked_in(const Visit& visit) {
    return visit.check_in.complete() &&
           core::fold_for_search(visit.checked_in_as) == core::fold_for_search(visit.name);
}

Step sign_or_check(const Visit& visit) {
    int who = first_unsigned(visit);
    if (who < 0) return CheckStep{};
    SignStep sign;
    sign.who = who;
    return sign;
}

void update_visit(Turn& turn, const Action& action) {
    auto* host = at_step<HostStep>(turn.state);
    Visits visits{turn};
    if (host) {
        auto admission = answer_pin(turn.state, host->host.pin, action);
        visits.answered(host->host, admission);
        auto* failed = std::get_if<Failed>(&action);
        if (admission == Admission::refused && failed && !host->host.pin.wrong &&
            host->host.pin.throttled_until_ms == 0)
            show_trouble(turn, failed->trouble);
    }
    std::visit(visits, action);
    auto* visiting = living<Visiting>(turn.state);
    bool goes_on_to_sign = visiting && (at_step<SignStep>(turn.state) || at_step<CheckStep>(turn.state));
    if (goes_on_to_sign) drop_outdated_ink(turn, *visiting);
}

}  // namespace kiosk
