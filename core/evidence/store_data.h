// Inside of Store: shared by store.cpp, store_write.cpp, store_values.cpp and audit.cpp.
#pragma once

#include <functional>

#include "core/evidence/log.h"
#include "core/evidence/views.h"

namespace core {

inline constexpr const char* store_file = "handslag.db";

struct Store::Data {
    StoreIdentity identity;
    Ed25519Key log_key;
    Sealer sealer;
    SecretKey transfer_key;
    std::unique_ptr<Database> database;
    LogHead newest{};                // as committed
    std::optional<Error> stopped{};  // a failed write may or may not have happened: refuse until opened again
    bool wal_holds_erased = false;   // the write-ahead log may still hold what was erased

    LogReader log() const { return {*database, identity, sealer}; }

    // Runs `change` in one transaction.
    Status write(const std::function<Status()>& change);
    // The same for a change that adds entries from `size` on and moves `size` past them.
    using Growth = std::function<Status(std::uint64_t& size)>;
    Result<Appended> grow(const Growth& change);
    // Writes entry, payloads, nodes, outbox row and views.
    Status add(const NewEntry& what, std::uint64_t seq);
    // Re-reads what was written, proves it and the old head against the new one, and only then signs.
    Result<LogHead> seal_head(std::uint64_t size);
    void empty_wal();

    Status put_sealed_setting(std::string_view name, std::string_view value);
    Result<std::optional<std::string>> sealed_setting(std::string_view name) const;
    Status use_counter(std::int64_t counter);
};

}  // namespace core
