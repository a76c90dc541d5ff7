// Ink: outlines have no holes, no gaps, no surprises, however the pen moved.
#include "core/model/ink.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

using core::Ink;
using core::InkOutline;
using core::InkPoint;
using core::InkVec;
using core::Stroke;

namespace {

constexpr double pi = std::numbers::pi;

std::int32_t um(double value) { return static_cast<std::int32_t>(std::lround(value)); }

Ink ink_of(std::vector<Stroke> strokes) { return {200'000, 80'000, std::move(strokes)}; }

// A pen that follows a function of 0..1 for so many points, evenly in time.
template <typename Path>
Stroke drawn(int points, double step_ms, Path path) {
    Stroke stroke;
    for (int i = 0; i < points; ++i) {
        const InkVec at = path(static_cast<double>(i) / (points - 1));
        stroke.points.push_back({um(at.x), um(at.y), um(i * step_ms), 0});
    }
    return stroke;
}

InkVec at(InkVec from, const InkOutline::Segment& s, double u) {
    const double v = 1 - u;
    const double a = v * v * v, b = 3 * v * v * u, c = 3 * v * u * u, d = u * u * u;
    return {a * from.x + b * s.c1.x + c * s.c2.x + d * s.to.x,
            a * from.y + b * s.c1.y + c * s.c2.y + d * s.to.y};
}

std::vector<InkVec> polygon(const InkOutline& outline) {
    constexpr int steps = 12;
    std::vector<InkVec> corners{outline.start};
    InkVec from = outline.start;
    for (const auto& segment : outline.segments) {
        for (int i = 1; i <= steps; ++i) corners.push_back(at(from, segment, static_cast<double>(i) / steps));
        from = segment.to;
    }
    return corners;
}

using Polygons = std::vector<std::vector<InkVec>>;

Polygons polygons(const std::vector<InkOutline>& outlines) {
    Polygons result;
    for (const InkOutline& outline : outlines) result.push_back(polygon(outline));
    return result;
}

int winding(const std::vector<InkVec>& corners, InkVec p) {
    int turns = 0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const InkVec a = corners[i], b = corners[(i + 1) % corners.size()];
        if ((a.y <= p.y) == (b.y <= p.y)) continue;
        const double x = a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x);
        if (x > p.x) turns += b.y > a.y ? 1 : -1;
    }
    return turns;
}

bool inked(const Polygons& shapes, InkVec p) {
    int turns = 0;
    for (const auto& corners : shapes) turns += winding(corners, p);
    return turns != 0;
}

double area(const std::vector<InkVec>& corners) {
    double sum = 0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const InkVec a = corners[i], b = corners[(i + 1) % corners.size()];
        sum += a.x * b.y - a.y * b.x;
    }
    return sum / 2;
}

std::vector<core::InkNib> middle_of(const Stroke& stroke) {
    core::StrokeOutliner outliner;
    for (const InkPoint& point : stroke.points) outliner.add(point);
    outliner.finish();
    return outliner.centre_line();
}

// How many of the places that a round nib covered, well inside its rim, are left white.
int holes(const Stroke& stroke) {
    const Polygons shapes = polygons(core::outline(ink_of({stroke})));
    int white = 0;
    for (const core::InkNib& nib : middle_of(stroke))
        for (int ring = 0; ring < 3; ++ring)
            for (int k = 0; k < 8; ++k) {
                const double r = nib.width_um / 2 * 0.7 * ring / 2, angle = k * pi / 4;
                white += !inked(shapes, {nib.at.x + r * std::cos(angle), nib.at.y + r * std::sin(angle)});
            }
    return white;
}

bool same(InkVec a, InkVec b) { return a.x == b.x && a.y == b.y; }

bool same(const InkOutline& a, const InkOutline& b) {
    return same(a.start, b.start) && std::equal(a.segments.begin(), a.segments.end(), b.segments.begin(),
                                                b.segments.end(), [](const auto& s, const auto& t) {
                                                    return same(s.c1, t.c1) && same(s.c2, t.c2) &&
                                                           same(s.to, t.to);
                                                });
}

