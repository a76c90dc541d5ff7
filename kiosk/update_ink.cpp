#include <algorithm>

#include "kiosk/update_parts.h"

namespace kiosk {
namespace {

constexpr std::size_t most_points = 20'000;  // a minute and a half of a fast pen; no signature is longer

std::size_t points_in(const core::Ink& ink) {
    std::size_t count = 0;
    for (const auto& stroke : ink.strokes) count += stroke.points.size();
    return count;
}

// Ink that came from a draft, or from before the person went back, goes on from where it ended.
void start_pen(core::Ink& ink, Pen& pen, std::int32_t t_ms) {
    if (pen.zero_ms) return;
    pen.zero_ms = t_ms;
    if (!ink.strokes.empty() && !ink.strokes.back().points.empty())
        *pen.zero_ms -= ink.strokes.back().points.back().t_ms + 1000;
}

void add_point(core::Ink& ink, const Pen& pen, core::InkPoint point) {
    auto& points = ink.strokes.back().points;
    std::int32_t earliest = 0;
    for (auto stroke = ink.strokes.rbegin(); stroke != ink.strokes.rend() && earliest == 0; ++stroke)
        if (!stroke->points.empty()) earliest = stroke->points.back().t_ms;
    point.t_ms = std::max(earliest, static_cast<std::int32_t>(point.t_ms - pen.zero_ms.value_or(0)));
    point.x_um = std::clamp(point.x_um, 0, ink.width_um),
    point.y_um = std::clamp(point.y_um, 0, ink.height_um);
    point.pressure = std::clamp(point.pressure, 0, 1000);
    bool stands_still =
        !points.empty() && points.back().x_um == point.x_um && points.back().y_um == point.y_um;
    if (!stands_still) points.push_back(point);
}

}  // namespace

void add_ink(core::Ink& ink, Pen& pen, const AddInk& event) {
    if (event.width_um <= 0 || event.height_um <= 0) return;
    if (ink.width_um != event.width_um || ink.height_um != event.height_um) {
        if (ink.empty())
            ink.width_um = event.width_um, ink.height_um = event.height_um;
        else
            ink = core::refit(ink, event.width_um, event.height_um);
    }
    switch (event.what) {
        case AddInk::What::begin:
            if (points_in(ink) >= most_points) return;
            start_pen(ink, pen, event.point.t_ms);
            ink.strokes.emplace_back();
            pen.down = true;
            return add_point(ink, pen, event.point);
        case AddInk::What::move:
            if (pen.down && ink.strokes.back().points.size() < most_points) add_point(ink, pen, event.point);
            return;
        case AddInk::What::end:
            if (pen.down) add_point(ink, pen, event.point);
            pen.down = false;
            return;
        case AddInk::What::cancel:
            if (pen.down) ink.strokes.pop_back();
            pen.down = false;
            return;
    }
}

void undo_stroke(core::Ink& ink, Pen& pen) {
    pen.down = false;
    if (!ink.strokes.empty()) ink.strokes.pop_back();
}

}  // namespace kiosk
