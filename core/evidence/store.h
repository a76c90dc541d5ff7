// Store: the evidence on one tablet: an append-only log of salted commitments, and beside it the payloads,
// encrypted and deletable. One process, one connection, one durable transaction a signing; nothing is "done"
// before it returns.
//
// An entry is canonical JSON and public; it names payloads only by commitment:
//
// | field       | content                                                                                |
// |-------------|----------------------------------------------------------------------------------------|
// | format      | "handslag-entry/1"                                                                     |
// | device, epoch, seq | who wrote it; seq is the leaf index, from 0                                    |
// | kind        | "opened", "signing", "voided", "closed", "erased", ...                                 |
// | commitments | object: payload name -> hex SHA-256("handslag-commitment/1\0" name "\0" salt(32) payload) |
// | refers_to   | seq of the entry that it voids or erases; absent elsewhere                             |
// | reason      | disposal decision (gallringsbeslut) for "erased"; absent elsewhere: people's words may |
// |             | name someone, so any other reason is kept as the payload "reason"                      |
// | at_ms, boot_id, monotonic_ms | the tablet's clock, claimed                                           |
//
// Payload rows hold AES-256-GCM(store payload key, salt || payload), bound to device, epoch, seq and name
// (sealed.h). Tables: schema.h. Reading and checking: log.h. After a write that failed the store is as
// before; when that is not certain (a sync failed), every later write is refused until the store is opened
// again, and then it is old or new.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/evidence/checkpoint.h"

namespace core {

struct NewEntry {
    std::string kind;
    std::map<std::string, Bytes>
        payloads;  // name -> plain bytes: "record", "private", "certificate", "protocol"
    std::optional<std::uint64_t> refers_to;
    std::string reason;
    ClockReading at;
};

struct Entry {
    std::uint64_t seq = 0;
    std::string kind;
    std::map<std::string, Sha256> commitments;
    std::optional<std::uint64_t> refers_to;
    std::string reason;
    ClockReading at;
    Bytes bytes;  // as hashed
};

struct SaltedPayload {
    Bytes salt, content;  // the salt that its commitment was made with
};

// What one signing leaves, in the one transaction. `draft` is dropped in it; `counter` is the certificate
// counter used.
struct Append {
    NewEntry entry;
    std::optional<std::string> drop_draft;
    std::optional<std::int64_t> counter;
};

struct Appended {
    std::uint64_t seq = 0;
    TreeHead head;
    std::string checkpoint;  // signed, after this entry
};

struct StoreIdentity {
    DeviceId device;
    int epoch = 1;
    Ed25519Public log_key{};
};

struct AuditFinding {
    std::optional<std::uint64_t> seq;
    std::string what;  // no personal data
};
struct AuditReport {
    std::uint64_t entries = 0, payloads = 0, erased = 0, checkpoints = 0;
    TreeHead head;
    Ed25519Public log_key{};             // that the checkpoints were verified with
    std::vector<AuditFinding> findings;  // empty: all well; at most 1,000
    std::vector<AuditFinding> remarks;   // no faults: "erased by entry 7"; at most 1,000
    bool ok() const { return findings.empty(); }
};

// A signing as lists show it; derived from the log and the payloads, dropped and rebuilt to identical bytes.
struct SigningRow {
    std::uint64_t seq = 0;
    std::string signing_id, certificate_number, organisation, organisationsnummer;
    std::int64_t declared_at_ms = 0;
    bool voided = false;
    std::string void_reason;
    bool erased = false;
    bool copied_to_stick = false;
};

// The server's proof that it holds entries [from, from + count); what the bytes are, sync/protocol knows.
struct KeptReceipt {
    std::uint64_t from = 0, count = 0;
    Bytes bytes;
};

struct StoreOptions {
    enum class Durability { full, none };  // none: for measurements only; a power cut may damage the file
    Durability durability = Durability::full;
};

// What an entry's payloads are sealed under on their way to the server, by any path (sync/protocol/parcel.h).
SecretKey derive_transfer_key(const SecretKey& payload_key);

class Store {
  public:
    // Creates or opens DIR/handslag.db and checks its head in O(log n). Errc::locked, newer_version, damaged,
    // not_writable, disk_full, conflict (another device's store), wrong_secret (another payload key).
    // `payload_key` comes from the keyring; `log_key` signs checkpoints and is the key that `identity` names.
    static Result<Store> open(const std::filesystem::path& dir, const StoreIdentity& identity,
                              SecretKey payload_key, Ed25519Key log_key, const StoreOptions& options = {});
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    ~Store();

