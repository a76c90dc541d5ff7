#include "core/certificate/typeset.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/text.h"

namespace core {
namespace {

std::string code_name(char32_t c) {
    char name[16];
    std::snprintf(name, sizeof name, "U+%04X", static_cast<unsigned>(c));
    return name;
}

// The pieces between which a line may break: words with the space behind them.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    std::string word;
    for (char c : text) {
        word += c;
        if (c == ' ') words.push_back(std::move(word)), word.clear();
    }
    if (!word.empty()) words.push_back(std::move(word));
    return words;
}

std::string_view without_end_space(std::string_view line) {
    return line.ends_with(' ') ? line.substr(0, line.size() - 1) : line;
}

// A word that is wider than the line: after hyphens and slashes if that helps, else between characters.
template <class Fits>
std::vector<std::string> pieces_of(const std::string& word, Fits fits) {
    std::vector<std::string> pieces(1);
    std::string part;
    auto flush = [&] {
        if (!pieces.back().empty() && !fits(pieces.back() + part)) pieces.emplace_back();
        if (fits(part)) {
            pieces.back() += part;
        } else {
            for (char32_t c : code_points(part)) {
                std::string one;
                append_utf8(one, c);
                if (!pieces.back().empty() && !fits(pieces.back() + one)) pieces.emplace_back();
                pieces.back() += one;
            }
        }
        part.clear();
    };
    for (char32_t c : code_points(word)) {
        append_utf8(part, c);
        if (c == U'-' || c == U'/' || c == U'–' || c == U'@') flush();
    }
    if (!part.empty()) flush();
    return pieces;
}

}  // namespace

std::int32_t Typesetter::width_of(std::string_view line, const Style& style) const {
    auto shown = without_end_space(line);
    auto count = static_cast<std::int64_t>(code_points(shown).size());
    std::int64_t spaces = count > 0 ? (count - 1) * style.letter_space_um : 0;
    return static_cast<std::int32_t>(fonts_.width_um(style.face, style.size_um, shown) + spaces);
}

Result<std::vector<std::string>> Typesetter::lines(std::string_view text, const Style& style,
                                                   std::int32_t width_um, Break breaking) const {
    auto normal = normalise(text);
    if (!normal) return Error{Errc::malformed, "text that is no UTF-8"};
    // normalise() folds no-break spaces into spaces; the caller's own no-break spaces are wanted.
    std::string clean =
        is_utf8(text) && text.find("\u00A0") != std::string_view::npos ? std::string(text) : *normal;
    if (auto bad = fonts_.first_undrawable(style.face, clean))
        return Error{Errc::undrawable_text, code_name(*bad)};

    auto break_at = [&](std::int32_t limit) {
        auto fits = [&](const std::string& line) { return width_of(line, style) <= limit; };
        std::vector<std::string> out;
        std::string line;
        for (const std::string& word : words_of(clean)) {
            if (!line.empty() && !fits(line + word)) out.push_back(std::move(line)), line.clear();
            if (line.empty() && !fits(word)) {
                auto pieces = pieces_of(word, fits);
                out.insert(out.end(), pieces.begin(), pieces.end() - 1);
                line = pieces.back();
            } else {
                line += word;
            }
        }
        if (!line.empty()) out.push_back(std::move(line));
        return out;
    };
    auto greedy = break_at(width_um);
    if (breaking == Break::greedy || greedy.size() < 2) return greedy;
    std::int32_t narrow = width_um / 3, wide = width_um;  // the narrowest measure that needs no further line
    while (wide - narrow > 500) {
        std::int32_t middle = (narrow + wide) / 2;
        (break_at(middle).size() <= greedy.size() ? wide : narrow) = middle;
    }
    return break_at(wide);
}

std::int32_t Typesetter::place(Page& page, const std::vector<std::string>& all, const Style& style,
                               std::int32_t left_um, std::int32_t width_um, std::int32_t baseline_um,
                               Align align, bool continues) const {
    std::int32_t baseline = baseline_um;
    for (std::size_t i = 0; i < all.size(); ++i) {
        TextItem item;
        item.text = all[i];
        item.face = style.face;
        item.size_um = style.size_um;
        item.width_um = width_of(all[i], style);
        item.letter_space_um = style.letter_space_um;
        item.colour = style.colour;
        item.meaning = style.meaning;
        item.language = style.language;
        item.continues = continues || i > 0;
        item.baseline_um = baseline;
        item.x_um = align == Align::left     ? left_um
                    : align == Align::centre ? left_um + (width_um - item.width_um) / 2
                                             : left_um + width_um - item.width_um;
        page.items.emplace_back(std::move(item));
        if (i + 1 < all.size()) baseline += style.leading_um;
    }
    return baseline;
}

Result<std::int32_t> Typesetter::set(Page& page, std::string_view text, const Style& style,
                                     std::int32_t left_um, std::int32_t width_um, std::int32_t baseline_um,
                                     Align align, Break breaking) const {
    TRY_ASSIGN(auto broken, lines(text, style, width_um, breaking));
    return place(page, broken, style, left_um, width_um, baseline_um, align);
}

InkItem place_ink(const Ink& ink, std::int32_t left_um, std::int32_t line_um, std::int32_t width_um,
                  std::int32_t height_um, std::string alternative) {
    InkItem item{outline(ink), pen_colour, std::move(alternative)};
    InkBounds box = bounds(ink);
    double wide = std::max(1, box.right_um - box.left_um), high = std::max(1, box.bottom_um - box.top_um);
    double scale = std::min({1.0, width_um / wide, height_um / high});
    double x = left_um, y = line_um;
    auto move = [&](InkVec& point) {
        point.x = x + (point.x - box.left_um) * scale;
        point.y = y + (point.y - box.bottom_um) * scale;
    };
    for (InkOutline& shape : item.outlines) {
        move(shape.start);
        for (auto& segment : shape.segments) move(segment.c1), move(segment.c2), move(segment.to);
    }
    return item;
}

LineItem hairline(std::int32_t x1_um, std::int32_t x2_um, std::int32_t y_um, std::int32_t width_um,
                  Rgb colour) {
    return {x1_um, y_um, x2_um, y_um, width_um, colour};
}

std::string short_hash(std::string_view hex, std::size_t digits) {
    std::string out;
    for (std::size_t i = 0; i < std::min(digits, hex.size()); ++i) {
        if (i > 0 && i % 4 == 0) out += "\u00A0";
        out += hex[i];
    }
    return out;
}

std::string kept_together(std::string text) {
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 2))
        text.replace(at, 1, "\u00A0");
    return text;
}

std::string in_sentence(std::string_view body) {
    constexpr std::string_view common[] = {
        "Årsmötet",          "Årsmöte",          "Styrelsen",         "Medlemsmötet",
        "Förbundsstyrelsen", "Föreningsstämman", "Stämman",           "Stormötet",
        "Kommunfullmäktige", "Kommunstyrelsen",  "Regionfullmäktige", "Regionstyrelsen",
        "Nätverksmötet",     "Nätverksträffen",  "Kyrkorådet",        "Representantskapet"};
    for (std::string_view word : common)
        if (body == word || (body.starts_with(word) && body[word.size()] == ' ')) {
            bool ring = body.starts_with("Å");
            return (ring ? "å" : std::string(1, static_cast<char>(body[0] - 'A' + 'a'))) +
                   std::string(body.substr(ring ? 2 : 1));
        }
    return std::string(body);
}

}  // namespace core
