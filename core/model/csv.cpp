#include "core/model/csv.h"

#include <algorithm>

#include "core/base/text.h"

namespace core {
namespace {

char separator_of(std::string_view text) {
    std::string_view header = text.substr(0, text.find('\n'));
    char best = ';';
    for (char candidate : {',', '\t'})
        if (std::count(header.begin(), header.end(), candidate) >
            std::count(header.begin(), header.end(), best))
            best = candidate;
    return best;
}

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& file, Findings& findings) {
    std::vector<CsvRow> rows;
    // Excel's own first line, which names the separator and is not a row.
    char separator = 0;
    int line = 1;
    if (text.starts_with("sep=") && text.size() > 5 && text[5] == '\n') {
        separator = text[4];
        text.remove_prefix(6);
        ++line;
    }
    if (separator == 0) separator = separator_of(text);

    CsvRow row{line, {}};
    std::string cell;
    bool quoted = false;
    int quoted_since = 0;
    auto end_cell = [&] {
        row.cells.push_back(normalise(cell).value_or(""));
        cell.clear();
    };
    auto end_row = [&] {
        end_cell();
        bool blank = std::all_of(row.cells.begin(), row.cells.end(), [](const auto& c) { return c.empty(); });
        if (!blank) rows.push_back(std::move(row));
        row = CsvRow{line, {}};
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\n') ++line;
        if (quoted) {
            if (c != '"')
                cell += c;
            else if (i + 1 < text.size() && text[i + 1] == '"')
                cell += text[i++];
            else
                quoted = false;
        } else if (c == '"' && trim(cell).empty()) {
            quoted = true;
            quoted_since = line;
            cell.clear();
        } else if (c == separator) {
            end_cell();
        } else if (c == '\n') {
            end_row();
        } else {
            cell += c;
        }
    }
    if (quoted)
        findings.wrong(file, quoted_since, "A quotation mark is opened here and never closed.",
                       "Write \" at the end of the cell too, or remove it.");
    else if (!cell.empty() || !row.cells.empty())
        end_row();
    return rows;
}

}  // namespace core
