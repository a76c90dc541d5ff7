#include <algorithm>
#include <array>

#include "core/base/text.h"
#include "kiosk/likeness.h"
#include "kiosk/visit.h"

namespace kiosk {

std::string field_id(Field field, int index) {
    constexpr std::array<std::string_view, 28> names = {"none",
                                                        "form",
                                                        "authority",
                                                        "criterion",
                                                        "search",
                                                        "organisation_name",
                                                        "form_text",
                                                        "organisationsnummer",
                                                        "place",
                                                        "decision_body",
                                                        "decision_date",
                                                        "representative_name",
                                                        "representative_role",
                                                        "contact_name",
                                                        "email",
                                                        "phone",
                                                        "typed_name",
                                                        "witness",
                                                        "passphrase",
                                                        "pin",
                                                        "pin_again",
                                                        "word",
                                                        "check_in_name",
                                                        "void_reason",
                                                        "decline_words",
                                                        "invitation",
                                                        "paper_date",
                                                        "paper_box"};
    static_assert(static_cast<std::size_t>(Field::paper_box) + 1 == names.size());
    return std::string(names[static_cast<std::size_t>(field)]) + "." + std::to_string(index);
}

core::Organisation organisation_of(const Visit& visit) {
    core::Organisation organisation;
    organisation.name = core::parse_name(visit.name).value.value_or("");
    organisation.form = visit.form.value_or(core::OrganisationForm::ideell_forening);
    if (organisation.form == core::OrganisationForm::annan)
        organisation.form_text = core::parse_name(visit.form_text).value.value_or("");
    if (core::number_need(organisation.form) != core::NumberNeed::forbidden)
        organisation.number = core::Organisationsnummer::parse(visit.number).value;
    organisation.place = core::parse_name(visit.place).value.value_or("");
    return organisation;
}

std::string number_warning(const Visit& visit) {
    if (!visit.form) return {};
    auto need = core::number_need(*visit.form);
    bool empty = core::trim(visit.number).empty();
    if (need == core::NumberNeed::expected && empty) return "organisation.number.expected";
    auto number = core::Organisationsnummer::parse(visit.number).value;
    if (need != core::NumberNeed::forbidden && number && !core::group_digit_fits(*visit.form, *number))
        return "organisation.number.other_form";
    return {};
}

bool lacks_should_criterion(const core::Agreement& agreement, const Visit& visit) {
    for (std::size_t i = 0; i < agreement.criteria.size(); ++i)
        if (agreement.criteria[i].strength == core::Strength::should &&
            (i >= visit.criteria.size() || !visit.criteria[i]))
            return true;
    return false;
}

int first_unsigned(const Visit& visit) {
    for (std::size_t i = 0; i < visit.signatories.size(); ++i)
        if (!visit.signatories[i].has_signed) return static_cast<int>(i);
    return -1;
}

bool waits_here(const core::Ceremony& ceremony, const Draft& draft) {
    return draft.ceremony == ceremony.id && draft.agreement == ceremony.agreement.digest;
}

bool everybody_signed(const Visit& visit) { return !visit.signatories.empty() && first_unsigned(visit) < 0; }

namespace {

// 0: no match; more is better.
int score(const std::vector<std::u32string>& name, const std::u32string& whole,
          const std::vector<std::u32string>& typed) {
    int total = 0;
    for (const auto& word : typed) {
        int best = whole.find(word) != std::u32string::npos && word.size() >= 2 ? 2 : 0;
        for (std::size_t i = 0; i < name.size(); ++i) {
            if (name[i].starts_with(word)) best = std::max(best, i == 0 ? 4 : 3);
            int slips = word.size() >= 7 ? 2 : word.size() >= 4 ? 1 : 0;
            if (slips > 0 && begins_like(name[i], word, slips)) best = std::max(best, 1);
        }
        if (best == 0) return 0;
        total += best;
    }
    return total;
}

}  // namespace

std::optional<int> place_on_list(const core::Ceremony& ceremony, std::string_view organisation) {
    for (std::size_t i = 0; i < ceremony.expected.size(); ++i)
        if (ceremony.expected[i].organisation.name == organisation) return static_cast<int>(i);
    return std::nullopt;
}

std::vector<int> matching_organisations(const core::Ceremony& ceremony, std::string_view search) {
    std::vector<int> found;
    auto typed = words_of(plain_letters(search));
    std::vector<int> scores(ceremony.expected.size());
    for (std::size_t i = 0; i < ceremony.expected.size(); ++i) {
        auto whole = plain_letters(ceremony.expected[i].organisation.name + " " +
                                   ceremony.expected[i].organisation.place);
        scores[i] = typed.empty() ? 1 : score(words_of(whole), whole, typed);
        if (scores[i] > 0) found.push_back(static_cast<int>(i));
    }
    std::stable_sort(found.begin(), found.end(), [&](int a, int b) {
        return scores[static_cast<std::size_t>(a)] > scores[static_cast<std::size_t>(b)];
    });
    return found;
}

std::vector<std::string> personal_texts(const Visit& visit) {
    std::vector<std::string> texts = visit.check_in.names;
    for (const auto& signatory : visit.signatories) {
        texts.push_back(signatory.name);
        texts.push_back(signatory.signature.typed_name);
    }
    texts.insert(texts.end(), {visit.contact_name, visit.email, visit.phone});
    std::erase_if(texts, [](const std::string& text) { return text.empty(); });
    // The longest first: a name within an address must not leave half of it.
    std::stable_sort(texts.begin(), texts.end(),
                     [](const auto& a, const auto& b) { return a.size() > b.size(); });
    return texts;
}

void wipe(Visit& visit) {
    auto wipe_ink = [](core::Ink& ink) {
        for (auto& stroke : ink.strokes)
            core::wipe(stroke.points.data(), stroke.points.size() * sizeof(core::InkPoint));
        ink = {};
    };
    for (auto* text : {&visit.name, &visit.form_text, &visit.number, &visit.place, &visit.decision_body,
                       &visit.decision_date, &visit.contact_name, &visit.email, &visit.phone,
                       &visit.checked_in_as, &visit.paper_date})
        core::wipe(*text);
    for (auto& name : visit.check_in.names) core::wipe(name);
    for (auto& signatory : visit.signatories) {
        core::wipe(signatory.name), core::wipe(signatory.role), core::wipe(signatory.signature.typed_name);
        wipe_ink(signatory.signature.ink);
    }
    for (auto& municipal : visit.municipal) {
        core::wipe(municipal.signature.typed_name);
        wipe_ink(municipal.signature.ink);
    }
    visit = Visit{};
}

}  // namespace kiosk
