#include "kiosk/screens/parts.h"

namespace kiosk {

void draw_desk_sync(const Scene& scene, const DeskSync& page) {
    const auto& sync = scene.state.sync;
    const auto& words = scene.ui.words();
    bool enrolled = !sync.server.empty(), idle = sync.stage == SyncState::Stage::idle;
    FrameSpec spec;
    spec.screen = sync.stage == SyncState::Stage::sending ? "desk_sync_sending"
                  : enrolled                              ? "desk_sync"
                                                          : "desk_enrol";
    spec.progress = scene.say("desk.progress", {{"tablet", tablet_words(scene)}});
    spec.back = scene.say("frame.back");
    spec.primary = scene.say(enrolled ? "sync.send" : "sync.enrol");
    auto unsent = static_cast<std::int64_t>(scene.state.lists.unsent);
    spec.primary_enabled = idle && (!enrolled || unsent > 0);
    begin_screen(scene, std::move(spec));
    scene.ui.heading(scene.say("sync.heading"));
    if (idle && !sync.words.empty())
        scene.ui.notice(sync.well ? Tone::done : Tone::warn, scene.say(sync.words));
    if (sync.stage == SyncState::Stage::enrolling) scene.ui.paragraph(scene.say("sync.enrolling"));
    if (sync.stage == SyncState::Stage::sending) {
        scene.ui.figure(
            scene.say("sync.progress", {{"done", words.number(static_cast<std::int64_t>(sync.receipts))},
                                        {"all", words.number(static_cast<std::int64_t>(sync.entries))}}));
        scene.ui.paragraph(scene.say("sync.meanwhile"));
    }
    if (enrolled) {
        if (idle)
            scene.ui.paragraph(unsent > 0 ? words.count("desk.unsent", unsent)
                                          : scene.say("sync.nothing_waits"));
        scene.ui.small(scene.say("sync.server", {{"server", sync.server}}));
        return end_screen(scene);
    }
    if (idle) {
        scene.ui.paragraph(scene.say("sync.enrol.words"));
        draw_input(scene,
                   {Field::invitation, 0, scene.say("sync.invitation"), scene.say("sync.invitation.hint"),
                    FieldKind::text, true},
                   page.invitation);
    }
    end_screen(scene);
}

}  // namespace kiosk
