// Blank form: the paper that stands in for the tablets (decision 15). One for each expected organisation, with what the
// municipality knows of it, and one that says nothing; then the agreement itself, to be read before.
//
// No person's name is printed: forms lie on sticks and tables before anybody has signed. Whoever signs writes it.
// What is filled in is entered at the host's desk, and the certificate says that it was signed on paper.
#pragma once

#include "core/certificate/arms.h"
#include "core/certificate/layout.h"

namespace core {

struct BlankFormsInput {
    const Ceremony* ceremony = nullptr;
    std::vector<const ExpectedOrganisation*> whose;  // a page or two each
    int empty = 2;                                   // for organisations that nobody expected
    bool demonstration = false;
};

// Errc::undrawable_text for a name that no font here can draw.
Result<Document> lay_out_blank_forms(const BlankFormsInput& input, const CertificateContext& context);

// The same as a PDF (PDF/UA-1, without a seal: nobody has said anything yet). `arms` may be null.
Result<Bytes> make_blank_forms(const BlankFormsInput& input, CertificateContext context,
                               const VectorArms* arms, std::int64_t now_ms);

}  // namespace core
