// Buttons: a person with a two-button switch. All they can do is "next" (Tab) and "choose" (Enter), and all they
// know is where the focus is; a journey that is walked by them shows that nobody needs more.
#pragma once

#include "kiosk/platform/journey.h"

namespace kiosk {

class Buttons {
  public:
    using Find = std::function<const SemanticNode*(const SemanticTree&)>;

    Buttons(FrameLoop& loop, Hand& hand, Effort& effort) : loop_(loop), hand_(hand), effort_(effort) {}

    // Presses "next" until what is found has the focus. Errc::not_found: it never has.
    core::Status go_to(const Find& find);
    core::Status choose(const Find& find);
    core::Status leaf();  // to the last of the screen's pages; "next" turns them too
    // Writes on the keys on screen, and opens them if the focus is on a field. Errc::not_found: no key writes
    // that letter.
    core::Status write(std::string_view text);
    core::Status erase_all();
    core::Status done();  // with the keys

  private:
    void press(SDL_Keycode key);
    bool scans() const;
    core::Status open_keys();
    core::Status write_letter(const std::string& letter);
    bool has_key(const std::function<bool(const SemanticNode&)>& wanted) const;
    core::Status press_key(const std::function<bool(const SemanticNode&)>& wanted, const std::string& what);

    FrameLoop& loop_;
    Hand& hand_;
    Effort& effort_;
};

}  // namespace kiosk
