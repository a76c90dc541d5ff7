#include "core/certificate/font_face.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "core/base/file.h"

namespace core {
namespace {

// Big-endian reading and writing; a position outside reads as zero.
std::uint32_t u8(ByteView bytes, std::size_t at) { return at < bytes.size() ? bytes[at] : 0U; }
std::uint32_t u16(ByteView bytes, std::size_t at) { return u8(bytes, at) << 8 | u8(bytes, at + 1); }
std::uint32_t u32(ByteView bytes, std::size_t at) { return u16(bytes, at) << 16 | u16(bytes, at + 2); }
int s16(ByteView bytes, std::size_t at) { return static_cast<std::int16_t>(u16(bytes, at)); }

void put16(Bytes& out, std::uint32_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
}
void put32(Bytes& out, std::uint32_t value) { put16(out, value >> 16), put16(out, value); }
void set16(Bytes& out, std::size_t at, std::uint32_t value) {
    out[at] = static_cast<std::uint8_t>(value >> 8);
    out[at + 1] = static_cast<std::uint8_t>(value);
}
void set32(Bytes& out, std::size_t at, std::uint32_t value) {
    set16(out, at, value >> 16), set16(out, at + 2, value);
}

// Flags of a composed glyph's part (OpenType, glyf).
constexpr std::uint32_t args_are_words = 1, has_scale = 8, more_parts = 32, has_two_scales = 64,
                        has_matrix = 128, has_instructions = 256;

// Calls `visit(offset of the part's glyph index)` for each part; returns where the parts end, 0 when they run
// out.
template <class Visit>
std::size_t for_each_part(ByteView glyph, Visit visit) {
    std::size_t at = 10;
    while (at + 4 <= glyph.size()) {
        std::uint32_t flags = u16(glyph, at);
        visit(at);
        at += 4 + (flags & args_are_words ? 4U : 2U);
        at += flags & has_scale ? 2U : flags & has_two_scales ? 4U : flags & has_matrix ? 8U : 0U;
        if (at > glyph.size()) return 0;
        if ((flags & more_parts) == 0) return at;
    }
    return 0;
}

// The glyph without its hinting program; nothing when it is cut short.
std::optional<Bytes> without_hinting(ByteView glyph) {
    if (glyph.empty()) return Bytes{};
    if (glyph.size() < 10) return std::nullopt;
    if (s16(glyph, 0) >= 0) {
        std::size_t ends = 10 + 2 * u16(glyph, 0);
        std::size_t outline = ends + 2 + u16(glyph, ends);
        if (outline > glyph.size()) return std::nullopt;
        Bytes out(glyph.begin(), glyph.begin() + static_cast<std::ptrdiff_t>(ends));
        put16(out, 0);
        append(out, glyph.subspan(outline));
        return out;
    }
    std::size_t end = for_each_part(glyph, [](std::size_t) {});
    if (end == 0) return std::nullopt;
    Bytes out(glyph.begin(), glyph.begin() + static_cast<std::ptrdiff_t>(end));
    for_each_part(glyph, [&](std::size_t at) { set16(out, at, u16(glyph, at) & ~has_instructions); });
    return out;
}

std::uint32_t checksum(ByteView bytes) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < bytes.size(); at += 4) sum += u32(bytes, at);
    return sum;
}

Bytes assemble(const std::vector<std::pair<const char*, Bytes>>& tables) {
    Bytes out;
    std::uint32_t count = static_cast<std::uint32_t>(tables.size()), power = 1, log2 = 0;
    while (power * 2 <= count) power *= 2, ++log2;
    put32(out, 0x00010000), put16(out, count), put16(out, power * 16), put16(out, log2),
        put16(out, (count - power) * 16);
    std::size_t offset = 12 + 16 * tables.size(), head = 0;
    for (const auto& [tag, content] : tables) {
        if (std::strcmp(tag, "head") == 0) head = offset;
        append(out, as_bytes({tag, 4}));
        put32(out, checksum(content)), put32(out, static_cast<std::uint32_t>(offset));
        put32(out, static_cast<std::uint32_t>(content.size()));
        offset += (content.size() + 3) / 4 * 4;
    }
    for (const auto& [tag, content] : tables) {
        append(out, content);
        out.resize((out.size() + 3) / 4 * 4);
    }
    set32(out, head + 8, 0xB1B0AFBA - checksum(out));
    return out;
}

