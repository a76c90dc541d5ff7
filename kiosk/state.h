// State: the whole kiosk as one value (ARCHITECTURE.md, decision 9).
//
// A screen is a function of State; people and the world speak in Actions; update() is pure and answers with
// the next State and the Effects that it wants done. It never reads a clock: time comes in as Tick. It makes
// no ids: NewId asks. What a person typed lives in Visit and nowhere else, so that leave() can drop all of
// it.
//   visit.h  what one visitor types, ticks and draws     life.h    where the tablet is: lives, steps, pages
//   action.h what happens                                effect.h  what shall be done
//   state_room.h what the room sees of all this
// Not here: drawing (kiosk/screens), doing (kiosk/effects), drafts as bytes (kiosk/draft.h).
#pragma once

#include "kiosk/action.h"
#include "kiosk/effect.h"
#include "kiosk/state_room.h"

namespace kiosk {

struct State {
    Life life;
    std::shared_ptr<const core::Ceremony> ceremony;  // null until Started
    core::SharedImage arms;
    Tablet tablet;

    // The language, the look and the voice are the person's and reset with the person. `language` is a .po
    // file's name and is never recorded: what is, is the language of the text that was read (Visit::language).
    std::string language = "sv";
    TextSize text_size = TextSize::normal;
    Contrast contrast = Contrast::light;
    Steadiness steadiness = Steadiness::off;
    bool voice = false;                  // screens are read aloud
    int volume = 3;                      // 1..5 (kiosk/platform/voice.h)
    int readings = 0;                    // counts the wishes to hear the screen once more
    VoiceWay voice_way = VoiceWay::off;  // the tablet's setting
    Jack headphones = Jack::unknown;

    Lists lists;
    SyncState sync;
    Retained retained;
    std::vector<CheckIn> check_ins;  // one for each of Ceremony::expected
    std::vector<Draft> drafts;       // waiting signings; durable
    std::vector<Stick> sticks;
    RoomLook room;

    std::int64_t wall_ms = 0, monotonic_ms = 0;  // as the last Tick said
    std::int64_t touched_ms = 0;                 // monotonic, of the last sign of life
    bool help_open = false;
    bool ended = false;              // the host ended Handslag on this tablet: the window closes
    std::optional<Trouble> trouble;  // shown over the screen until dismissed

    std::size_t signed_count() const;
};

struct Updated {
    State state;
    std::vector<Effect> effects;  // in the order in which they shall happen
};

std::vector<std::string> personal_texts(const State& state);  // of whoever is at the tablet, or the desk

// Beside whoever types their name instead of drawing it; null where nobody does.
const HostBeside* witness_of(const Step& step);

bool shows_secrets(const State& state);  // words that open the tablet: never said into a room

Updated start();                                    // the first State and the first Effect
Updated update(State state, const Action& action);  // move the State in: ink arrives at 200 Hz

// Milliseconds until update() wants a Tick although nobody does anything (idle, countdowns, throttling);
// nothing: never.
std::optional<int> next_wake_ms(const State& state);

inline constexpr std::int64_t idle_countdown_ms = 45'000, idle_wipe_ms = 120'000 + idle_countdown_ms,
                              host_wait_ms = 600'000;
inline constexpr std::int64_t away_ms = 600'000;  // asleep for so long: nobody is still there to be asked
inline constexpr std::int64_t done_ms = 60'000, staff_idle_ms = 300'000;
inline constexpr std::int64_t shown_name_ms =
    15'000;  // attract: how long one earlier signatory's name stands
// Of a language that the ceremony offers: its screens' words (a .po file; drafts only when the ceremony says
// so, else Swedish), and the language of the text that is read under them.
std::string language_of_words(const core::Ceremony& ceremony, const std::string& offered);
std::string language_of_text(const core::Ceremony& ceremony, const std::string& offered);
std::optional<int> idle_countdown_s(const State& state);  // 45..0 while the warning is up
int done_countdown_s(const State& state);

}  // namespace kiosk
