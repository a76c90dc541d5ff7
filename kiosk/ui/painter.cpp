#include "kiosk/ui/painter.h"

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "kiosk/ui/icons.h"

namespace kiosk {
namespace {

constexpr float large_letters_px = 60;

ImU32 rgba(core::Rgb c, double alpha = 1) {
    return IM_COL32(c.r, c.g, c.b, static_cast<int>(std::lround(std::clamp(alpha, 0.0, 1.0) * 255)));
}

ImTextureID texture_of(TextureId id) {
    return reinterpret_cast<ImTextureID>(static_cast<std::uintptr_t>(id));
}  // NOLINT

enum class ShapeKind : std::uint64_t { corner = 1, ring, icon, disc };

std::uint64_t shape_key(ShapeKind kind, int a, int b = 0) {
    return static_cast<std::uint64_t>(kind) << 48 | static_cast<std::uint64_t>(a) << 24 |
           static_cast<std::uint64_t>(b);
}

// The top left quarter of a disc of radius `size`, less one of radius `size - thickness` (0: none).
Mask quarter(int size, float thickness) {
    Mask mask{size, size, {}};
    auto r = static_cast<float>(size);
    for (int y = 0; y < size; ++y)
        for (int x = 0; x < size; ++x) {
            float d = std::hypot(r - static_cast<float>(x) - 0.5F, r - static_cast<float>(y) - 0.5F);
            float outer = std::clamp(r + 0.5F - d, 0.0F, 1.0F);
            float inner = thickness > 0 ? std::clamp(r - thickness + 0.5F - d, 0.0F, 1.0F) : 0.0F;
            mask.coverage.push_back(static_cast<std::uint8_t>(std::lround((outer - inner) * 255)));
        }
    return mask;
}

Rect whole(Rect r) {
    float x = std::round(r.x), y = std::round(r.y);
    return {x, y, std::round(r.x + r.width) - x, std::round(r.y + r.height) - y};
}

}  // namespace

core::Rgb mix(core::Rgb a, core::Rgb b, double part_of_b) {
    auto channel = [&](std::uint8_t from, std::uint8_t to) {
        return static_cast<std::uint8_t>(std::lround(from + (to - from) * part_of_b));
    };
    return {channel(a.r, b.r), channel(a.g, b.g), channel(a.b, b.b)};
}

void Painter::quad(TextureId texture, Rect r, float u0, float v0, float u1, float v1, ImU32 colour) {
    if (r.width <= 0 || r.height <= 0) return;
    list_->PushTextureID(texture_of(texture));
    list_->PrimReserve(6, 4);
    list_->PrimRectUV({r.x, r.y}, {r.x + r.width, r.y + r.height}, {u0, v0}, {u1, v1}, colour);
    list_->PopTextureID();
}

void Painter::rect(Rect r, core::Rgb colour, double alpha) {
    constexpr float middle = 2.0F / Atlas::side;
    quad(atlas_.base_texture(), whole(r), middle, middle, middle, middle, rgba(colour, alpha));
}

void Painter::corners(const Sprite& corner, Rect r, float size, ImU32 colour) {
    float u0 = static_cast<float>(corner.x) / Atlas::side, v0 = static_cast<float>(corner.y) / Atlas::side;
    float u1 = u0 + static_cast<float>(corner.width) / Atlas::side,
          v1 = v0 + static_cast<float>(corner.height) / Atlas::side;
    float right = r.x + r.width - size, bottom = r.y + r.height - size;
    quad(corner.texture, {r.x, r.y, size, size}, u0, v0, u1, v1, colour);
    quad(corner.texture, {right, r.y, size, size}, u1, v0, u0, v1, colour);
    quad(corner.texture, {r.x, bottom, size, size}, u0, v1, u1, v0, colour);
    quad(corner.texture, {right, bottom, size, size}, u1, v1, u0, v0, colour);
}

void Painter::rounded(Rect area, float radius, core::Rgb colour, double alpha) {
    Rect r = whole(area);
    float size = std::floor(std::min({std::round(radius), r.width / 2, r.height / 2}));
    if (size < 1) return rect(r, colour, alpha);
    rect({r.x + size, r.y, r.width - 2 * size, r.height}, colour, alpha);
    rect({r.x, r.y + size, size, r.height - 2 * size}, colour, alpha);
    rect({r.x + r.width - size, r.y + size, size, r.height - 2 * size}, colour, alpha);
    auto side = static_cast<int>(size);
    corners(atlas_.shape(shape_key(ShapeKind::corner, side), [&] { return quarter(side, 0); }), r, size,
            rgba(colour, alpha));
}

void Painter::border(Rect area, float radius, float thickness, core::Rgb colour) {
    Rect r = whole(area);
    float t = std::max(1.0F, std::round(thickness));
    float size = std::max(t, std::floor(std::min({std::round(radius), r.width / 2, r.height / 2})));
    rect({r.x + size, r.y, r.width - 2 * size, t}, colour);
    rect({r.x + size, r.y + r.height - t, r.width - 2 * size, t}, colour);
    rect({r.x, r.y + size, t, r.height - 2 * size}, colour);
    rect({r.x + r.width - t, r.y + size, t, r.height - 2 * size}, colour);
    auto side = static_cast<int>(size);
    corners(
        atlas_.shape(shape_key(ShapeKind::ring, side, static_cast<int>(t)), [&] { return quarter(side, t); }),
        r, size, rgba(colour));
}

void Painter::disc(float centre_x, float centre_y, float radius, core::Rgb colour) {
    float size = std::max(1.0F, std::round(radius));
    rounded({std::round(centre_x) - size, std::round(centre_y) - size, size * 2, size * 2}, size, colour);
}

void Painter::line(float x0, float x1, float y, float thickness, core::Rgb colour) {
    float t = std::max(1.0F, std::round(thickness));
    rect({x0, std::round(y - t / 2), x1 - x0, t}, colour);
}

void Painter::dots(float x0, float x1, float y, float thickness, core::Rgb colour) {
    float t = std::max(2.0F, std::round(thickness));
    for (float x = x0; x + t <= x1; x += 2 * t) rect({x, y, t, t}, colour);
}

void Painter::icon(Icon icon, float x, float y, float side, core::Rgb colour) {
    auto px = static_cast<int>(std::lround(side));
    mask(atlas_.shape(shape_key(ShapeKind::icon, static_cast<int>(icon), px),
                      [&] { return draw_icon(icon, px); }),
         std::round(x), std::round(y), colour);
}

void Painter::mask(const Sprite& s, float x, float y, core::Rgb colour) {
    auto u = [](int px) { return static_cast<float>(px) / Atlas::side; };
    quad(s.texture, {x, y, static_cast<float>(s.width), static_cast<float>(s.height)}, u(s.x), u(s.y),
         u(s.x + s.width), u(s.y + s.height), rgba(colour));
}

void Painter::text(float x, float baseline, std::string_view text, Font font, core::Rgb colour,
                   float letter_space) {
    float pen = x, line = std::round(baseline);
    char32_t before = 0;
    for (char32_t c : core::code_points(text)) {
        if (before != 0) pen += platform_.fonts->kern(font, before, c);
        // Large letters stand on whole pixels: nobody sees a quarter, and each would be a picture of its own.
        float from = font.size < large_letters_px ? std::floor(pen) : std::round(pen);
        int step = font.size < large_letters_px ? std::min(3, static_cast<int>((pen - from) * 4)) : 0;
        const Sprite& s = atlas_.glyph(font, c, step);
        if (s.texture != 0)
            mask(s, from + static_cast<float>(s.left), line + static_cast<float>(s.top), colour);
        pen += platform_.fonts->advance(font, c) + letter_space;
        before = c;
    }
}

void Painter::picture(TextureId texture, Rect r, double alpha) {
    quad(texture, whole(r), 0, 0, 1, 1, rgba({255, 255, 255}, alpha));
}

}  // namespace kiosk
