// Ledger: where the server keeps everything, behind one interface for SQLite and PostgreSQL.
//
// It stores and finds; it judges nothing (ingest.h does). Everything but the state of a log, what it cosigned last, a blob
// that is not whole yet and the views is append-only. Calls between begin and commit of transact() are one durable
// transaction, and every writing call is within one.
//
// Several processes may share a PostgreSQL ledger. What is read to be changed is held first: hold_log(), then
// hold(). Always in that order, so that nobody waits in a ring. Nodes, leaves and entries never change once they
// are there; whatever else is read without holding it may be older than the next thing that is read.
#pragma once

#include <functional>

#include "core/evidence/checkpoint.h"
#include "sync/protocol/received.h"

namespace server {

using core::Bytes;
using core::ByteView;
using core::Result;
using core::Status;

// A tablet's log, as the server knows it.
struct KnownLog {
    std::int64_t number = 0;  // in this ledger
    wire::LogName name;
    core::Ed25519Public key{};
    wire::LogState state = wire::LogState::active;
    std::uint64_t held = 0;                  // accepted entries [0, held) are here
    std::optional<std::uint64_t> lost_from;  // revoked: entries from here on are kept apart
    std::optional<wire::Nonce> nonce;        // of the newest welcome, until a claim uses it
    Bytes transfer_key;                      // sealed to the bundle certificate; empty: not come yet
    std::string tablet;                      // "surfplatta A"
};

struct HeldEntry {
    std::uint64_t seq = 0;
    core::LeafHash leaf;
    Bytes bytes;
    std::optional<wire::ParcelHash> parcel;
    wire::Standing standing = wire::Standing::accepted;
    std::int64_t received_ms = 0;
    std::uint64_t index = 0;  // in the server's log
};

struct LoggedEntry {
    std::int64_t log = 0;
    HeldEntry entry;
};

// A head that a tablet signed. unchecked: its tree is not all here yet.
struct SeenHead {
    enum class Judgement { unchecked = 0, holds = 1, forked = 2 };
    core::TreeHead head;
    std::string note;
    Judgement judgement = Judgement::unchecked;
};

struct BlobState {
    std::uint64_t size = 0, received = 0;
    bool whole = false;  // size and hash are right
    bool used = false;   // an entry names it
};

// What a log has sent of parcels that no entry names.
struct Unused {
    std::uint64_t parcels = 0, bytes = 0;
};

// A head of the server's that a tablet cosigned.
struct Cosigned {
    std::int64_t log = 0;
    std::uint64_t size = 0;  // of the head
    core::Cosignature cosignature;
    friend bool operator==(const Cosigned&, const Cosigned&) = default;
};

// A line of the public list: only what may be published. Derived from parcels, dropped and rebuilt.
struct RegisterLine {
    std::uint64_t index = 0;  // in the server's log: the order of the register
    std::string certificate_number, organisation, organisation_number, place, ceremony, agreement,
        agreement_version;
    std::int64_t declared_at_ms = 0, received_ms = 0;
    std::string record_sha256, certificate_sha256;
    bool voided = false, demonstration = false;
    std::int64_t withdrawn_ms = 0;  // the organisation has left the agreement; 0: it has not
    std::optional<std::uint64_t>
        same_as;  // the line that the organisation is counted by, when not by this one
    bool counts() const { return !voided && withdrawn_ms == 0 && !same_as; }
    friend bool operator==(const RegisterLine&, const RegisterLine&) = default;
};

// What one process at a time may append to.
enum class Turn { own_log = 0, register_lines = 1 };

class Ledger {
  public:
    virtual ~Ledger() = default;

    // All or nothing, and durable when it returns well. Not to be nested. After an error it may be durable all the
    // same (the answer to the commit was lost): whoever asks again finds out.
    virtual Status transact(const std::function<Status()>& change) = 0;
    // Waits until no other process has that turn; ours ends with the transaction.
    virtual Status hold(Turn turn) = 0;

    // Small values: the server's id, what a view was derived up to.
    virtual Result<std::optional<Bytes>> value(std::string_view name) = 0;
    virtual Status put_value(std::string_view name, ByteView value) = 0;

    virtual Result<std::optional<KnownLog>> find_log(const wire::LogName& name) = 0;
    // The same, and no other process changes the log or what is its own until the transaction ends.
    virtual Result<std::optional<KnownLog>> hold_log(const wire::LogName& name) = 0;
    virtual Result<KnownLog> add_log(KnownLog log) = 0;  // in own_log's turn; Errc::conflict when it is there
    virtual Status update_log(const KnownLog& log) = 0;  // by number; held since it was read
    virtual Result<std::vector<KnownLog>> all_logs() = 0;

