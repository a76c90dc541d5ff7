// Ingest: what the server makes of what tablets send, by any path. One function for a frame, each one durable
// transaction; the same again changes nothing and is answered the same.
//
// Invariants: an entry is (device, epoch, seq, leaf hash) and has one leaf in the server's log for ever; a
// receipt is given only after entry and parcel are durable and have been read again; what contradicts
// something held is kept beside it, freezes that log and is explained by a notice in the server's log.
// Nothing of the ledger is remembered here from one call to the next but the server's name, which never changes: what
// other processes append in between is seen.
// Not here: TLS and HTTP (sync/server), the frames' bytes (sync/protocol), the public list (register.h).
#pragma once

#include <map>

#include "core/base/clock.h"
#include "core/evidence/store.h"
#include "sync/ingest/ledger.h"
#include "sync/protocol/act.h"
#include "sync/protocol/parcel.h"

namespace server {

// Opens parcels; whoever has the bundle certificate's key can. Caches nothing that outlives it.
class ParcelReader {
  public:
    virtual ~ParcelReader() = default;
    // The 32 bytes of a transfer key. Errc::damaged when it was not sealed to us.
    virtual Result<core::SecretKey> open_transfer_key(ByteView sealed) = 0;
};

// What a frame is answered with. A refusal is for the one who sent it; an Error is ours (disk, damage).
template <class T>
class [[nodiscard]] Answer {
  public:
    Answer(T value) : state_(std::move(value)) {}                  // NOLINT: implicit by design
    Answer(wire::Refusal refusal) : state_(std::move(refusal)) {}  // NOLINT: implicit by design
    Answer(core::Error error) : state_(std::move(error)) {}        // NOLINT: implicit by design

    bool ok() const { return std::holds_alternative<T>(state_); }
    const wire::Refusal* refusal() const { return std::get_if<wire::Refusal>(&state_); }
    const core::Error* error() const { return std::get_if<core::Error>(&state_); }
    T& operator*() { return std::get<T>(state_); }
    T* operator->() { return &std::get<T>(state_); }

  private:
    std::variant<T, wire::Refusal, core::Error> state_;
};
struct Done {};

// For every tablet to fetch. In the caller's transaction, which has own_log's turn.
Status add_to_feed(Ledger& ledger, wire::FeedKind kind, std::string_view name, ByteView content);

// How a tablet's frames came.
enum class Way { network, stick };

struct EntriesAnswer {
    std::optional<wire::Receipts> receipts;  // for those that are held
    wire::Held missing;                      // parcels that must come first
    std::optional<wire::Refusal> refusal;    // of the first that cannot be taken
    wire::Held kept;                         // what is here by now of the parcels whose parts came with them
};

// The parcel of an entry, opened and checked against it; nothing when it has none. Errc::damaged.
Result<std::vector<wire::Payload>> open_held_parcel(Ledger& ledger, ParcelReader& reader, const KnownLog& log,
                                                    const HeldEntry& entry);
Result<std::vector<wire::Payload>> open_parcel_bytes(ParcelReader& reader, const KnownLog& log,
                                                     const HeldEntry& entry, ByteView sealed);
Result<core::Entry> decode_held(const KnownLog& log, const HeldEntry& entry);

struct IngestLimits {
    // Of parcels that no entry names, a log. They are counted whenever parts are kept.
    std::uint64_t unused_bytes = 256ULL << 20, unused_parcels = 2 * wire::most_items;
};

class Ingest {
  public:
    // `key` signs the server's checkpoints; the first opening makes the server's id. Errc::damaged when the
    // newest checkpoint is not this key's or does not hold.
    static Result<Ingest> open(Ledger& ledger, core::Ed25519Key key, ParcelReader& reader,
                               const core::Clock& clock, IngestLimits limits = {});
    const wire::ServerName& name() const { return name_; }
    Result<std::string> checkpoint();

    // Staff's and enrolment's. Errc::conflict: known with another key. Enrolling twice is once.
    Status enrol(const wire::LogName& log, const core::Ed25519Public& key, std::string_view tablet);
    // The same within the caller's transaction, which has own_log's turn.
    Status enrol_held(const wire::LogName& log, const core::Ed25519Public& key, std::string_view tablet);
    // The device is lost: what comes from now on is kept apart. Errc::not_found.
    Status revoke(const wire::LogName& log, std::string_view why);
    // Staff's decision (acts.h): `step` is called twice within one transaction, first to check, then with the act's index to
    // do what it says; then the head is signed.
    Status append_act(const wire::Act& act,
                      const std::function<Status(std::optional<std::uint64_t> at)>& step);
    Status publish(wire::FeedKind kind, std::string_view name, ByteView content);

    // `peer` is the log that the client certificate was given to. By stick nobody is there to answer a nonce: the
    // welcome has none, and one that waits for its claim still does.
    Answer<wire::Welcome> hello(const wire::LogName& peer, const wire::Hello& hello, Way way = Way::network);
    Answer<Done> claim(const wire::LogName& peer, const wire::Claim& claim);
    Answer<Done> keep_transfer_key(const wire::LogName& peer, const wire::TransferKey& key);
    // In one transaction. What overlaps what is held is dropped; what leaves a hole is not kept.
    Answer<wire::Held> blobs(const wire::LogName& peer, std::span<const wire::BlobPart> parts);
    // `parts`, which came before the entries, become durable with them. After a refusal they may be kept or not.
    Answer<EntriesAnswer> entries(const wire::LogName& peer, const wire::EntryBatch& batch,
                                  std::span<const wire::BlobPart> parts = {});
    Answer<Done> keep_cosignature(const wire::LogName& peer, const wire::Cosigned& cosigned);  // cosigning.h
    Result<std::vector<wire::FeedItem>> feed_for(const wire::LogName& peer,
                                                 std::uint64_t position);  // signed_feed.h

  private:
    struct Taken;
    Ingest(Ledger& ledger, core::Ed25519Key key, ParcelReader& reader, const core::Clock& clock,
           IngestLimits limits)
        : ledger_(&ledger), key_(std::move(key)), reader_(&reader), clock_(&clock), limits_(limits) {}

    Result<core::TreeHead> own_head();
    Result<std::uint64_t> append_leaf(ByteView leaf);  // its index
    Status append_notice(const wire::Notice& notice);
    Status sign_head();  // after re-reading; in the caller's transaction
    Status freeze(KnownLog& log, const std::string& why);
    using HeldNow = std::map<wire::ParcelHash, std::uint64_t>;
    Answer<wire::Held> keep_parts(const KnownLog& log, std::span<const wire::BlobPart> parts);
    Status keep_blob_part(const KnownLog& log, const wire::BlobPart& part, HeldNow& answer);
    Status judge_heads(KnownLog& log);
    Status grow(KnownLog& log);
    Status take_entry(KnownLog& log, const wire::EntryBatch& batch, std::size_t i, Taken& taken);
    Result<wire::Receipts> receipts_for(const std::vector<HeldEntry>& held, std::uint64_t old_size);

    Ledger* ledger_;
    core::Ed25519Key key_;
    ParcelReader* reader_;
    const core::Clock* clock_;
    IngestLimits limits_;
    wire::ServerName name_;
};

}  // namespace server
