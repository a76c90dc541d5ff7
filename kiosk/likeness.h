// Likeness: names as people spell them, in a hurry and on foreign keyboards; and organisations that may be the same.
//
// A likeness is said, and never decides: two associations can share a name, and a number can be mistyped.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kiosk/state.h"

namespace kiosk {

// Folded, and å ä ö without their marks.
std::u32string plain_letters(std::string_view text);
std::vector<std::u32string> words_of(const std::u32string& text);  // between spaces
// Is `typed` a beginning of `word`, with at most `slips` letters wrong, missing, extra or swapped?
bool begins_like(const std::u32string& word, const std::u32string& typed, int slips);
// The same words in any order but for "föreningen" and its like, or a slip of the finger.
bool nearly_the_same_name(std::string_view a, std::string_view b);

// What is on this tablet already, or on another that has synced, and may be the visitor's organisation.
struct Likeness {
    enum class Kind { same_number, same_name, near_name, waits } kind = Kind::same_name;
    std::string organisation, certificate_number;  // the number is empty for a signing that waits

    std::string message() const;  // its name, with {organisation} and {number}
};
// The most telling one first: number, name, nearly the name. The signing that this visit replaces, and the draft that
// it came from, are not counted.
std::optional<Likeness> likeness(const State& state, const Visit& visit);

}  // namespace kiosk
