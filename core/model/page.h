// Page: a laid-out sheet as a value, in micrometres, so that paper (core/certificate) and screen (kiosk/ui)
// draw the very same certificate.
//
// Origin top left, y down. Text is placed by its baseline. Items are in reading order; paint in that order
// too.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/model/image.h"
#include "core/model/ink.h"

namespace core {

struct Rgb {
    std::uint8_t r = 0, g = 0, b = 0;
    friend bool operator==(const Rgb&, const Rgb&) = default;
};

enum class Face { serif, serif_bold, serif_italic, sans, sans_bold };

// What an item means to a reader who does not see it (PDF/UA); `artifact` is decoration.
// A cell stands in the row that TextItem::row tells; header cells head their column (in row 0) or their row.
enum class Meaning { artifact, title, heading, paragraph, figure, link, header_cell, cell };

struct TextItem {
    std::string text;  // NFC, one line
    Face face = Face::serif;
    std::int32_t size_um = 4000;  // font size (em)
    std::int32_t x_um = 0, baseline_um = 0;
    std::int32_t width_um = 0;  // as measured, letter spacing included
    std::int32_t letter_space_um = 0;
    Rgb colour;
    Meaning meaning = Meaning::paragraph;
    bool continues = false;  // the same paragraph or cell as the item before
    std::int32_t row = 0;    // of the table, for cells
    std::string url;         // where a link leads
    std::string language;    // "fi", when it is not the document's
};
struct LineItem {
    std::int32_t x1_um = 0, y1_um = 0, x2_um = 0, y2_um = 0, width_um = 200;
    Rgb colour;
};
struct InkItem {
    std::vector<InkOutline> outlines;  // in the page's own coordinates
    Rgb colour;
    std::string alternative;  // "Underskrift av Åsa Öberg"
};
struct ArmsItem {
    std::int32_t x_um = 0, y_um = 0, width_um = 0, height_um = 0;
    std::string alternative;
};
struct QrItem {
    QrCode code;
    std::int32_t x_um = 0, y_um = 0, side_um = 0;
    std::string alternative, url;
};
using PageItem = std::variant<TextItem, LineItem, InkItem, ArmsItem, QrItem>;

struct Page {
    std::int32_t width_um = 210'000, height_um = 297'000;
    std::vector<PageItem> items;
};
struct Document {
    std::string title, language = "sv-SE", author;
    std::vector<Page> pages;
};

}  // namespace core
