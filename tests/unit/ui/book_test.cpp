#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "demo.h"
#include "kiosk/ui/book_layout.h"

using namespace kiosk;

namespace {

std::set<std::string> texts(const SemanticTree& tree) {
    std::set<std::string> found;
    for (const auto& n : tree.nodes)
        if (n.role == Role::heading || n.role == Role::text) found.insert(n.label);
    return found;
}

BookMeasures measures(float width, float height) {
    BookMeasures m;
    m.column_width = width, m.column_height = height;
    m.body = {core::Face::sans, 29}, m.body_bold = {core::Face::sans_bold, 29},
    m.small = {core::Face::sans_bold, 23};
    m.heading = {core::Face::serif_bold, 36}, m.title = {core::Face::serif, 57};
    return m;
}

}  // namespace

TEST_CASE("the book's pages together hold every line once, in order, and none is taller than its page") {
    auto fonts = Fonts::open();
    REQUIRE(fonts.ok());
    std::vector<TextBlock> blocks;
    std::string expected;
    for (int i = 0; i < 40; ++i) {
        TextBlock block;
        block.kind = i % 7 == 0   ? TextBlock::Kind::heading
                     : i % 5 == 0 ? TextBlock::Kind::commitment
                                  : TextBlock::Kind::paragraph;
        for (int w = 0; w <= (i % 7 == 0 ? 2 : i * 3); ++w)
            block.text += (w > 0 ? " ord" : "Ord") + std::to_string(i) + "x" + std::to_string(w);
        expected += block.text + " ";
        blocks.push_back(block);
    }
    auto layout = lay_out(**fonts, blocks, measures(600, 400));
    std::string got;
    for (const auto& column : layout.columns) {
        REQUIRE_FALSE(column.lines.empty());
        CHECK(column.lines.back().y + column.lines.back().height <= 400.5F);
        for (const auto& line : column.lines)
            for (const auto& run : line.runs) {
                CHECK(run.x + run.width <= 601);
                got += run.text + " ";
            }
        auto last = blocks[column.lines.back().block].kind;
        bool ends_book = &column == &layout.columns.back();
        if (!ends_book) CHECK(last != TextBlock::Kind::heading);  // a heading keeps what follows
    }
    CHECK(got == expected);
}

TEST_CASE("a glossary term is one run a line, marked as the whole term, and its marks are not printed") {
    auto fonts = Fonts::open();
    REQUIRE(fonts.ok());
    TextBlock block;
    block.text = "Ett \u2062idéburet offentligt partnerskap\u2062, enligt § 214.";
    auto layout = lay_out(**fonts, {block}, measures(260, 400));
    int runs = 0;
    for (const auto& line : layout.columns[0].lines)
        for (const auto& run : line.runs) {
            CHECK(run.text.find("\u2062") == std::string::npos);
            if (run.term.empty()) continue;
            CHECK(run.term == "idéburet offentligt partnerskap");
            ++runs;
        }
    CHECK(runs >= 2);
    CHECK(plain_text(block.text) == "Ett idéburet offentligt partnerskap, enligt § 214.");
}

TEST_CASE("the book turns by button, key and swipe, and the contents lead to a principle") {
    demo::Stage stage;
    stage.show("read");
    auto first = texts(stage.loop().semantics());
    CHECK(first.contains("Överenskommelsen"));
    stage.tap("Nästa sida");
    CHECK(stage.demo.book_page == 1);
    stage.hand->key(SDLK_PAGEDOWN);
    CHECK(stage.demo.book_page == 2);
    stage.hand->key(SDLK_LEFT);
    CHECK(stage.demo.book_page == 1);
    stage.hand->down(900, 300);
    for (int i = 1; i <= 20; ++i) stage.hand->move(900 - static_cast<float>(i) * 20, 300);
    stage.hand->up(500, 300);
    stage.loop().settle();
    CHECK(stage.demo.book_page == 2);
    stage.tap("Innehåll");
    stage.tap("Princip 4");
    CHECK(texts(stage.loop().semantics()).contains("Princip 4: Självständighet och oberoende"));
    CHECK(stage.demo.book_page > 2);
}

TEST_CASE("a term in the text can be opened") {
    demo::Stage stage;
    stage.show("read");
    stage.tap("idéburet offentligt partnerskap");
    CHECK(stage.demo.log == std::vector<std::string>{"idéburet offentligt partnerskap"});
}

TEST_CASE("larger text keeps the reader within the book") {
    demo::Stage stage;
    stage.look(TextSize::largest, Contrast::light);
    stage.show("read");
    for (int i = 0; i < 60 && stage.loop().semantics().find_operable("Nästa sida") != nullptr; ++i)
        stage.tap("Nästa sida");
    int last = stage.demo.book_page;
    CHECK(last > 5);
    stage.look(TextSize::normal, Contrast::light);
    CHECK(stage.demo.book_page < last);
    CHECK_FALSE(texts(stage.loop().semantics()).empty());
}

TEST_CASE("easy Swedish keeps the lines that its author wrote, and breaks those that are too long") {
    auto fonts = Fonts::open();
    REQUIRE(fonts.ok());
    TextBlock block;
    block.text = "Vi är olika.\nDärför behöver vi\nvarandra. \u2062En överens-\nkommelse\u2062 är ett löfte.";
    auto layout = lay_out(**fonts, {block}, measures(600, 400));
    std::vector<std::string> lines;
    std::string term;
    for (const auto& line : layout.columns.front().lines) {
        lines.emplace_back();
        for (const auto& run : line.runs) {
            lines.back() += run.text;
            if (!run.term.empty()) term = run.term;
        }
    }
    REQUIRE(lines.size() == 4);
    CHECK(lines[0] == "Vi är olika.");
    CHECK(lines[1] == "Därför behöver vi");
    CHECK(lines[3] == "kommelseär ett löfte.");  // runs: the space between them is a distance
    CHECK(term == "En överens- kommelse");
    CHECK(plain_text(block.text).find('\n') == std::string::npos);
    CHECK(lay_out(**fonts, {block}, measures(150, 400)).columns.front().lines.size() > 4);
}

TEST_CASE("on a small wide screen the book turns beside the text, and a page holds a dozen lines") {
    demo::Stage stage(1280, 800);
    stage.show("read");
    const auto& next = stage.node("Nästa sida");
    float lowest = 0;
    for (const auto& n : stage.loop().semantics().nodes)
        if (n.role == Role::text || n.role == Role::heading)
            lowest = std::max(lowest, n.rect.y + n.rect.height);
    CHECK(next.rect.height > 40 * 6);
    CHECK(next.rect.y < lowest);
    CHECK(next.rect.y + next.rect.height - stage.node("Innehåll").rect.y > 12 * 4.9 * 1.4 * 6);
}
