#include "tests/support/vasternorrland.h"

#include <cstdlib>

#include "core/base/json.h"
#include "tests/support/files.h"

namespace {

using core::Json;

std::string text_of(const Json& json, const char* field) { return json.at(field).get<std::string>(); }

// The source has p1.1; the format has 1.1.
std::string number_of(const Json& commitment) { return text_of(commitment, "id").substr(1); }

std::string heading_for(const std::string& party) {
    if (party == "landstinget") return "### Landstinget åtar sig\n\n";
    if (party == "idéburna") return "### Organisationerna åtar sig\n\n";
    CHECK_THAT(party == "gemensamt");
    return "### Tillsammans åtar vi oss\n\n";
}

std::string principle(const Json& source) {
    std::string number = std::to_string(source.at("number").get<int>());
    std::string out = "## " + number + ". " + text_of(source, "title") + "\n\n";
    out += "> " + text_of(source, "national_text") + "\n\n" + text_of(source, "vasternorrland_text") + "\n\n";
    for (const char* party : {"landstinget", "idéburna", "gemensamt"}) {
        std::string items;
        for (const auto& commitment : source.at("commitments"))
            if (text_of(commitment, "party") == party)
                items += "- " + number_of(commitment) + " " + text_of(commitment, "text") + "\n";
        if (!items.empty()) out += heading_for(party) + items + "\n";
    }
    return out;
}

constexpr const char* criteria = R"(## Kriterier

- samhalle: Organisationen arbetar för samhälleliga ändamål.
- demokrati: Organisationen bygger på demokratiska värderingar.
- fristaende: Organisationen är organisatoriskt fristående från offentlig sektor.
- regional: Organisationen är regional, eller har en specifik ställning eller ett särskilt åtagande gentemot landstinget.
)";

std::string toml(const std::string& adopted) {
    std::string out =
        "id = \"019aa6d0-2c00-7a10-9c51-766172746572\"\nversion = \"1.0\"\nkind = \"överenskommelse\"\n"
        "original_language = \"sv\"\nlanguages = [\"sv\"]\nreview_years = 5\n\n"
        "[adoption]\nbody = \"Landstingsfullmäktige\"\ndate = " +
        adopted + "\n";
    for (const char* id : {"samhalle", "demokrati", "fristaende"})
        out += std::string("\n[[criteria]]\nid = \"") + id + "\"\nstrength = \"must\"\n";
    return out + "\n[[criteria]]\nid = \"regional\"\nstrength = \"should\"\n";
}

}  // namespace

std::optional<std::filesystem::path> vasternorrland_json() {
    const char* folder = std::getenv("HANDSLAG_TEST_DATA");
    if (folder == nullptr || *folder == '\0') return std::nullopt;
    return std::filesystem::path(folder) / "lansoverenskommelsen-vasternorrland.json";
}

void write_vasternorrland(const std::filesystem::path& json_file, const std::filesystem::path& folder,
                          const std::string& adopted) {
    Json source = Json::parse(read_text(json_file));
    std::string title = text_of(source, "title"), separator = " - ";
    auto dash = title.find(separator);
    std::string out = "# " + title.substr(0, dash) + "\n\n";
    if (dash != std::string::npos) out += "*" + title.substr(dash + separator.size()) + "*\n\n";
    out += "## Syfte\n\n" + text_of(source, "syfte") + "\n\n## Omfattning\n\n" + text_of(source, "scope") +
           "\n\n";
    out += "## Vision\n\n" + text_of(source, "vision") + "\n\n## Mål\n\n";
    for (const auto& goal : source.at("goals")) out += "- " + goal.get<std::string>() + "\n";
    const Json& levels = source.at("participation_levels");
    out += "\n## Nivåer för medverkan\n\n" + text_of(levels, "intro") + "\n\n";
    for (const auto& level : levels.at("levels"))
        out += "- " + text_of(level, "name") + ". " + text_of(level, "text") + "\n";
    out += "\n" + text_of(levels, "note") + "\n\n";
    for (const auto& one : source.at("principles")) out += principle(one);
    const Json& follow_up = source.at("follow_up");
    out += "## Uppföljning\n\n" + text_of(follow_up, "living_document") + "\n\n";
    for (const auto& task : follow_up.at("samverkansgrupp_tasks"))
        out += "- " + task.get<std::string>() + "\n";
    out += "\n## Definitioner\n\n" + text_of(source, "definitions") + "\n\n";
    out += "## Bakgrund\n\n" + text_of(source, "background") + "\n\n" + criteria;
    write_text(folder / "sv.md", out);
    write_text(folder / "agreement.toml", toml(adopted));
}
