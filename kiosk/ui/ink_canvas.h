// The signing area's pen: every event of touch, pen and mouse becomes a point in micrometres, one pointer at
// a time, and the stroke being drawn is painted as it grows, without a pass over the page.
//
// The strokes that State holds are painted by sign_area() as part of the page; the canvas covers the one in
// progress, and shows it on until State has taken it over. While the pen moves, it is drawn a little
// ahead of its last event (ink_lead.h); only what the pen did is ever handed out.
#pragma once

#include <optional>
#include <vector>

#include "core/model/ink.h"
#include "kiosk/ui/ink_layer.h"
#include "kiosk/ui/ink_lead.h"
#include "kiosk/ui/steady_pen.h"

namespace kiosk {

// The ink of finished strokes as coverage over the area.
Mask draw_ink(const core::Ink& ink, int width_px, int height_px, double px_per_um);

class InkCanvas {
  public:
    // Each pass in which the area is on screen: where it is, what State has, and the pen's colour.
    void place(Rect area_px, double px_per_mm, const core::Ink& ink, core::Rgb pen);
    void leave();  // the area is not on screen any more

    void set_steadiness(Steadiness steadiness) { steady_.set(steadiness); }  // from the next stroke on
    void set_leading(bool leading) { leading_ = leading; }

    bool drawing() const { return drawing_; }
    bool placed() const { return placed_; }
    bool contains(float x, float y) const;
    void event(const PointerEvent& event);
    // More is drawn than the pen has done: a frame later it must be taken back, or the pen has gone on.
    bool is_ahead() const { return ahead_; }
    void fall_back();

    std::vector<InkAnswer::Event> take_events();
    // How many of State's strokes belong to the page: those before the live one.
    std::size_t settled_strokes(const core::Ink& ink) const;

    InkPatch take_patch();
    InkPatch whole_patch() const;

  private:
    core::InkPoint point_of(const PointerEvent& event);
    void begin_stroke();
    void add_point(const core::InkPoint& point);
    void paint_settled();
    void set_tail();
    void clear_live();
    InkPatch patch_of(PxRect rect) const;

    Rect area_;
    int width_ = 0, height_ = 0;
    double px_per_um_ = 0.006;
    core::Rgb pen_;
    bool placed_ = false, drawing_ = false, awaiting_ = false;
    int patience_ = 0;  // passes to wait for State to take the finished stroke over
    std::size_t strokes_before_ = 0;
    std::vector<InkAnswer::Event> events_;
    std::optional<std::int64_t> zero_ms_;  // of the first point of the first stroke
    std::int32_t last_t_ms_ = 0;

    SteadyPen steady_;
    InkLead lead_;
    bool leading_ = true, ahead_ = false;
    core::StrokeOutliner outliner_;
    std::size_t painted_ = 0;  // settled outlines that are in live_
    InkLayer live_;            // the settled part
    std::vector<core::InkOutline> tail_;
    PxRect tail_rect_, dirty_;
};

}  // namespace kiosk
