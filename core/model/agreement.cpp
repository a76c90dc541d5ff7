#include "core/model/agreement.h"

#include <algorithm>
#include <chrono>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/model/agreement_text.h"
#include "core/model/loaders.h"
#include "core/model/toml_file.h"

namespace core {
namespace {

constexpr const char* toml_name = "agreement.toml";
constexpr std::string_view model_id = "019aa6d0-2c00-7a10-9c51-4d6f64656c31";  // assets/agreements/model

std::string fresh_id() { return AgreementId::make(SystemClock().wall_ms()).str(); }

bool is_language(std::string_view language) {
    return is_plain_id(language, 20) && language[0] >= 'a' && language[0] <= 'z';
}

const char* words_for(Party party) {
    switch (party) {
        case Party::municipality:
            return "the municipality";
        case Party::organisation:
            return "the organisations";
        case Party::together:
            return "both together";
    }
    return "";
}

// What agreement.toml says that the digest binds besides the Agreement's own fields.
struct Extra {
    std::vector<std::string> languages;
    std::vector<std::string> drafts;
    std::map<std::string, std::map<std::string, std::string>>
        headings;  // language -> key -> heading, as written
    std::string texts_folder;
};

void read_identity(TomlSection& toml, Agreement& agreement) {
    std::string id = toml.text("id", Presence::optional);
    auto parsed = AgreementId::parse(id);
    if (!parsed)
        toml.wrong("id", id.empty() ? "\"id\" is missing." : "\"id\" is not an id of the right shape.",
                   "Write this line, which is made for you: id = \"" + fresh_id() + "\"");
    else
        agreement.id = *parsed;
    agreement.version = toml.text("version", Presence::required, 20);
    agreement.kind = toml.text("kind", Presence::required, 60);
    agreement.review_years = toml.whole("review_years", 1, 20, 5);
    agreement.networks_may_sign = toml.truth("networks_may_sign", false);
}

void read_languages(TomlSection& toml, Agreement& agreement, Extra& extra) {
    extra.languages = toml.texts("languages", Presence::required);
    extra.drafts = toml.texts("drafts", Presence::optional);
    agreement.original_language = toml.text("original_language", Presence::required, 20);
    auto& languages = extra.languages;
    for (std::size_t i = 0; i < languages.size(); ++i) {
        if (!is_language(languages[i]))
            toml.wrong("languages", "\"" + languages[i] + "\" is not the name of a language file.",
                       "Write small letters as in \"sv\", \"sv_easy\", \"en\", \"fi\".");
        if (std::find(languages.begin(), languages.begin() + static_cast<std::ptrdiff_t>(i), languages[i]) !=
            languages.begin() + static_cast<std::ptrdiff_t>(i))
            toml.wrong("languages", "\"" + languages[i] + "\" stands twice.", "Remove one of them.");
    }
    auto known = [&](const std::string& language) {
        return std::find(languages.begin(), languages.end(), language) != languages.end();
    };
    if (toml.has("languages") && !agreement.original_language.empty() && !known(agreement.original_language))
        toml.wrong("original_language", "\"" + agreement.original_language + "\" is not among the languages.",
                   "Write the language of the text that was adopted, one of: " + join(languages) + ".");
    for (const auto& draft : extra.drafts)
        if (!known(draft))
            toml.wrong("drafts", "\"" + draft + "\" is not among the languages.",
                       "Write one of: " + join(languages) + ".");
    std::erase_if(languages, [](const std::string& language) { return !is_language(language); });
    std::stable_partition(languages.begin(), languages.end(), [&](const std::string& language) {
        return language == agreement.original_language;
    });
    extra.texts_folder = toml.text("texts", Presence::optional);
    if (std::filesystem::path(extra.texts_folder).is_absolute()) {
        toml.wrong("texts", "\"texts\" begins with /, so it works on one computer only.",
                   "Write the way from this folder, as in \"../model\".");
        extra.texts_folder.clear();
    }
}

void read_adoption(TomlSection& toml, Agreement& agreement, Findings& findings) {
    auto adoption = toml.section("adoption", Presence::optional);
    if (!adoption) {
        if (!toml.has("adoption"))
            findings.warn(toml.file(), 0, "The agreement is not adopted: it has no section [adoption].",
                          "When the council has decided, write [adoption] with body, paragraph and date.");
        return;
    }
    agreement.adoption.body = adoption->text("body", Presence::required, 120);
    agreement.adoption.paragraph = adoption->text("paragraph", Presence::optional, 40);
    agreement.adoption.date = adoption->date("date", Presence::required);
    if (agreement.id.str() == model_id)
        findings.warn(toml.file(), toml.line_of("id"),
                      "The id is the model's own, and other municipalities have it too.",
                      "Write this line, which is made for you: id = \"" + fresh_id() + "\"");
    adoption->finish();
}

void read_criteria(TomlSection& toml, Agreement& agreement) {
    for (auto& section : toml.sections("criteria", Presence::required)) {
        Criterion criterion;
        criterion.id = section.text("id", Presence::required, 40);
        if (!criterion.id.empty() && !is_plain_id(criterion.id, 40))
            section.wrong("id", "\"" + criterion.id + "\" is not a name for a criterion.",
                          "Use the letters a-z, digits, - and _ only.");
        criterion.strength = section.one_of("strength", {"must", "should"}, "must") == "should"
                                 ? Strength::should
                                 : Strength::must;
        for (const auto& other : agreement.criteria)
            if (other.id == criterion.id)
                section.wrong("id", "The criterion \"" + criterion.id + "\" stands twice.",
                              "Remove one of them.");
        section.finish();
        agreement.criteria.push_back(std::move(criterion));
    }
    if (agreement.criteria.empty() && toml.has("criteria"))
        toml.wrong("criteria", "There are no criteria.",
                   "Write at least one section [[criteria]] with id and strength.");
}

KnownHeadings headings_for(const std::string& language, const Extra& extra) {
    KnownHeadings known = usual_headings(language);
    auto written = extra.headings.find(language);
    if (written == extra.headings.end()) return known;
    for (const auto& [key, heading] : written->second) {
        auto& list = key == "municipality"   ? known.municipality
                     : key == "organisation" ? known.organisation
                     : key == "together"     ? known.together
                     : key == "glossary"     ? known.glossary
                                             : known.criteria;
        list = {heading};
    }
    return known;
}

void read_headings(TomlSection& toml, Extra& extra) {
    auto headings = toml.section("headings", Presence::optional);
    for (const auto& language : extra.languages) {
        auto section = headings ? headings->section(language, Presence::optional) : std::nullopt;
        if (section) {
            for (const char* key : {"municipality", "organisation", "together", "glossary", "criteria"})
                if (std::string heading = section->text(key, Presence::optional, 80); !heading.empty())
                    extra.headings[language][key] = heading;
            section->finish();
        }
        KnownHeadings known = headings_for(language, extra);
        for (const auto& [key, list] : {std::pair{"municipality", known.municipality},
                                        {"organisation", known.organisation},
                                        {"together", known.together},
                                        {"criteria", known.criteria}})
            if (list.empty())
                toml.wrong("headings",
                           "The headings in \"" + language + "\" are not known: \"headings." + language +
                               "." + key + "\" is missing.",
                           "Write [headings." + language +
                               "] with municipality, organisation, together, glossary and criteria: the "
                               "headings that stand in " +
                               language + ".md.");
    }
    if (headings) headings->finish();
}

void check_criteria(const Agreement& agreement, const TextWithLines& read, const std::string& file,
                    Findings& findings) {
    std::vector<std::string> ids;
    for (const auto& criterion : agreement.criteria) {
        ids.push_back(criterion.id);
        if (!read.text.criteria.contains(criterion.id))
            findings.wrong(file, 0, "The sentence for the criterion \"" + criterion.id + "\" is missing.",
                           "Write it under the heading of the criteria: - " + criterion.id + ": ...");
    }
    for (const auto& [id, line] : read.criterion_lines)
        if (std::find(ids.begin(), ids.end(), id) == ids.end())
            findings.wrong(file, line, "The criterion \"" + id + "\" is not in agreement.toml.",
                           did_you_mean(id, ids) + "Known there are: " + join(ids) + ".");
}

// Every language must say the same: principles, commitments, and who makes them.
void check_same(const TextWithLines& original, const std::string& original_file, const TextWithLines& other,
                const std::string& file, Findings& findings) {
    auto compare = [&](const auto& here, const auto& there, const std::string& here_file,
                       const std::string& there_file, const char* what) {
        for (const auto& [id, line] : here)
            if (!there.contains(id))
                findings.wrong(here_file, line,
                               std::string(what) + " " + id + " is not in " + there_file + ".",
                               "Write it there too, with the same number, or remove it here.");
    };
    compare(original.principle_lines, other.principle_lines, original_file, file, "Principle");
    compare(other.principle_lines, original.principle_lines, file, original_file, "Principle");
    compare(original.commitment_lines, other.commitment_lines, original_file, file, "Commitment");
    compare(other.commitment_lines, original.commitment_lines, file, original_file, "Commitment");
    for (const auto& [id, party] : other.parties) {
        auto same = original.parties.find(id);
        if (same != original.parties.end() && same->second != party)
            findings.wrong(file, other.commitment_lines.at(id),
                           "Commitment " + id + " is made by " + words_for(party) + " here, but by " +
                               words_for(same->second) + " in " + original_file + ".",
                           "Move it to the same heading in both files.");
    }
}

void check_terms(const TextWithLines& read, const std::string& file, Findings& findings) {
    for (const auto& term : read.text.glossary) {
        Text one = read.text;
        one.glossary = {term};
        mark_terms(one);
        bool used = std::any_of(one.blocks.begin(), one.blocks.end(), [](const Block& block) {
            return block.text.find(term_mark) != std::string::npos;
        });
        if (!used)
            findings.warn(file, 0, "The glossary explains \"" + term.word + "\", but the text never uses it.",
                          "Add the form that the text uses in a parenthesis after the word, or remove it.");
    }
}

AgreementDigest digest_of(const Agreement& agreement, const Extra& extra, const SourceFolder& texts) {
    Json criteria = Json::array();
    for (const auto& criterion : agreement.criteria)
        criteria.push_back(
            {{"id", criterion.id}, {"strength", criterion.strength == Strength::must ? "must" : "should"}});
    Json headings = Json::object();
    for (const auto& [language, written] : extra.headings) headings[language] = written;
    auto drafts = extra.drafts;
    std::sort(drafts.begin(), drafts.end());
    Json body = {{"criteria", criteria},
                 {"drafts", drafts},
                 {"headings", headings},
                 {"id", agreement.id.str()},
                 {"kind", agreement.kind},
                 {"networks_may_sign", agreement.networks_may_sign},
                 {"original_language", agreement.original_language},
                 {"review_years", agreement.review_years},
                 {"version", agreement.version}};
    if (!agreement.adoption.date.empty())
        body["adoption"] = {{"body", agreement.adoption.body},
                            {"date", agreement.adoption.date.iso()},
                            {"paragraph", agreement.adoption.paragraph}};
    std::map<std::string, std::string> by_name;
    for (const auto& language : extra.languages)
        by_name[language + ".md"] = to_hex(texts.read().at(texts.shown(language + ".md")));
    Json files = Json::array();
    for (const auto& [name, hash] : by_name) files.push_back({{"name", name}, {"sha256", hash}});
    Json whole = {{"agreement", body}, {"files", files}, {"format", "handslag-agreement/1"}};
    return AgreementDigest::of(as_bytes(encode_canonical(whole)));
}

void read_texts(SourceFolder& texts, Agreement& agreement, const Extra& extra) {
    Findings& findings = texts.findings();
    std::vector<TextWithLines> all;
    bool comparable = false;
    for (const auto& language : extra.languages) {
        std::size_t problems_before = findings.problems.size();
        auto read = read_agreement_text(texts, language, headings_for(language, extra));
        // What a mistake hid from us is not missing: a text with problems is not compared with the original.
        bool whole = findings.problems.size() == problems_before;
        if (language == extra.languages.front()) comparable = whole;
        if (!read) continue;
        std::string file = texts.shown(language + ".md");
        if (whole) {
            check_criteria(agreement, *read, file, findings);
            check_terms(*read, file, findings);
        }
        if (whole && comparable && !all.empty())
            check_same(all.front(), texts.shown(all.front().text.language + ".md"), *read, file, findings);
        read->text.draft =
            std::find(extra.drafts.begin(), extra.drafts.end(), language) != extra.drafts.end();
        if (read->text.draft)
            findings.warn(file, 0, "The text in this language is a draft.",
                          "When somebody who speaks it has read it, remove \"" + language +
                              "\" from drafts in agreement.toml.");
        all.push_back(std::move(*read));
    }
    for (auto& read : all) {
        mark_terms(read.text);
        agreement.texts.push_back(std::move(read.text));
    }
}

}  // namespace

const Text* Agreement::text(std::string_view language) const {
    for (const auto& text : texts)
        if (text.language == language) return &text;
    return nullptr;
}

const Text& Agreement::original() const {
    CHECK_THAT(!texts.empty());
    return texts.front();
}

Date Agreement::review_due() const {
    if (adoption.date.empty()) return {};
    Date due = adoption.date;
    due.year += review_years;
    if (!Date::valid(due.year, due.month, due.day)) due.day = 28;  // 29 February
    return due;
}

bool is_plain_id(std::string_view id, std::size_t most_characters) {
    return !id.empty() && id.size() <= most_characters && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

Agreement read_agreement(SourceFolder& folder) {
    Agreement agreement;
    Findings& findings = folder.findings();
    auto toml_text = folder.text(toml_name, Presence::required);
    if (!toml_text) return agreement;
    auto parsed = parse_toml(*toml_text, folder.shown(toml_name), findings);
    if (!parsed) return agreement;
    TomlSection toml(folder.shown(toml_name), "", *parsed, findings);
    Extra extra;
    read_identity(toml, agreement);
    read_languages(toml, agreement, extra);
    read_adoption(toml, agreement, findings);
    read_criteria(toml, agreement);
    read_headings(toml, extra);
    toml.finish();

    SourceFolder texts = extra.texts_folder.empty() ? folder : folder.inner(extra.texts_folder);
    read_texts(texts, agreement, extra);
    if (findings.clean()) agreement.digest = digest_of(agreement, extra, texts);
    return agreement;
}

Loaded<Agreement> load_agreement(const std::filesystem::path& path) {
    Findings findings;
    SourceFolder folder(path, "", findings);
    Agreement agreement = read_agreement(folder);
    Loaded<Agreement> loaded;
    if (findings.clean()) loaded.value = std::move(agreement);
    loaded.problems = std::move(findings.problems);
    loaded.warnings = std::move(findings.warnings);
    return loaded;
}

}  // namespace core
