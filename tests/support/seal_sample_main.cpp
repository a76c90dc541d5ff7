// Seals a sample certificate now: seal_sample OUT.pdf KEY CHAIN [PASSPHRASE]. KEY is whatever a seal key can
// be.
#include <cstdio>

#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/certificate/layout.h"
#include "tests/support/certificate_samples.h"

namespace {

int fail(const core::Error& error) {
    std::fprintf(stderr, "seal_sample: %s\n", error.detail.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    auto chain = core::read_file(argv[3]);
    if (!chain.ok()) return fail(chain.error());
    auto key = core::SealKey::load(argv[2], argc > 4 ? argv[4] : "", core::as_text(*chain));
    if (!key.ok()) return fail(key.error());
    auto record = test::sample_record();
    record.declared_at.wall_ms = core::SystemClock().wall_ms();
    const auto& workshop = test::workshop();
    auto document = core::lay_out_certificate(record, workshop.context());
    if (!document.ok()) return fail(document.error());
    std::string encoded = core::encode(record);
    auto input = workshop.input(*document, encoded);
    input.claimed_at_ms = record.declared_at.wall_ms;
    auto made = core::make_certificate(input, *key);
    if (!made.ok()) return fail(made.error());
    auto written = core::write_file_durably(argv[1], made->pdf);
    return written.ok() ? 0 : fail(written.error());
}
