// The loaders with their findings and what they read, for folders inside folders. Internal to core/model.
#pragma once

#include "core/model/findings.h"
#include "core/model/municipality.h"

namespace core {

// Nothing useful comes back when there are problems in the findings.
Agreement read_agreement(SourceFolder& folder);
Municipality read_municipality(SourceFolder& folder);

// Only letters, digits, - and _: safe as a file name and as a JSON key.
bool is_plain_id(std::string_view id, std::size_t most_characters);

// WCAG 2.2 relative luminance contrast of `colour` on the paper colour #FAF8F3, in hundredths (712
// is 7.12:1).
int contrast_on_paper_hundredths(const Rgb& colour);

}  // namespace core
