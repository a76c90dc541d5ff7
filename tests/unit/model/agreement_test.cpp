#include "core/model/agreement.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "core/base/json.h"
#include "core/base/text.h"
#include "tests/support/files.h"
#include "tests/support/temporary_folder.h"

using namespace core;

namespace {

const std::filesystem::path assets = std::filesystem::path(HANDSLAG_SOURCE_DIR) / "assets";

Agreement load(const std::filesystem::path& folder) {
    auto loaded = load_agreement(folder);
    for (const auto& problem : loaded.problems) FAIL_CHECK(problem.str());
    REQUIRE(loaded.value);
    return *loaded.value;
}

const char* small_toml = R"(id = "019aa6d0-2c00-7a10-9c51-000000000002"
version = "1.0"
kind = "överenskommelse"
original_language = "sv"
languages = ["sv"]

[adoption]
body = "Kommunfullmäktige"
date = 2024-02-29

[[criteria]]
id = "demokrati"
)";

std::string small_text(const std::string& body) {
    return "# Titel\n\n" + body + "\n\n## Kriterier\n\n- demokrati: Vi är demokratiska.\n";
}

Agreement load_small(const std::string& body) {
    TemporaryFolder folder;
    write_text(folder / "agreement.toml", small_toml);
    write_text(folder / "sv.md", small_text(body));
    return load(folder.path());
}

// U+2062 made visible.
std::string shown(std::string text) {
    for (auto at = text.find(term_mark); at != std::string::npos; at = text.find(term_mark))
        text.replace(at, 3, "_");
    return text;
}

AgreementDigest digest_with(const std::string& file, const std::string& from, const std::string& to) {
    TemporaryFolder folder;
    std::filesystem::copy(golden("agreement"), folder.path(), std::filesystem::copy_options::recursive);
    write_text(folder / file, replaced(read_text(folder / file), from, to));
    return load(folder.path()).digest;
}

}  // namespace

TEST_CASE("the model agreement lacks nothing but the council's decision") {
    auto loaded = load_agreement(assets / "agreements" / "model");
    for (const auto& problem : loaded.problems) FAIL_CHECK(problem.str());
    REQUIRE(loaded.value);
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(loaded.warnings[0].what.find("not adopted") != std::string::npos);
    CHECK(loaded.value->review_due().empty());
    for (const char* language : {"sv", "sv_easy", "en", "fi"}) {
        const Text* text = loaded.value->text(language);
        REQUIRE(text);
        CHECK(!text->title.empty());
        CHECK(!text->subtitle.empty());
        CHECK(text->criteria.size() == 4);
        CHECK(!text->draft);
        auto count = [&](Block::Kind kind) {
            return std::count_if(text->blocks.begin(), text->blocks.end(),
                                 [&](const Block& b) { return b.kind == kind; });
        };
        CHECK(count(Block::Kind::principle) == 6);
        CHECK(count(Block::Kind::commitment) == 24);
    }
    CHECK(loaded.value->original().language == "sv");
    CHECK(!loaded.value->text("da"));
}

TEST_CASE("whoever adopts the model is told to give it an id of its own") {
    TemporaryFolder folder;
    std::filesystem::copy(assets / "agreements" / "model", folder.path(),
                          std::filesystem::copy_options::recursive);
    std::string toml = read_text(folder / "agreement.toml");
    toml = replaced(toml, "# [adoption]\n# body = \"Kommunfullmäktige\"\n# paragraph = \"§ 84\"\n# date =",
                    "[adoption]\nbody = \"Kommunfullmäktige\"\nparagraph = \"§ 84\"\ndate =");
    write_text(folder / "agreement.toml", toml);
    auto loaded = load_agreement(folder.path());
    REQUIRE(loaded.value);
    CHECK(loaded.value->adoption.date == Date{2026, 9, 28});
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(loaded.warnings[0].line == line_of(toml, "id ="));
    CHECK(loaded.warnings[0].what.find("model's own") != std::string::npos);
}

TEST_CASE("the digest is the SHA-256 of the canonical JSON that FORMAT.md describes") {
    Json vector = Json::parse(read_text(golden("agreement/digest.json")));
    Agreement agreement = load(golden("agreement"));
    CHECK(agreement.digest.hex() == vector.at("digest").get<std::string>());
    CHECK(AgreementDigest::of(as_bytes(vector.at("canonical").get<std::string>())) == agreement.digest);
}

TEST_CASE("the digest changes with every byte of a text and with everything that agreement.toml means") {
    const auto original = load(golden("agreement")).digest;
    CHECK(digest_with("sv.md", "Vi talar", "Vi  talar") != original);
    CHECK(digest_with("fi.md", "Puhumme", "puhumme") != original);
    CHECK(digest_with("agreement.toml", "\"2.1\"", "\"2.2\"") != original);
    CHECK(digest_with("agreement.toml", "review_years = 4", "review_years = 5") != original);
    CHECK(digest_with("agreement.toml", "networks_may_sign = true", "networks_may_sign = false") != original);
    CHECK(digest_with("agreement.toml", "\"should\"", "\"must\"") != original);
    CHECK(digest_with("agreement.toml", "§ 7", "§ 8") != original);
    CHECK(digest_with("agreement.toml", "2026-02-24", "2026-02-25") != original);
    CHECK(digest_with("agreement.toml", "drafts = [\"fi\"]", "") != original);
    CHECK(digest_with("agreement.toml", "[adoption]",
                      "[headings.sv]\ncriteria = \"Kriterier\"\n\n[adoption]") != original);
}

