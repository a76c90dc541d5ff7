// Bundle: one entry of a tablet's log with its payloads and the proof that the log holds it, for the host's
// stick.
//
// STICK/handslag/<ceremony code>/<tablet letter>-<last 8 hex of the device id>-<epoch>-<seq, 6 digits>-
// <first 8 hex of the entry's leaf hash>-<first 8 hex of the file's own SHA-256>.bundle holds CMS
// AuthEnvelopedData to the municipality's bundle certificate (keyring.h: seal_to) over these bytes:
//
// | bytes | content                                                                              |
// |-------|--------------------------------------------------------------------------------------|
// | 18    | "handslag-bundle/2\n"                                                                |
// | 4     | size of the manifest, big-endian                                                     |
// | n     | manifest: canonical JSON, see below                                                  |
// | m     | the entry as hashed (core/evidence/store.h)                                          |
// | ...   | for each payload in the manifest's order: its salt (32), then its content; nothing after |
//
// | manifest   | content                                                                        |
// |------------|--------------------------------------------------------------------------------|
// | device, epoch, seq, log_key | whose log, which leaf, the Ed25519 key of its checkpoints (hex) |
// | entry_size, payloads | sizes in bytes; payloads: name, size (without the salt), by name     |
// | proof, checkpoint | inclusion in the tree of the checkpoint (hex hashes); the signed note   |
// | transfer_key      | what the tablet seals its parcels under (hex; sync/protocol/parcel.h), so that the server |
// |                   | can take this copy when the tablet is no more; absent in "handslag-bundle/1", else the same |
//
// The log key in it is only a claim: a reader compares it with the one that the tablet was enrolled with.
#pragma once

#include "core/evidence/store.h"

namespace core {

struct SigningDesk;

struct Bundle {
    struct Payload {
        std::string name;
        Bytes salt, content;
        friend bool operator==(const Payload&, const Payload&) = default;
    };
    StoreIdentity identity;
    std::uint64_t seq = 0;
    Bytes entry;
    std::vector<Payload> payloads;
    Proof proof;
    std::string checkpoint;
    SecretKey transfer_key;  // empty: of a bundle/1
};

Bytes encode(const Bundle& bundle);
Result<Bundle> decode_bundle(ByteView bytes);  // Errc::malformed, newer_version

// The checkpoint is signed by the bundle's log key, the tree holds the entry, the entry commits to each
// payload. Errc::damaged in words. Payloads that are missing were erased.
Status check_bundle(const Bundle& bundle);

Result<Bundle> read_bundle(const Store& store, std::uint64_t seq);

// Durable, whole or not at all, read back from the stick itself and compared. Errc::not_found: the stick is
// gone, or the municipality has no bundle certificate.
Status copy_entry_to_stick(const SigningDesk& desk, std::uint64_t seq);

}  // namespace core
