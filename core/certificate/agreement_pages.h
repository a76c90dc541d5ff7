// Agreement pages: the agreement's text on paper, as it is read before a form is signed.
#pragma once

#include "core/certificate/layout.h"
#include "core/model/ceremony.h"

namespace core {

// Appends pages with the original text: all blocks in order, commitments under whoever promises them, then the glossary
// and how the municipality takes care of people's details.
Status add_agreement_pages(Document& document, const Ceremony& ceremony, const CertificateContext& context);

}  // namespace core
