// FontFace: one TrueType file in memory: which glyph draws a character, how wide it is, and a subset for
// embedding.
//
// Lengths are in the font's own units (units_per_em to the em). Reads only what certificates need (cmap 4,
// hmtx, glyf); every offset is checked, since a font on the disk may be damaged.
#pragma once

#include <filesystem>
#include <map>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"

namespace core {

using GlyphId = std::uint16_t;

class FontFace {
  public:
    // Errc::missing_font when the file is not there, malformed when it is no TrueType font that we can embed.
    static Result<FontFace> load(const std::filesystem::path& file);

    GlyphId glyph(char32_t code_point) const;  // 0: the font cannot draw it
    int advance(GlyphId glyph) const;          // of an existing glyph
    int units_per_em() const { return units_per_em_; }

    struct Metrics {
        int ascent = 0, descent = 0, cap_height = 0, italic_angle = 0;
        int x_min = 0, y_min = 0, x_max = 0, y_max = 0;
        int weight = 400;
        std::string postscript_name;
    };
    const Metrics& metrics() const { return metrics_; }

    // A font program with just these glyphs, renumbered: glyph `glyphs[i]` becomes i. The first must be 0
    // (.notdef). Parts of composed letters follow behind. Hinting is left out: it is half of the size, and
    // paper has no use for it.
    Result<Bytes> subset(std::vector<GlyphId> glyphs) const;

  private:
    ByteView table(const char* tag) const;
    ByteView outline_of(GlyphId glyph) const;
    Status read_tables();
    Status read_cmap();

    Bytes file_;
    std::map<std::string, std::pair<std::size_t, std::size_t>, std::less<>> tables_;  // tag -> offset, length
    std::vector<GlyphId> glyphs_;  // of the basic plane, by code point
    Metrics metrics_;
    int units_per_em_ = 1000;
    std::size_t glyph_count_ = 0, long_metrics_ = 0;
    bool long_offsets_ = false;
};

}  // namespace core
