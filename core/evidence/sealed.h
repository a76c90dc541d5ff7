// Sealed rows: what stands encrypted in the store, each bound to its table and row so that none can be moved.
//
// AES-256-GCM under keys derived from the store's payload key, one a table ("handslag/store/<table>/1").
// bound = "handslag-sealed/1" 0x00 table 0x00 device 0x00 epoch 0x00 row
#pragma once

#include "core/evidence/store.h"

namespace core {

// signings and meta are sealed repeatably: equal content gives equal bytes.
enum class SealedTable { payloads, signings, drafts, settings, meta };

class Sealer {
  public:
    Sealer(const StoreIdentity& identity, const SecretKey& payload_key);
    Bytes seal(SealedTable table, std::string_view row, ByteView plain) const;
    Result<Bytes> open(SealedTable table, std::string_view row, ByteView sealed) const;  // Errc::damaged

  private:
    Bytes bound_to(SealedTable table, std::string_view row) const;
    const SecretKey& key(SealedTable table) const { return keys_[static_cast<std::size_t>(table)]; }

    std::string device_, epoch_;
    std::array<SecretKey, 5> keys_;
};

std::string payload_row(std::uint64_t seq, std::string_view name);

}  // namespace core
