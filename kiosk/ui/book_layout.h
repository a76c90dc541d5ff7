// Book layout: blocks of text laid out in pages of one or two columns.
#pragma once

#include <string>
#include <vector>

#include "kiosk/ui/text_layout.h"
#include "kiosk/ui/ui.h"

namespace kiosk {

// A run of one line; `term` when it belongs to a word that the glossary explains.
struct BookRun {
    std::string text;
    float x = 0, width = 0;
    std::string term;  // the whole term, empty: none
};
struct BookLine {
    std::vector<BookRun> runs;
    Font font;
    float x = 0, y = 0, height = 0;  // in the column
    std::size_t block = 0;
    bool first_of_block = false, is_mark = false;
};
struct BookColumn {
    std::vector<BookLine> lines;
};
struct BookHeading {
    std::string text;
    int page = 0;
};

struct BookMeasures {
    float column_width = 0, column_height = 0, px_per_mm = 6;
    Font body, body_bold, heading, title, small;
    int columns = 1;
    friend bool operator==(const BookMeasures& a, const BookMeasures& b) {
        return a.column_width == b.column_width && a.column_height == b.column_height &&
               a.px_per_mm == b.px_per_mm && a.body.size == b.body.size && a.columns == b.columns;
    }
};

struct BookLayout {
    BookMeasures measures;
    std::uint64_t content = 0;        // hash of the blocks
    std::vector<BookColumn> columns;  // page i shows columns [i * n, (i + 1) * n)
    std::vector<BookHeading> headings;
    int page_count() const;
};

std::uint64_t hash_blocks(const std::vector<TextBlock>& blocks);
BookLayout lay_out(const Fonts& fonts, const std::vector<TextBlock>& blocks, const BookMeasures& measures);

// Without the marks around glossary terms.
std::string plain_text(std::string_view text);

}  // namespace kiosk
