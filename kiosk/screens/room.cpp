// The room's screen, and the page of the host's desk where it is set.
#include "kiosk/screens/parts.h"

namespace kiosk {
namespace {

void fill_one(RoomSheet& sheet, const Ui& ui, const State& state, const RoomView& view) {
    const auto& line = *view.one;
    const auto& shown = *line.shown;
    bool newest = view.what == RoomView::What::newest;
    sheet.kicker = ui.say(newest ? "room.newest" : "room.one_of_all");
    sheet.name = line.organisation;
    sheet.ink = &shown.ink;
    sheet.ink_alternative = ui.say("room.signature", {{"organisation", line.organisation}});
    if (newest && state.room.moves) sheet.moment = line.seq;
    bool other = shown.form == core::OrganisationForm::annan && !shown.form_text.empty();
    std::string form = other ? shown.form_text : ui.say("form." + std::string(core::to_id(shown.form)));
    sheet.parties = {{ui.say("room.organisation"), shown.place.empty() ? form : form + ", " + shown.place},
                     {ui.say("room.municipality"), state.ceremony->municipality.name}};
}

RoomSheet sheet_of(const State& state, const Ui& ui) {
    const auto& ceremony = *state.ceremony;
    auto view = room_view(state);
    RoomSheet sheet;
    sheet.arms = state.arms;
    sheet.arms_alternative = ui.say("attract.arms", {{"municipality", ceremony.municipality.name}});
    sheet.municipality = ceremony.municipality.name;
    if (state.tablet.demonstration) sheet.municipality += " · " + ui.say("attract.demonstration");
    const auto* text = ceremony.agreement.text(ui.words().language());
    sheet.agreement = text ? text->title : ceremony.agreement.original().title;
    if (std::holds_alternative<TheRoom>(state.life)) sheet.leave = ui.say("room.leave");

    if (auto count = static_cast<std::int64_t>(state.signed_count()); count > 0) {
        sheet.figure = ui.words().number(count);
        sheet.figure_words = ui.words().count("room.count", count);
    }
    switch (view.what) {
        case RoomView::What::welcome:
            sheet.welcome = sheet.agreement;
            sheet.invitation = ui.say(state.lists.ceremony_open ? "room.invitation" : "room.soon");
            return sheet;
        case RoomView::What::everybody:
            sheet.list_heading = ui.say("room.everybody");
            if (view.page_count > 1)
                sheet.list_place = ui.say("ui.page.place", {{"page", std::to_string(view.page + 1)},
                                                            {"pages", std::to_string(view.page_count)}});
            for (const auto* line : view.names) sheet.list.push_back(line->organisation);
            return sheet;
        case RoomView::What::newest:
        case RoomView::What::one_of_all:
            fill_one(sheet, ui, state, view);
            for (const auto* line : view.names) sheet.latest.push_back(line->organisation);
            return sheet;
    }
    return sheet;
}

}  // namespace

void draw_room(const State& state, Ui& ui) { ui.room(state.ceremony ? sheet_of(state, ui) : RoomSheet{}); }

void draw_the_room(const Scene& scene) {
    if (scene.ui.room(sheet_of(scene.state, scene.ui))) scene.emit(Back{});
}

void draw_desk_room(const Scene& scene) {
    const auto& room = scene.state.room;
    begin_desk(scene, "desk_room", scene.say("desk.room.show"));
    scene.ui.heading(scene.say("desk.room.heading"));
    scene.ui.paragraph(scene.say(room.has_screen ? "desk.room.on_screen" : "desk.room.no_screen"));
    draw_box(scene, Box::room_between_visits, 0, scene.say("desk.room.between"), room.between_visits,
             scene.say("desk.room.between.detail"));
    draw_box(scene, Box::room_moves, 0, scene.say("desk.room.moves"), room.moves);
    draw_box(scene, Box::room_contrast, 0, scene.say("desk.room.contrast"), room.contrast == Contrast::high);
    scene.ui.small(scene.say("desk.room.who"));
    end_screen(scene);
}

}  // namespace kiosk
