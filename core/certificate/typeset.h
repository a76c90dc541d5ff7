// Typeset: lines of text and simple shapes onto pages, for the certificate and the protocol.
//
// Micrometres, origin top left. Every text is normalised (NFC) and checked: what a face cannot draw is
// refused with the character's code and nothing else, since it may be a person's name.
#pragma once

#include "core/certificate/layout.h"

namespace core {

inline constexpr std::int32_t page_width_um = 210'000, page_height_um = 297'000, margin_um = 22'000;
inline constexpr std::int32_t text_width_um = page_width_um - 2 * margin_um;

// LOOK.md's tokens on paper.
inline constexpr Rgb ink_colour{0x17, 0x21, 0x2B}, soft_colour{0x46, 0x53, 0x5F},
    line_colour{0xB8, 0xB2, 0xA4}, pen_colour{0x14, 0x23, 0x3A}, warn_colour{0x8A, 0x4B, 0x00};

constexpr std::int32_t points(double size) { return static_cast<std::int32_t>(size * 25'400.0 / 72.0 + 0.5); }

enum class Align { left, centre, right };
// `balanced` lines are about equally long: for headings and names.
enum class Break { greedy, balanced };

struct Style {
    Face face = Face::serif;
    std::int32_t size_um = points(11);
    std::int32_t leading_um = points(15);
    Rgb colour = ink_colour;
    std::int32_t letter_space_um = 0;
    Meaning meaning = Meaning::paragraph;
    std::string_view language = {};  // when it is not the document's; outlives the style
};

class Typesetter {
  public:
    explicit Typesetter(const Fonts& fonts) : fonts_(fonts) {}

    // The text as lines that fit; breaks at spaces, then after hyphens, and inside a word only when nothing
    // else is left. A line that was broken at a space keeps it, so that copied text has its words apart.
    Result<std::vector<std::string>> lines(std::string_view text, const Style& style, std::int32_t width_um,
                                           Break breaking = Break::greedy) const;

    // Places lines; returns the baseline of the last one. `left_um` and `width_um` give the column.
    std::int32_t place(Page& page, const std::vector<std::string>& lines, const Style& style,
                       std::int32_t left_um, std::int32_t width_um, std::int32_t baseline_um,
                       Align align = Align::left, bool continues = false) const;

    // Both: breaks and places.
    Result<std::int32_t> set(Page& page, std::string_view text, const Style& style, std::int32_t left_um,
                             std::int32_t width_um, std::int32_t baseline_um, Align align = Align::left,
                             Break breaking = Break::greedy) const;

    std::int32_t width_of(std::string_view line, const Style& style) const;

  private:
    const Fonts& fonts_;
};

// A drawn signature, scaled to fit a box and standing on its bottom line; its strokes get no thicker than on
// the tablet.
InkItem place_ink(const Ink& ink, std::int32_t left_um, std::int32_t line_um, std::int32_t width_um,
                  std::int32_t height_um, std::string alternative);

LineItem hairline(std::int32_t x1_um, std::int32_t x2_um, std::int32_t y_um, std::int32_t width_um = 120,
                  Rgb colour = line_colour);

// "3f2a 91bc 0d4e 77a1": the first `digits` of a hash, in groups of four with no-break spaces.
std::string short_hash(std::string_view hex, std::size_t digits = 16);

// With no-break spaces: a date, or a paragraph's number, that no line shall end within.
std::string kept_together(std::string text);

// A body's name inside a sentence: "Årsmötet" -> "årsmötet", for common words only; names of their own stay.
std::string in_sentence(std::string_view body);

}  // namespace core