// Every outline is finite, closed, the right way round, and no further from the points than a pen is wide;
// where the points lie far apart, the line may swing out a little between them.
void check_sound(const Ink& ink) {
    const core::InkBounds box = core::bounds(ink);
    double step = 0;
    for (const Stroke& stroke : ink.strokes)
        for (std::size_t i = 1; i < stroke.points.size(); ++i)
            step = std::max(step, std::hypot(double{1} * stroke.points[i].x_um - stroke.points[i - 1].x_um,
                                             double{1} * stroke.points[i].y_um - stroke.points[i - 1].y_um));
    const double most = core::PenStyle{}.max_width_um + step / 20;
    for (const InkOutline& outline : core::outline(ink)) {
        REQUIRE(!outline.segments.empty());
        CHECK(std::hypot(outline.segments.back().to.x - outline.start.x,
                         outline.segments.back().to.y - outline.start.y) < 1e-6);
        const auto corners = polygon(outline);
        CHECK(area(corners) > 0);
        for (const InkVec p : corners) {
            REQUIRE(std::isfinite(p.x + p.y));
            CHECK(p.x >= box.left_um - most);
            CHECK(p.x <= box.right_um + most);
            CHECK(p.y >= box.top_um - most);
            CHECK(p.y <= box.bottom_um + most);
        }
    }
}

// Hands of many tempers: smooth runs, sudden turns, rests, retraced lines, jumps, repeated and missing times.
Stroke random_stroke(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto between = [&](double lo, double hi) {
        return lo + (hi - lo) * (static_cast<double>(random()) / std::numeric_limits<std::uint32_t>::max());
    };
    const double hz = std::vector<double>{60, 120, 240, 1000}[random() % 4];
    const double noise = between(0, 60), grid = random() % 3 == 0 ? 170 : 1;
    const bool pen = random() % 3 == 0;
    double x = 100'000, y = 40'000, heading = between(-pi, pi), speed = between(5, 400), bend = 0, t = 0,
           force = 500;
    Stroke stroke;
    const int count = 1 + static_cast<int>(between(0, 160));
    for (int i = 0; i < count; ++i) {
        const double shift_x = between(-noise, noise), shift_y = between(-noise, noise);
        stroke.points.push_back({um(std::round((x + shift_x) / grid) * grid),
                                 um(std::round((y + shift_y) / grid) * grid), um(t), pen ? um(force) : 0});
        if (random() % 12 == 0) bend = between(-0.9, 0.9);
        if (random() % 25 == 0) heading += between(-pi, pi);
        if (random() % 40 == 0) heading += pi;
        if (random() % 30 == 0) speed = random() % 4 == 0 ? 0 : between(2, 600);
        heading += bend * std::min(1.0, 60 / hz * 1.5);
        force = std::clamp(force + between(-60, 60), 1.0, 1000.0);
        x += std::cos(heading) * speed * 1000 / hz;
        y += std::sin(heading) * speed * 1000 / hz;
        if (random() % 8 != 0) t += 1000 / hz;
    }
    return stroke;
}

Stroke loops(double step_ms) {
    return drawn(um(3000 / step_ms), step_ms, [](double u) {
        const double a = u * 12 * pi;
        return InkVec{20'000 + 120'000 * u + 5'000 * std::sin(a), 40'000 + 9'000 * std::cos(a) * (1 - u / 2)};
    });
}

}  // namespace

TEST_CASE("random strokes give sound outlines without holes") {
    for (std::uint32_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        const Stroke stroke = random_stroke(seed);
        check_sound(ink_of({stroke}));
        CHECK(holes(stroke) == 0);
    }
}

