// What a person typed, judged and made into the model's words.

#include <algorithm>

#include "core/base/text.h"
#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

void check_name(std::vector<FieldError>& errors, Field field, int index, std::string_view typed,
                const std::string& prefix) {
    auto parsed = core::parse_name(typed);
    if (parsed.value) return;
    switch (parsed.wrong) {
        case core::NameWrong::empty:
            errors.push_back({field, index, prefix + ".empty"});
            break;
        case core::NameWrong::too_long:
            errors.push_back({field, index, "error.too_long"});
            break;
        case core::NameWrong::not_text:
            errors.push_back({field, index, "error.not_text"});
            break;
    }
}

core::Date today(const State& state) { return core::to_swedish_time(state.wall_ms).date; }

// One of the municipality's own list, which signs once: whoever chooses it again is told so.
bool signed_already(const State& state, const Visit& visit) {
    std::string name = core::fold_for_search(visit.name);
    return visit.expected && std::any_of(state.lists.signings.begin(), state.lists.signings.end(),
                                         [&](const SigningLine& line) {
                                             return !line.voided &&
                                                    line.certificate_number != visit.replaces &&
                                                    core::fold_for_search(line.organisation) == name;
                                         });
}

}  // namespace

bool number_is_personal(const Visit& visit) {
    auto parsed = core::Organisationsnummer::parse(visit.number);
    return !parsed.value && parsed.wrong == core::Organisationsnummer::Wrong::personal_number;
}

std::vector<FieldError> name_errors(const State& state, const Visit& visit) {
    std::vector<FieldError> errors;
    check_name(errors, Field::organisation_name, 0, visit.name, "organisation.name");
    if (errors.empty() && signed_already(state, visit))
        errors.push_back({Field::organisation_name, 0, "organisation.name.signed_already"});
    if (!core::trim(visit.place).empty())
        check_name(errors, Field::place, 0, visit.place, "organisation.place");
    return errors;
}

std::vector<FieldError> form_errors(const Visit& visit) {
    std::vector<FieldError> errors;
    if (!visit.form)
        errors.push_back({Field::form, 0, "organisation.form.missing"});
    else if (*visit.form == core::OrganisationForm::annan)
        check_name(errors, Field::form_text, 0, visit.form_text, "organisation.form_text");
    return errors;
}

std::vector<FieldError> number_errors(const Visit& visit) {
    if (!visit.form || core::number_need(*visit.form) == core::NumberNeed::forbidden) return {};
    auto wrong = [](const char* message) {
        return std::vector<FieldError>{{Field::organisationsnummer, 0, message}};
    };
    if (core::trim(visit.number).empty()) {
        if (core::number_need(*visit.form) == core::NumberNeed::required)
            return wrong("organisation.number.missing");
        return {};
    }
    auto parsed = core::Organisationsnummer::parse(visit.number);
    if (parsed.value) return {};
    switch (parsed.wrong) {
        case core::Organisationsnummer::Wrong::personal_number:
            return wrong("organisation.number.personal");
        case core::Organisationsnummer::Wrong::check_digit:
            return wrong("organisation.number.check_digit");
        case core::Organisationsnummer::Wrong::not_ten_digits:
            break;
    }
    return wrong("organisation.number.not_ten_digits");
}

std::vector<FieldError> decision_errors(const State& state, const Visit& visit) {
    std::vector<FieldError> errors;
    check_name(errors, Field::decision_body, 0, visit.decision_body, "details.body");
    if (core::trim(visit.decision_date).empty()) {
        errors.push_back({Field::decision_date, 0, "details.date.empty"});
    } else if (auto date = core::parse_past_date(visit.decision_date, today(state)); !date.value) {
        errors.push_back(
            {Field::decision_date, 0, date.in_future ? "details.date.in_future" : "details.date.not_a_date"});
    }
    return errors;
}

std::vector<FieldError> representatives_errors(const Visit& visit) {
    std::vector<FieldError> errors;
    int index = 0;
    for (const auto& signatory : visit.signatories) {
        check_name(errors, Field::representative_name, index, signatory.name, "details.representative");
        check_name(errors, Field::representative_role, index, signatory.role, "details.role");
        if (signatory.authority == core::Authority::jointly && visit.signatories.size() < 2)
            errors.push_back({Field::authority, index, "details.authority.needs_two"});
        ++index;
    }
    return errors;
}

