// Key names: what a key of the screen keyboard is called when it is said, and what a row of them holds. A voice
// passes over a comma and cannot tell "Å" from "å" or "-" from "–".
#pragma once

#include "core/base/words.h"
#include "kiosk/ui/screen_keyboard.h"

namespace kiosk {

// Of a letter, a sign or what a key inserts; itself where it needs no name.
std::string letter_name(const core::Words& words, std::string_view text);
// A capital is said to be one.
std::string typed_name(const core::Words& words, std::string_view text);
std::string key_name(const core::Words& words, const KeyCap& cap, bool shift);
// "q till å"; "Skift, z till bindestreck"; a short row key by key.
std::string row_name(const core::Words& words, const std::vector<KeyCap>& keys, bool shift);

}  // namespace kiosk
