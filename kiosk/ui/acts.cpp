// What is done: buttons, rows, boxes, choices, summary rows, tables and questions.
#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

float text_height(Font font) { return std::round(font.size * line_height); }

}  // namespace

bool Ui::button(std::string_view label, ButtonKind kind, bool enabled) {
    auto& s = *state_;
    std::optional<Icon> icon;
    if (kind == ButtonKind::dangerous) icon = Icon::warn;
    float least = kind == ButtonKind::primary ? s.mm(80) : s.mm(40);
    float width = std::min(s.flow.width, std::max(least, s.button_width(label, icon.has_value())));
    float height =
        s.button_height(label, width, icon.has_value()) + (kind == ButtonKind::primary ? s.mm(1) : 0);
    ItemSpan span = s.take(height);
    float x = s.spec.centred              ? s.flow.x + (s.flow.width - width) / 2
              : kind == ButtonKind::quiet ? s.flow.x - s.mm(5)
                                          : s.flow.x;
    bool clicked = s.draw_button(s.on_screen(x, width, span), label, kind, enabled, icon, span);
    s.gap(6);
    return clicked;
}

std::optional<int> Ui::buttons(const std::vector<std::string>& labels, ButtonKind kind) {
    auto& s = *state_;
    std::optional<int> chosen;
    float between = s.mm(6);
    auto width_of = [&](std::size_t i) {
        return std::min(s.flow.width, std::max(s.mm(28), s.button_width(labels[i], false)));
    };
    // As many in a row as have room; then as evenly as they are, so that none stands alone on the last.
    auto row_end = [&](std::size_t first, std::size_t most) {
        float used = width_of(first);
        std::size_t end = first + 1;
        for (; end < labels.size() && end - first < most; ++end) {
            used += between + width_of(end);
            if (used > s.flow.width) break;
        }
        return end;
    };
    std::size_t rows = 0;
    for (std::size_t first = 0; first < labels.size(); first = row_end(first, labels.size())) ++rows;
    std::size_t most = rows > 0 ? (labels.size() + rows - 1) / rows : 0;
    float widest = 0;
    for (std::size_t i = 0; rows > 1 && i < labels.size(); ++i) widest = std::max(widest, width_of(i));
    bool equal = static_cast<float>(most) * (widest + between) - between <= s.flow.width;  // in columns, then
    auto placed_width = [&](std::size_t i) { return equal ? std::max(widest, width_of(i)) : width_of(i); };
    for (std::size_t first = 0; first < labels.size();) {
        std::size_t end = row_end(first, most);
        float used = between * static_cast<float>(end - first - 1), height = s.target();
        for (std::size_t i = first; i < end; ++i) {
            used += placed_width(i);
            height = std::max(height, s.button_height(labels[i], placed_width(i), false));
        }
        ItemSpan span = s.take(height);
        float x = s.spec.centred ? s.flow.x + (s.flow.width - used) / 2 : s.flow.x;
        for (std::size_t i = first; i < end; ++i) {
            float w = placed_width(i);
            if (s.draw_button(s.on_screen(x, w, span), labels[i], kind, true, std::nullopt, span))
                chosen = static_cast<int>(i);
            x += w + between;
        }
        s.gap(6);
        first = end;
    }
    return chosen;
}

// A wide row's words, and the room that they take in a column of that width.
struct Ui::RowWords {
    std::string_view label, detail, action;
    float width = 0, label_height = 0, detail_height = 0, action_width = 0;

    static float chevron(const State& s) { return std::round(s.body().size * 0.9F); }
    static float padding(const State& s) { return s.mm(5); }

    RowWords(State& s, float column, std::string_view row_label, std::string_view row_detail,
             std::string_view row_action)
        : label(row_label), detail(row_detail), action(row_action) {
        action_width = action.empty() ? 0 : s.paint.width(action, s.bold()) + s.mm(3);
        width = column - 2 * padding(s) - chevron(s) - s.mm(3) - action_width;
        label_height = s.lines_height(label, s.bold(), width);
        detail_height = detail.empty() ? 0 : s.lines_height(detail, s.small_font(), width);
    }
    float height(const State& s) const { return std::max(s.mm(17), label_height + detail_height + s.mm(6)); }
};

bool Ui::row(std::string_view label, std::string_view detail, std::string_view action) {
    RowWords words(*state_, state_->flow.width, label, detail, action);
    return draw_row(words, words.height(*state_));
}

