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

struct FootText {
    std::string number;            // "Intyg STR26-A0007-K"
    bool first = true, qr = true;  // the first page has the whole band, later ones only the number
    std::string url_label, url, warning;
    std::vector<std::string> lines;
};
inline constexpr std::int32_t foot_top_um = 246'000;
Status lay_out_foot(Page& page, const Typesetter& type, const Words& words, const FootText& foot);

struct SignatureBlock {
    std::string name, role;
    const Signature* signature = nullptr;
};
struct SignaturePlace {
    std::int32_t left_um = 0, width_um = 0, bottom_um = 0, height_um = 0;
};
inline constexpr std::int32_t under_line_um = 13'000;  // room for name and role under a signature's line
Status lay_out_signature(Page& page, const Typesetter& type, const Words& words, const SignatureBlock& block,
                         const SignaturePlace& place);

std::string contact_line(const Contact& contact);

}  // namespace core
