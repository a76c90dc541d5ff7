#include "core/certificate/draw.h"

#include <cmath>

#include <hpdf.h>
#include <hpdf_pages.h>
#include <hpdf_streams.h>

#include "core/base/handle.h"
#include "core/base/text.h"
#include "core/certificate/fonts_data.h"

namespace core {
namespace {

constexpr double points_per_um = 72.0 / 25'400.0;

float hundredths(double value) { return static_cast<float>(std::round(value * 100.0) / 100.0); }

Rectangle joined(const std::vector<InkOutline>& outlines) {
    Rectangle box{1e9, 1e9, -1e9, -1e9};
    auto take = [&](const InkVec& point) {
        box.left = std::min(box.left, point.x), box.right = std::max(box.right, point.x);
        box.bottom = std::min(box.bottom, point.y), box.top = std::max(box.top, point.y);
    };
    for (const InkOutline& outline : outlines) {
        take(outline.start);
        for (const auto& segment : outline.segments) take(segment.c1), take(segment.c2), take(segment.to);
    }
    return box;
}

class PagePainter {
  public:
    PagePainter(HPDF_Doc pdf, HPDF_Page page, const Page& source, const Fonts& fonts, const VectorArms* arms,
                Drawn& drawn)
        : pdf_(pdf),
          page_(page),
          fonts_(fonts.data()),
          arms_(arms),
          drawn_(drawn),
          height_(source.height_um * points_per_um) {
        drawn_.pages.push_back({source.width_um * points_per_um, height_, {}, false});
    }

    Status paint(const TextItem& item) {
        std::string shown;
        TRY_ASSIGN(shown, encode(item));
        double x = item.x_um * points_per_um, y = height_ - item.baseline_um * points_per_um;
        double size = item.size_um * points_per_um, width = item.width_um * points_per_um;
        begin(item.meaning, item.continues, "", item.url, {x, y - 0.25 * size, x + width, y + 0.8 * size},
              item.row);
        if (item.meaning != Meaning::artifact) drawn_.pages.back().pieces.back().language = item.language;
        fill_with(item.colour);
        HPDF_Page_BeginText(page_);
        HPDF_Font font = HPDF_GetFont(pdf_, stand_in_fonts[static_cast<std::size_t>(item.face)], nullptr);
        HPDF_Page_SetFontAndSize(page_, font, hundredths(size));
        if (float space = hundredths(item.letter_space_um * points_per_um);
            space != HPDF_Page_GetCharSpace(page_))
            HPDF_Page_SetCharSpace(page_, space);
        HPDF_Page_MoveTextPos(page_, hundredths(x), hundredths(y));
        write("<" + shown + "> Tj\n");
        HPDF_Page_EndText(page_);
        end();
        return {};
    }

    Status paint(const LineItem& item) {
        begin(Meaning::artifact, false, "", "", {});
        HPDF_Page_SetRGBStroke(page_, unit(item.colour.r), unit(item.colour.g), unit(item.colour.b));
        HPDF_Page_SetLineWidth(page_, hundredths(item.width_um * points_per_um));
        HPDF_Page_MoveTo(page_, hundredths(item.x1_um * points_per_um),
                         hundredths(height_ - item.y1_um * points_per_um));
        HPDF_Page_LineTo(page_, hundredths(item.x2_um * points_per_um),
                         hundredths(height_ - item.y2_um * points_per_um));
        HPDF_Page_Stroke(page_);
        end();
        return {};
    }

    Status paint(const InkItem& item) {
        if (item.outlines.empty()) return {};
        Rectangle um = joined(item.outlines);
        Rectangle box{um.left * points_per_um, height_ - um.top * points_per_um, um.right * points_per_um,
                      height_ - um.bottom * points_per_um};
        begin(Meaning::figure, false, item.alternative, "", box);
        fill_with(item.colour);
        HPDF_Page_GSave(page_);
        // Twentieths of a point (18 um, finer than 1,200 dots an inch) from the corner of the box: whole numbers,
        // exact and short.
        HPDF_Page_Concat(page_, 0.05F, 0, 0, 0.05F, hundredths(box.left), hundredths(box.bottom));
        auto x = [&](const InkVec& v) {
            return std::round(static_cast<float>((v.x - um.left) * points_per_um * 20));
        };
        auto y = [&](const InkVec& v) {
            return std::round(static_cast<float>((um.top - v.y) * points_per_um * 20));
        };
        for (const InkOutline& outline : item.outlines) {
            HPDF_Page_MoveTo(page_, x(outline.start), y(outline.start));
            for (const auto& [c1, c2, to] : outline.segments)
                HPDF_Page_CurveTo(page_, x(c1), y(c1), x(c2), y(c2), x(to), y(to));
            HPDF_Page_ClosePath(page_);
        }
        HPDF_Page_Fill(page_);
        HPDF_Page_GRestore(page_);
        end();
        return {};
    }

    Status paint(const ArmsItem& item) {
        if (arms_ == nullptr) return {};
        Rectangle box = place(item.x_um, item.y_um, item.width_um, item.height_um);
        double scale =
            std::min((box.right - box.left) / arms_->width, (box.top - box.bottom) / arms_->height);
        double aside = (box.right - box.left - scale * arms_->width) / 2,
               below = (box.top - box.bottom - scale * arms_->height) / 2;
        box = {box.left + aside, box.bottom + below, box.right - aside, box.top - below};
        begin(Meaning::figure, false, item.alternative, "", box);
        HPDF_Page_GSave(page_);
        HPDF_Page_Concat(page_, static_cast<float>(scale), 0, 0, static_cast<float>(scale),
                         hundredths(box.left), hundredths(box.bottom));
        write("/Arms Do\n");
        drawn_.pages.back().has_arms = true;
        HPDF_Page_GRestore(page_);
        end();
        return {};
    }

