// What is read: headings, text, notices, and the shared way of setting lines and buttons.
#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {

// Large type stands closer.
float Ui::State::line_step(Font font) const {
    return std::round(font.size * (font.size > body().size * 1.3F ? 1.24F : line_height));
}

Font Ui::State::fit_words(std::string_view text, Font font) const {
    float widest = 0;
    for (auto word : core::split(text, ' ')) widest = std::max(widest, fonts().width(font, word));
    if (widest > flow.width) font.size *= flow.width / widest * 0.99F;
    return font;
}

float Ui::State::lines_height(std::string_view text, Font font, float width) const {
    return static_cast<float>(wrap(fonts(), text, font, width).size()) * line_step(font);
}

float Ui::State::draw_lines(float x, float y, float width, std::string_view text, Font font, core::Rgb colour,
                            bool centred) {
    float step = line_step(font), top = y;
    for (const auto& line : wrap(fonts(), text, font, width)) {
        paint.text(centred ? x + (width - line.width) / 2 : x, y + baseline_in(step, font), line.text, font,
                   colour);
        y += step;
    }
    return y - top;
}

void Ui::State::text_block(Role role, std::string_view text, Font font, core::Rgb colour, float tracking) {
    if (text.empty()) return;
    float step = line_step(font);
    Rect whole;
    std::size_t first_item = items.size();
    float room = flow.width - tracking * static_cast<float>(text.size());
    if (spec.centred && view_top + flow.y - page_from() < tools_bottom)
        room = std::min(room, static_cast<float>(platform.width_px) - 2 * mm(42));
    room = std::max(room, mm(30));
    if (role == Role::heading || spec.centred) room = balanced_width(fonts(), text, font, room);
    for (const auto& line : wrap(fonts(), text, font, room)) {
        Rect r = on_screen(flow.x, flow.width, take(step));
        if (r.width <= 0) continue;
        float x = spec.centred ? r.x + (r.width - line.width) / 2 : r.x;
        paint.text(x, r.y + baseline_in(step, font), line.text, font, colour, tracking);
        whole = whole.width > 0 ? Rect{whole.x, whole.y, whole.width, r.y + r.height - whole.y} : r;
    }
    node(role, whole, text);
    // Two lines are one thought: a page does not end between them. Longer texts fill their pages.
    if (items.size() == first_item + 2) {
        items[first_item].bottom = items.back().bottom;
        items.pop_back();
    }
}

core::Rgb Ui::State::tone_colour(Tone tone) const {
    switch (tone) {
        case Tone::neutral:
            return theme().accent;
        case Tone::done:
            return theme().done;
        case Tone::warn:
            return theme().warn;
        case Tone::error:
            return theme().error;
    }
    return theme().ink;
}

void Ui::State::focus_ring(Rect r, float radius) {
    if (focus_visible) ring(r, radius);
}

void Ui::State::ring(Rect r, float radius) {
    float gap_px = std::max(1.0F, mm(0.4));
    Rect inner{r.x - gap_px, r.y - gap_px, r.width + 2 * gap_px, r.height + 2 * gap_px};
    if (!high()) paint.border(inner, radius + gap_px, 2, theme().ink);
    constexpr float thick = 4;
    Rect outer{inner.x - thick, inner.y - thick, inner.width + 2 * thick, inner.height + 2 * thick};
    paint.border(outer, radius + gap_px + thick, thick, theme().focus);
}

float Ui::State::button_height(std::string_view label, float width, bool with_icon) const {
    float room = width - mm(5) - (with_icon ? bold().size * 1.1F + mm(2) : 0);
    auto lines = static_cast<float>(wrap(fonts(), label, bold(), std::max(room, mm(10))).size());
    return std::max(target(), lines * std::round(bold().size * 1.25F) + mm(6));
}

