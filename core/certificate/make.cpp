#include "core/certificate/make.h"

#include "core/certificate/draw.h"
#include "core/certificate/seal.h"
#include "core/certificate/structure.h"
#include "core/certificate/verify.h"

namespace core {

Result<Made> make_certificate(const MakeInput& input, const SealKey& key) {
    CHECK_THAT(input.document != nullptr && input.fonts != nullptr);
    TRY_ASSIGN(Drawn drawn, draw(*input.document, *input.fonts, input.arms));
    TRY_ASSIGN(Bytes unsealed, add_structure(drawn, input));
    Made made;
    TRY_ASSIGN(made.pdf, seal(std::move(unsealed), key));
    // Nothing counts as made before the strictest reader has agreed, with the chain that the tablet was
    // given.
    TRY_ASSIGN(VerifyReport report, verify_certificate(made.pdf, key.chain_pem(), input.claimed_at_ms));
    if (report.verdict != Verdict::valid) {
        const Finding* failure = report.first_failure();
        return Error{Errc::damaged,
                     "what was made does not verify" +
                         (failure != nullptr ? ": " + failure->check + ": " + failure->what : std::string())};
    }
    made.hash = CertificateHash::of(made.pdf);
    return made;
}

Result<Bytes> make_unsealed(const MakeInput& input) {
    CHECK_THAT(input.document != nullptr && input.fonts != nullptr && input.record.empty() &&
               input.seal_name.empty());
    TRY_ASSIGN(Drawn drawn, draw(*input.document, *input.fonts, input.arms));
    return add_structure(drawn, input);
}

}  // namespace core
