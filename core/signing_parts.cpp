#include "core/signing_parts.h"

namespace core {

void check_desk(const SigningDesk& desk) {
    CHECK_THAT(desk.ceremony != nullptr && desk.fonts != nullptr && desk.words != nullptr &&
               desk.seal_key != nullptr && desk.clock != nullptr && desk.store != nullptr);
    CHECK_THAT(!desk.device.empty() && desk.tablet_letter >= 'A' && desk.tablet_letter <= 'Z');
}

CertificateContext context_of(const SigningDesk& desk) {
    CertificateContext context;
    context.words = desk.words;
    context.also_words = desk.also_words;
    context.fonts = desk.fonts;
    context.register_url = desk.ceremony->municipality.register_url;
    context.contact = desk.ceremony->municipality.contact;
    context.ca_fingerprint = desk.seal_key->issuer_fingerprint();
    context.has_arms = desk.arms != nullptr;
    return context;
}

Result<Made> seal_document(const SigningDesk& desk, const Document& document, std::string record,
                           const SealWords& words, std::int64_t claimed_at_ms) {
    MakeInput input;
    input.document = &document;
    input.fonts = desk.fonts;
    input.arms = desk.arms;
    input.record_name = words.record_name;
    input.record = std::move(record);
    input.record_description = desk.words->say(words.record_description);
    input.seal_name = desk.seal_key->subject();
    input.seal_reason = desk.words->say(words.reason);
    input.seal_location = desk.ceremony->place;
    input.seal_description = desk.words->say("seal.description");
    input.claimed_at_ms = claimed_at_ms;
    return make_certificate(input, *desk.seal_key);
}

Signature without_dynamics(Signature signature) {
    signature.ink = shape_only(signature.ink);
    return signature;
}

std::vector<MunicipalSignature> without_dynamics(std::vector<MunicipalSignature> signatures) {
    for (auto& one : signatures) one.signature = without_dynamics(std::move(one.signature));
    return signatures;
}

}  // namespace core
