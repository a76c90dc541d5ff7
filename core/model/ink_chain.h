// Pen points as a chain of nodes, and the line's place, direction and width at each: the first two steps of
// an outline.
//
// Points closer than the jitter of a hand are averaged into one node; places and widths are smoothed along
// the line, never by time, so nothing lags. Private to core/model/ink*.cpp.
#pragma once

#include <vector>

#include "core/model/ink.h"
#include "core/model/ink_curve.h"

namespace core::curve {

struct Node {
    InkVec at;  // the mean of its points; the newest point while it is open
    InkVec first, sum;
    double t = 0, pressure = 0, count = 0;
    double s = 0;  // length of the chain of nodes up to here
};

// A node with everything known: the line here.
struct Bend {
    Nib nib;            // tangent: the way out
    InkVec tangent_in;  // differs from the way out at a cusp
    bool cusp = false;
};

enum class Ending { open, lifted };

double width_of_pressure(const PenStyle& pen, double pressure);

class Chain {
  public:
    explicit Chain(const PenStyle& pen) : pen_(pen) {}
    void add(const InkPoint& point);
    std::size_t size() const { return nodes_.size(); }
    const Node& node(std::size_t i) const { return nodes_[i]; }
    bool final(std::size_t i) const;  // nothing that bend(i) looks at can change
    Bend bend(std::size_t i, Ending ending) const;
    double dot_radius() const;

  private:
    InkVec heading_at(std::size_t i) const;
    void close_newest();
    InkVec averaged(std::size_t i, double sigma) const;
    InkVec smooth(std::size_t i) const;
    std::size_t before(std::size_t i) const;  // the node at direction_reach, or the neighbour
    std::size_t after(std::size_t i) const;
    double speed(std::size_t i) const;
    double plain_width(std::size_t i) const;
    double taper(double s, Ending ending) const;

    PenStyle pen_;
    std::vector<Node> nodes_;
    std::vector<InkVec> smoothed_;  // of the first nodes: what no later point can change
    bool timed_ = false;            // the clock has moved
    double first_t_ = 0;
};

}  // namespace core::curve
