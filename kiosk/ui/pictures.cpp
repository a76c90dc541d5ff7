// Pictures: images, QR codes, ink, and the certificate's page as paper will show it.
#include <algorithm>
#include <cmath>

#include "kiosk/ui/ui_state.h"

namespace kiosk {
namespace {

constexpr std::uint64_t image_seed = 11, ink_seed = 12, outline_seed = 13;

// Averages what falls on each pixel; with straight alpha, colour counts by its alpha.
std::vector<std::uint8_t> resampled(const core::Image& image, int width, int height) {
    std::vector<std::uint8_t> out(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 4);
    auto range = [](int i, int to, int from) {
        int first = static_cast<int>(static_cast<std::int64_t>(i) * from / to);
        int last = static_cast<int>((static_cast<std::int64_t>(i + 1) * from + to - 1) / to);
        return std::pair{first, std::clamp(last, first + 1, from)};
    };
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            auto [x0, x1] = range(x, width, image.width_px);
            auto [y0, y1] = range(y, height, image.height_px);
            std::uint64_t sum[4] = {}, count = 0;
            for (int v = y0; v < y1; ++v)
                for (int u = x0; u < x1; ++u) {
                    const auto* p =
                        &image.rgba[(static_cast<std::size_t>(v) * static_cast<std::size_t>(image.width_px) +
                                     static_cast<std::size_t>(u)) *
                                    4];
                    for (int c = 0; c < 3; ++c) sum[c] += static_cast<std::uint64_t>(p[c]) * p[3];
                    sum[3] += p[3], ++count;
                }
            auto* to = &out[(static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                             static_cast<std::size_t>(x)) *
                            4];
            for (int c = 0; c < 3; ++c)
                to[c] = sum[3] == 0 ? std::uint8_t{0} : static_cast<std::uint8_t>(sum[c] / sum[3]);
            to[3] = static_cast<std::uint8_t>(sum[3] / count);
        }
    return out;
}

std::vector<std::uint8_t> coloured(const Mask& mask, core::Rgb colour) {
    std::vector<std::uint8_t> rgba;
    rgba.reserve(mask.coverage.size() * 4);
    for (auto alpha : mask.coverage) rgba.insert(rgba.end(), {colour.r, colour.g, colour.b, alpha});
    return rgba;
}

std::uint64_t mixed(std::uint64_t seed, std::initializer_list<std::uint64_t> values) {
    for (auto value : values) seed = hash_bytes(&value, sizeof value, seed);
    return seed;
}

std::uint64_t packed(core::Rgb c) {
    return static_cast<std::uint64_t>(c.r) << 16 | static_cast<std::uint64_t>(c.g) << 8 | c.b;
}

std::uint64_t hash_ink(const core::Ink& ink) {
    std::uint64_t hash = mixed(
        ink_seed, {static_cast<std::uint64_t>(ink.width_um), static_cast<std::uint64_t>(ink.height_um)});
    for (const auto& stroke : ink.strokes)
        hash = hash_bytes(stroke.points.data(), stroke.points.size() * sizeof(core::InkPoint), hash + 1);
    return hash;
}

void paint_qr(Painter& paint, const core::QrCode& code, Rect r, core::Rgb dark) {
    if (code.side <= 0) return;
    auto edge = [&](float start, float size, int i) {
        return std::round(start + size * static_cast<float>(i) / static_cast<float>(code.side));
    };
    for (int y = 0; y < code.side; ++y)
        for (int x = 0; x < code.side;) {
            int end = x;
            while (end < code.side && code.at(end, y)) ++end;
            if (end > x) {
                float x0 = edge(r.x, r.width, x), y0 = edge(r.y, r.height, y);
                paint.rect({x0, y0, edge(r.x, r.width, end) - x0, edge(r.y, r.height, y + 1) - y0}, dark);
            }
            x = std::max(end, x + 1);
        }
}

}  // namespace

// One paper item after another, scaled to the sheet on screen.
struct PagePainter {
    Ui::State& s;
    const core::SharedImage& arms;
    Rect sheet;
    float px_per_um;

