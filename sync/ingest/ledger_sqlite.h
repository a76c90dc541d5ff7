// SqliteLedger: the ledger in one SQLite file, for one server process and one writer.
//
// SQLite itself stays behind core/evidence/database.h; here is only the server's own SQL.
#pragma once

#include <filesystem>
#include <memory>

#include "core/evidence/database.h"
#include "sync/ingest/ledger.h"

namespace server {

inline constexpr std::int64_t ledger_application_id = 0x48534c53;  // "HSLS", shown by file(1)

// Creates or opens the file. Errc::locked, newer_version, malformed (another program's), damaged,
// not_writable, disk_full.
Result<std::unique_ptr<Ledger>> open_sqlite_ledger(
    const std::filesystem::path& file,
    core::Database::Durability durability = core::Database::Durability::full);

}  // namespace server
