// Ink: what the pen did, in micrometres on the signing area, and the outlines that it leaves.
//
// Origin top left of the area, y down. Points are in arrival order; t_ms counts from the first point of the
// first stroke and never falls. Screen and paper draw the same outlines: only the scale differs. Not here:
// drawing on screen (kiosk/ui/ink_canvas), drawing on paper (core/certificate).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace core {

struct InkPoint {
    std::int32_t x_um = 0, y_um = 0;
    std::int32_t t_ms = 0;
    std::int32_t pressure = 0;  // 1..1000; 0: the device does not tell
    friend bool operator==(const InkPoint&, const InkPoint&) = default;
};

struct Stroke {
    std::vector<InkPoint> points;
    friend bool operator==(const Stroke&, const Stroke&) = default;
};

struct Ink {
    std::int32_t width_um = 0, height_um = 0;  // the signing area
    std::vector<Stroke> strokes;
    bool empty() const { return strokes.empty(); }
    friend bool operator==(const Ink&, const Ink&) = default;
};

// Bounds that no signature meets and no playing child can pass. Whoever collects points asks has_room()
// first; StrokeOutliner itself ignores what comes after points_per_stroke, and draws what lies far outside at
// far_um.
struct InkLimits {
    static constexpr std::size_t strokes = 200, points = 40'000, points_per_stroke = 20'000;
    static constexpr std::size_t recorded_points = 4'000;  // of all strokes, after shape_only()
    static constexpr std::int32_t far_um = 2'000'000;
};
enum class InkRoom { stroke, point };
bool has_room(const Ink& ink, InkRoom wanted);  // for one more stroke; for one more point in the last stroke

struct InkVec {
    double x = 0, y = 0;  // um
};

// A closed outline of cubic Bezier segments, to be filled by the non-zero rule. A stroke is a chain of
// outlines that overlap; all run the same way round, so one path or many, they never cancel out.
struct InkOutline {
    struct Segment {
        InkVec c1, c2, to;
    };
    InkVec start;
    std::vector<Segment> segments;
};

struct PenStyle {
    double min_width_um = 350, max_width_um = 1100;  // 0.35 mm fast .. 1.1 mm slow; ends may taper below
};

// The middle of a settled line, and how wide it is there.
struct InkNib {
    InkVec at;
    double width_um = 0;
};

// The pressure that outline() draws this wide.
std::int32_t pressure_of_width(const PenStyle& pen, double width_um);

// All strokes, smoothed, of variable width (thinner where faster, or by pressure where the pen tells).
std::vector<InkOutline> outline(const Ink& ink, const PenStyle& pen = {});

// One stroke as it grows: feed points as they come; what is settled never changes afterwards, and the tail
// always reaches the newest point. `outline()` gives the same geometry as a stroke that has been finished.
class StrokeOutliner {
  public:
    explicit StrokeOutliner(const PenStyle& pen = {});
    ~StrokeOutliner();
    StrokeOutliner(StrokeOutliner&&) noexcept;
    StrokeOutliner& operator=(StrokeOutliner&&) noexcept;
    void add(const InkPoint& point);
    void finish();
    const std::vector<InkOutline>& settled() const;  // only ever grows
    std::vector<InkOutline> tail() const;            // from the settled part to the newest point
    const std::vector<InkNib>& centre_line() const;  // of the settled part

  private:
    struct State;
    std::unique_ptr<State> state_;
};

struct InkBounds {
    std::int32_t left_um = 0, top_um = 0, right_um = 0, bottom_um = 0;
};
InkBounds bounds(const Ink& ink);

// Is it a signature, or a slip? Refused kindly: nothing, a dot, too small, a single straight line.
enum class InkVerdict { good, empty, dot, too_small, straight_line };
InkVerdict judge(const Ink& ink);
// Some sign very small, or with one line: worth asking once, and then it is their signature.
constexpr bool can_stand(InkVerdict verdict) {
    return verdict == InkVerdict::good || verdict == InkVerdict::too_small ||
           verdict == InkVerdict::straight_line;
}

// The shape without time and force (decision 7), and fit for the record: bounded, t_ms = 0, its points where
// the shape needs them, not where the clock ticked. What is left in `pressure` is how thick the drawn line is
// there, which anybody sees on the paper; so outline() of it looks the same.
Ink shape_only(const Ink& ink);

// Resize or rotation of the signing area, never wiped: the middle stays the middle, aspect kept, scaled as
// the widths are (a signature is a wide thing), and less where it would not fit. There and back gives the
// same shape.
Ink refit(const Ink& ink, std::int32_t width_um, std::int32_t height_um);

}  // namespace core
