#include "core/model/organisation.h"

#include <doctest/doctest.h>

#include "core/base/json.h"
#include "tests/support/files.h"

using namespace core;

namespace {
const char* name_of(Organisationsnummer::Wrong wrong) {
    switch (wrong) {
        case Organisationsnummer::Wrong::not_ten_digits:
            return "not_ten_digits";
        case Organisationsnummer::Wrong::check_digit:
            return "check_digit";
        case Organisationsnummer::Wrong::personal_number:
            return "personal_number";
    }
    return "";
}
const Date today{2026, 11, 21};
}  // namespace

TEST_CASE(
    "organisationsnummer are read as people type them, and wrong ones are refused for the right reason") {
    Json vectors = Json::parse(read_text(golden("organisationsnummer.json")));
    int valid = 0, wrong = 0;
    for (const auto& vector : vectors.at("valid_and_wrong")) {
        auto typed = vector.at("typed").get<std::string>();
        CAPTURE(typed);
        auto parsed = Organisationsnummer::parse(typed);
        if (vector.contains("digits")) {
            REQUIRE(parsed.value);
            CHECK(parsed.value->digits() == vector.at("digits").get<std::string>());
            ++valid;
        } else {
            CHECK(!parsed.value);
            CHECK(name_of(parsed.wrong) == vector.at("wrong").get<std::string>());
            ++wrong;
        }
    }
    CHECK(valid >= 9);
    CHECK(wrong >= 17);
}

TEST_CASE("every mistyped digit of an organisationsnummer is noticed") {
    const std::string right = "8999990016";
    REQUIRE(Organisationsnummer::parse(right).value);
    for (std::size_t i = 0; i < right.size(); ++i)
        for (char digit = '0'; digit <= '9'; ++digit) {
            std::string typed = right;
            typed[i] = digit;
            CHECK(Organisationsnummer::parse(typed).value.has_value() == (typed == right));
        }
}

TEST_CASE("an organisationsnummer is shown with its hyphen") {
    CHECK(Organisationsnummer::parse("168999990016").value->display() == "899999-0016");
}

TEST_CASE("each form has its own rule for the number, and a group digit that contradicts it is noticed") {
    CHECK(number_need(OrganisationForm::natverk) == NumberNeed::forbidden);
    CHECK(number_need(OrganisationForm::ideell_forening) == NumberNeed::optional);
    CHECK(number_need(OrganisationForm::stiftelse) == NumberNeed::expected);
    CHECK(number_need(OrganisationForm::ekonomisk_forening) == NumberNeed::required);
    auto association = *Organisationsnummer::parse("899999-0016").value;
    CHECK(group_digit_fits(OrganisationForm::ideell_forening, association));
    CHECK(!group_digit_fits(OrganisationForm::ekonomisk_forening, association));
    CHECK(group_digit_fits(OrganisationForm::annan, association));
    auto congregation = *Organisationsnummer::parse("259999-0013").value;
    CHECK(group_digit_fits(OrganisationForm::trossamfund, congregation));
    CHECK(!group_digit_fits(OrganisationForm::ideell_forening, congregation));
    for (auto form : all_forms) CHECK(parse_form(to_id(form)) == form);
    CHECK(!parse_form("Ideell förening"));
    CHECK(!parse_form(""));
}

TEST_CASE("a name is normalised, and refused when it is empty, too long or no text") {
    CHECK(parse_name("  Café   E\xCC\x81lan ").value == "Café Élan");
    CHECK(parse_name("Föreningen Čáppa Sámi-vänner").value == "Föreningen Čáppa Sámi-vänner");
    CHECK(parse_name("1891").value == "1891");
    CHECK(parse_name(" \t ").wrong == NameWrong::empty);
    CHECK(parse_name("---").wrong == NameWrong::not_text);
    CHECK(parse_name("Bj\xF6rk").wrong == NameWrong::not_text);
    std::string longest;
    for (int i = 0; i < 120; ++i) longest += "ö";
    CHECK(parse_name(longest).value == longest);
    CHECK(parse_name(longest + "ö").wrong == NameWrong::too_long);
    CHECK(!parse_name(longest + "ö").value);
}

TEST_CASE("dates are read in the ways that Swedes write them") {
    for (const char* typed : {"2026-03-09", "20260309", "9/3 2026", "9/3-2026", "9 mars 2026",
                              "den 9 mars 2026", "09.03.2026", "9 March 2026", "9 MARS 2026", "2026 03 09",
                              "9mars2026", "9.3.2026", "9. maaliskuuta 2026", "9. Maaliskuu 2026"}) {
        CAPTURE(typed);
        CHECK(parse_past_date(typed, today).value == Date{2026, 3, 9});
    }
    CHECK(parse_past_date("28 okt 2026", today).value == Date{2026, 10, 28});
    CHECK(parse_past_date("6. kesäkuuta 2026", today).value == Date{2026, 6, 6});
    CHECK(parse_past_date("5. marras 2026", today).value == Date{2026, 11, 5});
    CHECK(parse_past_date("2026-11-21", today).value == today);
}

TEST_CASE("what is no date, and what lies in the future, is refused") {
    for (const char* typed : {"", "igår", "30 februari 2026", "2026-02-29", "9/3", "9/3 26", "mars 2026",
                              "2026-13-01", "99999999", "1 1 1 2026", "0/3 2026", "2026-00-10"}) {
        CAPTURE(typed);
        auto parsed = parse_past_date(typed, today);
        CHECK(!parsed.value);
        CHECK(!parsed.in_future);
    }
    auto tomorrow = parse_past_date("22 november 2026", today);
    CHECK(!tomorrow.value);
    CHECK(tomorrow.in_future);
}

TEST_CASE("e-mail addresses and telephone numbers are only asked to be plausible") {
    for (const char* right : {"a@b.se", "åsa.öberg@föreningen.se", " hej@cafe.example ", "x+y@mail.co.uk"})
        CHECK(plausible_email(right));
    for (const char* wrong : {"", "a", "a@b", "@b.se", "a@", "a@b.", "a b@c.se", "a@b@c.se", "a@.se",
                              "a.@b.se", "a@b.s", "a;b@c.se"})
        CHECK_MESSAGE(!plausible_email(wrong), wrong);
    for (const char* right : {"070-123 45 67", "+46 70 123 45 67", "0999-12 34 56", "(08) 123 456"})
        CHECK(plausible_phone(right));
    for (const char* wrong : {"", "12345", "ring mig", "+", "1234567890123456", "070-x23 45 67"})
        CHECK(!plausible_phone(wrong));
}
