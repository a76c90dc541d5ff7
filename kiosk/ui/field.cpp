// Fields: a label, what is asked, what was wrong, and a box in which the hardware's and the screen's keys
// write.
#include <algorithm>
#include <cmath>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

constexpr int passes_until_state_decides = 4;

std::string masked(std::string_view text) {
    std::string dots;
    for (std::size_t i = 0; i < core::code_points(text).size(); ++i) dots += "\u2022";
    return dots;
}

}  // namespace

// Applies what was typed in this pass to the focused field; true when its text changed.
bool Ui::State::edit_with_keys(std::string_view value) {
    if (edit.text() != value && edit_patience-- <= 0) edit.adopt(value), edit_patience = 0;
    std::string before = edit.text();
    for (const auto& cap : pressed_keys) {
        if (cap.act == KeyAct::insert) edit.insert(cap.text);
        if (cap.act == KeyAct::backspace) edit.backspace();
        if (cap.act == KeyAct::accent)
            change_accent();
        else
            core::wipe(accented);
    }
    pressed_keys.clear();
    if (!typed.empty()) edit.insert(typed), came_by_tab = false;
    for (const auto& event : keys) switch (event.key) {
            case Key::backspace:
                edit.backspace();
                break;
            case Key::remove:
                edit.remove();
                break;
            case Key::left:
                edit.left();
                break;
            case Key::right:
                edit.right();
                break;
            case Key::home:
                edit.home();
                break;
            case Key::end:
                edit.end();
                break;
            case Key::select_all:
                edit.select_all();
                break;
            case Key::enter:
                if (came_by_tab)
                    scan.start(), again = true;
                else
                    enter_in_field = true;
                break;
            case Key::escape:
                if (keyboard_open())
                    keyboard_dismissed = true;
                else
                    focus = 0;
                again = true;
                break;
            case Key::tab:
            case Key::back_tab:
            case Key::space:
            case Key::up:
            case Key::down:
            case Key::page_up:
            case Key::page_down:
            case Key::voice:
            case Key::read_again:
            case Key::softer:
            case Key::louder:
            case Key::hush:
                break;
        }
    bool changed = edit.text() != before;
    if (changed) edit_patience = passes_until_state_decides, again = true;
    core::wipe(before);
    return changed;
}

void Ui::State::draw_field_box(const FieldSpec& field_spec, Rect box, const std::string& text, bool has_error,
                               const Act& act) {
    const Theme& t = theme();
    bool mine = act.focused && edit_owner != 0;
    paint.rounded(box, mm(1.6), t.card);
    paint.border(box, mm(1.6), high() ? 3 : mm(mine || has_error ? 0.6 : 0.3),
                 has_error ? t.error
                 : mine    ? t.accent
                           : t.ink_soft);
    Font font = body();
    float padding = mm(4), inner = box.width - 2 * padding;
    std::size_t caret_bytes = mine ? edit.caret() : 0;
    std::string before_caret = is_hidden(field_spec.kind) && !edit_shown
                                   ? masked(std::string_view(edit.text()).substr(0, caret_bytes))
                                   : edit.text().substr(0, caret_bytes);
    float caret_x = mine ? paint.width(before_caret, font) : 0;
    float scroll = mine ? edit_scroll : 0;
    if (mine) {
        scroll = std::clamp(scroll, caret_x - inner, std::max(0.0F, caret_x));
        scroll = std::max(0.0F, std::min(scroll, std::max(0.0F, paint.width(text, font) - inner + 2)));
        edit_scroll = scroll;
    }
    paint.list()->PushClipRect({box.x + padding - 2, box.y},
                               {box.x + box.width - padding + 2, box.y + box.height}, true);
    float baseline = box.y + baseline_in(box.height, font), x = box.x + padding - scroll;
    if (mine && edit.all_selected()) {
        core::Rgb selected = high() ? t.accent : mix(t.card, t.accent, 0.2);
        paint.rect({x, box.y + mm(2), paint.width(text, font), box.height - mm(4)}, selected);
    }
    paint.text(x, baseline, text, font, mine && edit.all_selected() && high() ? t.on_accent : t.ink);
    if (mine)
        paint.rect({std::round(x + caret_x), baseline - font.size * 0.95F, std::max(2.0F, mm(0.35)),
                    font.size * 1.25F},
                   t.accent);
    paint.list()->PopClipRect();
    core::wipe(before_caret);
    if (mine && !high()) {
        // A field that takes keys always shows it, however it came to.
        constexpr float ring = 4;
        paint.border({box.x - ring, box.y - ring, box.width + 2 * ring, box.height + 2 * ring},
                     mm(1.6) + ring, ring, t.focus);
    }
    if (mine && high())
        paint.border({box.x - 6, box.y - 6, box.width + 12, box.height + 12}, mm(1.6) + 6, 4, t.focus);
}

