#include <algorithm>

#include "core/base/text.h"
#include "kiosk/draft.h"
#include "kiosk/likeness.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

struct Visits : OnVisit {
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
            beside(turn, host->host);
        else if (at<ReadStep>())
            go_to(visiting, EligibilityStep{});
        else if (at<EligibilityStep>())
            leave_eligibility();
        else if (auto* details = at<DetailsStep>())
            leave_details(*details);
        else if (at<ChoicesStep>())
            go_to(visiting, visiting.back_to_check ? sign_or_check(visit)
                            : visit.on_paper       ? Step(PaperStep{})
                                                   : Step(SignStep{}));
        else if (auto* decline = at<DeclineStep>())
            leave_decline(*decline);
    }

    // --- not to sign

    void operator()(const DeclineAsked&) {
        if (!at<EligibilityStep>() || visit.on_paper) return;
        DeclineStep step;
        step.at_check = visiting.back_to_check;
        go_to(visiting, std::move(step));
    }
    void leave_decline(DeclineStep& decline) {
        if (decline.done) return leave(turn);
        if (decline.busy) return;
        decline.busy = true;
        turn.ask(Decline{{visit.name, decline.words, decline.reason.value_or(core::DeclineReason::unsaid)}});
    }
    void operator()(const Declined&) {
        auto* decline = at<DeclineStep>();
        if (!decline || !decline->busy) return;
        core::wipe(decline->words);
        decline->busy = false, decline->done = true;
    }

    void leave_organisation(OrganisationStep& step) {
        using Page = OrganisationStep::Page;
        switch (step.page) {
            case Page::name:
                visiting.errors = name_errors(state, visit);
                if (!visiting.errors.empty() || warn_of_likeness()) return;
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
                if (warn_of_likeness()) return;
                return organisation_is_known();
        }
    }

    bool warn_of_likeness() {
        if (visit.likeness_warned || !likeness(state, visit)) return false;
        return visit.likeness_warned = true;
    }

    void organisation_is_known() {
        turn.ask(CheckDrawable{printed_texts(visit)});
        if (visit.on_paper) {
            if (!to_check_again(visiting)) go_to(visiting, EligibilityStep{});
            return;
        }
        if (visit.expected) {
            auto index = static_cast<std::size_t>(*visit.expected);
            bool as_expected = visit.name == state.ceremony->expected[index].organisation.name;
            if (as_expected && state.check_ins[index].complete())
                visit.check_in = state.check_ins[index], visit.checked_in_as = visit.name;
        }
        if (!is_checked_in(visit))
            go_to(visiting, HostStep{});
        else if (!to_check_again(visiting))
            go_to(visiting, ReadStep{});
    }

    void leave_eligibility() {
        visiting.errors = criteria_errors(state, visit);
        if (!visiting.errors.empty()) return;
        if (lacks_should_criterion(state.ceremony->agreement, visit) && !visit.criteria_warned) {
            visit.criteria_warned = true;
            return;
        }
        if (!to_check_again(visiting)) ask_what_is_lacking();
    }

    void leave_details(const DetailsStep& details) {
        visiting.errors = details_errors(details.page);
        if (!visiting.errors.empty()) return;
        if (details.page == DetailsStep::Page::representatives) turn.ask(CheckDrawable{printed_texts(visit)});
        if (!to_check_again(visiting)) ask_what_is_lacking();
    }

    // What the municipality's list or the host has said already is asked no more: it stands on the check page,
    // where each row can be changed.
    void ask_what_is_lacking() {
        using Page = DetailsStep::Page;
        if (core::trim(visit.contact_name).empty() && !visit.signatories.empty())
            visit.contact_name = visit.signatories.front().name;
        for (auto page : {Page::decision, Page::representatives, Page::contact})
            if (!details_errors(page).empty()) return go_to(visiting, DetailsStep{page});
        turn.ask(CheckDrawable{printed_texts(visit)});
        go_to(visiting, ChoicesStep{});
    }

    std::vector<FieldError> details_errors(DetailsStep::Page page) const {
        switch (page) {
            case DetailsStep::Page::decision:
                return decision_errors(state, visit);
            case DetailsStep::Page::representatives:
                return representatives_errors(visit);
            case DetailsStep::Page::contact:
                return contact_errors(visit);
        }
        return {};
    }

    // --- back; nothing typed is lost

    void operator()(const Back&) {
        visiting.errors.clear();
        if (visiting.back_to_check && !at<HostStep>() && !at<DeclineStep>())
            return go_to(visiting, sign_or_check(visit));
        bool one_language = state.ceremony->languages.size() < 2;
        if (at<ChooseLanguageStep>()) return leave(turn);
        if (at<PrivacyStep>()) return one_language ? leave(turn) : go_to(visiting, ChooseLanguageStep{});
        if (at<FindStep>() && visit.on_paper) return back_to_papers(turn);
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
            return go_to(visiting, before_reading());
        }
        if (at<EligibilityStep>())
            return go_to(visiting, visit.on_paper ? before_reading() : Step(ReadStep{}));
        if (auto* details = at<DetailsStep>()) {
            using Page = DetailsStep::Page;
            if (details->page == Page::decision) return go_to(visiting, EligibilityStep{});
            return go_to(visiting, DetailsStep{details->page == Page::contact ? Page::representatives
                                                                              : Page::decision});
        }
        if (at<ChoicesStep>()) return go_to(visiting, DetailsStep{DetailsStep::Page::contact});
        if (auto* decline = at<DeclineStep>(); decline && !decline->busy && !decline->done) {
            core::wipe(decline->words);
            go_to(visiting, decline->at_check ? sign_or_check(visit) : Step(EligibilityStep{}));
        }
    }

    Step before_reading() const { return visit.expected ? Step(FindStep{}) : Step(last_organisation_page()); }

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

    void operator()(const ChooseLanguage& choose) {
        const auto& offered = state.ceremony->languages;
        if (std::find(offered.begin(), offered.end(), choose.language) == offered.end()) return;
        bool first_time = at<ChooseLanguageStep>();
        if (!first_time && !at<ReadStep>()) return;
        visit.language = language_of_text(*state.ceremony, choose.language);
        state.language = language_of_words(*state.ceremony, choose.language);
        if (first_time)
            go_to(visiting, PrivacyStep{});
        else
            go_to(visiting, ReadStep{});  // from its first page: pages differ between languages
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
        if (is_about_pin(failed)) return;
        if (auto* decline = at<DeclineStep>()) decline->busy = false;
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

bool to_check_again(Visiting& visiting) {
    if (!visiting.back_to_check) return false;
    go_to(visiting, sign_or_check(visiting.visit));
    return true;
}

bool is_checked_in(const Visit& visit) {
    return visit.check_in.complete() &&
           core::fold_for_search(visit.checked_in_as) == core::fold_for_search(visit.name);
}

Step sign_or_check(const Visit& visit) {
    int who = first_unsigned(visit);
    if (who < 0) return CheckStep{};
    if (visit.on_paper) return PaperStep{};
    SignStep sign;
    sign.who = who;
    return sign;
}

void update_visit(Turn& turn, const Action& action) {
    if (at_step<PaperStep>(turn.state)) return update_paper(turn, action);
    if (auto* host = at_step<HostStep>(turn.state); host && answer_pin(turn, host->host.pin, action))
        admit(turn, host->host);
    std::visit(Visits{{turn}}, action);
    if (living<Visiting>(turn.state)) update_typed(turn, action);
    if (living<Visiting>(turn.state)) update_find(turn, action);
    auto* visiting = living<Visiting>(turn.state);
    bool goes_on_to_sign = visiting && (at_step<SignStep>(turn.state) || at_step<CheckStep>(turn.state));
    if (goes_on_to_sign) drop_outdated_ink(turn, *visiting);
}

}  // namespace kiosk