    // One path and one fill, so that no seams show between the modules.
    Status paint(const QrItem& item) {
        Rectangle box = place(item.x_um, item.y_um, item.side_um, item.side_um);
        begin(Meaning::figure, false, item.alternative, item.url, box);
        fill_with({0, 0, 0});
        HPDF_Page_GSave(page_);
        auto module = static_cast<float>((box.right - box.left) / item.code.side);
        HPDF_Page_Concat(page_, module, 0, 0, module, hundredths(box.left), hundredths(box.bottom));
        for (int row = 0; row < item.code.side; ++row)
            for (int column = 0; column < item.code.side; ++column) {
                if (!item.code.at(column, row)) continue;
                int from = column;
                while (column + 1 < item.code.side && item.code.at(column + 1, row)) ++column;
                HPDF_Page_Rectangle(page_, static_cast<float>(from),
                                    static_cast<float>(item.code.side - 1 - row),
                                    static_cast<float>(column + 1 - from), 1);
            }
        HPDF_Page_Fill(page_);
        HPDF_Page_GRestore(page_);
        end();
        return {};
    }

  private:
    static float unit(std::uint8_t channel) {
        return std::round(static_cast<float>(channel) / 255.0F * 1000.0F) / 1000.0F;
    }

    Rectangle place(std::int32_t x_um, std::int32_t y_um, std::int32_t width_um,
                    std::int32_t height_um) const {
        double left = x_um * points_per_um, top = height_ - y_um * points_per_um;
        return {left, top - height_um * points_per_um, left + width_um * points_per_um, top};
    }

    void write(const std::string& operators) {
        auto* attributes = static_cast<HPDF_PageAttr>(page_->attr);
        HPDF_Stream_Write(attributes->stream, reinterpret_cast<const HPDF_BYTE*>(operators.data()),
                          static_cast<HPDF_UINT>(operators.size()));
    }

    void begin(Meaning meaning, bool continues, std::string alternative, std::string url, Rectangle box,
               std::int32_t row = 0) {
        if (meaning == Meaning::artifact) return write("/Artifact BMC\n");
        auto& pieces = drawn_.pages.back().pieces;
        const char* tags[] = {"", "/H1", "/H2", "/P", "/Figure", "/Link", "/TH", "/TD"};
        write(std::string(tags[static_cast<std::size_t>(meaning)]) + " <</MCID " +
              std::to_string(pieces.size()) + ">> BDC\n");
        pieces.push_back({meaning, continues, row, std::move(alternative), std::move(url), "", box});
    }
    void end() { write("EMC\n"); }

    void fill_with(const Rgb& colour) {
        HPDF_Page_SetRGBFill(page_, unit(colour.r), unit(colour.g), unit(colour.b));
    }

    // The text as four hexadecimal digits a glyph, in the numbers of the subset.
    Result<std::string> encode(const TextItem& item) {
        const FontFace& font = fonts_.face(item.face);
        UsedGlyphs& used = drawn_.faces[static_cast<std::size_t>(item.face)];
        std::string hex;
        for (char32_t c : code_points(item.text)) {
            auto found = used.numbers.find(c);
            if (found == used.numbers.end()) {
                GlyphId glyph = font.glyph(c);
                if (glyph == 0)
                    return Error{Errc::undrawable_text, "no glyph for a character of the document"};
                found = used.numbers.emplace(c, static_cast<GlyphId>(used.glyphs.size())).first;
                used.glyphs.push_back(glyph);
                used.characters.push_back(c);
            }
            std::uint8_t bytes[] = {static_cast<std::uint8_t>(found->second >> 8),
                                    static_cast<std::uint8_t>(found->second)};
            hex += to_hex(bytes);
        }
        return hex;
    }

    HPDF_Doc pdf_;
    HPDF_Page page_;
    const Fonts::Data& fonts_;
    const VectorArms* arms_;
    Drawn& drawn_;
    double height_;
};

}  // namespace

Result<Drawn> draw(const Document& document, const Fonts& fonts, const VectorArms* arms) {
    Handle<std::remove_pointer_t<HPDF_Doc>, HPDF_Free> pdf(HPDF_New(nullptr, nullptr));
    if (!pdf) return Error{Errc::internal, "libharu does not start"};
    HPDF_SetCompressionMode(pdf.get(), HPDF_COMP_NONE);  // qpdf compresses, once
    Drawn drawn;
    for (const Page& source : document.pages) {
        HPDF_Page page = HPDF_AddPage(pdf.get());
        PagePainter painter(pdf.get(), page, source, fonts, arms, drawn);
        HPDF_Page_SetWidth(page, static_cast<float>(drawn.pages.back().width));
        HPDF_Page_SetHeight(page, static_cast<float>(drawn.pages.back().height));
        for (const PageItem& item : source.items)
            TRY(std::visit([&](const auto& what) { return painter.paint(what); }, item));
    }
    HPDF_SaveToStream(pdf.get());
    auto size = HPDF_GetStreamSize(pdf.get());
    drawn.pdf.resize(size);
    HPDF_ReadFromStream(pdf.get(), drawn.pdf.data(), &size);
    drawn.pdf.resize(size);
    if (auto error = HPDF_GetError(pdf.get()); error != HPDF_OK && error != HPDF_STREAM_EOF)
        return Error{Errc::internal, "libharu error " + std::to_string(error)};
    return drawn;
}

}  // namespace core
