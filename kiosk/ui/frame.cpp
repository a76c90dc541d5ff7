// The frame around every screen: bars, pages of content that is taller than the view, and the flow that
// widgets stand in.
#include <algorithm>
#include <cmath>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

constexpr double least_beside_mm = 108;  // of width, for columns beside each other at the normal text size
constexpr double normal_body_mm = 4.9;   // of TextSize::normal
constexpr float most_characters = 70, character_width = 0.54F;  // of the em, Swedish prose in Noto Sans

TextSize next_size(TextSize size) {
    switch (size) {
        case TextSize::normal:
            return TextSize::large;
        case TextSize::large:
            return TextSize::larger;
        case TextSize::larger:
            return TextSize::largest;
        case TextSize::largest:
            return TextSize::normal;
    }
    return TextSize::normal;
}

float widest_word(const Ui::State& s, std::string_view text, Font font) {
    float widest = 0;
    for (auto word : core::split(text, ' ')) widest = std::max(widest, s.fonts().width(font, word));
    return widest;
}

// Beside a button that goes on with a long word or many, help is its icon alone: no word is broken, no button a tower.
bool help_is_bare(const Ui::State& s) {
    if (s.spec.help.empty() || s.spec.primary.empty()) return false;
    float room =
        static_cast<float>(s.platform.width_px) - 2 * s.mm(8) - s.mm(6) - s.button_width(s.spec.help, true);
    float widest = widest_word(s, s.spec.primary, s.bold()) + s.mm(12);
    return widest > room || wrap(s.fonts(), s.spec.primary, s.bold(), room - s.mm(5)).size() > 2;
}

float help_width(const Ui::State& s) {
    return help_is_bare(s) ? s.target() : s.button_width(s.spec.help, true);
}

}  // namespace

// --- flow

ItemSpan Ui::State::take(float height) {
    ItemSpan span{flow.y, flow.y + height};
    flow.y = span.bottom;
    float top = keep_top.value_or(span.top);
    // A heading does not stay where the keys leave no room for both.
    if (keyboard_open() && span.bottom - top > view_bottom_paged - view_top) top = span.top;
    items.push_back({top, span.bottom});
    keep_top.reset();
    content_bottom = std::max(content_bottom, span.bottom);
    return span;
}

bool Ui::State::shown(ItemSpan span) const {
    auto next = static_cast<std::size_t>(page) + 1;
    float to = next < page_starts.size() ? page_starts[next] : 1e9F;
    return span.bottom > page_from() + 0.5F && span.top < to - 0.5F;
}

Rect Ui::State::on_screen(float x, float width, ItemSpan span) const {
    if (!shown(span)) return {};
    return {x, view_top + span.top - page_from(), width, span.bottom - span.top};
}

void Ui::State::cut_pages() {
    std::vector<float> starts{0};
    bool too_tall = content_bottom > view_bottom - view_top + 0.5F;
    if (overflows) too_tall = content_bottom > view_bottom_paged - view_top + 0.5F || too_tall;
    float room = view_bottom_paged - view_top;
    while (too_tall && content_bottom > starts.back() + room + 0.5F && starts.size() < 200) {
        float cut = starts.back() + room;
        for (bool moved = true; moved;) {
            moved = false;
            for (const auto& item : items)
                if (item.top < cut - 0.5F && item.bottom > cut + 0.5F && item.top > starts.back() + 1)
                    cut = item.top, moved = true;
        }
        starts.push_back(cut);
    }
    if (starts.size() != page_starts.size() ||
        !std::equal(starts.begin(), starts.end(), page_starts.begin(),
                    [](float a, float b) { return std::fabs(a - b) < 0.5F; })) {
        again = true, reveal_focus = reveal_focus || edit_owner != 0;
        // Cut into as many pages or more, those before this one hold no more than they did.
        auto before = std::find(pages_shown.begin(), pages_shown.end(), false) - pages_shown.begin();
        bool no_more = starts.size() >= page_starts.size() && before >= page;
        pages_shown.assign(starts.size(), false);
        if (no_more) std::fill_n(pages_shown.begin(), page, true);
    }
    page_starts = starts;
    pages_shown.resize(page_starts.size());
    overflows = page_starts.size() > 1;
    int last = static_cast<int>(page_starts.size()) - 1;
    int wanted = std::clamp(page + page_turn, 0, last);
    auto shown_now = static_cast<std::size_t>(page);
    if (wanted != page)
        page = wanted, again = true;
    else if (!pages_shown[shown_now])
        pages_shown[shown_now] = true, again = true;  // the bar is drawn already
}

