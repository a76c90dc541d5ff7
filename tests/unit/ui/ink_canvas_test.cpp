// The pen's canvas: what is drawn ahead of the pen and never kept, and the pen that is steadier than the hand.
#include "kiosk/ui/ink_canvas.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include <doctest/doctest.h>

using namespace kiosk;
using What = PointerEvent::What;

namespace {

constexpr double px_per_mm = 6;
const Rect area{100, 50, 900, 400};

struct Drawn {
    InkCanvas canvas;
    std::vector<core::InkPoint> kept;

    explicit Drawn(bool leading, Steadiness steadiness = Steadiness::off) {
        canvas.set_leading(leading), canvas.set_steadiness(steadiness);
        canvas.place(area, px_per_mm, {}, {0, 0, 0});
    }
    void put(What what, double x, double y, std::int64_t t_ms) {
        canvas.event({what, PointerKind::touch, static_cast<float>(x), static_cast<float>(y), t_ms, 0.5F});
        for (const auto& event : canvas.take_events()) kept.push_back(event.point);
    }
    double right_px() const {  // as far to the right as ink is on screen
        auto patch = canvas.whole_patch();
        int last = 0;
        for (int y = 0; y < patch.height; ++y)
            for (int x = 0; x < patch.width; ++x)
                if (patch.rgba[(static_cast<std::size_t>(y) * static_cast<std::size_t>(patch.width) +
                                static_cast<std::size_t>(x)) *
                                   4 +
                               3] > 0)
                    last = std::max(last, x + 1);
        return patch.x + last;
    }
};

// A signature-like wave, 120 events a second.
void wave(Drawn& drawn, const std::function<void(double x)>& after_each = {}) {
    for (int i = 0; i <= 90; ++i) {
        double x = 150 + i * 6, y = 250 + 90 * std::sin(i / 6.0) + 20 * std::sin(i / 2.3);
        drawn.put(i == 0 ? What::down : What::move, x, y, i * 1000 / 120);
        if (after_each) after_each(x);
    }
    drawn.put(What::up, 150 + 90 * 6, 250, 91 * 1000 / 120);
}

// A line to the right at 60 mm/s by a hand that trembles six times a second, three millimetres wide.
std::vector<core::InkPoint> trembling(int rate) {
    std::vector<core::InkPoint> points;
    for (int i = 0; i <= 2 * rate; ++i) {
        double t = static_cast<double>(i) / rate, tremor = 1'500 * std::sin(2 * std::numbers::pi * 6 * t);
        points.push_back({static_cast<std::int32_t>(60'000 * t), static_cast<std::int32_t>(50'000 + tremor),
                          static_cast<std::int32_t>(t * 1000), 0});
    }
    return points;
}

std::vector<core::InkPoint> steadied(const std::vector<core::InkPoint>& points, Steadiness steadiness) {
    SteadyPen pen;
    pen.set(steadiness);
    std::vector<core::InkPoint> out;
    for (std::size_t i = 0; i < points.size(); ++i)
        out.push_back(i == 0                   ? pen.begin(points[i])
                      : i + 1 == points.size() ? pen.end(points[i])
                                               : pen.move(points[i]));
    return out;
}

// How far it swings from the middle, once it has begun.
double swing_um(const std::vector<core::InkPoint>& points) {
    double most = 0;
    for (std::size_t i = points.size() / 4; i + 1 < points.size(); ++i)
        most = std::max(most, std::fabs(points[i].y_um - 50'000.0));
    return most;
}

}  // namespace

TEST_CASE("what is drawn ahead of the pen is never handed out: with it and without, a stroke is the same") {
    Drawn with(true), without(false);
    int ahead = 0;
    wave(with, [&](double) { ahead += with.canvas.is_ahead() ? 1 : 0; });
    wave(without, [&](double) { CHECK_FALSE(without.canvas.is_ahead()); });
    CHECK(ahead > 30);
    CHECK(with.kept == without.kept);
    CHECK_FALSE(with.canvas.is_ahead());
    CHECK(with.canvas.whole_patch().rgba == without.canvas.whole_patch().rgba);
}

TEST_CASE("ink is at most one frame's motion ahead, and taken back when the pen stands") {
    Drawn with(true), without(false);
    constexpr double px_per_event = 4, events_per_frame = InkLead::frame_ms / 8.0;
    double most_ahead = 0;
    for (int i = 0; i <= 60; ++i) {
        double x = 150 + i * px_per_event;
        for (auto* drawn : {&with, &without}) drawn->put(i == 0 ? What::down : What::move, x, 200, i * 8);
        double lead = with.right_px() - without.right_px();
        CHECK(lead >= 0);
        CHECK(lead <= px_per_event * events_per_frame + 1);
        most_ahead = std::max(most_ahead, lead);
    }
    CHECK(most_ahead > px_per_event);
    REQUIRE(with.canvas.is_ahead());
    with.canvas.take_patch();
    with.canvas.fall_back();
    CHECK_FALSE(with.canvas.is_ahead());
    CHECK_FALSE(with.canvas.take_patch().empty());  // what is taken back is painted over
    CHECK(with.right_px() == without.right_px());
}

TEST_CASE("a pen that turns back is not led on") {
    Drawn drawn(true);
    for (int i = 0; i <= 30; ++i) drawn.put(i == 0 ? What::down : What::move, 150 + i * 4, 200, i * 8);
    CHECK(drawn.canvas.is_ahead());
    drawn.put(What::move, 262, 200, 31 * 8);
    drawn.put(What::move, 256, 200, 32 * 8);
    CHECK_FALSE(drawn.canvas.is_ahead());
}

TEST_CASE("without a choice the pen is the hand, to the micrometre") {
    auto points = trembling(120);
    CHECK(steadied(points, Steadiness::off) == points);
}

TEST_CASE("a steady pen swings far less than the hand that trembles, at any rate of events") {
    for (int rate : {60, 120, 240}) {
        CAPTURE(rate);
        auto points = trembling(rate);
        double hand = swing_um(points), light = swing_um(steadied(points, Steadiness::light)),
               strong = swing_um(steadied(points, Steadiness::strong));
        CHECK(light < hand * 0.7);
        CHECK(strong < hand * 0.3);
    }
}

TEST_CASE("a steady pen never changes what it has drawn: each point depends on those before it alone") {
    auto points = trembling(120);
    for (auto steadiness : {Steadiness::light, Steadiness::strong}) {
        auto whole = steadied(points, steadiness);
        auto half = points;
        half.resize(100);
        auto begun = steadied(half, steadiness);
        CHECK(std::equal(begun.begin(), begun.end() - 1, whole.begin()));
    }
}

TEST_CASE("a steady pen ends within its string of the hand, and a dot stays a dot") {
    auto points = trembling(120);
    for (auto steadiness : {Steadiness::light, Steadiness::strong}) {
        auto end = steadied(points, steadiness).back();
        CHECK(std::hypot(end.x_um - points.back().x_um, end.y_um - points.back().y_um) <=
              SteadyPen::string_um(steadiness) + 2);
        auto dot = steadied({{10'000, 20'000, 0, 0}, {10'100, 20'000, 30, 0}}, steadiness);
        CHECK(dot.back().x_um == 10'000);
    }
}

TEST_CASE("what is kept of a steady pen is what was drawn of it") {
    Drawn drawn(false, Steadiness::strong);
    for (int i = 0; i <= 60; ++i) {
        double x = 150 + i * 4;
        drawn.put(i == 0 ? What::down : What::move, x, 200 + 15 * std::sin(i), i * 8);
        // The pen lags the hand on screen just as far as in what is kept.
        double kept_px = area.x + drawn.kept.back().x_um / 1000.0 * px_per_mm;
        CHECK(drawn.right_px() >= kept_px - 1);
        CHECK(drawn.right_px() <= kept_px + px_per_mm);  // half a pen's width
    }
    CHECK(drawn.kept.back().x_um < (150 + 60 * 4 - area.x) / px_per_mm * 1000);
}
