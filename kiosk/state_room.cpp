#include "kiosk/state_room.h"

#include <algorithm>

#include "kiosk/state.h"

namespace kiosk {
namespace {

// In log order; void ones have nothing to show.
std::vector<const SigningLine*> all_shown(const State& state) {
    std::vector<const SigningLine*> lines;
    for (const auto& line : state.lists.signings)
        if (line.shown && !line.voided) lines.push_back(&line);
    return lines;
}

std::int64_t newest_left_ms(const State& state) {
    return state.room.newest_from_ms + room_newest_ms - state.monotonic_ms;
}

int turns_so_far(const State& state) {
    return static_cast<int>(state.monotonic_ms / room_turn_ms % 1'000'000);
}

}  // namespace

bool room_is_seen(const State& state) {
    return state.room.has_screen || std::holds_alternative<TheRoom>(state.life);
}

RoomView room_view(const State& state) {
    RoomView view;
    auto shown = all_shown(state);
    if (shown.empty()) return view;
    int turn = turns_so_far(state);
    if (!state.lists.ceremony_open) {
        view.what = RoomView::What::everybody;
        view.page_count = static_cast<int>((shown.size() + room_names_on_page - 1) / room_names_on_page);
        view.page = turn % view.page_count;
        auto from = static_cast<std::size_t>(view.page) * room_names_on_page,
             to = std::min(shown.size(), from + room_names_on_page);
        for (auto i = from; i < to; ++i) view.names.push_back(shown[i]);
        return view;
    }
    auto newest = std::find_if(shown.begin(), shown.end(),
                               [&](const SigningLine* line) { return line->seq == state.room.newest; });
    bool fresh = newest != shown.end() && newest_left_ms(state) > 0;
    view.what = fresh ? RoomView::What::newest : RoomView::What::one_of_all;
    view.one = fresh ? *newest : shown[shown.size() - 1 - static_cast<std::size_t>(turn) % shown.size()];
    for (auto i = shown.size(); i > 0 && view.names.size() < room_latest; --i)
        view.names.push_back(shown[i - 1]);
    return view;
}

std::optional<std::int64_t> room_wake_ms(const State& state) {
    if (!room_is_seen(state)) return std::nullopt;
    auto view = room_view(state);
    if (view.what == RoomView::What::newest) return newest_left_ms(state);
    bool turns = view.what == RoomView::What::everybody ? view.page_count > 1 : all_shown(state).size() > 1;
    if (!turns) return std::nullopt;
    return room_turn_ms - state.monotonic_ms % room_turn_ms;
}

}  // namespace kiosk