int Ui::State::page_of(ItemSpan span) const {
    int at = 0;
    for (std::size_t i = 0; i < page_starts.size(); ++i)
        if (span.top + 0.5F >= page_starts[i]) at = static_cast<int>(i);
    return at;
}

WidgetId Ui::State::page_stop(int index) { return hash_bytes(&index, sizeof index, hash_bytes("page", 4)); }

bool Ui::State::is_text_only(int index) const {
    return std::none_of(focus_order.begin(), focus_order.end(), [&](const FocusEntry& entry) {
        return entry.in_content && page_of(entry.span) == index;
    });
}

std::vector<FocusEntry> Ui::State::content_order() const {
    if (!overflows) return focus_order;
    std::vector<FocusEntry> order;
    int next = 0, count = static_cast<int>(page_starts.size());
    auto rest_until = [&](int end) {
        for (; next < end; ++next)
            if (is_text_only(next)) {
                float top = page_starts[static_cast<std::size_t>(next)];
                order.push_back({page_stop(next), Layer::base, false, true, {top, top}});
            }
    };
    for (const auto& entry : focus_order) {
        rest_until((entry.in_content ? page_of(entry.span) : page) + 1);
        order.push_back(entry);
    }
    rest_until(count);
    return order;
}

void Ui::State::draw_page_stop() {
    if (!overflows || focus != page_stop(page) || asking_now || !is_text_only(page)) return;
    auto next = static_cast<std::size_t>(page) + 1;
    float height = (next < page_starts.size() ? page_starts[next] : content_bottom) - page_from(), edge = mm(2);
    Rect r{flow.x - edge, view_top - mm(1), flow.width + 2 * edge, height + mm(1)};
    focus_ring(r, mm(2));
    node(Role::page, r,
         say("ui.page.place", {{"page", std::to_string(next)}, {"pages", std::to_string(page_starts.size())}}))
        .focused = true;
}

void Ui::State::change_screen(const std::string& name) {
    if (screen == name) return;
    screen = name;
    page = sheet = 0, page_starts = {0}, pages_shown.clear(), overflows = false, content_height_before = 0;
    if (focus_request == 0) focus = 0;
    active = 0, contents_open = book_goes_on = false, keyboard_dismissed = false;
    drop_edit();
    again = true;
}

// --- bars

float Ui::State::button_width(std::string_view label, bool with_icon, bool small_label) const {
    Font font = small_label ? small_font() : bold();
    return std::ceil(fonts().width(font, label)) + mm(small_label ? 6 : 12) +
           (with_icon ? font.size * 1.1F + mm(2) : 0);
}

float Ui::State::page_buttons_width(bool up_bare) const {
    return button_width(say("ui.more"), true, true) + mm(2) +
           (up_bare ? target() : button_width(say("ui.up"), true, true));
}

