#include "sync/protocol/frames.h"

#include <algorithm>
#include <numeric>

#include "core/base/text.h"

namespace wire {
namespace {

using core::Bytes;
using core::ByteView;
using core::Errc;
using core::Error;
using core::Result;

constexpr std::string_view family = "handslag-sync/";
constexpr std::size_t blob_fixed_size = 32 + 8 + 8;
constexpr std::size_t longest_proof = 200;

enum class Type : std::uint8_t {
    hello = 1,
    claim = 2,
    transfer_key = 3,
    blob_part = 4,
    entry_batch = 5,
    cosigned = 6,
    welcome = 16,
    held = 17,
    receipts = 18,
    feed_item = 19,
    refusal = 20,
};

class Writer {
  public:
    explicit Writer(Bytes& to) : bytes_(to) {}
    template <class Integer>
    void number(Integer value) {
        for (int shift = static_cast<int>(sizeof value) * 8 - 8; shift >= 0; shift -= 8)
            bytes_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> shift));
    }
    void raw(ByteView bytes) { core::append(bytes_, bytes); }
    void short_text(std::string_view text) {  // u16 length
        CHECK_THAT(text.size() <= longest_note);
        number(static_cast<std::uint16_t>(text.size()));
        raw(core::as_bytes(text));
    }
    void long_bytes(ByteView bytes) {  // u32 length
        number(static_cast<std::uint32_t>(bytes.size()));
        raw(bytes);
    }
    void count(std::size_t n) {
        CHECK_THAT(n <= most_items);
        number(static_cast<std::uint16_t>(n));
    }
    void proof(const core::Proof& proof) {
        CHECK_THAT(proof.size() <= longest_proof);
        number(static_cast<std::uint8_t>(proof.size()));
        for (const auto& hash : proof) raw(hash.bytes);
    }
    void parcel(const std::optional<ParcelHash>& parcel) {
        number(static_cast<std::uint8_t>(parcel ? 1 : 0));
        if (parcel) raw(parcel->bytes);
    }

  private:
    Bytes& bytes_;
};

// Takes from the front; after the first failure everything is empty and ok() is false.
class Reader {
  public:
    explicit Reader(ByteView bytes) : left_(bytes) {}
    bool ok() const { return ok_; }
    bool finished() const { return ok_ && left_.empty(); }

    ByteView raw(std::size_t size) {
        if (!ok_ || size > left_.size()) {
            ok_ = false;
            return {};
        }
        auto part = left_.first(size);
        left_ = left_.subspan(size);
        return part;
    }
    template <class Integer>
    Integer number() {
        std::uint64_t value = 0;
        for (auto byte : raw(sizeof(Integer))) value = value << 8 | byte;
        return static_cast<Integer>(value);
    }
    template <std::size_t size>
    void fixed(std::array<std::uint8_t, size>& to) {
        auto bytes = raw(size);
        std::copy(bytes.begin(), bytes.end(), to.begin());
    }
    std::string short_text() {
        auto size = number<std::uint16_t>();
        if (size > longest_note) ok_ = false;
        auto text = core::as_text(raw(size));
        if (!core::is_utf8(text)) ok_ = false;
        return std::string(text);
    }
    Bytes bytes(std::size_t size) {
        auto part = raw(size);
        return {part.begin(), part.end()};
    }
    Bytes long_bytes() { return bytes(number<std::uint32_t>()); }
    Bytes rest() { return bytes(left_.size()); }
    std::size_t count() {
        auto n = number<std::uint16_t>();
        if (n > most_items) ok_ = false;
        return ok_ ? n : 0;
    }
    core::Proof proof() {
        std::size_t n = number<std::uint8_t>();
        if (n > longest_proof) ok_ = false;
        core::Proof proof(ok_ ? n : 0);
        for (auto& hash : proof) fixed(hash.bytes);
        return proof;
    }
    bool flag() { return number_up_to(1) == 1; }
    std::uint8_t number_up_to(std::uint8_t most) { return number_within(0, most); }
    std::uint8_t number_within(std::uint8_t least, std::uint8_t most) {
        auto value = number<std::uint8_t>();
        if (value < least || value > most) ok_ = false;
        return value;
    }
    std::optional<ParcelHash> parcel() {
        if (!flag()) return std::nullopt;
        ParcelHash hash;
        fixed(hash.bytes);
        return hash;
    }

  private:
    ByteView left_;
    bool ok_ = true;
};

// --- one pair a frame: its type and body (PROTOCOL.md has the tables)

