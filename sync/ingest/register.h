// Register: the public list, derived from accepted entries and from nothing else. Dropped and derived anew it
// comes out the same. It names organisations, never persons: persons stay in the sealed parcels.
#pragma once

#include "sync/ingest/ingest.h"

namespace server {

// Brings the list up to the end of the server's log. One transaction a few hundred entries.
Status derive_register(Ledger& ledger, ParcelReader& reader);
// One such transaction, of at most so many entries. False: there was nothing left to do of the first `leaves` of the log.
Result<bool> derive_step(Ledger& ledger, ParcelReader& reader, std::uint64_t most,
                         std::uint64_t leaves = UINT64_MAX);
// Drops it and derives all of it.
Status rebuild_register(Ledger& ledger, ParcelReader& reader);
// It tells of the leaves before this one.
Result<std::uint64_t> derived_up_to(Ledger& ledger);
// Has the list come as far as that entry? If it has, an entry that is not on it is there no more.
Result<bool> is_derived(Ledger& ledger, std::uint64_t index);
// How many lines are not void. Kept with the lines: counting a million anew for each page takes too long.
Result<std::uint64_t> standing_total(Ledger& ledger);

}  // namespace server
