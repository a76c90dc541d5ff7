// The glossary's words, found in the text.
#include <algorithm>

#include "core/base/text.h"
#include "core/model/agreement_text.h"

namespace core {
namespace {

bool is_word_character(char32_t c) {
    if (c < 0x80) return (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z') || (c >= U'a' && c <= U'z');
    bool punctuation = (c >= 0x80 && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F);
    return !punctuation;
}

struct Span {
    std::size_t begin, end;
};

// In code points, whole words only.
std::optional<Span> find_words(const std::vector<char32_t>& upper, const std::string& words,
                               const std::vector<Span>& taken) {
    auto wanted = code_points(to_upper(words));
    for (auto from = upper.begin();; ++from) {
        from = std::search(from, upper.end(), wanted.begin(), wanted.end());
        if (from == upper.end()) return std::nullopt;
        Span span{static_cast<std::size_t>(from - upper.begin()), 0};
        span.end = span.begin + wanted.size();
        bool whole = (span.begin == 0 || !is_word_character(upper[span.begin - 1])) &&
                     (span.end == upper.size() || !is_word_character(upper[span.end]));
        bool free = std::none_of(taken.begin(), taken.end(), [&](const Span& other) {
            return span.begin < other.end && other.begin < span.end;
        });
        if (whole && free) return span;
    }
}

std::string with_marks(const std::string& text, const std::vector<Term>& glossary) {
    auto points = code_points(text), upper = code_points(to_upper(text));
    std::vector<const Term*> longest_first;
    for (const auto& term : glossary) longest_first.push_back(&term);
    std::stable_sort(longest_first.begin(), longest_first.end(),
                     [](const Term* a, const Term* b) { return a->word.size() > b->word.size(); });
    std::vector<Span> spans;
    for (const Term* term : longest_first) {
        std::optional<Span> first = find_words(upper, term->word, spans);
        for (const auto& form : term->forms)
            if (auto span = find_words(upper, form, spans); span && (!first || span->begin < first->begin))
                first = span;
        if (first) spans.push_back(*first);
    }
    std::string out;
    for (std::size_t i = 0; i <= points.size(); ++i) {
        for (const Span& span : spans)
            if (span.begin == i || span.end == i) out += term_mark;
        if (i < points.size()) append_utf8(out, points[i]);
    }
    return out;
}

}  // namespace

const Term* Text::term(std::string_view marked) const {
    std::string wanted = to_upper(marked);
    for (const auto& term : glossary) {
        if (to_upper(term.word) == wanted) return &term;
        for (const auto& form : term.forms)
            if (to_upper(form) == wanted) return &term;
    }
    return nullptr;
}

void mark_terms(Text& text) {
    for (auto& block : text.blocks)
        if (block.kind != Block::Kind::heading && block.kind != Block::Kind::principle)
            block.text = with_marks(block.text, text.glossary);
}

}  // namespace core