    virtual Result<std::vector<HeldEntry>> entries_at(std::int64_t log, std::uint64_t seq) = 0;  // by index
    virtual Result<std::optional<HeldEntry>> entry_by_index(std::uint64_t index) = 0;
    // Of every log, at [from, from + count) of the server's log, by index.
    virtual Result<std::vector<LoggedEntry>> entries(std::uint64_t from, std::uint64_t count) = 0;
    // Those that are not accepted, from an index of the server's log on, by index.
    virtual Result<std::vector<HeldEntry>> entries_apart(std::int64_t log, std::uint64_t from_index,
                                                         std::size_t most) = 0;
    virtual Status add_entry(std::int64_t log, const HeldEntry& entry) = 0;

    virtual Result<std::vector<SeenHead>> heads(std::int64_t log,
                                                SeenHead::Judgement judgement) = 0;  // by size
    virtual Result<std::optional<SeenHead>> newest_head(std::int64_t log) = 0;       // that is not forked
    virtual Status put_head(std::int64_t log, const SeenHead& head) = 0;             // adds it or judges it

    // Trees: log 0 is the server's own.
    virtual core::NodeSource nodes(std::int64_t log) = 0;
    // Nodes [from, from + count) of one level; Errc::damaged when one is missing.
    virtual Result<std::vector<core::NodeHash>> node_row(std::int64_t log, int level, std::uint64_t from,
                                                         std::uint64_t count) = 0;
    virtual Status add_nodes(std::int64_t log, std::span<const core::NewNode> nodes) = 0;
    virtual Result<std::uint64_t> leaf_count() = 0;
    virtual Result<Bytes> leaf(std::uint64_t index) = 0;
    // [from, from + count), as far as they are there.
    virtual Result<std::vector<Bytes>> leaves(std::uint64_t from, std::uint64_t count) = 0;
    virtual Status add_leaf(std::uint64_t index, ByteView bytes) = 0;  // in own_log's turn
    virtual Result<std::optional<std::string>> newest_checkpoint() = 0;
    virtual Status add_checkpoint(std::uint64_t size, std::string_view note) = 0;
    virtual Result<std::optional<std::string>> checkpoint_at(std::uint64_t size) = 0;

    // Of each log the one of the largest head, and of that the first that came.
    virtual Status put_cosignature(const Cosigned& cosigned) = 0;
    virtual Result<std::vector<Cosigned>> cosignatures() = 0;  // by log

    virtual Result<std::optional<BlobState>> find_blob(std::int64_t log, const wire::ParcelHash& hash) = 0;
    virtual Result<std::vector<wire::HeldParcel>> unused_blobs(std::int64_t log, std::size_t most) = 0;
    virtual Result<Unused> unused(std::int64_t log) = 0;
    // Makes the blob when it is new; `bytes` go at its end.
    virtual Status extend_blob(std::int64_t log, const wire::ParcelHash& hash, std::uint64_t size,
                               ByteView bytes) = 0;
    virtual Status finish_blob(std::int64_t log, const wire::ParcelHash& hash) = 0;
    virtual Status use_blob(std::int64_t log, const wire::ParcelHash& hash) = 0;
    virtual Status drop_blob(std::int64_t log, const wire::ParcelHash& hash) = 0;
    // What was dropped leaves the files too, as far as the database can do that; not within a transaction.
    virtual Status scrub() = 0;
    virtual Result<Bytes> read_blob(std::int64_t log, const wire::ParcelHash& hash) = 0;

    virtual Status add_feed_item(const wire::FeedItem& item) = 0;
    virtual Result<std::vector<wire::FeedItem>> feed_after(std::uint64_t position, std::size_t most) = 0;

    virtual Status put_line(
        const RegisterLine& line) = 0;  // adds it, or changes what acts and voidings change
    virtual Status drop_line(std::uint64_t index) = 0;
    virtual Status drop_lines() = 0;
    virtual Result<std::vector<RegisterLine>> lines(std::uint64_t from_index, std::size_t most) = 0;
    // Usually one; two tablets that were given the same letter make two.
    virtual Result<std::vector<RegisterLine>> lines_numbered(std::string_view certificate_number) = 0;
    virtual Result<std::uint64_t> count_standing_lines() = 0;  // that count; reads all of them
};

}  // namespace server
