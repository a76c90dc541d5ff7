#include "core/base/words.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace core;

namespace {
const std::filesystem::path locale_dir = HANDSLAG_BINARY_DIR "/share/locale";
}

TEST_CASE("blanks are filled by name, in any order, and only those that are known") {
    CHECK(fill_blanks("{a} och {b}, {a}", {{"a", "Åsa"}, {"b", "Bo"}}) == "Åsa och Bo, Åsa");
    CHECK(fill_blanks("{c} {", {{"a", "x"}}) == "{c} {");
    CHECK(fill_blanks("{a}", {{"a", "{a}"}}) == "{a}");
}

TEST_CASE("a language that is not there is an error that names the file") {
    auto words = Words::load(locale_dir, "xx");
    REQUIRE_FALSE(words.ok());
    CHECK(words.error().code == Errc::not_found);
}

TEST_CASE("Swedish puts å ä ö last, in that order") {
    auto words = Words::load(locale_dir, "sv").value();
    std::vector<std::string> names{"Örjan", "Ängla", "Åsa", "Zeta", "anna", "Bo"};
    std::sort(names.begin(), names.end(), [&](auto& a, auto& b) { return words.compare(a, b) < 0; });
    CHECK(names == std::vector<std::string>{"anna", "Bo", "Zeta", "Åsa", "Ängla", "Örjan"});
}

TEST_CASE("numbers are grouped by no-break spaces") {
    auto words = Words::load(locale_dir, "sv").value();
    CHECK(words.number(7) == "7");
    CHECK(words.number(1234567) == "1\u00A0234\u00A0567");
    CHECK(words.number(-1000) == "\u22121\u00A0000");
}
