// What a municipality can write wrong, one mistake at a time: each is named with file, line and what to write
// instead.
#include <algorithm>

#include <doctest/doctest.h>

#include "core/model/ceremony.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

const std::filesystem::path assets = std::filesystem::path(HANDSLAG_SOURCE_DIR) / "assets";

// The demonstration, with the agreement's texts in its own folder.
struct DemoCopy {
    DemoCopy() {
        using std::filesystem::copy_options;
        std::filesystem::copy(assets / "demo", folder.path(), copy_options::recursive);
        for (const char* language : {"sv.md", "sv_easy.md", "en.md", "fi.md"})
            std::filesystem::copy(assets / "agreements" / "model" / language,
                                  folder / "agreement" / language);
        change("agreement/agreement.toml", "texts = \"../../agreements/model\"\n", "");
    }
    void change(const std::string& file, const std::string& from, const std::string& to) {
        write_text(folder / file, replaced(read_text(folder / file), from, to));
    }
    TemporaryFolder folder;
};

struct Mistake {
    const char* name;
    const char* file;
    const char* from;  // empty: the file is removed
    const char* to;
    const char* at;                 // what stands on the line that is named; empty: the file as a whole
    const char* what;               // part of what is said to be wrong
    const char* remedy;             // part of what to write instead
    const char* told_of = nullptr;  // the file that is named, when it is not the one that was changed
};

