#include <functional>

#include "core/base/text.h"
#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

struct Row {
    const char* label;
    std::string value;
    CheckRow which;
};

void draw_row(const Scene& scene, const Row& row) {
    if (scene.ui.summary_row(scene.say(row.label), row.value, scene.say("check.change")))
        scene.emit(Change{row.which, 0});
}

std::string decision_words(const Scene& scene, const Visit& visit) {
    auto today = core::to_swedish_time(scene.state.wall_ms).date;
    auto date = core::parse_past_date(visit.decision_date, today).value;
    return visit.decision_body + (date ? ", " + date_words(scene, *date) : "");
}

std::string representatives_words(const Scene& scene, const Visit& visit) {
    std::string words;
    for (const auto& who : visit.signatories) {
        bool jointly = who.authority == core::Authority::jointly;
        words += (words.empty() ? "" : "; ") + who.name + ", " + who.role + " (" +
                 scene.say(jointly ? "check.jointly" : "check.alone") + ")";
    }
    return words;
}

std::string choices_words(const Scene& scene, const Visit& visit) {
    std::string words;
    auto add = [&](bool on, const char* message) {
        if (on) words += (words.empty() ? "" : ", ") + scene.say(message);
    };
    add(visit.publish_representative, "check.publish");
    add(visit.show_in_room, "check.show");
    add(visit.reference_group, "check.reference");
    return words.empty() ? scene.say("check.no_choices") : words;
}

std::string paper_words(const Scene& scene, const core::Signature& signature) {
    return scene.say("check.paper.signed",
                     {{"date", date_words(scene, core::to_swedish_time(signature.signed_at_ms).date)}});
}

std::string municipal_words(const Visit& visit) {
    std::string words;
    for (const auto& municipal : visit.municipal)
        if (municipal.signature.signed_at_ms != 0)
            words += (words.empty() ? "" : ", ") + municipal.signatory.name;
    return words;
}

void draw_signature(const Scene& scene, const Signatory& who, int index) {
    auto label = scene.say("check.signature_of", {{"name", who.name}}),
         again = scene.say(who.signature.kind == core::Signature::Kind::on_paper ? "check.change"
                                                                                 : "check.sign_again");
    bool drawn = who.has_signed && who.signature.kind == core::Signature::Kind::drawn;
    bool paper = who.has_signed && who.signature.kind == core::Signature::Kind::on_paper;
    auto words = paper            ? paper_words(scene, who.signature)
                 : who.has_signed ? who.signature.typed_name
                                  : scene.say("check.not_signed");
    if (drawn ? scene.ui.summary_ink(who.name + ", " + who.role, who.signature.ink, label, again)
              : scene.ui.summary_row(label, words, again))
        scene.emit(Change{CheckRow::signature, index});
}

}  // namespace

void draw_check(const Scene& scene, const Visiting& visiting) {
    const auto& visit = visiting.visit;
    const auto& text = text_for(scene.state, visit.language);
    bool all = everybody_signed(visit);
    auto spec = step_spec(scene, "check", Stage::check,
                          scene.say(!all             ? "check.go_on_to_sign"
                                    : visit.on_paper ? "check.paper.seal"
                                                     : "check.sign"));
    spec.all_pages_first = all;  // nobody signs what they have not been shown
    begin_screen(scene, std::move(spec));
    scene.ui.heading(scene.say("check.heading"));
    if (visit.on_paper)
        scene.ui.paragraph(scene.say("check.paper.words", {{"organisation", visit.name}}));
    else
        scene.ui.paragraph(
            scene.say("check.words", {{"organisation", visit.name},
                                      {"agreement", text.title},
                                      {"municipality", scene.state.ceremony->municipality.name}}));
    auto organisation = organisation_of(visit);
    bool other = organisation.form == core::OrganisationForm::annan;
    std::string contact = visit.contact_name;
    for (const auto* part : {&visit.email, &visit.phone})
        if (!core::trim(*part).empty()) contact += ", " + *part;
    std::vector<Row> rows{
        {"check.organisation", visit.name + (organisation.place.empty() ? "" : ", " + organisation.place),
         CheckRow::organisation},
        {"check.form", other ? organisation.form_text : form_words(scene, organisation.form), CheckRow::form},
        {"check.decision", decision_words(scene, visit), CheckRow::decision},
        {"check.representatives", representatives_words(scene, visit), CheckRow::representative},
        {"check.contact", contact, CheckRow::contact},
        {"check.choices", choices_words(scene, visit), CheckRow::choices}};
    if (core::number_need(organisation.form) != core::NumberNeed::forbidden)
        rows.insert(rows.begin() + 2,
                    {"check.number",
                     organisation.number ? organisation.number->display() : scene.say("check.no_number"),
                     CheckRow::number});
    // Two beside each other, so that all of it is seen at once as far as the screen allows.
    std::vector<std::function<void()>> answers;
    for (const auto& row : rows) answers.push_back([&] { draw_row(scene, row); });
    for (std::size_t i = 0; i < visit.signatories.size(); ++i)
        answers.push_back([&, i] { draw_signature(scene, visit.signatories[i], static_cast<int>(i)); });
    if (auto municipal = municipal_words(visit); visit.on_paper && !municipal.empty())
        answers.push_back([&scene, municipal] {
            draw_row(scene, {"check.paper.for_municipality", municipal, CheckRow::signature});
        });
    if (answers.size() % 2 == 1) answers.push_back([] {});
    for (std::size_t i = 0; i < answers.size(); i += 2)
        scene.ui.columns({1, 1}, {answers[i], answers[i + 1]});
    end_screen(scene);
}

}  // namespace kiosk
