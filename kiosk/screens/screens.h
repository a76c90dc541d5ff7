// Screens: every screen of the kiosk as a function of State. A screen says what is on it through Ui and what
// people did to it through Emit; it keeps nothing.
//
// attract.cpp   attract, starting, cannot start        start.cpp   first run, passphrase, PIN, certificate
// find.cpp      language, privacy, find, organisation  host.cpp    the host beside a visitor
// read.cpp      the agreement, eligibility             details.cpp decision, representatives, contact,
// choices sign.cpp      signatures of both parties             check.cpp   check answers done.cpp sealing,
// later, done                   desk.cpp    the host's desk;  desk_signings.cpp
// room.cpp      the room                               paper.cpp   forms on paper
#pragma once

#include <functional>

#include "kiosk/state.h"
#include "kiosk/ui/ui.h"

namespace kiosk {

using Emit = std::function<void(Action)>;

void draw_screen(const State& state, Ui& ui, const Emit& emit);
void draw_room(const State& state, Ui& ui);  // on the second screen: nobody touches it

}  // namespace kiosk
