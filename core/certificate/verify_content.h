// What the pages show, read operator by operator in the one way that draw.cpp writes it.
//
// | piece             | operators                                                                          |
// |-------------------|------------------------------------------------------------------------------------|
// | /P /H1 /H2 /Link  | [rg] BT Tf [Tc] Td Tj ET, unscaled, wholly on the page, dark on white               |
// | /Figure           | [rg] q cm (m (l c)* h)* f Q; or q cm re* f Q; or q cm /Arms Do Q in a small box | |
// /Artifact         | RG w m l S: thin lines, not white                                                   |
//
// Nothing else: no clipping, no other text mode, no transparency, no picture; no figure may lie over text. So
// what is extracted is what is seen, as far as the embedded fonts draw each letter as that letter: their
// outlines are not compared with anything.
#pragma once

#include <vector>

#include "core/certificate/verify_structure.h"

namespace core {

struct ShownText {
    std::string letters;     // of all pages in order, without white space
    std::vector<bool> edge;  // no word runs over the place before this byte; one more than letters
};

// `room`: what may still be inflated of the file. Errc::malformed says what is not drawn as we draw it.
Result<ShownText> read_pages(const PdfFile& file, const std::vector<const PdfDictionary*>& pages,
                             std::size_t& room);

}  // namespace core
