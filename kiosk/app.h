// App: State, screens, effects and the frame loop, wired together. All of it on the frame thread; what the
// effect thread answers waits in a queue that it wakes the loop for.
//
// One pass: what the world answered and a Tick go into update(), the screen is drawn, and what people did to
// it goes into update() after the drawing, because a screen must not change under its own feet.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "core/base/words.h"
#include "kiosk/effects.h"
#include "kiosk/platform/frame_loop.h"
#include "kiosk/state.h"

namespace kiosk {

class App {
  public:
    // `language`: of the first screens, until a ceremony says which is its own.
    static core::Result<std::unique_ptr<App>> open(FrameLoop& loop, const EffectSettings& settings,
                                                   std::string_view language);
    App(const App&) = delete;
    App& operator=(const App&) = delete;
    ~App();  // finishes the work in hand

    const State& state() const { return state_; }
    void emit(const Action& action);  // as if somebody on screen had said it
    // Nothing was asked for that has not been answered and taken: what is on screen will not change by
    // itself.
    bool settled() const;

  private:
    App(FrameLoop& loop, const EffectSettings& settings);
    void draw(Ui& ui);
    void take(const Action& action);
    void take_answers();
    void follow_look();  // theme and words as State says
    core::Result<core::Words> words_in(const std::string& language);

    FrameLoop& loop_;
    std::shared_ptr<const core::Clock> clock_;
    std::filesystem::path locale_dir_;
    std::map<std::string, core::Words, std::less<>> words_;
    State state_;
    std::vector<Action> said_;  // by people, during the drawing
    std::string shown_language_;
    std::int64_t last_input_ms_ = 0;

    mutable std::mutex mutex_;
    std::vector<Action> answers_;  // guarded by mutex_
    Effects effects_;              // last: its thread ends before what it answers to
};

}  // namespace kiosk
