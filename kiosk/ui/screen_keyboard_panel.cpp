// The screen keyboard on screen: below everything, never over the focused field (the view ends above it).
#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "kiosk/ui/key_names.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

constexpr double row_mm = 10.5, padding_mm = screen_keyboard_padding_mm;
// Letters on keys grow with the text, as far as a key has room for them.
constexpr double normal_body_mm = 4.9, most_letter_growth = 1.3;
constexpr int hold_ms = 450;

std::optional<Icon> icon_of(KeyAct act) {
    switch (act) {
        case KeyAct::backspace:
            return Icon::backspace;
        case KeyAct::shift:
            return Icon::shift;
        case KeyAct::hide:
            return Icon::hide_keys;
        case KeyAct::insert:
        case KeyAct::symbols:
        case KeyAct::letters:
        case KeyAct::next:
        case KeyAct::accent:
        case KeyAct::done:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

bool Ui::State::keyboard_open() const {
    return edit_owner != 0 && !asking && (scan.open() || (!hardware_keys && !keyboard_dismissed));
}

float Ui::State::keyboard_height() const {
    if (!keyboard_open()) return 0;
    if (scan.open()) return mm(4 * scan_line_mm() + 2 * padding_mm) + scan_strip_height();
    return mm(4 * row_mm + 2 * padding_mm);
}

std::string Ui::State::shifted(const std::string& text) const { return shift ? core::to_upper(text) : text; }

void Ui::State::focus_next_field() {
    auto here = std::find_if(focus_order.begin(), focus_order.end(),
                             [&](const FocusEntry& e) { return e.id == focus; });
    if (here == focus_order.end()) return;
    auto next = std::find_if(here + 1, focus_order.end(), [](const FocusEntry& e) { return e.field; });
    focus = next == focus_order.end() ? 0 : next->id;
    reveal_focus = again = true;
}

void Ui::State::press_key(const KeyCap& cap) {
    again = true;
    switch (cap.act) {
        case KeyAct::insert: {
            KeyCap inserted = cap;
            inserted.text = shifted(cap.text);
            pressed_keys.push_back(inserted);
            shift_touched = false;
            if (key_page == KeyPage::symbols && cap.text == " ") key_page = KeyPage::letters;
            break;
        }
        case KeyAct::backspace:
        case KeyAct::accent:
            pressed_keys.push_back(cap), shift_touched = false;
            break;
        case KeyAct::shift:
            shift = !shift, shift_touched = true;
            break;
        case KeyAct::symbols:
            key_page = KeyPage::symbols;
            break;
        case KeyAct::letters:
            key_page = KeyPage::letters;
            break;
        case KeyAct::next:
            focus_next_field();
            break;
        case KeyAct::hide:
            keyboard_dismissed = true;
            break;
        case KeyAct::done:
            scan.close(), keyboard_dismissed = true;
            break;
    }
}

void Ui::State::draw_key(const KeyCap& cap, Rect r, KeyLight light) {
    const Theme& t = theme();
    WidgetId id = hash_bytes(cap.text.data(), cap.text.size(), hash_bytes("key", 3));
    bool over = inside(r, pointer.x, pointer.y);
    if (pointer.went_down && over && held_key.empty()) active = id, key_down_ms = platform.now_ms;
    bool down = active == id && pointer.held;
    bool has_more = cap.act == KeyAct::insert && !alternatives(cap.text).empty();
    if (down && has_more && held_key.empty()) {
        auto left_ms = hold_ms - static_cast<int>(platform.now_ms - key_down_ms);
        if (left_ms <= 0)
            held_key = cap.text, held_key_rect = r, again = true;
        else
            ui.wake_after(left_ms);
    }
    if (active == id && pointer.went_up && held_key.empty() && over) press_key(cap);

    std::string shown_text = cap.act == KeyAct::insert ? shifted(cap.text) : say(cap.text);
    std::string label = cap.text == " " ? say("ui.key.space") : shown_text;
    SemanticNode& n = node(Role::key, r, label);
    n.enabled = !asking, n.focused = light == KeyLight::key;
    if (scan.open()) {
        n.value = key_name(*platform.words, cap, shift);
        if (cap.act != KeyAct::insert) n.id = cap.text;
        n.checked = cap.act == KeyAct::shift && shift;
    }
    Rect face{r.x + mm(0.5), r.y + mm(0.5), r.width - mm(1), r.height - mm(1)};
    bool act_key = cap.act != KeyAct::insert, go = cap.act == KeyAct::next;
    core::Rgb fill = go        ? t.accent
                     : act_key ? mix(t.line, t.card, 0.35)
                               : t.card,
              ink = go ? t.on_accent : t.ink;
    if (high()) fill = go ? t.accent : t.card;
    // Where the keys are scanned only one of them may look chosen; a row that was gone into has yellow edges.
    bool capitals = cap.act == KeyAct::shift && shift, edged = capitals && scan.open();
    if (capitals && !edged) fill = t.accent, ink = t.on_accent;
    if (light == KeyLight::row && !high()) fill = mix(t.card, t.focus, 0.28);
    if (light == KeyLight::away && !high()) fill = mix(fill, t.line, 0.5), ink = mix(ink, t.line, 0.25);
    bool yellow = light == KeyLight::row && high() && scan.key().has_value();
    if (edged || yellow) ink = t.accent;
    if (light == KeyLight::key) fill = t.accent, ink = t.on_accent;
    if (down) fill = mix(t.card, t.accent, 0.35);
    paint.rounded(face, mm(1.4), fill);
    if (light != KeyLight::key && (edged || yellow))
        paint.border(face, mm(1.4), 4, t.accent);
    else if (high())
        paint.border(face, mm(1.4), 2, t.line);
    float middle = face.x + face.width / 2;
    if (auto icon = icon_of(cap.act)) {
        float side = std::round(mm(5.6));
        paint.icon(*icon, middle - side / 2, face.y + (face.height - side) / 2, side, ink);
        return;
    }
    bool space = cap.text == " ";
    double size_mm = space ? 3.6 : act_key ? 4.2 : 5.2;
    Font font{act_key ? core::Face::sans_bold : core::Face::sans,
              mm(size_mm * std::min(most_letter_growth, t.body_mm() / normal_body_mm))};
    while (font.size > mm(2.5) && paint.width(label, font) > face.width - mm(0.8)) font.size -= 1;
    if (space && light == KeyLight::none) ink = t.ink_soft;
    paint.text(middle - paint.width(label, font) / 2, face.y + baseline_in(face.height, font), label, font,
               ink);
    if (has_more && light == KeyLight::none) {  // a small mark: there is more under this key
        float dot = std::max(2.0F, mm(0.4));
        paint.rect({face.x + face.width - mm(1.5), face.y + mm(1.1), dot, dot}, t.ink_soft);
    }
}

void Ui::State::draw_keyboard() {
    if (!keyboard_open()) {
        held_key.clear(), held_key_rect = alternatives_rect = {};
        return;
    }
    if (!shift_touched && !is_pad(edit_kind))
        shift = key_page == KeyPage::letters &&
                wants_capital(edit_kind, std::string_view(edit.text()).substr(0, edit.caret()));
    if (is_pad(edit_kind)) shift = false;
    if (scan.open()) return draw_scanned_keys();
    const Theme& t = theme();
    float width = static_cast<float>(platform.width_px),
          top = static_cast<float>(platform.height_px) - keyboard_height();
    paint.rect({0, top, width, keyboard_height()}, high() ? t.paper : mix(t.paper, t.line, 0.75));
    paint.line(0, width, top, mm(0.2), t.line);
    float room = std::min(width - mm(3), mm(is_pad(edit_kind) ? screen_pad_mm : screen_letters_mm)),
          left = (width - room) / 2, y = top + mm(padding_mm);
    for (const auto& row : keyboard_rows(edit_kind, key_page)) {
        double total = 0;
        for (const auto& cap : row) total += cap.share;
        float x = left;
        for (const auto& cap : row) {
            float w = room * static_cast<float>(cap.share / total);
            draw_key(cap, {x, y, w, mm(row_mm)});
            x += w;
        }
        y += mm(row_mm);
    }
    draw_alternatives();
}

// Over the held key: slide to one and let go, or let go and tap one.
void Ui::State::draw_alternatives() {
    if (held_key.empty()) return;
    const Theme& t = theme();
    auto options = alternatives(held_key);
    float w = mm(11), h = mm(13), gap_px = mm(1), total = w * static_cast<float>(options.size());
    float width = static_cast<float>(platform.width_px);
    Rect box{std::clamp(held_key_rect.x + held_key_rect.width / 2 - total / 2, mm(2),
                        std::max(mm(2), width - total - mm(2))),
             held_key_rect.y - h - gap_px - mm(2), total, h + mm(2)};
    alternatives_rect = box;
    paint.begin(&over_list);
    paint.rounded({box.x - mm(1), box.y - mm(1), box.width + mm(2), box.height + mm(2)}, mm(2),
                  high() ? t.line : mix(t.line, t.ink_soft, 0.35));
    bool chosen = false;
    for (std::size_t i = 0; i < options.size(); ++i) {
        Rect r{box.x + w * static_cast<float>(i), box.y, w, box.height};
        bool over = inside(r, pointer.x, pointer.y);
        Rect face{r.x + mm(0.3), r.y + mm(0.3), r.width - mm(0.6), r.height - mm(0.6)};
        bool lit = over && pointer.held;
        paint.rounded(face, mm(1.4), lit ? t.accent : t.card);
        Font font{core::Face::sans, mm(5.6)};
        std::string label = shifted(options[i]);
        paint.text(r.x + (w - paint.width(label, font)) / 2, r.y + baseline_in(r.height, font), label, font,
                   lit ? t.on_accent : t.ink);
        node(Role::key, r, label);
        if (over && pointer.went_up) press_key({KeyAct::insert, options[i], 1}), chosen = true;
    }
    paint.begin(&page_list);
    bool elsewhere = pointer.went_down && !inside(box, pointer.x, pointer.y);
    if (chosen || elsewhere) held_key.clear(), held_key_rect = alternatives_rect = {}, again = true;
}

}  // namespace kiosk