// One row where all fits: rather the way up without its word than a row more. Else the act that goes on
// stands lowest, with help; above it the quieter act and the page buttons, together or each in a row.
Ui::State::BarLayout Ui::State::bar_layout(bool with_pages) const {
    BarLayout layout;
    float gap_px = mm(6), room = static_cast<float>(platform.width_px) - 2 * mm(8);
    float help = spec.help.empty() ? 0 : help_width(*this) + gap_px;
    float pages = with_pages ? page_buttons_width(false) + gap_px : 0;
    float secondary = spec.secondary.empty() ? 0 : button_width(spec.secondary, false) + gap_px;
    float primary = spec.primary.empty() ? 0 : std::max(mm(50), button_width(spec.primary, false)) + gap_px;
    float used = help + pages + secondary + primary;
    if (used <= 0) return layout;
    layout.row_height = layout.upper_height = target();
    float saved = with_pages ? page_buttons_width(false) - page_buttons_width(true) : 0;
    if (used - gap_px > room && used - gap_px - saved <= room) layout.up_bare = true, used -= saved;
    if (used - gap_px > room) {
        bool both = pages > 0 && secondary > 0 && primary > 0;
        layout.pages_alone = both && pages + secondary - gap_px > room;
        bool second_row = pages > 0 || (secondary > 0 && primary > 0);
        layout.rows = layout.pages_alone ? 3 : second_row ? 2 : 1;
    }
    if (primary > 0)
        layout.row_height = std::max(
            layout.row_height, button_height(spec.primary, std::min(primary - gap_px, room - help), false));
    if (secondary > 0) {
        bool raised = layout.rows > 1 && primary > 0;
        float beside = raised ? room : room - help - primary;
        float& row = raised ? layout.upper_height : layout.row_height;
        row = std::max(row, button_height(spec.secondary, std::min(secondary - gap_px, beside), false));
    }
    layout.height =
        layout.row_height + (layout.upper_height + mm(3)) * static_cast<float>(layout.rows - 1) + mm(5);
    return layout;
}

bool Ui::State::draw_icon_button(Rect r, std::string_view label, Icon icon, bool enabled) {
    Act act = operate(id_of("tool", label), r, enabled);
    if (act.pressed) paint.rounded(r, mm(2), theme().line);
    float side = body().size * 1.15F;
    core::Rgb colour = enabled ? theme().accent : mix(theme().ink_soft, theme().paper, high() ? 0 : 0.25);
    paint.icon(icon, r.x + (r.width - side) / 2, r.y + (r.height - side) / 2, side, colour);
    if (act.focused) focus_ring(r, mm(2));
    node(Role::button, r, label, act);
    if (!enabled) (late ? late_nodes : tree.nodes).back().enabled = false;
    return act.clicked;
}

// Left of the column that the content stands in; no wider than can be read.
float Ui::State::content_margin() const {
    float width = static_cast<float>(platform.width_px), least = width < mm(120) ? mm(7) : mm(14);
    float column = std::min(width - 2 * least, most_characters * character_width * body().size);
    return (width - column) / 2;
}

