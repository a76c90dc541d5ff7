// Layout: what the certificate and the ceremony protocol look like, as pages of placed items (core/model/page.h).
//
// A4 portrait, margins 22 mm (LOOK.md). Text is measured with the very fonts that paper embeds; a name that no font here
// can draw is refused (Errc::undrawable_text) before anybody signs, never printed as boxes.
#pragma once

#include "core/base/words.h"
#include "core/certificate/fonts.h"
#include "core/model/page.h"
#include "core/model/signing_record.h"

namespace core {

// The certificate speaks Swedish. Where a municipality has a second language, it says the same below in that.
struct CertificateContext {
    const Words* words = nullptr;       // "sv"
    const Words* also_words = nullptr;  // the second language; null for Swedish alone
    const Fonts* fonts = nullptr;
    std::string register_url;    // verification address: <register_url>/v/<number>
    Contact contact;             // named contact at the municipality (REQUIREMENTS 29)
    std::string ca_fingerprint;  // of the issuing CA, hex, printed short (decision 11)
    bool has_arms = false;
};

// One page for one or two signatories a side; more grow the block, then a second page.
Result<Document> lay_out_certificate(const SigningRecord& record, const CertificateContext& context);
Result<Document> lay_out_protocol(const ProtocolRecord& record, const CertificateContext& context);

}  // namespace core