std::vector<FieldError> contact_errors(const Visit& visit) {
    std::vector<FieldError> errors;
    check_name(errors, Field::contact_name, 0, visit.contact_name, "details.contact");
    bool email = !core::trim(visit.email).empty(), phone = !core::trim(visit.phone).empty();
    if (!email && !phone) errors.push_back({Field::email, 0, "details.email.or_phone"});
    if (email && !core::plausible_email(visit.email))
        errors.push_back({Field::email, 0, "details.email.wrong"});
    if (phone && !core::plausible_phone(visit.phone))
        errors.push_back({Field::phone, 0, "details.phone.wrong"});
    return errors;
}

std::vector<FieldError> criteria_errors(const State& state, const Visit& visit) {
    std::vector<FieldError> errors;
    const auto& criteria = state.ceremony->agreement.criteria;
    for (std::size_t i = 0; i < criteria.size(); ++i)
        if (criteria[i].strength == core::Strength::must &&
            (i >= visit.criteria.size() || !visit.criteria[i]))
            errors.push_back({Field::criterion, static_cast<int>(i), "criteria.must"});
    return errors;
}

std::vector<FieldError> typed_name_errors(const core::Signature& signature, const std::string& name) {
    auto typed = core::parse_name(signature.typed_name).value;
    if (typed && core::fold_for_search(*typed) == core::fold_for_search(name)) return {};
    return {{Field::typed_name, 0, "sign.typed.not_the_name"}};
}

std::vector<FieldError> witness_errors(const core::Signature& signature, const std::string& name) {
    auto witness = core::parse_name(signature.witness).value;
    if (!witness) return {{Field::witness, 0, "desk.closing.witness.empty"}};
    if (core::fold_for_search(*witness) == core::fold_for_search(name))
        return {{Field::witness, 0, "desk.closing.witness.oneself"}};
    return {};
}

void sign_by_name(core::Signature& signature, std::string witness, std::int64_t wall_ms) {
    signature.kind = core::Signature::Kind::typed_witnessed;
    signature.ink = {};
    signature.typed_name = core::parse_name(signature.typed_name).value.value_or("");
    signature.witness = std::move(witness);
    signature.signed_at_ms = wall_ms;
}

std::vector<std::string> printed_texts(const Visit& visit) {
    std::vector<std::string> texts;
    auto add = [&](const std::string& text) {
        if (!core::trim(text).empty()) texts.push_back(text);
    };
    add(visit.name), add(visit.form_text), add(visit.place), add(visit.decision_body);
    for (const auto& signatory : visit.signatories) add(signatory.name), add(signatory.role);
    return texts;
}

std::vector<FieldError> undrawable_errors(const Visit& visit, const std::vector<std::string>& texts) {
    std::vector<FieldError> errors;
    auto check = [&](Field field, int index, const std::string& text) {
        if (std::find(texts.begin(), texts.end(), text) != texts.end())
            errors.push_back({field, index, "error.undrawable"});
    };
    check(Field::organisation_name, 0, visit.name);
    check(Field::form_text, 0, visit.form_text);
    check(Field::place, 0, visit.place);
    if (!errors.empty()) return errors;  // one page at a time
    check(Field::decision_body, 0, visit.decision_body);
    if (!errors.empty()) return errors;
    int index = 0;
    for (const auto& signatory : visit.signatories) {
        check(Field::representative_name, index, signatory.name);
        check(Field::representative_role, index++, signatory.role);
    }
    return errors;
}

namespace {

std::string tidy(const std::string& typed) { return core::parse_name(typed).value.value_or(""); }

// What is declared and signed, without the signatures.
core::SigningInput content_of(const State& state, const Visit& visit) {
    core::SigningInput content;
    content.organisation = organisation_of(visit);
    content.decision.body = tidy(visit.decision_body);
    content.decision.date =
        core::parse_past_date(visit.decision_date, today(state)).value.value_or(core::Date{});
    const auto& criteria = state.ceremony->agreement.criteria;
    for (std::size_t i = 0; i < criteria.size(); ++i)
        content.criteria.push_back(
            {criteria[i].id, criteria[i].strength, i < visit.criteria.size() && visit.criteria[i]});
    for (const auto& signatory : visit.signatories)
        content.representatives.push_back(
            {{tidy(signatory.name), tidy(signatory.role), signatory.authority}, {}});
    return content;
}

}  // namespace

