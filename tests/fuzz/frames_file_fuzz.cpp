// Hostile bundle parts and receipts, as a stick may carry them: no crash, nothing signed by chance, and what stands
// behind the seals is read as an exchange is.
//
// The first byte chooses: a whole part (its seal is a word in front), a part's head, what a part holds, receipts.
#include <algorithm>
#include <cstdlib>

#include "sync/protocol/frames_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using core::Bytes;
using core::ByteView;

wire::Source source_of(ByteView bytes) {
    return {bytes.size(), [bytes](std::uint64_t offset, std::size_t size) -> core::Result<Bytes> {
                if (offset > bytes.size() || size > bytes.size() - offset)
                    return core::Error{core::Errc::damaged, "the end"};
                auto part = bytes.subspan(static_cast<std::size_t>(offset), size);
                return Bytes(part.begin(), part.end());
            }};
}

core::Result<Bytes> open_seal(ByteView sealed) {
    if (sealed.size() < 6) return core::Error{core::Errc::damaged, "not sealed"};
    return Bytes(sealed.begin() + 6, sealed.end());
}

// All frames; nothing when something is wrong.
std::optional<std::vector<wire::Frame>> read_all(ByteView file) {
    auto reader = wire::PartReader::begin(source_of(file), open_seal);
    if (!reader.ok()) return std::nullopt;
    std::vector<wire::Frame> frames;
    while (true) {
        auto frame = reader->next();
        if (!frame.ok()) return std::nullopt;
        if (!*frame) return frames;
        frames.push_back(std::move(**frame));
    }
}

// A part around any content, in chunks of any size, as the format says and not by its writer.
Bytes part_around(ByteView content, std::size_t chunk_size) {
    wire::PartHead head{core::SecretKey(Bytes(32, 5)), {}, 1, 1, {}, 0, 1};
    constexpr std::string_view line = "handslag-frames/1\n";
    Bytes file = core::to_bytes(line);
    core::append(file, Bytes{0, 0, 0, 98});
    core::append(file, core::as_bytes("sealed"));
    core::append(file, wire::encode(head));
    auto digest = core::sha256(file);
    for (std::size_t at = 0, chunk = 0; at < content.size(); at += chunk_size, ++chunk) {
        Bytes bound = core::to_bytes(line);
        core::append(bound, digest);
        for (int shift = 56; shift >= 0; shift -= 8)
            bound.push_back(static_cast<std::uint8_t>(chunk >> shift));
        auto piece = content.subspan(at, std::min(chunk_size, content.size() - at));
        bound.push_back(at + chunk_size >= content.size() ? 1 : 0);
        core::append(file, core::encrypt(head.key, piece, bound));
    }
    file.resize(file.size() + 64);
    return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    ByteView rest(data + 1, size - 1);
    switch (data[0]) {
        case 'h':
            if (auto head = wire::decode_part_head(rest);
                head.ok() && !std::ranges::equal(wire::encode(*head), rest))
                std::abort();
            break;
        case 'c': {
            if (rest.empty()) break;
            constexpr std::size_t chunk_size = 64 * 1024;
            auto frames = wire::decode_exchange(rest);
            auto read = read_all(part_around(rest, chunk_size));
            if (read.has_value() != frames.ok() || (read && *read != *frames)) std::abort();
            break;
        }
        case 'r': {
            auto log = wire::LogName{*core::DeviceId::parse("01932f5e-7a10-7c3d-9e21-5b1f0c2d3e4f"), 1};
            auto opened = wire::open_receipts(core::SecretKey(Bytes(32, 6)), log, rest);
            if (opened.ok() && !wire::decode_exchange(*opened).ok()) std::abort();  // only the seed's opens
            break;
        }
        default:
            if (wire::check_signature(source_of(rest), core::Ed25519Public{1}).ok()) std::abort();
            static_cast<void>(read_all(rest));
    }
    return 0;
}
