#include <algorithm>

#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

// On a frame of its own; `name` is what is to be typed.
void draw_witness(const Scene& scene, const Visiting& visiting, const HostBeside& host,
                  const std::string& name, std::string_view typed) {
    draw_error_summary(scene, visiting.errors);
    scene.ui.heading(scene.say("sign.typed.heading"));
    scene.ui.paragraph(scene.say("sign.typed.words"));
    if (host.admitted) {
        draw_input(scene, {Field::typed_name, 0, scene.say("sign.typed.label"), name, FieldKind::name, false},
                   typed, visiting.errors);
    } else {
        scene.ui.card([&] {
            scene.ui.small(scene.say("host.for_the_host"));
            draw_pin(scene, host.pin);
        });
    }
    end_screen(scene);
}

std::string witness_act(const Scene& scene, const HostBeside& host) {
    return scene.say(host.admitted ? "sign.typed.done" : "host.open");
}

void draw_typed(const Scene& scene, const core::Signature& signature) {
    scene.ui.heading(scene.say("sign.typed.is_signed"));
    scene.ui.title(signature.typed_name);
}

void ask_to_draw_again(const Scene& scene, const std::optional<core::InkVerdict>& refused) {
    if (!refused) return;
    if (scene.ui.ask(refusal_words(scene, *refused), scene.say("sign.refused.again"), ""))
        scene.emit(Dismiss{});
}

std::string name_and_role(const std::string& name, const std::string& role) {
    return role.empty() ? name : name + ", " + role;
}

}  // namespace

void draw_sign(const Scene& scene, const Visiting& visiting, const SignStep& step) {
    const auto& signatories = visiting.visit.signatories;
    const auto& who = signatories[static_cast<std::size_t>(step.who)];
    if (step.witness) {
        begin_step(scene, "sign_typed", Stage::sign, witness_act(scene, *step.witness));
        return draw_witness(scene, visiting, *step.witness, who.name, who.signature.typed_name);
    }
    bool somebody =
        std::any_of(signatories.begin(), signatories.end(), [](const Signatory& s) { return s.has_signed; });
    auto frame = begin_step(scene, "sign", Stage::sign, scene.say("frame.continue"),
                            somebody && !who.has_signed ? scene.say("sign.later") : "");
    if (frame.secondary) scene.emit(SignLater{});
    bool typed = who.has_signed && who.signature.kind == core::Signature::Kind::typed_witnessed;
    if (typed) {
        draw_typed(scene, who.signature);
    } else {
        draw_signing_area(scene, scene.say("sign.label", {{"name", who.name}}), who.signature.ink,
                          name_and_role(who.name, who.role));
        ask_to_draw_again(scene, step.refused);
    }
    end_screen(scene);
}

void draw_municipality(const Scene& scene, const Visiting& visiting, const MunicipalityStep& step) {
    const auto& ceremony = *scene.state.ceremony;
    const auto& visit = visiting.visit;
    bool beside = static_cast<std::size_t>(step.who) < visit.municipal.size();
    if (!beside || ceremony.countersigning == core::Countersigning::closing) {
        begin_step(scene, "municipality_closing", Stage::check, scene.say("municipality.seal"));
        scene.ui.heading(scene.say("municipality.closing.heading"));
        scene.ui.paragraph(
            scene.say("municipality.closing.words", {{"municipality", ceremony.municipality.name}}));
        return end_screen(scene);
    }
    const auto& municipal = visit.municipal[static_cast<std::size_t>(step.who)];
    bool last = static_cast<std::size_t>(step.who) + 1 == visit.municipal.size();
    std::string label =
        scene.say("municipality.label", {{"name", municipal.signatory.name}, {"organisation", visit.name}});
    bool typed = municipal.signature.kind == core::Signature::Kind::typed_witnessed;
    FrameSpec spec;
    spec.screen = "municipality", spec.progress = label;
    if (step.witness) {
        bool seals = step.witness->admitted && last;
        spec.screen = "municipality_typed",
        spec.primary = seals ? scene.say("municipality.seal") : witness_act(scene, *step.witness);
        spec.back = scene.say("frame.back"), spec.help = scene.say("frame.help");
        begin_screen(scene, std::move(spec));
        return draw_witness(scene, visiting, *step.witness, municipal.signatory.name,
                            municipal.signature.typed_name);
    }
    spec.back = scene.say("frame.back"), spec.help = scene.say("frame.help");
    spec.primary = scene.say(last ? "municipality.seal" : "frame.continue"),
    spec.secondary = scene.say("municipality.later");
    auto frame = begin_screen(scene, std::move(spec));
    if (frame.secondary) scene.emit(SignLater{});
    if (typed) {
        draw_typed(scene, municipal.signature);
    } else {
        draw_signing_area(scene, label, municipal.signature.ink,
                          name_and_role(municipal.signatory.name, municipal.signatory.role));
        ask_to_draw_again(scene, step.refused);
    }
    end_screen(scene);
}

}  // namespace kiosk