bool Ui::State::draw_button(Rect r, std::string_view label, ButtonKind kind, bool enabled,
                            std::optional<Icon> icon, std::optional<ItemSpan> content, bool small_label) {
    Act act = operate(id_of("button", label), r, enabled, false, content);
    SemanticNode& n = node(Role::button, r, label);
    n.enabled = enabled && !blocked(), n.focused = act.focused;
    if (layer == Layer::ask) n.id = "ask";
    if (r.width <= 0) return act.clicked;
    const Theme& t = theme();
    core::Rgb fill = t.card, ink = t.accent, edge = t.accent;
    if (kind == ButtonKind::primary) fill = edge = t.accent, ink = t.on_accent;
    if (kind == ButtonKind::quiet) fill = edge = t.paper;
    if (kind == ButtonKind::dangerous) ink = edge = t.error;
    if (!enabled) {
        ink = high() ? t.ink_soft : mix(t.ink_soft, t.paper, 0.25), edge = t.line;
        if (kind == ButtonKind::primary) fill = high() ? t.card : mix(t.paper, t.line, 0.6);
    }
    if (act.pressed)
        fill = kind == ButtonKind::primary ? mix(t.accent, t.ink, 0.35) : mix(t.card, t.accent, 0.14);
    float radius = mm(2);
    if (kind != ButtonKind::quiet || act.pressed) paint.rounded(r, radius, fill);
    if (kind != ButtonKind::quiet) paint.border(r, radius, high() ? 3 : mm(0.3), edge);
    Font font = small_label ? small_font() : bold();
    float side = icon ? std::round(font.size * 1.1F) : 0, icon_room = icon ? side + mm(2) : 0;
    float room = std::max(r.width - mm(5) - icon_room, mm(8));
    auto lines = wrap(fonts(), label, font, balanced_width(fonts(), label, font, room));
    float widest = 0, step = std::round(font.size * 1.25F);
    for (const auto& line : lines) widest = std::max(widest, line.width);
    float x = r.x + (r.width - widest - icon_room) / 2,
          y = r.y + (r.height - step * static_cast<float>(lines.size())) / 2;
    if (icon) paint.icon(*icon, x, r.y + (r.height - side) / 2, side, ink);
    for (const auto& line : lines) {
        float line_x = icon ? x + icon_room : r.x + (r.width - line.width) / 2;
        paint.text(line_x, y + baseline_in(step, font), line.text, font, ink);
        y += step;
    }
    if (act.focused) focus_ring(r, radius);
    return act.clicked;
}

// --- the public side

void Ui::heading(std::string_view text, core::Face face) {
    auto& s = *state_;
    if (s.flow.y > 0 && s.content_bottom > 0) s.gap(3);
    float top = s.flow.y;
    s.text_block(Role::heading, text, s.fit_words(text, s.scaled(face, 1.35)), s.theme().ink);
    s.gap(3.5);
    s.keep_top = top;
}

void Ui::title(std::string_view text) {
    auto& s = *state_;
    Font font = s.scaled(core::Face::serif, s.flow.width < s.mm(120) ? 2.2 : 3);
    s.text_block(Role::heading, text, s.fit_words(text, font), s.theme().ink);
    s.gap(3);
}

void Ui::paragraph(std::string_view text) {
    auto& s = *state_;
    s.text_block(Role::text, text, s.body(), s.theme().ink);
    s.gap(3.5);
}

void Ui::small(std::string_view text) {
    auto& s = *state_;
    s.text_block(Role::text, text, s.small_font(), s.theme().ink_soft);
    s.gap(2.5);
}

void Ui::figure(std::string_view text) {
    auto& s = *state_;
    Font font = s.scaled(core::Face::sans_bold, 3);
    float width = s.fonts().width(font, text, s.mm(0.3));
    if (width > s.flow.width) font.size *= s.flow.width / width;
    s.text_block(Role::text, text, font, s.theme().ink, s.mm(0.3));
    s.gap(2);
}

void Ui::notice(Tone tone, std::string_view text) {
    auto& s = *state_;
    core::Rgb colour = s.tone_colour(tone);
    Icon icon = tone == Tone::done    ? Icon::check
                : tone == Tone::warn  ? Icon::warn
                : tone == Tone::error ? Icon::error
                                      : Icon::info;
    const char* name = tone == Tone::done   ? "ui.tone.done"
                       : tone == Tone::warn ? "ui.tone.warn"
                                            : "ui.tone.error";
    std::string word = tone == Tone::neutral ? std::string() : s.say(name);
    float padding = s.mm(5), side = std::round(s.body().size * 1.3F), inset = padding + side + s.mm(4);
    float width = s.flow.width - inset - padding,
          word_height = word.empty() ? 0 : std::round(s.bold().size * line_height);
    ItemSpan span = s.take(word_height + s.lines_height(text, s.body(), width) + 2 * padding - s.mm(1));
    Rect r = s.on_screen(s.flow.x, s.flow.width, span);
    s.node(Role::status, r, text, word);
    if (r.width > 0) {
        s.paint.rounded(r, s.mm(2), s.tint(colour));
        s.paint.border(r, s.mm(2), s.high() ? 3 : s.mm(0.2),
                       s.high() ? s.theme().line : mix(s.theme().card, colour, 0.35));
        s.paint.icon(icon, r.x + padding, r.y + padding, side, colour);
        float y = r.y + padding - s.mm(0.5);
        if (!word.empty()) y += s.draw_lines(r.x + inset, y, width, word, s.bold(), colour);
        s.draw_lines(r.x + inset, y, width, text, s.body(), s.theme().ink);
    }
    s.gap(4);
}

