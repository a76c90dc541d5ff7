// The translations against the code and against each other: nothing missing, nothing left over, nothing that
// cannot be filled in, counted or drawn.
#include "core/base/words.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "core/base/translations.h"
#include "core/certificate/fonts.h"
#include "kiosk/state.h"

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path source_dir = HANDSLAG_SOURCE_DIR;
const fs::path locale_dir = fs::path(HANDSLAG_BINARY_DIR) / "share" / "locale";

std::string read(const fs::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

struct Po {
    std::string header;
    std::map<std::string, std::vector<std::string>> messages;  // one text, or one for each plural form
    Names plural;
};

// As we write them: one line for each string, but for the header's.
Po read_po(std::string_view language) {
    Po po;
    std::istringstream lines(read(source_dir / "assets" / "locale" / (std::string(language) + ".po")));
    static const std::regex entry("(msgid|msgid_plural|msgstr(?:\\[\\d\\])?) \"(.*)\"");
    std::smatch found;
    std::string name;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('"')) po.header += line + '\n';
        if (!std::regex_match(line, found, entry)) continue;
        if (found[1] == "msgid")
            name = found[2];
        else if (found[1] == "msgid_plural")
            po.plural.insert(name);
        else if (!name.empty())
            po.messages[name].push_back(found[2]);
    }
    return po;
}

Names names_of(const Po& po) {
    Names names;
    for (const auto& [name, texts] : po.messages) names.insert(name);
    return names;
}

Names without(const Names& all, const Names& those) {
    Names rest;
    std::set_difference(all.begin(), all.end(), those.begin(), those.end(), std::inserter(rest, rest.end()));
    return rest;
}

std::string joined(const Names& names) {
    std::string all;
    for (const auto& name : names) all += name + ' ';
    return all;
}

Names blanks_in(const std::string& text) {
    static const std::regex blank("\\{([a-z_]*)\\}");
    Names blanks;
    for (std::sregex_iterator at(text.begin(), text.end(), blank), end; at != end; ++at)
        blanks.insert((*at)[1]);
    return blanks;
}

std::vector<fs::path> sources() {
    std::vector<fs::path> files;
    for (const char* folder : {"core", "kiosk", "sync"})
        for (const auto& entry : fs::recursive_directory_iterator(source_dir / folder))
            if (entry.path().extension() == ".cpp" || entry.path().extension() == ".h")
                files.push_back(entry.path());
    return files;
}

// Literals of the code. A message is named by one of them, or put together from two: "details.role" and
// ".numbered". Those that end in an id are names_made_in_code().
struct Literals {
    Names whole, endings;
    Names
        said;  // what is surely meant as a message: in a screen or in update(), or handed to say() or count()

    Literals() {
        static const std::regex literal("\"([a-z_]*(?:\\.[a-z0-9_]+)+)\"");
        static const std::regex handed("(?:say|count)\\(\\s*\"([a-z_]+(?:\\.[a-z0-9_]+)+)\"");
        for (const auto& file : sources()) {
            std::string text = read(file);
            auto folder = file.parent_path().filename();
            bool speaks = folder == "screens" || file.filename().string().starts_with("update_") ||
                          file.filename() == "state_visit.cpp";
            for (std::sregex_iterator at(text.begin(), text.end(), literal), end; at != end; ++at) {
                std::string found = (*at)[1];
                auto dot = found.find('.');
                (dot == 0 ? endings : whole).insert(found);
                if (speaks && dot > 0) said.insert(found);
            }
            for (std::sregex_iterator at(text.begin(), text.end(), handed), end; at != end; ++at)
                said.insert((*at)[1]);
        }
    }
    bool name(const std::string& message) const {
        if (whole.contains(message)) return true;
        return std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) {
            return message.ends_with(ending) &&
                   whole.contains(message.substr(0, message.size() - ending.size()));
        });
    }
};

Names names_made_in_code() {
    Names names;
    for (int code = 0; code <= static_cast<int>(core::Errc::internal); ++code) {
        auto wording = kiosk::words_for({static_cast<core::Errc>(code), ""});
        names.insert(wording.message), names.insert(wording.remedy);
    }
    for (auto reason : core::decline_reasons)
        names.insert("decline.reason." + std::string(core::to_id(reason)));
    for (auto words : {kiosk::told::changed_since_signed, kiosk::told::changed_since_countersigned,
                       kiosk::told::another_ceremony, kiosk::told::headphones_first}) {
        auto wording = kiosk::words_for({core::Errc::not_allowed, std::string(words)});
        CHECK(wording.message == "trouble." + std::string(words));
        names.insert(wording.message), names.insert(wording.remedy);
    }
    for (auto form : core::all_forms) {
        names.insert("form." + std::string(core::to_id(form)));
        if (form != core::OrganisationForm::annan)  // on paper that one is called as it was typed
            names.insert("certificate.form." + std::string(core::to_id(form)));
    }
    for (const char* prefix : {"organisation.name", "organisation.form_text", "organisation.place",
                               "details.body", "details.representative", "details.role", "details.contact"})
        names.insert(std::string(prefix) + ".empty");
    for (const char* step : {"find", "read", "criteria", "details", "sign", "check"})
        names.insert("frame.step." + std::string(step));
    for (const auto& translation : core::translations)
        names.insert("language.name." + std::string(translation.language));
    for (const char* language : {"smj", "sma"})  // agreements may be in them, under Swedish words
        names.insert("language.name." + std::string(language));
    for (int month = 1; month <= 12; ++month) names.insert("date.month." + std::to_string(month));
    return names;
}

