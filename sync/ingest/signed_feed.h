// Signed feed: tells every tablet what the others have signed, so that each can say "already signed" to whoever comes a
// second time. Derived from accepted entries, as the register is; what it has told it does not tell again.
#pragma once

#include "sync/ingest/ingest.h"

namespace server {

// Up to the end of the server's log: an item of the feed for some hundred entries, and none when nothing is new.
Status publish_signed(Ledger& ledger, ParcelReader& reader);

}  // namespace server
