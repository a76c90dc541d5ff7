#include "core/model/ink_chain.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace core::curve {

namespace {

// All lengths in um along the line, speeds in um/ms = mm/s.
constexpr double node_radius = 150;    // points this near are one node
constexpr double smooth_sigma = 1100;  // of places, where the line runs smoothly; less in tight bends
constexpr double smooth_reach = 2600;
constexpr double noise = 50;             // of a touch screen; no node is moved more than about this
constexpr double direction_reach = 400;  // on each side
constexpr double width_sigma = 800;
constexpr double width_reach = 1900;
constexpr double speed_reach = 1200;
constexpr double speed_time = 24;    // ms on each side
constexpr double look_ahead = 4200;  // >= width_reach + speed_reach; no taper is longer
constexpr double half_speed = 110;   // at which the width is half way between most and least
constexpr double least_radius = 45;

// Width by share: 0 is the finest hairline, 1 the widest. Also how pressure and width correspond.
double hairline(const PenStyle& pen) { return 0.3 * pen.min_width_um; }
constexpr double pressure_gamma = 0.67;

double width_of_speed(const PenStyle& pen, double speed) {
    // A pen at rest is little wider than a slow one: no blobs where strokes begin and end.
    const double share = 1.12 / (1 + std::pow(std::hypot(speed, 40) / half_speed, 1.5));
    return pen.min_width_um + (pen.max_width_um - pen.min_width_um) * share;
}

double dot_width(const PenStyle& pen) {
    return pen.min_width_um + 0.8 * (pen.max_width_um - pen.min_width_um);
}

double ease(double x) {
    x = std::clamp(x, 0.0, 1.0);
    return x * x * (3 - 2 * x);
}

}  // namespace

double width_of_pressure(const PenStyle& pen, double pressure) {
    const double share = std::pow(std::clamp(pressure / 1000, 0.0, 1.0), pressure_gamma);
    return hairline(pen) + (pen.max_width_um - hairline(pen)) * share;
}

void Chain::add(const InkPoint& point) {
    const double far = InkLimits::far_um;
    const InkVec at{std::clamp<double>(point.x_um, -far, far), std::clamp<double>(point.y_um, -far, far)};
    const double pressure = std::clamp<double>(point.pressure, 0, 1000);
    double t = point.t_ms;
    if (nodes_.empty()) first_t_ = t;
    if (!nodes_.empty()) t = std::max(t, nodes_.back().t);
    timed_ = timed_ || t > first_t_;
    const double reach = timed_ ? node_radius : 40;  // a recorded shape has no jitter
    if (nodes_.empty() || distance(nodes_.back().first, at) >= reach) {
        if (!nodes_.empty()) close_newest();
        nodes_.push_back({at, at, {0, 0}, t, 0, 0, 0});
    }
    Node& node = nodes_.back();
    node.sum = node.sum + at;
    node.at = at;
    node.t = (node.t * node.count + t) / (node.count + 1);
    node.pressure = (node.pressure * node.count + pressure) / (node.count + 1);
    node.count += 1;
    if (nodes_.size() > 1) {
        const Node& last = nodes_[nodes_.size() - 2];
        node.s = last.s + distance(last.at, node.at);
    }
}

void Chain::close_newest() {
    Node& node = nodes_.back();
    node.at = node.sum * (1 / node.count);
    if (nodes_.size() == 1) return;
    const Node& last = nodes_[nodes_.size() - 2];
    node.s = last.s + distance(last.at, node.at);
    while (smoothed_.size() + 2 < nodes_.size() && nodes_[smoothed_.size()].s + smooth_reach <= node.s)
        smoothed_.push_back(smooth(smoothed_.size()));
}

// Everything that bend(i) looks at is closed.
bool Chain::final(std::size_t i) const {
    if (i + 4 > nodes_.size()) return false;
    std::size_t furthest = i;
    for (int step = 0; step < 3 && furthest + 1 < nodes_.size(); ++step) furthest = after(furthest);
    const double closed = nodes_[nodes_.size() - 2].s;
    return furthest + 3 < nodes_.size() && closed >= nodes_[i].s + look_ahead &&
           closed >= nodes_[furthest].s + smooth_reach;
}