    float px(std::int32_t um) const { return static_cast<float>(um) * px_per_um; }
    void operator()(const core::TextItem& item) const {
        Font font{item.face, px(item.size_um)};
        if (font.size < 2) return;
        s.paint.text(sheet.x + px(item.x_um), sheet.y + px(item.baseline_um), item.text, font, item.colour,
                     px(item.letter_space_um));
    }
    void operator()(const core::LineItem& item) const {
        float t = std::max(1.0F, px(item.width_um)), x = sheet.x + px(std::min(item.x1_um, item.x2_um)),
              y = sheet.y + px(std::min(item.y1_um, item.y2_um));
        float w = px(std::abs(item.x2_um - item.x1_um)), h = px(std::abs(item.y2_um - item.y1_um));
        s.paint.rect({x - (h > w ? t / 2 : 0), y - (w >= h ? t / 2 : 0), std::max(w, t), std::max(h, t)},
                     item.colour);
    }
    void operator()(const core::InkItem& item) const {
        double left = 1e12, top = 1e12, right = -1e12, bottom = -1e12;
        std::uint64_t key = mixed(
            outline_seed, {packed(item.colour), static_cast<std::uint64_t>(std::lround(px_per_um * 1e9))});
        for (const auto& outline : item.outlines) {
            key = hash_bytes(&outline.start, sizeof outline.start, key);
            key = hash_bytes(outline.segments.data(),
                             outline.segments.size() * sizeof(core::InkOutline::Segment), key);
            auto add = [&](core::InkVec v) {
                left = std::min(left, v.x), right = std::max(right, v.x), top = std::min(top, v.y),
                bottom = std::max(bottom, v.y);
            };
            add(outline.start);
            for (const auto& segment : outline.segments) add(segment.c1), add(segment.c2), add(segment.to);
        }
        if (right <= left) return;
        auto x0 = std::floor(static_cast<float>(left) * px_per_um),
             y0 = std::floor(static_cast<float>(top) * px_per_um);
        int w = static_cast<int>(std::ceil(static_cast<float>(right) * px_per_um) - x0) + 1,
            h = static_cast<int>(std::ceil(static_cast<float>(bottom) * px_per_um) - y0) + 1;
        auto texture = s.cached(key, w, h, [&] {
            std::vector<Polygon> polygons;
            for (const auto& outline : item.outlines)
                polygons.push_back(flatten(outline, x0 / px_per_um, y0 / px_per_um, px_per_um));
            return coloured(fill_polygons(polygons, w, h), item.colour);
        });
        s.paint.picture(texture, {sheet.x + x0, sheet.y + y0, static_cast<float>(w), static_cast<float>(h)});
    }
    void operator()(const core::ArmsItem& item) const {
        if (!arms || arms->width_px <= 0 || arms->height_px <= 0) return;
        float scale = std::min(px(item.width_um) / static_cast<float>(arms->width_px),
                               px(item.height_um) / static_cast<float>(arms->height_px));
        int w = std::max(1, static_cast<int>(std::lround(static_cast<float>(arms->width_px) * scale))),
            h = std::max(1, static_cast<int>(std::lround(static_cast<float>(arms->height_px) * scale)));
        auto key = mixed(image_seed, {reinterpret_cast<std::uintptr_t>(arms.get()),
                                      static_cast<std::uint64_t>(w), static_cast<std::uint64_t>(h)});
        auto texture = s.cached(key, w, h, [&] { return resampled(*arms, w, h); });
        s.paint.picture(texture, {sheet.x + px(item.x_um) + (px(item.width_um) - static_cast<float>(w)) / 2,
                                  sheet.y + px(item.y_um) + (px(item.height_um) - static_cast<float>(h)) / 2,
                                  static_cast<float>(w), static_cast<float>(h)});
    }
    void operator()(const core::QrItem& item) const {
        paint_qr(s.paint, item.code,
                 {sheet.x + px(item.x_um), sheet.y + px(item.y_um), px(item.side_um), px(item.side_um)},
                 {0, 0, 0});
    }
};

void Ui::State::draw_image(const core::SharedImage& image, Rect r) {
    int w = std::max(1, static_cast<int>(std::lround(r.width))),
        h = std::max(1, static_cast<int>(std::lround(r.height)));
    auto key = mixed(image_seed, {reinterpret_cast<std::uintptr_t>(image.get()),
                                  static_cast<std::uint64_t>(w), static_cast<std::uint64_t>(h)});
    paint.picture(cached(key, w, h, [&] { return resampled(*image, w, h); }),
                  {r.x, r.y, static_cast<float>(w), static_cast<float>(h)});
}

