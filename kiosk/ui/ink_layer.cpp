#include "kiosk/ui/ink_layer.h"

#include <algorithm>
#include <cmath>

namespace kiosk {

void PxRect::add(const PxRect& other) {
    if (other.empty()) return;
    if (empty()) {
        *this = other;
        return;
    }
    x0 = std::min(x0, other.x0), y0 = std::min(y0, other.y0), x1 = std::max(x1, other.x1),
    y1 = std::max(y1, other.y1);
}
void PxRect::clip(int width, int height) {
    x0 = std::max(x0, 0), y0 = std::max(y0, 0), x1 = std::min(x1, width), y1 = std::min(y1, height);
}

void InkLayer::make_room() {
    coverage_.resize(static_cast<std::size_t>(place_.width) * static_cast<std::size_t>(place_.height));
}

void InkLayer::clear() {
    coverage_.assign(coverage_.size(), 0);
    filled_ = {};
}

Mask InkLayer::mask_of(const std::vector<core::InkOutline>& outlines, std::size_t from, std::size_t to,
                       const PxRect& rect) const {
    std::vector<Polygon> polygons;
    for (std::size_t i = from; i < to; ++i)
        polygons.push_back(flatten(outlines[i], place_.left_um + rect.x0 / place_.px_per_um,
                                   place_.top_um + rect.y0 / place_.px_per_um, place_.px_per_um));
    return fill_polygons(polygons, rect.x1 - rect.x0, rect.y1 - rect.y0);
}

PxRect InkLayer::fill(const std::vector<core::InkOutline>& outlines, std::size_t from, std::size_t to) {
    PxRect rect = bounds_of(outlines, from, to);
    if (rect.empty()) return rect;
    Mask mask = mask_of(outlines, from, to, rect);
    for (int y = 0; y < mask.height; ++y) {
        auto* out =
            &coverage_[static_cast<std::size_t>(y + rect.y0) * static_cast<std::size_t>(place_.width) +
                       static_cast<std::size_t>(rect.x0)];
        const auto* in = &mask.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width)];
        for (int x = 0; x < mask.width; ++x) out[x] = std::max(out[x], in[x]);
    }
    filled_.add(rect);
    return rect;
}

PxRect InkLayer::bounds_of(const std::vector<core::InkOutline>& outlines, std::size_t from,
                           std::size_t to) const {
    double left = 1e12, top = 1e12, right = -1e12, bottom = -1e12;
    auto add = [&](core::InkVec v) {
        left = std::min(left, v.x), right = std::max(right, v.x), top = std::min(top, v.y),
        bottom = std::max(bottom, v.y);
    };
    for (std::size_t i = from; i < to; ++i) {
        add(outlines[i].start);
        for (const auto& segment : outlines[i].segments) add(segment.c1), add(segment.c2), add(segment.to);
    }
    if (right < left) return {};
    auto px = [&](double um, double zero_um) { return (um - zero_um) * place_.px_per_um; };
    PxRect rect{static_cast<int>(std::floor(px(left, place_.left_um))) - 1,
                static_cast<int>(std::floor(px(top, place_.top_um))) - 1,
                static_cast<int>(std::ceil(px(right, place_.left_um))) + 1,
                static_cast<int>(std::ceil(px(bottom, place_.top_um))) + 1};
    rect.clip(place_.width, place_.height);
    return rect;
}

InkPatch InkLayer::patch(PxRect rect, const std::vector<core::InkOutline>& over, int area_x, int area_y,
                         core::Rgb pen) const {
    rect.clip(place_.width, place_.height);
    if (rect.empty()) return {};
    InkPatch patch{rect.x0 + area_x, rect.y0 + area_y, rect.x1 - rect.x0, rect.y1 - rect.y0, {}};
    Mask tail = mask_of(over, 0, over.size(), rect);
    patch.rgba.reserve(tail.coverage.size() * 4);
    for (int y = 0; y < patch.height; ++y)
        for (int x = 0; x < patch.width; ++x) {
            auto at = static_cast<std::size_t>(y + rect.y0) * static_cast<std::size_t>(place_.width) +
                      static_cast<std::size_t>(x + rect.x0);
            std::uint8_t settled = at < coverage_.size() ? coverage_[at] : std::uint8_t{0};
            std::uint8_t fresh =
                tail.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(patch.width) +
                              static_cast<std::size_t>(x)];
            patch.rgba.insert(patch.rgba.end(), {pen.r, pen.g, pen.b, std::max(settled, fresh)});
        }
    return patch;
}

}  // namespace kiosk
