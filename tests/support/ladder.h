// Ladder: one certificate at every level, made once by the code under test with the test TSA.
#pragma once

#include "core/longterm/extend.h"
#include "core/longterm/judge.h"
#include "tests/support/certificate_samples.h"
#include "tests/support/test_tsa.h"

namespace test {

struct Ladder {
    static constexpr std::int64_t stamped_ms = now_ms + 3'600'000, renewed_ms = now_ms + 900 * day_ms;

    World world;
    core::Bytes bb, bt, blt, blta, renewed;
    core::ValidationData needs;  // of the seal

    explicit Ladder(KeyKind kind);
    core::TrustFiles trust() const { return {world.root.pem(), world.tsa_root.pem()}; }
    // CRLs of every CA, and an OCSP answer about the seal.
    core::ValidationData fresh(std::int64_t at_ms) const;
    core::Bytes with_data(const core::Bytes& pdf, std::int64_t at_ms) const;
    core::Bytes with_document_timestamp(const core::Bytes& pdf, std::int64_t at_ms, bool later) const;
};

}  // namespace test
