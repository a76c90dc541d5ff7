#include "kiosk/screens/parts.h"

namespace kiosk {

void draw_standing(const Scene& scene) {
    using Standing = SyncState::Standing;
    auto standing = scene.state.sync.standing;
    if (standing == Standing::active) return;
    scene.ui.notice(Tone::warn,
                    scene.say(standing == Standing::revoked ? "sync.is_revoked" : "sync.is_frozen"));
}

namespace {

void draw_retained(const Scene& scene) {
    const auto& retained = scene.state.retained;
    const auto& words = scene.ui.words();
    if (retained.clock_is_odd) scene.ui.notice(Tone::warn, scene.say("sync.retained.clock"));
    if (retained.erased > 0)
        scene.ui.small(words.count("sync.retained.erased", static_cast<std::int64_t>(retained.erased)));
    if (retained.waits_for_closing > 0)
        scene.ui.small(
            words.count("sync.retained.closing", static_cast<std::int64_t>(retained.waits_for_closing)));
    if (retained.asks_for_time) scene.ui.small(scene.say("sync.retained.time"));
}

// What is new, in words; one tap chooses it for the next start.
void draw_offered(const Scene& scene) {
    const auto& lists = scene.state.lists;
    if (!lists.offered) return;
    const auto& words = scene.ui.words();
    for (const auto& offered : *lists.offered) {
        if (offered.chosen) {
            scene.ui.notice(Tone::done, scene.say("sync.ceremony.chosen", {{"title", offered.title}}));
            continue;
        }
        auto detail = scene.say("sync.ceremony.detail",
                                {{"date", date_words(scene, offered.date)},
                                 {"place", offered.place},
                                 {"version", offered.agreement_version},
                                 {"expected", words.count("sync.ceremony.expected",
                                                          static_cast<std::int64_t>(offered.expected))}});
        auto label = scene.say("sync.ceremony.new", {{"title", offered.title}});
        if (lists.ceremony_open) {
            label.append(" ").append(detail).append(" ").append(scene.say("sync.ceremony.close_first"));
            scene.ui.small(label);
        } else if (scene.ui.row(label, detail)) {
            scene.emit(ChooseCeremony{offered.position});
        }
    }
}

}  // namespace

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
    auto unsent = static_cast<std::int64_t>(scene.state.lists.unsent);
    spec.primary = scene.say(!enrolled ? "sync.enrol" : unsent > 0 ? "sync.send" : "sync.fetch");
    spec.primary_enabled = idle;
    begin_screen(scene, std::move(spec));
    scene.ui.heading(scene.say("sync.heading"));
    bool told = sync.words == "sync.kept_apart" && sync.standing != SyncState::Standing::active;  // below
    std::string listed =
        sync.listed ? words.count("sync.listed", static_cast<std::int64_t>(*sync.listed)) : std::string();
    bool both = sync.well && !sync.words.empty() && !listed.empty();  // in one box what is well
    if (idle && !sync.words.empty() && !told)
        scene.ui.notice(sync.well ? Tone::done : Tone::warn,
                        both ? scene.say(sync.words) + " " + listed : scene.say(sync.words));
    if (idle && !listed.empty() && (told || !both)) scene.ui.notice(Tone::done, listed);
    draw_standing(scene);
    if (idle && sync.unreadable > 0)
        scene.ui.notice(Tone::warn,
                        words.count("sync.unreadable", static_cast<std::int64_t>(sync.unreadable)));
    if (sync.stage == SyncState::Stage::enrolling) scene.ui.paragraph(scene.say("sync.enrolling"));
    if (sync.stage == SyncState::Stage::sending) {
        scene.ui.figure(
            scene.say("sync.progress", {{"done", words.number(static_cast<std::int64_t>(sync.receipts))},
                                        {"all", words.number(static_cast<std::int64_t>(sync.entries))}}));
        scene.ui.paragraph(scene.say("sync.meanwhile"));
    }
    if (enrolled) {
        if (idle && unsent > 0)
            scene.ui.paragraph(words.count("desk.unsent", unsent));
        else if (idle && sync.words != "sync.done")  // which says it already
            scene.ui.paragraph(scene.say("sync.nothing_waits"));
        if (idle) draw_offered(scene), draw_retained(scene);
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