void Ui::State::paint_ink(const core::Ink& ink, Rect r, const InkLayer::Place& place) {
    auto key = mixed(hash_ink(ink),
                     {static_cast<std::uint64_t>(place.width), static_cast<std::uint64_t>(place.height),
                      static_cast<std::uint64_t>(std::llround(place.px_per_um * 1e9)), packed(theme().pen)});
    auto texture = cached(key, place.width, place.height, [&] {
        std::vector<Polygon> polygons;
        for (const auto& outline : core::outline(ink))
            polygons.push_back(flatten(outline, place.left_um, place.top_um, place.px_per_um));
        return coloured(fill_polygons(polygons, place.width, place.height), theme().pen);
    });
    paint.picture(texture, {r.x, r.y, static_cast<float>(place.width), static_cast<float>(place.height)});
}

void Ui::image(const core::SharedImage& image, double width_mm, std::string_view alternative) {
    auto& s = *state_;
    if (!image || image->width_px <= 0 || image->height_px <= 0) return;
    float width = std::min(s.flow.width, s.mm(width_mm)),
          height = width * static_cast<float>(image->height_px) / static_cast<float>(image->width_px);
    if (height > s.most_height()) width *= s.most_height() / height, height = s.most_height();
    ItemSpan span = s.take(height);
    Rect r = s.on_screen(s.flow.x + (s.spec.centred ? (s.flow.width - width) / 2 : 0), width, span);
    s.node(Role::image, r, alternative);
    if (r.width > 0) {
        s.draw_image(image, {r.x, r.y, width, height});
    }
    s.gap(4);
}

void Ui::qr(const core::QrCode& code, double side_mm, std::string_view alternative) {
    auto& s = *state_;
    // Four modules of quiet zone all around, on white in every contrast.
    float side = std::min(s.flow.width, s.mm(side_mm)), module = side / static_cast<float>(code.side + 8);
    ItemSpan span = s.take(side);
    Rect r = s.on_screen(s.flow.x + (s.spec.centred ? (s.flow.width - side) / 2 : 0), side, span);
    s.node(Role::image, r, alternative);
    if (r.width > 0) {
        module = std::max(1.0F, std::floor(module));
        float inner = module * static_cast<float>(code.side), start = std::round((side - inner) / 2);
        s.paint.rounded(r, s.mm(2), {255, 255, 255});
        s.paint.border(r, s.mm(2), s.mm(0.2), s.theme().line);
        paint_qr(s.paint, code, {std::round(r.x) + start, std::round(r.y) + start, inner, inner}, {0, 0, 0});
    }
    s.gap(4);
}

void Ui::page(const core::Page& page, const core::SharedImage& arms, double height_mm,
              std::string_view alternative) {
    auto& s = *state_;
    float height = std::min(s.mm(height_mm), s.most_height()),
          scale = height / static_cast<float>(page.height_um),
          width = static_cast<float>(page.width_um) * scale;
    if (width > s.flow.width)
        scale *= s.flow.width / width, height *= s.flow.width / width, width = s.flow.width;
    ItemSpan span = s.take(height);
    Rect r = s.on_screen(s.flow.x + (s.flow.width - width) / 2, width, span);
    s.node(Role::image, r, alternative);
    if (r.width > 0) {
        for (int i = 4; i > 0 && !s.high(); --i) {  // one soft shadow
            float spread = s.mm(0.45) * static_cast<float>(i);
            s.paint.rounded(
                {r.x - spread * 0.5F, r.y + spread * 0.4F, r.width + spread, r.height + spread * 0.7F},
                s.mm(1) + spread, s.theme().ink, 0.022);
        }
        s.paint.rect(r, {255, 255, 255});
        s.paint.border(r, 0, 1, s.high() ? s.theme().line : mix(s.theme().line, {255, 255, 255}, 0.3));
        PagePainter painter{s, arms, {std::round(r.x), std::round(r.y), r.width, r.height}, scale};
        for (const auto& item : page.items) std::visit(painter, item);
    }
    s.gap(4);
}