FrameAnswer Ui::State::draw_top_bar() {
    FrameAnswer answer;
    bool quiet = spec.back.empty() && spec.progress.empty();
    float height = std::max(mm(16), target()), x = mm(4), width = static_cast<float>(platform.width_px);
    // Progress stands between the buttons, or in a line of its own when it is too long for that.
    Font progress_font = small_font();
    float progress_line = progress_font.size * 1.3F, left = x, right = width - x, below = 0;
    if (spec.back.empty())
        left = content_margin();
    else
        left += button_width(spec.back, true) + mm(4);
    float tools = spec.voice ? 3 : 2, tool = mm(17);  // a small tablet with large text has no room for their air
    if (!spec.back.empty() && left + tools * (tool + mm(2)) > width - x) tool = mm(13);
    if (spec.tools) right -= tools * (tool + mm(2));
    auto progress = wrap(fonts(), spec.progress, progress_font, std::max(mm(20), right - left));
    if (progress_line * static_cast<float>(progress.size()) > height ||
        widest_word(*this, spec.progress, progress_font) > right - left) {
        left = mm(8), right = width - mm(8);
        progress = wrap(fonts(), spec.progress, progress_font, right - left);
        below = progress_line * static_cast<float>(progress.size()) + mm(3);
    }
    float air = quiet ? 2 : spec.close ? 3 : width < mm(120) ? 4 : 7;  // an upright tablet has little room
    view_top = quiet && !spec.tools ? mm(8) : height + below + mm(air);
    tools_bottom = spec.tools ? height : 0;
    // Centred content may stand beside the tools: its lines keep clear of them.
    if (quiet && spec.centred) view_top = mm(6);
    if (!spec.back.empty()) {
        float w = button_width(spec.back, true);
        answer.back = draw_button({x, (height - target()) / 2, w, target()}, spec.back, ButtonKind::quiet,
                                  true, Icon::back);
    }
    if (spec.tools) {
        std::string size = say("ui.text_size"), contrast = say("ui.contrast");
        float w = tool, top = (height - target()) / 2;
        float end = width - x;
        Rect contrast_rect{end - w, top, w, target()}, size_rect{end - 2 * w - mm(2), top, w, target()};
        Act act = operate(id_of("tool", size), size_rect, true);
        if (act.clicked) answer.text_size = next_size(theme().text_size);
        if (act.pressed) paint.rounded(size_rect, mm(2), theme().line);
        Font capital = scaled(core::Face::sans_bold, -0.2);
        float aa = paint.width("Aa", capital);
        paint.text(size_rect.x + (w - aa) / 2, size_rect.y + baseline_in(target(), capital), "Aa", capital,
                   theme().accent);
        if (act.focused) focus_ring(size_rect, mm(2));
        node(Role::button, size_rect, size, act);
        if (draw_icon_button(contrast_rect, contrast, Icon::contrast))
            answer.contrast = high() ? Contrast::light : Contrast::high;
        if (spec.voice) {
            Rect voice_rect{size_rect.x - mm(2) - w, top, w, target()};
            if (draw_icon_button(voice_rect, say(*spec.voice ? "ui.voice.off" : "ui.voice.on"),
                                 *spec.voice ? Icon::voice_off : Icon::voice))
                answer.voice = !*spec.voice;
        }
    }
    if (spec.voice) {
        if (key_pressed(Key::voice)) answer.voice = !*spec.voice;
        answer.read_again = key_pressed(Key::read_again);
        answer.volume_step = (key_pressed(Key::louder) ? 1 : 0) - (key_pressed(Key::softer) ? 1 : 0);
    }
    if (!spec.progress.empty()) {
        float tall = progress_line * static_cast<float>(progress.size()),
              y = below > 0 ? height - mm(1) : (height - tall) / 2;
        node(Role::text, {left, y, right - left, tall}, spec.progress);
        for (const auto& line : progress) {
            paint.text(left, y + baseline_in(progress_line, progress_font), line.text, progress_font,
                       theme().ink_soft);
            y += progress_line;
        }
    }
    if (!quiet) paint.line(0, width, height + below, mm(0.2), theme().line);
    top_focus.swap(focus_order);
    return answer;
}

