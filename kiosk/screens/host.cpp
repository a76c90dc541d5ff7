#include "kiosk/screens/parts.h"

namespace kiosk {

void draw_check_in_names(const Scene& scene, const CheckIn& form) {
    auto draw_one = [&](std::size_t i) {
        if (i >= form.names.size()) return;
        std::string label = form.names.size() == 1 ? scene.say("host.name")
                                                   : scene.say("details.representative.numbered",
                                                               {{"n", std::to_string(i + 1)}});
        draw_input(scene, {Field::check_in_name, static_cast<int>(i), label, "", FieldKind::name, false},
                   form.names[i]);
    };
    for (std::size_t i = 0; i < form.names.size(); i += 2)
        scene.ui.columns({1, 1}, {[&] { draw_one(i); }, [&] { draw_one(i + 1); }});
}

namespace {

void draw_waiting_room(const Scene& scene, const Visiting& visiting, const HostBeside& host) {
    bool second = host.purpose == HostBeside::Purpose::second_signatory;
    scene.ui.heading(scene.say(second ? "host.heading.second" : "host.heading"));
    scene.ui.paragraph(
        scene.say(second ? "host.words.second" : "host.words", {{"organisation", visiting.visit.name}}));
    scene.ui.space(4);
    scene.ui.card([&] {
        scene.ui.small(scene.say("host.for_the_host"));
        draw_pin(scene, host.pin);
    });
}

}  // namespace

void draw_host(const Scene& scene, const Visiting& visiting, const HostStep& step) {
    const auto& host = step.host;
    FrameSpec spec;
    spec.screen = host.admitted ? "host_check_in" : "host";
    spec.back = scene.say("frame.back");
    spec.primary = scene.say(host.admitted ? "host.done" : "host.open");
    spec.primary_enabled = !host.pin.busy;
    begin_screen(scene, std::move(spec));
    if (!host.admitted) {
        draw_waiting_room(scene, visiting, host);
        return end_screen(scene);
    }
    draw_error_summary(scene, visiting.errors);
    scene.ui.heading(visiting.visit.name);
    scene.ui.small(organisation_detail(scene, organisation_of(visiting.visit)));
    draw_likeness(scene, visiting);
    draw_check_in_names(scene, host.form);
    auto seen = [&](Box box) { draw_seen_box(scene, host.form, box, visiting.errors.empty()); };
    scene.ui.columns({1, 1}, {[&] { seen(Box::identity_seen); }, [&] { seen(Box::authority_seen); }});
    end_screen(scene);
}

}  // namespace kiosk
