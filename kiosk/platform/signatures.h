// Signatures that journeys draw: a name in a hand of its own, the same every time, with a hand's curves,
// speed and pressure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace kiosk {

struct PenSample {
    float x = 0, y = 0;  // in units of the signature's own height, origin at its left on the baseline, y down
    float pressure = 0;  // 0..1, never quite either
    int t_ms = 0;        // since the stroke began
};
struct DrawnSignature {
    std::vector<std::vector<PenSample>> strokes;
    std::vector<int> pauses_ms;  // before each stroke
    float width = 0;             // in the same units
};

std::optional<DrawnSignature> draw_signature(std::string_view name);  // nothing where there is no letter

}  // namespace kiosk
