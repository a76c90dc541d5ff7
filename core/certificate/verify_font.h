// An embedded font as structure.cpp writes it: which character a code is, and how wide it is.
#pragma once

#include "core/certificate/pdf_reader.h"

namespace core {

struct ReadFont {
    std::vector<char32_t> characters;  // by code; 0: none
    std::vector<double> widths;        // by code, thousandths of the font size
};

// Errc::malformed for any other form of font, and for a character that is not to be seen. `room` as in
// verify_content.h.
Result<ReadFont> read_font(const PdfFile& file, const PdfValue& font, std::size_t& room);

}  // namespace core
