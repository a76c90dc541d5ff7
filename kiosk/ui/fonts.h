// Fonts: the five faces of screen and paper, mapped from fonts-noto-core; nothing is rasterised before it is
// shown.
//
// Sizes are the em in px; measures come out in the same px.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "core/base/result.h"
#include "core/model/page.h"
#include "kiosk/ui/raster.h"

namespace kiosk {

struct Font {
    core::Face face = core::Face::sans;
    float size = 16;
};

class Fonts {
  public:
    static std::filesystem::path default_dir() { return "/usr/share/fonts/truetype/noto"; }

    // Errc::missing_font names the file that is not there or is no font.
    static core::Result<std::shared_ptr<Fonts>> open(const std::filesystem::path& dir = default_dir());
    ~Fonts();
    Fonts(const Fonts&) = delete;
    Fonts& operator=(const Fonts&) = delete;

    bool can_draw(core::Face face, char32_t c) const;
    float advance(Font font, char32_t c) const;
    float kern(Font font, char32_t left, char32_t right) const;
    float width(Font font, std::string_view text, float letter_space = 0) const;

    // One glyph with its pen position at `shift` (0..1) of a pixel; `left` and `top` from pen and baseline.
    struct Glyph {
        Mask mask;
        int left = 0, top = 0;
    };
    Glyph rasterise(Font font, char32_t c, float shift) const;

  private:
    struct File;
    Fonts();
    File& file(core::Face face) const { return *files_[static_cast<std::size_t>(face)]; }
    std::array<std::unique_ptr<File>, 5> files_;
};

}  // namespace kiosk