void Ui::sheets(const core::Document& document, const core::SharedImage& arms, double height_mm,
                std::string_view alternative) {
    auto& s = *state_;
    int count = static_cast<int>(document.pages.size());
    if (count == 0) return;
    s.sheet = std::clamp(s.sheet, 0, count - 1);
    const auto& sheet = document.pages[static_cast<std::size_t>(s.sheet)];
    if (count == 1) return page(sheet, arms, height_mm, alternative);
    std::string place =
        s.say("ui.page.place", {{"page", std::to_string(s.sheet + 1)}, {"pages", std::to_string(count)}});
    double acts_mm = static_cast<double>(s.target()) / s.theme().px_per_mm + 4;
    page(sheet, arms, height_mm - acts_mm, std::string(alternative) + ", " + place);
    s.flow.y -= s.mm(2);
    ItemSpan span = s.take(s.target());
    Rect r = s.on_screen(s.flow.x, s.flow.width, span);
    if (r.width > 0) {
        float side = s.mm(17), words = s.paint.width(place, s.small_font());
        float x = r.x + std::max(0.0F, (r.width - words - 2 * side - s.mm(6)) / 2);
        if (s.draw_icon_button({x, r.y, side, r.height}, s.say("ui.page.previous"), Icon::back, s.sheet > 0))
            --s.sheet, s.again = true;
        s.paint.text(x + side + s.mm(3), r.y + baseline_in(r.height, s.small_font()), place, s.small_font(),
                     s.theme().ink_soft);
        s.node(Role::status, {x + side, r.y, words + s.mm(6), r.height}, place);
        if (s.draw_icon_button({x + side + words + s.mm(6), r.y, side, r.height}, s.say("ui.page.next"),
                               Icon::forward, s.sheet + 1 < count))
            ++s.sheet, s.again = true;
    }
    s.gap(2);
}

void Ui::ink(const core::Ink& ink, double width_mm, double height_mm, std::string_view alternative) {
    auto& s = *state_;
    float width = std::min(s.flow.width, s.mm(width_mm)), height = s.mm(height_mm) * width / s.mm(width_mm);
    ItemSpan span = s.take(height);
    s.draw_ink(s.on_screen(s.flow.x + (s.spec.centred ? (s.flow.width - width) / 2 : 0), width, span), ink,
               alternative);
    s.gap(3);
}

void Ui::State::draw_ink(Rect r, const core::Ink& ink, std::string_view alternative) {
    node(Role::image, r, alternative);
    if (r.width <= 0 || ink.empty()) return;
    int w = std::max(1, static_cast<int>(r.width)), h = std::max(1, static_cast<int>(r.height));
    auto box = core::bounds(ink);
    double margin_um = 1500, ink_width = box.right_um - box.left_um + 2 * margin_um,
           ink_height = box.bottom_um - box.top_um + 2 * margin_um;
    double scale = std::min({w / ink_width, h / ink_height, theme().px_per_mm / 1000 * 1.2});
    double left = box.left_um - margin_um - (w / scale - ink_width) / 2,
           top = box.top_um - margin_um - (h / scale - ink_height) / 2;
    paint_ink(ink, r, {w, h, left, top, scale});
}

bool Ui::summary_ink(std::string_view label, const core::Ink& ink, std::string_view alternative,
                     std::string_view change) {
    auto& s = *state_;
    float change_width = s.button_width(change, false) - s.mm(4),
          room = s.flow.width - change_width - s.mm(4);
    float label_height = s.lines_height(label, s.small_font(), room), height = s.mm(16);
    ItemSpan span = s.take(label_height + height + s.mm(4));
    Rect r = s.on_screen(s.flow.x, s.flow.width, span);
    s.node(Role::text, r, label);
    Rect drawn, button;
    if (r.width > 0) {
        s.draw_lines(r.x, r.y + s.mm(2), room, label, s.small_font(), s.theme().ink_soft);
        s.paint.line(r.x, r.x + r.width, r.y + r.height, s.mm(0.2), s.theme().line);
        drawn = {r.x, r.y + s.mm(2) + label_height, std::min(room, s.mm(50)), height};
        button = {r.x + r.width - change_width, r.y + (r.height - s.target()) / 2, change_width, s.target()};
    }
    s.draw_ink(drawn, ink, alternative);
    return s.draw_button(button, change, ButtonKind::quiet, true, std::nullopt, span);
}

// --- the signing area

