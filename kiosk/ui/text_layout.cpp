#include "kiosk/ui/text_layout.h"

#include <algorithm>

#include "core/base/text.h"

namespace kiosk {
namespace {

constexpr float cap_height = 0.714F;  // of the em, in both Noto Sans and Noto Serif

std::size_t next_code_point(std::string_view text, std::size_t at) {
    do ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
    return at;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

std::string_view last_word(std::string_view text) { return text.substr(text.find_last_of(" \n") + 1); }
std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \n")); }

bool is_month(std::string_view word) {
    constexpr std::string_view months[] = {
        "januari",   "februari", "mars",     "april",    "maj",       "juni",     "juli",     "augusti",
        "september", "oktober",  "november", "december", "January",   "February", "March",    "April",
        "May",       "June",     "July",     "August",   "September", "October",  "November", "December"};
    if (word.ends_with("kuuta")) return true;  // all twelve in Finnish: "marraskuuta"
    while (!word.empty() && !is_letter(word.back())) word.remove_suffix(1);
    return std::find(std::begin(months), std::end(months), word) != std::end(months);
}

// A hyphen or stroke between letters, in a word that is no address.
bool may_break_after(std::string_view text, std::size_t at, std::size_t next) {
    if (at == 0 || next >= text.size() || !is_letter(text[at - 1]) || !is_letter(text[next])) return false;
    auto start = last_word(text.substr(0, at));
    auto end = first_word(text.substr(next));
    return start.find('@') == std::string_view::npos && end.find('@') == std::string_view::npos;
}

}  // namespace

bool space_holds(std::string_view before, std::string_view after) {
    if (before.ends_with("§")) return true;
    if (before.empty() || after.empty()) return false;
    // No line begins with what belongs to the words before it.
    for (std::string_view mark : {"…", "–", "·"})
        if (first_word(after) == mark) return true;
    auto word = last_word(before);
    if (is_digit(after.front()))
        return is_digit(before.back()) || is_month(word) || word == "kl." || word == "klo" ||
               word == "klockan" || word == "av" || word == "of";
    bool short_number = is_digit(word.front()) && word.size() <= (word.ends_with('.') ? 3U : 2U);
    if (after.starts_with("sekun") || after.starts_with("second")) return short_number;  // in each language
    return short_number && is_month(first_word(after));
}

float baseline_in(float height, Font font) { return (height + cap_height * font.size) / 2; }

std::vector<TextLine> wrap(const Fonts& fonts, std::string_view text, Font font, float max_width) {
    std::vector<TextLine> lines;
    constexpr auto none = std::string_view::npos;
    std::size_t line_start = 0, break_at = none, break_resume = 0, at_sign = none;
    float width = 0, width_at_break = 0, width_at_sign = 0;
    char32_t before = 0;
    auto finish = [&](std::size_t end, std::size_t resume, float end_width) {
        lines.push_back({text.substr(line_start, end - line_start), end_width});
        line_start = resume, break_at = at_sign = none, width = 0, before = 0;
    };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t next = next_code_point(text, at);
        char32_t c = core::code_points(text.substr(at, next - at)).front();
        if (c == '\n') {
            finish(at, next, width);
            at = next;
            continue;
        }
        float step = fonts.advance(font, c) + (before != 0 ? fonts.kern(font, before, c) : 0.0F);
        if (c == ' ' && !space_holds(text.substr(0, at), text.substr(next)))
            break_at = at, break_resume = next, width_at_break = width;
        if (c == '@' && at > line_start) at_sign = at, width_at_sign = width;
        if (c != ' ' && width + step > max_width && at > line_start) {
            if (break_at != none) {
                at = break_resume;
                finish(break_at, break_resume, width_at_break);
            } else if (at_sign != none) {
                at = at_sign;
                finish(at_sign, at_sign, width_at_sign);
            } else {
                finish(at, at, width);
            }
            continue;
        }
        width += step, before = c;
        if ((c == '-' || c == U'–' || c == '/') && at > line_start && may_break_after(text, at, next))
            break_at = break_resume = next, width_at_break = width;
        at = next;
    }
    lines.push_back({text.substr(line_start), width});
    return lines;
}

float balanced_width(const Fonts& fonts, std::string_view text, Font font, float max_width) {
    auto lines = wrap(fonts, text, font, max_width);
    if (lines.size() < 2 || lines.size() > 4 || text.find('\n') != std::string_view::npos) return max_width;
    float least = 0, enough = max_width;  // no word is broken for it, nor what its spaces hold together
    for (std::size_t from = 0, at = 0; from < text.size(); ++at) {
        bool ends = at == text.size();
        if (!ends && (text[at] != ' ' || space_holds(text.substr(0, at), text.substr(at + 1)))) continue;
        least = std::max(least, fonts.width(font, text.substr(from, at - from)));
        from = at + 1;
    }
    while (enough - least > font.size / 4) {
        float middle = (least + enough) / 2;
        (wrap(fonts, text, font, middle).size() > lines.size() ? least : enough) = middle;
    }
    return enough;
}

}  // namespace kiosk
