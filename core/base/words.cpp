#include "core/base/words.h"

#include <boost/locale.hpp>

namespace core {

namespace locale = boost::locale;

struct Words::Data {
    std::locale locale, swedish;
};

Result<Words> Words::load(const std::filesystem::path& locale_dir, std::string_view language) {
    // "sv_easy" is Swedish of a kind of its own, which gettext and ICU call sv@easy: dates and alphabet are
    // Swedish.
    std::string base(language.substr(0, language.find('_'))), variant(language.substr(base.size()));
    if (!variant.empty()) variant.front() = '@';
    auto file = locale_dir / (base + variant) / "LC_MESSAGES" / "handslag.mo";
    std::error_code error;
    if (!std::filesystem::exists(file, error)) return Error{Errc::not_found, file.string()};
    locale::generator generator;
    generator.add_messages_path(locale_dir.string());
    generator.add_messages_domain("handslag");
    generator.categories(locale::category_t::message | locale::category_t::collation |
                         locale::category_t::convert | locale::category_t::codepage);
    auto data = std::make_shared<Data>();
    try {
        data->locale = generator(base + ".UTF-8" + variant);
        data->swedish = generator("sv.UTF-8");
    } catch (const std::exception& problem) {
        return Error{Errc::malformed, file.string() + ": " + problem.what()};
    }
    Words words;
    words.language_ = language;
    words.data_ = std::move(data);
    return words;
}

bool Words::has(std::string_view name) const { return say(name) != name; }

std::string fill_blanks(std::string text, std::initializer_list<Blank> blanks) {
    std::string out;
    std::size_t at = 0;
    while (true) {
        auto open = text.find('{', at);
        auto close = open == std::string::npos ? open : text.find('}', open);
        if (close == std::string::npos) return out.append(text, at);
        out.append(text, at, open - at);
        std::string_view name(text.data() + open + 1, close - open - 1);
        bool filled = false;
        for (const auto& [blank, value] : blanks)
            if (blank == name) {
                out += value;
                filled = true;
            }
        if (!filled) out.append(text, open, close + 1 - open);
        at = close + 1;
    }
}

std::string Words::say(std::string_view name, std::initializer_list<Blank> blanks) const {
    std::string id(name), text = locale::gettext(id.c_str(), data_->locale);
    if (text == id) text = locale::gettext(id.c_str(), data_->swedish);
    return blanks.size() == 0 ? text : fill_blanks(std::move(text), blanks);
}

std::string Words::count(std::string_view name, std::int64_t n, std::initializer_list<Blank> blanks) const {
    std::string id(name);
    auto in = [&](const std::locale& where) {
        return locale::ngettext(id.c_str(), id.c_str(), static_cast<int>(n), where);
    };
    std::string text = in(data_->locale);
    if (text == id) text = in(data_->swedish);
    return fill_blanks(fill_blanks(std::move(text), {{"n", number(n)}}), blanks);
}

std::string Words::date(const Date& date) const {
    return say("date.format", {{"day", std::to_string(date.day)},
                               {"month", say("date.month." + std::to_string(date.month))},
                               {"year", std::to_string(date.year)}});
}

std::string Words::time(const LocalTime& local) const {
    auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return say("time.format", {{"hour", two(local.hour)}, {"minute", two(local.minute)}});
}

std::string Words::number(std::int64_t n) const {
    std::string digits = std::to_string(n < 0 ? -n : n), between = say("number.group");
    for (std::size_t at = digits.size(); at > 3;) {
        at -= 3;
        digits.insert(at, between);
    }
    return (n < 0 ? "\u2212" : "") + digits;
}

int Words::compare(std::string_view a, std::string_view b) const {
    const auto& collate = std::use_facet<locale::collator<char>>(data_->locale);
    return collate.compare(locale::collate_level::tertiary, std::string(a), std::string(b));
}

}  // namespace core