std::string read_postscript_name(ByteView name) {
    std::size_t strings = u16(name, 4);
    for (std::size_t i = 0; i < u16(name, 2); ++i) {
        std::size_t at = 6 + 12 * i;
        if (u16(name, at + 6) != 6 || u16(name, at) != 3) continue;
        std::string out;
        for (std::size_t k = 1; k < u16(name, at + 8); k += 2)
            if (char c = static_cast<char>(u8(name, strings + u16(name, at + 10) + k));
                std::isalnum(c) || c == '-')
                out += c;
        return out;
    }
    return "Font";
}

}  // namespace

ByteView FontFace::table(const char* tag) const {
    auto found = tables_.find(std::string_view(tag, 4));
    if (found == tables_.end()) return {};
    return ByteView(file_).subspan(found->second.first, found->second.second);
}

Result<FontFace> FontFace::load(const std::filesystem::path& file) {
    auto content = read_file(file, 16U << 20);
    if (!content.ok() && content.error().code == Errc::not_found)
        return Error{Errc::missing_font, file.string() + " (Debian package fonts-noto-core)"};
    if (!content.ok()) return content.error();
    FontFace face;
    face.file_ = std::move(*content);
    for (auto status : {face.read_tables(), face.read_cmap()})
        if (!status.ok()) return Error{status.error().code, file.string() + ": " + status.error().detail};
    return face;
}

Status FontFace::read_tables() {
    ByteView all(file_);
    if (u32(all, 0) != 0x00010000) return Error{Errc::malformed, "not a TrueType font"};
    for (std::size_t i = 0; i < u16(all, 4); ++i) {
        std::size_t at = 12 + 16 * i, offset = u32(all, at + 8), length = u32(all, at + 12);
        if (at + 16 > all.size() || offset > all.size() || length > all.size() - offset)
            return Error{Errc::malformed, "a table outside the file"};
        tables_[std::string(as_text(all.subspan(at, 4)))] = {offset, length};
    }
    for (const char* needed :
         {"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap", "OS/2", "post", "name"})
        if (table(needed).empty()) return Error{Errc::malformed, std::string("no table ") + needed};
    auto head = table("head"), hhea = table("hhea"), os2 = table("OS/2");
    units_per_em_ = static_cast<int>(u16(head, 18));
    long_offsets_ = u16(head, 50) == 1;
    glyph_count_ = u16(table("maxp"), 4);
    long_metrics_ = u16(hhea, 34);
    if (units_per_em_ < 16 || head.size() < 54 || hhea.size() < 36 || table("maxp").size() < 32 ||
        long_metrics_ == 0 || long_metrics_ > glyph_count_ ||
        table("hmtx").size() < 4 * long_metrics_ + 2 * (glyph_count_ - long_metrics_) ||
        table("loca").size() < (glyph_count_ + 1) * (long_offsets_ ? 4 : 2))
        return Error{Errc::malformed, "tables that contradict each other"};
    if ((u16(os2, 8) & 0x0002) != 0) return Error{Errc::malformed, "its licence forbids embedding"};
    metrics_ = {.ascent = s16(hhea, 4),
                .descent = s16(hhea, 6),
                .cap_height = u16(os2, 0) >= 2 ? s16(os2, 88) : s16(hhea, 4),
                .italic_angle = s16(table("post"), 4),
                .x_min = s16(head, 36),
                .y_min = s16(head, 38),
                .x_max = s16(head, 40),
                .y_max = s16(head, 42),
                .weight = static_cast<int>(u16(os2, 4)),
                .postscript_name = read_postscript_name(table("name"))};
    return {};
}

