// Headless: the same path as a window's, on SDL's dummy display in software; and a hand that puts real SDL
// events in.
#pragma once

#include <string_view>
#include <vector>

#include "kiosk/platform/frame_loop.h"

namespace kiosk {

// Like open(), with Display::headless and Rendering::software.
core::Result<std::unique_ptr<FrameLoop>> open_headless(FrameLoopOptions options);

// Between one event of a stroke and the next: as long as a person takes, or at once with the times that a
// person's would have.
enum class Pace { natural, at_once };

// A finger and ten more on a keyboard. Positions are px of the window.
class Hand {
  public:
    explicit Hand(FrameLoop& loop, Pace pace = Pace::at_once) : loop_(loop), pace_(pace) {}

    void down(float x, float y, float pressure = 0, int finger = 0);
    void move(float x, float y, float pressure = 0, int finger = 0);
    void up(float x, float y, int finger = 0);
    void tap(float x, float y);        // press, release, and all that follows from it
    void wait_ms(int ms);              // by the pace
    void type(std::string_view text);  // as SDL text events
    void key(SDL_Keycode key, Uint16 modifiers = KMOD_NONE);

  private:
    void put(SDL_Event event);
    void put_finger(Uint32 type, float x, float y, float pressure, int finger);
    FrameLoop& loop_;
    Pace pace_;
    std::int64_t ahead_ms_ = 0;  // of the real clock, at Pace::at_once
    std::int64_t last_ms_ = 0;
};

}  // namespace kiosk