TEST_CASE("a stroke that grows settles to exactly what outline gives") {
    for (std::uint32_t seed = 1; seed <= 80; ++seed) {
        CAPTURE(seed);
        const Stroke stroke = random_stroke(seed);
        const auto whole = core::outline(ink_of({stroke}));
        core::StrokeOutliner outliner;
        std::size_t settled = 0;
        std::vector<InkOutline> seen;
        for (const InkPoint& point : stroke.points) {
            outliner.add(point);
            (void)outliner.tail();
            REQUIRE(outliner.settled().size() >= settled);
            settled = outliner.settled().size();
            for (std::size_t i = seen.size(); i < settled; ++i) seen.push_back(outliner.settled()[i]);
        }
        outliner.finish();
        REQUIRE(outliner.settled().size() == whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i) CHECK(same(outliner.settled()[i], whole[i]));
        for (std::size_t i = 0; i < seen.size(); ++i) CHECK(same(seen[i], whole[i]));
        CHECK(outliner.tail().empty());
    }
}

TEST_CASE("settled and tail together always reach the newest point") {
    for (std::uint32_t seed = 1; seed <= 40; ++seed) {
        CAPTURE(seed);
        const Stroke stroke = random_stroke(seed);
        core::StrokeOutliner outliner;
        for (const InkPoint& point : stroke.points) {
            outliner.add(point);
            Polygons shapes = polygons(outliner.settled());
            for (auto& corners : polygons(outliner.tail())) shapes.push_back(std::move(corners));
            CHECK(inked(shapes, {point.x_um + 0.0, point.y_um + 0.0}));
        }
    }
}

TEST_CASE("a long stroke settles while it is drawn, so that the tail stays short") {
    const Stroke stroke = loops(4);
    core::StrokeOutliner outliner;
    std::size_t longest = 0;
    for (const InkPoint& point : stroke.points) {
        outliner.add(point);
        std::size_t segments = 0;
        for (const InkOutline& outline : outliner.tail()) segments += outline.segments.size();
        longest = std::max(longest, segments);
    }
    CHECK(outliner.settled().size() > 3);
    CHECK(longest < 250);
}

TEST_CASE("every input point lies under the ink") {
    for (const double step_ms : {16.7, 8.3, 4.2, 1.0}) {
        CAPTURE(step_ms);
        const Stroke stroke = loops(step_ms);
        const Polygons shapes = polygons(core::outline(ink_of({stroke})));
        for (const InkPoint& p : stroke.points) CHECK(inked(shapes, {p.x_um + 0.0, p.y_um + 0.0}));
    }
}

TEST_CASE("a loop keeps its white middle") {
    const Stroke stroke = drawn(120, 8, [](double u) {
        return InkVec{50'000 + 6'000 * std::cos(u * 2.1 * pi), 40'000 + 6'000 * std::sin(u * 2.1 * pi)};
    });
    CHECK_FALSE(inked(polygons(core::outline(ink_of({stroke}))), {50'000, 40'000}));
}

TEST_CASE("a touch without a move is a round dot") {
    const auto outlines = core::outline(ink_of({Stroke{{{50'000, 30'000, 0, 0}}}}));
    REQUIRE(outlines.size() == 1);
    const auto corners = polygon(outlines[0]);
    double least = 1e9, most = 0;
    for (const InkVec p : corners) {
        const double r = std::hypot(p.x - 50'000, p.y - 30'000);
        least = std::min(least, r), most = std::max(most, r);
    }
    CHECK(least > 300);
    CHECK(most - least < 1);
    core::StrokeOutliner outliner;
    outliner.add({50'000, 30'000, 0, 0});
    REQUIRE(outliner.tail().size() == 1);
    CHECK(same(outliner.tail()[0], outlines[0]));
}

TEST_CASE("the first move is shown at once") {
    core::StrokeOutliner outliner;
    outliner.add({10'000, 10'000, 0, 0});
    outliner.add({14'000, 12'000, 8, 0});
    const Polygons shapes = polygons(outliner.tail());
    CHECK(inked(shapes, {10'000, 10'000}));
    CHECK(inked(shapes, {12'000, 11'000}));
    CHECK(inked(shapes, {14'000, 12'000}));
}

