#include "core/certificate/fonts.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/certificate/fonts_data.h"

namespace core {
namespace {

// In the order of Face.
constexpr const char* file_names[] = {"NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf", "NotoSerif-Italic.ttf",
                                      "NotoSans-Regular.ttf", "NotoSans-Bold.ttf"};

// Marks that a font places by rules which we do not follow, and characters that change direction or cannot be
// seen: the cmap may know them, but what stands on paper would not be the name.
bool needs_shaping(char32_t c) {
    constexpr std::pair<char32_t, char32_t> ranges[] = {
        {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x0300, 0x036F}, {0x0483, 0x0489},
        {0x0591, 0x08FF}, {0x0900, 0x109F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
        {0x2028, 0x202E}, {0x2060, 0x206F}, {0x20D0, 0x20FF}, {0xFB1D, 0xFDFF}, {0xFE00, 0xFE2F},
        {0xFE70, 0xFEFF}, {0xFFF9, 0xFFFD}};
    return std::any_of(std::begin(ranges), std::end(ranges),
                       [c](const auto& range) { return c >= range.first && c <= range.second; });
}

}  // namespace

Fonts::Fonts(std::unique_ptr<Data> data) : data_(std::move(data)) {}
Fonts::Fonts(Fonts&&) noexcept = default;
Fonts& Fonts::operator=(Fonts&&) noexcept = default;
Fonts::~Fonts() = default;

Result<Fonts> Fonts::load(const std::filesystem::path& folder) {
    auto data = std::make_unique<Data>();
    for (const char* name : file_names) {
        TRY_ASSIGN(FontFace face, FontFace::load(folder / name));
        data->faces.push_back(std::move(face));
        data->files.push_back(folder / name);
    }
    return Fonts(std::move(data));
}

std::int64_t Fonts::width_um(Face face, std::int32_t size_um, std::string_view text) const {
    const FontFace& font = data_->face(face);
    std::int64_t units = 0;
    for (char32_t c : code_points(text)) units += font.advance(font.glyph(c));
    return (units * size_um + font.units_per_em() / 2) / font.units_per_em();
}

std::optional<char32_t> Fonts::first_undrawable(Face face, std::string_view text) const {
    for (char32_t c : code_points(text))
        if (data_->face(face).glyph(c) == 0 || needs_shaping(c)) return c;
    return std::nullopt;
}

const std::filesystem::path& Fonts::file(Face face) const {
    return data_->files[static_cast<std::size_t>(face)];
}

}  // namespace core