Type write(Writer& to, const Hello& frame) {
    to.raw(frame.log.device.bytes);
    to.number(frame.log.epoch);
    to.short_text(frame.checkpoint);
    to.short_text(frame.server_checkpoint);
    to.number(frame.feed_position);
    return Type::hello;
}
Hello read_hello(Reader& from) {
    Hello frame;
    from.fixed(frame.log.device.bytes);
    frame.log.epoch = from.number<std::uint32_t>();
    frame.checkpoint = from.short_text();
    frame.server_checkpoint = from.short_text();
    frame.feed_position = from.number<std::uint64_t>();
    return frame;
}

Type write(Writer& to, const Claim& frame) {
    to.raw(frame.nonce);
    to.short_text(frame.checkpoint);
    to.proof(frame.consistency);
    to.raw(frame.signature);
    return Type::claim;
}
Claim read_claim(Reader& from) {
    Claim frame;
    from.fixed(frame.nonce);
    frame.checkpoint = from.short_text();
    frame.consistency = from.proof();
    from.fixed(frame.signature);
    return frame;
}

Type write(Writer& to, const TransferKey& frame) {
    to.raw(frame.sealed);
    return Type::transfer_key;
}

Type write(Writer& to, const BlobPart& frame) {
    CHECK_THAT(frame.bytes.size() <= longest_blob_part && !frame.bytes.empty());
    to.raw(frame.parcel.bytes);
    to.number(frame.size);
    to.number(frame.offset);
    to.raw(frame.bytes);
    return Type::blob_part;
}
BlobPart read_blob_part(Reader& from) {
    BlobPart frame;
    from.fixed(frame.parcel.bytes);
    frame.size = from.number<std::uint64_t>();
    frame.offset = from.number<std::uint64_t>();
    frame.bytes = from.rest();
    return frame;
}
bool fits(const BlobPart& part) {
    return !part.bytes.empty() && part.bytes.size() <= longest_blob_part && part.size <= largest_parcel &&
           part.offset <= part.size && part.bytes.size() <= part.size - part.offset;
}

Type write(Writer& to, const EntryBatch& frame) {
    CHECK_THAT(!frame.items.empty());
    to.short_text(frame.checkpoint);
    to.number(frame.from);
    to.number(frame.server_size);
    to.count(frame.items.size());
    for (const auto& item : frame.items) {
        to.long_bytes(item.entry);
        to.parcel(item.parcel);
    }
    to.proof(frame.proof);
    return Type::entry_batch;
}
EntryBatch read_entry_batch(Reader& from) {
    EntryBatch frame;
    frame.checkpoint = from.short_text();
    frame.from = from.number<std::uint64_t>();
    frame.server_size = from.number<std::uint64_t>();
    std::size_t n = from.count();
    for (std::size_t i = 0; i < n && from.ok(); ++i) {
        auto& item = frame.items.emplace_back();
        item.entry = from.long_bytes();
        item.parcel = from.parcel();
    }
    frame.proof = from.proof();
    return frame;
}

Type write(Writer& to, const Cosigned& frame) {
    to.short_text(frame.checkpoint);
    to.number(frame.cosignature.time_s);
    to.raw(frame.cosignature.signature);
    return Type::cosigned;
}
Cosigned read_cosigned(Reader& from) {
    Cosigned frame;
    frame.checkpoint = from.short_text();
    frame.cosignature.time_s = from.number<std::uint64_t>();
    from.fixed(frame.cosignature.signature);
    return frame;
}

void write(Writer& to, const std::vector<HeldParcel>& parcels) {
    to.count(parcels.size());
    for (const auto& held : parcels) {
        to.raw(held.parcel.bytes);
        to.number(held.offset);
    }
}
std::vector<HeldParcel> read_held_parcels(Reader& from) {
    std::vector<HeldParcel> parcels;
    std::size_t n = from.count();
    for (std::size_t i = 0; i < n && from.ok(); ++i) {
        auto& held = parcels.emplace_back();
        from.fixed(held.parcel.bytes);
        held.offset = from.number<std::uint64_t>();
    }
    return parcels;
}

Type write(Writer& to, const Welcome& frame) {
    to.raw(frame.nonce);
    to.number(static_cast<std::uint8_t>(frame.state));
    to.short_text(frame.checkpoint);
    to.proof(frame.consistency);
    to.short_text(frame.device_head);
    to.number(frame.held);
    to.number(static_cast<std::uint8_t>(frame.has_transfer_key ? 1 : 0));
    write(to, frame.parcels);
    return Type::welcome;
}
Welcome read_welcome(Reader& from) {
    Welcome frame;
    from.fixed(frame.nonce);
    frame.state = static_cast<LogState>(from.number_up_to(2));
    frame.checkpoint = from.short_text();
    frame.consistency = from.proof();
    frame.device_head = from.short_text();
    frame.held = from.number<std::uint64_t>();
    frame.has_transfer_key = from.flag();
    frame.parcels = read_held_parcels(from);
    return frame;
}

