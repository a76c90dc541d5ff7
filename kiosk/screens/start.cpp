#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

FrameAnswer begin_staff(const Scene& scene, std::string screen, std::string primary, bool enabled = true,
                        bool back = false, std::string secondary = {}) {
    FrameSpec spec;
    spec.screen = std::move(screen);
    spec.progress = scene.say("start.for_staff");
    spec.primary = std::move(primary), spec.primary_enabled = enabled, spec.secondary = std::move(secondary);
    if (back) spec.back = scene.say("frame.back");
    return begin_screen(scene, std::move(spec));
}

bool may_try(const State& state, const PinEntry& pin) {
    return !pin.busy && pin.throttled_until_ms <= state.monotonic_ms;
}

void draw_letter(const Scene& scene, const FirstRun::ChooseLetter& step) {
    begin_staff(scene, "first_run_letter", scene.say("frame.continue"), !step.busy);
    scene.ui.heading(scene.say("first_run.letter.heading"));
    scene.ui.paragraph(scene.say("first_run.letter.words"));
    std::vector<std::string> letters;
    for (char letter = 'A'; letter <= 'H'; ++letter) letters.emplace_back(1, letter);
    auto chosen = scene.ui.choice(scene.say("first_run.letter.label"), letters, step.letter - 'A');
    if (chosen) scene.emit(Choose{Choice::letter, 0, *chosen});
    if (step.busy) scene.ui.small(scene.say("first_run.making_keys"));
    end_screen(scene);
}

void draw_secrets(const Scene& scene, const FirstRun::WriteDown& step, bool renewed) {
    begin_staff(scene, renewed ? "renewed_passphrase" : "first_run_secrets",
                scene.say("first_run.secrets.written"));
    scene.ui.heading(scene.say(renewed ? "first_run.renewed.heading" : "first_run.secrets.heading"));
    // Two small cards and not one: whatever the size, the words stand on the page that the button is on.
    scene.ui.small(scene.say("first_run.secrets.once"));
    scene.ui.small(scene.say(renewed ? "first_run.renewed.words" : "first_run.secrets.words"));
    scene.ui.card([&] {
        scene.ui.small(scene.say("first_run.secrets.passphrase"));
        scene.ui.heading(step.passphrase, core::Face::serif_bold);
    });
    if (!step.recovery_code.empty())
        scene.ui.card([&] {
            scene.ui.small(scene.say("first_run.secrets.recovery"));
            scene.ui.paragraph(step.recovery_code);
        });
    end_screen(scene);
}

void draw_confirm(const Scene& scene, const FirstRun::Confirm& step) {
    begin_staff(scene, "first_run_confirm", scene.say("frame.continue"), true, true);
    std::vector<FieldError> errors;
    if (step.wrong) errors.push_back({Field::word, 0, "first_run.confirm.wrong"});
    scene.ui.heading(scene.say("first_run.confirm.heading"));
    auto word = [&](int place) {
        return scene.say("first_run.confirm.word", {{"place", std::to_string(place)}});
    };
    draw_input(scene, {Field::word, 0, word(step.first), "", FieldKind::text, false}, step.typed_first,
               errors);
    draw_input(scene, {Field::word, 1, word(step.second), "", FieldKind::text, false}, step.typed_second, {});
    end_screen(scene);
}

}  // namespace

void draw_first_run(const Scene& scene, const FirstRun& life) {
    if (auto* letter = std::get_if<FirstRun::ChooseLetter>(&life.step)) return draw_letter(scene, *letter);
    if (auto* secrets = std::get_if<FirstRun::WriteDown>(&life.step))
        return draw_secrets(scene, *secrets, life.renewed);
    draw_confirm(scene, std::get<FirstRun::Confirm>(life.step));
}

void draw_ask_passphrase(const Scene& scene, const AskPassphrase& life) {
    std::string other = scene.say(life.recovery ? "passphrase.use_words" : "passphrase.use_recovery");
    auto answer = begin_staff(scene, "passphrase", scene.say("passphrase.open"), !life.busy, false, other);
    if (answer.secondary) scene.emit(UseRecoveryCode{!life.recovery});
    std::vector<FieldError> errors;
    if (life.wrong)
        errors.push_back(
            {Field::passphrase, 0, life.recovery ? "passphrase.wrong_code" : "passphrase.wrong"});
    scene.ui.heading(scene.say("passphrase.heading"));
    Input input{Field::passphrase,
                0,
                scene.say(life.recovery ? "passphrase.code" : "passphrase.label"),
                scene.say(life.recovery ? "passphrase.code.hint" : "passphrase.hint"),
                FieldKind::secret,
                false};
    draw_input(scene, input, life.typed, errors);
    if (life.busy) scene.ui.small(scene.say("passphrase.opening"));
    end_screen(scene);
}

void draw_choose_pin(const Scene& scene, const ChoosePin& life) {
    begin_staff(scene, "choose_pin", scene.say("frame.continue"), !life.busy);
    std::vector<FieldError> errors;
    bool again = life.error == "pin.not_the_same";
    if (!life.error.empty()) errors.push_back({again ? Field::pin_again : Field::pin, 0, life.error});
    scene.ui.heading(scene.say("pin.choose.heading"));
    scene.ui.columns({1, 1}, {[&] {
                                  draw_input(scene,
                                             {Field::pin, 0, scene.say("pin.label"), scene.say("pin.hint"),
                                              FieldKind::pin, false},
                                             life.pin, errors);
                              },
                              [&] {
                                  draw_input(scene,
                                             {Field::pin_again, 0, scene.say("pin.again"),
                                              scene.say("pin.again.hint"), FieldKind::pin, false},
                                             life.again, errors);
                              }});
    scene.ui.small(scene.say("pin.choose.words"));
    end_screen(scene);
}

void draw_await_certificate(const Scene& scene, const AwaitCertificate& life) {
    if (life.wanted) {
        bool save = *life.wanted == AwaitCertificate::Wanted::save_request;
        begin_staff(scene, "await_pin", scene.say(save ? "await.save" : "await.install"),
                    may_try(scene.state, life.pin), true);
        scene.ui.heading(scene.say("pin.heading"));
        draw_pin(scene, life.pin);
        return end_screen(scene);
    }
    begin_staff(scene, "await_certificate", "");
    scene.ui.heading(scene.say("await.heading"));
    scene.ui.paragraph(scene.say("await.words"));
    if (life.request_saved) scene.ui.notice(Tone::done, scene.say("await.saved"));
    if (scene.ui.button(scene.say("await.save"),
                        life.request_saved ? ButtonKind::secondary : ButtonKind::primary, !life.busy))
        scene.emit(SaveRequestAsked{});
    if (scene.ui.button(scene.say("await.install"),
                        life.request_saved ? ButtonKind::primary : ButtonKind::secondary, !life.busy))
        scene.emit(InstallCertificateAsked{});
    end_screen(scene);
}

void draw_ask_pin(const Scene& scene, const AskPin& life) {
    begin_staff(scene, "pin", scene.say("pin.open"), may_try(scene.state, life.pin), true);
    scene.ui.heading(scene.say("pin.heading"));
    draw_pin(scene, life.pin);
    end_screen(scene);
}

}  // namespace kiosk
