#include "kiosk/ui/ink_lead.h"

#include <algorithm>
#include <cmath>

namespace kiosk {
namespace {

constexpr double least_um = 150, most_turn_cosine = 0.7;  // 45 degrees

}  // namespace

void InkLead::add(const core::InkPoint& point) {
    std::erase_if(recent_, [&](const core::InkPoint& p) { return point.t_ms - p.t_ms > 3 * frame_ms; });
    recent_.push_back(point);
}

std::optional<core::InkPoint> InkLead::ahead() const {
    if (recent_.size() < 3) return std::nullopt;
    const auto& now = recent_.back();
    // Over a frame's time, and over the one before it: single events are too coarse to have a direction.
    auto since = [&](int ms) {
        return std::find_if(recent_.begin(), recent_.end() - 1,
                            [&](const core::InkPoint& p) { return now.t_ms - p.t_ms <= ms; });
    };
    auto one = since(frame_ms), two = since(2 * frame_ms);
    if (one == recent_.end() - 1 || two == one) return std::nullopt;
    double passed_ms = now.t_ms - one->t_ms, before_ms = one->t_ms - two->t_ms;
    if (passed_ms <= 0 || before_ms <= 0) return std::nullopt;
    double vx = (now.x_um - one->x_um) / passed_ms, vy = (now.y_um - one->y_um) / passed_ms,
           wx = (one->x_um - two->x_um) / before_ms, wy = (one->y_um - two->y_um) / before_ms;
    double speed = std::hypot(vx, vy), speed_before = std::hypot(wx, wy);
    if (speed * frame_ms < least_um || speed < speed_before * 0.6) return std::nullopt;
    if (vx * wx + vy * wy < most_turn_cosine * speed * speed_before) return std::nullopt;
    // As far as it came in as long a time: never more, however fast it becomes.
    double ms = std::min<double>(frame_ms, passed_ms);
    return core::InkPoint{static_cast<std::int32_t>(std::lround(now.x_um + vx * ms)),
                          static_cast<std::int32_t>(std::lround(now.y_um + vy * ms)),
                          now.t_ms + static_cast<std::int32_t>(ms), now.pressure};
}

}  // namespace kiosk