// The place on a weighted quadratic through the neighbours: noise averages out, bends keep their size.
InkVec Chain::averaged(std::size_t i, double sigma) const {
    const InkVec raw = nodes_[i].at;
    double m[5] = {};
    InkVec b[3] = {};
    const auto take = [&](std::size_t j) {
        const double x = (nodes_[j].s - nodes_[i].s) / sigma;
        const double w = std::exp(-x * x / 2);
        double power = w;
        for (int k = 0; k < 5; ++k, power *= x) {
            m[k] += power;
            if (k < 3) b[k] = b[k] + (nodes_[j].at - raw) * power;
        }
    };
    const auto near = [&](std::size_t j, std::size_t steps) {
        return steps <= 2 || (steps < 20 && std::abs(nodes_[j].s - nodes_[i].s) < smooth_reach);
    };
    take(i);
    for (std::size_t j = i; j > 0 && near(j - 1, i - j + 1); --j) take(j - 1);
    for (std::size_t j = i + 1; j < nodes_.size() && near(j, j - i); ++j) take(j);
    // The constant term of the solution, by Cramer's rule.
    const double c0 = m[2] * m[4] - m[3] * m[3], c1 = m[2] * m[3] - m[1] * m[4],
                 c2 = m[1] * m[3] - m[2] * m[2];
    const double det = m[0] * c0 + m[1] * c1 + m[2] * c2;
    return det < 1e-9 ? raw : raw + (b[0] * c0 + b[1] * c1 + b[2] * c2) * (1 / det);
}

// What would move a little is noise and goes; what would move much is a corner and stays, at most averaged
// narrowly.
InkVec Chain::smooth(std::size_t i) const {
    if (i < smoothed_.size()) return smoothed_[i];
    const InkVec raw = nodes_[i].at;
    if (i == 0 || i + 1 == nodes_.size() || !timed_) return raw;
    const double spacing = (nodes_[i + 1].s - nodes_[i - 1].s) / 2;
    double sigma = std::clamp(0.9 * spacing, smooth_sigma, 2 * smooth_sigma);
    InkVec place = raw;
    double share = 1;
    for (int attempt = 0; attempt < 4 && share > 0.01; ++attempt, sigma /= 2) {
        const InkVec moved = averaged(i, sigma) - raw;
        const double trust = 1 - ease((length(moved) - noise) / noise);
        place = place + moved * (share * trust);
        share *= 1 - trust;
    }
    return place;
}

std::size_t Chain::before(std::size_t i) const {
    std::size_t j = i - 1;
    while (j > 0 && nodes_[i].s - nodes_[j].s < (timed_ ? direction_reach : 120)) --j;
    return j;
}

std::size_t Chain::after(std::size_t i) const {
    std::size_t j = i + 1;
    while (j + 1 < nodes_.size() && nodes_[j].s - nodes_[i].s < (timed_ ? direction_reach : 120)) ++j;
    return j;
}

double Chain::speed(std::size_t i) const {
    std::size_t a = i, b = i;
    while (a > 0 && (a == i ||
                     (nodes_[i].s - nodes_[a - 1].s < speed_reach && nodes_[i].t - nodes_[a].t < speed_time)))
        --a;
    while (b + 1 < nodes_.size() && (b == i || (nodes_[b + 1].s - nodes_[i].s < speed_reach &&
                                                nodes_[b].t - nodes_[i].t < speed_time)))
        ++b;
    for (int step = 0; a > 0 && nodes_[b].t - nodes_[a].t < 4 && step < 8; ++step) --a;
    const double time = nodes_[b].t - nodes_[a].t;
    return time > 0 ? (nodes_[b].s - nodes_[a].s) / time : half_speed;
}

double Chain::plain_width(std::size_t i) const {
    if (nodes_[i].pressure > 0) return width_of_pressure(pen_, nodes_[i].pressure);
    return width_of_speed(pen_, timed_ ? speed(i) : half_speed / 2);
}

