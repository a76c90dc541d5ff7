#include "kiosk/ui/ink_canvas.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kiosk {
namespace {

constexpr int passes_until_state_decides = 4;

std::vector<Polygon> flatten_all(const std::vector<core::InkOutline>& outlines, std::size_t from,
                                 double left_um, double top_um, double px_per_um) {
    std::vector<Polygon> polygons;
    for (std::size_t i = from; i < outlines.size(); ++i)
        polygons.push_back(flatten(outlines[i], left_um, top_um, px_per_um));
    return polygons;
}

}  // namespace

Mask draw_ink(const core::Ink& ink, int width_px, int height_px, double px_per_um) {
    return fill_polygons(flatten_all(core::outline(ink), 0, 0, 0, px_per_um), width_px, height_px);
}

void InkCanvas::PxRect::add(const PxRect& other) {
    if (other.empty()) return;
    if (empty()) {
        *this = other;
        return;
    }
    x0 = std::min(x0, other.x0), y0 = std::min(y0, other.y0), x1 = std::max(x1, other.x1),
    y1 = std::max(y1, other.y1);
}
void InkCanvas::PxRect::clip(int width, int height) {
    x0 = std::max(x0, 0), y0 = std::max(y0, 0), x1 = std::min(x1, width), y1 = std::min(y1, height);
}

void InkCanvas::place(Rect area, double px_per_mm, const core::Ink& ink, core::Rgb pen) {
    int width = static_cast<int>(area.width), height = static_cast<int>(area.height);
    bool moved = !placed_ || width != width_ || height != height_ || area.x != area_.x || area.y != area_.y;
    area_ = area, width_ = width, height_ = height, px_per_um_ = px_per_mm / 1000, pen_ = pen, placed_ = true;
    if (moved) {
        if (drawing_) events_.push_back({InkAnswer::Event::What::cancel, {}}), drawing_ = false;
        awaiting_ = false;
        clear_live();
    }
    if (ink.strokes.empty() && !drawing_ && !awaiting_) zero_ms_.reset(), last_t_ms_ = 0;
    if (awaiting_ && (ink.strokes.size() > strokes_before_ || patience_-- <= 0))
        awaiting_ = false, clear_live();
    if (!drawing_ && !awaiting_) strokes_before_ = ink.strokes.size();
}

void InkCanvas::leave() {
    if (!placed_) return;
    placed_ = drawing_ = awaiting_ = false;
    events_.clear(), zero_ms_.reset(), last_t_ms_ = 0;
    clear_live();
    dirty_ = {};
}

bool InkCanvas::contains(float x, float y) const {
    return placed_ && x >= area_.x && y >= area_.y && x < area_.x + area_.width && y < area_.y + area_.height;
}

core::InkPoint InkCanvas::point_of(const PointerEvent& event) {
    if (!zero_ms_) zero_ms_ = event.time_ms - (last_t_ms_ > 0 ? last_t_ms_ + 1 : 0);
    last_t_ms_ = std::max(last_t_ms_, static_cast<std::int32_t>(event.time_ms - *zero_ms_));
    auto um = [&](float px, float start, float size) {
        return static_cast<std::int32_t>(std::lround(std::clamp(px - start, 0.0F, size) / px_per_um_));
    };
    return {um(event.x, area_.x, area_.width), um(event.y, area_.y, area_.height), last_t_ms_,
            event.pressure > 0
                ? std::clamp(static_cast<std::int32_t>(std::lround(event.pressure * 1000)), 1, 1000)
                : 0};
}

void InkCanvas::event(const PointerEvent& event) {
    using What = PointerEvent::What;
    using Did = InkAnswer::Event::What;
    if (!placed_) return;
    if (event.what == What::down && !drawing_ && contains(event.x, event.y)) {
        begin_stroke();
        auto point = point_of(event);
        events_.push_back({Did::begin, point});
        add_point(point);
    } else if (drawing_ && event.what == What::move) {
        auto point = point_of(event);
        events_.push_back({Did::move, point});
        add_point(point);
    } else if (drawing_ && event.what == What::up) {
        auto point = point_of(event);
        events_.push_back({Did::end, point});
        add_point(point);
        outliner_.finish();
        paint_settled();
        tail_.clear(), tail_rect_ = {};
        drawing_ = false, awaiting_ = true, patience_ = passes_until_state_decides;
    } else if (drawing_ && event.what == What::cancel) {
        events_.push_back({Did::cancel, {}});
        drawing_ = false;
        clear_live();
    }
}

void InkCanvas::begin_stroke() {
    if (awaiting_) ++strokes_before_;  // the one before is State's by now, or will be in this pass
    awaiting_ = false;
    drawing_ = true;
    outliner_ = core::StrokeOutliner();
    painted_ = 0;
    live_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
}