const Mistake mistakes[] = {
    // ceremony.toml
    {"no ceremony file", "ceremony.toml", "", "", "", "missing", "Put a file with this name"},
    {"no id", "ceremony.toml", "id = \"019aa6d0-2c00-7c01-a5d1-636572656d6f\"\n", "", "# En ceremoni",
     "\"id\" is missing", "made for you: id = \"0"},
    {"an id that is not one", "ceremony.toml", "019aa6d0-2c00-7c01", "019AA6D0-2C00-7C01",
     "id =", "not an id", "made for you"},
    {"a code with a Swedish letter", "ceremony.toml", "STR26", "ÅRE26", "code =", "\"ÅRE26\" cannot begin",
     "A-Z"},
    {"a misspelt key", "ceremony.toml", "officiant", "oficiant", "oficiant", "\"oficiant\" is not known",
     "Did you mean \"officiant\"?"},
    {"curly quotation marks", "ceremony.toml", "\"Stadshuset, Strandköping\"", "”Stadshuset”",
     "place =", "cannot be understood", "straight quotation marks"},
    {"a quotation mark too few", "ceremony.toml", "\"Stadshuset, Strandköping\"", "\"Stadshuset",
     "place =", "cannot be understood", "A quotation mark is missing"},
    {"a key that stands twice", "ceremony.toml", "place =", "title = \"Igen\"\nplace =", "title = \"Igen\"",
     "cannot be understood", "only once"},
    {"a date that does not exist", "ceremony.toml", "date = 2026-11-21", "date = \"2026-02-30\"",
     "date =", "not a date that exists", "2026-11-21"},
    {"a date in words", "ceremony.toml", "date = 2026-11-21", "date = \"21 november\"",
     "date =", "not a date", "year-month-day"},
    {"a ceremony before the agreement was adopted", "ceremony.toml", "date = 2026-11-21", "date = 2026-09-27",
     "date =", "before the agreement was adopted on 2026-09-28", "Correct the date"},
    {"a number where text belongs", "ceremony.toml", "\"Karin Lindqvist\"\ncounter", "7\ncounter",
     "officiant", "not the kind of value", "straight quotation marks"},
    {"an unknown way of countersigning", "ceremony.toml", "\"beside\"", "\"besides\"", "countersigning",
     "\"besides\" is not a value", "Did you mean \"beside\"?"},
    {"nobody who signs for the municipality", "ceremony.toml",
     "[[signatories]]\nname = \"Karin Lindqvist\"\nrole = \"kommunstyrelsens ordförande\"\n", "",
     "# En ceremoni", "no section [[signatories]]", "Write [[signatories]]"},
    {"a language that the agreement lacks", "ceremony.toml", "\"sv_easy\", \"en\"", "\"sv_easy\", \"da\"",
     "languages", "no text in \"da\"", "sv, sv_easy, en"},
    {"a draft language that there is no draft of", "ceremony.toml",
     "languages =", "draft_languages = [\"se\", \"smj\"]\nlanguages =", "draft_languages",
     "no draft in \"smj\"", "fit, rom, se"},
    {"certificates in a language that the screens speak in draft only", "ceremony.toml",
     "languages =", "certificate_also_in = \"se\"\nlanguages =", "certificate_also_in",
     "cannot be written in \"se\"", "en, fi"},
    {"a way that works on one computer", "ceremony.toml",
     "code =", "agreement = \"/home/karin/agreement\"\ncode =", "agreement = \"/home", "begins with /",
     "from this folder"},
    {"too large a number", "ceremony.toml", "code =", "representatives_required = 9\ncode =",
     "representatives_required", "out of bounds", "from 1 to 6"},
    // municipality/
    {"no arms", "municipality/arms.svg", "", "", "", "missing", "Put a file"},
    {"arms that are no drawing", "municipality/arms.svg", "<svg", "<png", "", "not an SVG drawing",
     "Save the arms as SVG"},
    {"a municipality with a wrong number", "municipality/municipality.toml", "212999-0012", "212999-0013",
     "organisationsnummer", "not right", "check digit"},
    {"a register without https", "municipality/municipality.toml", "https://", "http://", "register_url",
     "https://", "Write it as"},
    {"a colour that is not one", "municipality/municipality.toml", "#0A4D68", "blå", "accent", "not a colour",
     "#0A4D68"},
    {"a pattern without a number", "municipality/municipality.toml", "{number}", "{nummer}",
     "diarienummer_pattern", "no place for the number", "{number}"},
    {"a contact without a right address", "municipality/municipality.toml",
     "\"overenskommelsen@strandkoping.example\"", "\"overenskommelsen\"", "email =", "not an e-mail address",
     "name@municipality.se"},
    {"a privacy notice without storage time", "municipality/municipality.toml", "storage = \"Uppgifterna",
     "rest = \"Uppgifterna", "[privacy.sv]", "\"privacy.sv.storage\" is missing", "Write text"},
    {"a language without a privacy notice", "municipality/municipality.toml", "[privacy.en]", "[privacy.da]",
     "languages =", "no privacy notice in \"en\"", "[privacy.en]", "ceremony.toml"},
    // agreement/
    {"no agreement file", "agreement/agreement.toml", "", "", "", "missing", "Put a file"},
    {"a missing language file", "agreement/en.md", "", "", "", "missing", "Put a file"},
    {"an agreement that is not adopted", "agreement/agreement.toml",
     "[adoption]\nbody = \"Kommunfullmäktige\"\nparagraph = \"§ 84\"\ndate = 2026-09-28\n", "",
     "# En ceremoni", "not adopted", "Write [adoption]", "ceremony.toml"},
    {"an unknown strength", "agreement/agreement.toml", "\"should\"", "\"shuold\"", "\"shuold\"",
     "not a value of \"criteria.strength\"", "Did you mean \"should\"?"},
    {"an original that is no language of it", "agreement/agreement.toml", "original_language = \"sv\"",
     "original_language = \"se\"", "original_language", "not among the languages", "one of: sv"},
    {"a misspelt key of the agreement", "agreement/agreement.toml", "review_years", "reveiw_years",
     "reveiw_years", "is not known here", "Did you mean \"review_years\"?"},
    {"no title", "agreement/sv.md", "# Överenskommelse om samverkan\n", "", "*mellan",
     "Text stands before the title", "# Överenskommelse"},
    {"two titles", "agreement/sv.md", "## Vilka", "# Vilka", "# Vilka", "second title", "##"},
    {"an unknown party", "agreement/sv.md", "### Kommunen åtar sig", "### Kommunen åter sig",
     "### Kommunen åter sig", "does not say who", "Did you mean \"Kommunen åtar sig\"?"},
    {"a commitment without a number", "agreement/sv.md", "- 3.1 att", "- att", "- att ställa",
     "has no number", "- 3.1 ..."},
    {"two commitments with one number", "agreement/en.md", "- 6.4 to", "- 6.3 to", "- 6.3 to make",
     "two commitments with the number 6.3", "6.4 is free"},
    {"a commitment in one language only", "agreement/sv.md", "## Hur vi följer upp",
     "- 6.5 att fika\n\n## Hur vi följer upp", "- 6.5 att fika",
     "Commitment 6.5 is not in agreement/sv_easy.md", "Write it there too"},
    {"a commitment under the wrong principle", "agreement/sv.md", "- 2.1 att", "- 1.5 att", "- 1.5 att",
     "stands under principle 2", "move it to principle 1"},
    {"a commitment without its hyphen", "agreement/sv.md", "- 1.1 att aldrig", "1.1 att aldrig",
     "1.1 att aldrig", "not an item of a list", "- 1.1 ..."},
    {"a commitment of the other party in one language", "agreement/en.md",
     "- 1.2 to ask for an organisation’s knowledge without wishing to steer its opinions\n\n### The "
     "organisations undertake\n",
     "\n### The organisations undertake\n\n- 1.2 to ask for an organisation’s knowledge\n", "- 1.2 to ask",
     "made by the organisations here, but by the municipality in agreement/sv.md", "same heading"},
    {"a principle in one language only", "agreement/sv.md", "## Hur vi följer upp",
     "## 7. Glädje\n\n## Hur vi följer upp", "## 7. Glädje", "Principle 7 is not in agreement/sv_easy.md",
     "Write it there too"},
    {"a text that is not UTF-8", "agreement/sv.md", "Självständighet", "Sj\xE4lvst\xE4ndighet", "lvst",
     "not UTF-8", "encoding UTF-8"},
    {"a criterion without its sentence", "agreement/en.md",
     "- verksam: Our organisation is active in the municipality or does good for those who live here.\n", "",
     "", "sentence for the criterion \"verksam\" is missing", "- verksam: ..."},
    {"an empty criterion", "agreement/en.md",
     "demokrati: Our organisation is built on democratic values and the equal worth of all people.",
     "demokrati:", "- demokrati:", "sentence is missing", "Write it as"},
    {"a misspelt criterion", "agreement/en.md", "- verksam: Our", "- verksan: Our", "- verksan",
     "is not in agreement.toml", "Did you mean \"verksam\"?"},
    {"a picture in the text", "agreement/sv.md", "Samtal är grunden", "![bild](x.png) Samtal är grunden",
     "![bild]", "Pictures", "in words"},
    {"HTML in the text", "agreement/sv.md", "Samtal är", "<b>Samtal</b> är", "<b>Samtal", "HTML",
     "without <tags>"},
    {"an indented paragraph", "agreement/sv.md", "Tillit tar tid", "    Tillit tar tid", "    Tillit",
     "four spaces", "Remove"},
    // expected.csv
    {"a misspelt heading", "expected.csv", "representative;", "representativ;", "name;form",
     "Cell 5 of the header row", "Did you mean \"representative\"?"},
    {"no header row", "expected.csv", "name;form;", "Namnet;Formen;", "Namnet;", "Cell 1 of the header row",
     "names the columns"},
    {"an unknown form", "expected.csv", "Springaren;ideell_forening", "Springaren;ideel_forening",
     "Springaren", "form is not known", "Did you mean \"ideell_forening\"?"},
    {"a wrong check digit", "expected.csv", "899999-0065", "899999-0066", "Springaren", "wrong check digit",
     "mistyped"},
    {"too few digits", "expected.csv", "899999-0065", "899999-006", "Springaren", "not ten digits",
     "802481-1234"},
    {"a network with a number", "expected.csv", "natverk;;", "natverk;899999-0107;", "Nätverket",
     "network has no organisationsnummer", "Empty"},
    {"an organisation that stands twice", "expected.csv", "Café Élan – mötesplatsen;",
     "Schackklubben  SPRINGAREN;", "\nSchackklubben Springaren", "stands already on line 3",
     "Remove one of the rows"},
    {"a number that stands twice", "expected.csv", "899999-0065", "899999-0016", "Springaren",
     "organisationsnummer stands already on line 2", "its own number"},
    {"a wrong e-mail address", "expected.csv", "schack@springaren.example", "schack(at)springaren",
     "Springaren", "e-mail address is not right", "name@example.se"},
    {"an unknown authority", "expected.csv", "Måns Hägg;vice kårordförande;jointly",
     "Måns Hägg;vice kårordförande;together", "Måns Hägg", "authority is not known", "alone or jointly"},
    {"a decision after the ceremony", "expected.csv", "2026-02-27", "2026-11-22", "Springaren",
     "dated after the ceremony", "2026-11-21"},
    {"an open quotation mark", "expected.csv", "Schackklubben Springaren", "\"Schackklubben Springaren",
     "\"Schack", "never closed", "end of the cell"},
    {"a cell too many", "expected.csv", "Årsmötet;2026-02-27", "Årsmötet;2026-02-27;mera", "Springaren",
     "more cells than the header", "quotation marks"},
    {"Windows-1252 from Excel", "expected.csv", "Bergviks byalag", "H\xE4ngviks byalag", "ngviks byalag",
     "Windows-1252", "CSV UTF-8"},
    {"UTF-16 from Excel", "expected.csv", "\xEF\xBB\xBFname", "\xFF\xFEn", "n;form", "UTF-16", "CSV UTF-8"},
};

}  // namespace

