// Arms: the municipality's SVG, as pixels for the screen and as vectors for paper.
#pragma once

#include <filesystem>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/model/image.h"

namespace core {

// Any SVG that librsvg reads. Errc::not_found, malformed.
Result<SharedImage> render_arms(const std::filesystem::path& svg, int height_px);

// A one-page PDF whose page content is the drawing, to be placed as a form (core/certificate/structure).
struct VectorArms {
    Bytes pdf;
    double width = 0, height = 0;  // points
};
Result<VectorArms> vector_arms(const std::filesystem::path& svg);

}  // namespace core
