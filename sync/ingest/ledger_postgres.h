// PostgresLedger: the ledger of one municipality in a PostgreSQL database, for any number of server processes.
//
// What SQLite's single writer gives is given by locks on rows: of a tablet's log (hold_log) and of a turn (hold). Every
// statement sees what others have committed before it (READ COMMITTED), so what is read after a lock is newest.
// The tables are in the schema "handslag", which the first process makes; several municipalities may share them.
#pragma once

#include "sync/ingest/ledger.h"

namespace server {

// `municipality`: its organisationsnummer. Errc::not_readable (no connection), newer_version, malformed (another
// program's schema), not_writable (the role may not create the schema).
Result<std::unique_ptr<Ledger>> open_postgres_ledger(std::string_view url, std::int64_t municipality);

}  // namespace server
