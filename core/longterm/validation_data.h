// Validation data: certificates, OCSP answers and CRLs as bytes; what they say is validation.h's business.
#pragma once

#include "core/base/bytes.h"

namespace core {

// DER, as it goes into the streams of a DSS (ETSI EN 319 142-1, 5.4.2).
struct ValidationData {
    std::vector<Bytes> certificates, ocsps, crls;
    bool empty() const { return certificates.empty() && ocsps.empty() && crls.empty(); }
    void add(const ValidationData& more);  // what is not there yet
};

}  // namespace core
