// Forms on paper: the desk's page of them, and what the host says of one that came back signed.
#include <algorithm>

#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

std::string names_of(const Visit& visit) {
    std::string names;
    for (const auto& signatory : visit.signatories) names += (names.empty() ? "" : ", ") + signatory.name;
    return names;
}

std::string printing_of_forms(const Scene& scene, Printing how) {
    ShownCertificate as_shown;
    as_shown.printing = how;
    return how == Printing::no_service ? scene.say("desk.paper.no_printer") : printing_words(scene, as_shown);
}

void draw_forms(const Scene& scene, const DeskPaper& page) {
    scene.ui.paragraph(scene.say("desk.paper.words"));
    if (page.busy) return scene.ui.small(scene.say("print.busy"));
    if (scene.state.sticks.empty())
        scene.ui.small(scene.say("desk.paper.no_stick"));
    else if (scene.ui.button(scene.say("desk.paper.save")))
        scene.emit(FormsAsked{FormsTo::stick});
    if (page.saved) scene.ui.notice(Tone::done, scene.say("desk.paper.saved"));
    if (scene.ui.button(scene.say("desk.paper.print"))) scene.emit(FormsAsked{FormsTo::printer});
    if (page.printing)
        scene.ui.notice(*page.printing == Printing::printed ? Tone::done : Tone::neutral,
                        printing_of_forms(scene, *page.printing));
}

}  // namespace

void draw_desk_paper(const Scene& scene, const DeskPaper& page) {
    bool open = scene.state.lists.ceremony_open;
    FrameSpec spec;
    spec.screen = "desk_paper";
    spec.back = scene.say("frame.back");
    spec.progress = scene.say("desk.progress", {{"tablet", tablet_words(scene)}});
    spec.secondary = open ? scene.say("desk.paper.enter") : "";
    if (begin_screen(scene, std::move(spec)).secondary) scene.emit(EnterPaper{});
    scene.ui.heading(scene.say("desk.paper.heading"));
    if (!page.entered.empty())
        scene.ui.notice(Tone::done, scene.say("desk.paper.entered", {{"organisation", page.organisation},
                                                                     {"number", page.entered}}));
    if (!open) scene.ui.notice(Tone::neutral, scene.say("desk.paper.not_open"));
    draw_forms(scene, page);
    end_screen(scene);
}

void draw_paper(const Scene& scene, const Visiting& visiting) {
    const auto& visit = visiting.visit;
    const auto& ceremony = *scene.state.ceremony;
    begin_step(scene, "paper", Stage::sign, scene.say("frame.continue"));
    draw_error_summary(scene, visiting.errors);
    scene.ui.heading(scene.say("paper.heading"));
    draw_input(
        scene,
        {Field::paper_date, 0, scene.say("paper.date"), scene.say("paper.date.hint"), FieldKind::text, false},
        visit.paper_date, visiting.errors);
    auto at_box = [&](int index) {
        scene.ui.anchor(field_id(Field::paper_box, index));
        return error_words(scene, visiting.errors, Field::paper_box, index);
    };
    draw_box(scene, Box::paper_signed, 0, scene.say("paper.signed_by", {{"names", names_of(visit)}}),
             everybody_signed(visit), at_box(0));
    if (ceremony.countersigning == core::Countersigning::beside)
        for (std::size_t i = 0; i < ceremony.signatories.size(); ++i) {
            bool on = i < visit.municipal.size() && visit.municipal[i].signature.signed_at_ms != 0;
            const auto& who = ceremony.signatories[i];
            draw_box(scene, Box::paper_municipal, static_cast<int>(i),
                     scene.say("paper.signed_by", {{"names", who.name + ", " + who.role}}), on,
                     i == 0 ? at_box(1) : "");
        }
    auto seen = [&](Box box) { draw_seen_box(scene, visit.check_in, box, false); };
    scene.ui.columns({1, 1}, {[&] { seen(Box::identity_seen); }, [&] { seen(Box::authority_seen); }});
    scene.ui.small(scene.say("paper.kept"));
    end_screen(scene);
}

}  // namespace kiosk
