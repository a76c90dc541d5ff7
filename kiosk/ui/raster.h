// Raster: shapes to coverage, 0..255 a pixel. Everything on screen that is not a plain rectangle comes from
// here (ink, icons, round corners) or from the font; so the page is painted from axis-aligned pictures only,
// which is what a renderer without a GPU does fast.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/model/ink.h"

namespace kiosk {

struct Mask {
    int width = 0, height = 0;
    std::vector<std::uint8_t> coverage;
};

struct Point {
    float x = 0, y = 0;
};
using Polygon = std::vector<Point>;  // closed

// The union of polygons, each filled by the non-zero rule; each is turned the same way round before. px of
// the mask.
Mask fill_polygons(const std::vector<Polygon>& polygons, int width, int height);

// Thick lines with round ends and joins.
struct Polyline {
    std::vector<Point> points;
    float thickness = 1;
};
Mask stroke_lines(const std::vector<Polyline>& lines, int width, int height);

// A closed outline in um as a polygon in px: x = (x_um - left_um) * px_per_um.
Polygon flatten(const core::InkOutline& outline, double left_um, double top_um, double px_per_um);

}  // namespace kiosk
