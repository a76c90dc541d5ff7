// Text layout: runs of words broken into lines. No hyphenation. What is read as one stays on one line: "21
// november 2026", "kl. 14.05", "40 sekunder", "070-174 06 05", "§ 12", numbers with hyphens. An address that no
// line holds is broken before its @; any other word longer than the line where it must be.
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

// The least width that needs no more lines, so that a heading's last line is not one short word.
float balanced_width(const Fonts& fonts, std::string_view text, Font font, float max_width);

// Does the space between these two hold them together?
bool space_holds(std::string_view before, std::string_view after);

// Where the baseline lies in a line box of `height`, so that capitals stand in its middle.
float baseline_in(float height, Font font);

}  // namespace kiosk
