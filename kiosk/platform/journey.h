// Journey: a person's way through the kiosk as a small readable text, acted out with the same events as a
// finger's.
//
// One step a line; '#' begins a comment; words in quotation marks are labels and texts; ${NAME} is replaced.
//   tap "Börja"                          the first thing on screen that can be operated and is called so
//   tap "Ändra" in "Ordförande"          the nearest such thing after what shows that text
//   see "text" / not "text"              within the time-out / at once, on this screen and all its pages
//   fill "Namn" "Åsa Öberg"              taps the field, clears it, types
//   tab "Klar"                           presses Tab until that has the focus: the way of whoever has no finger
//   type "text", key Tab                 keys: Tab Shift+Tab Enter Space Escape Backspace Left Right Up Down
//   Home End
//                                        PageUp PageDown
//   buttons                              from here on by Tab and Enter alone, as with a two-button switch:
//                                        tap, fill, type and leaf walk there and write on the keys on screen
//   sign "Åsa Öberg"                     writes that name in the signing area (see signatures.h)
//   leaf                                 turns to the last of the screen's pages, as somebody who reads them all
//   stroke 10,12 14,20 40,18             one stroke, in mm of the signing area
//   scribble dot|line                    what must be refused
//   hold "e"                             presses until what lies under a key is shown
//   wait 500ms, screenshot name, resize 1920x1200, size normal|large|larger|largest, contrast light|high
//   restart, stick in|out, hand name arguments...   what the program offers besides its screen
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "kiosk/platform/headless.h"

namespace kiosk {

struct JourneyStep {
    int line = 0;
    std::string verb;
    std::vector<std::string> arguments;  // unquoted, variables filled in
};

// Errc::malformed: "file:line: what is wrong and what to write".
core::Result<std::vector<JourneyStep>> parse_journey(
    const std::string& name, std::string_view text, const std::map<std::string, std::string>& variables = {});

// What a person had to do so far.
struct Effort {
    int taps = 0;        // of a finger; not the strokes of a signature
    int keystrokes = 0;  // and texts
};

struct JourneyHost {
    std::function<FrameLoop&()> loop;       // asked for at each step: a restart may make a new one
    std::function<core::Status()> restart;  // as if power had come back
    std::function<core::Status(bool in)> stick;
    std::map<std::string, std::function<core::Status(const std::vector<std::string>&)>> hands;
    // All that the screens' language may say for a text of the journey's; else just that text.
    std::function<std::vector<std::string>(const std::string&)> ways;
    std::function<void(TextSize, Contrast)> look;  // for size and contrast; else the loop's own theme is set
    std::map<std::string, std::string> variables;
    std::filesystem::path picture_dir;  // NAME.png
    Effort effort;                      // of all that was run with this host
    bool buttons_alone = false;         // "buttons" was said, in this part of a journey or one before
    int timeout_ms = 10'000;
    Pace pace = Pace::at_once;
    std::function<void(const JourneyStep&)> on_step;  // before each, for a log
};

// Stops at the first step that fails: Errc::not_found (or what a callback said), with script, line, what was
// asked for and the labels that are on screen; the screen is saved as failed-SCRIPT-LINE.png.
core::Status run_journey(const std::string& name, std::string_view text, JourneyHost& host);

}  // namespace kiosk
