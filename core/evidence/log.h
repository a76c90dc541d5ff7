// Log: reading the tables entries, nodes, checkpoints and payloads. What is read here has been checked here.
#pragma once

#include "core/evidence/database.h"
#include "core/evidence/sealed.h"

namespace core {

inline constexpr std::string_view kind_signing = "signing", kind_voided = "voided", kind_erased = "erased";
inline constexpr std::string_view payload_record = "record", payload_reason = "reason";

NodeSource node_source(Database& database);

// Errc::not_found; damaged when it cannot be decoded.
Result<Entry> read_entry(Database& database, const StoreIdentity& identity, std::uint64_t seq);

// The first entry of `kind` that refers to `seq`.
Result<std::optional<std::uint64_t>> find_reference(Database& database, std::uint64_t seq,
                                                    std::string_view kind);
// The "erased" entry for this entry, or for the one that it refers to: erasing a signing takes the reason of
// its voiding along.
Result<std::optional<std::uint64_t>> erased_by(Database& database, const Entry& entry);

// Decrypted, commitment checked. Errc::not_found when the entry has none of that name or it was erased,
// damaged.
Result<Bytes> read_payload(Database& database, const Sealer& sealer, const Entry& entry,
                           std::string_view name);
Result<SaltedPayload> read_salted_payload(Database& database, const Sealer& sealer, const Entry& entry,
                                          std::string_view name);
// The salt that the payload's commitment was made with; fails as read_payload does.
Result<Bytes> read_salt(Database& database, const Sealer& sealer, const Entry& entry, std::string_view name);
// Checks one payload row's content against its entry.
Result<Bytes> open_payload(const Sealer& sealer, const Entry& entry, std::string_view name, ByteView sealed);
bool digest_fits(ByteView sealed, ByteView sealed_sha256);

// The newest checkpoint, checked in O(log n): signature and origin, number of entries and nodes, root
// recomputed, and the last entry's bytes under that root. Errc::damaged in words.
struct LogHead {
    TreeHead head;
    std::string note;
};
Result<LogHead> read_head(Database& database, const StoreIdentity& identity);

// What the store says of itself, in the clear.
Result<StoreIdentity> read_identity(Database& database);

}  // namespace core
