#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

std::vector<const SigningLine*> those_who_may_be_shown(const State& state) {
    std::vector<const SigningLine*> lines;
    for (const auto& line : state.lists.signings)
        if (line.shown && !line.voided) lines.push_back(&line);
    return lines;
}

}  // namespace

void draw_starting(const Scene& scene) {
    FrameSpec spec;
    spec.screen = "starting", spec.tools = false, spec.centred = true;
    begin_screen(scene, spec);
    scene.ui.paragraph(scene.say("start.starting"));
    end_screen(scene);
}

void draw_cannot_start(const Scene& scene, const CannotStart& life) {
    FrameSpec spec;
    spec.screen = "cannot_start";
    spec.secondary = scene.say("start.try_again");
    if (begin_screen(scene, spec).secondary) scene.emit(TryAgain{});
    scene.ui.heading(scene.say("start.cannot"));
    if (life.trouble) draw_trouble(scene, *life.trouble);
    for (const auto& problem : life.problems) {
        scene.ui.card([&] {
            scene.ui.small(problem.file + (problem.line > 0 ? ":" + std::to_string(problem.line) : ""));
            scene.ui.paragraph(problem.what);
            if (!problem.remedy.empty()) scene.ui.paragraph(problem.remedy);
        });
    }
    scene.ui.small(scene.say("start.nothing_lost"));
    end_screen(scene);
}

void draw_attract(const Scene& scene) {
    const auto& [state, ui, emit] = scene;
    const auto& ceremony = *state.ceremony;
    FrameSpec spec;
    spec.screen = "attract", spec.centred = true;
    spec.secondary = scene.say("attract.staff");
    if (begin_screen(scene, spec).secondary) emit(OpenStaff{});

    if (state.arms)
        ui.image(state.arms, 12, scene.say("attract.arms", {{"municipality", ceremony.municipality.name}}));
    ui.small(ceremony.municipality.name +
             (state.tablet.demonstration ? " · " + scene.say("attract.demonstration") : std::string()));
    ui.title(text_for(state, state.language).title);
    auto count = static_cast<std::int64_t>(state.signed_count());
    std::string so_far = count == 0 ? scene.say("attract.first") : ui.words().count("attract.signed", count);
    if (auto shown = those_who_may_be_shown(state);
        state.lists.ceremony_open && count > 1 && !shown.empty()) {
        auto turn = static_cast<std::size_t>(state.monotonic_ms / shown_name_ms) % shown.size();
        so_far += " " + scene.say("attract.one_of_them",
                                  {{"organisation", shown[shown.size() - 1 - turn]->organisation}});
    }
    ui.paragraph(so_far);
    if (state.lists.ceremony_open) {
        if (ui.button(scene.say("attract.begin"), ButtonKind::primary)) emit(Begin{});
        std::vector<std::string> names;
        for (const auto& language : ceremony.languages)
            names.push_back(scene.say("language.name." + language));
        if (names.size() > 1) {
            auto chosen = ui.buttons(names, ButtonKind::quiet);
            if (chosen) emit(ChooseLanguage{ceremony.languages[static_cast<std::size_t>(*chosen)]});
        }
    } else {
        ui.small(scene.say(count == 0 ? "attract.not_open" : "attract.closed"));
    }
    end_screen(scene);
}

}  // namespace kiosk
