// Signing parts: what complete_signing() and close_ceremony() share. Private to core/signing.
#pragma once

#include "core/signing.h"

namespace core {

void check_desk(const SigningDesk& desk);  // CHECKs that nothing is missing

struct SealWords {
    const char* record_name;         // "signing-record.json"
    const char* record_description;  // messages of assets/locale
    const char* reason;
};
Result<Made> seal_document(const SigningDesk& desk, const Document& document, std::string record,
                           const SealWords& words, std::int64_t claimed_at_ms);

// Shape only (decision 7): what the record and the certificate carry.
Signature without_dynamics(Signature signature);
std::vector<MunicipalSignature> without_dynamics(std::vector<MunicipalSignature> signatures);

}  // namespace core
