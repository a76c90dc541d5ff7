// A kiosk in a real window, and beside it a person on a thread of their own who reads the screen and touches it by SDL's
// events, as a touch screen's driver would put them in.
//
// The window's thread is the caller's: run() shows the kiosk until the person is done. What the person sees is a copy of
// the semantic tree, made after each turn. Positions are px of the window.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>

#include "kiosk/app.h"
#include "kiosk/play.h"

namespace window_hand {

struct Failed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class RealWindow {
  public:
    // `out` holds the store of a ceremony that is open: OUT/store.
    RealWindow(const std::filesystem::path& out, kiosk::RoomPlace room);
    ~RealWindow();

    // Returns what went wrong, or "".
    std::string run(const std::function<void(RealWindow&)>& person);
    // Judges what lies in the store afterwards, and lays it out in `out`: what is wrong, or "".
    std::string deliver();

    // --- for the person; each waits, for twenty seconds at most, and throws Failed.

    kiosk::SemanticNode where(const std::string& label);  // what can be operated and begins so, on any page
    kiosk::SemanticNode area();
    void see(const std::string& text);
    void leaf();  // to the last page, as somebody who reads them all
    void tap(const std::string& label);
    void write(const std::string& text);  // on the screen keyboard, key by key
    std::string passphrase() const;

    // One event each, stamped by SDL with the real time.
    void finger(Uint32 type, int finger, float x, float y, float pressure = 0);
    void pen(Uint32 type, float x, float y);  // which SDL 2 reports as a mouse
    void key(SDL_Keycode key);
    void push(SDL_Event event);
    static void wait_ms(int ms);

    // Does that on the window's thread, between two turns.
    void with_app(const std::function<void(kiosk::App&, kiosk::FrameLoop&)>& look);
    void until(const std::string& what, const std::function<bool(kiosk::App&, kiosk::FrameLoop&)>& holds);
    kiosk::ShiftedClock& clock() { return *clock_; }

  private:
    std::optional<kiosk::SemanticNode> on_screen(const std::string& label);
    kiosk::SemanticTree seen();
    void page_on(int turn);
    [[noreturn]] void fail(const std::string& why);

    std::filesystem::path out_;
    kiosk::EffectSettings effects_;
    std::shared_ptr<kiosk::ShiftedClock> clock_;
    std::unique_ptr<kiosk::FrameLoop> loop_;
    std::unique_ptr<kiosk::App> app_;
    Uint32 window_ = 0;
    float width_ = 0, height_ = 0;

    std::mutex mutex_;
    std::condition_variable answered_;
    kiosk::SemanticTree tree_;                                      // guarded by mutex_
    std::function<void(kiosk::App&, kiosk::FrameLoop&)> question_;  // guarded by mutex_
    bool person_is_done_ = false;                                   // guarded by mutex_
};

// From the passphrase to where Schackklubben Springaren signs, by fingers alone.
void to_the_signature(RealWindow& window);
// What several fingers leave in the area: a wave of `points` events, pressed by `finger`.
void wave(RealWindow& window, const kiosk::Rect& area, int points,
          const std::function<void(int i, float x, float y)>& put);

}  // namespace window_hand
