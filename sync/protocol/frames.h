// Frames: what a tablet and the municipality's server say to each other, as values. PROTOCOL.md has the
// bytes.
//
// An exchange is one message each way: the preamble "handslag-sync/1\n", then frames to its end. A frame is
// its type (1 byte), the length of its body (4, big-endian) and the body; one value has one spelling, and
// decoding refuses every other. No state, no clock and no network here: what a frame means stands in
// sync/ingest (server) and sync/client (tablet).
#pragma once

#include <variant>

#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/evidence/checkpoint.h"

namespace wire {

inline constexpr std::string_view preamble = "handslag-sync/1\n";
inline constexpr std::size_t frame_head_size = 5;
inline constexpr std::size_t longest_body = 1 << 20;
inline constexpr std::size_t longest_blob_part = 64 * 1024;
inline constexpr std::size_t longest_note = 16 * 1024;
inline constexpr std::size_t longest_feed_content = 1'000'000;  // leaves the frame room for its name
inline constexpr std::uint64_t largest_parcel = 64ULL << 20;
inline constexpr std::size_t most_items = 4096;  // entries, receipts or parcels listed in one frame
inline constexpr std::size_t most_hellos = 33;  // in one exchange: the first, and one for each head that waits for its proof

struct Parcel;  // what a ParcelHash is the hash of: a sealed parcel (parcel.h)
using ParcelHash = core::Hash<Parcel>;
using Nonce = std::array<std::uint8_t, 32>;

// Whose log: a device and how many times it has begun anew.
struct LogName {
    core::DeviceId device;
    std::uint32_t epoch = 1;
    friend auto operator<=>(const LogName&, const LogName&) = default;
};

// --- from the tablet

struct Hello {
    LogName log;
    std::string checkpoint;           // the tablet's newest, signed by its log key
    std::string server_checkpoint;    // the newest that the tablet remembers of the server; empty: none yet
    std::uint64_t feed_position = 0;  // it has every feed item up to and including this one
    friend bool operator==(const Hello&, const Hello&) = default;
};

// That the tablet has this head now: signed over the welcome's nonce, so that an old claim proves nothing.
struct Claim {
    Nonce nonce{};
    std::string checkpoint;
    core::Proof consistency;  // from the head that the welcome showed; empty when there is no such proof
    core::Ed25519Signature signature{};
    friend bool operator==(const Claim&, const Claim&) = default;
};

// The key of the device's parcels, sealed to the municipality's bundle certificate (CMS).
struct TransferKey {
    core::Bytes sealed;
    friend bool operator==(const TransferKey&, const TransferKey&) = default;
};

// Part of a parcel. Parts may come again and overlap; what leaves a hole is not kept.
struct BlobPart {
    ParcelHash parcel;
    std::uint64_t size = 0, offset = 0;  // of the whole parcel; of this part in it
    core::Bytes bytes;
    friend bool operator==(const BlobPart&, const BlobPart&) = default;
};

// Entries [from, from + items.size()) of the log, proven under `checkpoint`.
struct EntryBatch {
    struct Item {
        core::Bytes entry;                 // as hashed
        std::optional<ParcelHash> parcel;  // nothing when every payload has been erased, or there was none
        friend bool operator==(const Item&, const Item&) = default;
    };
    std::string checkpoint;
    std::uint64_t from = 0;
    std::uint64_t server_size = 0;  // of the server head that the tablet remembers
    std::vector<Item> items;
    core::Proof proof;  // core::range_proof
    friend bool operator==(const EntryBatch&, const EntryBatch&) = default;
};

// The tablet as a witness: it has found that this head of the server's contains every one that it saw before.
struct Cosigned {
    std::string checkpoint;         // the server's
    core::Cosignature cosignature;  // by the log key
    friend bool operator==(const Cosigned&, const Cosigned&) = default;
};

// --- from the server

enum class LogState : std::uint8_t { active = 0, frozen = 1, revoked = 2 };

// How much of a parcel the server holds durably. offset == size: all of it, verified.
struct HeldParcel {
    ParcelHash parcel;
    std::uint64_t offset = 0;
    friend bool operator==(const HeldParcel&, const HeldParcel&) = default;
};

struct Welcome {
    Nonce nonce{};
    LogState state = LogState::active;
    std::string checkpoint;   // the server's newest
    core::Proof consistency;  // from the server head in the hello
    std::string device_head;  // the tablet's newest head that the server has seen; empty: none
    std::uint64_t held = 0;   // it holds entries [0, held) of the log
    bool has_transfer_key = false;
    std::vector<HeldParcel> parcels;  // begun, or held and not yet named by an entry
    friend bool operator==(const Welcome&, const Welcome&) = default;
};

// Answers blob parts, and entries whose parcels are not all there.
struct Held {
    std::vector<HeldParcel> parcels;
    friend bool operator==(const Held&, const Held&) = default;
};

// What the server made of an entry; only `accepted` ones come into the register.
enum class Standing : std::uint8_t {
    accepted = 0,
    conflict = 1,  // another entry stands at its place in the log: both are kept
    frozen = 2,    // came after the log was frozen for a fork or a rollback
    revoked = 3,   // came after the device was reported lost
};

// The server's proof that it holds entries: its own log has a leaf for each (received.h).
struct Receipts {
    struct Item {
        Standing standing = Standing::accepted;
        std::int64_t received_ms = 0;
        std::optional<ParcelHash> parcel;
        friend bool operator==(const Item&, const Item&) = default;
    };
    // Entries [from, from + items.size()) stand at leaves [index, ...) of the server's log.
    struct Run {
        std::uint64_t index = 0, from = 0;
        std::vector<Item> items;
        core::Proof proof;  // core::range_proof under the checkpoint
        friend bool operator==(const Run&, const Run&) = default;
    };
    std::string checkpoint;  // the server's
    std::uint64_t old_size = 0;
    core::Proof consistency;  // from old_size, the tree that the batch named
    std::vector<Run> runs;
    friend bool operator==(const Receipts&, const Receipts&) = default;
};

// Behind one welcome: so many items, or the item that makes it so many bytes of content. Who got that says hello again.
inline constexpr std::size_t most_feed_items = 64, most_feed_bytes = 1 << 20;
enum class FeedKind : std::uint8_t {
    ceremony = 1,     // ceremony_folder.h
    expected = 2,     // expected_list.h
    signed_list = 3,  // signed_list.h
    revocations = 4,  // a CA's list, in DER
};
struct FeedItem {
    std::uint64_t position = 0;  // from 1, without holes
    FeedKind kind = FeedKind::ceremony;
    std::string name;
    core::Bytes content;
    friend bool operator==(const FeedItem&, const FeedItem&) = default;
};

enum class RefusalCode : std::uint8_t {
    malformed = 0,
    newer_version = 1,
    not_enrolled = 2,     // the server does not know this log, or the certificate is another device's
    bad_checkpoint = 3,   // not signed by the log's key, or by the server's
    stale_nonce = 4,      // begin again with a hello
    no_transfer_key = 5,  // send it, then the entries again
    unreadable_parcel = 6,
    too_much = 7,
    out_of_order = 8,
    server_fault = 9,  // full disk, damaged store: try later
};
struct Refusal {
    RefusalCode code = RefusalCode::malformed;
    std::string text;  // English, for the journal; nothing personal
    friend bool operator==(const Refusal&, const Refusal&) = default;
};

using Frame = std::variant<Hello, Claim, TransferKey, BlobPart, EntryBatch, Cosigned, Welcome, Held, Receipts,
                           FeedItem, Refusal>;

// Head and body. CHECKs the limits above: passing one would be our own mistake.
core::Bytes encode(const Frame& frame);
// One whole frame and nothing after it. Errc::malformed.
core::Result<Frame> decode_frame(core::ByteView bytes);

// What the tablet signs in a claim.
core::Bytes claim_message(const Claim& claim);

// Frames as the bytes arrive, however they are cut.
class FrameReader {
  public:
    void push(core::ByteView bytes);
    // The next whole frame; nothing when more bytes are needed. Errc::malformed, newer_version; after an
    // error every call gives it again.
    core::Result<std::optional<Frame>> next();
    // Is nothing left over? An exchange that ends elsewhere was cut.
    bool at_end() const { return began_ && pending_.size() == taken_; }
    std::size_t waiting() const { return pending_.size() - taken_; }  // bytes of a frame that is not whole
    // What has come of a blob part that was cut short: its bytes so far.
    std::optional<BlobPart> cut_blob_part() const;

  private:
    core::Result<std::optional<Frame>> take();
    core::ByteView left() const { return core::ByteView(pending_).subspan(taken_); }

    core::Bytes pending_;
    std::size_t taken_ = 0;
    bool began_ = false;
    std::optional<core::Error> stopped_;
};

// All frames of one whole exchange.
core::Result<std::vector<Frame>> decode_exchange(core::ByteView bytes);
core::Bytes encode_exchange(const std::vector<Frame>& frames);

}  // namespace wire