Type write(Writer& to, const Held& frame) {
    write(to, frame.parcels);
    return Type::held;
}

Type write(Writer& to, const Receipts& frame) {
    to.short_text(frame.checkpoint);
    to.number(frame.old_size);
    to.proof(frame.consistency);
    to.count(frame.runs.size());
    for (const auto& run : frame.runs) {
        to.number(run.index);
        to.number(run.from);
        to.count(run.items.size());
        for (const auto& item : run.items) {
            to.number(static_cast<std::uint8_t>(item.standing));
            to.number(item.received_ms);
            to.parcel(item.parcel);
        }
        to.proof(run.proof);
    }
    return Type::receipts;
}
Receipts read_receipts(Reader& from) {
    Receipts frame;
    frame.checkpoint = from.short_text();
    frame.old_size = from.number<std::uint64_t>();
    frame.consistency = from.proof();
    std::size_t runs = from.count();
    for (std::size_t i = 0; i < runs && from.ok(); ++i) {
        auto& run = frame.runs.emplace_back();
        run.index = from.number<std::uint64_t>();
        run.from = from.number<std::uint64_t>();
        std::size_t n = from.count();
        for (std::size_t j = 0; j < n && from.ok(); ++j) {
            auto& item = run.items.emplace_back();
            item.standing = static_cast<Standing>(from.number_up_to(3));
            item.received_ms = from.number<std::int64_t>();
            item.parcel = from.parcel();
        }
        run.proof = from.proof();
    }
    return frame;
}

Type write(Writer& to, const FeedItem& frame) {
    to.number(frame.position);
    to.number(static_cast<std::uint8_t>(frame.kind));
    to.short_text(frame.name);
    to.raw(frame.content);
    return Type::feed_item;
}
FeedItem read_feed_item(Reader& from) {
    FeedItem frame;
    frame.position = from.number<std::uint64_t>();
    // A newer server may have kinds that have no name here. Whoever does not know one passes it over.
    frame.kind = static_cast<FeedKind>(from.number_within(1, 255));
    frame.name = from.short_text();
    frame.content = from.rest();
    return frame;
}

Type write(Writer& to, const Refusal& frame) {
    to.number(static_cast<std::uint8_t>(frame.code));
    to.short_text(frame.text);
    return Type::refusal;
}
Refusal read_refusal(Reader& from) {
    Refusal frame;
    frame.code = static_cast<RefusalCode>(from.number_up_to(9));
    frame.text = from.short_text();
    return frame;
}

Error malformed(const char* what) { return {Errc::malformed, std::string("frame: ") + what}; }

std::uint32_t body_size(ByteView head) {
    return std::uint32_t{head[1]} << 24 | std::uint32_t{head[2]} << 16 | std::uint32_t{head[3]} << 8 |
           head[4];
}

Result<Frame> read_body(std::uint8_t type, ByteView body) {
    Reader from(body);
    auto whole = [&from](auto frame) -> Result<Frame> {
        if (!from.finished()) return malformed("its body is too short, too long or out of bounds");
        return Frame(std::move(frame));
    };
    switch (static_cast<Type>(type)) {
        case Type::hello:
            return whole(read_hello(from));
        case Type::claim:
            return whole(read_claim(from));
        case Type::transfer_key:
            return whole(TransferKey{from.rest()});
        case Type::blob_part: {
            auto part = read_blob_part(from);
            if (!fits(part)) return malformed("a blob part that fits in no parcel");
            return whole(std::move(part));
        }
        case Type::entry_batch: {
            auto batch = read_entry_batch(from);
            if (batch.items.empty() || batch.from > ~std::uint64_t{0} - batch.items.size())
                return malformed("a batch without entries, or beyond all logs");
            return whole(std::move(batch));
        }
        case Type::cosigned:
            return whole(read_cosigned(from));
        case Type::welcome:
            return whole(read_welcome(from));
        case Type::held:
            return whole(Held{read_held_parcels(from)});
        case Type::receipts: {
            auto receipts = read_receipts(from);
            for (const auto& run : receipts.runs)
                if (run.items.empty()) return malformed("a run of no receipts");
            return whole(std::move(receipts));
        }
        case Type::feed_item:
            return whole(read_feed_item(from));
        case Type::refusal:
            return whole(read_refusal(from));
    }
    return malformed("of no known type");
}

