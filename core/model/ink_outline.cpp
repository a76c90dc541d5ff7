// From pen points to outlines, in four steps, each with a bounded look ahead so that a stroke settles as it
// grows:
//   1. points -> nodes, and
//   2. nodes -> bends: core/model/ink_chain;
//   3. bends -> spans: as few cubics as fit the bends (Tracer), cut into pieces at cusps;
//   4. spans -> edges: both sides of the line of varying width, closed by round ends (core/model/ink_curve).
// The tail is the same steps done on a copy as if the stroke ended here, but without thinning its end.
#include <algorithm>
#include <cmath>

#include "core/base/check.h"
#include "core/model/ink.h"
#include "core/model/ink_chain.h"
#include "core/model/ink_curve.h"

namespace core {

using namespace curve;

namespace {

constexpr double fit_tolerance = 25, edge_tolerance = 14;  // um
constexpr std::size_t nodes_in_span = 20, spans_in_piece = 16;

// Steps 3 and 4: takes bends one by one; finished pieces gather in `outlines`.
class Tracer {
  public:
    void take(const Bend& bend);
    void close();              // the last bend taken was the end of the line
    Tracer open_part() const;  // without what is finished
    std::vector<InkOutline> outlines;
    std::vector<InkNib> centre;

  private:
    void settle_span(std::size_t bends);
    void add_centre(const Span& span, bool cusp);
    void add_edges(const Span& span, int depth);
    void settle_piece(Cap end);