std::optional<std::size_t> Ui::rows(const std::vector<std::pair<std::string, std::string>>& all) {
    auto& s = *state_;
    std::optional<std::size_t> tapped;
    bool stacked = columns_stack();
    auto words = [&](std::size_t i) { return RowWords(s, s.flow.width, all[i].first, all[i].second, {}); };
    auto draw = [&](std::size_t i) {
        if (i >= all.size()) return;
        float height = words(i).height(s);
        if (std::size_t beside = i ^ 1U; !stacked && beside < all.size())
            height = std::max(height, words(beside).height(s));
        if (draw_row(words(i), height)) tapped = i;
    };
    for (std::size_t i = 0; i < all.size(); i += 2) columns({1, 1}, {[&] { draw(i); }, [&] { draw(i + 1); }});
    return tapped;
}

bool Ui::draw_row(const RowWords& words, float height) {
    auto& s = *state_;
    const Theme& t = s.theme();
    auto [label, detail, action, width, label_height, detail_height, action_width] = words;
    float padding = RowWords::padding(s), chevron = RowWords::chevron(s);
    ItemSpan span = s.take(height);
    Rect r = s.on_screen(s.flow.x, s.flow.width, span);
    Act act = s.operate(s.id_of("row", label), r, true, false, span);
    std::string told(detail);
    if (!action.empty()) told += (told.empty() ? "" : " · ") + std::string(action);
    SemanticNode& n = s.node(Role::row, r, label, told);
    n.enabled = !s.blocked(), n.focused = act.focused;
    if (r.width > 0) {
        s.paint.rounded(r, s.mm(2), act.pressed ? mix(t.card, t.accent, 0.14) : t.card);
        s.paint.border(r, s.mm(2), s.high() ? 3 : s.mm(0.2), t.line);
        float y = r.y + (r.height - label_height - detail_height) / 2;
        y += s.draw_lines(r.x + padding, y, width, label, s.bold(), t.ink);
        if (!detail.empty()) s.draw_lines(r.x + padding, y, width, detail, s.small_font(), t.ink_soft);
        float right = r.x + r.width - padding - chevron;
        s.paint.icon(Icon::forward, right, r.y + (r.height - chevron) / 2, chevron, t.accent);
        if (!action.empty())
            s.paint.text(right - action_width, r.y + baseline_in(r.height, s.bold()), action, s.bold(),
                         t.accent);
        if (act.focused) s.focus_ring(r, s.mm(2));
    }
    s.gap(2);
    return act.clicked;
}

std::optional<bool> Ui::checkbox(std::string_view label, bool checked, std::string_view detail) {
    auto& s = *state_;
    const Theme& t = s.theme();
    bool narrow = static_cast<float>(s.platform.width_px) < s.mm(120);  // a small tablet, upright
    float box = std::round(std::max(s.mm(8), s.body().size * 1.35F)), inset = box + s.mm(narrow ? 3.5 : 5),
          width = s.flow.width - inset - s.mm(narrow ? 0 : 2);
    float label_height = s.lines_height(label, s.body(), width);
    float detail_height = detail.empty() ? 0 : s.lines_height(detail, s.small_font(), width);
    ItemSpan span =
        s.take(std::max(s.target(), std::max(box, text_height(s.body())) +
                                        (label_height - text_height(s.body())) + detail_height + s.mm(4)));
    Rect r = s.on_screen(s.flow.x, s.flow.width, span);
    Act act = s.operate(s.id_of("checkbox", label), r, true, false, span);
    SemanticNode& n = s.node(Role::checkbox, r, label, detail);
    n.enabled = !s.blocked(), n.checked = checked, n.focused = act.focused;
    if (r.width > 0) {
        Rect square{r.x, r.y + s.mm(2), box, box};
        s.paint.rounded(square, s.mm(1.2),
                        checked       ? t.accent
                        : act.pressed ? mix(t.card, t.accent, 0.14)
                                      : t.card);
        s.paint.border(square, s.mm(1.2), s.high() ? 3 : s.mm(0.45), checked ? t.accent : t.ink_soft);
        if (checked)
            s.paint.icon(Icon::check, square.x + box * 0.1F, square.y + box * 0.1F, box * 0.8F, t.on_accent);
        float y = square.y + (box - text_height(s.body())) / 2;
        y += s.draw_lines(r.x + inset, y, width, label, s.body(), t.ink);
        if (!detail.empty()) s.draw_lines(r.x + inset, y, width, detail, s.small_font(), t.ink_soft);
        if (act.focused) s.focus_ring({r.x - s.mm(1), r.y, r.width + s.mm(2), r.height}, s.mm(2));
    }
    s.gap(narrow ? 1.5 : 3);
    return act.clicked ? std::optional<bool>(!checked) : std::nullopt;
}

