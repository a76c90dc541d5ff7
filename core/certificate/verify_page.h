// What the sealed file says: the text on its pages, and the record that it carries.
#pragma once

#include "core/certificate/pdf_reader.h"

namespace core {

// All text of a document's pages, through the fonts' own ToUnicode maps, without white space.
Result<std::string> extract_text(const PdfFile& file, const std::vector<const PdfDictionary*>& pages);

struct EmbeddedRecord {
    std::string name, content;
};
// The one associated file; Errc::malformed when it is not filed as we file it.
Result<EmbeddedRecord> extract_record(const PdfFile& file, const PdfDictionary& catalog);

// The record must decode canonically, and the pages must say what it says. Gives back whether it is a
// demonstration's.
Result<bool> compare_with_record(const EmbeddedRecord& record, const std::string& page_text,
                                 bool demonstration_seal);

}  // namespace core
