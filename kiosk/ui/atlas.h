// Atlas: glyphs and shapes as they are first needed, on a few shared textures.
//
// Each texture is white with coverage as alpha; colour comes with the vertex. The first pixels of the first
// one are solid, for rectangles.
#pragma once

#include <functional>
#include <unordered_map>

#include "kiosk/ui/ui_platform.h"

namespace kiosk {

struct Sprite {
    TextureId texture = 0;
    int x = 0, y = 0, width = 0, height = 0;
    int left = 0, top = 0;  // of glyphs: from pen and baseline
};

class Atlas {
  public:
    static constexpr int side = 1024;

    explicit Atlas(Ui::Platform& platform) : platform_(platform) {}

    // At the start of a pass: begins again when textures are lost or everything is full.
    void begin_pass();
    TextureId base_texture();
    const Sprite& glyph(Font font, char32_t c, int quarter);  // pen position in quarters of a pixel
    const Sprite& shape(std::uint64_t key, const std::function<Mask()>& make);

  private:
    struct Sheet {
        TextureId texture = 0;
        int x = 0, y = 0, row_height = 0;
    };
    Sprite place(const Mask& mask);

    Ui::Platform& platform_;
    int generation_ = -1;
    std::vector<Sheet> sheets_;
    std::unordered_map<std::uint64_t, Sprite> glyphs_, shapes_;
};

}  // namespace kiosk
