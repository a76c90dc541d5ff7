#include "core/model/ink.h"

#include <algorithm>
#include <cmath>

namespace core {

namespace {

struct Extent {
    double thickness_um = 0, length_um = 0;  // of the narrowest box along the main direction
};

// Along the main direction (principal axis) of all points.
Extent extent_of(const Ink& ink) {
    double n = 0, mx = 0, my = 0;
    for (const Stroke& stroke : ink.strokes)
        for (const InkPoint& p : stroke.points) n += 1, mx += p.x_um, my += p.y_um;
    mx /= n, my /= n;
    double xx = 0, xy = 0, yy = 0;
    for (const Stroke& stroke : ink.strokes)
        for (const InkPoint& p : stroke.points) {
            const double x = p.x_um - mx, y = p.y_um - my;
            xx += x * x, xy += x * y, yy += y * y;
        }
    const double angle = std::atan2(2 * xy, xx - yy) / 2, c = std::cos(angle), s = std::sin(angle);
    double along_lo = 0, along_hi = 0, across_lo = 0, across_hi = 0;
    for (const Stroke& stroke : ink.strokes)
        for (const InkPoint& p : stroke.points) {
            const double x = p.x_um - mx, y = p.y_um - my, along = x * c + y * s, across = y * c - x * s;
            along_lo = std::min(along_lo, along), along_hi = std::max(along_hi, along);
            across_lo = std::min(across_lo, across), across_hi = std::max(across_hi, across);
        }
    return {across_hi - across_lo, along_hi - along_lo};
}

// How far the pen went on the paper; jitter does not count.
double way_um(const Ink& ink) {
    constexpr double step_um = 500;
    double way = 0;
    for (const Stroke& stroke : ink.strokes) {
        if (stroke.points.empty()) continue;
        InkPoint from = stroke.points.front();
        for (const InkPoint& p : stroke.points) {
            const double d = std::hypot(double{1} * p.x_um - from.x_um, double{1} * p.y_um - from.y_um);
            if (d < step_um) continue;
            way += d;
            from = p;
        }
    }
    return way;
}

std::int32_t rounded(double value) { return static_cast<std::int32_t>(std::lround(value)); }

std::size_t points_in(const Ink& ink) {
    std::size_t count = 0;
    for (const Stroke& stroke : ink.strokes) count += stroke.points.size();
    return count;
}

// Every k-th point, and both ends, so that all strokes stay.
void thin_out(Ink& ink, std::size_t most) {
    const std::size_t all = points_in(ink);
    if (all <= most) return;
    const std::size_t ends = 2 * ink.strokes.size();
    const double share = static_cast<double>(most - ends) / static_cast<double>(all);
    for (Stroke& stroke : ink.strokes) {
        const std::size_t count = stroke.points.size();
        const auto keep = static_cast<std::size_t>(share * static_cast<double>(count)) + 2;
        if (keep >= count) continue;
        std::vector<InkPoint> kept;
        for (std::size_t i = 0; i < keep; ++i) kept.push_back(stroke.points[i * (count - 1) / (keep - 1)]);
        stroke.points = std::move(kept);
    }
}

}  // namespace

bool has_room(const Ink& ink, InkRoom wanted) {
    if (points_in(ink) >= InkLimits::points) return false;
    if (wanted == InkRoom::stroke) return ink.strokes.size() < InkLimits::strokes;
    return !ink.strokes.empty() && ink.strokes.back().points.size() < InkLimits::points_per_stroke;
}

InkBounds bounds(const Ink& ink) {
    InkBounds box;
    bool first = true;
    for (const Stroke& stroke : ink.strokes)
        for (const InkPoint& p : stroke.points) {
            if (first) box = {p.x_um, p.y_um, p.x_um, p.y_um};
            first = false;
            box = {std::min(box.left_um, p.x_um), std::min(box.top_um, p.y_um),
                   std::max(box.right_um, p.x_um), std::max(box.bottom_um, p.y_um)};
        }
    return box;
}

InkVerdict judge(const Ink& ink) {
    constexpr double dot_um = 3'000, least_length_um = 8'000, least_way_um = 14'000;
    constexpr double line_thickness_um = 1'000, line_share = 0.05, line_way = 1.15;
    if (points_in(ink) == 0) return InkVerdict::empty;
    const Extent extent = extent_of(ink);
    const double way = way_um(ink);
    if (extent.length_um < dot_um) return InkVerdict::dot;
    // Along one line, however often; or one sweep that hardly bends.
    const bool on_a_line = extent.thickness_um < line_thickness_um;
    const bool one_sweep =
        extent.thickness_um < line_share * extent.length_um && way < line_way * extent.length_um;
    if (on_a_line || one_sweep) return InkVerdict::straight_line;
    if (extent.length_um < least_length_um || way < least_way_um) return InkVerdict::too_small;
    return InkVerdict::good;
}

Ink shape_only(const Ink& ink) {
    const PenStyle pen;
    Ink shape{ink.width_um, ink.height_um, {}};
    for (const Stroke& stroke : ink.strokes) {
        if (stroke.points.empty()) continue;
        if (shape.strokes.size() == InkLimits::strokes) break;
        StrokeOutliner outliner(pen);
        for (const InkPoint& point : stroke.points) outliner.add(point);
        outliner.finish();
        Stroke drawn;
        for (const InkNib& nib : outliner.centre_line()) {
            const InkPoint point{rounded(nib.at.x), rounded(nib.at.y), 0,
                                 pressure_of_width(pen, nib.width_um)};
            if (drawn.points.empty() || drawn.points.back() != point) drawn.points.push_back(point);
        }
        shape.strokes.push_back(std::move(drawn));
    }
    thin_out(shape, InkLimits::recorded_points);
    return shape;
}

Ink refit(const Ink& ink, std::int32_t width_um, std::int32_t height_um) {
    Ink fitted{width_um, height_um, ink.strokes};
    if (ink.width_um <= 0 || ink.height_um <= 0 || width_um <= 0 || height_um <= 0) return fitted;
    const InkBounds box = bounds(ink);
    const double width = std::max(1.0, double{1} * box.right_um - box.left_um);
    const double height = std::max(1.0, double{1} * box.bottom_um - box.top_um);
    const double scale =
        std::min({double{1} * width_um / ink.width_um, width_um / width, height_um / height});
    // The middle of the area stays the middle; what would stick out moves in.
    const auto shift = [scale](double old_size, double new_size, double lo, double hi) {
        const double by = new_size / 2 - scale * old_size / 2;
        return std::clamp(by, std::min(-scale * lo, new_size - scale * hi),
                          std::max(-scale * lo, new_size - scale * hi));
    };
    const double dx = shift(ink.width_um, width_um, box.left_um, box.right_um);
    const double dy = shift(ink.height_um, height_um, box.top_um, box.bottom_um);
    for (Stroke& stroke : fitted.strokes)
        for (InkPoint& p : stroke.points) {
            p.x_um = rounded(scale * p.x_um + dx);
            p.y_um = rounded(scale * p.y_um + dy);
        }
    return fitted;
}

}  // namespace core
