// CSV as Excel and text editors write it: `;` or `,` or tab, quotes, CRLF. Internal to core/model.
#pragma once

#include "core/model/findings.h"

namespace core {

struct CsvRow {
    int line = 0;                    // where the row begins
    std::vector<std::string> cells;  // normalised
};

// Rows without any content are left out. The separator is the one that the first row has most of.
std::vector<CsvRow> parse_csv(std::string_view text, const std::string& file, Findings& findings);

}  // namespace core
