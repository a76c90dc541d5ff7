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

TEST_CASE("Swedish and Finnish put å ä ö last, in that order, and v and w are two letters") {
    for (const char* language : {"sv", "sv_easy", "fi"}) {
        CAPTURE(language);
        auto words = Words::load(locale_dir, language).value();
        std::vector<std::string> names{"Örjan", "Ängla", "Åsa",   "Zeta",  "anna",   "Bo",  "Wera",
                                       "Vilma", "Vera",  "Wilma", "émile", "Emilia", "Ülo", "Yrsa"};
        std::sort(names.begin(), names.end(), [&](auto& a, auto& b) { return words.compare(a, b) < 0; });
        CHECK(names == std::vector<std::string>{"anna", "Bo", "émile", "Emilia", "Vera", "Vilma", "Wera",
                                                "Wilma", "Ülo", "Yrsa", "Zeta", "Åsa", "Ängla", "Örjan"});
    }
    auto english = Words::load(locale_dir, "en").value();
    CHECK(english.compare("Åsa", "Bo") < 0);
    CHECK(english.compare("Örjan", "Zeta") < 0);
}

TEST_CASE("dates, times and numbers are written as in the language") {
    struct Way {
        const char *language, *date, *time, *number;
    };
    const Way ways[] = {{"sv", "3 februari 2027", "09.05", "1\u00A0234\u00A0567"},
                        {"sv_easy", "3 februari 2027", "09.05", "1\u00A0234\u00A0567"},
                        {"en", "3 February 2027", "09:05", "1,234,567"},
                        {"fi", "3. helmikuuta 2027", "09.05", "1\u00A0234\u00A0567"}};
    for (const auto& way : ways) {
        CAPTURE(way.language);
        auto words = Words::load(locale_dir, way.language).value();
        CHECK(words.date({2027, 2, 3}) == way.date);
        LocalTime local;
        local.hour = 9, local.minute = 5;
        CHECK(words.time(local) == way.time);
        CHECK(words.number(1234567) == way.number);
    }
}

TEST_CASE("what is counted takes the language's own form") {
    auto finnish = Words::load(locale_dir, "fi").value();
    CHECK(finnish.count("protocol.count", 1) == "1 järjestö on liittynyt");
    CHECK(finnish.count("protocol.count", 0) == "0 järjestöä on liittynyt");
    CHECK(finnish.count("protocol.count", 1200) == "1\u00A0200 järjestöä on liittynyt");
}

TEST_CASE("what easy Swedish and a draft do not say is said in Swedish") {
    auto swedish = Words::load(locale_dir, "sv").value();
    auto easy = Words::load(locale_dir, "sv_easy").value();
    auto draft = Words::load(locale_dir, "se").value();
    CHECK(easy.say("frame.help") != swedish.say("frame.help"));
    CHECK(easy.say("desk.open") == swedish.say("desk.open"));
    CHECK(easy.count("desk.copied", 2) == swedish.count("desk.copied", 2));
    CHECK(draft.say("frame.continue") != swedish.say("frame.continue"));
    CHECK(draft.say("check.heading") == swedish.say("check.heading"));
    CHECK(draft.count("done.countdown", 1) == swedish.count("done.countdown", 1));
    CHECK_FALSE(draft.has("no.such.message"));
}

TEST_CASE("numbers are grouped by no-break spaces") {
    auto words = Words::load(locale_dir, "sv").value();
    CHECK(words.number(7) == "7");
    CHECK(words.number(1234567) == "1\u00A0234\u00A0567");
    CHECK(words.number(-1000) == "\u22121\u00A0000");
}
