// What the room sees: a second screen, or the tablet's own between visits.
//
// Shown are organisations whose representatives agreed to be, from when their signing is sealed until it is void; of
// everybody else the room sees the number alone. Nothing of a visit in progress is ever here.
// Not here: drawing (kiosk/screens/room.cpp), the window (kiosk/platform/frame_loop).
#pragma once

#include <vector>

#include "kiosk/life.h"

namespace kiosk {

struct State;

// The host's choices, and what was sealed last. It keeps its look whatever a visitor chooses.
struct RoomLook {
    bool has_screen = false;      // a second screen shows it
    bool between_visits = false;  // so does the tablet, whenever nobody is at it
    bool moves = true;            // a new signature draws itself
    Contrast contrast = Contrast::light;
    std::uint64_t newest = 0;  // seq of the signing that the room has not seen for its whole time; 0: none
    std::int64_t newest_from_ms = 0;  // monotonic, from when it is shown
};

struct RoomView {
    enum class What {
        welcome,     // nobody to show
        newest,      // whoever has just signed
        one_of_all,  // one after another of those who have
        everybody    // the ceremony's list, when it is over
    };
    What what = What::welcome;
    const SigningLine* one = nullptr;       // newest, one_of_all; of the State that this was made from
    std::vector<const SigningLine*> names;  // everybody: in order; else the latest, the last one first
    int page = 0, page_count = 1;           // everybody
};
RoomView room_view(const State& state);
bool room_is_seen(const State& state);  // on whatever screen
// Milliseconds until room_view() is another although nothing happens; nothing: never.
std::optional<std::int64_t> room_wake_ms(const State& state);

inline constexpr std::int64_t room_newest_ms = 60'000, room_turn_ms = 15'000;
inline constexpr std::int64_t room_after_ms = 60'000;  // attract untouched, then the room, between visits
inline constexpr std::size_t room_latest = 10, room_names_on_page = 16;

}  // namespace kiosk
