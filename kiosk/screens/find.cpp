#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "kiosk/likeness.h"
#include "kiosk/screens/parts.h"

namespace kiosk {

void draw_language(const Scene& scene) {
    FrameSpec spec;
    spec.screen = "language";
    spec.back = scene.say("frame.back"), spec.help = scene.say("frame.help");
    begin_screen(scene, std::move(spec));
    scene.ui.heading(scene.say("language.heading"));
    for (const auto& language : scene.state.ceremony->languages) {
        const auto& drafts = scene.state.ceremony->draft_languages;
        bool draft = text_for(scene.state, language).draft ||
                     std::find(drafts.begin(), drafts.end(), language) != drafts.end();
        if (scene.ui.row(scene.say("language.name." + language), draft ? scene.say("language.draft") : ""))
            scene.emit(ChooseLanguage{language});
    }
    end_screen(scene);
}

void draw_privacy(const Scene& scene, const Visiting& visiting) {
    FrameSpec spec;
    spec.screen = "privacy";
    spec.back = scene.say("frame.back"), spec.help = scene.say("frame.help"),
    spec.primary = scene.say("privacy.understood");
    begin_screen(scene, std::move(spec));
    scene.ui.heading(scene.say("privacy.heading"));
    const auto& notices = scene.state.ceremony->municipality.privacy;
    auto base = visiting.visit.language.substr(0, visiting.visit.language.find('_'));
    auto notice = notices.find(visiting.visit.language);
    if (notice == notices.end()) notice = notices.find(base);
    if (notice == notices.end()) notice = notices.find(scene.state.ceremony->agreement.original_language);
    if (notice != notices.end()) {
        const auto& n = notice->second;
        scene.ui.paragraph(n.purpose);
        const std::pair<const char*, const std::string*> rows[] = {
            {"privacy.controller", &n.controller},   {"privacy.officer", &n.officer},
            {"privacy.legal_basis", &n.legal_basis}, {"privacy.recipients", &n.recipients},
            {"privacy.storage", &n.storage},         {"privacy.rights", &n.rights}};
        for (const auto& [label, text] : rows)
            if (!text->empty()) scene.ui.paragraph(scene.say(label) + ": " + *text);
    }
    end_screen(scene);
}

namespace {

// Folded, once a drawing: hundreds have signed, and hundreds are expected.
std::set<std::string> names_that_signed(const State& state) {
    std::set<std::string> names;
    for (const auto& line : state.lists.signings)
        if (!line.voided) names.insert(core::fold_for_search(line.organisation));
    return names;
}

void draw_waiting(const Scene& scene, const std::string& search) {
    auto typed = core::fold_for_search(search);
    for (const auto& draft : scene.state.drafts) {
        if (!waits_here(*scene.state.ceremony, draft) || draft.visit.on_paper) continue;
        bool matches =
            typed.empty() || core::fold_for_search(draft.visit.name).find(typed) != std::string::npos;
        if (!matches) continue;
        if (scene.ui.row(draft.visit.name, scene.say("find.waiting"), scene.say("find.go_on")))
            scene.emit(ResumeDraft{draft.id});
    }
}

}  // namespace

void draw_find(const Scene& scene, const Visiting& visiting, const FindStep& step) {
    const auto& ceremony = *scene.state.ceremony;
    begin_step(scene, "find", Stage::find, "");
    // Signed already is no mistake of the person's: it is said kindly, on the list.
    for (const auto& error : visiting.errors) scene.ui.notice(Tone::warn, scene.say(error.message));
    scene.ui.heading(scene.say("find.heading"));
    // Beside the search, so that nobody has to look through the whole list first.
    scene.ui.columns({1.3, 1},
                     {[&] {
                          draw_input(scene,
                                     {Field::search, 0, scene.say("find.search"), "", FieldKind::text, false},
                                     step.search);
                      },
                      [&] {
                          if (scene.ui.row(scene.say("find.not_here"))) scene.emit(ChooseNewOrganisation{});
                      }});
    draw_waiting(scene, step.search);
    auto found = matching_organisations(ceremony, step.search);
    std::erase_if(found, [&](int index) {  // those that wait stand above
        return std::any_of(scene.state.drafts.begin(), scene.state.drafts.end(), [&](const Draft& draft) {
            return waits_here(ceremony, draft) && !draft.visit.on_paper && draft.visit.expected == index;
        });
    });
    auto signed_names = names_that_signed(scene.state);
    auto has_signed = [&](int index) {
        const auto& organisation = ceremony.expected[static_cast<std::size_t>(index)].organisation;
        return signed_names.count(core::fold_for_search(organisation.name)) > 0;
    };
    // Whom the host has welcomed stands nearest to hand.
    if (core::trim(step.search).empty())
        std::stable_partition(found.begin(), found.end(), [&](int index) {
            return scene.state.check_ins[static_cast<std::size_t>(index)].complete() && !has_signed(index);
        });
    if (found.empty()) scene.ui.paragraph(scene.say("find.none"));
    auto draw_one = [&](std::size_t i) {
        if (i >= found.size()) return;
        const auto& organisation = ceremony.expected[static_cast<std::size_t>(found[i])].organisation;
        std::string detail = organisation_detail(scene, organisation);
        if (has_signed(found[i])) detail = scene.say("find.has_signed") + " · " + detail;
        if (scene.ui.row(organisation.name, detail)) scene.emit(ChooseOrganisation{found[i]});
    };
    for (std::size_t i = 0; i < found.size(); i += 2)
        scene.ui.columns({1, 1}, {[&] { draw_one(i); }, [&] { draw_one(i + 1); }});
    end_screen(scene);
}

void draw_likeness(const Scene& scene, const Visiting& visiting) {
    if (!visiting.errors.empty()) return;
    if (auto like = likeness(scene.state, visiting.visit))
        scene.ui.notice(Tone::warn, scene.say(like->message(), {{"organisation", like->organisation},
                                                                {"number", like->certificate_number}}));
}

namespace {

void draw_name_page(const Scene& scene, const Visiting& visiting) {
    scene.ui.heading(scene.say("organisation.name.heading"));
    if (visiting.visit.likeness_warned) draw_likeness(scene, visiting);
    draw_input(scene,
               {Field::organisation_name, 0, scene.say("organisation.name"),
                scene.say("organisation.name.hint"), FieldKind::name, false},
               visiting.visit.name, visiting.errors);
    draw_input(scene,
               {Field::place, 0, scene.say("organisation.place"), scene.say("organisation.place.hint"),
                FieldKind::name, true},
               visiting.visit.place, visiting.errors);
}

void draw_form_page(const Scene& scene, const Visiting& visiting) {
    scene.ui.heading(scene.say("organisation.form.heading"));
    std::vector<std::string> options;
    std::vector<core::OrganisationForm> forms;
    int chosen = -1;
    for (auto form : core::all_forms) {
        if (form == core::OrganisationForm::natverk && !scene.state.ceremony->agreement.networks_may_sign)
            continue;
        if (visiting.visit.form == form) chosen = static_cast<int>(forms.size());
        forms.push_back(form);
        options.push_back(form_words(scene, form));
    }
    scene.ui.anchor(field_id(Field::form));
    if (auto picked = scene.ui.choice("", options, chosen))
        scene.emit(Choose{Choice::form, 0, static_cast<int>(forms[static_cast<std::size_t>(*picked)])});
    if (visiting.visit.form == core::OrganisationForm::annan)
        draw_input(scene,
                   {Field::form_text, 0, scene.say("organisation.form_text"),
                    scene.say("organisation.form_text.hint"), FieldKind::text, false},
                   visiting.visit.form_text, visiting.errors);
}

void draw_number_page(const Scene& scene, const Visiting& visiting) {
    const auto& visit = visiting.visit;
    scene.ui.heading(scene.say("organisation.number.heading"));
    if (visit.number_warned && visiting.errors.empty())
        if (auto warning = number_warning(visit); !warning.empty())
            scene.ui.notice(Tone::warn, scene.say(warning));
    if (visiting.visit.likeness_warned) draw_likeness(scene, visiting);
    bool required = visit.form && core::number_need(*visit.form) == core::NumberNeed::required;
    draw_input(scene,
               {Field::organisationsnummer, 0, scene.say("organisation.number"),
                scene.say("organisation.number.hint"), FieldKind::digits, !required},
               visit.number, visiting.errors);
}

}  // namespace

void draw_organisation(const Scene& scene, const Visiting& visiting, const OrganisationStep& step) {
    using Page = OrganisationStep::Page;
    const char* screen = step.page == Page::name   ? "organisation_name"
                         : step.page == Page::form ? "organisation_form"
                                                   : "organisation_number";
    begin_step(scene, screen, Stage::find, scene.say("frame.continue"));
    draw_error_summary(scene, visiting.errors);
    switch (step.page) {
        case Page::name:
            draw_name_page(scene, visiting);
            break;
        case Page::form:
            draw_form_page(scene, visiting);
            break;
        case Page::number:
            draw_number_page(scene, visiting);
            break;
    }
    end_screen(scene);
}

}  // namespace kiosk
