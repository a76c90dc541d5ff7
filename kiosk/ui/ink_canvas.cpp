#include "kiosk/ui/ink_canvas.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kiosk {
namespace {

constexpr int passes_until_state_decides = 4;

}  // namespace

Mask draw_ink(const core::Ink& ink, int width_px, int height_px, double px_per_um) {
    std::vector<Polygon> polygons;
    for (const auto& outline : core::outline(ink)) polygons.push_back(flatten(outline, 0, 0, px_per_um));
    return fill_polygons(polygons, width_px, height_px);
}

void InkCanvas::place(Rect area, double px_per_mm, const core::Ink& ink, core::Rgb pen) {
    int width = static_cast<int>(area.width), height = static_cast<int>(area.height);
    bool moved = !placed_ || width != width_ || height != height_ || area.x != area_.x || area.y != area_.y;
    area_ = area, width_ = width, height_ = height, px_per_um_ = px_per_mm / 1000, pen_ = pen, placed_ = true;
    live_.place({width, height, 0, 0, px_per_um_});
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
        auto point = steady_.begin(point_of(event));
        events_.push_back({Did::begin, point});
        add_point(point);
    } else if (drawing_ && event.what == What::move) {
        auto point = steady_.move(point_of(event));
        events_.push_back({Did::move, point});
        add_point(point);
    } else if (drawing_ && event.what == What::up) {
        auto point = steady_.end(point_of(event));
        events_.push_back({Did::end, point});
        add_point(point);
        outliner_.finish();
        paint_settled();
        tail_.clear(), tail_rect_ = {}, ahead_ = false;
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
    lead_.begin();
    live_.make_room();
}

void InkCanvas::add_point(const core::InkPoint& point) {
    outliner_.add(point);
    lead_.add(point);
    paint_settled();
    set_tail();
    auto ahead = leading_ ? lead_.ahead() : std::nullopt;
    if (!ahead) return;
    core::Ink lead{static_cast<std::int32_t>(width_ / px_per_um_),
                   static_cast<std::int32_t>(height_ / px_per_um_),
                   {core::Stroke{{point, *ahead}}}};
    for (auto& outline : core::outline(lead)) tail_.push_back(std::move(outline));
    tail_rect_ = live_.bounds_of(tail_, 0, tail_.size());
    dirty_.add(tail_rect_);
    ahead_ = true;
}

void InkCanvas::set_tail() {
    dirty_.add(tail_rect_);
    tail_ = outliner_.tail();
    tail_rect_ = live_.bounds_of(tail_, 0, tail_.size());
    dirty_.add(tail_rect_);
    ahead_ = false;
}

void InkCanvas::fall_back() {
    if (ahead_) set_tail();
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
    painted_ = outlines.size();
    dirty_.add(live_.fill(outlines, from, painted_));
    dirty_.add(tail_rect_);
}

void InkCanvas::clear_live() {
    dirty_.add(live_.filled()), dirty_.add(tail_rect_);
    live_.clear();
    tail_rect_ = {}, ahead_ = false;
    tail_.clear();
}

std::vector<InkAnswer::Event> InkCanvas::take_events() { return std::exchange(events_, {}); }

std::size_t InkCanvas::settled_strokes(const core::Ink& ink) const {
    return drawing_ ? std::min(strokes_before_, ink.strokes.size()) : ink.strokes.size();
}

InkPatch InkCanvas::patch_of(PxRect rect) const {
    if (!placed_) return {};
    return live_.patch(rect, tail_, static_cast<int>(area_.x), static_cast<int>(area_.y), pen_);
}

InkPatch InkCanvas::take_patch() { return patch_of(std::exchange(dirty_, {})); }

InkPatch InkCanvas::whole_patch() const {
    PxRect rect = live_.filled();
    rect.add(tail_rect_);
    return patch_of(rect);
}

}  // namespace kiosk