InkAnswer Ui::sign_area(std::string_view label, const core::Ink& ink, std::string_view name_under,
                        Steadiness steadiness) {
    auto& s = *state_;
    const Theme& t = s.theme();
    InkAnswer answer;
    s.pages_taken = true;
    constexpr const char* steady_names[] = {"ui.steady.off", "ui.steady.light", "ui.steady.strong"};
    std::string undo = s.say("ui.undo"), restart = s.say("ui.restart"),
                steady = s.say(steady_names[static_cast<std::size_t>(steadiness)]);
    float undo_width = s.button_width(undo, true) - s.mm(2),
          restart_width = s.button_width(restart, true) - s.mm(2),
          steady_width = s.button_width(steady, false);
    bool in_a_row = undo_width + restart_width + steady_width + 3 * s.mm(6) <
                    static_cast<float>(s.platform.width_px) - 2 * s.mm(8);
    float button = s.target(), foot = (button + s.mm(3)) * (in_a_row ? 1 : 2);
    float height = std::max(s.mm(44), s.left_of_view()), margin = s.mm(8),
          full = static_cast<float>(s.platform.width_px) - 2 * margin;
    if (s.platform.width_px > 2 * static_cast<int>(s.mm(160))) full = std::min(full, s.mm(300));
    ItemSpan span = s.take(height);
    Rect r = s.on_screen(std::round((static_cast<float>(s.platform.width_px) - full) / 2), full, span);
    if (r.width <= 0) {
        s.node(Role::sign_area, r, label);
        return answer;
    }
    Rect area{std::round(r.x), std::round(r.y), std::floor(r.width), std::floor(r.height - foot)};
    s.paint.rounded(area, s.mm(2), t.card);
    s.paint.border(area, s.mm(2), s.high() ? 3 : s.mm(0.2), t.line);
    // The line to write on, and its small x.
    float baseline = std::round(area.y + area.height * 0.72F), inset = s.mm(12), cross = s.mm(1.8);
    s.paint.line(area.x + inset, area.x + area.width - inset, baseline, s.mm(0.3),
                 s.high() ? t.line : mix(t.line, t.ink_soft, 0.45));
    s.paint.icon(Icon::close, area.x + inset - s.mm(7), baseline - 2 * cross - s.mm(0.4), 2 * cross,
                 t.ink_soft);

    // The printed name stands under the line, as on the certificate.
    float name_width = area.width - 2 * inset;
    float name_height = s.lines_height(name_under, s.small_font(), name_width);
    Rect name{area.x + inset, std::max(baseline + s.mm(1), area.y + area.height - name_height - s.mm(2.5)),
              name_width, name_height};
    s.draw_lines(name.x, name.y, name.width, name_under, s.small_font(), t.ink_soft);
    s.node(Role::text, name, name_under);

    core::Rgb pen = t.pen;
    Rect inner{area.x + 3, area.y + 3, area.width - 6, area.height - 6};
    s.canvas_seen = true;
    s.canvas.set_steadiness(steadiness);
    s.canvas.place(inner, t.px_per_mm, ink, pen);
    answer.events = s.canvas.take_events();
    if (!answer.events.empty()) s.again = true;
    answer.width_um = static_cast<std::int32_t>(std::lround(inner.width / t.px_per_mm * 1000));
    answer.height_um = static_cast<std::int32_t>(std::lround(inner.height / t.px_per_mm * 1000));

    core::Ink settled{ink.width_um, ink.height_um, {}};
    auto count = static_cast<std::ptrdiff_t>(s.canvas.settled_strokes(ink));
    settled.strokes.assign(ink.strokes.begin(), ink.strokes.begin() + count);
    bool fits = std::abs(settled.width_um - answer.width_um) < 300 &&
                std::abs(settled.height_um - answer.height_um) < 300;
    if (!settled.empty()) {
        if (!fits && settled.width_um > 0) settled = core::refit(settled, answer.width_um, answer.height_um);
        int w = static_cast<int>(inner.width), h = static_cast<int>(inner.height);
        auto key = mixed(hash_ink(settled),
                         {static_cast<std::uint64_t>(w), static_cast<std::uint64_t>(h), packed(pen)});
        s.paint.picture(
            s.cached(key, w, h, [&] { return coloured(draw_ink(settled, w, h, t.px_per_mm / 1000), pen); }),
            inner);
    }
    SemanticNode& n = s.node(Role::sign_area, inner, label);
    n.enabled = !s.blocked(), n.checked = !ink.empty();

    float y = area.y + area.height + s.mm(3), x = area.x;
    bool has_ink = !ink.empty();
    answer.undo =
        s.draw_button({x, y, undo_width, button}, undo, ButtonKind::secondary, has_ink, Icon::undo, span);
    answer.restart = s.draw_button({x + undo_width + s.mm(6), y, restart_width, button}, restart,
                                   ButtonKind::quiet, has_ink, Icon::restart, span);
    Rect steady_rect{in_a_row ? area.x + area.width - steady_width : x - s.mm(5),
                     in_a_row ? y : y + button + s.mm(3), steady_width, button};
    if (s.draw_button(steady_rect, steady, ButtonKind::quiet, true, std::nullopt, span))
        answer.steadiness = steadiness == Steadiness::strong
                                ? Steadiness::off
                                : static_cast<Steadiness>(static_cast<int>(steadiness) + 1);
    return answer;
}

}  // namespace kiosk