std::optional<int> Ui::choice(std::string_view label, const std::vector<std::string>& options, int chosen) {
    auto& s = *state_;
    const Theme& t = s.theme();
    std::optional<int> answer;
    if (!label.empty()) {
        float top = s.flow.y;
        s.text_block(Role::text, label, s.bold(), t.ink);
        s.gap(2);
        s.keep_top = top;
    }
    float ring = std::round(std::max(s.mm(7), s.body().size * 1.15F)), padding = s.mm(4),
          inset = padding + ring + s.mm(4);
    float widest = 0, between = s.mm(3);
    for (const auto& option : options)
        widest = std::max(widest, s.paint.width(option, s.body()) + inset + padding);
    auto in_row = static_cast<int>((s.flow.width + between) / (widest + between));
    // Words stand two in a row at most; single letters as many as there is room for, in even rows.
    int count = static_cast<int>(options.size()), most = widest < s.mm(30) ? count : std::min(2, count);
    in_row = std::clamp(in_row, 1, std::max(1, most));
    if (int rows = (count + in_row - 1) / in_row; rows > 0) in_row = (count + rows - 1) / rows;
    float cell = (s.flow.width - between * static_cast<float>(in_row - 1)) / static_cast<float>(in_row);
    std::size_t first_item = s.items.size();
    for (int first = 0; first < static_cast<int>(options.size()); first += in_row) {
        int end = std::min(first + in_row, static_cast<int>(options.size()));
        float height = s.target();
        for (int i = first; i < end; ++i)
            height = std::max(height, s.lines_height(options[static_cast<std::size_t>(i)], s.body(),
                                                     cell - inset - padding) +
                                          s.mm(5));
        ItemSpan span = s.take(height);
        for (int i = first; i < end; ++i) {
            const auto& option = options[static_cast<std::size_t>(i)];
            Rect r = s.on_screen(s.flow.x + static_cast<float>(i - first) * (cell + between), cell, span);
            Act act = s.operate(s.id_of("choice", option), r, true, false, span);
            SemanticNode& n = s.node(Role::radio, r, option, label);
            n.enabled = !s.blocked(), n.checked = i == chosen, n.focused = act.focused;
            if (act.clicked) answer = i;
            if (r.width <= 0) continue;
            bool on = i == chosen;
            s.paint.rounded(r, s.mm(2), on || act.pressed ? s.tint(t.accent) : t.card);
            s.paint.border(r, s.mm(2), s.high() ? 3 : on ? s.mm(0.5) : s.mm(0.2), on ? t.accent : t.line);
            Rect circle{r.x + padding, r.y + (r.height - ring) / 2, ring, ring};
            s.paint.rounded(circle, ring / 2, t.card);
            s.paint.border(circle, ring / 2, s.mm(0.45), on ? t.accent : t.ink_soft);
            if (on) s.paint.disc(circle.x + ring / 2, circle.y + ring / 2, ring * 0.27F, t.accent);
            float h = s.lines_height(option, s.body(), cell - inset - padding);
            s.draw_lines(r.x + inset, r.y + (r.height - h) / 2, cell - inset - padding, option, s.body(),
                         t.ink);
            if (act.focused) s.focus_ring(r, s.mm(2));
        }
        s.gap(3);
    }
    // All that can be chosen is seen at once, where one page has room for it.
    if (s.items.size() > first_item) {
        ItemSpan whole{s.items[first_item].top, s.items.back().bottom};
        if (whole.bottom - whole.top < (s.view_bottom_paged - s.view_top) * 0.95F) {
            s.items.resize(first_item);
            s.items.push_back(whole);
        }
    }
    s.gap(3);
    return answer;
}

