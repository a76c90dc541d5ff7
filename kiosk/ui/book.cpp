// The book: the agreement, read in pages.
#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "kiosk/ui/book_layout.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

core::Rgb party_colour(const Theme& t, int party) {
    if (t.contrast == Contrast::high) return t.accent;
    constexpr core::Rgb organisation{0x8A, 0x4B, 0x00}, together{0x1E, 0x6B, 0x3A};
    return party == 2 ? organisation : party == 3 ? together : t.accent;
}

}  // namespace

// Everything that one pass over the book needs.
struct BookPass {
    Ui::State& s;
    const std::vector<TextBlock>& blocks;
    BookAnswer& answer;

    void line(const BookLine& line, float left, float top) {
        const Theme& t = s.theme();
        const TextBlock& block = blocks[line.block];
        float x = left + line.x, y = top + line.y;
        core::Rgb colour = line.is_mark ? party_colour(t, block.party) : t.ink;
        if (block.kind == TextBlock::Kind::quote) colour = t.ink_soft;
        if (block.kind == TextBlock::Kind::commitment)
            s.paint.rect({left, y, std::max(3.0F, s.mm(0.9)), line.height}, party_colour(t, block.party));
        if (block.kind == TextBlock::Kind::bullet && line.first_of_block)
            s.paint.disc(left + s.mm(2), y + line.height * 0.52F, s.mm(0.7), t.accent);
        for (const auto& run : line.runs) {
            if (!run.term.empty()) term(run, x, y, line);
            s.paint.text(x + run.x, y + baseline_in(line.height, line.font), run.text, line.font,
                         run.term.empty() ? colour : t.accent);
        }
    }

    void term(const BookRun& run, float x, float y, const BookLine& line) {
        Rect r{x + run.x - s.mm(1), y - s.mm(1), run.width + s.mm(2), line.height + s.mm(2)};
        Act act = s.operate(s.id_of("term", run.term), r, true);
        s.node(Role::link, r, run.term, act);
        if (act.clicked) answer.term = run.term;
        s.paint.dots(x + run.x, x + run.x + run.width, y + baseline_in(line.height, line.font) + s.mm(0.8),
                     s.mm(0.35), s.theme().accent);
        if (act.focused) s.focus_ring(r, s.mm(1));
    }