std::optional<std::string> Ui::field(const FieldSpec& spec, std::string_view value) {
    auto& s = *state_;
    const Theme& t = s.theme();
    WidgetId id = hash_bytes(spec.id.data(), spec.id.size(), hash_bytes("field", 5));
    std::string label = spec.label + (spec.optional ? " (" + s.say("ui.optional") + ")" : "");
    bool secret = is_hidden(spec.kind);
    float width = s.flow.width, reveal = secret ? s.button_width(s.say("ui.show"), false) : 0;
    if (is_pad(spec.kind)) width = std::min(width, s.mm(90) + (secret ? reveal + s.mm(3) : 0));
    float label_height = s.lines_height(spec.label, s.bold(), s.flow.width);
    if (spec.optional && s.paint.width(label, s.bold()) > s.flow.width) label_height += s.line_step(s.bold());
    float hint_height = spec.hint.empty() ? 0 : s.lines_height(spec.hint, s.small_font(), s.flow.width);
    float side = std::round(s.body().size), error_inset = side + s.mm(2);
    float error_height =
        spec.error.empty() ? 0 : s.lines_height(spec.error, s.bold(), s.flow.width - error_inset) + s.mm(1);
    float box_height = std::max(s.mm(13), s.body().size * line_height + s.mm(5)),
          before_box = label_height + hint_height + error_height + s.mm(1.5);
    ItemSpan span = s.take(before_box + box_height + s.mm(1));
    Rect r = s.on_screen(s.flow.x, s.flow.width, span);
    Rect box = r.width > 0 ? Rect{r.x, r.y + before_box, width - (secret ? reveal + s.mm(3) : 0), box_height}
                           : Rect{};
    Act act = s.operate(id, box, true, true, span);

    bool changed = false;
    if (act.focused && !s.blocked()) {
        if (s.edit_owner != id) {
            s.drop_edit();
            s.edit.adopt(value), s.edit_owner = id, s.edit_kind = spec.kind, s.edit_patience = 0,
                                 s.again = true;
            s.pressed_keys.clear();
        }
        s.edit_height = span.bottom - span.top;
        changed = s.edit_with_keys(value);
        if (act.clicked) {  // the caret goes to the finger
            std::size_t caret = 0;
            float best = 1e9F;
            for (std::size_t i = 0; i <= s.edit.text().size(); ++i) {
                if (i < s.edit.text().size() &&
                    (static_cast<unsigned char>(s.edit.text()[i]) & 0xC0U) == 0x80U)
                    continue;
                float x = box.x + s.mm(4) - s.edit_scroll +
                          s.paint.width(std::string_view(s.edit.text()).substr(0, i), s.body());
                if (std::fabs(x - s.pointer.x) < best) best = std::fabs(x - s.pointer.x), caret = i;
            }
            if (!secret) s.edit.place(caret);
        }
    }
    bool mine = s.edit_owner == id && act.focused;
    std::string shown_text = mine ? s.edit.text() : std::string(value);
    if (secret && !(mine && s.edit_shown))
        core::wipe(shown_text), shown_text = masked(mine ? std::string_view(s.edit.text()) : value);
    SemanticNode& n = s.node(Role::field, box, spec.label,
                             secret ? masked(mine ? std::string_view(s.edit.text()) : value) : shown_text);
    n.id = spec.id, n.focused = mine && !s.scan.open(), n.enabled = !s.blocked();
    n.written_in = mine, n.secret = secret, n.opens_keys = n.focused && s.came_by_tab;
    if (!spec.hint.empty()) s.node(Role::text, r, spec.hint);
    if (!spec.error.empty()) s.node(Role::status, r, spec.error);
    if (r.width > 0) {
        float y = r.y;
        s.draw_lines(r.x, y, r.width, spec.label, s.bold(), t.ink);
        if (spec.optional) {  // beside the label, or below it where the line is short
            std::string suffix = "(" + s.say("ui.optional") + ")";
            float step = s.line_step(s.bold());
            bool beside = label_height <= step + 0.5F;
            s.paint.text(r.x + (beside ? s.paint.width(spec.label + " ", s.bold()) : 0),
                         y + (beside ? 0 : label_height - step) + baseline_in(step, s.bold()), suffix,
                         s.body(), t.ink_soft);
        }
        y += label_height;
        if (!spec.hint.empty()) y += s.draw_lines(r.x, y, r.width, spec.hint, s.small_font(), t.ink_soft);
        if (!spec.error.empty()) {
            s.paint.icon(Icon::error, r.x, y + s.mm(0.8), side, t.error);
            s.draw_lines(r.x + error_inset, y, r.width - error_inset, spec.error, s.bold(), t.error);
        }
        s.draw_field_box(spec, box, shown_text, !spec.error.empty(), act);
    }
    if (secret) {
        Rect b = r.width > 0 ? Rect{box.x + box.width + s.mm(3), box.y, reveal, box_height} : Rect{};
        WidgetId focus_before = s.focus;
        if (s.draw_button(b, s.say(s.edit_shown && mine ? "ui.conceal" : "ui.show"), ButtonKind::quiet, true,
                          std::nullopt, span) &&
            s.edit_owner == id)
            s.edit_shown = !s.edit_shown;
        if (focus_before == id) s.focus = id;  // looking does not leave the field
    }
    core::wipe(shown_text);
    s.gap(5);
    return changed ? std::optional<std::string>(s.edit.text()) : std::nullopt;
}

}  // namespace kiosk
