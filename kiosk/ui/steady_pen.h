// Steady pen: takes the tremor out of a hand that shakes, while it draws. What comes out is what is shown and what is kept.
//
// Causal: a point depends on what came before it, never on what comes after, so nothing that was shown moves. First a low
// pass over time (a tremor beats four to eight times a second, however fast the pen is), then a short string: the pen
// is pulled by it and stands still while the hand trembles within its length. Lengths are micrometres.
#pragma once

#include "core/model/ink.h"
#include "kiosk/look.h"

namespace kiosk {

class SteadyPen {
  public:
    void set(Steadiness steadiness) { steadiness_ = steadiness; }  // counts from the next begin()

    core::InkPoint begin(const core::InkPoint& point);
    core::InkPoint move(const core::InkPoint& point);
    core::InkPoint end(const core::InkPoint& point);  // the pen comes up to the hand, but for the string

    static double string_um(Steadiness steadiness);

  private:
    core::InkPoint pull(const core::InkPoint& point);

    Steadiness steadiness_ = Steadiness::off, now_ = Steadiness::off;
    double smooth_x_ = 0, smooth_y_ = 0, x_ = 0, y_ = 0;
    std::int32_t t_ms_ = 0;
};

}  // namespace kiosk
