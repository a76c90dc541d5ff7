#include "kiosk/ui/theme.h"

#include <algorithm>
#include <cmath>

namespace kiosk {
namespace {

constexpr core::Rgb black{0, 0, 0}, white{255, 255, 255}, yellow{0xFF, 0xD4, 0x00};
constexpr core::Rgb own_accent{0x0A, 0x4D, 0x68};
constexpr double accent_contrast = 7.0;

double linear(std::uint8_t channel) {
    double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}
double luminance(core::Rgb c) { return 0.2126 * linear(c.r) + 0.7152 * linear(c.g) + 0.0722 * linear(c.b); }

}  // namespace

double contrast_ratio(core::Rgb a, core::Rgb b) {
    double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

double Theme::body_mm() const {
    switch (text_size) {
        case TextSize::normal:
            return 4.9;
        case TextSize::large:
            return 5.6;
        case TextSize::larger:
            return 6.3;
        case TextSize::largest:
            return 7.0;
    }
    return 4.9;
}

Theme make_theme(Contrast contrast, TextSize size, core::Rgb accent, double px_per_mm) {
    Theme theme;
    theme.px_per_mm = px_per_mm;
    theme.text_size = size;
    theme.contrast = contrast;
    if (contrast == Contrast::high) {
        theme.paper = theme.card = black;
        theme.ink = theme.ink_soft = theme.line = theme.focus = theme.pen = white;
        theme.accent = theme.done = theme.warn = theme.error = yellow;
        theme.on_accent = black;
        return theme;
    }
    theme.paper = {0xFA, 0xF8, 0xF3};
    theme.card = white;
    theme.ink = {0x17, 0x21, 0x2B};
    theme.ink_soft = {0x46, 0x53, 0x5F};
    theme.line = {0xD5, 0xD0, 0xC4};
    bool fits = accent != black && contrast_ratio(accent, theme.paper) >= accent_contrast;
    theme.accent = fits ? accent : own_accent;
    theme.on_accent = white;
    theme.done = {0x1E, 0x6B, 0x3A};
    theme.warn = {0x8A, 0x4B, 0x00};
    theme.error = {0xA3, 0x13, 0x1D};
    theme.focus = {0xFF, 0xB0, 0x00};
    theme.pen = {0x14, 0x23, 0x3A};
    return theme;
}

}  // namespace kiosk
