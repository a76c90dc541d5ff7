#include "core/model/ceremony.h"

#include <doctest/doctest.h>

#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

const std::filesystem::path assets = std::filesystem::path(HANDSLAG_SOURCE_DIR) / "assets";

Ceremony load_demo() {
    auto loaded = load_ceremony(assets / "demo");
    for (const auto& problem : loaded.problems) FAIL_CHECK(problem.str());
    REQUIRE(loaded.value);
    return *loaded.value;
}

const ExpectedOrganisation& expected(const Ceremony& ceremony, const std::string& name) {
    for (const auto& entry : ceremony.expected)
        if (entry.organisation.name == name) return entry;
    FAIL("not expected: " << name);
    return ceremony.expected.front();
}

// The demonstration beside its agreement, so that one file can be changed.
struct DemoBesideModel {
    DemoBesideModel() {
        std::filesystem::copy(assets, root.path(), std::filesystem::copy_options::recursive);
    }
    std::filesystem::path folder() const { return root / "demo"; }
    void change(const std::string& file, const std::string& from, const std::string& to) {
        write_text(folder() / file, replaced(read_text(folder() / file), from, to));
    }
    Loaded<Ceremony> load() const { return load_ceremony(folder()); }
    Loaded<Ceremony> load_with_list(const std::string& csv) {
        write_text(folder() / "expected.csv", csv);
        return load();
    }
    TemporaryFolder root;
};

}  // namespace

TEST_CASE("the demonstration loads without a problem or a warning") {
    auto loaded = load_ceremony(assets / "demo");
    for (const auto& problem : loaded.problems) FAIL_CHECK(problem.str());
    for (const auto& warning : loaded.warnings) FAIL_CHECK(warning.str());
    Ceremony ceremony = load_demo();
    CHECK(ceremony.code == "STR26");
    CHECK(ceremony.date == Date{2026, 11, 21});
    CHECK(ceremony.countersigning == Countersigning::beside);
    CHECK(ceremony.signatories ==
          std::vector<MunicipalSignatory>{{"Karin Lindqvist", "kommunstyrelsens ordförande"}});
    CHECK(ceremony.languages == std::vector<std::string>{"sv", "sv_easy", "en", "fi"});
    CHECK(ceremony.agreement.adoption.date < ceremony.date);
    CHECK(ceremony.municipality.name == "Strandköpings kommun");
    CHECK(ceremony.municipality.register_url.find(".example/") != std::string::npos);
    CHECK(std::filesystem::exists(ceremony.municipality.arms_svg));
    for (const auto& language : ceremony.languages) CHECK(ceremony.municipality.privacy.contains(language));
}

TEST_CASE("the demonstration expects a network, joint signatories and names from several languages") {
    Ceremony ceremony = load_demo();
    CHECK(ceremony.expected.size() >= 14);
    const auto network = expected(ceremony, "Nätverket Grannar för Grannar");
    CHECK(network.organisation.form == OrganisationForm::natverk);
    CHECK(!network.organisation.number);
    CHECK(network.representatives_required == 1);
    const auto joint = expected(ceremony, "Kooperativet Brödkorgen");
    CHECK(joint.representatives_required == 2);
    REQUIRE(joint.representatives.size() == 2);
    CHECK(joint.representatives[0] == Representative{"Šejla Begić", "ordförande", Authority::jointly});
    CHECK(joint.decision == Decision{"Föreningsstämman", {2026, 5, 20}});
    CHECK(expected(ceremony, "Föreningen Čáppa Sámi-vänner").organisation.number.has_value());
    CHECK(expected(ceremony, "Café Élan – mötesplatsen").email == "hej@cafeelan.example");
}

TEST_CASE("a demonstration can be held on another day") {
    auto loaded = load_ceremony(assets / "demo", Date{2027, 1, 15});
    REQUIRE(loaded.value);
    CHECK(loaded.value->date == Date{2027, 1, 15});
    CHECK(loaded.value->digest == load_demo().digest);
    CHECK(!load_ceremony(assets / "demo", Date{2026, 1, 15}).value);
}

