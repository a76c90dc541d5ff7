// Hostile files into the verifier: no crash, bounded time and memory, and never "valid" without a trusted CA.
#include <cstdlib>

#include "core/certificate/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto report = core::verify_certificate({data, size}, "", 1'795'269'900'000);
    if (report.ok() && report->verdict == core::Verdict::valid) std::abort();
    return 0;
}
