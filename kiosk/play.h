// Play: acts a journey out in front of the real kiosk without a window, with real effects, and pictures every
// screen.
//
// Beside the journey's own steps (kiosk/platform/journey.h) there are these hands:
//   hand type-word N                 the N-th word of the passphrase that is on screen or lies beside a demonstration
//   hand type-passphrase             all of it
//   hand travel SECONDS              as if that time had passed
//   hand visitor-stick in|out        a visitor plugs a stick in; `stick in|out` is the host's
//   hand still MS                    nothing is drawn while nothing happens
//   hand spoil damaged|newer         switches off, does that to the store, and switches on
//   hand room in|out                 plugs a projector in (1920 x 1080), or out
//   hand room-picture NAME           what it shows, when its ink has drawn itself, as NAME.png
//   hand room-shows "text", hand room-hides "text"
//   hand room-draws                  a signature is drawing itself there; hand room-still: none is
//   hand headphones in|out           plugs headphones in or out: the tablet begins or stops to read aloud
//   hand hear "text"                 it has been said aloud since the last `hear`; `hand silent`: nothing has
//   hand not-heard "text"            it has not been said at all, since the journey began
//   hand measure NAME                notes resident memory, and the time since the last such measure
//   hand taps from-here | at-most N  counts what a finger has to tap; more than N, or a key, fails
#pragma once

#include <atomic>
#include <set>

#include "kiosk/app.h"

namespace kiosk {

// The system's clock, moved: by --clock, or by a journey that travels.
class ShiftedClock : public core::Clock {
  public:
    core::ClockReading now() const override {
        auto reading = core::SystemClock().now();
        reading.wall_ms += wall_shift_ms_ + travelled_ms_;
        reading.monotonic_ms += travelled_ms_;
        return reading;
    }
    void set_wall_shift_ms(std::int64_t ms) { wall_shift_ms_ = ms; }
    void travel(std::int64_t ms) { travelled_ms_ += ms; }
    void move_wall(std::int64_t ms) { wall_shift_ms_ += ms; }  // somebody sets the clock

  private:
    std::atomic<std::int64_t> wall_shift_ms_{0}, travelled_ms_{0};
};

// What a hand of the caller's own may reach for. loop() and app() are others after a restart.
struct Backstage {
    std::function<FrameLoop&()> loop;
    std::function<App&()> app;
    std::function<core::Status()> restart;
    std::function<core::Status(bool in)> host_stick, visitor_stick;
    std::function<void(std::int64_t seconds)> travel, move_clock;
    std::function<core::Result<std::string>()> passphrase;
};

struct Play {
    std::filesystem::path journey;
    std::filesystem::path picture_dir;  // NN-screen.png, and what the journey names itself
    FrameLoopOptions display;
    EffectSettings effects;
    std::shared_ptr<ShiftedClock> clock;
    std::string language = "sv";
    VoiceWay voice = VoiceWay::headphones;
    std::map<std::string, std::function<core::Status(Backstage&)>> hands;  // of the caller's own
};

struct Played {
    core::Status status;            // the error says script, line and what was on screen
    std::set<std::string> screens;  // every one that was seen
    FrameLoop::Counts counts;
    std::vector<std::string> notes;  // what the journey measured, in words
};
Played play(const Play& what);

}  // namespace kiosk