TEST_CASE("the ceremony's digest changes with any file that is read, and with nothing else") {
    const auto original = load_demo().digest;
    DemoBesideModel demo;
    CHECK(demo.load().value->digest == original);
    write_text(demo.folder() / ".DS_Store", "x");
    write_text(demo.folder() / "anteckningar.txt", "x");
    CHECK(demo.load().value->digest == original);
    demo.change("municipality/arms.svg", "#E3B23C", "#E3B23D");
    auto arms = demo.load().value->digest;
    CHECK(arms != original);
    write_text(demo.root / "agreements/model/sv.md", read_text(demo.root / "agreements/model/sv.md") + "\n");
    CHECK(demo.load().value->digest != arms);
}

TEST_CASE("the CA that tablets must lead to is read when it is there, and must be PEM") {
    DemoBesideModel demo;
    CHECK(demo.load().value->municipality.root_certificate_pem.empty());
    std::string pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    write_text(demo.folder() / "municipality/root.pem", pem);
    CHECK(demo.load().value->municipality.root_certificate_pem == pem);
    write_text(demo.folder() / "municipality/root.pem", "not PEM");
    auto loaded = demo.load();
    CHECK_FALSE(loaded.value);
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].str().find("root.pem") != std::string::npos);
}

TEST_CASE("a review that is overdue, a light colour and a draft are told, and hinder nothing") {
    DemoBesideModel demo;
    demo.change("municipality/municipality.toml", "#0A4D68", "#3399FF");
    demo.change("agreement/agreement.toml", "languages =", "drafts = [\"en\"]\nlanguages =");
    demo.change("agreement/agreement.toml", "2026-09-28", "2020-09-28");
    auto loaded = demo.load();
    REQUIRE(loaded.value);
    std::string told;
    for (const auto& warning : loaded.warnings) told += warning.str() + "\n";
    CHECK(loaded.warnings.size() == 3);
    auto at = [&](const std::string& file, const std::string& key) {
        return file + ":" + std::to_string(line_of(read_text(demo.folder() / file), "\n" + key) + 1) + ": ";
    };
    CHECK(told.find(at("ceremony.toml", "date =") + "The agreement was due for review on 2025-09-28.") !=
          std::string::npos);
    CHECK(told.find(at("municipality/municipality.toml", "accent") + "The accent colour is too light") !=
          std::string::npos);
    CHECK(told.find("en.md: The text in this language is a draft.") != std::string::npos);
    CHECK(loaded.value->municipality.accent == Rgb{0x0A, 0x4D, 0x68});
    CHECK(loaded.value->agreement.text("en")->draft);
}

TEST_CASE(
    "a language that the screens speak in draft is offered only when the ceremony says so, with a warning") {
    CHECK(load_demo().draft_languages.empty());
    CHECK(load_demo().certificate_also_in.empty());
    DemoBesideModel demo;
    demo.change("ceremony.toml", "languages =", "certificate_also_in = \"fi\"\nlanguages =");
    demo.change("ceremony.toml", "languages =", "draft_languages = [\"se\"]\nlanguages =");
    auto loaded = demo.load();
    REQUIRE(loaded.value);
    CHECK(loaded.value->draft_languages == std::vector<std::string>{"se"});
    CHECK(loaded.value->languages.back() == "se");
    CHECK(loaded.value->certificate_also_in == "fi");
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(loaded.warnings[0].str().find("no speaker has read") != std::string::npos);
    CHECK(loaded.warnings[0].str().find("se.po before the ceremony") != std::string::npos);
}

