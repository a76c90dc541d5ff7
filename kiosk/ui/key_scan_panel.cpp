// The screen keyboard while it is scanned: above the keys a strip that shows in large what the next press does,
// and the way back to the rows; a ring around the row or the key.
#include <algorithm>
#include <cmath>

#include "core/base/bytes.h"
#include "core/base/text.h"
#include "kiosk/ui/key_names.h"
#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

constexpr double line_mm = 10.5, low_line_mm = 8.5, low_screen_mm = 110;

Rect face_of(Rect key, float edge) {
    return {key.x + edge, key.y + edge, key.width - 2 * edge, key.height - 2 * edge};
}

}  // namespace

// Takes the keys that scanning is done with; whoever has others has a keyboard, and writes with it.
void Ui::State::scan_keys() {
    if (!scan.open()) return;
    if (edit_owner == 0 || asking) return scan.close();
    auto rows = scan_rows(edit_kind, key_page);
    std::vector<KeyEvent> left;
    for (const auto& event : keys) switch (event.key) {
            case Key::tab:
                scan.next(rows), again = true;
                break;
            case Key::back_tab:
                scan.previous(rows), again = true;
                break;
            case Key::enter:
            case Key::space:
                again = true;
                if (auto pressed = scan.choose(rows)) press_key(*pressed);
                break;
            case Key::escape:
                scan.out(), again = true;
                break;
            case Key::voice:
            case Key::read_again:
            case Key::softer:
            case Key::louder:
            case Key::hush:
                left.push_back(event);
                break;
            case Key::backspace:
            case Key::remove:
            case Key::left:
            case Key::right:
            case Key::up:
            case Key::down:
            case Key::home:
            case Key::end:
            case Key::page_up:
            case Key::page_down:
            case Key::select_all:
                scan.close(), came_by_tab = false, again = true;
                left.push_back(event);
                break;
        }
    keys = std::move(left);
    if (typed == " ") core::wipe(typed);  // the space bar chooses
    if (!typed.empty()) scan.close(), again = true;
}

// Of the letter before the caret.
void Ui::State::change_accent() {
    std::string before = edit.text().substr(0, edit.caret());
    auto letters = core::code_points(before);
    core::wipe(before);
    if (letters.empty() || edit.all_selected()) return;
    std::string now;
    core::append_utf8(now, letters.back());
    if (accented.empty()) accented = now;
    auto next = next_accent(accented, now);
    if (next == now) return;
    edit.backspace();
    edit.insert(next);
}

float Ui::State::scan_strip_height() const { return std::max(mm(11), body().size * line_height + mm(3)); }

double Ui::State::scan_line_mm() const {
    return static_cast<float>(platform.height_px) < mm(low_screen_mm) ? low_line_mm : line_mm;
}

void Ui::State::draw_scanned_keys() {
    const Theme& t = theme();
    auto rows = scan_rows(edit_kind, key_page);
    float width = static_cast<float>(platform.width_px),
          top = static_cast<float>(platform.height_px) - keyboard_height();
    paint.rect({0, top, width, keyboard_height()}, high() ? t.paper : mix(t.paper, t.line, 0.75));
    paint.line(0, width, top, mm(0.2), t.line);
    float room = std::min(width - mm(5), mm(is_pad(edit_kind) ? screen_pad_mm : screen_letters_mm)),
          left = (width - room) / 2, strip = scan_strip_height();
    draw_scan_strip(rows, {left, top, room, strip});
    for (std::size_t first = 0; first < rows.size();) {
        std::size_t end = first;
        double total = 0;
        for (; end < rows.size() && rows[end].line == rows[first].line; ++end)
            for (const auto& cap : rows[end].keys) total += cap.share;
        float per_share = room / static_cast<float>(total), x = left,
              y = top + strip + mm(screen_keyboard_padding_mm + rows[first].line * scan_line_mm());
        for (; first < end; ++first) {
            draw_scan_row(rows[first], first, x, y, per_share);
            for (const auto& cap : rows[first].keys) x += static_cast<float>(cap.share) * per_share;
        }
    }
    draw_alternatives();
}

