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
#include "kiosk/ui/reader.h"

namespace kiosk {

// What App speaks with; any of them may be empty. Called on the frame thread.
struct Speech {
    VoiceWay way = VoiceWay::off;
    std::function<void(std::string text, const std::string& language, int volume)> say;
    std::function<void()> hush;   // somebody touched something
    std::function<void()> chime;  // a warning came on screen
};

class App {
  public:
    // `language`: of the first screens, until a ceremony says which is its own.
    static core::Result<std::unique_ptr<App>> open(FrameLoop& loop, const EffectSettings& settings,
                                                   std::string_view language, Speech speech = {},
                                                   const RoomLook& room = {});
    App(const App&) = delete;
    App& operator=(const App&) = delete;
    ~App();  // finishes the work in hand

    const State& state() const { return state_; }
    void emit(const Action& action);  // as if somebody on screen had said it
    void answer(Action action);       // what the world says; from any thread
    // Nothing was asked for that has not been answered and taken: what is on screen will not change by
    // itself.
    bool settled() const;

  private:
    App(FrameLoop& loop, const EffectSettings& settings, Speech speech);
    void draw(Ui& ui);
    void take(const Action& action);
    void take_answers();
    void follow_look();  // theme and words as State says
    void follow_room_look();
    void speak(const SemanticTree& tree);
    core::Result<core::Words> words_in(const std::string& language);

    FrameLoop& loop_;
    std::shared_ptr<const core::Clock> clock_;
    std::filesystem::path locale_dir_;
    std::map<std::string, core::Words, std::less<>> words_;
    State state_;
    std::vector<Action> said_;  // by people, during the drawing
    std::string shown_language_, room_language_;
    Contrast room_contrast_ = Contrast::light;
    core::Rgb room_accent_;
    std::int64_t last_input_ms_ = 0;

    Speech speech_;
    Reader reader_;
    bool spoke_ = false, warned_ = false;
    int readings_ = 0;

    mutable std::mutex mutex_;
    std::vector<Action> answers_;  // guarded by mutex_
    Effects effects_;              // last: its thread ends before what it answers to
};

}  // namespace kiosk
