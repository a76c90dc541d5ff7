// Fonts: the faces that certificates embed, read once and kept; measuring and coverage.
//
// fonts-noto-core on Debian: /usr/share/fonts/truetype/noto/Noto{Serif,Sans}-*.ttf. Errc::missing_font names the file and the
// package. Widths are exact advance widths of the font, so that screen and paper break lines alike.
#pragma once

#include <filesystem>
#include <memory>

#include "core/base/result.h"
#include "core/model/page.h"

namespace core {

class Fonts {
  public:
    static Result<Fonts> load(const std::filesystem::path& folder = "/usr/share/fonts/truetype/noto");
    Fonts(Fonts&&) noexcept;
    Fonts& operator=(Fonts&&) noexcept;
    ~Fonts();

    // Width in um of one line at `size_um`; the text must be drawable.
    std::int64_t width_um(Face face, std::int32_t size_um, std::string_view text) const;
    // The first code point that the face cannot draw; nothing when all of it can be drawn.
    std::optional<char32_t> first_undrawable(Face face, std::string_view text) const;
    const std::filesystem::path& file(Face face) const;

    struct Data;
    const Data& data() const { return *data_; }

  private:
    explicit Fonts(std::unique_ptr<Data> data);
    std::unique_ptr<Data> data_;
};

}  // namespace core
