// ISO 7064:2003 MOD 37,36 (hybrid system, clause 8): one check character over 0-9 and A-Z.
#include <algorithm>
#include <cstdio>

#include "core/base/check.h"
#include "core/model/ceremony.h"

namespace core {
namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

char check_character(std::string_view text) {
    int product = 36;
    for (char c : text) {
        if (c == '-') continue;
        int sum = (product + static_cast<int>(alphabet.find(c))) % 36;
        product = (sum == 0 ? 36 : sum) * 2 % 37;
    }
    return alphabet[static_cast<std::size_t>((37 - product) % 36)];
}

}  // namespace

bool is_ceremony_code(std::string_view code) {
    return code.size() >= 2 && code.size() <= 8 && std::all_of(code.begin(), code.end(), [](char c) {
               return alphabet.find(c) != std::string_view::npos;
           });
}

std::string certificate_number(std::string_view ceremony_code, char tablet_letter, int counter) {
    CHECK_THAT(is_ceremony_code(ceremony_code));
    CHECK_THAT(tablet_letter >= 'A' && tablet_letter <= 'Z');
    CHECK_THAT(counter >= 1 && counter <= 999'999);
    char tail[16];
    std::snprintf(tail, sizeof tail, "-%c%04d", tablet_letter, counter);
    std::string number = std::string(ceremony_code) + tail;
    return number + '-' + check_character(number);
}

bool is_certificate_number(std::string_view number) {
    auto first = number.find('-');
    if (first == std::string_view::npos || !is_ceremony_code(number.substr(0, first))) return false;
    std::string_view rest = number.substr(first + 1);
    auto second = rest.find('-');
    if (second == std::string_view::npos || second < 5 || second > 7 || rest.size() != second + 2)
        return false;
    std::string_view counter = rest.substr(1, second - 1);
    bool digits = std::all_of(counter.begin(), counter.end(), [](char c) { return c >= '0' && c <= '9'; });
    bool letter = rest[0] >= 'A' && rest[0] <= 'Z';
    bool padded_right = counter.size() == 4 ? counter != "0000" : counter[0] != '0';
    return letter && digits && padded_right &&
           rest.back() == check_character(number.substr(0, number.size() - 2));
}

}  // namespace core
