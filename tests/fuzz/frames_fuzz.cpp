// Hostile exchanges, as any client may send them: no crash, what decodes encodes to the same bytes, and no
// way of cutting them changes what is read.
#include <algorithm>
#include <cstdlib>

#include "sync/protocol/frames.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    core::ByteView bytes(data, size);
    auto frames = wire::decode_exchange(bytes);
    if (frames.ok() && !std::ranges::equal(wire::encode_exchange(*frames), bytes)) std::abort();

    wire::FrameReader reader;
    std::size_t read = 0, step = size > 0 ? 1 + data[size - 1] % 64 : 1;
    for (std::size_t at = 0; at < size; at += step) {
        reader.push(bytes.subspan(at, std::min(step, size - at)));
        while (true) {
            auto frame = reader.next();
            if (!frame.ok()) return frames.ok() ? std::abort(), 0 : 0;
            if (!*frame) break;
            ++read;
        }
        auto part = reader.cut_blob_part();
        if (part && part->bytes.size() > part->size) std::abort();
    }
    if (frames.ok() && (read != frames->size() || !reader.at_end())) std::abort();
    return 0;
}
