// Text: UTF-8 as people write it, made comparable.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

bool is_utf8(std::string_view text);

// NFC, white space runs to one space, ends trimmed, control characters dropped. Nothing for invalid UTF-8.
std::optional<std::string> normalise(std::string_view text);

// For comparing names: normalised, case-folded, accents kept except that é = e, punctuation dropped.
std::string fold_for_search(std::string_view text);

// Code points; invalid bytes come out as U+FFFD.
std::vector<char32_t> code_points(std::string_view text);
void append_utf8(std::string& text, char32_t code_point);
std::string to_upper(std::string_view text);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);

}  // namespace core