void Ui::State::draw_bottom_bar(FrameAnswer& answer) {
    BarLayout plain = bar_layout(false), paged = bar_layout(true);
    float bottom = static_cast<float>(platform.height_px) - keyboard_height();
    // Where keys and large text leave no room for both, the field goes before the bar; a key hides the keys. Where
    // they are scanned, that key is the only way to the bar.
    bool no_room =
        scan.open() || (keyboard_open() &&
                        bottom - (overflows ? paged : plain).height - mm(4) - view_top < edit_height + mm(1));
    if (no_room) plain = paged = {};
    auto content_end = [&](const BarLayout& layout) {
        return bottom - layout.height - (layout.height > 0 ? mm(3) : mm(no_room ? 2 : 6));
    };
    view_bottom = content_end(plain), view_bottom_paged = content_end(paged);
    const BarLayout& layout = overflows ? paged : plain;
    bar_top = bottom - layout.height;
    if (layout.height <= 0) {
        submit = false;
        return;
    }
    float width = static_cast<float>(platform.width_px), gap_px = mm(6), x0 = mm(8), x1 = width - mm(8);
    float top = bottom - layout.height, h = layout.row_height;
    auto row_top = [&](int from_below) {  // 0 is the lowest
        return top + mm(2.5) +
               (layout.upper_height + mm(3)) *
                   static_cast<float>(layout.rows - 1 - std::min(from_below, layout.rows - 1));
    };
    float upper = layout.rows > 1 ? layout.upper_height : h;
    paint.rect({0, top, width, layout.height}, theme().paper);
    paint.line(0, width, top, mm(0.2), theme().line);
    late = true;
    float left = x0;
    if (!spec.help.empty()) {
        float w = help_width(*this);
        Rect r{left - mm(4), row_top(0), w, h};
        answer.help = help_is_bare(*this) ? draw_icon_button(r, spec.help, Icon::help)
                                          : draw_button(r, spec.help, ButtonKind::quiet, true, Icon::help);
        left += w + gap_px;
    }
    float primary_width =
        spec.primary.empty() ? 0 : std::min(std::max(mm(50), button_width(spec.primary, false)), x1 - left);
    bool raised = layout.rows > 1 && !spec.primary.empty();  // the quieter act stands above
    float secondary_right = raised || spec.primary.empty() ? x1 : x1 - primary_width - gap_px;
    if (overflows) {
        std::string more = say("ui.more"), up = say("ui.up");
        float w_more = button_width(more, true, true),
              w_up = page_buttons_width(layout.up_bare) - w_more - mm(2),
              y = row_top(layout.pages_alone ? 2 : 1);
        float x = layout.rows > 1 ? x0 : left;
        int last_page = static_cast<int>(page_starts.size()) - 1;
        if (page < last_page) {
            // Where the last button waits for the pages, this is the way on. It stays where it stands: a second
            // tap must not land on what was not yet there to be seen.
            ButtonKind kind =
                spec.primary_enabled && !primary_live() ? ButtonKind::primary : ButtonKind::secondary;
            if (draw_button({x, y, w_more, upper}, more, kind, true, Icon::down, std::nullopt, true))
                page_turn = 1;
            late_nodes.back().id = "more";
        }
        Rect up_rect{x + w_more + mm(2), y, w_up, upper};
        // Who began at the last page finds the others this way.
        bool back_to_others = page == last_page && spec.primary_enabled && !primary_live();
        if (page > 0 &&
            (layout.up_bare
                 ? draw_icon_button(up_rect, up, Icon::up)
                 : draw_button(up_rect, up, back_to_others ? ButtonKind::primary : ButtonKind::quiet, true,
                               Icon::up, std::nullopt, true)))
            page_turn = -1;
    }
    if (!spec.secondary.empty()) {
        float w = std::min(button_width(spec.secondary, false), secondary_right - (raised ? x0 : left));
        answer.secondary = draw_button({secondary_right - w, row_top(raised ? 1 : 0), w, raised ? upper : h},
                                       spec.secondary, ButtonKind::secondary, true, std::nullopt);
    }
    if (!spec.primary.empty())
        answer.primary = draw_button({x1 - primary_width, row_top(0), primary_width, h}, spec.primary,
                                     spec.dangerous ? ButtonKind::dangerous
                                     : book_goes_on ? ButtonKind::secondary
                                                    : ButtonKind::primary,
                                     primary_live(), std::nullopt);
    if (submit && !spec.primary.empty() && primary_live() && !blocked()) answer.primary = again = true;
    submit = false;
    late = false;
}

// --- begin and end

FrameAnswer Ui::begin_frame(const FrameSpec& spec) {
    auto& s = *state_;
    CHECK_THAT(!s.in_frame);
    s.change_screen(spec.screen);
    s.in_frame = true, s.spec = spec;
    float width = static_cast<float>(s.platform.width_px), height = static_cast<float>(s.platform.height_px);
    s.paint.rect({0, 0, width, height}, s.theme().paper);
    FrameAnswer answer = s.draw_top_bar();
    s.draw_bottom_bar(answer);
    if (s.key_pressed(Key::escape) && !s.asking && s.edit_owner == 0 && !spec.back.empty())
        answer.back = s.again = true;
    if (answer.primary) s.acted_pass = s.pass;

    float margin = s.content_margin();
    s.flow = {std::round(margin), std::floor(width - 2 * margin), 0};
    s.items.clear(), s.keep_top.reset(), s.content_bottom = 0;
    if (spec.centred && !s.overflows)
        s.flow.y = std::max(0.0F, (s.view_bottom - s.view_top - s.content_height_before) * 0.45F);
    s.content_height_before = -s.flow.y;
    s.page_list.PushClipRect({0, s.view_top - s.mm(2)},
                             {width, std::max(s.view_bottom, s.view_bottom_paged) + s.mm(2.4)}, true);
    return answer;
}

