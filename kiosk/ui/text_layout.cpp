#include "kiosk/ui/text_layout.h"

#include "core/base/text.h"

namespace kiosk {
namespace {

constexpr float cap_height = 0.714F;  // of the em, in both Noto Sans and Noto Serif

std::size_t next_code_point(std::string_view text, std::size_t at) {
    do ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
    return at;
}

}  // namespace

float baseline_in(float height, Font font) { return (height + cap_height * font.size) / 2; }

std::vector<TextLine> wrap(const Fonts& fonts, std::string_view text, Font font, float max_width) {
    std::vector<TextLine> lines;
    std::size_t line_start = 0, break_at = std::string_view::npos, break_resume = 0;
    float width = 0, width_at_break = 0;
    char32_t before = 0;
    auto finish = [&](std::size_t end, std::size_t resume, float end_width) {
        lines.push_back({text.substr(line_start, end - line_start), end_width});
        line_start = resume, break_at = std::string_view::npos, width = 0, before = 0;
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
        if (c == ' ' && before != U'§') break_at = at, break_resume = next, width_at_break = width;
        if (c != ' ' && width + step > max_width && at > line_start) {
            if (break_at != std::string_view::npos) {
                at = break_resume;
                finish(break_at, break_resume, width_at_break);
            } else {
                finish(at, at, width);
            }
            continue;
        }
        width += step, before = c;
        if ((c == '-' || c == U'–' || c == '/') && at > line_start)
            break_at = break_resume = next, width_at_break = width;
        at = next;
    }
    lines.push_back({text.substr(line_start), width});
    return lines;
}

}  // namespace kiosk
