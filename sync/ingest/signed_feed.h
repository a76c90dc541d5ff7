// Feed: what every tablet is to fetch, as each of them gets it. And of it the signed feed: what the others have signed, so
// that a tablet can say "already signed" to whoever comes a second time.
//
// The ledger keeps of signings only where they stand in the server's log and whose they are; the names are taken from
// the register when a tablet asks. So nobody is told what staff have erased, and no tablet what it sent itself.
#pragma once

#include "sync/ingest/ingest.h"

namespace server {

// Up to the end of the register as it is derived: an item of the feed for some hundred entries, and none when nothing is new.
// Tells what counts (accepted, or taken up), and what does not any more (void, or erased).
Status publish_signed(Ledger& ledger);
// One such item. False: nothing of the first `leaves` of the log was new.
Result<bool> publish_step(Ledger& ledger, std::uint64_t leaves = UINT64_MAX);

// What `peer` gets behind a position: at most most_feed_items, without holes. Items with nothing for it are empty
// lists, and left out when nothing follows them.
Result<std::vector<wire::FeedItem>> feed_for(Ledger& ledger, const wire::LogName& peer,
                                             std::uint64_t position);

}  // namespace server
