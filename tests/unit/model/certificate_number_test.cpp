#include <doctest/doctest.h>

#include "core/base/json.h"
#include "core/model/ceremony.h"
#include "tests/support/files.h"

using namespace core;

TEST_CASE("certificate numbers end in the check character of ISO 7064 mod 37,36") {
    Json vectors = Json::parse(read_text(golden("certificate_number.json")));
    REQUIRE(vectors.size() >= 8);
    for (const auto& vector : vectors) {
        auto number = vector.at("number").get<std::string>();
        CHECK(certificate_number(vector.at("code").get<std::string>(),
                                 vector.at("letter").get<std::string>()[0],
                                 vector.at("counter").get<int>()) == number);
        CHECK(is_certificate_number(number));
    }
}

TEST_CASE("one wrong character, or two that changed places, makes a certificate number wrong") {
    const std::string right = certificate_number("STR26", 'A', 1478);
    for (std::size_t i = 0; i < right.size(); ++i)
        for (char c : std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-a*")) {
            std::string typed = right;
            typed[i] = c;
            CHECK_MESSAGE(is_certificate_number(typed) == (typed == right), typed);
        }
    for (std::size_t i = 0; i + 1 < right.size(); ++i) {
        std::string typed = right;
        std::swap(typed[i], typed[i + 1]);
        CHECK_MESSAGE(is_certificate_number(typed) == (typed == right), typed);
    }
}

TEST_CASE("what only resembles a certificate number is refused") {
    for (const char* typed : {"", "-", "STR26", "STR26-A0001", "STR26-A001-K", "STR26-A0000-K", "STR26--K",
                              "S-A0001-K", "STRAND2026-A0001-K", "STR26-A0001-KK", "STR26-A01478-1"})
        CHECK_MESSAGE(!is_certificate_number(typed), typed);
    CHECK(is_ceremony_code("STR26"));
    CHECK(!is_ceremony_code("str26"));
    CHECK(!is_ceremony_code("ÅRE26"));
    CHECK(!is_ceremony_code("S"));
}
