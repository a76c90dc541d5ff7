#include "core/model/ink_curve.h"

#include <algorithm>
#include <numbers>

namespace core::curve {

namespace {

constexpr double quarter = 0.5522847498307936;  // handle of a quarter circle

struct Handles {
    double first = 0, last = 0;
    bool sane = false;
};

// Schneider's normal equations: the lengths of the two handles that bring the curve nearest to the points.
Handles solve_handles(std::span<const InkVec> points, std::span<const double> u, InkVec t0, InkVec t1) {
    const InkVec p0 = points.front(), p1 = points.back();
    double a00 = 0, a01 = 0, a11 = 0, b0 = 0, b1 = 0;
    for (std::size_t i = 1; i + 1 < points.size(); ++i) {
        const double v = 1 - u[i];
        const double w1 = 3 * v * v * u[i], w2 = 3 * v * u[i] * u[i];
        const InkVec first = t0 * w1, last = t1 * -w2;
        const InkVec rest = points[i] - (p0 * (v * v * v + w1) + p1 * (w2 + u[i] * u[i] * u[i]));
        a00 += dot(first, first), a01 += dot(first, last), a11 += dot(last, last);
        b0 += dot(first, rest), b1 += dot(last, rest);
    }
    const double det = a00 * a11 - a01 * a01;
    if (det < 1e-9 * a00 * a11 || a00 * a11 == 0) return {};
    const Handles handles{(b0 * a11 - b1 * a01) / det, (a00 * b1 - a01 * b0) / det, true};
    const double chord = distance(p0, p1);
    const bool sane = handles.first > 0.05 * chord && handles.last > 0.05 * chord &&
                      handles.first < 2 * chord && handles.last < 2 * chord;
    return sane ? handles : Handles{};
}

// One Newton step towards the nearest point of the curve.
double nearest_parameter(const Cubic& c, InkVec p, double u) {
    const InkVec d = c.at(u) - p, d1 = c.slope(u);
    const double v = 1 - u;
    const InkVec d2 = (c.c2 - c.c1 * 2 + c.from) * (6 * v) + (c.to - c.c2 * 2 + c.c1) * (6 * u);
    const double below = dot(d1, d1) + dot(d, d2);
    return below <= 1e-9 ? u : std::clamp(u - dot(d, d1) / below, 0.0, 1.0);
}

InkVec edge_direction(const Nib& nib, Side side) {
    const int sign = static_cast<int>(side);
    const double along = std::max(1 - nib.curvature * sign * nib.radius, 0.2);
    return unit(nib.tangent * along + normal_of(nib.tangent) * (sign * nib.radius_slope), nib.tangent);
}

}  // namespace

InkVec unit(InkVec a, InkVec otherwise) {
    const double l = length(a);
    return l > 1e-9 ? a * (1 / l) : otherwise;
}

InkVec rotated(InkVec a, double radians) {
    const double c = std::cos(radians), s = std::sin(radians);
    return {a.x * c - a.y * s, a.x * s + a.y * c};
}

double angle_between(InkVec a, InkVec b) { return std::atan2(cross(a, b), dot(a, b)); }

InkVec Cubic::at(double u) const {
    const double v = 1 - u;
    return from * (v * v * v) + c1 * (3 * v * v * u) + c2 * (3 * v * u * u) + to * (u * u * u);
}

InkVec Cubic::slope(double u) const {
    const double v = 1 - u;
    return (c1 - from) * (3 * v * v) + (c2 - c1) * (6 * v * u) + (to - c2) * (3 * u * u);
}

Cubic Cubic::part(double u0, double u1) const {
    const double third = (u1 - u0) / 3;
    return {at(u0), at(u0) + slope(u0) * third, at(u1) - slope(u1) * third, at(u1)};
}

double Cubic::curvature(double u) const {
    const double v = 1 - u;
    const InkVec d1 = slope(u), d2 = (c2 - c1 * 2 + from) * (6 * v) + (to - c2 * 2 + c1) * (6 * u);
    const double speed = length(d1);
    return speed < 1e-6 ? 0 : cross(d1, d2) / (speed * speed * speed);
}

Cubic hobby(InkVec from, InkVec tangent_from, InkVec to, InkVec tangent_to) {
    const InkVec chord = to - from;
    const double theta = angle_between(chord, tangent_from), phi = angle_between(tangent_to, chord);
    const double st = std::sin(theta), sp = std::sin(phi), ct = std::cos(theta), cp = std::cos(phi);
    const double alpha = std::numbers::sqrt2 * (st - sp / 16) * (sp - st / 16) * (ct - cp);
    const double c = (3 - std::sqrt(5.0)) / 2;
    const double first = (2 + alpha) / std::max(1 + (1 - c) * ct + c * cp, 0.4);
    const double last = (2 - alpha) / std::max(1 + (1 - c) * cp + c * ct, 0.4);
    // However sharp the turn, the curve stays near its chord.
    const auto handle = [chord = length(chord)](double speed, double sine) {
        const double most = std::abs(sine) > 0.15 ? 0.28 * chord / std::abs(sine) : 0.6 * chord;
        return std::min(chord / 3 * std::clamp(speed, 0.2, 1.9), most);
    };
    return {from, from + tangent_from * handle(first, st), to - tangent_to * handle(last, sp), to};
}

Fit fit(std::span<const InkVec> points, InkVec tangent_from, InkVec tangent_to) {
    Fit result{hobby(points.front(), tangent_from, points.back(), tangent_to), 0, {0.0}};
    auto& u = result.parameter;
    for (std::size_t i = 1; i < points.size(); ++i)
        u.push_back(u.back() + distance(points[i - 1], points[i]));
    const double total = u.back();
    for (double& value : u) value = total > 0 ? value / total : 0;
    u.back() = 1;
    if (points.size() == 2) return result;
    for (int round = 0; round < 3; ++round) {
        const Handles handles = solve_handles(points, u, tangent_from, tangent_to);
        if (handles.sane) {
            result.cubic.c1 = points.front() + tangent_from * handles.first;
            result.cubic.c2 = points.back() - tangent_to * handles.last;
        }
        for (std::size_t i = 1; i + 1 < points.size(); ++i)
            u[i] = std::max(u[i - 1], nearest_parameter(result.cubic, points[i], u[i]));
    }
    for (std::size_t i = 1; i + 1 < points.size(); ++i)
        result.error = std::max(result.error, distance(result.cubic.at(u[i]), points[i]));
    return result;
}

InkVec edge_point(const Nib& nib, Side side) {
    return nib.at + normal_of(nib.tangent) * (static_cast<int>(side) * nib.radius);
}

double Span::radius_at(double u) const {
    const auto above = std::upper_bound(parameter.begin(), parameter.end(), u);
    if (above == parameter.begin()) return radius.front();
    if (above == parameter.end()) return radius.back();
    const auto i = static_cast<std::size_t>(above - parameter.begin());
    const double k = (u - parameter[i - 1]) / (parameter[i] - parameter[i - 1]);
    return radius[i - 1] + (radius[i] - radius[i - 1]) * k;
}

Nib Span::nib_at(double u) const {
    constexpr double h = 1e-3;
    const double lo = std::max(0.0, u - h), hi = std::min(1.0, u + h);
    const double run = std::max(distance(middle.at(lo), middle.at(hi)), 1e-6);
    return {middle.at(u), unit(middle.slope(u), first.tangent), middle.curvature(u), radius_at(u),
            (radius_at(hi) - radius_at(lo)) / run};
}

std::vector<Span> Span::halves() const {
    const Nib half = nib_at(0.5);
    Span a{middle.part(0, 0.5), first, half, {}, {}}, b{middle.part(0.5, 1), half, last, {}, {}};
    for (Span* span : {&a, &b}) {
        constexpr int steps = 8;
        for (int i = 0; i <= steps; ++i) {
            const double u = static_cast<double>(i) / steps;
            span->parameter.push_back(u);
            span->radius.push_back(radius_at(u / 2 + (span == &b ? 0.5 : 0)));
        }
    }
    return {std::move(a), std::move(b)};
}

double Span::tightness() const {
    constexpr int steps = 12;
    double most = 0;
    for (int i = 0; i <= steps; ++i) {
        const double u = static_cast<double>(i) / steps;
        most = std::max(most, std::abs(middle.curvature(u)) * radius_at(u));
    }
    return most;
}

void append_edge(std::vector<InkOutline::Segment>& to, const Span& span, Side side, double tolerance) {
    struct Range {
        double u0, u1;
        Nib n0, n1;
        int depth;
    };
    std::vector<Range> todo{{0, 1, span.first, span.last, 0}};
    constexpr int samples = 8;
    InkVec points[samples + 1];
    while (!todo.empty()) {
        const Range range = todo.back();
        todo.pop_back();
        points[0] = edge_point(range.n0, side);
        points[samples] = edge_point(range.n1, side);
        for (int i = 1; i < samples; ++i)
            points[i] = edge_point(span.nib_at(range.u0 + (range.u1 - range.u0) * i / samples), side);
        const Fit edge = fit(points, edge_direction(range.n0, side), edge_direction(range.n1, side));
        if (edge.error > tolerance && range.depth < 5) {
            const double half = (range.u0 + range.u1) / 2;
            const Nib nib = span.nib_at(half);
            todo.push_back({half, range.u1, nib, range.n1, range.depth + 1});
            todo.push_back({range.u0, half, range.n0, nib, range.depth + 1});
            continue;
        }
        to.push_back({edge.cubic.c1, edge.cubic.c2, edge.cubic.to});
    }
}

void append_reversed(std::vector<InkOutline::Segment>& to, const std::vector<InkOutline::Segment>& edge,
                     InkVec start) {
    for (std::size_t i = edge.size(); i-- > 0;)
        to.push_back({edge[i].c2, edge[i].c1, i > 0 ? edge[i - 1].to : start});
}

void append_cap(std::vector<InkOutline::Segment>& to, InkVec from, InkVec until, const Nib& nib, Cap cap) {
    const InkVec out = nib.tangent * nib.radius;
    if (cap == Cap::hidden) {
        to.push_back({from + out * (4.0 / 3), until + out * (4.0 / 3), until});
        return;
    }
    const InkVec tip = nib.at + out;
    to.push_back({from + out * quarter, tip + (from - nib.at) * quarter, tip});
    to.push_back({tip + (until - nib.at) * quarter, until + out * quarter, until});
}

InkOutline circle(InkVec centre, double radius) {
    const InkVec east{radius, 0}, south{0, radius};
    InkOutline outline{centre + east, {}};
    InkVec from = east, along = south;
    for (int i = 0; i < 4; ++i) {
        outline.segments.push_back(
            {centre + from + along * quarter, centre + along + from * quarter, centre + along});
        const InkVec next = from * -1;
        from = along, along = next;
    }
    return outline;
}

InkOutline rough_circle(InkVec centre, double radius) {
    const InkVec east{radius, 0}, south{0, radius * 4 / 3};
    const InkVec west = centre - east, start = centre + east;
    return {start, {{start + south, west + south, west}, {west - south, start - south, start}}};
}

}  // namespace core::curve
