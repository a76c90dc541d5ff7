// The schema "handslag" of the PostgreSQL ledger, as numbered steps that only go forward. Private to
// ledger_postgres.cpp.
#pragma once

#include "sync/ingest/postgres.h"

namespace server {

// Makes it, or takes the steps that are missing; one process at a time. Errc::newer_version, malformed.
Status prepare_postgres_schema(Postgres& database);

}  // namespace server
