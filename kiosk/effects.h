// Effects: the one thread that does what update() asked for. It owns the keyring, the store, the seal key and
// everything warm for certificates; nothing of that is ever seen by the frame thread.
//
// Effects go in by ask(), in order; Actions come out by the `answer` callback, on the effect thread: it may
// only queue them and wake the frame loop. Every Effect is answered by its Action or by Failed, except those
// that state.h calls silent, which only answer when they fail. What people typed is wiped here as soon as it
// has been used. Not here: what each Effect means (kiosk/effects_clerk), words for failures (words_for),
// drawing.
#pragma once

#include <functional>
#include <memory>

#include "core/base/clock.h"
#include "kiosk/state.h"
#include "kiosk/stick.h"

namespace kiosk {

struct EffectSettings {
    std::filesystem::path ceremony_dir, store_dir, share_dir;
    StickPlaces sticks;
    std::shared_ptr<const core::Clock> clock;  // never null
    std::string printer;                       // for certificates; empty: the computer's default, "-": none
    bool demonstration = false;                // may make its own CA (kiosk/demo.h)
    int arms_height_px = 360;
};

class Effects {
  public:
    Effects(EffectSettings settings, std::function<void(Action)> answer);
    Effects(const Effects&) = delete;
    Effects& operator=(const Effects&) = delete;
    ~Effects();  // stop()

    void ask(Effect effect);
    bool busy() const;  // something was asked for and has not been answered yet
    void stop();        // finishes the work in hand and what is queued; answers no more afterwards

  private:
    struct Data;
    std::unique_ptr<Data> data_;
};

}  // namespace kiosk