void InkCanvas::add_point(const core::InkPoint& point) {
    outliner_.add(point);
    paint_settled();
    dirty_.add(tail_rect_);
    tail_ = outliner_.tail();
    tail_rect_ = bounds_of(tail_, 0);
    dirty_.add(tail_rect_);
}

// What has settled is filled once, together with the piece before it so that no seam shows, and kept as
// coverage.
void InkCanvas::paint_settled() {
    const auto& outlines = outliner_.settled();
    if (outlines.size() <= painted_) {
        dirty_.add(tail_rect_);
        return;
    }
    std::size_t from = painted_ > 0 ? painted_ - 1 : 0;
    PxRect rect = bounds_of(outlines, from);
    painted_ = outlines.size();
    if (!rect.empty()) {
        Mask mask =
            fill_polygons(flatten_all(outlines, from, rect.x0 / px_per_um_, rect.y0 / px_per_um_, px_per_um_),
                          rect.x1 - rect.x0, rect.y1 - rect.y0);
        for (int y = 0; y < mask.height; ++y) {
            auto* out = &live_[static_cast<std::size_t>(y + rect.y0) * static_cast<std::size_t>(width_) +
                               static_cast<std::size_t>(rect.x0)];
            const auto* in =
                &mask.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width)];
            for (int x = 0; x < mask.width; ++x) out[x] = std::max(out[x], in[x]);
        }
    }
    live_rect_.add(rect);
    dirty_.add(rect);
    dirty_.add(tail_rect_);
}

void InkCanvas::clear_live() {
    dirty_.add(live_rect_), dirty_.add(tail_rect_);
    live_.assign(live_.size(), 0);
    live_rect_ = tail_rect_ = {};
    tail_.clear();
}

InkCanvas::PxRect InkCanvas::bounds_of(const std::vector<core::InkOutline>& outlines,
                                       std::size_t from) const {
    double left = 1e12, top = 1e12, right = -1e12, bottom = -1e12;
    auto add = [&](core::InkVec v) {
        left = std::min(left, v.x), right = std::max(right, v.x), top = std::min(top, v.y),
        bottom = std::max(bottom, v.y);
    };
    for (std::size_t i = from; i < outlines.size(); ++i) {
        add(outlines[i].start);
        for (const auto& segment : outlines[i].segments) add(segment.c1), add(segment.c2), add(segment.to);
    }
    if (right < left) return {};
    PxRect rect{static_cast<int>(std::floor(left * px_per_um_)) - 1,
                static_cast<int>(std::floor(top * px_per_um_)) - 1,
                static_cast<int>(std::ceil(right * px_per_um_)) + 1,
                static_cast<int>(std::ceil(bottom * px_per_um_)) + 1};
    rect.clip(width_, height_);
    return rect;
}

std::vector<InkAnswer::Event> InkCanvas::take_events() { return std::exchange(events_, {}); }

std::size_t InkCanvas::settled_strokes(const core::Ink& ink) const {
    return drawing_ ? std::min(strokes_before_, ink.strokes.size()) : ink.strokes.size();
}

InkPatch InkCanvas::patch_of(PxRect rect) const {
    rect.clip(width_, height_);
    if (rect.empty() || !placed_) return {};
    InkPatch patch{rect.x0 + static_cast<int>(area_.x),
                   rect.y0 + static_cast<int>(area_.y),
                   rect.x1 - rect.x0,
                   rect.y1 - rect.y0,
                   {}};
    Mask tail = fill_polygons(flatten_all(tail_, 0, rect.x0 / px_per_um_, rect.y0 / px_per_um_, px_per_um_),
                              patch.width, patch.height);
    patch.rgba.reserve(tail.coverage.size() * 4);
    for (int y = 0; y < patch.height; ++y)
        for (int x = 0; x < patch.width; ++x) {
            auto at = static_cast<std::size_t>(y + rect.y0) * static_cast<std::size_t>(width_) +
                      static_cast<std::size_t>(x + rect.x0);
            std::uint8_t settled = at < live_.size() ? live_[at] : std::uint8_t{0};
            std::uint8_t fresh =
                tail.coverage[static_cast<std::size_t>(y) * static_cast<std::size_t>(patch.width) +
                              static_cast<std::size_t>(x)];
            patch.rgba.insert(patch.rgba.end(), {pen_.r, pen_.g, pen_.b, std::max(settled, fresh)});
        }
    return patch;
}

InkPatch InkCanvas::take_patch() { return patch_of(std::exchange(dirty_, {})); }

InkPatch InkCanvas::whole_patch() const {
    PxRect rect = live_rect_;
    rect.add(tail_rect_);
    return patch_of(rect);
}

}  // namespace kiosk