bool is_partial(const core::Translation& translation) {
    return translation.draft || translation.language.ends_with("_easy");
}

}  // namespace

TEST_CASE("every message that the code names is there in Swedish, and no other") {
    Literals literals;
    Names swedish = names_of(read_po("sv")), made = names_made_in_code(), named = made;
    CHECK(literals.said.size() > 300);
    named.insert(literals.said.begin(), literals.said.end());
    CHECK_MESSAGE(without(named, swedish).empty(), "missing: ", joined(without(named, swedish)));
    Names unused;
    for (const auto& name : swedish)
        if (!literals.name(name) && !made.contains(name)) unused.insert(name);
    CHECK_MESSAGE(unused.empty(), "no code says: ", joined(unused));
}

TEST_CASE("a complete language says all that Swedish says, and none says what Swedish does not") {
    Names swedish = names_of(read_po("sv"));
    for (const auto& translation : core::translations) {
        CAPTURE(translation.language);
        Names names = names_of(read_po(translation.language));
        CHECK_MESSAGE(without(names, swedish).empty(), "left over: ", joined(without(names, swedish)));
        if (is_partial(translation)) continue;
        CHECK_MESSAGE(without(swedish, names).empty(), "missing: ", joined(without(swedish, names)));
    }
}

TEST_CASE("there is a translation for each file of words, and the drafts among them say that they are") {
    Names files, known;
    for (const auto& entry : fs::directory_iterator(source_dir / "assets" / "locale"))
        files.insert(entry.path().stem());
    for (const auto& translation : core::translations) {
        CAPTURE(translation.language);
        known.insert(std::string(translation.language));
        auto header = read_po(translation.language).header;
        CHECK((header.find("X-Handslag: draft") != std::string::npos) == translation.draft);
        CHECK(core::Words::load(locale_dir, translation.language).ok());
    }
    CHECK(files == known);
}

TEST_CASE("easy Swedish holds only what it says in other words than Swedish") {
    auto swedish = read_po("sv").messages, easy = read_po("sv_easy").messages;
    CHECK(easy.size() > 100);
    for (const auto& [name, texts] : easy) CHECK_MESSAGE(texts != swedish[name], name);
}

TEST_CASE("blanks are the same in every language, and a count may be left out of its singular only") {
    Po swedish = read_po("sv");
    for (const auto& translation : core::translations) {
        for (const auto& [name, texts] : read_po(translation.language).messages) {
            CAPTURE(translation.language);
            CAPTURE(name);
            Names expected = blanks_in(swedish.messages[name].back());
            CHECK(blanks_in(texts.back()) == expected);
            for (const auto& text : texts) {
                Names blanks = blanks_in(text);
                if (expected.contains("n") && swedish.plural.contains(name)) blanks.insert("n");
                CHECK(blanks == expected);
                CHECK(std::count(text.begin(), text.end(), '{') == std::count(text.begin(), text.end(), '}'));
            }
        }
    }
}

TEST_CASE("each counted message has as many forms as its language") {
    Po swedish = read_po("sv");
    static const std::regex plural_forms("nplurals=(\\d)");
    for (const auto& translation : core::translations) {
        Po po = read_po(translation.language);
        std::smatch forms;
        REQUIRE(std::regex_search(po.header, forms, plural_forms));
        for (const auto& [name, texts] : po.messages) {
            CAPTURE(translation.language);
            CAPTURE(name);
            bool counted = swedish.plural.contains(name);
            CHECK(po.plural.contains(name) == counted);
            CHECK(texts.size() == (counted ? std::stoul(forms[1]) : 1U));
            for (const auto& text : texts) CHECK(!text.empty());
        }
    }
}

TEST_CASE("every letter of the words and of the model agreement can be drawn, on screen and on paper") {
    auto fonts = core::Fonts::load();
    REQUIRE(fonts.ok());
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(source_dir / "assets" / "locale"))
        files.push_back(entry.path());
    for (const auto& entry : fs::directory_iterator(source_dir / "assets" / "agreements" / "model"))
        files.push_back(entry.path());
    CHECK(files.size() >= 12);
    for (const auto& file : files) {
        std::string text = read(file);
        std::erase(text, '\n');
        CAPTURE(file);
        for (auto face :
             {core::Face::sans, core::Face::sans_bold, core::Face::serif, core::Face::serif_bold}) {
            auto undrawable = fonts->first_undrawable(face, text);
            CHECK_MESSAGE(!undrawable, "U+", static_cast<int>(undrawable.value_or(0)));
        }
    }
}
