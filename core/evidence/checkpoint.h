// Checkpoint: a signed log head in the C2SP tlog-checkpoint form, a signed note (C2SP signed-note) with
// Ed25519.
//
//   handslag/device/<device id>/<epoch>\n
//   <tree size, decimal>\n
//   <root hash, base64>\n
//   \n
//   — <key name> <base64(key id (4) || signature (64))>\n
//
// key id = first 4 bytes of SHA-256(key name || "\n" || 0x01 || public key).
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

}  // namespace core
