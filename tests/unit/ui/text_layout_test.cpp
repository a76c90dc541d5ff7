// Where lines may break, and where not.
#include "kiosk/ui/text_layout.h"

#include <doctest/doctest.h>

using namespace kiosk;

namespace {

std::vector<std::string> lines(std::string_view text, float width) {
    auto fonts = Fonts::open();
    REQUIRE(fonts.ok());
    std::vector<std::string> out;
    for (const auto& line : wrap(**fonts, text, {core::Face::sans, 20}, width)) out.emplace_back(line.text);
    return out;
}

bool on_one_line(std::string_view text, std::string_view whole) {
    for (int width = 160; width < 700; width += 7) {
        bool found = false;
        for (const auto& line : lines(text, static_cast<float>(width)))
            found = found || line.find(whole) != std::string::npos;
        if (!found) return false;
    }
    return true;
}

}  // namespace

TEST_CASE("dates, times and numbers stay on one line, whatever its width") {
    CHECK(on_one_line("Styrelsen beslutade det den 21 november 2026 i Bergvik", "21 november"));
    CHECK(on_one_line("It was decided on 2 May 2026 by the board", "2 May 2026"));
    CHECK(on_one_line("Protokollet öppnades kl. 14.05 och stängdes sent", "kl. 14.05"));
    CHECK(on_one_line("Organisationsnummer 802481-1237 gäller", "802481-1237"));
    CHECK(on_one_line("Intyg nummer STR26-A0002-B är förseglat", "STR26-A0002-B"));
    CHECK(on_one_line("Enligt lagen § 12 får alla", "§ 12"));
    CHECK(on_one_line("Protokollet förseglas …", "förseglas …"));
    CHECK(on_one_line("Försök sedan igen – inget är borta", "igen –"));
    CHECK(on_one_line("Steg 2 av 6 · Läs överenskommelsen", "6 ·"));
    CHECK(on_one_line("Ring gärna 070-174 06 05 före klockan tre", "070-174 06 05"));
}

TEST_CASE("an address is kept whole where a line holds it, and broken before its @ where none does") {
    CHECK(on_one_line("Frågor: info@bergvik.se går bra", "info@bergvik.se"));
    auto broken = lines("overenskommelsen@strandkoping-kommun.example", 330);
    REQUIRE(broken.size() == 2);
    CHECK(broken[0] == "overenskommelsen");
    CHECK(broken[1] == "@strandkoping-kommun.example");
}

TEST_CASE("words break at a hyphen, and only words") {
    auto broken = lines("dialogmötes-referensgruppen", 200);
    CHECK(broken.front() == "dialogmötes-");
    CHECK(space_holds("den 21", "november 2026"));
    CHECK_FALSE(space_holds("den 21", "deltagare"));
    CHECK_FALSE(space_holds("i november", "kommer"));
    CHECK(space_holds("Skärmen töms om 40", "sekunder"));
    CHECK(space_holds("Näyttö tyhjennetään 40", "sekunnin kuluttua"));
    CHECK_FALSE(space_holds("om några", "sekunder"));
    CHECK_FALSE(space_holds("år 2026", "november"));
}

TEST_CASE("a heading's lines are as even as they can be, no more of them and no word broken") {
    auto fonts = Fonts::open();
    REQUIRE(fonts.ok());
    Font font{core::Face::sans, 20};
    auto balanced = [&](std::string_view text, float width) {
        return lines(text, balanced_width(**fonts, text, font, width));
    };
    CHECK(lines("Överenskommelse om samverkan", 225).front() == "Överenskommelse om");
    CHECK(balanced("Överenskommelse om samverkan", 225) ==
          std::vector<std::string>{"Överenskommelse", "om samverkan"});
    CHECK(balanced("Stämmer det här på er?", 190) == std::vector<std::string>{"Stämmer det", "här på er?"});
    CHECK(balanced("Stämmer det?", 190).size() == 1);
    CHECK(balanced("Överenskommelsen gäller", 200) == std::vector<std::string>{"Överenskommelsen", "gäller"});
    // What its spaces hold together is one word.
    CHECK(balanced("19 november 2026, 14.05", 190) == std::vector<std::string>{"19 november 2026,", "14.05"});
}
