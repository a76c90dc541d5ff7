#include "core/evidence/store_data.h"

namespace core {

Result<AuditReport> Store::audit() const { return Error{Errc::internal, "the audit is not written yet"}; }
Result<AuditReport> Store::audit_without_keys(const std::filesystem::path&) {
    return Error{Errc::internal, "the audit is not written yet"};
}

}  // namespace core
