// What a certificate costs, warm (fonts read): each stage, and the whole with layout and the check of what
// was made.
#include <benchmark/benchmark.h>

#include "core/certificate/draw.h"
#include "core/certificate/seal.h"
#include "core/certificate/structure.h"
#include "tests/support/certificate_samples.h"

namespace {

struct Ready {
    core::SigningRecord record = test::sample_record();
    std::string bytes = core::encode(record);
    test::Pki pki;
    core::SealKey key = test::load(pki.issue());
    core::Document document = *core::lay_out_certificate(record, test::workshop().context());
    core::MakeInput input = test::workshop().input(document, bytes);
    core::Drawn drawn = *core::draw(document, *input.fonts, input.arms);
    core::Bytes structured = *core::add_structure(drawn, input);
    core::Bytes sealed = *core::seal(structured, key);
};

const Ready& ready() {
    static const Ready one;
    return one;
}

template <class Work>
void measure(benchmark::State& state, Work work) {
    for (auto _ : state) {
        auto result = work();
        if (!result.ok()) state.SkipWithError(result.error().detail.c_str());
        benchmark::DoNotOptimize(result);
    }
}

void read_fonts(benchmark::State& state) {
    measure(state, [] { return core::Fonts::load(); });
}
void lay_out(benchmark::State& state) {
    measure(state, [] { return core::lay_out_certificate(ready().record, test::workshop().context()); });
}
void draw(benchmark::State& state) {
    measure(state, [] { return core::draw(ready().document, *ready().input.fonts, ready().input.arms); });
}
void structure(benchmark::State& state) {
    measure(state, [] { return core::add_structure(ready().drawn, ready().input); });
}
void seal(benchmark::State& state) {
    measure(state, [] { return core::seal(ready().structured, ready().key); });
}
void verify(benchmark::State& state) {
    measure(state,
            [] { return core::verify_certificate(ready().sealed, ready().pki.root_pem(), test::now_ms); });
}
void whole_certificate(benchmark::State& state) {
    std::size_t size = 0;
    measure(state, [&] {
        auto made = test::workshop().make(ready().record, ready().key);
        if (made.ok()) size = made->pdf.size();
        return made;
    });
    state.counters["bytes"] = static_cast<double>(size);
}
void whole_protocol_of_100(benchmark::State& state) {
    core::ProtocolRecord record = test::sample_protocol(100);
    measure(state, [&] { return test::workshop().make(record, ready().key); });
}

BENCHMARK(read_fonts)->Unit(benchmark::kMillisecond);
BENCHMARK(lay_out)->Unit(benchmark::kMillisecond);
BENCHMARK(draw)->Unit(benchmark::kMillisecond);
BENCHMARK(structure)->Unit(benchmark::kMillisecond);
BENCHMARK(seal)->Unit(benchmark::kMillisecond);
BENCHMARK(verify)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_certificate)->Unit(benchmark::kMillisecond);
BENCHMARK(whole_protocol_of_100)->Unit(benchmark::kMillisecond);

}  // namespace
