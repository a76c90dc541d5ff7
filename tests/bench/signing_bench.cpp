// From the last confirming tap to the sealed, durable certificate, on the disk where the build lies; and the
// same with a copy sealed to a folder that stands for the stick.
#include <benchmark/benchmark.h>

#include "tests/support/demo_ceremony.h"

namespace {

void sign(benchmark::State& state, bool with_stick) {
    TemporaryFolder folder(HANDSLAG_BINARY_DIR);
    demo::Tablet tablet(folder / "tablet");
    if (with_stick) {
        tablet.stick = folder / "stick";
        std::filesystem::create_directories(tablet.stick);
    }
    CHECK_THAT(core::open_ceremony(tablet.desk()).ok());
    CHECK_THAT(core::complete_signing(tablet.desk(), tablet.input()).ok());  // warm fonts
    for (auto _ : state) {
        state.PauseTiming();
        auto input = tablet.input();
        state.ResumeTiming();
        auto done = core::complete_signing(tablet.desk(), input);
        CHECK_THAT(done.ok() && done->copied_to_stick == with_stick);
        benchmark::DoNotOptimize(done->hash);
    }
}

void confirm_to_durable(benchmark::State& state) { sign(state, false); }
void confirm_to_durable_and_copied(benchmark::State& state) { sign(state, true); }

}  // namespace

BENCHMARK(confirm_to_durable)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(100);
BENCHMARK(confirm_to_durable_and_copied)->Unit(benchmark::kMillisecond)->UseRealTime()->Iterations(100);
