// Event feed: SDL's events as what the Ui wants to know, in the order in which people did them.
//
// One pointer at a time: the finger (or button) that went down first is the primary one until it goes up;
// what others do meanwhile is dropped, so that a resting palm neither presses nor releases anything. A pen (which SDL
// 2 reports as a mouse) comes before fingers: it takes over from a palm that landed first, whose stroke is let go, and
// for a moment after it was lifted, between two strokes, no finger counts. A finger that says nothing for four seconds
// makes way for the next that comes down: some sessions never tell that a touch has ended. A pass
// takes a batch that ends with its first transition (a press, a release, a key), so that a tap that begins
// and ends between two passes is not lost. SDL 2 reports a pen as a touch or as a mouse; PointerKind::pen
// waits for an SDL that tells them apart.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include <SDL.h>

#include "kiosk/ui/ui_platform.h"

namespace kiosk {

class EventFeed {
  public:
    // Of the window: size in px, and px a point of SDL's mouse coordinates.
    void set_size(int width_px, int height_px, float px_per_point);

    // False when it is no sign of anybody: not a touch, a button, a key or text, or a key that is held down. What lies on
    // the keyboard types on, presses no button twice, and keeps no absent person's answers on screen.
    bool push(const SDL_Event& event);
    void cancel();  // the window lost its pointer: what is held is let go without acting

    bool pending() const { return !queue_.empty(); }
    // The moves at the head of the queue, for a pen that is drawing; nothing when something else comes first.
    std::vector<PointerEvent> take_moves();
    std::vector<InputEvent> take_batch();

  private:
    bool push_finger(const SDL_TouchFingerEvent& finger);
    bool push_mouse(const SDL_Event& event);
    bool push_key(const SDL_KeyboardEvent& key);

    struct Holder {
        enum class Kind { none, finger, mouse } kind = Kind::none;
        SDL_TouchID touch = 0;
        SDL_FingerID finger = 0;
        Uint32 last_ms = 0;  // a finger's last sign of life
    };
    Holder holder_;
    std::optional<Uint32> pen_lifted_ms_;
    bool repeats_ = false;  // the key whose text comes next
    float width_ = 1280, height_ = 800, px_per_point_ = 1, last_x_ = 0, last_y_ = 0;
    std::deque<InputEvent> queue_;
};

}  // namespace kiosk
