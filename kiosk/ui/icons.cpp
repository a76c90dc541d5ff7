#include "kiosk/ui/icons.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace kiosk {
namespace {

constexpr float pen_width = 2.0F;

using Lines = std::vector<std::vector<Point>>;

// Degrees, clockwise from three o'clock.
std::vector<Point> arc(float cx, float cy, float radius, float from, float to) {
    std::vector<Point> points;
    int steps = std::max(4, static_cast<int>(std::fabs(to - from) / 10));
    for (int i = 0; i <= steps; ++i) {
        float a = (from + (to - from) * static_cast<float>(i) / static_cast<float>(steps)) *
                  std::numbers::pi_v<float> / 180;
        points.push_back({cx + radius * std::cos(a), cy + radius * std::sin(a)});
    }
    return points;
}

Lines with_dot(Lines lines, float x, float y) {
    lines.push_back({{x, y}, {x, y + 0.1F}});
    return lines;
}

Lines lines_of(Icon icon) {
    switch (icon) {
        case Icon::back:
            return {{{15, 5}, {8, 12}, {15, 19}}};
        case Icon::forward:
            return {{{9, 5}, {16, 12}, {9, 19}}};
        case Icon::up:
            return {{{5, 15}, {12, 8}, {19, 15}}};
        case Icon::down:
            return {{{5, 9}, {12, 16}, {19, 9}}};
        case Icon::check:
            return {{{4.5F, 12.5F}, {10, 18}, {19.5F, 7}}};
        case Icon::warn:
            return with_dot({{{12, 3.5F}, {22, 20.5F}, {2, 20.5F}, {12, 3.5F}}, {{12, 10}, {12, 14.5F}}}, 12,
                            17.5F);
        case Icon::error:
            return with_dot({arc(12, 12, 9.5F, 0, 360), {{12, 7}, {12, 13}}}, 12, 16.8F);
        case Icon::info:
            return with_dot({arc(12, 12, 9.5F, 0, 360), {{12, 11}, {12, 17}}}, 12, 7.4F);
        case Icon::contrast:
            return {arc(12, 12, 9, 0, 360)};
        case Icon::undo:
            return {{{8, 4.5F}, {3.5F, 9}, {8, 13.5F}},
                    {{3.5F, 9}, {14, 9}},
                    arc(14, 14.25F, 5.25F, -90, 90),
                    {{14, 19.5F}, {9, 19.5F}}};
        case Icon::restart:
            return {arc(12, 12.5F, 8, -60, 230), {{5.8F, 2.6F}, {6.6F, 6.8F}, {10.9F, 6.2F}}};
        case Icon::help:
            return with_dot({arc(12, 12, 9.5F, 0, 360),
                             arc(12, 9.6F, 2.9F, -180, 55),
                             {{13.7F, 12}, {12, 13.2F}, {12, 14.4F}}},
                            12, 17.3F);
        case Icon::backspace:
            return {{{8, 5.5F}, {21, 5.5F}, {21, 18.5F}, {8, 18.5F}, {2, 12}, {8, 5.5F}},
                    {{11, 9}, {17, 15}},
                    {{17, 9}, {11, 15}}};
        case Icon::shift:
            return {{{12, 4},
                     {20.5F, 12.5F},
                     {16, 12.5F},
                     {16, 19.5F},
                     {8, 19.5F},
                     {8, 12.5F},
                     {3.5F, 12.5F},
                     {12, 4}}};
        case Icon::hide_keys:
            return {{{2.5F, 4}, {21.5F, 4}, {21.5F, 14}, {2.5F, 14}, {2.5F, 4}},
                    {{8, 11}, {16, 11}},
                    {{8, 18}, {12, 22}, {16, 18}}};
        case Icon::pen:
            return {{{4, 20}, {5.5F, 14.5F}, {16.5F, 3.5F}, {20.5F, 7.5F}, {9.5F, 18.5F}, {4, 20}},
                    {{13.5F, 6.5F}, {17.5F, 10.5F}}};
        case Icon::list:
            return {{{8.5F, 6}, {21, 6}},   {{8.5F, 12}, {21, 12}},   {{8.5F, 18}, {21, 18}},
                    {{3.5F, 6}, {3.6F, 6}}, {{3.5F, 12}, {3.6F, 12}}, {{3.5F, 18}, {3.6F, 18}}};
        case Icon::voice:
            return {{{3, 9.5F}, {7, 9.5F}, {12, 5}, {12, 19}, {7, 14.5F}, {3, 14.5F}, {3, 9.5F}},
                    arc(12, 12, 4.2F, -45, 45),
                    arc(12, 12, 8.6F, -45, 45)};
        case Icon::voice_off:
            return {{{3, 9.5F}, {7, 9.5F}, {12, 5}, {12, 19}, {7, 14.5F}, {3, 14.5F}, {3, 9.5F}},
                    {{16, 9}, {22, 15}},
                    {{22, 9}, {16, 15}}};
        case Icon::close:
            return {{{5.5F, 5.5F}, {18.5F, 18.5F}}, {{18.5F, 5.5F}, {5.5F, 18.5F}}};
    }
    return {};
}

}  // namespace

Mask draw_icon(Icon icon, int side_px) {
    float scale = static_cast<float>(side_px) / 24.0F;
    std::vector<Polyline> lines;
    for (auto& points : lines_of(icon)) {
        for (auto& p : points) p.x *= scale, p.y *= scale;
        lines.push_back({std::move(points), pen_width * scale});
    }
    Mask mask = stroke_lines(lines, side_px, side_px);
    if (icon == Icon::contrast) {
        Polygon half;
        for (auto p : arc(12, 12, 8.5F, -90, 90)) half.push_back({p.x * scale, p.y * scale});
        Mask filled = fill_polygons({half}, side_px, side_px);
        for (std::size_t i = 0; i < mask.coverage.size(); ++i)
            mask.coverage[i] = std::max(mask.coverage[i], filled.coverage[i]);
    }
    return mask;
}

}  // namespace kiosk
