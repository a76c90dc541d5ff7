// XMP: the metadata packet that declares PDF/A-3u and PDF/UA-1 (ISO 19005-3, ISO 14289-1), and PDF's
// spellings of a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core {

inline constexpr const char* xmp_tool = "Handslag " HANDSLAG_VERSION;

struct XmpDates {
    std::string iso, pdf;  // 2026-11-21T14:05:00Z, D:20261121140500Z
};
XmpDates xmp_dates(std::int64_t wall_ms);

std::string xmp_packet(std::string_view title, std::string_view author, std::string_view language,
                       std::string_view iso_date);

}  // namespace core
