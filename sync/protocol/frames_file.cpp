#include "sync/protocol/frames_file.h"

#include <algorithm>

namespace wire {
namespace {

using core::Bytes;
using core::ByteView;
using core::Errc;
using core::Error;
using core::Result;
using core::Status;

constexpr std::string_view part_family = "handslag-frames/", part_line = "handslag-frames/1\n";
constexpr std::string_view receipts_family = "handslag-receipts/", receipts_line = "handslag-receipts/1\n";
constexpr std::size_t size_field = 4, longest_head = 16 * 1024, head_size = 32 + 16 + 4 + 4 + 16 + 4 + 8 + 8;
constexpr std::size_t signature_size = 64, sealing = 12 + 16, chunk_size = 64 * 1024;
constexpr std::size_t most_read = 1 << 20;

void put_number(Bytes& to, std::uint64_t value, int size) {
    while (size-- > 0) to.push_back(static_cast<std::uint8_t>(value >> (8 * size)));
}
std::uint64_t take_number(ByteView& from, std::size_t size) {
    std::uint64_t value = 0;
    for (auto byte : from.first(size)) value = value << 8 | byte;
    from = from.subspan(size);
    return value;
}
template <std::size_t size>
void take(ByteView& from, std::array<std::uint8_t, size>& to) {
    std::copy_n(from.begin(), size, to.begin());
    from = from.subspan(size);
}

// To its part, to its place there, and whether another follows: none can be moved, dropped or added.
Bytes bound_to(const core::Sha256& head, std::uint64_t chunk, bool last) {
    Bytes bound = core::to_bytes(part_line);
    core::append(bound, head);
    put_number(bound, chunk, 8);
    bound.push_back(last ? 1 : 0);
    return bound;
}

Bytes signed_message(const core::Sha256& whole) {
    Bytes message = core::to_bytes(part_line);
    core::append(message, whole);
    return message;
}

Bytes bound_to(const LogName& log) {
    Bytes bound = core::to_bytes(receipts_line);
    core::append(bound, log.device.bytes);
    put_number(bound, log.epoch, 4);
    return bound;
}
core::SecretKey receipts_key(const core::SecretKey& transfer_key) {
    return core::derive_key(transfer_key, "handslag/receipts/1");
}

Error cut_short() { return {Errc::damaged, "the file is cut short"}; }

}  // namespace

Bytes encode(const PartHead& head) {
    Bytes bytes;
    core::append(bytes, head.key.bytes());
    core::append(bytes, head.bundle);
    put_number(bytes, head.place, 4);
    put_number(bytes, head.total, 4);
    core::append(bytes, head.log.device.bytes);
    put_number(bytes, head.log.epoch, 4);
    put_number(bytes, head.from, 8);
    put_number(bytes, head.to, 8);
    return bytes;
}

Result<PartHead> decode_part_head(ByteView bytes) {
    const Error wrong{Errc::malformed, "the sealed head is not a bundle part's"};
    if (bytes.size() != head_size) return wrong;
    PartHead head;
    head.key = core::SecretKey(bytes.first(32));
    bytes = bytes.subspan(32);
    take(bytes, head.bundle);
    head.place = static_cast<std::uint32_t>(take_number(bytes, 4));
    head.total = static_cast<std::uint32_t>(take_number(bytes, 4));
    take(bytes, head.log.device.bytes);
    head.log.epoch = static_cast<std::uint32_t>(take_number(bytes, 4));
    head.from = take_number(bytes, 8);
    head.to = take_number(bytes, 8);
    if (head.place == 0 || head.place > head.total || head.total > most_parts || head.from > head.to ||
        head.to > static_cast<std::uint64_t>(INT64_MAX))
        return wrong;
    return head;
}

// --- writing

Result<PartWriter> PartWriter::begin(const PartHead& head, const Seal& seal, Sink sink) {
    auto plain = encode(head);
    auto sealed = seal(plain);
    core::wipe(plain);
    if (!sealed.ok()) return sealed.error();
    CHECK_THAT(sealed->size() <= longest_head);
    PartWriter writer(head.key.clone(), std::move(sink));
    Bytes begin = core::to_bytes(part_line);
    put_number(begin, sealed->size(), size_field);
    core::append(begin, *sealed);
    writer.head_ = core::sha256(begin);
    TRY(writer.put(begin));
    writer.pending_ = core::to_bytes(preamble);
    return writer;
}

Status PartWriter::put(ByteView bytes) {
    whole_.add(bytes);
    return sink_(bytes);
}

Status PartWriter::put_chunk(ByteView plain, bool last) {
    return put(core::encrypt(key_, plain, bound_to(head_, chunks_++, last)));
}

// The last chunk is never empty, so one always stays behind.
Status PartWriter::write(const Frame& frame) {
    core::append(pending_, encode(frame));
    std::size_t done = 0;
    for (; pending_.size() - done > chunk_size; done += chunk_size)
        TRY(put_chunk(ByteView(pending_).subspan(done, chunk_size), false));
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(done));
    return {};
}

