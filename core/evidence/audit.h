// Audit: re-reads everything in the store and re-hashes it, in one pass in log order; linear in the store's
// size.
#pragma once

#include "core/evidence/log.h"

namespace core {

// Without a sealer nothing is decrypted: payloads and view rows are then checked by their SHA-256 only.
// An Error means that the audit could not be done; damage is a finding.
Result<AuditReport> audit_store(Database& database, const StoreIdentity& identity, const Sealer* sealer);

}  // namespace core
