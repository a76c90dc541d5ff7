// Monkey: somebody who taps, types, draws, turns the tablet, plugs things in and walks away, all at random, in
// front of the real kiosk. One seed, one walk.
//
// Every now and then it must be able to leave: by the buttons and keys on screen, or by waiting. Either way it
// stands at the start page or the host's desk within a few steps, whatever it did before.
#pragma once

#include <cstdio>
#include <random>

#include "kiosk/play.h"

namespace monkey {

class Monkey {
  public:
    // `trail`: one line a step, on disk before the step is taken, so that a crash leaves it.
    Monkey(kiosk::Backstage& backstage, std::uint64_t seed, const std::filesystem::path& trail);
    ~Monkey();
    Monkey(const Monkey&) = delete;
    Monkey& operator=(const Monkey&) = delete;

    core::Status walk(int steps);
    std::string summary() const;

  private:
    using Nodes = std::vector<const kiosk::SemanticNode*>;

    int pick(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
    bool chance(int percent) { return pick(100) < percent; }
    std::string one_of(const std::vector<std::string>& texts) {
        return texts[static_cast<std::size_t>(pick(static_cast<int>(texts.size())))];
    }
    kiosk::FrameLoop& loop() { return backstage_.loop(); }
    const kiosk::State& state() { return backstage_.app().state(); }
    void note(const std::string& what);

    core::Status settle();  // until nothing will change by itself
    Nodes on_screen(bool keys);
    void tap(const kiosk::SemanticNode& node);
    bool tap_called(const char* message);

    core::Status step();
    void tap_something();
    void go_on();
    void be_eager();
    void tick_all();
    void fill_something();
    void fill(const kiosk::SemanticNode& field);
    std::string text_for(const std::string& field);
    void draw_something();
    void touch_anywhere();
    void press_a_key();
    void change_the_look();
    core::Status change_the_world();
    void plug_the_room();
    void fall_asleep();
    void push(Uint32 type, Uint8 window_event = 0);
    bool press_somewhere();  // and hold: what follows happens under a finger

    bool at_home();
    core::Status leave_by_hand();
    core::Status leave_by_waiting();
    core::Status lost(const std::string& why);

    kiosk::Backstage& backstage_;
    std::mt19937_64 random_;
    std::uint64_t seed_;
    std::FILE* trail_;
    bool eager_ = false;  // until the next leaving: as somebody who wants to get somewhere
    int step_ = 0, left_by_hand_ = 0, left_by_waiting_ = 0;
    bool host_stick_ = false, visitor_stick_ = false;
    std::int64_t clock_moved_s_ = 0;
    std::set<std::string> screens_;
};

}  // namespace monkey
