// Text layout: runs of words broken into lines. No hyphenation; a word longer than the line is broken where
// it must be.
#pragma once

#include <string_view>
#include <vector>

#include "kiosk/ui/fonts.h"

namespace kiosk {

inline constexpr float line_height = 1.4F;  // of the font size

struct TextLine {
    std::string_view text;  // a part of what was laid out
    float width = 0;
};
std::vector<TextLine> wrap(const Fonts& fonts, std::string_view text, Font font, float max_width);

// Where the baseline lies in a line box of `height`, so that capitals stand in its middle.
float baseline_in(float height, Font font);

}  // namespace kiosk
