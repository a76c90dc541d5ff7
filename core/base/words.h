// Words: everything that a person reads, from assets/locale/*.po (as compiled .mo files).
//
// A message has a symbolic name ("sign.heading"); Swedish is the original text, and says what another language
// lacks. {name} placeholders are filled by name, so that a translator can move them. A message that Swedish
// lacks too comes out as its name, which a test refuses. Which languages there are: core/base/translations.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/result.h"

namespace core {

using Blank = std::pair<std::string_view, std::string_view>;  // placeholder, text

class Words {
  public:
    // `language` is a .po file's name: "sv", "sv_easy", "en". `locale_dir` holds
    // LANG/LC_MESSAGES/handslag.mo; gettext's name for "sv_easy" is "sv@easy".
    static Result<Words> load(const std::filesystem::path& locale_dir, std::string_view language);

    const std::string& language() const { return language_; }
    bool has(std::string_view name) const;
    std::string say(std::string_view name, std::initializer_list<Blank> blanks = {}) const;
    std::string count(std::string_view name, std::int64_t n,
                      std::initializer_list<Blank> blanks = {}) const;  // {n} too
    std::string date(const Date& date) const;                           // 21 november 2026
    std::string time(const LocalTime& local) const;                     // 14.05 in Swedish, 14:05 in English
    std::string number(std::int64_t n) const;                           // 1 234; no-break space
    int compare(std::string_view a,
                std::string_view b) const;  // by the language's own alphabet: å ä ö last in Swedish

  private:
    struct Data;
    std::string language_;
    std::shared_ptr<const Data> data_;
};

// Fills {name} placeholders.
std::string fill_blanks(std::string text, std::initializer_list<Blank> blanks);

}  // namespace core
