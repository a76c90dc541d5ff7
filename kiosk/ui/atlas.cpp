#include "kiosk/ui/atlas.h"

#include <algorithm>
#include <cmath>

namespace kiosk {
namespace {

constexpr std::size_t most_sheets = 4;
constexpr int solid = 4;  // px of white in the corner of the first sheet

std::vector<std::uint8_t> white_with(const Mask& mask) {
    std::vector<std::uint8_t> rgba(mask.coverage.size() * 4, 255);
    for (std::size_t i = 0; i < mask.coverage.size(); ++i) rgba[i * 4 + 3] = mask.coverage[i];
    return rgba;
}

}  // namespace

void Atlas::begin_pass() {
    bool lost = generation_ != platform_.texture_generation();
    if (!lost && sheets_.size() <= most_sheets) return;
    if (!lost)
        for (const auto& sheet : sheets_) platform_.free_texture(sheet.texture);
    sheets_.clear(), glyphs_.clear(), shapes_.clear();
    generation_ = platform_.texture_generation();
}

TextureId Atlas::base_texture() {
    if (sheets_.empty()) {
        sheets_.push_back({platform_.make_texture(side, side), solid + 1, 0, solid + 1});
        Mask white{solid, solid, std::vector<std::uint8_t>(solid * solid, 255)};
        platform_.update_texture(sheets_[0].texture, 0, 0, solid, solid, white_with(white).data());
    }
    return sheets_[0].texture;
}

Sprite Atlas::place(const Mask& mask) {
    base_texture();
    if (mask.width <= 0 || mask.height <= 0) return {};
    Sheet* sheet = &sheets_.back();
    if (sheet->x + mask.width + 1 > side) sheet->x = 0, sheet->y += sheet->row_height, sheet->row_height = 0;
    if (sheet->y + mask.height + 1 > side) {
        sheets_.push_back({platform_.make_texture(side, side), 0, 0, 0});
        sheet = &sheets_.back();
    }
    Sprite sprite{sheet->texture, sheet->x, sheet->y, mask.width, mask.height};
    platform_.update_texture(sheet->texture, sheet->x, sheet->y, mask.width, mask.height,
                             white_with(mask).data());
    sheet->x += mask.width + 1;
    sheet->row_height = std::max(sheet->row_height, mask.height + 1);
    return sprite;
}

const Sprite& Atlas::glyph(Font font, char32_t c, int quarter) {
    auto size =
        static_cast<std::uint64_t>(std::lround(font.size * 4));  // rasterised in steps of a quarter px
    auto key = static_cast<std::uint64_t>(c) | static_cast<std::uint64_t>(quarter) << 24 |
               static_cast<std::uint64_t>(font.face) << 28 | size << 32;
    if (auto found = glyphs_.find(key); found != glyphs_.end()) return found->second;
    auto drawn = platform_.fonts->rasterise({font.face, static_cast<float>(size) / 4}, c,
                                            static_cast<float>(quarter) / 4);
    Sprite sprite = place(drawn.mask);
    sprite.left = drawn.left, sprite.top = drawn.top;
    return glyphs_.emplace(key, sprite).first->second;
}

const Sprite& Atlas::shape(std::uint64_t key, const std::function<Mask()>& make) {
    if (auto found = shapes_.find(key); found != shapes_.end()) return found->second;
    return shapes_.emplace(key, place(make())).first->second;
}

}  // namespace kiosk
