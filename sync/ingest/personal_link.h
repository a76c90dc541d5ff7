// Personal links: what a visitor's token leads to. Only its SHA-256 is kept, as a small value of the ledger under that
// hash, which both ledgers index; whoever has the ledger cannot make the link of it. Derived with the register, and the
// same again when that is derived anew.
#pragma once

#include "sync/ingest/ingest.h"

namespace server {

// In the caller's transaction.
Status note_personal_link(Ledger& ledger, std::string_view token, std::uint64_t index);

// The index in the server's log of the signing; nothing for any other text. One hash and one look-up, whatever it is.
Result<std::optional<std::uint64_t>> find_personal_link(Ledger& ledger, std::string_view token);

// The sealed PDF as it left the ceremony; nothing when it was erased. Errc::not_found: no entry there.
Result<std::optional<Bytes>> read_certificate(Ledger& ledger, ParcelReader& reader, std::uint64_t index);

}  // namespace server
