#include "tests/support/ladder.h"

#include <cstdio>
#include <cstdlib>

namespace test {
namespace {

template <class T>
T must(core::Result<T> result, const char* what) {
    if (!result.ok()) {
        std::fprintf(stderr, "test ladder: %s: %s\n", what, result.error().detail.c_str());
        std::abort();
    }
    return std::move(result).value();
}

}  // namespace

Ladder::Ladder(KeyKind kind) : world(kind) {
    core::SealKey key = load(world.as_seal());
    bb = must(workshop().make(sample_record(), key), "B-B").pdf;
    auto digest = must(core::seal_timestamp_digest(bb), "digest");
    bt = must(core::add_seal_timestamp(bb, world.stamp(digest, stamped_ms)), "B-T");
    needs = must(core::judge_long_term(bt, trust(), stamped_ms, fresh(stamped_ms)), "needs").seal.data;
    blt = must(core::add_validation_data(bt, needs), "B-LT");
    blta = with_document_timestamp(blt, stamped_ms + 1000, false);
    renewed = with_document_timestamp(with_data(blta, renewed_ms), renewed_ms + 1000, true);
}

core::ValidationData Ladder::fresh(std::int64_t at_ms) const {
    core::ValidationData data;
    data.crls = {world.root.crl(at_ms), world.tsa_root.crl(at_ms), world.tsa_ca.crl(at_ms)};
    data.ocsps = {world.issuing.ocsp(world.seal.certificate.get(), at_ms)};
    return data;
}

core::Bytes Ladder::with_data(const core::Bytes& pdf, std::int64_t at_ms) const {
    auto judged = must(core::judge_long_term(pdf, trust(), at_ms, fresh(at_ms)), "judging");
    return must(core::add_validation_data(pdf, judged.last_timestamp.data), "more data");
}

core::Bytes Ladder::with_document_timestamp(const core::Bytes& pdf, std::int64_t at_ms, bool later) const {
    auto digest = must(core::document_timestamp_digest(pdf), "digest");
    return must(core::add_document_timestamp(pdf, world.stamp(digest, at_ms, later)), "document timestamp");
}

}  // namespace test
