#include "core/certificate/verify_font.h"

#include <algorithm>
#include <initializer_list>

namespace core {
namespace {

Error wrong(const char* what) { return {Errc::malformed, std::string("a font ") + what}; }

bool is_name(const PdfFile& file, const PdfDictionary& in, std::string_view key, std::string_view name) {
    const PdfValue* value = file.find(in, key);
    return value != nullptr && value->is_name(name);
}

// Controls, surrogates, private use, and what turns, joins or hides other characters.
bool is_seen(char32_t c) {
    struct Range {
        char32_t from, to;
    };
    constexpr Range hidden[] = {{0x0, 0x1F},      {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},
                                {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xD800, 0xF8FF},
                                {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFF}};
    return std::none_of(std::begin(hidden), std::end(hidden),
                        [&](const Range& range) { return c >= range.from && c <= range.to; });
}

std::optional<unsigned> four_digits(std::string_view hex) {
    unsigned value = 0;
    for (char c : hex) {
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (digit < 0) return std::nullopt;
        value = value * 16 + static_cast<unsigned>(digit);
    }
    return value;
}

// Lines "<0001> <00C5>" between "n beginbfchar" and "endbfchar": one code and one character of the basic
// plane each.
Result<std::vector<char32_t>> read_characters(std::string_view map) {
    std::vector<char32_t> characters;
    bool inside = false;
    while (!map.empty()) {
        std::string_view line = map.substr(0, map.find('\n'));
        map.remove_prefix(std::min(map.size(), line.size() + 1));
        if (line.ends_with(" beginbfchar")) {
            inside = true;
        } else if (line == "endbfchar") {
            inside = false;
        } else if (inside) {
            bool shaped =
                line.size() == 13 && line[0] == '<' && line.substr(5, 3) == "> <" && line[12] == '>';
            auto code = shaped ? four_digits(line.substr(1, 4)) : std::nullopt,
                 character = shaped ? four_digits(line.substr(8, 4)) : std::nullopt;
            if (!code || !character) return wrong("with a character map of another form");
            if (!is_seen(*character)) return wrong("with a character that is not seen");
            if (*code != characters.size() + (characters.empty() ? 1 : 0))
                return wrong("whose character map is out of order");
            if (characters.empty()) characters.push_back(0);  // .notdef
            characters.push_back(*character);
        }
    }
    if (characters.size() < 2) return wrong("without characters");
    return characters;
}

}  // namespace

Result<ReadFont> read_font(const PdfFile& file, const PdfValue& font, std::size_t& room) {
    const PdfValue* value = file.resolve(font);
    const PdfDictionary* composite = value != nullptr ? value->dictionary() : nullptr;
    const PdfObject* map = composite != nullptr ? file.find_stream(*composite, "ToUnicode") : nullptr;
    const PdfArray* descendants =
        composite != nullptr ? file.find_array(*composite, "DescendantFonts") : nullptr;
    const PdfValue* only =
        descendants != nullptr && descendants->size() == 1 ? file.resolve((*descendants)[0]) : nullptr;
    const PdfDictionary* descendant = only != nullptr ? only->dictionary() : nullptr;
    if (map == nullptr || descendant == nullptr || !is_name(file, *composite, "Subtype", "Type0") ||
        !is_name(file, *composite, "Encoding", "Identity-H") ||
        !is_name(file, *descendant, "Subtype", "CIDFontType2") ||
        !is_name(file, *descendant, "CIDToGIDMap", "Identity") || descendant->contains("DW") ||
        descendant->contains("W2"))
        return wrong("that is not embedded as we embed it");
    ReadFont read;
    TRY_ASSIGN(Bytes source, file.inflate(*map, room));
    TRY_ASSIGN(read.characters, read_characters(as_text(source)));
    const PdfArray* list = file.find_array(*descendant, "W");
    const PdfArray* widths = list != nullptr && list->size() == 2 ? (*list)[1].array() : nullptr;
    const std::int64_t* first = widths != nullptr ? (*list)[0].integer() : nullptr;
    if (first == nullptr || *first != 0 || widths->size() != read.characters.size())
        return wrong("whose widths are not those of its characters");
    for (const PdfValue& width : *widths) {
        if (width.integer() == nullptr || *width.integer() < 0 || *width.integer() > 5000)
            return wrong("with an impossible width");
        read.widths.push_back(static_cast<double>(*width.integer()));
    }
    return read;
}

}  // namespace core
