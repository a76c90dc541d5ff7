// Ink lead: where the pen will be when the frame that is being made is seen. It is drawn and nothing else: no stroke, no
// record and no paper ever holds it, and the next frame takes it back.
//
// Never further than the pen came in one frame's time, and not at all where it turns or stops: a lead that is wrong is seen as
// a twitch. Lengths are micrometres.
#pragma once

#include <optional>
#include <vector>

#include "core/model/ink.h"

namespace kiosk {

class InkLead {
  public:
    static constexpr int frame_ms = 17;

    void begin() { recent_.clear(); }
    void add(const core::InkPoint& point);
    // The point ahead of the newest one; nothing when the pen stands, turns or slows down.
    std::optional<core::InkPoint> ahead() const;

  private:
    std::vector<core::InkPoint> recent_;  // of the last three frames, the newest last
};

}  // namespace kiosk
