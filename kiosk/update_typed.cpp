// What a representative types, ticks and chooses on the pages up to the signature.
#include <algorithm>

#include "core/base/text.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

constexpr std::size_t longest_text = 400;

struct Typed : OnVisit {
    void operator()(const Type& type) {
        if (type.text.size() > longest_text || !core::is_utf8(type.text)) return;
        if (auto* find = at<FindStep>(); find && type.field == Field::search)
            set_text(find->search, type.text);
        if (at<OrganisationStep>()) type_organisation(type);
        if (auto* host = at<HostStep>()) {
            if (!host->host.admitted) type_pin(state, host->host.pin, type);
            auto index = static_cast<std::size_t>(type.index);
            if (host->host.admitted && type.field == Field::check_in_name &&
                index < host->host.form.names.size())
                set_text(host->host.form.names[index], type.text);
        }
        if (auto* details = at<DetailsStep>()) type_details(details->page, type);
        if (auto* decline = at<DeclineStep>();
            decline && !decline->busy && !decline->done && type.field == Field::decline_words)
            set_text(decline->words, type.text);
    }

    void type_organisation(const Type& type) {
        if (type.field == Field::organisation_name)
            set_text(visit.name, type.text), visit.likeness_warned = false;
        if (type.field == Field::form_text) set_text(visit.form_text, type.text);
        if (type.field == Field::place) set_text(visit.place, type.text);
        if (type.field == Field::organisationsnummer)
            set_text(visit.number, type.text), visit.number_warned = visit.likeness_warned = false;
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
        auto* decline = at<DeclineStep>();
        if (decline && !decline->busy && !decline->done && choose.choice == Choice::decline &&
            choose.option >= 0 && choose.option < static_cast<int>(std::size(core::decline_reasons)))
            decline->reason = core::decline_reasons[choose.option];
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

    template <class Other>
    void operator()(const Other&) {}
};

}  // namespace

void set_text(std::string& to, const std::string& text) {
    core::wipe(to);
    to = text;
}

void update_typed(Turn& turn, const Action& action) { std::visit(Typed{{turn}}, action); }

}  // namespace kiosk
