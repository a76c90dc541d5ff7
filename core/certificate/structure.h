// Structure: from drawn pages to a complete PDF that waits for its seal (qpdf, one rewrite).
//
// Adds what makes it PDF/A-3u and PDF/UA-1: embedded fonts, metadata, colour profile, structure tree, the
// record as an associated file; and the empty signature field with its DocMDP. The order of keys and objects
// is qpdf's, and verify_certificate() relies on nothing but the exact form that the writer gives.
#pragma once

#include "core/certificate/draw.h"
#include "core/certificate/make.h"

namespace core {

// Room for the seal in bytes, each of them two digits in the file: B-B takes 2.5 kB, and a timestamp with its TSA's
// certificates 2 to 6.5 kB later (RFC 3161 tokens of public authorities with RSA-4096 chains). One that does not fit
// costs level B-T alone, and says so.
inline constexpr std::size_t seal_room = 9'216;
inline constexpr const char* seal_field_name = "Forsegling";

// Where the seal's mark stands on the first page; the layout leaves it free.
inline constexpr std::int32_t seal_mark_x_um = 170'000, seal_mark_y_um = 251'000, seal_mark_side_um = 18'000;

// Without a record, or without a seal's name, there is none.
Result<Bytes> add_structure(const Drawn& drawn, const MakeInput& input);

}  // namespace core