TEST_CASE("every kind of mistake is told with its file, its line and what to write instead") {
    for (const auto& mistake : mistakes) {
        CAPTURE(std::string(mistake.name));
        DemoCopy demo;
        int line = 0;
        if (*mistake.from == '\0')
            std::filesystem::remove(demo.folder / mistake.file);
        else
            demo.change(mistake.file, mistake.from, mistake.to);
        std::string told_of = mistake.told_of ? mistake.told_of : mistake.file;
        if (*mistake.at != '\0') {
            std::string_view at = mistake.at;
            bool own_line = at.starts_with('\n');
            line = line_of(read_text(demo.folder / told_of), std::string(at)) + (own_line ? 1 : 0);
        }
        auto loaded = load_ceremony(demo.folder.path());
        CHECK(!loaded.value);
        std::string all;
        for (const auto& problem : loaded.problems) all += "\n  " + problem.str();
        bool found = false;
        for (const auto& problem : loaded.problems)
            found = found || (problem.file == told_of && problem.line == line &&
                              problem.what.find(mistake.what) != std::string::npos &&
                              problem.remedy.find(mistake.remedy) != std::string::npos);
        if (!found) {
            FAIL_CHECK("expected " << told_of << ":" << line << ": ..." << mistake.what << "... "
                                   << mistake.remedy << "; told:" << all);
        }
        CHECK_MESSAGE(loaded.problems.size() <= 3, "one mistake is told as many:" << all);
    }
}