std::string signed_content(const State& state, const Visit& visit) {
    auto content = content_of(state, visit);
    const auto& organisation = content.organisation;
    core::Json criteria = core::Json::array(), representatives = core::Json::array();
    for (const auto& criterion : content.criteria)
        criteria.push_back({{"id", criterion.id}, {"met", criterion.met}});
    for (const auto& [who, signature] : content.representatives)
        representatives.push_back(
            {{"name", who.name}, {"role", who.role}, {"jointly", who.authority == core::Authority::jointly}});
    auto json = core::encode_canonical({{"name", organisation.name},
                                        {"form", std::string(core::to_id(organisation.form))},
                                        {"form_text", organisation.form_text},
                                        {"number", organisation.number ? organisation.number->display() : ""},
                                        {"place", organisation.place},
                                        {"decision_body", content.decision.body},
                                        {"decision_date", content.decision.date.iso()},
                                        {"criteria", std::move(criteria)},
                                        {"representatives", std::move(representatives)}});
    auto digest = core::to_hex(core::sha256(core::as_bytes(json)));
    core::wipe(json);
    return digest;
}

Draft draft_of(const State& state, const Visit& visit) {
    return {visit.draft, state.wall_ms, state.ceremony->id, state.ceremony->agreement.digest, visit};
}

void fit(const core::Ceremony& ceremony, Draft& draft) {
    auto& expected = draft.visit.expected;
    if (!expected) return;
    expected = waits_here(ceremony, draft) ? place_on_list(ceremony, draft.visit.name) : std::nullopt;
}

core::SigningInput order_of(const State& state, const Visit& visit) {
    core::SigningInput order = content_of(state, visit);
    order.id = visit.id;
    order.replaces = visit.replaces;
    auto& payload = order.private_payload;
    for (std::size_t i = 0; i < visit.signatories.size(); ++i) {
        const auto& signature = visit.signatories[i].signature;
        order.representatives[i].signature = signature;
        order.representatives[i].signature.ink = core::shape_only(signature.ink);
        bool drawn = signature.kind == core::Signature::Kind::drawn;
        if (drawn && state.ceremony->municipality.keep_stroke_dynamics)
            payload.full_ink.push_back(signature.ink);
    }
    if (state.ceremony->countersigning == core::Countersigning::beside) order.municipal = visit.municipal;
    if (visit.on_paper)
        std::erase_if(order.municipal,
                      [](const auto& municipal) { return municipal.signature.signed_at_ms == 0; });
    for (auto& municipal : order.municipal)
        municipal.signature.ink = core::shape_only(municipal.signature.ink);
    payload.id = visit.id;
    payload.contact = {tidy(visit.contact_name), std::string(core::trim(visit.email)),
                       std::string(core::trim(visit.phone))};
    payload.language = visit.language;
    payload.publish_representative = visit.publish_representative;
    payload.show_in_room = visit.show_in_room;
    payload.reference_group = visit.reference_group;
    payload.identity_seen = visit.check_in.identity_seen;
    payload.authority_seen = visit.check_in.authority_seen;
    order.draft = visit.draft;
    return order;
}

Visit visit_from_record(const core::SigningRecord& record, const core::PrivatePayload* payload) {
    Visit visit;
    visit.replaces = record.certificate_number;
    visit.name = record.organisation.name, visit.form = record.organisation.form;
    visit.form_text = record.organisation.form_text, visit.place = record.organisation.place;
    if (record.organisation.number) visit.number = record.organisation.number->display();
    for (const auto& criterion : record.criteria) visit.criteria.push_back(criterion.met);
    visit.decision_body = record.decision.body, visit.decision_date = record.decision.date.iso();
    for (const auto& signer : record.representatives)
        visit.signatories.push_back({signer.representative.name,
                                     signer.representative.role,
                                     signer.representative.authority,
                                     {},
                                     false});
    visit.representatives_required = static_cast<int>(visit.signatories.size());
    if (core::on_paper(record)) {
        visit.on_paper = true;
        visit.paper_date =
            core::to_swedish_time(record.representatives.front().signature.signed_at_ms).date.iso();
    }
    if (!payload) return visit;
    visit.contact_name = payload->contact.name, visit.email = payload->contact.email,
    visit.phone = payload->contact.phone;
    visit.publish_representative = payload->publish_representative;
    visit.show_in_room = payload->show_in_room, visit.reference_group = payload->reference_group;
    visit.language = payload->language;
    // The host stands beside and has just voided it: the same people, seen once already.
    visit.check_in = {true, payload->identity_seen, payload->authority_seen, {}};
    visit.checked_in_as = visit.name;
    return visit;
}

}  // namespace kiosk
