#include "core/certificate/fonts.h"

#include "core/base/text.h"
#include "core/certificate/fonts_data.h"

namespace core {
namespace {

// In the order of Face.
constexpr const char* file_names[] = {"NotoSerif-Regular.ttf", "NotoSerif-Bold.ttf", "NotoSerif-Italic.ttf",
                                      "NotoSans-Regular.ttf", "NotoSans-Bold.ttf"};

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
        if (data_->face(face).glyph(c) == 0) return c;
    return std::nullopt;
}

const std::filesystem::path& Fonts::file(Face face) const {
    return data_->files[static_cast<std::size_t>(face)];
}

}  // namespace core