bool Ui::summary_row(std::string_view label, std::string_view value, std::string_view change) {
    auto& s = *state_;
    const Theme& t = s.theme();
    float change_width = change.empty() ? 0 : s.button_width(change, false) - s.mm(4);
    bool stacked = s.flow.width < s.mm(110);
    float room = s.flow.width - change_width - s.mm(4), label_width = stacked ? room : room * 0.36F;
    float value_width = stacked ? room : room - label_width - s.mm(4);
    float label_height = s.lines_height(label, s.small_font(), label_width),
          value_height = s.lines_height(value, s.body(), value_width);
    float text = stacked ? label_height + value_height : std::max(label_height, value_height);
    ItemSpan span = s.take(std::max(change.empty() ? 0 : s.target(), text + s.mm(stacked ? 2 : 3)));
    Rect r = s.on_screen(s.flow.x, s.flow.width, span);
    s.node(Role::text, r, label, value);
    if (r.width > 0) {
        float y = r.y + (r.height - text) / 2;
        float rise = (text_height(s.body()) - text_height(s.small_font())) / 2;
        s.draw_lines(r.x, y + (stacked ? 0 : rise), label_width, label, s.small_font(), t.ink_soft);
        s.draw_lines(stacked ? r.x : r.x + label_width + s.mm(4), stacked ? y + label_height : y, value_width,
                     value, s.body(), t.ink);
        s.paint.line(r.x, r.x + r.width, r.y + r.height, s.mm(0.2), t.line);
    }
    bool clicked = false;
    if (!change.empty()) {
        Rect b = r.width > 0 ? Rect{r.x + r.width - change_width, r.y + (r.height - s.target()) / 2,
                                    change_width, s.target()}
                             : Rect{};
        clicked = s.draw_button(b, change, ButtonKind::quiet, true, std::nullopt, span);
    }
    return clicked;
}

TableAnswer Ui::table(const std::vector<TableColumn>& columns,
                      const std::vector<std::vector<std::string>>& rows, std::string_view empty) {
    auto& s = *state_;
    const Theme& t = s.theme();
    TableAnswer answer;
    double total = 0;
    for (const auto& column : columns) total += column.share;
    float padding = s.mm(3), head_height = text_height(s.small_font()) + s.mm(3);
    std::vector<float> x{s.flow.x + padding};
    for (const auto& column : columns)
        x.push_back(x.back() + (s.flow.width - 2 * padding) * static_cast<float>(column.share / total));
    // On a narrow screen no word is torn: the first column's text stands alone, and the rest in a line below it.
    bool narrow = false;
    for (const auto& row : rows)
        for (std::size_t c = 0; c < columns.size() && c < row.size(); ++c)
            for (auto word : core::split(row[c], ' '))
                narrow =
                    narrow || s.paint.width(word, c == 0 ? s.bold() : s.body()) > x[c + 1] - x[c] - s.mm(3);
    float whole_width = s.flow.width - 2 * padding;
    std::string headings;
    for (const auto& column : columns) headings += (headings.empty() ? "" : " · ") + column.heading;
    if (narrow) head_height = s.lines_height(headings, s.small_font(), whole_width) + s.mm(3);
    ItemSpan head = s.take(head_height);
    Rect r = s.on_screen(s.flow.x, s.flow.width, head);
    for (std::size_t c = 0; c < columns.size(); ++c) {
        s.node(Role::table, r, columns[c].heading);
        if (r.width > 0 && !narrow)
            s.paint.text(x[c], r.y + baseline_in(head_height, s.small_font()), columns[c].heading,
                         s.small_font(), t.ink_soft);
    }
    if (r.width > 0 && narrow)
        s.draw_lines(x[0], r.y + s.mm(1.5), whole_width, headings, s.small_font(), t.ink_soft);
    if (r.width > 0) s.paint.line(r.x, r.x + r.width, r.y + r.height, s.mm(0.35), t.ink_soft);
    if (rows.empty()) {
        s.gap(3);
        paragraph(empty);
        return answer;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        float height = s.target();
        std::string rest;
        for (std::size_t c = 0; c < columns.size() && c < rows[i].size(); ++c) {
            if (!narrow)
                height = std::max(height, s.lines_height(rows[i][c], c == 0 ? s.bold() : s.body(),
                                                         x[c + 1] - x[c] - s.mm(3)) +
                                              s.mm(4));
            if (c > 0 && !rows[i][c].empty()) rest += (rest.empty() ? "" : " · ") + rows[i][c];
        }
        if (narrow && !rows[i].empty())
            height = std::max(height, s.lines_height(rows[i][0], s.bold(), whole_width) +
                                          s.lines_height(rest, s.small_font(), whole_width) + s.mm(5));
        ItemSpan span = s.take(height);
        Rect row_rect = s.on_screen(s.flow.x, s.flow.width, span);
        std::string label = rows[i].empty() ? std::string() : rows[i][0];
        Act act = s.operate(s.id_of("table", label), row_rect, true, false, span);
        SemanticNode& n = s.node(Role::row, row_rect, label, rest);
        n.enabled = !s.blocked(), n.focused = act.focused;
        if (act.clicked) answer.row = static_cast<int>(i);
        if (row_rect.width <= 0) continue;
        if (act.pressed) s.paint.rect(row_rect, mix(t.paper, t.accent, 0.12));
        if (narrow) {
            float first = s.lines_height(label, s.bold(), whole_width),
                  y = row_rect.y +
                      (row_rect.height - first - s.lines_height(rest, s.small_font(), whole_width)) / 2;
            s.draw_lines(x[0], y, whole_width, label, s.bold(), t.ink);
            s.draw_lines(x[0], y + first, whole_width, rest, s.small_font(), t.ink_soft);
        }
        for (std::size_t c = 0; !narrow && c < columns.size() && c < rows[i].size(); ++c) {
            Font font = c == 0 ? s.bold() : s.body();
            float width = x[c + 1] - x[c] - s.mm(3), h = s.lines_height(rows[i][c], font, width);
            s.draw_lines(x[c], row_rect.y + (row_rect.height - h) / 2, width, rows[i][c], font, t.ink);
        }
        s.paint.line(row_rect.x, row_rect.x + row_rect.width, row_rect.y + row_rect.height, s.mm(0.2),
                     t.line);
        if (act.focused)
            s.focus_ring({row_rect.x, row_rect.y + 6, row_rect.width, row_rect.height - 12}, s.mm(1));
    }
    s.gap(4);
    return answer;
}

