#include "core/base/text.h"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

namespace core {
namespace {

const utf8proc_uint8_t* raw(std::string_view text) {
    return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

std::optional<std::string> map(std::string_view text, int options) {
    utf8proc_uint8_t* out = nullptr;
    auto size = utf8proc_map(raw(text), static_cast<utf8proc_ssize_t>(text.size()), &out,
                             static_cast<utf8proc_option_t>(options));
    std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
    if (size < 0) return std::nullopt;
    return std::string(reinterpret_cast<char*>(out), static_cast<std::size_t>(size));
}

bool is_space(char32_t c) {
    auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
    return c == '\t' || c == '\n' || c == '\r' || category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        utf8proc_int32_t c = 0;
        auto n = utf8proc_iterate(raw(text), static_cast<utf8proc_ssize_t>(text.size()), &c);
        if (n <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

std::vector<char32_t> code_points(std::string_view text) {
    std::vector<char32_t> points;
    while (!text.empty()) {
        utf8proc_int32_t c = 0;
        auto n = utf8proc_iterate(raw(text), static_cast<utf8proc_ssize_t>(text.size()), &c);
        points.push_back(n > 0 ? static_cast<char32_t>(c) : U'\uFFFD');
        text.remove_prefix(static_cast<std::size_t>(n > 0 ? n : 1));
    }
    return points;
}

void append_utf8(std::string& text, char32_t code_point) {
    utf8proc_uint8_t bytes[4];
    auto n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
    text.append(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(n));
}

std::optional<std::string> normalise(std::string_view text) {
    auto composed = map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    if (!composed) return std::nullopt;
    std::string out;
    bool gap = false;
    for (char32_t c : code_points(*composed)) {
        if (is_space(c)) {
            gap = !out.empty();
            continue;
        }
        auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
        if (category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF) continue;
        if (gap) out += ' ';
        gap = false;
        append_utf8(out, c);
    }
    return out;
}

std::string fold_for_search(std::string_view text) {
    auto folded = map(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    if (!folded) return {};
    std::string out;
    bool gap = false;
    for (char32_t c : code_points(*folded)) {
        auto category = utf8proc_category(static_cast<utf8proc_int32_t>(c));
        bool letter = (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);
        if (!letter) {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        append_utf8(out, c == U'é' || c == U'è' || c == U'ê' ? U'e' : c == U'ü' ? U'u' : c);
    }
    return out;
}

std::string to_upper(std::string_view text) {
    std::string out;
    for (char32_t c : code_points(text))
        append_utf8(out, static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(c))));
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::string_view trim(std::string_view text) {
    auto blank = " \t\r\n";
    auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

}  // namespace core
