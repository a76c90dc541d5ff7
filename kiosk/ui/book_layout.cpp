#include "kiosk/ui/book_layout.h"

#include <algorithm>
#include <cmath>

#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

constexpr std::string_view term_mark = "\u2062";

// A word and the space before it; never broken.
struct Word {
    std::string text, term;
    bool space_before = false, line_before = false;  // its author began a new line
};

std::vector<Word> words_of(std::string_view text) {
    std::vector<Word> words;
    std::string term;
    bool in_term = false, space = false, line = false;
    std::string_view whole = text;
    Word word;
    auto finish = [&] {
        if (!word.text.empty()) words.push_back(word);
        word = {};
    };
    auto first_word_of_term = words.size();
    while (!text.empty()) {
        if (text.starts_with(term_mark)) {
            finish();
            text.remove_prefix(term_mark.size());
            if (in_term)
                for (auto i = first_word_of_term; i < words.size(); ++i) words[i].term = term;
            in_term = !in_term, first_word_of_term = words.size(), term.clear();
            word.space_before = space, word.line_before = line, space = line = false;
            continue;
        }
        char c = text.front();
        text.remove_prefix(1);
        if (in_term) term += c == '\n' ? ' ' : c;
        if (c == ' ' && space_holds(whole.substr(0, whole.size() - text.size() - 1), text)) {
            word.text += c;
            continue;
        }
        if (c == ' ' || c == '\n') {
            finish();
            space = true, line = line || c == '\n';
            continue;
        }
        if (word.text.empty()) {
            word.space_before = word.space_before || space, word.line_before = word.line_before || line;
            space = line = false;
        }
        word.text += c;
    }
    finish();
    return words;
}

struct BlockStyle {
    Font font;
    float indent = 0, before = 0, after = 0;
};

class Compositor {
  public:
    Compositor(const Fonts& fonts, const BookMeasures& measures) : fonts_(fonts), m_(measures) {}

    BookLayout lay_out(const std::vector<TextBlock>& blocks) {
        layout_.measures = m_;
        layout_.columns.emplace_back();
        for (std::size_t i = 0; i < blocks.size(); ++i) add(blocks, i);
        return std::move(layout_);
    }

  private:
    float mm(double v) const { return static_cast<float>(v) * m_.px_per_mm; }

    BlockStyle style_of(const TextBlock& block) const {
        switch (block.kind) {
            case TextBlock::Kind::title:
                return {m_.title, 0, 0, mm(3)};
            case TextBlock::Kind::heading:
                return {m_.heading, 0, mm(4), mm(1.5)};
            case TextBlock::Kind::paragraph:
                return {m_.body, 0, 0, mm(3)};
            case TextBlock::Kind::bullet:
                return {m_.body, mm(6), 0, mm(1.5)};
            case TextBlock::Kind::commitment:
                return {m_.body, mm(5), mm(0.5), mm(3)};
            case TextBlock::Kind::quote:
                return {m_.body, mm(6), mm(1), mm(3)};
        }
        return {m_.body, 0, 0, 0};
    }

    std::vector<BookLine> lines_of(const TextBlock& block, std::size_t index, const BlockStyle& style) const {
        std::vector<BookLine> lines;
        float step =
            std::round(style.font.size * (block.kind == TextBlock::Kind::title ? 1.25F : line_height));
        if (!block.mark.empty()) {
            BookLine mark{{{block.mark, 0, fonts_.width(m_.small, block.mark), {}}},
                          m_.small,
                          style.indent,
                          0,
                          std::round(m_.small.size * line_height),
                          index,
                          true,
                          true};
            lines.push_back(mark);
        }
        float room = m_.column_width - style.indent, pen = 0, space = fonts_.advance(style.font, U' ');
        if (block.kind == TextBlock::Kind::title || block.kind == TextBlock::Kind::heading)
            room = balanced_width(fonts_, plain_text(block.text), style.font, room);
        BookLine line{{}, style.font, style.indent, 0, step, index, lines.empty(), false};
        for (const auto& word : words_of(block.text)) {
            float width = fonts_.width(style.font, word.text), gap = word.space_before && pen > 0 ? space : 0;
            if ((word.line_before || pen + gap + width > room) && pen > 0) {
                lines.push_back(line);
                line.runs.clear(), line.first_of_block = false, pen = gap = 0;
            }
            bool joins = !line.runs.empty() && line.runs.back().term == word.term;
            if (joins) {
                line.runs.back().text += (gap > 0 ? " " : "") + word.text;
                line.runs.back().width = pen + gap + width - line.runs.back().x;
            } else {
                line.runs.push_back({word.text, pen + gap, width, word.term});
            }
            pen += gap + width;
        }
        lines.push_back(line);
        return lines;
    }

    void new_column() {
        layout_.columns.emplace_back();
        y_ = 0;
    }

    void add(const std::vector<TextBlock>& blocks, std::size_t index) {
        const TextBlock& block = blocks[index];
        BlockStyle style = style_of(block);
        auto lines = lines_of(block, index, style);
        bool heading = block.kind == TextBlock::Kind::heading || block.kind == TextBlock::Kind::title;
        if (y_ > 0) y_ += style.before;
        float whole = 0;
        for (const auto& line : lines) whole += line.height;
        // A heading keeps at least two lines of what follows; a short block is not torn apart.
        float needed = heading             ? whole + mm(2) + 2.6F * m_.body.size * line_height
                       : lines.size() <= 4 ? whole
                                           : lines[0].height + (lines.size() > 1 ? lines[1].height : 0);
        if (y_ > 0 && y_ + needed > m_.column_height) new_column();
        if (block.kind == TextBlock::Kind::heading)
            layout_.headings.push_back(
                {plain_text(block.text), static_cast<int>(layout_.columns.size() - 1) / m_.columns});
        for (std::size_t i = 0; i < lines.size(); ++i) {
            bool last_but_one = lines.size() > 4 && i + 2 == lines.size();  // no lonely last line
            float need = lines[i].height + (last_but_one ? lines[i + 1].height : 0);
            if (y_ > 0 && y_ + need > m_.column_height + 0.5F) new_column();
            lines[i].y = y_;
            y_ += lines[i].height;
            layout_.columns.back().lines.push_back(lines[i]);
        }
        y_ += style.after;
    }

    const Fonts& fonts_;
    BookMeasures m_;
    BookLayout layout_;
    float y_ = 0;
};

}  // namespace

int BookLayout::page_count() const {
    int n = std::max(1, measures.columns);
    return std::max(1, (static_cast<int>(columns.size()) + n - 1) / n);
}

std::uint64_t hash_blocks(const std::vector<TextBlock>& blocks) {
    std::uint64_t hash = blocks.size() + 1;
    for (const auto& block : blocks) {
        hash = hash_bytes(&block.kind, sizeof block.kind, hash);
        hash = hash_bytes(block.text.data(), block.text.size(), hash);
        hash = hash_bytes(block.mark.data(), block.mark.size(), hash);
    }
    return hash;
}

BookLayout lay_out(const Fonts& fonts, const std::vector<TextBlock>& blocks, const BookMeasures& measures) {
    BookLayout layout = Compositor(fonts, measures).lay_out(blocks);
    layout.content = hash_blocks(blocks);
    return layout;
}

std::string plain_text(std::string_view text) {
    std::string out(text);
    for (auto at = out.find(term_mark); at != std::string::npos; at = out.find(term_mark))
        out.erase(at, term_mark.size());
    std::replace(out.begin(), out.end(), '\n', ' ');
    return out;
}

}  // namespace kiosk
