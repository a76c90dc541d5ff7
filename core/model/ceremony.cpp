#include "core/model/ceremony.h"

#include <algorithm>

#include "core/base/json.h"
#include "core/base/translations.h"
#include "core/model/expected.h"
#include "core/model/loaders.h"
#include "core/model/toml_file.h"

namespace core {
namespace {

constexpr const char* toml_name = "ceremony.toml";

void read_identity(TomlSection& toml, Ceremony& ceremony) {
    std::string id = toml.text("id", Presence::optional);
    if (auto parsed = CeremonyId::parse(id))
        ceremony.id = *parsed;
    else
        toml.wrong("id", id.empty() ? "\"id\" is missing." : "\"id\" is not an id of the right shape.",
                   "Write this line, which is made for you: id = \"" +
                       CeremonyId::make(SystemClock().wall_ms()).str() + "\"");
    ceremony.code = toml.text("code", Presence::required, 20);
    if (!ceremony.code.empty() && !is_ceremony_code(ceremony.code))
        toml.wrong("code", "\"" + ceremony.code + "\" cannot begin a certificate's number.",
                   "Write 2 to 8 of the letters A-Z and digits, as in \"STR26\".");
    ceremony.title = toml.text("title", Presence::required, 120);
    ceremony.place = toml.text("place", Presence::required, 120);
    ceremony.officiant = toml.text("officiant", Presence::optional, 120);
    ceremony.next_meeting = toml.text("next_meeting", Presence::optional, 200);
    ceremony.countersigning = toml.one_of("countersigning", {"beside", "closing"}, "beside") == "closing"
                                  ? Countersigning::closing
                                  : Countersigning::beside;
}

void read_signatories(TomlSection& toml, Ceremony& ceremony) {
    for (auto& section : toml.sections("signatories", Presence::required)) {
        MunicipalSignatory signatory{section.text("name", Presence::required, 120),
                                     section.text("role", Presence::required, 120)};
        section.finish();
        ceremony.signatories.push_back(std::move(signatory));
    }
    if (ceremony.signatories.size() > 4)
        toml.wrong("signatories", "More than four sign for the municipality.",
                   "Keep those who sign at this ceremony.");
}

// Where another folder lies: `otherwise`, or the way that ceremony.toml names.
std::string folder_name(TomlSection& toml, const std::string& key, const std::string& otherwise) {
    std::string named = toml.text(key, Presence::optional);
    if (!std::filesystem::path(named).is_absolute()) return named.empty() ? otherwise : named;
    toml.wrong(key, "\"" + key + "\" begins with /, so it works on one computer only.",
               "Write the way from this folder, as in \"../agreements/model\".");
    return otherwise;
}

void settle_languages(TomlSection& toml, Ceremony& ceremony, const std::vector<std::string>& wanted) {
    std::vector<std::string> available;
    for (const auto& text : ceremony.agreement.texts) available.push_back(text.language);
    ceremony.languages = wanted.empty() ? available : wanted;
    if (available.empty()) return;  // the agreement's own problems say why
    for (const auto& language : ceremony.languages) {
        if (!ceremony.agreement.text(language))
            toml.wrong("languages", "The agreement has no text in \"" + language + "\".",
                       "Write one of: " + join(available) + ".");
        else if (!ceremony.municipality.privacy.empty() && !ceremony.municipality.privacy.contains(language))
            toml.wrong("languages", "municipality.toml has no privacy notice in \"" + language + "\".",
                       "Write a section [privacy." + language + "] there, or leave the language out here.");
    }
    for (const auto& draft : ceremony.draft_languages)
        if (std::find(ceremony.languages.begin(), ceremony.languages.end(), draft) ==
            ceremony.languages.end())
            ceremony.languages.push_back(draft);
}

void settle_draft_languages(TomlSection& toml, Ceremony& ceremony, Findings& findings) {
    std::vector<std::string> drafts;
    for (const auto& translation : translations)
        if (translation.draft) drafts.emplace_back(translation.language);
    for (const auto& language : toml.texts("draft_languages", Presence::optional)) {
        if (std::find(drafts.begin(), drafts.end(), language) == drafts.end()) {
            toml.wrong("draft_languages", "The screens have no draft in \"" + language + "\".",
                       "Write one of: " + join(drafts) + ". Other languages stand in languages.");
            continue;
        }
        findings.warn(toml.file(), toml.line_of("draft_languages"),
                      "The screens' words in \"" + language + "\" are a draft that no speaker has read.",
                      "Let somebody who speaks the language read assets/locale/" + language +
                          ".po before the ceremony. What it lacks is said in Swedish.");
        ceremony.draft_languages.push_back(language);
    }
}

// The same for every organisation, so it tells nothing of who chose what on the tablet (decision 16).
void settle_certificate_language(TomlSection& toml, Ceremony& ceremony) {
    ceremony.certificate_also_in = toml.text("certificate_also_in", Presence::optional);
    if (ceremony.certificate_also_in.empty()) return;
    std::vector<std::string> possible;
    for (const auto& translation : translations)
        if (!translation.draft && !translation.language.starts_with("sv"))
            possible.emplace_back(translation.language);
    if (std::find(possible.begin(), possible.end(), ceremony.certificate_also_in) == possible.end())
        toml.wrong("certificate_also_in",
                   "Certificates cannot be written in \"" + ceremony.certificate_also_in + "\".",
                   "Write one of: " + join(possible) + ", or leave the line out for Swedish alone.");
}

void check_dates(TomlSection& toml, const Ceremony& ceremony, Findings& findings) {
    const Agreement& agreement = ceremony.agreement;
    if (ceremony.date.empty() || agreement.texts.empty()) return;
    Date adopted = agreement.adoption.date;
    if (adopted.empty()) {
        toml.wrong("agreement", "The agreement is not adopted, so nobody can sign it.",
                   "Write [adoption] in its agreement.toml: body, paragraph and date of the decision.");
        return;
    }
    if (ceremony.date < adopted)
        toml.wrong("date",
                   "The ceremony is on " + ceremony.date.iso() + ", before the agreement was adopted on " +
                       adopted.iso() + ".",
                   "Correct the date here, or the date of adoption in agreement.toml.");
    if (Date due = agreement.review_due(); ceremony.date > due)
        findings.warn(toml.file(), toml.line_of("date"),
                      "The agreement was due for review on " + due.iso() + ".",
                      "The ceremony can be held; tell those who are responsible for the review.");
}

Sha256 digest_of(const Ceremony& ceremony, std::initializer_list<const SourceFolder*> folders) {
    std::map<std::string, Sha256> by_name;
    for (const auto* folder : folders) by_name.insert(folder->read().begin(), folder->read().end());
    Json files = Json::array();
    for (const auto& [name, hash] : by_name) files.push_back({{"name", name}, {"sha256", to_hex(hash)}});
    Json whole = {
        {"agreement", ceremony.agreement.digest.hex()}, {"files", files}, {"format", "handslag-ceremony/1"}};
    return sha256(as_bytes(encode_canonical(whole)));
}

ExpectedRules rules_for(const Ceremony& ceremony) {
    // Without a text the agreement has problems of its own: say nothing about networks then.
    bool may = ceremony.agreement.networks_may_sign || ceremony.agreement.texts.empty();
    // Nor judge decisions by a date that cannot be right.
    Date held = ceremony.date < ceremony.agreement.adoption.date ? Date{} : ceremony.date;
    return {may, ceremony.representatives_required, held};
}

}  // namespace

Loaded<std::vector<ExpectedOrganisation>> load_expected(const std::filesystem::path& path,
                                                        const Ceremony& ceremony) {
    Findings findings;
    SourceFolder folder(path, "", findings);
    auto rules = rules_for(ceremony);
    Loaded<std::vector<ExpectedOrganisation>> loaded;
    auto expected = read_expected(folder, rules);
    if (findings.clean()) loaded.value = std::move(expected);
    loaded.problems = std::move(findings.problems);
    loaded.warnings = std::move(findings.warnings);
    return loaded;
}

Loaded<Ceremony> load_ceremony(const std::filesystem::path& path, const Date& held_instead) {
    Findings findings;
    Ceremony ceremony;
    SourceFolder folder(path, "", findings);
    auto text = folder.text(toml_name, Presence::required);
    auto parsed = text ? parse_toml(*text, toml_name, findings) : std::nullopt;
    if (parsed) {
        TomlSection toml(toml_name, "", *parsed, findings);
        read_identity(toml, ceremony);
        Date written = toml.date("date", Presence::required);
        ceremony.date = held_instead.empty() ? written : held_instead;
        read_signatories(toml, ceremony);
        auto languages = toml.texts("languages", Presence::optional);
        settle_draft_languages(toml, ceremony, findings);
        settle_certificate_language(toml, ceremony);
        ceremony.representatives_required = toml.whole("representatives_required", 1, 6, 1);

        SourceFolder municipality = folder.inner(folder_name(toml, "municipality", "municipality"));
        SourceFolder agreement = folder.inner(folder_name(toml, "agreement", "agreement"));
        toml.finish();
        ceremony.municipality = read_municipality(municipality);
        ceremony.agreement = read_agreement(agreement);
        settle_languages(toml, ceremony, languages);
        check_dates(toml, ceremony, findings);
        ceremony.expected = read_expected(folder, rules_for(ceremony));
        if (findings.clean()) ceremony.digest = digest_of(ceremony, {&folder, &municipality});
    }
    Loaded<Ceremony> loaded;
    if (findings.clean()) loaded.value = std::move(ceremony);
    loaded.problems = std::move(findings.problems);
    loaded.warnings = std::move(findings.warnings);
    return loaded;
}

}  // namespace core
