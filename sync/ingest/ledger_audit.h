// Ledger audit: everything that the ledger holds, read again and hashed again.
#pragma once

#include "sync/ingest/ledger.h"

namespace server {

struct LedgerAudit {
    std::uint64_t leaves = 0, entries = 0, parcels = 0, erased = 0;
    std::vector<std::string> findings;  // what is wrong, in words and indexes; at most a hundred
};

// Every leaf under its nodes, every node from those below, the root under the signed checkpoint; every entry as its leaf says,
// every parcel as its entry says or erased by an act that says so. Reads in the order in which the ledger grew, 2^piece_level
// leaves at a time. An Error: the ledger could not be read.
Result<LedgerAudit> audit_ledger(Ledger& ledger, const wire::ServerName& name, int piece_level = 10);

}  // namespace server
