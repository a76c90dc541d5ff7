#include "kiosk/update_parts.h"

namespace kiosk {

void show_room(Turn& turn) {
    auto& state = turn.state;
    state.life = TheRoom{};
    if (!state.room.has_screen) state.room.newest_from_ms = state.monotonic_ms;
}

bool room_comes_by_itself(const State& state) {
    return state.room.between_visits && std::holds_alternative<Attract>(state.life) && !state.trouble;
}

void mark_room(State& state, const Mark& mark) {
    if (mark.box == Box::room_between_visits) state.room.between_visits = mark.on;
    if (mark.box == Box::room_moves) state.room.moves = mark.on;
    if (mark.box == Box::room_contrast) state.room.contrast = mark.on ? Contrast::high : Contrast::light;
}

void room_has_seen(State& state) {
    auto& room = state.room;
    if (room.newest == 0 || !room_is_seen(state)) return;
    if (state.monotonic_ms - room.newest_from_ms >= room_newest_ms) room.newest = 0;
}

// The screen says Back when a finger or key has let go, so that no touch reaches the screen behind.
void update_room(Turn& turn, const Action& action) {
    if (std::holds_alternative<Back>(action)) turn.state.life = Attract{};
}

}  // namespace kiosk
