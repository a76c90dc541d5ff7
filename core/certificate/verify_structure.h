// The file around the seal: exactly one signature field, one hole, and nothing that acts, hides or changes.
#pragma once

#include "core/base/hash.h"
#include "core/certificate/pdf_reader.h"

namespace core {

struct SealedFile {
    const PdfDictionary* catalog = nullptr;
    std::vector<const PdfDictionary*> pages;
    ByteView hole;                   // decoded /Contents
    Sha256 digest{};                 // over the byte range
    std::int64_t claimed_at_ms = 0;  // /M
};

// Errc::damaged says what is not as we make it. Views into `file`.
Result<SealedFile> check_structure(const PdfFile& file, ByteView bytes);

}  // namespace core