Status FontFace::read_cmap() {
    auto cmap = table("cmap");
    std::size_t sub = 0;
    for (std::size_t i = 0; i < u16(cmap, 2); ++i)
        if (std::size_t at = 4 + 8 * i; u16(cmap, at) == 3 && u16(cmap, at + 2) == 1) sub = u32(cmap, at + 4);
    if (sub == 0 || sub >= cmap.size() || u16(cmap, sub) != 4)
        return Error{Errc::malformed, "no Unicode character map"};
    auto map = cmap.subspan(sub);
    glyphs_.resize(0x10000);
    std::size_t segments = u16(map, 6) / 2, ends = 14, starts = ends + 2 * segments + 2,
                deltas = starts + 2 * segments, offsets = deltas + 2 * segments;
    for (std::size_t i = 0; i < segments; ++i) {
        std::uint32_t start = u16(map, starts + 2 * i), end = u16(map, ends + 2 * i),
                      offset = u16(map, offsets + 2 * i);
        for (std::uint32_t code = start; code <= end && code < 0xFFFF; ++code) {
            std::uint32_t glyph = code;
            if (offset != 0 && (glyph = u16(map, offsets + 2 * i + offset + 2 * (code - start))) == 0)
                continue;
            glyph = (glyph + u16(map, deltas + 2 * i)) & 0xFFFF;
            if (glyph != 0 && glyph < glyph_count_) glyphs_[code] = static_cast<GlyphId>(glyph);
        }
    }
    return {};
}

GlyphId FontFace::glyph(char32_t code_point) const {
    return code_point < glyphs_.size() ? glyphs_[code_point] : GlyphId{0};
}

int FontFace::advance(GlyphId glyph) const {
    return static_cast<int>(u16(table("hmtx"), 4 * std::min<std::size_t>(glyph, long_metrics_ - 1)));
}

ByteView FontFace::outline_of(GlyphId glyph) const {
    auto loca = table("loca"), glyf = table("glyf");
    std::size_t from = long_offsets_ ? u32(loca, 4U * glyph) : 2 * u16(loca, 2U * glyph);
    std::size_t to = long_offsets_ ? u32(loca, 4U * glyph + 4) : 2 * u16(loca, 2U * glyph + 2);
    if (from > to || to > glyf.size()) return {};
    return glyf.subspan(from, to - from);
}

Result<Bytes> FontFace::subset(std::vector<GlyphId> glyphs) const {
    CHECK_THAT(!glyphs.empty() && glyphs[0] == 0);
    std::map<GlyphId, GlyphId> renumbered;
    for (std::size_t i = 0; i < glyphs.size(); ++i) renumbered.emplace(glyphs[i], static_cast<GlyphId>(i));
    Bytes glyf, loca, hmtx;
    put32(loca, 0);
    for (std::size_t i = 0; i < glyphs.size(); ++i) {  // grows while parts are found
        auto outline = without_hinting(outline_of(glyphs[i]));
        if (!outline) return Error{Errc::malformed, metrics_.postscript_name + ": a damaged glyph"};
        if (outline->size() >= 10 && s16(*outline, 0) < 0)
            for_each_part(ByteView(*outline), [&](std::size_t at) {
                auto part = static_cast<GlyphId>(u16(*outline, at + 2));
                auto [place, is_new] = renumbered.emplace(part, static_cast<GlyphId>(glyphs.size()));
                if (is_new) glyphs.push_back(part);
                set16(*outline, at + 2, place->second);
            });
        append(glyf, *outline);
        glyf.resize((glyf.size() + 3) / 4 * 4);
        put32(loca, static_cast<std::uint32_t>(glyf.size()));
        auto source = table("hmtx");
        put16(hmtx, static_cast<std::uint32_t>(advance(glyphs[i])));
        put16(hmtx, glyphs[i] < long_metrics_
                        ? u16(source, 4U * glyphs[i] + 2)
                        : u16(source, 4 * long_metrics_ + 2 * (glyphs[i] - long_metrics_)));
    }
    auto copy = [&](const char* tag, std::size_t size) {
        auto from = table(tag).first(size);
        return Bytes(from.begin(), from.end());
    };
    Bytes head = copy("head", 54), hhea = copy("hhea", 36), maxp = copy("maxp", 32);
    set32(head, 8, 0);   // the whole file's sum, filled in by assemble()
    set16(head, 50, 1);  // long offsets
    set16(hhea, 34, static_cast<std::uint32_t>(glyphs.size()));
    set16(maxp, 4, static_cast<std::uint32_t>(glyphs.size()));
    for (std::size_t limit = 14; limit <= 26; limit += 2)
        set16(maxp, limit, limit == 14 ? 2 : 0);  // no programs
    return assemble(
        {{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", loca}, {"maxp", maxp}});
}

}  // namespace core