std::optional<int> Ui::ask(std::string_view question, std::string_view yes, std::string_view no,
                           Behind behind) {
    auto& s = *state_;
    const Theme& t = s.theme();
    s.asking_now = true, s.hides_page = behind == Behind::hidden;
    if (!s.asking) {  // the page below must let go first
        s.again = true, s.active = 0, s.focus = 0;
        return std::nullopt;
    }
    Layer layer_before = s.layer;
    ImDrawList* list_before = s.paint.list();
    s.layer = Layer::ask;
    s.paint.begin(&s.over_list);
    float width = static_cast<float>(s.platform.width_px), height = static_cast<float>(s.platform.height_px);
    float padding = s.mm(8), box_width = std::min(width - s.mm(16), s.mm(150)),
          inner = box_width - 2 * padding;
    float yes_width = s.button_width(yes, false), no_width = s.button_width(no, false);
    bool alone = no.empty();
    bool stacked = !alone && yes_width + no_width + s.mm(6) > inner;
    yes_width = std::min(std::max(yes_width, s.mm(36)), inner),
    no_width = std::min(std::max(no_width, s.mm(36)), inner);
    float button = std::max(s.button_height(yes, yes_width, false), s.button_height(no, no_width, false));
    float acts = s.mm(8) + button * (stacked ? 2 : 1) + (stacked ? s.mm(6) : 0);
    // A long explanation is set smaller rather than cut off.
    Font font = s.scaled(core::Face::sans, 0.5);
    float text = s.lines_height(question, font, inner);
    for (double step = 0; step > -2.5 && 2 * padding + text + acts > height - s.mm(8); step -= 0.5) {
        font = s.scaled(core::Face::sans, step);
        text = s.lines_height(question, font, inner);
    }
    float box_height = 2 * padding + text + acts;
    Rect box{(width - box_width) / 2, std::max(s.mm(4), (height - box_height) * 0.42F), box_width,
             box_height};
    if (s.hides_page)
        s.paint.rect({0, 0, width, height}, t.paper);
    else
        s.paint.rect({0, 0, width, height}, s.high() ? t.paper : t.ink, s.high() ? 0.8 : 0.45);
    s.paint.rounded(box, s.mm(2), t.card);
    if (s.high() || s.hides_page) s.paint.border(box, s.mm(2), s.high() ? 3 : s.mm(0.2), t.line);
    float y = box.y + padding;
    SemanticNode& n = s.node(Role::status, {box.x + padding, y, inner, text}, question);
    n.id = "ask";
    y += s.draw_lines(box.x + padding, y, inner, question, font, t.ink) + s.mm(8);
    std::optional<int> answer;
    // The safe answer stands to the left and is first in order.
    Rect no_rect{box.x + padding, y, stacked ? inner : no_width, button};
    Rect yes_rect = stacked ? Rect{box.x + padding, y + button + s.mm(6), inner, button}
                            : Rect{box.x + box_width - padding - yes_width, y, yes_width, button};
    if (!alone && s.draw_button(no_rect, no, ButtonKind::secondary, true, std::nullopt)) answer = 0;
    if (s.draw_button(yes_rect, yes, ButtonKind::primary, true, std::nullopt)) answer = 1;
    if (s.key_pressed(Key::escape)) answer = 0, s.again = true;
    s.paint.begin(list_before);
    s.layer = layer_before;
    return answer;
}

}  // namespace kiosk
