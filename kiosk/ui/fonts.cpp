#include "kiosk/ui/fonts.h"

#include <unordered_map>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <stb_truetype.h>
#pragma GCC diagnostic pop

#include "core/base/text.h"

namespace kiosk {
namespace {

const char* file_name(core::Face face) {
    switch (face) {
        case core::Face::serif:
            return "NotoSerif-Regular.ttf";
        case core::Face::serif_bold:
            return "NotoSerif-Bold.ttf";
        case core::Face::serif_italic:
            return "NotoSerif-Italic.ttf";
        case core::Face::sans:
            return "NotoSans-Regular.ttf";
        case core::Face::sans_bold:
            return "NotoSans-Bold.ttf";
    }
    return "";
}

struct Mapping {
    const unsigned char* bytes = nullptr;
    std::size_t size = 0;
    Mapping() = default;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping() {
        if (bytes != nullptr) munmap(const_cast<unsigned char*>(bytes), size);
    }
    bool open(const std::filesystem::path& path) {
        int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) return false;
        struct stat about {};
        bool found = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 1024;
        if (found) {
            size = static_cast<std::size_t>(about.st_size);
            void* start = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
            bytes = start == MAP_FAILED ? nullptr : static_cast<const unsigned char*>(start);
        }
        close(fd);
        return bytes != nullptr;
    }
};

}  // namespace

struct Fonts::File {
    Mapping mapping;
    stbtt_fontinfo info{};
    std::unordered_map<char32_t, int> glyphs;         // code point to glyph
    std::unordered_map<char32_t, int> advances;       // in font units
    std::unordered_map<std::uint64_t, int> kernings;  // in font units

    int glyph(char32_t c) {
        auto [entry, fresh] = glyphs.try_emplace(c, 0);
        if (fresh) entry->second = stbtt_FindGlyphIndex(&info, static_cast<int>(c));
        return entry->second;
    }
    float scale(float size) const { return stbtt_ScaleForMappingEmToPixels(&info, size); }
    // What the font lacks is shown as the replacement character, so that it is seen and not lost.
    char32_t drawable(char32_t c) {
        return glyph(c) != 0 || c < 0x20 ? c : glyph(U'\uFFFD') != 0 ? U'\uFFFD' : U'?';
    }
};

Fonts::Fonts() = default;
Fonts::~Fonts() = default;

core::Result<std::shared_ptr<Fonts>> Fonts::open(const std::filesystem::path& dir) {
    std::shared_ptr<Fonts> fonts(new Fonts);
    for (std::size_t i = 0; i < fonts->files_.size(); ++i) {
        auto path = dir / file_name(static_cast<core::Face>(i));
        auto file = std::make_unique<File>();
        if (!file->mapping.open(path))
            return core::Error{core::Errc::missing_font, path.string() + " (Debian package fonts-noto-core)"};
        const unsigned char* bytes = file->mapping.bytes;
        int offset = stbtt_GetFontOffsetForIndex(bytes, 0);
        if (offset < 0 || stbtt_InitFont(&file->info, bytes, offset) == 0)
            return core::Error{core::Errc::missing_font, path.string() + " is not a TrueType font"};
        fonts->files_[i] = std::move(file);
    }
    return fonts;
}

bool Fonts::can_draw(core::Face face, char32_t c) const { return file(face).glyph(c) != 0; }

float Fonts::advance(Font font, char32_t c) const {
    File& f = file(font.face);
    auto [entry, fresh] = f.advances.try_emplace(c, 0);
    if (fresh && c >= 0x20) stbtt_GetGlyphHMetrics(&f.info, f.glyph(f.drawable(c)), &entry->second, nullptr);
    return static_cast<float>(entry->second) * f.scale(font.size);
}

float Fonts::kern(Font font, char32_t left, char32_t right) const {
    File& f = file(font.face);
    auto [entry, fresh] = f.kernings.try_emplace(static_cast<std::uint64_t>(left) << 32 | right, 0);
    if (fresh) entry->second = stbtt_GetGlyphKernAdvance(&f.info, f.glyph(left), f.glyph(right));
    return static_cast<float>(entry->second) * f.scale(font.size);
}

float Fonts::width(Font font, std::string_view text, float letter_space) const {
    float width = 0;
    char32_t before = 0;
    for (char32_t c : core::code_points(text)) {
        if (before != 0) width += kern(font, before, c);
        width += advance(font, c) + letter_space;
        before = c;
    }
    return width;
}

Fonts::Glyph Fonts::rasterise(Font font, char32_t c, float shift) const {
    File& f = file(font.face);
    float scale = f.scale(font.size);
    int index = f.glyph(f.drawable(c)), x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    stbtt_GetGlyphBitmapBoxSubpixel(&f.info, index, scale, scale, shift, 0, &x0, &y0, &x1, &y1);
    Glyph glyph{{x1 - x0, y1 - y0, {}}, x0, y0};
    if (c < 0x20 || x1 <= x0 || y1 <= y0) return {};
    glyph.mask.coverage.resize(static_cast<std::size_t>(x1 - x0) * static_cast<std::size_t>(y1 - y0));
    stbtt_MakeGlyphBitmapSubpixel(&f.info, glyph.mask.coverage.data(), x1 - x0, y1 - y0, x1 - x0, scale,
                                  scale, shift, 0, index);
    return glyph;
}

}  // namespace kiosk