TEST_CASE("the digest does not change with remarks, order or spelling in agreement.toml") {
    const auto original = load(golden("agreement")).digest;
    CHECK(digest_with("agreement.toml", "# Remarks", "# Remarks, more remarks") == original);
    CHECK(digest_with("agreement.toml", "version = \"2.1\"\nid = \"019aa6d0-2c00-7a10-9c51-000000000001\"",
                      "id = \"019aa6d0-2c00-7a10-9c51-000000000001\"\nversion = \"2.1\"") == original);
    CHECK(digest_with("agreement.toml", "2026-02-24", "\"2026-02-24\"") == original);
    CHECK(digest_with("agreement.toml", "kind =", "kind    =") == original);
}

TEST_CASE("blocks come in reading order, with principles and parties") {
    Agreement agreement = load_small(
        "*mellan oss*\n\nInledning\npå två rader.\n\n## Syfte\n\n1. först\n2. sedan\n\n> Ett citat.\n\n"
        "## 3. Dialog\n\nVi **talar** med [varandra](https://a.example).\n\n### Regionen åtar sig\n\n- 3.1 "
        "att fråga\n\n"
        "### Tillsammans åtar vi oss\n\n- 3.2. att mötas\n  ofta\n\n#### Se också\n\n## Uppföljning\n\n- "
        "en\n  - inre\n");
    const Text& text = agreement.original();
    CHECK(text.title == "Titel");
    CHECK(text.subtitle == "mellan oss");
    using Kind = Block::Kind;
    std::vector<std::pair<Kind, std::string>> expected = {
        {Kind::paragraph, "Inledning på två rader."},
        {Kind::heading, "Syfte"},
        {Kind::bullet, "1. först"},
        {Kind::bullet, "2. sedan"},
        {Kind::quote, "Ett citat."},
        {Kind::principle, "Dialog"},
        {Kind::paragraph, "Vi talar med varandra (https://a.example)."},
        {Kind::commitment, "att fråga"},
        {Kind::commitment, "att mötas ofta"},
        {Kind::heading, "Se också"},
        {Kind::heading, "Uppföljning"},
        {Kind::bullet, "en"},
        {Kind::bullet, "inre"}};
    REQUIRE(text.blocks.size() == expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(text.blocks[i].kind == expected[i].first);
        CHECK(text.blocks[i].text == expected[i].second);
    }
    CHECK(text.blocks[5].principle == "3");
    CHECK(text.blocks[7].commitment.id == "3.1");
    CHECK(text.blocks[7].commitment.party == Party::municipality);
    CHECK(text.blocks[8].commitment.party == Party::together);
    CHECK(text.blocks[11].principle.empty());
}

TEST_CASE("a word of the glossary is marked once in a block, as a whole word, whatever its case") {
    Agreement agreement = load_small(
        "## Om dialog\n\nÅtgärder och åtgärder. Dialogmöte är dialog, och dialog igen. En idéburen "
        "organisation.\n\n"
        "## Ordlista\n\n- **dialog**: Samtal.\n- **åtgärd** (åtgärder): Något som görs.\n"
        "- **idéburen organisation**: Förening.\n- **organisation**: Något annat.\n");
    const Text& text = agreement.original();
    CHECK(text.blocks[0].text == "Om dialog");
    CHECK(shown(text.blocks[1].text) ==
          "_Åtgärder_ och åtgärder. Dialogmöte är _dialog_, och dialog igen. En _idéburen organisation_.");
    REQUIRE(text.term("ÅTGÄRDER"));
    CHECK(text.term("ÅTGÄRDER")->meaning == "Något som görs.");
    CHECK(!text.term("okänt"));
}

TEST_CASE("lines flow together, but easy language keeps its lines") {
    TemporaryFolder folder;
    std::string text = small_text("Ett.\nTvå.\n\nTre.\\\nFyra.\n\n## Ordlista\n\n- ett: En\n  sak.");
    write_text(folder / "agreement.toml", replaced(small_toml, "[\"sv\"]", "[\"sv\", \"sv_easy\"]"));
    write_text(folder / "sv.md", text);
    write_text(folder / "sv_easy.md", text);
    Agreement agreement = load(folder.path());
    auto block = [&](const char* language, std::size_t i) {
        return shown(agreement.text(language)->blocks.at(i).text);
    };
    CHECK(block("sv", 0) == "_Ett_. Två.");
    CHECK(block("sv", 1) == "Tre.\nFyra.");
    CHECK(block("sv_easy", 0) == "_Ett_.\nTvå.");
    CHECK(agreement.text("sv_easy")->glossary.at(0).meaning == "En sak.");
}

TEST_CASE("review falls due on the same day some years later, and on 28 February after a leap day") {
    Agreement agreement = load_small("Text.");
    CHECK(agreement.review_due() == Date{2029, 2, 28});
    agreement.review_years = 4;
    CHECK(agreement.review_due() == Date{2028, 2, 29});
}

TEST_CASE(
    "a file from another computer, with CRLF, a byte order mark and decomposed letters, reads the same") {
    TemporaryFolder folder;
    write_text(folder / "agreement.toml", "\xEF\xBB\xBF" + std::string(small_toml));
    std::string text = small_text("Re\xCC\x81sume\xCC\x81."), with_crlf;
    for (char c : text) with_crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    write_text(folder / "sv.md", "\xEF\xBB\xBF" + with_crlf);
    CHECK(load(folder.path()).original().blocks.at(0).text == "Résumé.");
}