// A pen that lands or leaves in flight thins out there; one that rests has a round end. Pressure tells by
// itself.
double Chain::taper(double s, Ending ending) const {
    const auto thin = [](double from_end, double v, double most) {
        const double reach = std::clamp((v - 40) * 20, 0.0, most);
        if (from_end >= reach) return 1.0;
        const double tip = 1 - 0.75 * ease((v - 40) / 200);
        const double x = from_end / reach;
        return tip + (1 - tip) * (1 - std::pow(1 - x, 1.5));
    };
    double result = 1;
    if (!timed_ || nodes_.size() < 3) return 1;
    if (nodes_.front().pressure <= 0) result *= thin(s, speed(0), 1500);
    if (ending == Ending::lifted && nodes_.back().pressure <= 0)
        result *= thin(nodes_.back().s - s, speed(nodes_.size() - 1), 4000);
    return result;
}

// The spline whose curvature is continuous (Hobby's equations), through a few nodes on each side: what lies
// further away hardly turns the line here.
InkVec Chain::heading_at(std::size_t i) const {
    constexpr int most = 3;
    std::array<InkVec, 2 * most + 1> p;
    int lo = most, hi = most;
    p[most] = smooth(i);
    const auto ends_at = [&](int k) {  // its neighbours are known
        const InkVec in = p[k] - p[k - 1], out = p[k + 1] - p[k];
        const double turn = std::abs(angle_between(in, out)), a = length(in), b = length(out);
        return turn > 2.2 || (turn > 0.8 && std::min(a, b) < 0.5 * std::max(a, b));
    };
    std::size_t j = i;
    while (lo > 0 && j > 0) {
        j = before(j);
        p[--lo] = smooth(j);
        if (lo < most - 1 && ends_at(lo + 1)) ++lo, j = 0;
    }
    j = i;
    while (hi < 2 * most && j + 1 < nodes_.size()) {
        j = after(j);
        p[++hi] = smooth(j);
        if (hi > most + 1 && ends_at(hi - 1)) --hi, j = nodes_.size();
    }
    // Unknown: the angle from each chord to the tangent at its start (at the last node: from the chord
    // before).
    std::array<double, 2 * most + 1> d{}, turn{}, below{}, rest{};  // below: of the eliminated system
    for (int k = lo; k < hi; ++k) d[k] = std::max(distance(p[k], p[k + 1]), 1.0);
    for (int k = lo + 1; k < hi; ++k) turn[k] = angle_between(p[k] - p[k - 1], p[k + 1] - p[k]);
    below[lo] = 1, rest[lo] = lo + 1 < hi ? -turn[lo + 1] : 0;
    for (int k = lo + 1; k < hi; ++k) {
        const double pivot = 2 / d[k - 1] + 2 / d[k] - below[k - 1] / d[k - 1];
        below[k] = 1 / d[k] / pivot;
        rest[k] = (-2 * turn[k] / d[k - 1] - turn[k + 1] / d[k] - rest[k - 1] / d[k - 1]) / pivot;
    }
    std::array<double, 2 * most + 1> angle{};
    angle[hi] = below[hi - 1] < 1 ? -rest[hi - 1] / (1 - below[hi - 1]) : 0;
    for (int k = hi - 1; k >= lo; --k) angle[k] = rest[k] - below[k] * angle[k + 1];
    const int chord = std::min<int>(most, hi - 1);
    const double lean = std::clamp(angle[most], -1.4, 1.4);
    InkVec heading = unit(rotated(p[chord + 1] - p[chord], lean), {1, 0});
    if (lo < most && hi > most) {
        // Between the two chords, or the line would swing.
        const double inside = std::clamp(lean, std::min(-turn[most], 0.0), std::max(-turn[most], 0.0));
        heading = unit(rotated(p[most + 1] - p[most], inside), {1, 0});
        // A hand turns where it is slow: a long chord beside a short one leaves most of the turn to the short
        // one.
        const bool long_behind = d[most - 1] > d[most];
        const double ratio = std::min(d[most - 1], d[most]) / std::max(d[most - 1], d[most]);
        const InkVec long_chord = long_behind ? p[most] - p[most - 1] : p[most + 1] - p[most];
        const double most_lean = 1.4 * std::min(1.0, std::pow(ratio / 0.6, 1.5));
        const double from_long = angle_between(long_chord, heading);
        if (std::abs(from_long) > most_lean)
            heading = rotated(unit(long_chord, {1, 0}), std::copysign(most_lean, from_long));
    }
    return heading;
}

