#include "kiosk/ui/steady_pen.h"

#include <algorithm>
#include <cmath>

namespace kiosk {
namespace {

double slowness_ms(Steadiness steadiness) {
    return steadiness == Steadiness::strong ? 70 : steadiness == Steadiness::light ? 30 : 0;
}

}  // namespace

double SteadyPen::string_um(Steadiness steadiness) {
    return steadiness == Steadiness::strong ? 2500 : steadiness == Steadiness::light ? 800 : 0;
}

core::InkPoint SteadyPen::begin(const core::InkPoint& point) {
    now_ = steadiness_;
    smooth_x_ = x_ = point.x_um, smooth_y_ = y_ = point.y_um, t_ms_ = point.t_ms;
    return point;
}

core::InkPoint SteadyPen::move(const core::InkPoint& point) {
    if (now_ == Steadiness::off) return point;
    // By the time that has passed, so that it is the same for 60 events a second and for 240.
    double passed_ms = std::max(0, point.t_ms - t_ms_);
    double share = 1 - std::exp(-passed_ms / slowness_ms(now_));
    smooth_x_ += (point.x_um - smooth_x_) * share, smooth_y_ += (point.y_um - smooth_y_) * share;
    t_ms_ = point.t_ms;
    return pull(point);
}

core::InkPoint SteadyPen::end(const core::InkPoint& point) {
    if (now_ == Steadiness::off) return point;
    smooth_x_ = point.x_um, smooth_y_ = point.y_um;
    return pull(point);
}

core::InkPoint SteadyPen::pull(const core::InkPoint& point) {
    double dx = smooth_x_ - x_, dy = smooth_y_ - y_, far = std::hypot(dx, dy), string = string_um(now_);
    if (far > string) {
        double step = (far - string) / far;
        x_ += dx * step, y_ += dy * step;
    }
    return {static_cast<std::int32_t>(std::lround(x_)), static_cast<std::int32_t>(std::lround(y_)),
            point.t_ms, point.pressure};
}

}  // namespace kiosk
