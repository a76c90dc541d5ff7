// Layout parts: the head and the foot that the certificate and the ceremony protocol have in common.
#pragma once

#include "core/certificate/typeset.h"

namespace core {

struct HeadText {
    std::string municipality;
    bool arms = false, demonstration = false;
};
// Arms, municipality and hairline; returns where it ends.
Result<std::int32_t> lay_out_head(Page& page, const Typesetter& type, const Words& words,
                                  const HeadText& head);

inline constexpr std::int32_t foot_top_um = 246'000, foot_of_two_languages_um = 239'000;
struct FootText {
    std::string number;            // "Intyg STR26-A0007-K"
    bool first = true, qr = true;  // the first page has the whole band, later ones only the number
    std::int32_t top_um = foot_top_um;
    std::string url_label, url, warning;
    std::vector<std::string> lines;
    std::string also, also_language;  // a last line in the certificate's second language
};
Status lay_out_foot(Page& page, const Typesetter& type, const Words& words, const FootText& foot);

struct SignatureBlock {
    std::string name, role;
    const Signature* signature = nullptr;
};
// A block whose name and role are broken into lines: how much room they take under the signature's line is
// known.
struct MeasuredSignature {
    SignatureBlock block;
    std::vector<std::string> name, detail;
    std::int32_t under_um = 0;
};
Result<MeasuredSignature> measure_signature(const Typesetter& type, const Words& words, SignatureBlock block,
                                            std::int32_t width_um);

struct SignaturePlace {
    std::int32_t left_um = 0, width_um = 0, line_um = 0, ink_height_um = 0;
};
Status lay_out_signature(Page& page, const Typesetter& type, const Words& words,
                         const MeasuredSignature& what, const SignaturePlace& place);

// The word DEMONSTRATION between two lines, at the top of a page.
Status lay_out_demonstration(Page& page, const Typesetter& type, const Words& words);

std::string contact_line(const Contact& contact);

}  // namespace core
