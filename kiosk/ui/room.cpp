// The room's screen: one name and its signature at the left, how many and who at the right, seen from fifteen metres.
//
// All lengths are parts of the screen's height (`u`, a hundredth of it), as nobody knows how large a projector's picture
// is. Letters that must be read are 3.4 u high or more: on a picture 2 m high that is a twelfth of a degree from 15 m.
#include <algorithm>
#include <cmath>

#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

using core::Face;

constexpr float cap_height = 0.714F, descent = 0.24F;  // of the em
constexpr float margin = 6, gutter = 8, header_top = 4, header_rule = 14, body_top = 19;
constexpr float least_read = 3.4F, entry_indent = 1.8F;
constexpr double most_u_of_a_mm = 1.25;  // of ink: wider, and a pen looks like a brush

struct Fitted {
    Font font;
    float step = 0, height = 0;  // from the first line's capitals to under the last line
    std::vector<TextLine> lines;
};

// Letters as large as they may be without breaking a word; lines of about the same length.
struct Fit {
    Face face = Face::serif;
    float largest = 10, smallest = least_read;  // u
    int most_lines = 3;
    float leading = 1.15F;
};

float widest_word(const Fonts& fonts, std::string_view text, Font font) {
    float widest = 0;
    for (std::size_t from = 0; from < text.size();) {
        auto end = std::min(text.find_first_of(" -/\n", from), text.size());
        widest = std::max(widest, fonts.width(font, text.substr(from, end - from + 1)));
        from = end + 1;
    }
    return widest;
}

struct RoomPage {
    Ui::State& s;
    const RoomSheet& sheet;
    float width = static_cast<float>(s.platform.width_px), height = static_cast<float>(s.platform.height_px);
    bool upright = width < height;
    float unit = std::min(height / 100, width / (upright ? 100 : 145));

    float u(float units) const { return units * unit; }
    Font font(Face face, float size) const { return {face, u(size)}; }

    Fitted fit(std::string_view text, const Fit& how, float room, float room_height) const {
        Fitted best;
        for (float size = how.largest;; size *= 0.96F) {
            best.font = font(how.face, size), best.step = best.font.size * how.leading;
            best.lines = wrap(s.fonts(), text, best.font, room);
            auto count = static_cast<int>(best.lines.size());
            best.height = best.font.size * (cap_height + descent) + best.step * static_cast<float>(count - 1);
            bool fits = count <= how.most_lines && best.height <= room_height &&
                        widest_word(s.fonts(), text, best.font) <= room;
            if (fits || size < how.smallest * 0.5F) break;
        }
        float narrow = std::max(room / static_cast<float>(best.lines.size()),
                                widest_word(s.fonts(), text, best.font)),
              wide = room;
        while (wide - narrow > u(0.5F)) {
            float middle = (narrow + wide) / 2;
            bool same = wrap(s.fonts(), text, best.font, middle).size() == best.lines.size();
            (same ? wide : narrow) = middle;
        }
        best.lines = wrap(s.fonts(), text, best.font, wide);
        return best;
    }
    Fitted one_line(std::string_view text, Face face, float size, float room) const {
        return fit(text, {face, size, size * 0.7F, 1, 1.2F}, room, u(100));
    }

    // One of many: all in letters of one size, what goes on in a second line stands further in, and what needs more ends
    // with dots; it stood whole when it was new.
    struct Entry {
        Font font;
        std::vector<std::string> lines;
        float height(float step) const {
            return font.size * cap_height + step * static_cast<float>(lines.size() - 1);
        }
    };
    Entry entry(std::string_view text, Face face, float size, float room) const {
        Entry result{font(face, size), {}};
        auto lines = wrap(s.fonts(), text, result.font, room);
        if (lines.size() > 1) lines = wrap(s.fonts(), text, result.font, room - u(entry_indent));
        for (std::size_t i = 0; i < lines.size() && i < 2; ++i) result.lines.emplace_back(lines[i].text);
        if (lines.size() <= 2) return result;
        std::string& last = result.lines.back();
        while (last.find(' ') != std::string::npos &&
               s.fonts().width(result.font, last + " …") > room - u(entry_indent))
            last.resize(last.rfind(' '));
        while (last.ends_with(',')) last.pop_back();
        last += " …";
        return result;
    }
    void write(float x, float y, const Entry& entry, float step) const {
        float baseline = y + entry.font.size * cap_height;
        for (std::size_t i = 0; i < entry.lines.size(); ++i, baseline += step)
            s.paint.text(x + (i > 0 ? u(entry_indent) : 0), baseline, entry.lines[i], entry.font,
                         s.theme().ink);
    }