    void column(const BookLayout& layout, std::size_t index, float left, float top) {
        if (index >= layout.columns.size()) return;
        const auto& lines = layout.columns[index].lines;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            // One node a block, as far as it stands in this column.
            if (i == 0 || lines[i].block != lines[i - 1].block) {
                float bottom = lines[i].y;
                for (std::size_t j = i; j < lines.size() && lines[j].block == lines[i].block; ++j)
                    bottom = lines[j].y + lines[j].height;
                const TextBlock& block = blocks[lines[i].block];
                bool heading = block.kind == TextBlock::Kind::title || block.kind == TextBlock::Kind::heading;
                s.node(heading ? Role::heading : Role::text,
                       {left, top + lines[i].y, layout.measures.column_width, bottom - lines[i].y},
                       plain_text(block.text), block.mark);
            }
            line(lines[i], left, top);
        }
    }

    // Headings as rows; tapping one opens its page.
    void contents(const BookLayout& layout, float left, float top, float width, float height, int page) {
        float row = std::min(s.target(), height / std::max(1.0F, static_cast<float>(layout.headings.size()))),
              y = top;
        for (std::size_t i = 0; i < layout.headings.size(); ++i) {
            const auto& heading = layout.headings[i];
            if (y + row > top + height + 1) break;
            Rect r{left, y, width, row};
            Act act = s.operate(s.id_of("contents", heading.text), r, true);
            s.node(Role::row, r, heading.text, act);
            if (act.clicked) answer.page = heading.page, s.contents_open = false;
            bool here = heading.page <= page &&
                        (i + 1 == layout.headings.size() || layout.headings[i + 1].page > page);
            if (act.pressed) s.paint.rounded(r, s.mm(1.5), s.theme().line);
            if (here) s.paint.rect({left, y + s.mm(2), s.mm(0.9), row - s.mm(4)}, s.theme().accent);
            Font font = s.small_font();
            auto lines = wrap(s.fonts(), heading.text, font, width - s.mm(4));
            std::string text(lines.front().text);
            if (lines.size() > 1) text += " \u2026";
            s.paint.text(left + s.mm(3), y + baseline_in(row, font), text, font,
                         here ? s.theme().ink : s.theme().ink_soft);
            if (act.focused) s.focus_ring(r, s.mm(1.5));
            y += row;
        }
    }

    // A tall target at the text's side: the arrow above its words.
    bool side_button(Rect r, const std::string& label, Icon icon, bool enabled) {
        const Theme& t = s.theme();
        Act act = s.operate(s.id_of("button", label), r, enabled);
        SemanticNode& n = s.node(Role::button, r, label);
        n.enabled = enabled && !s.blocked(), n.focused = act.focused;
        if (!enabled) return false;
        s.paint.rounded(r, s.mm(2), act.pressed ? mix(t.card, t.accent, 0.14) : t.card);
        s.paint.border(r, s.mm(2), s.high() ? 3 : s.mm(0.3), t.accent);
        Font font = s.small_font();
        float side = std::round(s.body().size * 1.2F), inner = r.width - s.mm(2),
              words = s.lines_height(label, font, inner), y = r.y + (r.height - side - s.mm(1.5) - words) / 2;
        s.paint.icon(icon, r.x + (r.width - side) / 2, y, side, t.accent);
        s.draw_lines(r.x + s.mm(1), y + side + s.mm(1.5), inner, label, font, t.accent, true);
        if (act.focused) s.focus_ring(r, s.mm(2));
        return act.clicked;
    }
};

// Where text, contents and the ways to turn pages stand.
struct BookFrame {
    // Beside the text on a wide, low screen, where each line counts; below it elsewhere.
    enum class Turns { below, beside } turns = Turns::below;
    bool contents_beside = false;
    int columns = 1;
    float contents_width = 0, strip = 0, between = 0, text_left = 0, text_width = 0, nav_height = 0;
    BookMeasures measures;
};

namespace {

float widest_word(const Painter& paint, Font font, std::initializer_list<std::string> labels) {
    float widest = 0;
    for (const auto& label : labels)
        for (auto word : core::split(label, ' ')) widest = std::max(widest, paint.width(word, font));
    return widest;
}

}  // namespace

static BookFrame frame_of(const Ui::State& s, Rect r) {
    const Theme& t = s.theme();
    float screen_width = static_cast<float>(s.platform.width_px),
          screen_height = static_cast<float>(s.platform.height_px);
    BookFrame frame;
    frame.contents_beside = screen_width >= s.mm(260);
    frame.columns = screen_width >= s.mm(300) ? 2 : 1;
    frame.contents_width = frame.contents_beside ? s.mm(56) : 0, frame.between = s.mm(12);
    float strip = std::max(s.target(), widest_word(s.paint, s.small_font(),
                                                   {s.say("ui.page.previous"), s.say("ui.page.next"),
                                                    s.say("ui.contents"), s.say("ui.contents.close")}) +
                                           s.mm(4));
    constexpr float least_characters = 45;
    float beside = r.width - 2 * (strip + s.mm(4));
    if (!frame.contents_beside && screen_width > screen_height &&
        beside >= least_characters * 0.5F * s.body().size)
        frame.turns = BookFrame::Turns::beside, frame.strip = strip + s.mm(4);
    frame.nav_height = frame.turns == BookFrame::Turns::below ? s.target() + s.mm(3) : 0;
    float room = r.width - 2 * frame.strip - (frame.contents_beside ? frame.contents_width + s.mm(10) : 0);
    float gaps = frame.between * static_cast<float>(frame.columns - 1);
    BookMeasures& m = frame.measures;
    m.columns = frame.columns;
    m.column_width =
        std::floor(std::min(70 * 0.5F * s.body().size, (room - gaps) / static_cast<float>(frame.columns)));
    m.column_height = std::floor(r.height - frame.nav_height), m.px_per_mm = static_cast<float>(t.px_per_mm);
    m.body = s.body(), m.body_bold = s.bold(), m.small = {core::Face::sans_bold, s.mm(t.body_mm() / 1.25)};
    m.heading = s.scaled(core::Face::serif_bold, 1), m.title = s.scaled(core::Face::serif, 2.2);
    frame.text_width = m.column_width * static_cast<float>(frame.columns) + gaps;
    float from = frame.contents_beside ? r.x + frame.contents_width + s.mm(10) : r.x + frame.strip;
    frame.text_left = std::round(from + (room - frame.text_width) / 2);
    return frame;
}

