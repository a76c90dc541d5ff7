// Hostile bundles, as a stick may carry them: no crash, and what decodes encodes to the same bytes.
#include <algorithm>
#include <cstdlib>

#include "core/bundle.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto bundle = core::decode_bundle({data, size});
    if (!bundle.ok()) return 0;
    auto again = core::encode(*bundle);
    if (!std::equal(again.begin(), again.end(), data, data + size)) std::abort();
    if (core::check_bundle(*bundle).ok()) std::abort();  // nobody signs by chance
    return 0;
}