    // From the capitals' top at y; centred around x where `centred`.
    void write(float x, float y, const Fitted& text, core::Rgb colour, bool centred = false) const {
        float baseline = y + cap_height * text.font.size;
        for (const auto& line : text.lines) {
            s.paint.text(centred ? x - line.width / 2 : x, baseline, line.text, text.font, colour);
            baseline += text.step;
        }
    }
    void say(Role role, Rect r, const std::string& words) const {
        if (!words.empty()) s.node(role, r, words);
    }
    void rule(float x, float y, float length) const {
        s.paint.rect({x, std::round(y), length, std::max(1.0F, std::round(u(0.15F)))}, s.theme().line);
    }
    float draw_arms(float x, float y, float tall) const {  // their width
        if (!sheet.arms || sheet.arms->height_px <= 0) return 0;
        Rect r{x, y,
               tall * static_cast<float>(sheet.arms->width_px) / static_cast<float>(sheet.arms->height_px),
               tall};
        s.draw_image(sheet.arms, r);
        s.node(Role::image, r, sheet.arms_alternative);
        return r.width;
    }

    void draw_header() const {
        float x = u(margin), y = u(header_top), tall = u(7.5F);
        if (float arms = draw_arms(x, y, tall); arms > 0) x += arms + u(2.4F);
        float room = width - u(margin) - x, leave_width = 0;
        if (!sheet.leave.empty()) {
            auto leave = one_line(sheet.leave, Face::sans, 2.6F, room / 2);
            leave_width = leave.lines.front().width + u(4);
            write(width - u(margin) - leave.lines.front().width, y + u(0.8F), leave, s.theme().ink_soft);
        }
        auto who = one_line(sheet.municipality, Face::sans, 2.6F, room - leave_width);
        write(x, y + u(0.8F), who, s.theme().ink_soft);
        say(Role::text, {x, y, room - leave_width, u(3.4F)}, sheet.municipality);
        auto what = one_line(sheet.agreement, Face::serif, 3.2F, room);
        write(x, y + u(4.6F), what, s.theme().ink);
        say(Role::text, {x, y + u(3.8F), room, u(3.8F)}, sheet.agreement);
        rule(u(margin), u(header_rule), width - 2 * u(margin));
    }

    // --- the left two thirds: one who has signed