TEST_CASE("a list from Excel is read: byte order mark, CRLF, semicolons, quotes and Swedish headings") {
    DemoBesideModel demo;
    auto loaded = demo.load_with_list(
        "\xEF\xBB\xBFNamn;Form;Organisationsnummer;Ort;Firmatecknare;Roll;Teckningsrätt;E-post\r\n"
        "\"Föreningen \"\"Vi; och ni\"\"\";Ideell förening;899999 0016;Umeå;Åsa "
        "Öberg;Ordförande;ensam;a@b.example\r\n"
        ";;;;;;;\r\n"
        "Kören;förening;;;;;;\r\n"
        "Byalaget;annan: byalag;;;Bo Ek;;i förening;\r\n");
    for (const auto& problem : loaded.problems) FAIL_CHECK(problem.str());
    REQUIRE(loaded.value);
    REQUIRE(loaded.value->expected.size() == 3);
    const auto& first = loaded.value->expected[0];
    CHECK(first.organisation.name == "Föreningen \"Vi; och ni\"");
    CHECK(first.organisation.number->display() == "899999-0016");
    CHECK(first.representatives ==
          std::vector<Representative>{{"Åsa Öberg", "Ordförande", Authority::alone}});
    CHECK(loaded.value->expected[1].representatives.empty());
    CHECK(loaded.value->expected[2].organisation.form_text == "byalag");
    CHECK(loaded.value->expected[2].representatives_required == 2);
}

TEST_CASE("a list with commas, with tabs, or with Excel's own first line is read too") {
    DemoBesideModel demo;
    auto commas =
        demo.load_with_list("name,form,place\n\"Sjö, sol och vind\",ideell_forening,Strandköping\n");
    REQUIRE(commas.value);
    CHECK(commas.value->expected.at(0).organisation.name == "Sjö, sol och vind");
    auto tabs = demo.load_with_list("name\tform\nKören\tideell_forening");
    REQUIRE(tabs.value);
    CHECK(tabs.value->expected.size() == 1);
    auto named = demo.load_with_list("sep=;\nname;form\nKören;klubb\n");
    REQUIRE(named.problems.size() == 1);
    CHECK(named.problems[0].line == 3);
}

TEST_CASE("a ceremony may have no list, or an empty one") {
    DemoBesideModel demo;
    std::filesystem::remove(demo.folder() / "expected.csv");
    auto none = demo.load();
    REQUIRE(none.value);
    CHECK(none.value->expected.empty());
    CHECK(none.warnings.size() == 1);
    auto header_only = demo.load_with_list("name;form\n");
    REQUIRE(header_only.value);
    CHECK(header_only.value->expected.empty());
}

TEST_CASE(
    "a number that is unusual for its form, or absent where the form has one, is told and hinders nothing") {
    DemoBesideModel demo;
    auto loaded = demo.load_with_list(
        "name;form;organisationsnummer\nBageriet;ekonomisk_forening;\nKlubben;stiftelse;799999-0018\n");
    REQUIRE(loaded.value);
    REQUIRE(loaded.warnings.size() == 2);
    CHECK(loaded.warnings[0].line == 2);
    CHECK(loaded.warnings[1].line == 3);
}

TEST_CASE("the number of representatives who must sign follows the list, then the ceremony") {
    DemoBesideModel demo;
    demo.change("ceremony.toml", "code =", "representatives_required = 2\ncode =");
    auto loaded = demo.load_with_list(
        "name;form;representative;authority;representatives_required\n"
        "A-klubben;stiftelse;Bo Ek;alone;\nB-klubben;stiftelse;Bo Ek;jointly;3\n;;Eva Ek;jointly;\n");
    REQUIRE(loaded.value);
    CHECK(loaded.value->expected[0].representatives_required == 2);
    CHECK(loaded.value->expected[1].representatives_required == 3);
    CHECK(loaded.value->expected[1].representatives.size() == 2);
}

TEST_CASE("another list is read by the rules of the ceremony that it comes for") {
    DemoBesideModel demo;
    demo.change("ceremony.toml", "countersigning", "representatives_required = 2\ncountersigning");
    auto ceremony = *demo.load().value;
    write_text(demo.root / "list/expected.csv", "name;form\nKören;ideell förening\n");
    auto list = load_expected(demo.root / "list", ceremony);
    REQUIRE(list.value);
    REQUIRE(list.value->size() == 1);
    CHECK(list.value->at(0).representatives_required == 2);
    write_text(demo.root / "list/expected.csv",
               "name;form;decision_body;decision_date\nKören;ideell förening;Styrelsen;" +
                   Date{ceremony.date.year, 12, 31}.iso() + "\n");
    auto late = load_expected(demo.root / "list", ceremony);
    CHECK_FALSE(late.value);  // no organisation decides after the ceremony
    CHECK(late.problems.size() == 1);
}
