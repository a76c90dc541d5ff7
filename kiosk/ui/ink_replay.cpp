#include "kiosk/ui/ink_replay.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace kiosk {
namespace {

constexpr double before_ms = 600, between_strokes_ms = 140;
constexpr double ms_of_a_mm = 9, least_ms = 1'400, most_ms = 5'000;  // all of it

// Half of what runs around it: as far as the pen went.
double length_um(const core::InkOutline& outline) {
    double around = 0;
    core::InkVec at = outline.start;
    for (const auto& segment : outline.segments) {
        around += std::hypot(segment.to.x - at.x, segment.to.y - at.y);
        at = segment.to;
    }
    return around / 2;
}

}  // namespace

void InkReplay::begin(std::uint64_t moment, const core::Ink& ink, std::int64_t now_ms) {
    moment_ = moment, begun_ms_ = now_ms, painted_ = 0;
    outlines_.clear(), due_ms_.clear(), first_of_.clear();
    std::vector<double> lengths;
    double all_um = 0;
    for (const auto& stroke : ink.strokes) {
        std::size_t first = outlines_.size();
        for (auto& outline : core::outline(core::Ink{ink.width_um, ink.height_um, {stroke}})) {
            lengths.push_back(length_um(outline)), all_um += lengths.back();
            outlines_.push_back(std::move(outline)), first_of_.push_back(first);
        }
    }
    double ms_of_an_um = std::clamp(all_um / 1000 * ms_of_a_mm, least_ms, most_ms) / std::max(1.0, all_um);
    double at = before_ms;
    for (std::size_t i = 0; i < outlines_.size(); ++i) {
        if (i > 0 && first_of_[i] == i) at += between_strokes_ms;
        at += lengths[i] * ms_of_an_um;
        due_ms_.push_back(std::llround(at));
    }
}

bool InkReplay::place(std::uint64_t moment, const core::Ink& ink, const Rect& area,
                      const InkLayer::Place& where, core::Rgb pen, std::int64_t now_ms) {
    bool another = moment != moment_;
    if (another) begin(moment, ink, now_ms);
    if (!another && !runs()) return false;
    int x = static_cast<int>(area.x), y = static_cast<int>(area.y);
    if (another || where != layer_.at() || x != x_ || y != y_ || pen != pen_) {
        layer_.place(where), layer_.clear(), layer_.make_room();
        x_ = x, y_ = y, pen_ = pen, painted_ = 0, dirty_ = {};
    }
    auto due = static_cast<std::size_t>(std::upper_bound(due_ms_.begin(), due_ms_.end(), now_ms - begun_ms_) -
                                        due_ms_.begin());
    while (painted_ < due) {
        // The piece before it closes the seam; strokes cross, and stay two.
        std::size_t first = painted_ > first_of_[painted_] ? painted_ - 1 : painted_, end = painted_ + 1;
        while (end < due && first_of_[end] == first_of_[painted_]) ++end;
        dirty_.add(layer_.fill(outlines_, first, end));
        painted_ = end;
    }
    if (runs()) return true;
    layer_.clear(), dirty_ = {};
    return false;
}

void InkReplay::leave() {
    moment_ = 0, painted_ = 0;
    outlines_.clear(), due_ms_.clear(), first_of_.clear();
    layer_.clear(), dirty_ = {};
}

InkPatch InkReplay::take_patch() { return layer_.patch(std::exchange(dirty_, {}), {}, x_, y_, pen_); }
InkPatch InkReplay::whole_patch() const { return layer_.patch(layer_.filled(), {}, x_, y_, pen_); }

}  // namespace kiosk
