#include <algorithm>

#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

void draw_decision(const Scene& scene, const Visiting& visiting) {
    scene.ui.heading(scene.say("details.decision.heading"));
    scene.ui.columns({1.2, 1}, {[&] {
                                    draw_input(scene,
                                               {Field::decision_body, 0, scene.say("details.body"),
                                                scene.say("details.body.hint"), FieldKind::text, false},
                                               visiting.visit.decision_body, visiting.errors);
                                },
                                [&] {
                                    draw_input(scene,
                                               {Field::decision_date, 0, scene.say("details.date"),
                                                scene.say("details.date.hint"), FieldKind::date, false},
                                               visiting.visit.decision_date, visiting.errors);
                                }});
}

void draw_representative(const Scene& scene, const Visiting& visiting, int index) {
    const auto& signatories = visiting.visit.signatories;
    const auto& who = signatories[static_cast<std::size_t>(index)];
    auto numbered = [&](const char* message) {
        return signatories.size() == 1
                   ? scene.say(message)
                   : scene.say(std::string(message) + ".numbered", {{"n", std::to_string(index + 1)}});
    };
    scene.ui.columns({1, 1}, {[&] {
                                  draw_input(scene,
                                             {Field::representative_name, index,
                                              numbered("details.representative"), "", FieldKind::name, false},
                                             who.name, visiting.errors);
                              },
                              [&] {
                                  draw_input(scene,
                                             {Field::representative_role, index, numbered("details.role"), "",
                                              FieldKind::text, false},
                                             who.role, visiting.errors);
                              }});
    std::vector<std::string> authority{scene.say("details.authority.alone"),
                                       scene.say("details.authority.jointly")};
    scene.ui.anchor(field_id(Field::authority, index));
    auto chosen = scene.ui.choice(numbered("details.authority"), authority,
                                  who.authority == core::Authority::jointly ? 1 : 0);
    if (chosen) scene.emit(Choose{Choice::authority, index, *chosen});
    int least = std::max(1, visiting.visit.representatives_required);
    if (static_cast<int>(signatories.size()) > least && index == static_cast<int>(signatories.size()) - 1)
        if (scene.ui.button(numbered("details.remove"), ButtonKind::quiet))
            scene.emit(RemoveRepresentative{index});
}

void draw_representatives(const Scene& scene, const Visiting& visiting) {
    const auto& visit = visiting.visit;
    scene.ui.heading(scene.ui.words().count("details.representatives.heading",
                                            static_cast<std::int64_t>(visit.signatories.size())));
    for (std::size_t i = 0; i < visit.signatories.size(); ++i)
        draw_representative(scene, visiting, static_cast<int>(i));
    if (visit.signatories.size() < 6 && scene.ui.button(scene.say("details.add"), ButtonKind::quiet))
        scene.emit(AddRepresentative{});
}

void draw_contact(const Scene& scene, const Visiting& visiting) {
    scene.ui.heading(scene.say("details.contact.heading"));
    scene.ui.small(scene.say("details.contact.words"));
    draw_input(scene, {Field::contact_name, 0, scene.say("details.contact"), "", FieldKind::name, false},
               visiting.visit.contact_name, visiting.errors);
    scene.ui.columns(
        {1, 1},
        {[&] {
             draw_input(scene, {Field::email, 0, scene.say("details.email"), "", FieldKind::email, false},
                        visiting.visit.email, visiting.errors);
         },
         [&] {
             draw_input(scene, {Field::phone, 0, scene.say("details.phone"), "", FieldKind::phone, false},
                        visiting.visit.phone, visiting.errors);
         }});
}

}  // namespace

void draw_details(const Scene& scene, const Visiting& visiting, const DetailsStep& step) {
    using Page = DetailsStep::Page;
    const char* screen = step.page == Page::decision          ? "decision"
                         : step.page == Page::representatives ? "representatives"
                                                              : "contact";
    begin_step(scene, screen, Stage::details, scene.say("frame.continue"));
    draw_error_summary(scene, visiting.errors);
    switch (step.page) {
        case Page::decision:
            draw_decision(scene, visiting);
            break;
        case Page::representatives:
            draw_representatives(scene, visiting);
            break;
        case Page::contact:
            draw_contact(scene, visiting);
            break;
    }
    end_screen(scene);
}

void draw_choices(const Scene& scene, const Visiting& visiting) {
    const auto& visit = visiting.visit;
    begin_step(scene, "choices", Stage::details, scene.say("frame.continue"));
    scene.ui.heading(scene.say("choices.heading"));
    scene.ui.paragraph(scene.say("choices.words"));
    draw_box(scene, Box::publish_representative, 0, scene.say("choices.publish"),
             visit.publish_representative, scene.say("choices.publish.detail"));
    if (!visit.on_paper)  // there is no ink to show
        draw_box(scene, Box::show_in_room, 0, scene.say("choices.show"), visit.show_in_room,
                 scene.say("choices.show.detail"));
    draw_box(scene, Box::reference_group, 0, scene.say("choices.reference"), visit.reference_group,
             scene.say("choices.reference.detail"));
    end_screen(scene);
}

}  // namespace kiosk
