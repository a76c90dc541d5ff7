// Structure: from drawn pages to a complete PDF that waits for its seal (qpdf, one rewrite).
//
// Adds what makes it PDF/A-3u and PDF/UA-1: embedded fonts, metadata, colour profile, structure tree, the
// record as an associated file; and the empty signature field with its DocMDP. The order of keys and objects
// is qpdf's, and verify_certificate() relies on nothing but the exact form that the writer gives.
#pragma once

#include "core/certificate/draw.h"
#include "core/certificate/make.h"

namespace core {

// Room for the seal in bytes: B-B takes 1.8 kB, a timestamp with its certificates may take 12 kB later. Each byte
// is two digits in the file.
inline constexpr std::size_t seal_room = 14'336;
inline constexpr const char* seal_field_name = "Forsegling";

// Where the seal's mark stands on the first page; the layout leaves it free.
inline constexpr std::int32_t seal_mark_x_um = 170'000, seal_mark_y_um = 251'000, seal_mark_side_um = 18'000;

Result<Bytes> add_structure(const Drawn& drawn, const MakeInput& input);

}  // namespace core
