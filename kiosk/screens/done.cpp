#include "kiosk/screens/parts.h"

namespace kiosk {

void draw_sealing(const Scene& scene, const Visiting& visiting, const SealingStep& step) {
    FrameSpec spec;
    spec.screen = step.trouble ? "sealing_failed" : "sealing";
    if (!step.trouble) {
        spec.tools = false, spec.centred = true;
        begin_screen(scene, std::move(spec));
        scene.ui.title(scene.say("sealing.heading"));
        for (const auto& who : visiting.visit.signatories)
            if (who.signature.kind == core::Signature::Kind::drawn)
                scene.ui.ink(who.signature.ink, 60, 22,
                             scene.say("check.signature_of", {{"name", who.name}}));
        return end_screen(scene);
    }
    spec.back = scene.say("sealing.back"), spec.help = scene.say("frame.help"),
    spec.secondary = scene.say("sealing.try_again");
    if (begin_screen(scene, std::move(spec)).secondary) scene.emit(TryAgain{});
    scene.ui.heading(scene.say("sealing.failed"));
    draw_trouble(scene, *step.trouble);
    scene.ui.paragraph(scene.say("sealing.nothing_lost"));
    end_screen(scene);
}

void draw_later(const Scene& scene, const Visiting& visiting, const LaterStep& step) {
    FrameSpec spec;
    spec.screen = step.saved ? "later" : "later_saving", spec.tools = false;
    spec.centred = step.saved || !scene.state.trouble;
    if (step.saved) {
        spec.primary = scene.say("later.done");
    } else if (scene.state.trouble) {
        spec.back = scene.say("frame.back"), spec.secondary = scene.say("sealing.try_again");
    }
    if (begin_screen(scene, std::move(spec)).secondary) scene.emit(TryAgain{});
    if (step.saved) {
        scene.ui.title(scene.say("later.heading"));
        scene.ui.paragraph(scene.say("later.words", {{"organisation", visiting.visit.name}}));
        scene.ui.paragraph(scene.say("later.how"));
    } else {
        if (!scene.state.trouble) {
            scene.ui.title(scene.say("later.saving"));
            return scene.ui.end_frame();
        }
        scene.ui.heading(scene.say("later.not_saved"));
        draw_trouble(scene, *scene.state.trouble);
        return scene.ui.end_frame();
    }
    end_screen(scene);
}

namespace {

void draw_next(const Scene& scene, const Done& life, bool beside_picture) {
    const auto& ceremony = *scene.state.ceremony;
    const auto& certificate = life.certificate;
    bool narrow = scene.ui.columns_stack();  // large text beside the picture, or an upright tablet
    if (certificate.personal && narrow && beside_picture) {
        scene.ui.small(scene.say("done.heading") + " " + scene.say("done.number"));
    } else {
        scene.ui.title(scene.say("done.heading"));
        scene.ui.small(scene.say("done.number"));
    }
    scene.ui.figure(certificate.certificate_number);
    const auto& contact = ceremony.municipality.contact;
    std::string meeting = ceremony.next_meeting.empty()
                              ? scene.say("done.next.2")
                              : scene.say("done.next.meeting", {{"meeting", ceremony.next_meeting}});
    auto words = [&] {
        if (!certificate.personal)
            scene.ui.small(scene.say("done.next.1", {{"municipality", ceremony.municipality.name}}));
        scene.ui.small(meeting);
        scene.ui.small(scene.say(
            "done.next.contact",
            {{"name", contact.name}, {"how", contact.email.empty() ? contact.phone : contact.email}}));
        if (certificate.personal)
            scene.ui.small(scene.say("done.next.listed", {{"municipality", ceremony.municipality.name}}));
    };
    // One code on the screen: theirs, where there is one; the public number is in print. Whose it is stands beside the
    // code or over it, on the first page at every size of text.
    auto heading = [&] { scene.ui.heading(scene.say("done.link.heading")); };
    auto beside = [&] {
        if (certificate.personal && !narrow) heading();
        if (certificate.personal) scene.ui.small(scene.say("done.link.now"));
        words();
    };
    auto code = [&] {
        if (certificate.personal && narrow) heading();
        if (certificate.personal)  // more to hold, and phones read it in a hurry
            scene.ui.qr(certificate.qr, 34, scene.say("done.link.qr"));
        else
            scene.ui.qr(certificate.qr, 28, scene.say("done.qr"));
    };
    if (certificate.qr.side > 0)
        scene.ui.columns({1, 2}, {code, beside});
    else
        words();
}

const Stick* visitors_stick(const State& state) {
    for (const auto& stick : state.sticks)
        if (stick.whose == Stick::Whose::visitor) return &stick;
    return nullptr;
}

}  // namespace

void draw_done(const Scene& scene, const Done& life) {
    int left = done_countdown_s(scene.state);
    FrameSpec spec;
    spec.screen = "done", spec.tools = false;
    spec.primary = scene.say("done.close");
    spec.progress = scene.ui.words().count("done.countdown", left);
    if (life.handing == Done::Handing::handed)
        spec.progress = scene.say("done.handed") + " · " + spec.progress;
    const auto* stick = life.handing == Done::Handing::not_yet ? visitors_stick(scene.state) : nullptr;
    if (auto printing = printing_words(scene, life.certificate); !printing.empty())
        spec.progress = printing + " · " + spec.progress;
    // One act at a time beside the last one: first the stick that was plugged in for it, then paper.
    bool print = stick == nullptr && may_print(life.certificate);
    if (stick) spec.secondary = scene.say("done.hand_over");
    if (print) spec.secondary = scene.say("print.certificate");
    if (begin_screen(scene, std::move(spec)).secondary)
        scene.emit(stick ? Action(HandOverTo{stick->path}) : Action(PrintAsked{}));
    const auto& document = life.certificate.document;
    auto picture = [&] {
        scene.ui.sheets(*document, scene.state.arms, 82,
                        scene.say("done.picture", {{"organisation", life.certificate.organisation}}));
    };
    bool has_picture = document && !document->pages.empty(),
         number_first = !has_picture || scene.ui.columns_stack();
    if (number_first)
        draw_next(scene, life, false);
    else
        scene.ui.columns({1, 1.7}, {picture, [&] { draw_next(scene, life, true); }});
    if (has_picture && number_first) picture();
    end_screen(scene);
}

}  // namespace kiosk