// Each answers -1, 0 or 1: which way to turn.
static int turns_beside(BookPass& pass, const BookFrame& frame, Rect r, int page) {
    auto& s = pass.s;
    float width = frame.strip - s.mm(4), right = r.x + r.width - width;
    bool has_contents = s.book_layout->headings.size() > 1;
    float contents_height = has_contents ? std::max(s.mm(20), s.target()) : 0;
    float top = r.y + contents_height + (has_contents ? s.mm(6) : 0), height = r.y + r.height - top;
    int turn = 0;
    if (has_contents &&
        pass.side_button({r.x, r.y, width, contents_height},
                         s.say(s.contents_open ? "ui.contents.close" : "ui.contents"), Icon::list, true))
        s.contents_open = !s.contents_open, s.again = true;
    if (pass.side_button({r.x, top, width, height}, s.say("ui.page.previous"), Icon::back, page > 0))
        turn = -1;
    std::string place = s.say("ui.page.place", {{"page", std::to_string(page + 1)},
                                                {"pages", std::to_string(pass.answer.page_count)}});
    float place_height = s.lines_height(place, s.small_font(), width);
    Rect place_rect{right, r.y + (contents_height - place_height) / 2, width, place_height};
    if (!has_contents) place_rect.y = r.y;
    s.draw_lines(place_rect.x, place_rect.y, width, place, s.small_font(), s.theme().ink_soft, true);
    s.node(Role::status, place_rect, place);
    if (pass.side_button({right, top, width, height}, s.say("ui.page.next"), Icon::forward,
                         page + 1 < pass.answer.page_count))
        turn = 1;
    return turn;
}

static int turns_below(BookPass& pass, const BookFrame& frame, Rect r, int page) {
    auto& s = pass.s;
    const Theme& t = s.theme();
    float left = frame.text_left, text_width = frame.text_width;
    float y = r.y + r.height - s.target();
    std::string previous = s.say("ui.page.previous"), next = s.say("ui.page.next");
    std::string place = s.say("ui.page.place", {{"page", std::to_string(page + 1)},
                                                {"pages", std::to_string(pass.answer.page_count)}});
    float w_previous = s.button_width(previous, true) - s.mm(2),
          w_next = s.button_width(next, true) - s.mm(2), text_right = left + text_width;
    bool has_contents = !frame.contents_beside && s.book_layout->headings.size() > 1;
    bool tight =
        w_previous + w_next + s.paint.width(place, s.small_font()) + s.mm(12) > text_width || has_contents;
    int turn = 0;
    // Where both words have no room, the way on keeps its own.
    bool bare = w_previous + w_next + s.mm(4) > text_width;
    if (bare) w_previous = s.target();
    Rect back{left, y, w_previous, s.target()};
    if (bare ? s.draw_icon_button(back, previous, Icon::back, page > 0)
             : s.draw_button(back, previous, ButtonKind::secondary, page > 0, Icon::back))
        turn = -1;
    float place_width = s.paint.width(place, s.small_font());
    if (has_contents) {
        std::string contents = s.say(s.contents_open ? "ui.contents.close" : "ui.contents");
        float w = s.button_width(contents, true) - s.mm(4), x = left + w_previous + s.mm(3);
        float free = text_right - w_next - x;
        if (w + s.mm(3) <= free &&
            s.draw_button({x, y, w, s.target()}, contents, ButtonKind::quiet, true, Icon::list))
            s.contents_open = !s.contents_open, s.again = true;
        if (w + place_width + s.mm(6) <= free)
            s.paint.text(x + w + (free - w - place_width) / 2, y + baseline_in(s.target(), s.small_font()),
                         place, s.small_font(), t.ink_soft);
    } else if (!tight) {
        s.paint.text(left + (text_width - place_width) / 2, y + baseline_in(s.target(), s.small_font()),
                     place, s.small_font(), t.ink_soft);
    }
    s.node(Role::status, {left, y, text_width, s.target()}, place);
    if (s.draw_button({text_right - w_next, y, w_next, s.target()}, next, ButtonKind::secondary,
                      page + 1 < pass.answer.page_count, Icon::forward))
        turn = 1;
    return turn;
}

