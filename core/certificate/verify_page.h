// What the sealed file says: the record that it carries, and whether the pages show the same.
#pragma once

#include "core/certificate/verify_content.h"

namespace core {

struct EmbeddedRecord {
    std::string name, content;
};
// The one associated file; Errc::malformed when it is not filed as we file it. `room` as in verify_content.h.
Result<EmbeddedRecord> extract_record(const PdfFile& file, const PdfDictionary& catalog, std::size_t& room);

struct SealSays {
    std::int64_t claimed_at_ms = 0;  // /M
    bool demonstration = false;      // so says its certificate
};
struct ComparedRecord {
    bool demonstration = false;
    std::vector<std::pair<std::string, std::string>> facts;  // "organisation": "Strandköpings IF"
};
// The record must decode canonically, declare the time that the seal claims, and be told by the pages word
// for word. Linear in the sizes of both.
Result<ComparedRecord> compare_with_record(const EmbeddedRecord& record, const ShownText& pages,
                                           const SealSays& seal);

}  // namespace core