void encode(Bytes& to, const Frame& frame) {
    auto head = to.size(), body = head + frame_head_size;
    to.resize(body);  // its type and length, known at the end
    Writer writer(to);
    auto type = std::visit([&writer](const auto& value) { return write(writer, value); }, frame);
    auto size = to.size() - body;
    CHECK_THAT(size <= longest_body);
    to[head] = static_cast<std::uint8_t>(type);
    for (auto at = body; at-- > head + 1; size >>= 8) to[at] = static_cast<std::uint8_t>(size);
}

// Its size, and a little more; what is seldom long counts little.
std::size_t about(const Frame& frame) {
    constexpr std::size_t little = 256;
    std::size_t size = little;
    if (const auto* part = std::get_if<BlobPart>(&frame)) size += part->bytes.size();
    if (const auto* batch = std::get_if<EntryBatch>(&frame)) {
        for (const auto& item : batch->items) size += item.entry.size() + little / 4;
        size += batch->checkpoint.size() + batch->proof.size() * sizeof(core::NodeHash);
    }
    return size;
}

}  // namespace

Bytes encode(const Frame& frame) {
    Bytes bytes;
    encode(bytes, frame);
    return bytes;
}

Result<Frame> decode_frame(ByteView bytes) {
    if (bytes.size() < frame_head_size || bytes.size() - frame_head_size != body_size(bytes) ||
        bytes.size() - frame_head_size > longest_body)
        return malformed("its length is not what its head says");
    return read_body(bytes[0], bytes.subspan(frame_head_size));
}

Bytes claim_message(const Claim& claim) {
    Bytes bytes;
    Writer message(bytes);
    message.raw(core::as_bytes("handslag-claim/1\n"));
    message.raw(claim.nonce);
    message.raw(core::sha256(core::as_bytes(claim.checkpoint)));
    message.proof(claim.consistency);
    return bytes;
}

void FrameReader::push(ByteView bytes) {
    if (taken_ > 0) {
        pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(taken_));
        taken_ = 0;
    }
    core::append(pending_, bytes);
}

Result<std::optional<Frame>> FrameReader::next() {
    if (stopped_) return *stopped_;
    auto frame = take();
    if (!frame.ok()) stopped_ = frame.error();
    return frame;
}

Result<std::optional<Frame>> FrameReader::take() {
    if (!began_) {
        auto first = core::as_text(left().first(std::min(left().size(), preamble.size())));
        if (first != preamble.substr(0, first.size())) {
            if (first.starts_with(family))
                return Error{Errc::newer_version, "another version of the protocol than handslag-sync/1"};
            return malformed("not an exchange of Handslag");
        }
        if (first.size() < preamble.size()) return std::optional<Frame>{};
        taken_ += preamble.size();
        began_ = true;
    }
    if (left().size() < frame_head_size) return std::optional<Frame>{};
    std::size_t size = body_size(left());
    if (size > longest_body) return malformed("longer than any may be");
    if (left().size() - frame_head_size < size) return std::optional<Frame>{};
    auto frame = read_body(left()[0], left().subspan(frame_head_size, size));
    if (!frame.ok()) return frame.error();
    taken_ += frame_head_size + size;
    return std::optional<Frame>(std::move(*frame));
}

std::optional<BlobPart> FrameReader::cut_blob_part() const {
    auto bytes = left();
    if (stopped_ || !began_ || bytes.size() <= frame_head_size + blob_fixed_size ||
        bytes[0] != static_cast<std::uint8_t>(Type::blob_part) || body_size(bytes) > longest_body)
        return std::nullopt;
    Reader from(bytes.subspan(frame_head_size));
    auto part = read_blob_part(from);
    if (!fits(part)) return std::nullopt;
    return part;
}

Result<std::vector<Frame>> decode_exchange(ByteView bytes) {
    FrameReader reader;
    reader.push(bytes);
    std::vector<Frame> frames;
    while (true) {
        TRY_ASSIGN(auto frame, reader.next());
        if (!frame) break;
        frames.push_back(std::move(*frame));
    }
    if (!reader.at_end()) return malformed("the exchange was cut short");
    return frames;
}

Bytes encode_exchange(const std::vector<Frame>& frames) {
    Bytes bytes;
    bytes.reserve(std::accumulate(frames.begin(), frames.end(), preamble.size(),
                                  [](std::size_t sum, const Frame& frame) { return sum + about(frame); }));
    core::append(bytes, core::as_bytes(preamble));
    for (const auto& frame : frames) encode(bytes, frame);
    return bytes;
}

}  // namespace wire