Status PartWriter::finish(const core::Ed25519Key& log_key) {
    TRY(put_chunk(pending_, true));
    return sink_(log_key.sign(signed_message(whole_.digest())));
}

// --- reading

bool looks_like_part(ByteView begin) { return core::as_text(begin).starts_with(part_family); }

Status check_signature(const Source& file, const core::Ed25519Public& log_key) {
    if (file.size < signature_size) return cut_short();
    core::Sha256Stream whole;
    auto end = file.size - signature_size;
    for (std::uint64_t at = 0; at < end;) {
        TRY_ASSIGN(auto piece,
                   file.read(at, static_cast<std::size_t>(std::min<std::uint64_t>(most_read, end - at))));
        whole.add(piece);
        at += piece.size();
    }
    TRY_ASSIGN(auto signature, file.read(end, signature_size));
    if (core::verify_ed25519(log_key, signed_message(whole.digest()), signature)) return {};
    return Error{Errc::damaged, "the file is not as the tablet wrote it: cut short, or changed"};
}

Result<PartReader> PartReader::begin(Source file, const OpenSeal& open) {
    constexpr std::size_t before = part_line.size() + size_field;
    TRY_ASSIGN(auto begin,
               file.read(0, static_cast<std::size_t>(std::min<std::uint64_t>(before, file.size))));
    auto line = core::as_text(begin).substr(0, part_line.size());
    if (line != part_line) {
        if (line.size() == part_line.size() && line.starts_with(part_family))
            return Error{Errc::newer_version, "a bundle of a newer Handslag"};
        if (part_line.starts_with(line)) return cut_short();
        return Error{Errc::malformed, "not a bundle"};
    }
    if (begin.size() < before) return cut_short();
    auto field = ByteView(begin).subspan(part_line.size());
    auto size = take_number(field, size_field);
    if (size > longest_head) return Error{Errc::malformed, "the sealed head is too long"};
    if (file.size < before + size + sealing + 1 + signature_size) return cut_short();
    TRY_ASSIGN(auto sealed, file.read(before, static_cast<std::size_t>(size)));
    auto plain = open(sealed);
    if (!plain.ok()) return plain.error();
    auto head = decode_part_head(*plain);
    core::wipe(*plain);
    if (!head.ok()) return head.error();
    return PartReader(std::move(file), std::move(*head), core::sha256({begin, sealed}), before + size);
}

Result<std::optional<Frame>> PartReader::next() {
    const auto end = file_.size - signature_size;
    while (true) {
        TRY_ASSIGN(auto frame, frames_.next());
        if (frame) return frame;
        if (at_ == end) {
            if (!frames_.at_end()) return Error{Errc::malformed, "the bundle ends within a frame"};
            return std::optional<Frame>{};
        }
        auto size = std::min<std::uint64_t>(chunk_size + sealing, end - at_);
        TRY_ASSIGN(auto sealed, file_.read(at_, static_cast<std::size_t>(size)));
        at_ += size;
        auto plain = core::decrypt(head_.key, sealed, bound_to(digest_, chunks_++, at_ == end));
        if (!plain.ok() || plain->empty())
            return Error{Errc::damaged, "the file is not as the tablet wrote it: cut short, or changed"};
        frames_.push(*plain);
    }
}

// --- receipts

Bytes seal_receipts(const core::SecretKey& transfer_key, const LogName& log, ByteView exchange) {
    Bytes file = core::to_bytes(receipts_line);
    core::append(file, core::encrypt(receipts_key(transfer_key), exchange, bound_to(log)));
    return file;
}

Result<Bytes> open_receipts(const core::SecretKey& transfer_key, const LogName& log, ByteView file) {
    auto text = core::as_text(file);
    if (!text.starts_with(receipts_line)) {
        if (text.size() >= receipts_line.size() && text.starts_with(receipts_family))
            return Error{Errc::newer_version, "a receipts file of a newer Handslag"};
        return Error{Errc::malformed, "not a receipts file"};
    }
    auto opened =
        core::decrypt(receipts_key(transfer_key), file.subspan(receipts_line.size()), bound_to(log));
    if (!opened.ok())
        return Error{Errc::damaged, "the receipts are for another tablet, or have been changed"};
    return opened;
}

}  // namespace wire
