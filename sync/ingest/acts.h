// Acts: staff's decisions about what has come (sync/protocol/act.h), and what follows from them. Entries never change: an act
// is appended, and the register follows it; all of it can be derived anew.
//
// Whoever decides brings the register up to date first (derive_register), and again afterwards.
#pragma once

#include "sync/ingest/ingest.h"
#include "sync/protocol/act.h"

namespace server {

// Checks that the act says something new, appends it and does what it says; one transaction, and the head is signed.
// Errc::not_found: no such entry or line; not_allowed: it is so already, or cannot be; malformed: the reference.
Status decide(Ingest& ingest, Ledger& ledger, const wire::Act& act);

// The entry and everything that refers to it in its tablet's log (a voiding and its reason), each by an act of its own. Then
// the ledger's files are scrubbed. Returns the indexes.
Result<std::vector<std::uint64_t>> erase(Ingest& ingest, Ledger& ledger, std::uint64_t index,
                                         const std::string& decision, std::int64_t now_ms);

// Which act erased an entry's parcel: its index in the server's log.
Result<std::optional<std::uint64_t>> erased_by(Ledger& ledger, std::uint64_t index);
// The certificate's number of an erased signing, for those who were told of it; "" when it was on no line.
Result<std::string> erased_number(Ledger& ledger, std::uint64_t index);
// A parcel that was erased is not taken again.
Result<bool> is_erased_parcel(Ledger& ledger, std::int64_t log, const wire::ParcelHash& parcel);
// Kept apart, and taken up by an act.
Result<bool> is_taken_up(Ledger& ledger, std::uint64_t index);

// Signings that may be of one organisation: the same number, or nearly the same name. Reads the whole register.
struct Candidate {
    RegisterLine first, second;
    enum class Why { number, name } why = Why::number;
};
Result<std::vector<Candidate>> candidates(Ledger& ledger);

// Entries that are kept apart and that nobody has decided about, in order.
struct KeptApart {
    HeldEntry entry;
    std::string tablet, kind;  // "surfplatta A"; "signing"
};
Result<std::vector<KeptApart>> kept_apart(Ledger& ledger);

}  // namespace server
