// What ink costs: a whole signature outlined, one more point while the pen moves (settled part and tail), and an event of the
// pen until its pixels are there to be shown: p50, p95 and the longest of all events, in microseconds.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <numbers>

#include <benchmark/benchmark.h>

#include "core/model/ink.h"
#include "kiosk/ui/ink_canvas.h"

namespace {

// Loops along a line with a faster flourish under them: so many points, 120 a second.
core::Ink signature(int points) {
    core::Ink ink{200'000, 60'000, {{}}};
    for (int i = 0; i < points; ++i) {
        const double u = static_cast<double>(i) / points, a = u * 24 * std::numbers::pi;
        const double noise_um = 20 * std::sin(i * 12.9898) + 15 * std::sin(i * 78.233);
        const double x = u < 0.8 ? 15'000 + 180'000 * u + 4'000 * std::sin(a) : 159'000 - 600'000 * (u - 0.8);
        const double y =
            u < 0.8 ? 30'000 + 8'000 * std::cos(a) * (1.2 - u) : 42'000 + 9'000 * std::sin(a / 6);
        ink.strokes[0].points.push_back({static_cast<std::int32_t>(std::lround(x + noise_um)),
                                         static_cast<std::int32_t>(std::lround(y - noise_um)),
                                         static_cast<std::int32_t>(i * 1000 / 120), 0});
    }
    return ink;
}

void outline_signature(benchmark::State& state) {
    const core::Ink ink = signature(static_cast<int>(state.range(0)));
    std::size_t segments = 0;
    for (auto _ : state) {
        const auto outlines = core::outline(ink);
        segments = 0;
        for (const core::InkOutline& outline : outlines) segments += outline.segments.size();
        benchmark::DoNotOptimize(segments);
    }
    state.counters["segments"] = static_cast<double>(segments);
    state.SetComplexityN(state.range(0));
}
BENCHMARK(outline_signature)->Arg(400)->Arg(800)->Arg(1600)->Arg(3200)->Complexity(benchmark::oN);

// Time of one point: what a frame pays for each pen event.
void add_point_and_draw_tail(benchmark::State& state) {
    const core::Ink ink = signature(400);
    core::StrokeOutliner outliner;
    std::size_t next = 0;
    for (auto _ : state) {
        if (next == ink.strokes[0].points.size()) {
            outliner = core::StrokeOutliner();
            next = 0;
        }
        outliner.add(ink.strokes[0].points[next++]);
        benchmark::DoNotOptimize(outliner.tail());
    }
}
BENCHMARK(add_point_and_draw_tail);

void record_shape(benchmark::State& state) {
    const core::Ink ink = signature(400);
    for (auto _ : state) benchmark::DoNotOptimize(core::shape_only(ink));
}
BENCHMARK(record_shape);

// Arguments: drawn ahead of the pen or not; Steadiness. The area of a 10 inch tablet in fine pixels.
void event_to_pixels(benchmark::State& state) {
    using What = kiosk::PointerEvent::What;
    constexpr double px_per_mm = 8.91;
    const core::Ink ink = signature(400);
    kiosk::InkCanvas canvas;
    canvas.set_leading(state.range(0) != 0);
    canvas.set_steadiness(static_cast<kiosk::Steadiness>(state.range(1)));
    canvas.place({0, 0, 1'800, 800}, px_per_mm, {}, {0, 0, 0});
    std::vector<double> took_us;
    std::size_t next = 0;
    for (auto _ : state) {
        const auto& point = ink.strokes[0].points[next];
        bool first = next == 0, last = ++next == ink.strokes[0].points.size();
        kiosk::PointerEvent event{first  ? What::down
                                  : last ? What::up
                                         : What::move,
                                  kiosk::PointerKind::pen,
                                  static_cast<float>(point.x_um / 1000.0 * px_per_mm),
                                  static_cast<float>(point.y_um / 1000.0 * px_per_mm),
                                  point.t_ms,
                                  0};
        auto begun = std::chrono::steady_clock::now();
        canvas.event(event);
        benchmark::DoNotOptimize(canvas.take_patch());
        std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begun;
        if (!first && !last) took_us.push_back(took.count());
        canvas.take_events();
        if (last) {
            next = 0;
            canvas.leave();
            canvas.place({0, 0, 1'800, 800}, px_per_mm, {}, {0, 0, 0});
        }
    }
    std::sort(took_us.begin(), took_us.end());
    auto share = [&](double of) {
        return took_us.empty()
                   ? 0
                   : took_us[static_cast<std::size_t>(of * static_cast<double>(took_us.size() - 1))];
    };
    state.counters["p50_us"] = share(0.5), state.counters["p95_us"] = share(0.95),
    state.counters["most_us"] = share(1);
}
BENCHMARK(event_to_pixels)->Args({0, 0})->Args({1, 0})->Args({1, 1})->Args({1, 2});

}  // namespace
