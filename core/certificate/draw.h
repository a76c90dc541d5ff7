// Draw: a laid-out document as a plain PDF (libharu): pages of marked content, nothing else yet.
//
// libharu's standard fonts stand in for ours: text is already written in the glyph numbers of the subsets
// that structure embeds, so no font file is parsed again for each certificate. Points, origin bottom left.
#pragma once

#include <array>

#include "core/certificate/font_face.h"
#include "core/certificate/fonts.h"
#include "core/certificate/make.h"

namespace core {

inline constexpr std::size_t face_count = 5;
// libharu's name for the font that stands in for each Face.
inline constexpr std::array<const char*, face_count> stand_in_fonts = {
    "Times-Roman", "Times-Bold", "Times-Italic", "Helvetica", "Helvetica-Bold"};

// The glyphs of one face that the document uses, numbered in order of appearance; 0 is .notdef.
struct UsedGlyphs {
    std::vector<GlyphId> glyphs{0};
    std::vector<char32_t> characters{0};
    std::map<char32_t, GlyphId> numbers;
};

struct Rectangle {
    double left = 0, bottom = 0, right = 0, top = 0;
};

// A piece of marked content: its place in its page's list is its MCID.
struct MarkedPiece {
    Meaning meaning = Meaning::paragraph;
    bool continues = false;
    std::int32_t row = 0;
    std::string alternative, url, language;  // language: when it is not the document's
    Rectangle box;
};

struct DrawnPage {
    double width = 0, height = 0;
    std::vector<MarkedPiece> pieces;
    bool has_arms = false;
};

struct Drawn {
    Bytes pdf;
    std::vector<DrawnPage> pages;
    std::array<UsedGlyphs, face_count> faces;
};

// Errc::undrawable_text for a character that its face lacks: layout should have refused it.
Result<Drawn> draw(const Document& document, const Fonts& fonts, const VectorArms* arms);

}  // namespace core