    std::vector<Bend> bends_;  // from the start of the open span
    std::vector<InkOutline::Segment> left_, right_;
    Nib piece_start_, piece_end_;
    std::size_t spans_ = 0;
    Cap start_ = Cap::seen;
    Fit fitted_;  // of all bends_
};

void Tracer::take(const Bend& bend) {
    bends_.push_back(bend);
    if (bends_.size() == 1) {
        piece_start_ = bend.nib;
        return;
    }
    const auto fit_all = [&] {
        std::vector<InkVec> points;
        for (const Bend& b : bends_) points.push_back(b.nib.at);
        return fit(points, bends_.front().nib.tangent, bends_.back().tangent_in);
    };
    Fit all = fit_all();
    double turned = 0;
    for (std::size_t i = 1; i < bends_.size(); ++i)
        turned += std::abs(angle_between(bends_[i - 1].nib.tangent, bends_[i].tangent_in));
    if (bends_.size() > 2 && (all.error > fit_tolerance || turned > 1.9 || bends_.size() > nodes_in_span)) {
        settle_span(bends_.size() - 1);
        all = fit_all();
    }
    fitted_ = std::move(all);
    if (bend.cusp) {
        settle_span(bends_.size());
        settle_piece(Cap::seen);
        piece_start_ = bend.nib;
    }
}

// The first `bends` of bends_ make one cubic, the one in fitted_.
void Tracer::settle_span(std::size_t bends) {
    Span span{fitted_.cubic, bends_.front().nib, bends_[bends - 1].nib, {}, {}};
    span.last.tangent = bends_[bends - 1].tangent_in;
    span.first.curvature = span.middle.curvature(0);
    span.last.curvature = span.middle.curvature(1);
    // The radius between the bends: Hermite.
    for (std::size_t i = 0; i + 1 < bends; ++i) {
        const Nib &a = bends_[i].nib, &b = bends_[i + 1].nib;
        const double u0 = fitted_.parameter[i], u1 = fitted_.parameter[i + 1];
        if (u1 <= u0) continue;
        const double run = distance(a.at, b.at);
        const int steps = std::clamp(static_cast<int>(run / 300), 1, 8);
        for (int k = 0; k < steps; ++k) {
            const double x = static_cast<double>(k) / steps, y = 1 - x;
            const double value = a.radius * y * y * (1 + 2 * x) + b.radius * x * x * (3 - 2 * x) +
                                 run * x * y * (a.radius_slope * y - b.radius_slope * x);
            const auto [low, high] = std::minmax(a.radius, b.radius);
            span.parameter.push_back(u0 + (u1 - u0) * x);
            span.radius.push_back(std::clamp(value, low, high));
        }
    }
    span.parameter.push_back(1);
    span.radius.push_back(span.last.radius);
    add_centre(span, bends_.front().cusp || bends_[bends - 1].cusp);
    add_edges(span, 0);
    bends_.erase(bends_.begin(), bends_.begin() + static_cast<std::ptrdiff_t>(bends - 1));
}

// As densely as the line bends; near a cusp so dense that it is one again when the shape is drawn from this.
void Tracer::add_centre(const Span& span, bool cusp) {
    const Cubic& m = span.middle;
    const double turned = std::abs(angle_between(m.c1 - m.from, m.c2 - m.c1)) +
                          std::abs(angle_between(m.c2 - m.c1, m.to - m.c2));
    const double wanted = std::max(distance(m.from, m.to) / (cusp ? 500 : 1500), turned / 0.35);
    const int steps = std::clamp(static_cast<int>(wanted), 1, 12);
    if (centre.empty()) centre.push_back({span.first.at, 2 * span.first.radius});
    for (int k = 1; k <= steps; ++k) {
        const double u = static_cast<double>(k) / steps;
        centre.push_back({m.at(u), 2 * span.radius_at(u)});
    }
}

void Tracer::add_edges(const Span& span, int depth) {
    constexpr double tight = 0.8;
    const double chord = distance(span.first.at, span.last.at);
    if (span.tightness() > tight) {
        if (chord > 0.7 * span.first.radius && depth < 5) {
            for (const Span& half : span.halves()) add_edges(half, depth + 1);
            return;
        }
        // Too tight for an inner edge: a few turns of the nib, which the round ends of the neighbours
        // complete.
        const bool begins = outlines.empty() && spans_ == 0;
        settle_piece(Cap::hidden);
        for (const double u : {0.0, 0.5, 1.0})
            if (u > 0 || begins) outlines.push_back(rough_circle(span.middle.at(u), span.radius_at(u)));
        piece_start_ = span.last;
        return;
    }
    append_edge(left_, span, Side::left, edge_tolerance);
    append_edge(right_, span, Side::right, edge_tolerance);
    piece_end_ = span.last;
    if (++spans_ == spans_in_piece) settle_piece(Cap::hidden);
}

void Tracer::settle_piece(Cap end) {
    if (spans_ > 0) {
        InkOutline outline{edge_point(piece_start_, Side::left), std::move(left_)};
        append_cap(outline.segments, edge_point(piece_end_, Side::left), edge_point(piece_end_, Side::right),
                   piece_end_, end);
        const InkVec start = edge_point(piece_start_, Side::right);
        append_reversed(outline.segments, right_, start);
        Nib back = piece_start_;
        back.tangent = back.tangent * -1;
        append_cap(outline.segments, start, outline.start, back, start_);
        outlines.push_back(std::move(outline));
        piece_start_ = piece_end_;
    }
    left_.clear();
    right_.clear();
    spans_ = 0;
    start_ = end;
}

void Tracer::close() {
    if (bends_.size() > 1) settle_span(bends_.size());
    settle_piece(Cap::seen);
}

Tracer Tracer::open_part() const {
    Tracer open;
    open.bends_ = bends_;
    open.left_ = left_;
    open.right_ = right_;
    open.piece_start_ = piece_start_;
    open.piece_end_ = piece_end_;
    open.spans_ = spans_;
    open.start_ = start_;
    open.fitted_ = fitted_;
    return open;
}

}  // namespace

struct StrokeOutliner::State {
    explicit State(const PenStyle& pen) : chain(pen) {}
    Chain chain;
    Tracer tracer;
    std::size_t points = 0, traced = 0;  // nodes given to the tracer
    bool finished = false;
};

StrokeOutliner::StrokeOutliner(const PenStyle& pen) : state_(std::make_unique<State>(pen)) {}
StrokeOutliner::~StrokeOutliner() = default;
StrokeOutliner::StrokeOutliner(StrokeOutliner&&) noexcept = default;
StrokeOutliner& StrokeOutliner::operator=(StrokeOutliner&&) noexcept = default;

void StrokeOutliner::add(const InkPoint& point) {
    CHECK_THAT(!state_->finished);
    if (state_->points == InkLimits::points_per_stroke) return;
    ++state_->points;
    state_->chain.add(point);
    for (; state_->chain.final(state_->traced); ++state_->traced)
        state_->tracer.take(state_->chain.bend(state_->traced, Ending::open));
}

void StrokeOutliner::finish() {
    State& state = *state_;
    if (state.finished) return;
    state.finished = true;
    if (state.chain.size() == 0) return;
    if (state.chain.size() == 1) {
        const Node& node = state.chain.node(0);
        const InkVec centre = node.sum * (1 / node.count);
        state.tracer.outlines.push_back(circle(centre, state.chain.dot_radius()));
        state.tracer.centre.push_back({centre, 2 * state.chain.dot_radius()});
        return;
    }
    for (; state.traced < state.chain.size(); ++state.traced)
        state.tracer.take(state.chain.bend(state.traced, Ending::lifted));
    state.tracer.close();
}

const std::vector<InkOutline>& StrokeOutliner::settled() const { return state_->tracer.outlines; }

const std::vector<InkNib>& StrokeOutliner::centre_line() const { return state_->tracer.centre; }

std::vector<InkOutline> StrokeOutliner::tail() const {
    const State& state = *state_;
    if (state.finished || state.chain.size() == 0) return {};
    if (state.chain.size() == 1) {
        const Node& node = state.chain.node(0);
        return {circle(node.sum * (1 / node.count), state.chain.dot_radius())};
    }
    Tracer rest = state.tracer.open_part();
    for (std::size_t i = state.traced; i < state.chain.size(); ++i)
        rest.take(state.chain.bend(i, Ending::open));
    rest.close();
    return std::move(rest.outlines);
}

std::vector<InkOutline> outline(const Ink& ink, const PenStyle& pen) {
    std::vector<InkOutline> outlines;
    for (const Stroke& stroke : ink.strokes) {
        StrokeOutliner outliner(pen);
        for (const InkPoint& point : stroke.points) outliner.add(point);
        outliner.finish();
        outlines.insert(outlines.end(), outliner.settled().begin(), outliner.settled().end());
    }
    return outlines;
}

}  // namespace core
