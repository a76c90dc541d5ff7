// What Fonts holds: seen by drawing, which embeds the faces.
#pragma once

#include "core/certificate/font_face.h"
#include "core/certificate/fonts.h"

namespace core {

struct Fonts::Data {
    std::vector<FontFace> faces;  // in the order of Face
    std::vector<std::filesystem::path> files;
    const FontFace& face(Face which) const { return faces[static_cast<std::size_t>(which)]; }
};

}  // namespace core
