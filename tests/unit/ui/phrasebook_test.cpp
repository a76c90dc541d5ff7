#include "kiosk/platform/phrasebook.h"

#include <algorithm>

#include <doctest/doctest.h>

using kiosk::Phrasebook;

namespace {

Phrasebook to(std::string_view language) {
    auto book =
        Phrasebook::open(std::filesystem::path(HANDSLAG_BINARY_DIR) / "share" / "locale", "sv", language);
    REQUIRE(book.ok());
    return *book;
}

bool says(const Phrasebook& book, const std::string& swedish, const std::string& said) {
    auto ways = book.ways(swedish);
    return std::find(ways.begin(), ways.end(), said) != ways.end();
}

}  // namespace

TEST_CASE("a phrase is found by its whole text, its beginning or a part of it") {
    auto english = to("en");
    CHECK(says(english, "Fortsätt", "Continue"));
    CHECK(says(english, "Jag har sett vem", "I have seen who it is"));
    CHECK(says(english, "har sett vem det", "I have seen who it is"));
}

TEST_CASE("what stands in the blanks is carried over, and so are dates") {
    auto english = to("en");
    CHECK(says(english, "Skriv din namnteckning, Åsa Öberg", "Draw your signature, Åsa Öberg"));
    CHECK(says(english, "Årsmötet, 27 februari 2026", "Årsmötet, 27 February 2026"));
    CHECK(says(to("fi"), "27 februari 2026", "27. helmikuuta 2026"));
}

TEST_CASE("every form of a plural is found") {
    CHECK(says(to("en"), "En organisation har skrivit under här.", "One organisation has signed here."));
    CHECK(says(to("en"), "4 organisationer har skrivit under här.", "4 organisations have signed here."));
}

TEST_CASE("what is nobody's phrase stays as it is, and comes first") {
    auto english = to("en");
    CHECK(english.ways("Schackklubben Springaren") == std::vector<std::string>{"Schackklubben Springaren"});
    CHECK(english.ways("Fortsätt").front() == "Fortsätt");
}

TEST_CASE("a whole phrase does not stand for those that begin with it") {
    Phrasebook book;
    book.add("Klar", "Done");
    book.add("Klar med allt", "All done");
    CHECK(book.ways("Klar") == std::vector<std::string>{"Klar", "Done"});
    CHECK(book.ways("Klar med") == std::vector<std::string>{"Klar med", "All done"});
    book.add("{name} med {friend}", "{name} and {friend}");
    CHECK(book.ways("Klar med allt") == std::vector<std::string>{"Klar med allt", "All done"});
    CHECK(book.ways("Åsa med Bo") == std::vector<std::string>{"Åsa med Bo", "Åsa and Bo"});
}

TEST_CASE("a language without words of its own is refused") {
    auto book = Phrasebook::open(std::filesystem::path(HANDSLAG_BINARY_DIR) / "share" / "locale", "sv", "xx");
    CHECK(!book.ok());
}
