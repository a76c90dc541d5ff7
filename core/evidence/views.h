// Views: rows that are derived from the log and its payloads, and from nothing else.
#pragma once

#include "core/evidence/log.h"

namespace core {

std::string encode_row(
    const SigningRow& row);  // canonical; without copied_to_stick, which the log does not know
Result<SigningRow> decode_row(std::uint64_t seq, ByteView bytes);

struct LogReader {
    Database& database;
    const StoreIdentity& identity;
    const Sealer& sealer;
};
// The row of the signing in `entry`, with what was voided and erased since.
Result<SigningRow> derive_signing(const LogReader& log, const Entry& entry);
Bytes seal_row(const Sealer& sealer, const SigningRow& row);
// Brings the views up to date with one entry, in the caller's transaction. Errc::malformed when a signing's
// record is none.
Status update_views(const LogReader& log, const Entry& entry);
Status derive_views(const LogReader& log, std::uint64_t size);

}  // namespace core
