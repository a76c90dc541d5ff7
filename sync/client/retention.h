// Retention: what a tablet forgets, once the server holds it and the time that the municipality has set is over.
//
// An entry's payloads (record, private part, certificate; with them its parcel) are erased by an "erased" entry that
// names the disposal decision (core/evidence). The entry, its receipt and the log stay. The server keeps what it has: it
// never erases because a tablet does.
//
// When is the time over? A tablet's clock may be set wrong by years, and what is erased is gone. So two witnesses must
// agree that it is, and neither can do it alone:
//  - the server: the latest received_ms in its receipts, each a leaf under its signed head. It is a time that has been;
//    no clock of the tablet moves it.
//  - the tablet: its own clock now, which must not lie before its log's last entry, and must have gone evenly with the
//    time since boot when it has not been restarted since then.
// A tablet that has had nothing to send for long knows no late time of the server. It then writes an entry of kind
// "time_asked", without payloads; the receipt for that entry tells the time. At most one a day by its own clock.
//
// A signing whose ceremony has not been closed on this tablet since stays: the closing lists it.
#pragma once

#include "core/evidence/store.h"
#include "sync/protocol/received.h"

namespace client {

struct RetentionRules {
    std::int64_t keep_days = 30;    // after the receipt
    std::string disposal_decision;  // not empty
    std::size_t most = 100;         // entries at a time: others wait for the store meanwhile
};

struct Retention {
    std::vector<std::uint64_t> erased;  // now
    std::uint64_t waits_for_closing = 0;
    bool asks_for_time = false;  // a sync will tell whether the time is over
    bool clock_is_odd = false;   // nothing is erased until it is right
    bool more = false;           // than `most`
};

// Errc::not_found: no server gave receipts. Any other Error is the store's; what was erased by then stays erased.
core::Result<Retention> keep_retention(core::Store& store, const wire::ServerName& server,
                                       const RetentionRules& rules, const core::ClockReading& now);

}  // namespace client
