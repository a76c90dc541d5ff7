#include "core/base/words.h"

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "kiosk/state.h"

namespace {

std::string read(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

// Every literal in the screens and in update() that has the shape of a message's name.
std::set<std::string> names_in_sources() {
    std::set<std::string> names;
    std::filesystem::path kiosk = std::filesystem::path(HANDSLAG_SOURCE_DIR) / "kiosk";
    std::regex literal("\"([a-z_]+(?:\\.[a-z0-9_]+)+)\"");
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(kiosk / "screens"))
        files.push_back(entry.path());
    for (const char* name :
         {"update_visit.cpp", "update_sign.cpp", "update_start.cpp", "update_answers.cpp", "state_visit.cpp"})
        files.push_back(kiosk / name);
    for (const auto& file : files) {
        std::string text = read(file);
        for (std::sregex_iterator at(text.begin(), text.end(), literal), end; at != end; ++at)
            names.insert((*at)[1]);
    }
    return names;
}

}  // namespace

TEST_CASE("every message that a screen names is there in Swedish and in English") {
    auto names = names_in_sources();
    CHECK(names.size() > 200);
    for (int code = 0; code <= static_cast<int>(core::Errc::internal); ++code) {
        auto wording = kiosk::words_for({static_cast<core::Errc>(code), ""});
        names.insert(wording.message), names.insert(wording.remedy);
    }
    for (auto words : {kiosk::told::changed_since_signed, kiosk::told::changed_since_countersigned,
                       kiosk::told::another_ceremony}) {
        auto wording = kiosk::words_for({core::Errc::not_allowed, std::string(words)});
        CHECK(wording.message == "trouble." + std::string(words));
        names.insert(wording.message), names.insert(wording.remedy);
    }
    for (auto form : core::all_forms) names.insert("form." + std::string(core::to_id(form)));
    for (const char* prefix : {"organisation.name", "organisation.form_text", "organisation.place",
                               "details.body", "details.representative", "details.role", "details.contact"})
        names.insert(std::string(prefix) + ".empty");
    for (const char* step : {"find", "read", "criteria", "details", "sign", "check"})
        names.insert("frame.step." + std::string(step));
    for (const char* language : {"sv", "sv_easy", "en"})
        names.insert("language.name." + std::string(language));
    for (const char* language : {"sv", "en"}) {
        auto words =
            core::Words::load(std::filesystem::path(HANDSLAG_BINARY_DIR) / "share" / "locale", language);
        REQUIRE(words.ok());
        for (const auto& name : names) CHECK_MESSAGE(words->has(name), (std::string(language) + ": " + name));
    }
}
