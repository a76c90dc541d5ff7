// Ink replay: a signature that draws itself, stroke by stroke, in the same outlines as when it stands still.
//
// Its pace is the same for everybody: how the person moved the pen is not shown and not known (decision 7).
#pragma once

#include "kiosk/ui/ink_layer.h"

namespace kiosk {

class InkReplay {
  public:
    // Each pass in which it is on screen. Another `moment` begins anew; another place goes on there. False: all of it
    // is drawn, and is the page's to show.
    bool place(std::uint64_t moment, const core::Ink& ink, const Rect& area, const InkLayer::Place& where,
               core::Rgb pen, std::int64_t now_ms);
    void leave();  // it is not on screen any more, and begins anew when it is again
    bool runs() const { return painted_ < outlines_.size(); }

    InkPatch take_patch();
    InkPatch whole_patch() const;

  private:
    void begin(std::uint64_t moment, const core::Ink& ink, std::int64_t now_ms);

    std::uint64_t moment_ = 0;
    std::int64_t begun_ms_ = 0;
    std::vector<core::InkOutline> outlines_;
    std::vector<std::int64_t> due_ms_;   // of each, since it began
    std::vector<std::size_t> first_of_;  // of each: the first outline of its stroke
    std::size_t painted_ = 0;
    InkLayer layer_;
    core::Rgb pen_;
    int x_ = 0, y_ = 0;
    PxRect dirty_;
};

}  // namespace kiosk
