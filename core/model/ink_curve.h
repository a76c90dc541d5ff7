// Plane geometry for ink: cubic Bezier curves fitted to points, and the two edges of a line of varying width.
//
// Units are those of the caller (ink uses um). Tangents are unit vectors. y points down, so the normal of a
// tangent (normal_of) lies to the right of the pen's way on screen. Private to core/model/ink*.cpp.
#pragma once

#include <cmath>
#include <span>
#include <vector>

#include "core/model/ink.h"

namespace core::curve {

inline InkVec operator+(InkVec a, InkVec b) { return {a.x + b.x, a.y + b.y}; }
inline InkVec operator-(InkVec a, InkVec b) { return {a.x - b.x, a.y - b.y}; }
inline InkVec operator*(InkVec a, double k) { return {a.x * k, a.y * k}; }
inline double dot(InkVec a, InkVec b) { return a.x * b.x + a.y * b.y; }
inline double cross(InkVec a, InkVec b) { return a.x * b.y - a.y * b.x; }
inline double length(InkVec a) { return std::hypot(a.x, a.y); }
inline double distance(InkVec a, InkVec b) { return length(b - a); }
inline InkVec normal_of(InkVec tangent) { return {-tangent.y, tangent.x}; }
InkVec unit(InkVec a, InkVec otherwise);
InkVec rotated(InkVec a, double radians);
double angle_between(InkVec a, InkVec b);  // signed, -pi..pi

struct Cubic {
    InkVec from, c1, c2, to;
    InkVec at(double u) const;
    InkVec slope(double u) const;  // d/du
    Cubic part(double u0, double u1) const;
    double curvature(double u) const;  // positive: the centre lies on the side of normal_of(slope)
};

// The pleasing curve between two points with given directions (Hobby's velocities), handles kept short at
// sharp turns.
Cubic hobby(InkVec from, InkVec tangent_from, InkVec to, InkVec tangent_to);

struct Fit {
    Cubic cubic;
    double error = 0;               // greatest distance from a point to the curve at its parameter
    std::vector<double> parameter;  // of each point, 0..1
};
// Least squares with fixed ends and end directions.
Fit fit(std::span<const InkVec> points, InkVec tangent_from, InkVec tangent_to);

// Where the nib is, how wide, and how both change: one end of a span of line.
struct Nib {
    InkVec at, tangent;
    double curvature = 0;  // of the middle of the line
    double radius = 0;
    double radius_slope = 0;  // per length along the line
};

enum class Side { left = -1, right = 1 };  // right: towards normal_of(tangent)

InkVec edge_point(const Nib& nib, Side side);

// A span of line: its middle, and its radius at parameters of the middle.
struct Span {
    Cubic middle;
    Nib first, last;
    std::vector<double> parameter, radius;  // samples; parameter rises from 0 to 1
    double radius_at(double u) const;
    Nib nib_at(double u) const;
    std::vector<Span> halves() const;
    // Greatest of curvature times radius: above 1 the inner edge would run backwards and could cancel out the
    // ink.
    double tightness() const;
};

// One edge of a span that is not tight there, as few cubics within `tolerance`.
void append_edge(std::vector<InkOutline::Segment>& to, const Span& span, Side side, double tolerance);

// Round end at a nib, from its left edge to its right edge (along the tangent).
enum class Cap { seen, hidden };  // hidden: lies inside the next piece, so one rough cubic will do
void append_cap(std::vector<InkOutline::Segment>& to, InkVec from, InkVec until, const Nib& nib, Cap cap);

// An edge that began at `start`, taken back there.
void append_reversed(std::vector<InkOutline::Segment>& to, const std::vector<InkOutline::Segment>& edge,
                     InkVec start);
InkOutline circle(InkVec centre, double radius);
InkOutline rough_circle(InkVec centre, double radius);  // two cubics; up to 2 % off

}  // namespace core::curve