BookAnswer Ui::book(const std::vector<TextBlock>& blocks, int page) {
    auto& s = *state_;
    const Theme& t = s.theme();
    BookAnswer answer;
    s.pages_taken = true;
    float screen_width = static_cast<float>(s.platform.width_px),
          margin = s.mm(screen_width < s.mm(120)   ? 7
                        : screen_width < s.mm(260) ? 5
                                                   : 12);
    float height = std::max(s.mm(60), s.left_of_view());
    ItemSpan span = s.take(height);
    Rect r = s.on_screen(margin, screen_width - 2 * margin, span);
    if (r.width <= 0) return answer;

    BookFrame frame = frame_of(s, r);
    const BookMeasures& m = frame.measures;
    auto& layout = s.book_layout;
    if (!layout || !(layout->measures == m) || layout->content != hash_blocks(blocks))
        layout = std::make_unique<BookLayout>(lay_out(s.fonts(), blocks, m));
    answer.page_count = layout->page_count();
    int shown_page = std::clamp(page, 0, answer.page_count - 1);
    if (bool more = shown_page + 1 < answer.page_count; more != s.book_goes_on)
        s.book_goes_on = more, s.again = true;  // the bar is drawn already

    BookPass pass{s, blocks, answer};
    float left = frame.text_left;
    if (frame.contents_beside) {
        pass.contents(*layout, r.x, r.y, frame.contents_width, m.column_height, shown_page);
        s.paint.rect({r.x + frame.contents_width + s.mm(5), r.y, 1, m.column_height}, t.line);
    }
    if (s.contents_open && !frame.contents_beside) {
        pass.contents(*layout, left, r.y, frame.text_width, m.column_height, shown_page);
    } else {
        for (int c = 0; c < frame.columns; ++c)
            pass.column(*layout, static_cast<std::size_t>(shown_page * frame.columns + c),
                        left + static_cast<float>(c) * (m.column_width + frame.between), r.y);
    }
    int turn = frame.turns == BookFrame::Turns::beside ? turns_beside(pass, frame, r, shown_page)
                                                       : turns_below(pass, frame, r, shown_page);

    if (!s.blocked()) {
        if (s.key_pressed(Key::page_down) || (s.edit_owner == 0 && s.key_pressed(Key::right))) turn = 1;
        if (s.key_pressed(Key::page_up) || (s.edit_owner == 0 && s.key_pressed(Key::left))) turn = -1;
        float dx = s.pointer.x - s.pointer.start_x, dy = s.pointer.y - s.pointer.start_y;
        bool on_text = s.inside({r.x, r.y, r.width, m.column_height}, s.pointer.start_x, s.pointer.start_y);
        if (s.pointer.went_up && on_text && std::fabs(dx) > s.mm(14) && std::fabs(dx) > 1.5F * std::fabs(dy))
            turn = dx < 0 ? 1 : -1;
    }
    int wanted = std::clamp(shown_page + turn, 0, answer.page_count - 1);
    if (wanted != page && !answer.page && (turn != 0 || page != shown_page)) answer.page = wanted;
    if (answer.page) s.again = true;
    return answer;
}

}  // namespace kiosk