void Ui::end_frame() {
    auto& s = *state_;
    CHECK_THAT(s.in_frame);
    s.in_frame = false;
    s.page_list.PopClipRect();
    float before = s.content_height_before;
    s.content_height_before += s.content_bottom;
    if (s.spec.centred && !s.overflows) {
        float top = -before,
              wanted = std::max(0.0F, (s.view_bottom - s.view_top - s.content_height_before) * 0.45F);
        if (std::fabs(wanted - top) > 0.5F) s.again = true;
    }
    if (!s.pages_taken) {
        if (s.key_pressed(Key::page_down)) s.page_turn = 1;
        if (s.key_pressed(Key::page_up)) s.page_turn = -1;
        float dx = s.pointer.x - s.pointer.start_x, dy = s.pointer.y - s.pointer.start_y;
        bool in_view = s.pointer.start_y > s.view_top && s.pointer.start_y < s.view_bottom;
        if (s.pointer.went_up && in_view && !s.blocked() && !s.canvas_seen && std::fabs(dy) > s.mm(12) &&
            std::fabs(dy) > 2 * std::fabs(dx))
            s.page_turn = dy < 0 ? 1 : -1;
    }
    s.cut_pages();
    s.draw_page_stop();
    s.draw_keyboard();
}

void Ui::space(double millimetres) { state_->gap(millimetres); }

// Larger letters need the room of a wider page.
bool Ui::columns_stack() const {
    const auto& s = *state_;
    return s.flow.width < s.mm(least_beside_mm * s.theme().body_mm() / normal_body_mm);
}

void Ui::columns(const std::vector<double>& shares, const std::vector<std::function<void()>>& contents) {
    auto& s = *state_;
    CHECK_THAT(shares.size() == contents.size());
    Flow outer = s.flow;
    double total = 0;
    for (double share : shares) total += share;
    bool stacked = columns_stack();
    std::optional<float> heading = s.keep_top;  // stays with the first of what stands under it
    float between = s.mm(8), room = outer.width - between * static_cast<float>(shares.size() - 1),
          x = outer.x, bottom = outer.y;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        float width = stacked ? outer.width : std::floor(room * static_cast<float>(shares[i] / total));
        s.flow = {x, width, stacked ? bottom : outer.y};
        s.keep_top = i == 0 ? heading : std::nullopt;
        contents[i]();
        bottom = std::max(bottom, s.flow.y);
        if (!stacked) x += width + between;
    }
    s.flow = {outer.x, outer.width, bottom};
}

void Ui::card(const std::function<void()>& content) {
    auto& s = *state_;
    Flow outer = s.flow;
    ImDrawList* list = s.paint.list();
    ImDrawListSplitter splitter;
    splitter.Split(list, 2);
    splitter.SetCurrentChannel(list, 1);
    std::size_t first_item = s.items.size();
    float padding = s.mm(6);
    s.flow = {outer.x + padding, outer.width - 2 * padding, outer.y + padding};
    content();
    ItemSpan span{outer.y, s.flow.y + padding};
    // A card that is not too tall is kept whole.
    if (span.bottom - span.top < (s.view_bottom_paged - s.view_top) * 0.45F) {
        s.items.resize(first_item);
        s.items.push_back(span);
    }
    s.content_bottom = std::max(s.content_bottom, span.bottom);
    splitter.SetCurrentChannel(list, 0);
    if (Rect r = s.on_screen(outer.x, outer.width, span); r.width > 0) {
        s.paint.rounded(r, s.mm(2), s.theme().card);
        s.paint.border(r, s.mm(2), s.high() ? 3 : std::max(1.0F, s.mm(0.2)), s.theme().line);
    }
    splitter.Merge(list);
    s.flow = {outer.x, outer.width, span.bottom + s.mm(4)};
}

}  // namespace kiosk