TEST_CASE("a fast line is thinner than a slow one, and a pressed one thicker than a light one") {
    const auto width = [](double step_ms, std::int32_t pressure) {
        Stroke stroke = drawn(60, step_ms, [](double u) { return InkVec{10'000 + 100'000 * u, 40'000}; });
        for (InkPoint& p : stroke.points) p.pressure = pressure;
        const auto middle = middle_of(stroke);
        return middle[middle.size() / 2].width_um;
    };
    CHECK(width(2, 0) < 0.6 * width(40, 0));
    CHECK(width(8, 200) < 0.6 * width(8, 900));
    CHECK(width(2, 500) == doctest::Approx(width(40, 500)));
    const core::PenStyle pen;
    for (const std::int32_t pressure : {1, 137, 500, 1000}) {
        const double drawn_um = width(8, pressure);
        CHECK(std::abs(core::pressure_of_width(pen, drawn_um) - pressure) <= (pressure < 10 ? 10 : 1));
    }
}

TEST_CASE("a pen that leaves in flight thins out, one that stops has a round end") {
    const auto end_width = [](double speed_at_end) {
        return middle_of(drawn(80, 8,
                               [&](double u) {
                                   return InkVec{10'000 + 100'000 * (speed_at_end * u +
                                                                     (1 - speed_at_end) * (2 * u - u * u)),
                                                 40'000};
                               }))
            .back()
            .width_um;
    };
    CHECK(end_width(1.8) < 300);
    CHECK(end_width(0) > 600);
}

TEST_CASE("jitter of a few hundredths of a millimetre is not seen") {
    std::mt19937 random(5);
    for (const double step_ms : {16.7, 4.2, 1.0}) {
        CAPTURE(step_ms);
        Stroke stroke = drawn(um(1500 / step_ms), step_ms, [](double u) {
            return InkVec{10'000 + 60'000 * u, 40'000};
        });
        for (InkPoint& p : stroke.points) {
            p.x_um += static_cast<std::int32_t>(random() % 61) - 30;
            p.y_um += static_cast<std::int32_t>(random() % 61) - 30;
        }
        double square = 0, count = 0;
        for (const core::InkNib& nib : middle_of(stroke))
            square += (nib.at.y - 40'000) * (nib.at.y - 40'000), ++count;
        CHECK(std::sqrt(square / count) < 14);
    }
}

TEST_CASE("corners stay corners and lines that are retraced stay lines") {
    const Stroke corner = drawn(121, 8, [](double u) {
        return u < 0.5 ? InkVec{10'000 + 40'000 * u, 40'000} : InkVec{30'000, 40'000 - 40'000 * (u - 0.5)};
    });
    double nearest = 1e9;
    for (const core::InkNib& nib : middle_of(corner))
        nearest = std::min(nearest, std::hypot(nib.at.x - 30'000, nib.at.y - 40'000));
    CHECK(nearest < 120);
    const Stroke retraced = drawn(201, 8, [](double u) {
        return InkVec{30'000, 40'000 - 20'000 * std::abs(std::fmod(u * 4, 2.0) - 1)};
    });
    check_sound(ink_of({retraced}));
    CHECK(holes(retraced) == 0);
    for (const core::InkNib& nib : middle_of(retraced)) CHECK(std::abs(nib.at.x - 30'000) < 1);
}

TEST_CASE("clocks that stand still, run backwards or tick a thousand times a second do no harm") {
    Stroke frozen = loops(8), backwards = loops(8);
    for (InkPoint& p : frozen.points) p.t_ms = 77;
    for (InkPoint& p : backwards.points) p.t_ms = -p.t_ms;
    Stroke slow = drawn(4000, 5, [](double u) {
        return InkVec{40'000 + 1'500 * u, 40'000 + 800 * std::sin(u * 9)};
    });
    for (const Stroke& stroke : {frozen, backwards, slow, loops(1)}) {
        check_sound(ink_of({stroke}));
        CHECK(holes(stroke) == 0);
    }
}

TEST_CASE("absurd coordinates stay finite") {
    constexpr auto far = std::numeric_limits<std::int32_t>::max(),
                   least = std::numeric_limits<std::int32_t>::min();
    const Ink ink = ink_of(
        {Stroke{{{far, least, least, far}, {least, far, far, least}, {0, 0, 0, -5}, {far, far, 0, 0}}}});
    for (const InkOutline& outline : core::outline(ink))
        for (const InkVec p : polygon(outline)) CHECK(std::isfinite(p.x + p.y));
    CHECK(core::shape_only(ink).strokes.size() == 1);
    CHECK(core::judge(ink) == core::InkVerdict::good);
}

TEST_CASE("a signature's outlines are compact") {
    const Ink ink = ink_of({loops(7.5)});  // 400 points
    REQUIRE(ink.strokes[0].points.size() == 400);
    std::size_t segments = 0;
    for (const InkOutline& outline : core::outline(ink)) segments += outline.segments.size();
    CHECK(segments < 560);  // about 44 bytes each as PDF operators
}

TEST_CASE("the recorded shape has no clock, fits the record and looks the same") {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const Ink ink = ink_of({random_stroke(seed), loops(9)});
        const Ink shape = core::shape_only(ink);
        REQUIRE(shape.strokes.size() == ink.strokes.size());
        const Polygons before = polygons(core::outline(ink)), after = polygons(core::outline(shape));
        for (const Stroke& stroke : shape.strokes)
            for (std::size_t i = 0; i < stroke.points.size(); ++i) {
                CHECK(stroke.points[i].t_ms == 0);
                if (i > 0) CHECK(stroke.points[i] != stroke.points[i - 1]);
            }
        // What is well inside the one is inside the other.
        const auto well_inside = [](const Polygons& shapes, InkVec p) {
            constexpr double rim_um = 70;
            return inked(shapes, {p.x - rim_um, p.y}) && inked(shapes, {p.x + rim_um, p.y}) &&
                   inked(shapes, {p.x, p.y - rim_um}) && inked(shapes, {p.x, p.y + rim_um});
        };
        const core::InkBounds box = core::bounds(ink);
        int differs = 0, inside = 0;
        for (int i = 0; i < 40; ++i)
            for (int j = 0; j < 40; ++j) {
                const InkVec p{box.left_um + (box.right_um - box.left_um) * (i + 0.5) / 40,
                               box.top_um + (box.bottom_um - box.top_um) * (j + 0.5) / 40};
                inside += well_inside(before, p);
                differs += well_inside(before, p) && !inked(after, p);
                differs += well_inside(after, p) && !inked(before, p);
            }
        CHECK(differs <= inside / 50);
    }
}

TEST_CASE("a child with the pen all day fills no memory") {
    Ink ink{200'000, 80'000, {}};
    std::mt19937 random(3);
    while (core::has_room(ink, core::InkRoom::stroke)) {
        ink.strokes.emplace_back();
        for (int i = 0; i < 300 && core::has_room(ink, core::InkRoom::point); ++i)
            ink.strokes.back().points.push_back({static_cast<std::int32_t>(random() % 200'000),
                                                 static_cast<std::int32_t>(random() % 80'000), i * 8, 0});
    }
    CHECK(ink.strokes.size() <= core::InkLimits::strokes);
    ink.strokes.resize(300, ink.strokes[0]);  // and if nobody asked has_room
    const Ink shape = core::shape_only(ink);
    std::size_t points = 0;
    for (const Stroke& stroke : shape.strokes) points += stroke.points.size();
    CHECK(shape.strokes.size() == core::InkLimits::strokes);
    CHECK(points <= core::InkLimits::recorded_points);

    core::StrokeOutliner outliner;
    for (std::size_t i = 0; i < core::InkLimits::points_per_stroke; ++i)
        outliner.add(
            {static_cast<std::int32_t>(i % 100) * 1000, static_cast<std::int32_t>(i / 100) * 100, 0, 0});
    const std::size_t settled = outliner.settled().size();
    for (int i = 0; i < 2000; ++i) outliner.add({i * 1000, -50'000, 0, 0});
    CHECK(outliner.settled().size() == settled);
}

TEST_CASE("a slip is told from a signature") {
    using core::InkVerdict;
    CHECK(core::judge(ink_of({})) == InkVerdict::empty);
    CHECK(core::judge(ink_of({Stroke{}})) == InkVerdict::empty);
    CHECK(core::judge(ink_of({Stroke{{{5'000, 5'000, 0, 0}}}})) == InkVerdict::dot);
    CHECK(core::judge(ink_of({drawn(30, 8, [](double u) {
              return InkVec{5'000 + 900 * u, 5'000};
          })})) == InkVerdict::dot);
    CHECK(core::judge(ink_of({drawn(60, 8, [](double u) {
              return InkVec{5'000 + 90'000 * u, 5'000 + 30'000 * u};
          })})) == InkVerdict::straight_line);
    CHECK(core::judge(ink_of({drawn(60, 8, [](double u) {
              return InkVec{5'000 + 90'000 * u, 9'000 + 3'000 * std::sin(u * pi)};
          })})) == InkVerdict::straight_line);
    CHECK(core::judge(ink_of({drawn(90, 8, [](double u) {
              return InkVec{50'000 + 2'500 * std::cos(u * 9), 40'000 + 2'500 * std::sin(u * 9)};
          })})) == InkVerdict::too_small);
    CHECK(core::judge(ink_of({loops(8)})) == InkVerdict::good);
    // Somebody's mark may be a cross.
    CHECK(core::judge(ink_of({drawn(40, 8,
                                    [](double u) {
                                        return InkVec{50'000 + 15'000 * u, 30'000 + 15'000 * u};
                                    }),
                              drawn(40, 8, [](double u) {
                                  return InkVec{50'000 + 15'000 * u, 45'000 - 15'000 * u};
                              })})) == InkVerdict::good);
}

TEST_CASE("bounds hold every point, and of nothing are nothing") {
    const core::InkBounds none = core::bounds(ink_of({Stroke{}}));
    CHECK((none.left_um == 0 && none.top_um == 0 && none.right_um == 0 && none.bottom_um == 0));
    const core::InkBounds box =
        core::bounds(ink_of({Stroke{{{7, 3, 0, 0}}}, Stroke{{{-4, 9, 0, 0}, {5, -2, 1, 0}}}}));
    CHECK((box.left_um == -4 && box.top_um == -2 && box.right_um == 7 && box.bottom_um == 9));
}

TEST_CASE("a drawing survives resize and rotation, there and back") {
    const Ink ink = ink_of({loops(8), drawn(9, 8, [](double u) {
                                return InkVec{30'000 + 3'000 * u, 12'000};
                            })});
    struct Size {
        std::int32_t width_um, height_um;
    };
    for (const Size size :
         {Size{80'000, 200'000}, Size{150'000, 60'000}, Size{240'000, 130'000}, Size{200'000, 60'000}}) {
        CAPTURE(size.width_um);
        const Ink there = core::refit(ink, size.width_um, size.height_um);
        const core::InkBounds box = core::bounds(there);
        CHECK(box.left_um >= 0);
        CHECK(box.top_um >= 0);
        CHECK(box.right_um <= size.width_um);
        CHECK(box.bottom_um <= size.height_um);
        const Ink back = core::refit(there, ink.width_um, ink.height_um);
        REQUIRE(back.strokes.size() == ink.strokes.size());
        double most = 0;
        for (std::size_t i = 0; i < ink.strokes.size(); ++i) {
            REQUIRE(back.strokes[i].points.size() == ink.strokes[i].points.size());
            for (std::size_t j = 0; j < ink.strokes[i].points.size(); ++j) {
                const InkPoint a = ink.strokes[i].points[j], b = back.strokes[i].points[j];
                most = std::max(most, std::hypot(double{1} * a.x_um - b.x_um, double{1} * a.y_um - b.y_um));
                CHECK(a.t_ms == b.t_ms);
            }
        }
        CHECK(most <= 2.5);
    }
    CHECK(core::refit(ink, 0, 0).strokes == ink.strokes);
}