TEST_CASE("a person's number in the list is refused, and never repeated in any message") {
    for (const char* typed : {"850101-1234", "198501011234", "850101+1234", "19850101-1234"}) {
        DemoCopy demo;
        demo.change("expected.csv", "899999-0065", typed);
        auto loaded = load_ceremony(demo.folder.path());
        REQUIRE(loaded.problems.size() == 1);
        CHECK(loaded.problems[0].line == line_of(read_text(demo.folder / "expected.csv"), "Springaren"));
        CHECK(loaded.problems[0].what.find("person's number") != std::string::npos);
        CHECK(loaded.problems[0].str().find("1234") == std::string::npos);
    }
}

TEST_CASE("informal networks are refused where the agreement does not let them sign") {
    DemoCopy demo;
    demo.change("agreement/agreement.toml", "networks_may_sign = true", "networks_may_sign = false");
    auto loaded = load_ceremony(demo.folder.path());
    REQUIRE(loaded.problems.size() == 1);
    CHECK(loaded.problems[0].str().find("networks_may_sign = true") != std::string::npos);
}

TEST_CASE("several mistakes are told at once") {
    DemoCopy demo;
    demo.change("expected.csv", "899999-0065", "899999-0066");
    demo.change("ceremony.toml", "STR26", "str26");
    demo.change("agreement/sv.md", "### Kommunen åtar sig", "### Kommunen");
    CHECK(load_ceremony(demo.folder.path()).problems.size() == 3);
}

TEST_CASE("an empty folder, and one that is not there, say what is missing") {
    TemporaryFolder empty;
    for (const auto& folder : {empty.path(), empty / "nothing"}) {
        CHECK(load_ceremony(folder).problems.size() == 1);
        CHECK(load_agreement(folder).problems.at(0).str() ==
              "agreement.toml: The file is missing. Put a file with this name in the folder.");
        CHECK(load_municipality(folder).problems.size() == 2);
    }
}
