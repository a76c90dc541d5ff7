#include "kiosk/ui/raster.h"

#include <algorithm>
#include <cmath>

namespace kiosk {
namespace {

constexpr int rows_per_px = 4;  // sub-scanlines; coverage along x is exact

struct Crossing {
    float x;
    int turn;
};

// Adds one span of a sub-scanline, [x0, x1), to the row's coverage.
void add_span(std::vector<float>& row, float x0, float x1) {
    x0 = std::max(x0, 0.0F), x1 = std::min(x1, static_cast<float>(row.size()));
    if (x1 <= x0) return;
    auto first = static_cast<std::size_t>(x0), last = static_cast<std::size_t>(x1);
    constexpr float weight = 1.0F / rows_per_px;
    if (first == last) {
        row[first] += (x1 - x0) * weight;
        return;
    }
    row[first] += (static_cast<float>(first + 1) - x0) * weight;
    for (auto x = first + 1; x < last; ++x) row[x] += weight;
    if (last < row.size()) row[last] += (x1 - static_cast<float>(last)) * weight;
}

struct Edge {
    float x0, y0, x1, y1;
    int turn;
};

std::vector<Edge> edges_of(const std::vector<Polygon>& polygons) {
    std::vector<Edge> edges;
    for (const auto& polygon : polygons) {
        if (polygon.size() < 3) continue;
        double area = 0;
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const auto &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
            area += static_cast<double>(a.x) * b.y - static_cast<double>(b.x) * a.y;
        }
        int way = area < 0 ? -1 : 1;
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const auto &a = polygon[i], &b = polygon[(i + 1) % polygon.size()];
            if (a.y < b.y) edges.push_back({a.x, a.y, b.x, b.y, way});
            if (b.y < a.y) edges.push_back({b.x, b.y, a.x, a.y, -way});
        }
    }
    std::sort(edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.y0 < b.y0; });
    return edges;
}

void add_sub_scanline(const std::vector<Edge>& edges, const std::vector<std::size_t>& live, float y,
                      std::vector<Crossing>& crossings, std::vector<float>& row) {
    crossings.clear();
    for (auto i : live) {
        const Edge& e = edges[i];
        if (y < e.y0 || y >= e.y1) continue;
        crossings.push_back({e.x0 + (y - e.y0) * (e.x1 - e.x0) / (e.y1 - e.y0), e.turn});
    }
    std::sort(crossings.begin(), crossings.end(), [](Crossing a, Crossing b) { return a.x < b.x; });
    int winding = 0;
    float from = 0;
    for (auto crossing : crossings) {
        int before = winding;
        winding += crossing.turn;
        if (before == 0) from = crossing.x;
        if (before != 0 && winding == 0) add_span(row, from, crossing.x);
    }
}

float distance_to_segment(Point p, Point a, Point b) {
    float dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    float t = length2 > 0 ? std::clamp(((p.x - a.x) * dx + (p.y - a.y) * dy) / length2, 0.0F, 1.0F) : 0.0F;
    return std::hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}

}  // namespace

Mask fill_polygons(const std::vector<Polygon>& polygons, int width, int height) {
    Mask mask{width, height,
              std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
    auto edges = edges_of(polygons);
    std::vector<std::size_t> live;
    std::vector<Crossing> crossings;
    std::vector<float> row(static_cast<std::size_t>(width));
    std::size_t next = 0;
    for (int y = 0; y < height; ++y) {
        auto top = static_cast<float>(y);
        while (next < edges.size() && edges[next].y0 < top + 1) live.push_back(next++);
        std::erase_if(live, [&](std::size_t i) { return edges[i].y1 <= top; });
        if (live.empty()) continue;
        std::fill(row.begin(), row.end(), 0.0F);
        for (int sub = 0; sub < rows_per_px; ++sub)
            add_sub_scanline(edges, live, top + (static_cast<float>(sub) + 0.5F) / rows_per_px, crossings,
                             row);
        auto* out = &mask.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(width)];
        for (std::size_t x = 0; x < row.size(); ++x)
            out[x] = static_cast<std::uint8_t>(std::min(row[x], 1.0F) * 255.0F + 0.5F);
    }
    return mask;
}

Mask stroke_lines(const std::vector<Polyline>& lines, int width, int height) {
    Mask mask{width, height,
              std::vector<std::uint8_t>(static_cast<std::size_t>(width) * static_cast<std::size_t>(height))};
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            Point p{static_cast<float>(x) + 0.5F, static_cast<float>(y) + 0.5F};
            float most = 0;
            for (const auto& line : lines)
                for (std::size_t i = 0; i + 1 < line.points.size(); ++i) {
                    float d = distance_to_segment(p, line.points[i], line.points[i + 1]);
                    most = std::max(most, std::clamp(line.thickness / 2 + 0.5F - d, 0.0F, 1.0F));
                }
            mask.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                          static_cast<std::size_t>(x)] = static_cast<std::uint8_t>(most * 255.0F + 0.5F);
        }
    return mask;
}

Polygon flatten(const core::InkOutline& outline, double left_um, double top_um, double px_per_um) {
    auto to_px = [&](core::InkVec v) {
        return Point{static_cast<float>((v.x - left_um) * px_per_um),
                     static_cast<float>((v.y - top_um) * px_per_um)};
    };
    Polygon polygon{to_px(outline.start)};
    for (const auto& segment : outline.segments) {
        Point a = polygon.back(), b = to_px(segment.c1), c = to_px(segment.c2), d = to_px(segment.to);
        float reach = std::hypot(b.x - a.x, b.y - a.y) + std::hypot(c.x - b.x, c.y - b.y) +
                      std::hypot(d.x - c.x, d.y - c.y);
        int steps = std::clamp(static_cast<int>(std::sqrt(reach) * 1.5F) + 1, 1, 24);
        for (int i = 1; i <= steps; ++i) {
            float t = static_cast<float>(i) / static_cast<float>(steps), u = 1 - t;
            float wa = u * u * u, wb = 3 * u * u * t, wc = 3 * u * t * t, wd = t * t * t;
            polygon.push_back(
                {wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y});
        }
    }
    return polygon;
}

}  // namespace kiosk
