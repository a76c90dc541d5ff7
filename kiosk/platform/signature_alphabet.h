// The letters of a quick hand, as the knots that its pen passes: x from the letter's left, y up from the
// baseline, in x-heights. Joined by whoever writes (signatures.cpp).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace kiosk {

struct Dot {
    float x = 0, y = 0;
};
enum class Accent { none, dot, dots, ring, acute, grave, caron, bar };

struct HandLetter {
    float advance = 0;
    bool capital = false;
    Accent accent = Accent::none;  // written after the word, as people do
    std::vector<std::vector<Dot>>
        strokes;  // the pen is lifted between them; the last, if empty, lifts it at the end
};

// Nothing for what this hand has never learned; U'~' is where a hand gives up.
std::optional<HandLetter> hand_letter(char32_t letter);

}  // namespace kiosk
