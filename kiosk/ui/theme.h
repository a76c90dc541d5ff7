// Theme: colours, sizes and motion, all in one place (LOOK.md). Physical millimetres; px_per_mm is the
// display's own.
#pragma once

#include "core/model/page.h"
#include "kiosk/look.h"

namespace kiosk {

struct Theme {
    double px_per_mm = 6.0;
    TextSize text_size = TextSize::normal;
    Contrast contrast = Contrast::light;
    bool motion = true;

    core::Rgb paper, card, ink, ink_soft, line, accent, on_accent, done, warn, error, focus, pen;

    double body_mm() const;
};

// `accent` is the municipality's colour; ignored when it is black (none given) or does not reach 7:1 on
// paper.
Theme make_theme(Contrast contrast, TextSize size, core::Rgb accent, double px_per_mm);

double contrast_ratio(core::Rgb a, core::Rgb b);  // WCAG 2.2: 1..21

}  // namespace kiosk