Bend Chain::bend(std::size_t i, Ending ending) const {
    Bend bend;
    const std::size_t last = nodes_.size() - 1;
    const InkVec here = smooth(i);
    bend.nib.at = here;
    InkVec tangent_in, tangent_out;
    if (i > 0 && i < last) {
        const InkVec step_in = here - smooth(i - 1), step_out = smooth(i + 1) - here;
        const double sharp = std::abs(angle_between(step_in, step_out));
        const double step = std::max(length(step_in), length(step_out));
        const bool rested = nodes_[i].count > 3 && sharp > 0.8 && step > 900;
        bend.cusp = sharp > 2.7 || rested || (sharp > 1.3 && step < 900);
        tangent_in = unit(step_in, {1, 0});
        tangent_out = unit(step_out, tangent_in);
    }
    if (!bend.cusp) {
        tangent_in = tangent_out = heading_at(i);
    }
    bend.tangent_in = tangent_in;
    bend.nib.tangent = tangent_out;
    // Width: the neighbours' widths, averaged along the line.
    std::size_t lo = i, hi = i;
    while (lo > 0 && nodes_[i].s - nodes_[lo - 1].s < width_reach && i - lo < 24) --lo;
    while (hi < last && nodes_[hi + 1].s - nodes_[i].s < width_reach && hi - i < 24) ++hi;
    std::array<double, 50> widths{}, share{};  // share: the length that each node speaks for
    for (std::size_t j = lo; j <= hi; ++j) {
        widths[j - lo] = plain_width(j);
        share[j - lo] = std::min(nodes_[std::min(j + 1, last)].s - nodes_[j > 0 ? j - 1 : 0].s, 2000.0) + 1;
    }
    const auto radius_at = [&](double s) {
        double sum = 0, weight = 1e-12;
        for (std::size_t j = lo; j <= hi; ++j) {
            const double x = (nodes_[j].s - s) / (timed_ ? width_sigma : 250),
                         w = share[j - lo] * std::exp(-x * x / 2);
            sum += w * widths[j - lo], weight += w;
        }
        return std::max(sum / weight / 2 * taper(s, ending), least_radius);
    };
    const double s = nodes_[i].s;
    bend.nib.radius = radius_at(s);
    if (i > 0 && i < last) {
        const auto rate = [&](std::size_t j) {
            return (radius_at(nodes_[j].s) - bend.nib.radius) / (nodes_[j].s - s);
        };
        const double in = nodes_[i - 1].s < s ? rate(i - 1) : 0, out = nodes_[i + 1].s > s ? rate(i + 1) : 0;
        if (in * out > 0) bend.nib.radius_slope = std::clamp(2 * in * out / (in + out), -0.6, 0.6);
    }
    return bend;
}

double Chain::dot_radius() const {
    const Node& node = nodes_.front();
    return (node.pressure > 0 ? width_of_pressure(pen_, node.pressure) : dot_width(pen_)) / 2;
}

}  // namespace core::curve

namespace core {

std::int32_t pressure_of_width(const PenStyle& pen, double width_um) {
    const double share =
        (width_um - curve::hairline(pen)) / std::max(pen.max_width_um - curve::hairline(pen), 1.0);
    return static_cast<std::int32_t>(std::lround(
        std::clamp(1000 * std::pow(std::max(share, 0.0), 1 / curve::pressure_gamma), 1.0, 1000.0)));
}

}  // namespace core