    float draw_parties(Rect r) const {  // from the bottom; answers where they begin
        if (sheet.parties.empty()) return r.y + r.height;
        float column = (r.width - u(gutter) / 2) / static_cast<float>(sheet.parties.size()), tallest = 0;
        std::vector<Fitted> values;
        for (const auto& [label, value] : sheet.parties) {
            values.push_back(fit(value, {Face::sans, 3.6F, 3.4F, 2, 1.25F}, column - u(2), u(9)));
            tallest = std::max(tallest, values.back().height);
        }
        float top = r.y + r.height - tallest - u(4.2F), x = r.x;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& [label, value] = sheet.parties[i];
            write(x, top, one_line(label, Face::sans, 2.6F, column - u(2)), s.theme().ink_soft);
            write(x, top + u(4.2F), values[i], s.theme().ink);
            say(Role::text, {x, top, column, u(4.2F) + tallest}, label + ": " + value);
            x += column + u(gutter) / 2;
        }
        return top;
    }

    void draw_signature(Rect r) const {
        auto box = core::bounds(*sheet.ink);
        constexpr double around_um = 1'500;
        double ink_width = box.right_um - box.left_um + 2 * around_um,
               ink_height = box.bottom_um - box.top_um + 2 * around_um;
        Rect area{std::round(r.x), std::round(r.y), std::floor(r.width), std::floor(r.height)};
        double scale = std::min({static_cast<double>(area.width) / ink_width,
                                 static_cast<double>(area.height) / ink_height,
                                 static_cast<double>(unit) * most_u_of_a_mm / 1000});
        // It stands on its line, from the left, where the name does.
        InkLayer::Place where{static_cast<int>(area.width), static_cast<int>(area.height),
                              box.left_um - around_um / 2,
                              box.bottom_um + around_um - static_cast<double>(area.height) / scale, scale};
        s.node(Role::image, area, sheet.ink_alternative);
        if (sheet.moment != 0) {
            s.replay_seen = true;
            if (s.replay.place(sheet.moment, *sheet.ink, area, where, s.theme().pen, s.platform.now_ms)) {
                s.ui.wake_after(frame_ms);
                return;
            }
        }
        s.paint_ink(*sheet.ink, area, where);
    }
    static constexpr int frame_ms = 16;

    void draw_one(Rect r) const {
        bool ink = sheet.ink != nullptr && !sheet.ink->empty();
        float foot = draw_parties(r) - u(3.5F);
        float y = r.y;
        write(r.x, y, one_line(sheet.kicker, Face::sans_bold, 3.4F, r.width), s.theme().accent);
        say(Role::text, {r.x, y, r.width, u(4)}, sheet.kicker);
        y += u(7);
        float room = foot - y;
        auto name = fit(sheet.name, {Face::serif, ink ? 10.0F : 13.0F, 5, ink ? 3 : 4}, r.width,
                        ink ? room * 0.55F : room);
        write(r.x, y, name, s.theme().ink);
        say(Role::heading, {r.x, y, r.width, name.height}, sheet.name);
        rule(r.x, foot, r.width);
        y += name.height + u(2.5F);
        if (ink) draw_signature({r.x, y, r.width, foot - u(0.6F) - y});
    }

    void draw_welcome(Rect r, bool centred) const {
        auto title =
            fit(sheet.welcome, {Face::serif, 9, 5, 4}, r.width * (centred ? 0.8F : 1), r.height * 0.6F);
        auto words = fit(sheet.invitation, {Face::sans, 4.2F, 3.4F, 2, 1.35F}, r.width * 0.8F, u(14));
        float arms = centred ? u(25) : 0, all = arms + title.height + u(6) + words.height;
        float x = centred ? width / 2 : r.x,
              y = r.y + (centred ? std::max(0.0F, (r.height - all) * 0.42F) : 0);
        if (centred && sheet.arms && sheet.arms->height_px > 0) {
            float wide =
                u(16) * static_cast<float>(sheet.arms->width_px) / static_cast<float>(sheet.arms->height_px);
            draw_arms(x - wide / 2, y, u(16));
        }
        if (centred) {
            auto who = one_line(sheet.municipality, Face::sans, 2.8F, r.width);
            write(x, y + u(18.5F), who, s.theme().ink_soft, true);
            say(Role::text, {r.x, y + u(18), r.width, u(4)}, sheet.municipality);
        }
        y += arms;
        write(x, y, title, s.theme().ink, centred);
        say(Role::heading, {r.x, y, r.width, title.height}, sheet.welcome);
        y += title.height + u(6);
        write(x, y, words, s.theme().ink_soft, centred);
        say(Role::text, {r.x, y, r.width, words.height}, sheet.invitation);
    }

    void draw_list(Rect r) const {
        auto place = one_line(sheet.list_place, Face::sans, 2.6F, r.width / 3);
        float place_width = place.lines.front().width;
        write(r.x + r.width - place_width, r.y + u(1.6F), place, s.theme().ink_soft);
        say(Role::status, {r.x + r.width - place_width, r.y, place_width, u(5)}, sheet.list_place);
        auto heading = one_line(sheet.list_heading, Face::serif, 6, r.width - place_width - u(2));
        write(r.x, r.y, heading, s.theme().ink);
        say(Role::heading, {r.x, r.y, r.width - place_width - u(2), heading.height}, sheet.list_heading);
        float top = r.y + u(11), column = (r.width - u(gutter) / 2) / 2, step = u(3.8F), between = u(4.4F);
        std::vector<Entry> entries;
        for (const auto& name : sheet.list) entries.push_back(entry(name, Face::serif, 3.4F, column));
        std::size_t rows = (entries.size() + 1) / 2;
        // The same space between names in both columns, less where many of them need a second line.
        auto each_row = [&](std::size_t from, const std::function<void(std::size_t)>& act) {
            for (std::size_t i = from; i < std::min(entries.size(), from + rows); ++i) act(i);
        };
        for (std::size_t from : {std::size_t{0}, rows}) {
            float tall = 0;
            each_row(from, [&](std::size_t i) { tall += entries[i].height(step); });
            if (rows > 1)
                between = std::min(between, (r.y + r.height - top - tall) / static_cast<float>(rows - 1));
        }
        for (std::size_t from : {std::size_t{0}, rows}) {
            float x = r.x + (from == 0 ? 0 : column + u(gutter) / 2), y = top;
            each_row(from, [&](std::size_t i) {
                write(x, y, entries[i], step);
                float tall = entries[i].height(step);
                say(Role::text, {x, y, column, tall + u(0.8F)}, sheet.list[i]);
                y += tall + between;
            });
        }
    }

    // --- the right third: how many, and the latest

    void draw_count(Rect r) const {
        auto figure = fit(sheet.figure, {Face::serif, 21, 8, 1}, r.width, u(24));
        write(r.x - figure.font.size * 0.04F, r.y, figure, s.theme().accent);
        float y = r.y + figure.font.size * cap_height + u(2.6F);
        auto words = fit(sheet.figure_words, {Face::sans, 3.6F, 3.2F, 2, 1.25F}, r.width, u(10));
        write(r.x, y, words, s.theme().ink);
        say(Role::status, {r.x, r.y, r.width, y + words.height - r.y},
            sheet.figure + " " + sheet.figure_words);
        y += words.height + u(1.6F);
        if (sheet.latest.empty()) return;
        rule(r.x, y, r.width);
        y += u(2.6F);
        bool first = true;
        for (const auto& name : sheet.latest) {
            auto lines = entry(name, first ? Face::sans_bold : Face::sans, 3.4F, r.width);
            float tall = lines.height(u(3.8F));
            if (y + tall > r.y + r.height) break;  // whole names only
            write(r.x, y, lines, u(3.8F));
            say(Role::text, {r.x, y, r.width, tall + u(0.8F)}, name);
            y += tall + u(2.3F);
            first = false;
        }
    }

    void draw() const {
        s.change_screen("room");
        s.paint.rect({0, 0, width, height}, s.theme().paper);
        float top = u(body_top), bottom = height - u(margin), wide = width - 2 * u(margin);
        if (sheet.figure.empty()) {
            draw_header_if_people_touch();
            return draw_welcome({u(margin), u(margin), wide, height - 2 * u(margin)}, true);
        }
        draw_header();
        Rect left{u(margin), top, wide, bottom - top}, right = left;
        if (upright) {
            left.height = std::floor(left.height * 0.58F);
            right.y = top + left.height + u(6), right.height = bottom - right.y;
        } else {
            right.width = std::floor((wide - u(gutter)) * 0.315F);
            left.width = wide - u(gutter) - right.width, right.x = left.x + left.width + u(gutter);
        }
        if (!sheet.list.empty())
            draw_list(left);
        else if (!sheet.name.empty())
            draw_one(left);
        else
            draw_welcome(left, false);
        draw_count(right);
    }
    void draw_header_if_people_touch() const {
        if (sheet.leave.empty()) return;
        auto leave = one_line(sheet.leave, Face::sans, 2.6F, width / 2);
        write(width - u(margin) - leave.lines.front().width, u(header_top), leave, s.theme().ink_soft);
    }
};

}  // namespace

bool Ui::room(const RoomSheet& sheet) {
    auto& s = *state_;
    RoomPage{s, sheet}.draw();
    if (sheet.leave.empty()) return false;
    Rect all{0, 0, static_cast<float>(s.platform.width_px), static_cast<float>(s.platform.height_px)};
    Act act = s.operate(s.id_of("room", sheet.leave), all, true);
    s.node(Role::button, all, sheet.leave, act);
    return act.clicked || !s.keys.empty() || !s.typed.empty();
}

}  // namespace kiosk
