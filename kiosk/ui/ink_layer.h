// Ink layer: ink that grows over a page that does not change, as coverage of an area; what changed is handed out as
// rectangles, so that nothing else is painted. The pen's canvas and a signature that draws itself stand on it.
//
// Outlines are micrometres; the layer says where they lie: px = (um - left_um) * px_per_um, from the area's corner.
#pragma once

#include <vector>

#include "core/model/ink.h"
#include "kiosk/ui/raster.h"
#include "kiosk/ui/ui_platform.h"

namespace kiosk {

struct PxRect {
    int x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    bool empty() const { return x1 <= x0 || y1 <= y0; }
    void add(const PxRect& other);
    void clip(int width, int height);
};

class InkLayer {
  public:
    struct Place {
        int width = 0, height = 0;
        double left_um = 0, top_um = 0, px_per_um = 0.006;
        friend bool operator==(const Place&, const Place&) = default;
    };
    void place(const Place& place) { place_ = place; }  // what it holds stays, unless cleared
    const Place& at() const { return place_; }
    void make_room();  // before filling
    void clear();

    // Fills outlines[from..] and says where. One that was filled before, given again, closes the seam to the next.
    PxRect fill(const std::vector<core::InkOutline>& outlines, std::size_t from, std::size_t to);
    const PxRect& filled() const { return filled_; }
    PxRect bounds_of(const std::vector<core::InkOutline>& outlines, std::size_t from, std::size_t to) const;

    // What the layer holds there, and `over` it, in the pen's colour; the area's corner stands at (x, y).
    InkPatch patch(PxRect rect, const std::vector<core::InkOutline>& over, int x, int y, core::Rgb pen) const;

  private:
    Mask mask_of(const std::vector<core::InkOutline>& outlines, std::size_t from, std::size_t to,
                 const PxRect& rect) const;

    Place place_;
    std::vector<std::uint8_t> coverage_;
    PxRect filled_;
};

}  // namespace kiosk
