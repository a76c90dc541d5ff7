#include "core/base/text.h"

#include <doctest/doctest.h>

using namespace core;

TEST_CASE("text is composed, trimmed and free of invisible characters") {
    CHECK(normalise("A\u030Asa \t  O\u0308berg ") == "Åsa Öberg");
    CHECK(normalise("Karin\u00A0\u200B Lind\u00ADqvist") == "Karin Lindqvist");
    CHECK(normalise("a\nb") == "a b");
    CHECK(normalise("  ") == "");
    CHECK_FALSE(normalise("\xff"));
}

TEST_CASE("names that people would call the same are found as the same") {
    CHECK(fold_for_search("Café  ÉLAN – Mötesplatsen!") == "cafe elan mötesplatsen");
    CHECK(fold_for_search("ÅÄÖ") == "åäö");
    CHECK(fold_for_search("å") != fold_for_search("a"));
}

TEST_CASE("code points and back") {
    std::string text = "Čáppa 𐍈";
    std::string back;
    for (char32_t c : code_points(text)) append_utf8(back, c);
    CHECK(back == text);
    CHECK(code_points("a\xff").back() == U'\uFFFD');
    CHECK(to_upper("Strandköpings") == "STRANDKÖPINGS");
    CHECK(is_utf8("å"));
    CHECK_FALSE(is_utf8("\xe5"));
}

TEST_CASE("split keeps the empty parts, trim only the middle") {
    CHECK(split("a;;b", ';') == std::vector<std::string_view>{"a", "", "b"});
    CHECK(split("", ';').size() == 1);
    CHECK(trim(" \t a b \n") == "a b");
    CHECK(trim(" ").empty());
}
