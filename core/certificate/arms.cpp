#include "core/certificate/qpdf_first.h"

#include "core/certificate/arms.h"

#include <cmath>
#include <cstring>

#include <cairo-pdf.h>
#include <librsvg/rsvg.h>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>

#include "core/base/file.h"
#include "core/base/handle.h"

namespace core {
namespace {

using Svg = Handle<RsvgHandle, g_object_unref>;
using Surface = Handle<cairo_surface_t, cairo_surface_destroy>;
using Painter = Handle<cairo_t, cairo_destroy>;

struct Drawing {
    Svg svg;
    double width = 1, height = 1;  // proportions
};

Result<Drawing> read_svg(const std::filesystem::path& file) {
    TRY_ASSIGN(Bytes bytes, read_file(file, 4U << 20));
    Drawing drawing;
    GError* problem = nullptr;
    drawing.svg.reset(rsvg_handle_new_from_data(bytes.data(), bytes.size(), &problem));
    if (!drawing.svg) {
        Error error{Errc::malformed,
                    file.filename().string() + ": " + (problem != nullptr ? problem->message : "not SVG")};
        g_clear_error(&problem);
        return error;
    }
    gboolean has_width = FALSE, has_height = FALSE, has_box = FALSE;
    RsvgLength width{}, height{};
    RsvgRectangle box{};
    rsvg_handle_get_intrinsic_dimensions(drawing.svg.get(), &has_width, &width, &has_height, &height,
                                         &has_box, &box);
    if (has_box != FALSE && box.width > 0 && box.height > 0) {
        drawing.width = box.width, drawing.height = box.height;
    } else if (double w = 0, h = 0;
               rsvg_handle_get_intrinsic_size_in_pixels(drawing.svg.get(), &w, &h) != FALSE && w > 0 &&
               h > 0) {
        drawing.width = w, drawing.height = h;
    } else {
        return Error{Errc::malformed, file.filename().string() + ": has neither viewBox nor size"};
    }
    if (drawing.width / drawing.height > 8 || drawing.height / drawing.width > 8)
        return Error{Errc::malformed, file.filename().string() + ": too long and narrow for arms"};
    return drawing;
}

Status paint(const Drawing& drawing, cairo_surface_t* surface, double width, double height) {
    Painter painter(cairo_create(surface));
    RsvgRectangle viewport{0, 0, width, height};
    GError* problem = nullptr;
    if (rsvg_handle_render_document(drawing.svg.get(), painter.get(), &viewport, &problem) == FALSE) {
        Error error{Errc::malformed, problem != nullptr ? problem->message : "cannot be drawn"};
        g_clear_error(&problem);
        return error;
    }
    return {};
}

cairo_status_t collect(void* to, const unsigned char* data, unsigned size) {
    append(*static_cast<Bytes*>(to), {data, size});
    return CAIRO_STATUS_SUCCESS;
}

// What an archive copy may not have, or what we would have to embed ourselves: fonts, pictures, blending.
Status refuse_unfit(QPDFObjectHandle resources, int depth) {
    if (depth > 8) return Error{Errc::malformed, "arms: too deeply nested"};
    if (!resources.isDictionary()) return {};
    if (resources.getKey("/Font").isDictionary() && !resources.getKey("/Font").getKeys().empty())
        return Error{Errc::malformed, "arms: holds text; convert it to paths"};
    for (auto& [name, state] : resources.getKey("/ExtGState").isDictionary()
                                   ? resources.getKey("/ExtGState").getDictAsMap()
                                   : std::map<std::string, QPDFObjectHandle>{}) {
        QPDFObjectHandle mode = state.getKey("/BM");
        if (mode.isName() && mode.getName() != "/Normal" && mode.getName() != "/Compatible")
            return Error{Errc::malformed, "arms: uses blend modes"};
    }
    for (auto& [name, object] : resources.getKey("/XObject").isDictionary()
                                    ? resources.getKey("/XObject").getDictAsMap()
                                    : std::map<std::string, QPDFObjectHandle>{}) {
        if (object.getDict().getKey("/Subtype").isNameAndEquals("/Image"))
            return Error{Errc::malformed, "arms: holds a picture or an effect that is no vector"};
        TRY(refuse_unfit(object.getDict().getKey("/Resources"), depth + 1));
    }
    return {};
}

}  // namespace

Result<SharedImage> render_arms(const std::filesystem::path& svg, int height_px) {
    TRY_ASSIGN(Drawing drawing, read_svg(svg));
    auto image = std::make_shared<Image>();
    image->height_px = height_px;
    image->width_px = std::max(1, static_cast<int>(std::lround(height_px * drawing.width / drawing.height)));
    Surface surface(cairo_image_surface_create(CAIRO_FORMAT_ARGB32, image->width_px, image->height_px));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
        return Error{Errc::internal, "cairo gives no surface"};
    TRY(paint(drawing, surface.get(), image->width_px, image->height_px));
    cairo_surface_flush(surface.get());
    const unsigned char* pixels = cairo_image_surface_get_data(surface.get());
    int stride = cairo_image_surface_get_stride(surface.get());
    image->rgba.reserve(static_cast<std::size_t>(image->width_px) *
                        static_cast<std::size_t>(image->height_px) * 4);
    for (int y = 0; y < image->height_px; ++y)
        for (int x = 0; x < image->width_px; ++x) {
            std::uint32_t argb = 0;  // premultiplied, native byte order
            std::memcpy(&argb, pixels + y * stride + 4 * x, 4);
            std::uint32_t alpha = argb >> 24;
            for (int shift : {16, 8, 0}) {
                std::uint32_t channel = argb >> shift & 0xFF;
                image->rgba.push_back(static_cast<std::uint8_t>(
                    alpha == 0 ? 0 : std::min(255U, (channel * 255 + alpha / 2) / alpha)));
            }
            image->rgba.push_back(static_cast<std::uint8_t>(alpha));
        }
    return SharedImage(std::move(image));
}

Result<VectorArms> vector_arms(const std::filesystem::path& svg) {
    TRY_ASSIGN(Drawing drawing, read_svg(svg));
    VectorArms arms;
    arms.height = 24.0 * 72 / 25.4;  // as high as certificates show it
    arms.width = arms.height * drawing.width / drawing.height;
    {
        Surface surface(cairo_pdf_surface_create_for_stream(collect, &arms.pdf, arms.width, arms.height));
        cairo_pdf_surface_restrict_to_version(surface.get(), CAIRO_PDF_VERSION_1_5);
        TRY(paint(drawing, surface.get(), arms.width, arms.height));
        cairo_surface_finish(surface.get());
        if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS)
            return Error{Errc::internal, "cairo writes no PDF"};
    }
    try {
        QPDF pdf;
        pdf.setSuppressWarnings(true);
        pdf.processMemoryFile("arms", reinterpret_cast<const char*>(arms.pdf.data()), arms.pdf.size());
        auto pages = QPDFPageDocumentHelper(pdf).getAllPages();
        if (pages.size() != 1) return Error{Errc::malformed, "arms: more than one page"};
        TRY(refuse_unfit(pages[0].getObjectHandle().getKey("/Resources"), 0));
    } catch (const std::exception& problem) {
        return Error{Errc::internal, std::string("arms: ") + problem.what()};
    }
    return arms;
}

}  // namespace core