// One mistake needs no headline: the words at the field, and the way there, in as few lines as may be.
void Ui::error_summary(const std::vector<std::pair<std::string, std::string>>& field_and_words) {
    auto& s = *state_;
    if (field_and_words.empty()) return;
    const Theme& t = s.theme();
    bool alone = field_and_words.size() == 1;
    std::string lead = s.say("ui.errors");
    float padding = s.mm(alone ? 2 : 3), side = std::round(s.body().size * 1.3F),
          inset = s.mm(5) + side + s.mm(4), width = s.flow.width - inset - s.mm(5);
    float lead_height = alone ? 0 : s.lines_height(lead, s.bold(), width);
    auto row_height = [&](const std::string& text) {
        return std::max(s.mm(alone ? 10 : 9), s.lines_height(text, s.body(), width) + s.mm(2));
    };
    // The headline stays with the first line. Where all is more than a page, the others go on to the next.
    std::size_t first_item = s.items.size();
    std::vector<ItemSpan> rows;
    std::uint64_t said = hash_bytes(s.screen.data(), s.screen.size());
    for (const auto& [field, text] : field_and_words) {
        bool first = rows.empty(), last = rows.size() + 1 == field_and_words.size();
        rows.push_back(s.take((first ? padding + lead_height : 0) + row_height(text) + (last ? padding : 0)));
        said = hash_bytes(text.data(), text.size(), said);
    }
    ItemSpan whole{rows.front().top, rows.back().bottom};
    if (whole.bottom - whole.top <= s.view_bottom_paged - s.view_top) {
        s.items.resize(first_item);
        s.items.push_back(whole);
        rows.assign(rows.size(), whole);
    }

    Rect box;  // of what is on this page
    for (const auto& row : rows)
        if (Rect r = s.on_screen(s.flow.x, s.flow.width, row); r.width > 0)
            box = box.width > 0 ? Rect{box.x, box.y, box.width, r.y + r.height - box.y} : r;
    if (box.width > 0) {
        s.paint.rounded(box, s.mm(2), s.tint(t.error));
        s.paint.border(box, s.mm(2), s.high() ? 3 : s.mm(0.5), t.error);
    }

    WidgetId own = s.id_of("errors", {});
    bool anew = s.errors_pass + 1 != s.pass || s.errors_said != said || s.acted_pass + 1 == s.pass;
    s.errors_pass = s.pass, s.errors_said = said;
    if (anew && !s.blocked()) s.focus_request = own, s.again = true;
    Rect head = s.on_screen(s.flow.x, s.flow.width, rows.front());
    Act resting = s.operate(own, {}, true, false, rows.front());
    s.node(Role::errors, head, lead, resting);
    if (resting.focused && box.width > 0) s.focus_ring(box, s.mm(2));
    if (head.width > 0) {
        float icon_y = alone ? head.y + (head.height - side) / 2 : head.y + padding;
        s.paint.icon(Icon::error, head.x + s.mm(5), icon_y, side, t.error);
        if (!alone) s.draw_lines(head.x + inset, head.y + padding, width, lead, s.bold(), t.error);
    }

    float y = whole.top + padding + lead_height;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& [field, text] = field_and_words[i];
        float height = row_height(text);
        Rect link = s.on_screen(s.flow.x + inset, width, rows[i]);
        if (link.width > 0) link.y += y - rows[i].top, link.height = height;
        Act act = s.operate(s.id_of("error", text), link, true, false, rows[i]);
        if (act.clicked) focus(field);
        s.node(Role::link, link, text, act);
        if (link.width > 0) {
            float tall = s.lines_height(text, s.body(), width), text_y = link.y + (height - tall) / 2;
            s.draw_lines(link.x, text_y, width, text, s.body(), t.error);
            for (const auto& line : wrap(s.fonts(), text, s.body(), width)) {
                text_y += s.line_step(s.body());
                s.paint.line(link.x, link.x + line.width, text_y - s.mm(0.6), s.mm(0.2), t.error);
            }
            if (act.focused) s.focus_ring(link, s.mm(1));
        }
        y += height;
    }
    s.gap(alone ? 3 : 4);
}

}  // namespace kiosk