void Ui::State::draw_scan_row(const ScanRow& row, std::size_t index, float x, float y, float per_share) {
    bool here = scan.row() == index, alone = row.keys.size() == 1, inside_row = here && scan.key();
    double total = 0;
    for (const auto& cap : row.keys) total += cap.share;
    Rect whole{x, y, static_cast<float>(total) * per_share, mm(scan_line_mm())};
    if (!alone)
        node(Role::keys, whole, row_name(*platform.words, row.keys, shift)).focused = here && !inside_row;
    std::optional<Rect> lit;
    for (std::size_t i = 0; i < row.keys.size(); ++i) {
        Rect r{x, y, static_cast<float>(row.keys[i].share) * per_share, whole.height};
        bool at = here && (alone || scan.key() == i);
        draw_key(row.keys[i], r,
                 at                       ? KeyLight::key
                 : here                   ? KeyLight::row
                 : scan.key().has_value() ? KeyLight::away
                                          : KeyLight::none);
        if (at) lit = r;
        x += r.width;
    }
    if (!here) return;
    ImDrawList* list = paint.list();
    paint.begin(&over_list);  // over the keys of the row below
    if (lit)
        ring(face_of(*lit, mm(0.5)), mm(1.4));
    else if (!inside_row)
        ring(face_of(whole, mm(0.3)), mm(1.4));
    paint.begin(list);
}

void Ui::State::draw_scan_strip(const std::vector<ScanRow>& rows, Rect r) {
    const auto& words = *platform.words;
    const ScanRow& row = rows[std::min(scan.row(), rows.size() - 1)];
    float edge = mm(0.5), side = std::round(small_font().size), right = r.x + r.width;
    if (scan.key()) {
        Font font{core::Face::sans_bold, small_font().size};
        float w = std::ceil(paint.width(say("ui.key.rows"), font)) + side + mm(8);
        right -= w;
        draw_way_to_rows({right, r.y + mm(1), w, r.height - mm(1)}, *scan.key() >= row.keys.size());
        right -= mm(3);
    }
    std::size_t at = scan.key().value_or(0);
    if (at >= row.keys.size()) return;
    std::string shown_text;
    if (!scan.key() && row.keys.size() > 1) {
        shown_text = row_name(words, row.keys, shift);
    } else {
        const auto& cap = row.keys[at];
        bool letter = cap.act == KeyAct::insert && letter_name(words, cap.text) == cap.text;
        shown_text = letter ? shifted(cap.text) : key_name(words, cap, shift);
    }
    Font font = bold();
    while (font.size > mm(3) && paint.width(shown_text, font) > right - r.x - mm(2)) font.size -= 1;
    paint.text(r.x + edge, r.y + mm(0.5) + baseline_in(r.height - mm(0.5), font), shown_text, font,
               theme().ink);
}

void Ui::State::draw_way_to_rows(Rect r, bool lit) {
    const Theme& t = theme();
    std::string label = say("ui.key.rows");
    WidgetId id = hash_bytes("rows", 4, hash_bytes("key", 3));
    bool over = inside(r, pointer.x, pointer.y);
    if (pointer.went_down && over && held_key.empty()) active = id;
    if (active == id && pointer.went_up && over) scan.out(), again = true;
    SemanticNode& n = node(Role::key, r, label);
    n.value = label, n.id = "ui.key.rows", n.enabled = !asking, n.focused = lit;
    Rect face = face_of(r, mm(0.5));
    paint.rounded(face, mm(1.4), lit ? t.accent : high() ? t.card : mix(t.line, t.card, 0.35));
    if (high()) paint.border(face, mm(1.4), 2, t.line);
    core::Rgb ink = lit ? t.on_accent : t.ink;
    Font font{core::Face::sans_bold, small_font().size};
    float side = std::round(font.size * 1.1F), x = face.x + mm(2.5);
    paint.icon(Icon::up, x, face.y + (face.height - side) / 2, side, ink);
    paint.text(x + side + mm(1.5), face.y + baseline_in(face.height, font), label, font, ink);
    if (lit) ring(face, mm(1.4));
}

}  // namespace kiosk