    // Durable when it returns: the entry, its payloads, tree nodes, a signed checkpoint, the outbox row.
    // Kind "signing" needs the payload "record" (Errc::malformed when it is no signing record).
    // Errc::not_found when `refers_to` is not there; not_allowed when it is erased, or voided twice; conflict
    // when the counter was used.
    Result<Appended> append(const Append& what);
    // All or none, under one checkpoint and one sync: for bulk loading (tests, measurements, restoring).
    Result<Appended> append_all(std::span<const Append> all);

    const StoreIdentity& identity() const;
    SecretKey transfer_key() const;  // derive_transfer_key() of its payload key
    std::uint64_t size() const;
    Result<Entry> entry(std::uint64_t seq) const;
    Result<Bytes> payload(std::uint64_t seq, std::string_view name) const;  // decrypted, commitment checked
    Result<Bytes> salt(std::uint64_t seq, std::string_view name) const;  // that its commitment was made with
    // All of an entry of this store, each read and checked once; what is erased is not among them.
    Result<std::map<std::string, SaltedPayload>> payloads(const Entry& entry) const;
    Result<std::string> checkpoint() const;  // the newest, signed
    Result<Proof> prove_inclusion(std::uint64_t seq, std::uint64_t size) const;
    Result<Proof> prove_consistency(std::uint64_t old_size, std::uint64_t size) const;

    // Deletes the entry's payloads with their salts, and those of entries that refer to it; appends an
    // "erased" entry that names the disposal decision. One transaction. Errc::not_found; not_allowed when
    // erased already.
    Result<Appended> erase(std::uint64_t seq, std::string_view disposal_decision, const ClockReading& at);

    // Drafts: a waiting or joint signing that survives a restart. Encrypted; replaced and dropped freely.
    Status save_draft(std::string_view id, ByteView content);
    Result<std::map<std::string, Bytes>> drafts() const;
    Status drop_draft(std::string_view id);

    // Small durable values of the device (PIN tries, last known good time, certificate counter). Encrypted.
    Status set(std::string_view name, std::string_view value);
    Result<std::optional<std::string>> value(std::string_view name) const;
    Result<std::int64_t> counter() const;  // highest certificate counter used

    // Lists. `rebuild_views` drops them and derives them anew from the log, to identical bytes. An erased
    // signing keeps its seq and marks, nothing else. `copied_to_stick` is the device's own and not part of
    // the digest.
    Result<std::vector<SigningRow>> signings() const;
    Status rebuild_views();
    Result<Sha256> views_digest() const;    // of every row, in order
    Status mark_copied(std::uint64_t seq);  // a copy is on the stick

    // Outbox: entries that no server has a receipt for yet.
    Result<std::uint64_t> unsent() const;
    Result<std::vector<std::uint64_t>> unsent_entries(std::uint64_t from,
                                                      std::size_t most) const;  // in order
    // Receipts that the caller has verified: kept, and their entries taken out of the outbox, with small
    // values of the device (as set() does), in one transaction. The first receipt of an entry stays.
    Status keep_receipts(std::span<const KeptReceipt> receipts,
                         const std::map<std::string, std::string>& values);
    Result<std::optional<Bytes>> receipt(std::uint64_t seq) const;

    Result<NodeHash> root(std::uint64_t size) const;  // of the log when it had that size
    Result<Proof> prove_range(std::uint64_t from, std::uint64_t to, std::uint64_t size) const;

    // Re-reads and re-hashes everything: entries, tree, checkpoints, every payload against its commitment.
    // Linear in the size of the store.
    Result<AuditReport> audit() const;
    // The same for everything that needs no secret: entries, tree, checkpoints by the public log key that the
    // store names (compare AuditReport::log_key with one known from elsewhere), and the SHA-256 of each
    // encrypted row.
    // Errc::locked while the store is in use; not_writable on a read-only medium, where the lock cannot be
    // had.
    static Result<AuditReport> audit_without_keys(const std::filesystem::path& dir);

  private:
    struct Data;
    explicit Store(std::unique_ptr<Data> data);
    std::unique_ptr<Data> data_;
};

}  // namespace core
