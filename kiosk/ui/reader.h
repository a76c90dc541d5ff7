// Reader: what a screen sounds like. It compares the semantic tree with the one before and answers, in reading
// order, what there is to say: all of a new screen, what has come to a known one, and where the focus is. An error
// summary is said whole, and then nothing else of its page.
//
// Where the focus walks over the keys of the screen keyboard (key_scan.h), what they write is said when it comes,
// and of the rest only what a status says: nobody should have to listen to a page between two letters.
//
// Pure: no sound here (kiosk/platform/voice.h). A countdown is said once, not every second: texts that differ
// in digits alone are not new (where one is at, "Sida 2 av 12", is a status and is). What it remembers of a screen may be personal: forget() overwrites it.
#pragma once

#include "core/base/words.h"
#include "kiosk/ui/semantics.h"

namespace kiosk {

struct Hearing {
    bool in_private = true;             // headphones; else what people typed is not said aloud
    std::vector<std::string> personal;  // texts that are never said where others hear
};

class Reader {
  public:
    ~Reader() { forget(); }
    std::vector<std::string> read(const SemanticTree& tree, const core::Words& words, const Hearing& hearing);
    void forget();  // the next reading is of the whole screen

  private:
    void tell_content(const SemanticTree& tree, const core::Words& words, std::vector<std::string>& said);
    void tell_focus(const SemanticTree& tree, const core::Words& words, const Hearing& hearing, bool anew,
                    std::vector<std::string>& said);
    void tell_typing(const SemanticTree& tree, const core::Words& words, const Hearing& hearing, bool anew,
                     std::vector<std::string>& said);

    bool knows_screen_ = false;
    std::string screen_;
    std::vector<std::string> told_;    // contents on screen, digits as #
    std::string focus_, focus_value_;  // the value: of the field that is written in
    std::string written_in_;           // that field's id
    bool focus_checked_ = false, scans_ = false, capitals_ = false;
};

}  // namespace kiosk
