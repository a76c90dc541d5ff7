// The screen keyboard: Swedish letters first-class, others by holding a key; a pad for digits; keys for
// e-mail.
//
// Here: which keys stand where, what they say, and what a hold offers. Painting and touch:
// screen_keyboard_panel.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kiosk/ui/ui.h"

namespace kiosk {

enum class KeyAct {
    insert,
    shift,
    backspace,
    symbols,
    letters,
    next,
    hide,
    accent,  // of the letter before the caret: the next one; only where the keys are scanned, as `done`
    done
};

struct KeyCap {
    KeyAct act = KeyAct::insert;
    std::string text;  // what it inserts; for others the name of its words ("ui.key.next")
    double share = 1;  // of the row's width
};

enum class KeyPage { letters, symbols };

inline constexpr double screen_keyboard_padding_mm = 1.5;  // above and below the keys
// Of the width that the keys stand in.
inline constexpr double screen_pad_mm = 120, screen_letters_mm = 230;

bool is_pad(FieldKind kind);  // digits, and little else

// Rows from the top. Letters are lower case; shift is applied when shown and inserted.
std::vector<std::vector<KeyCap>> keyboard_rows(FieldKind kind, KeyPage page);
// What else a key offers when held: "e" -> é è ê ë ..., the key itself not among them.
std::vector<std::string> alternatives(std::string_view key);
// What comes after `now` among those and the key itself: e, é, è ... and e again. Of a capital, capitals; where
// there are no others, `base`.
std::string next_accent(const std::string& base, const std::string& now);
// Does the next letter begin a name or a sentence?
bool wants_capital(FieldKind kind, std::string_view before_caret);

}  // namespace kiosk
