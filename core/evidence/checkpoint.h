// Checkpoint: a signed log head in the C2SP tlog-checkpoint form, a signed note (C2SP signed-note) with
// Ed25519.
//
//   handslag/device/<device id>/<epoch>\n
//   <tree size, decimal>\n
//   <root hash, base64>\n
//   \n
//   — <key name> <base64(key id (4) || signature (64))>\n
//
// key id = first 4 bytes of SHA-256(key name || "\n" || algorithm || public key); algorithm 0x01.
//
// A witness that has followed the log cosigns its head (C2SP tlog-cosignature), algorithm 0x04: one more line
//
//   — <witness's name> <base64(key id (4) || seconds since 1970 (8, big-endian) || signature (64))>\n
//
// signed over "cosignature/v1\ntime <seconds, decimal>\n" and the three lines of the head. A head may be cosigned by
// many; who opens a checkpoint without asking for them ignores their lines.
#pragma once

#include "core/base/crypto.h"
#include "core/base/id.h"
#include "core/evidence/merkle.h"

namespace core {

struct TreeHead {
    std::string origin;
    std::uint64_t size = 0;
    NodeHash root;
    friend bool operator==(const TreeHead&, const TreeHead&) = default;
};

std::string log_origin(const DeviceId& device, int epoch);
std::string sign_checkpoint(const TreeHead& head, const Ed25519Key& key);
// Errc::malformed when it is not a checkpoint; Errc::damaged when `key` did not sign it.
Result<TreeHead> open_checkpoint(std::string_view note, const Ed25519Public& key);

// A key as people pass it on (C2SP signed-note): <name>+<key id, 8 hex>+<base64(algorithm (1) || public key)>.
enum class NoteAlgorithm : std::uint8_t { checkpoint = 0x01, cosignature = 0x04 };
struct NoteKey {
    std::string name;  // of a log: its origin
    NoteAlgorithm algorithm = NoteAlgorithm::checkpoint;
    Ed25519Public key{};
    friend bool operator==(const NoteKey&, const NoteKey&) = default;
};
std::string encode_note_key(const NoteKey& key);
Result<NoteKey> parse_note_key(std::string_view text);  // Errc::malformed

struct Cosignature {
    std::uint64_t time_s = 0;  // claimed by the witness's clock
    Ed25519Signature signature{};
    friend bool operator==(const Cosignature&, const Cosignature&) = default;
};
Cosignature cosign(const TreeHead& head, std::uint64_t time_s, const Ed25519Key& witness);
bool verify_cosignature(const TreeHead& head, const Cosignature& cosignature, const Ed25519Public& witness);
std::string cosignature_line(const NoteKey& witness, const Cosignature& cosignature);
// Of that witness, in a note that open_checkpoint() has read. Nothing: it has none. Errc::damaged: one that does not
// hold.
Result<std::optional<Cosignature>> find_cosignature(std::string_view note, const TreeHead& head,
                                                    const NoteKey& witness);

}  // namespace core
