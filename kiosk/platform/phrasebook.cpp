#include "kiosk/platform/phrasebook.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <regex>

#include "core/base/file.h"
#include "core/base/text.h"

namespace kiosk {
namespace {

constexpr std::size_t least_literal = 4;  // bytes that tell one phrase from another

// name -> its text, or its plural forms. GNU gettext manual, "The Format of GNU MO Files".
core::Result<std::map<std::string, std::vector<std::string>>> read_mo(const std::filesystem::path& file) {
    TRY_ASSIGN(auto bytes, core::read_file(file));
    auto wrong = [&] { return core::Error{core::Errc::malformed, file.string()}; };
    bool whole = true;
    auto number = [&](std::size_t at) -> std::size_t {
        std::uint32_t value = 0;
        if (at + sizeof value > bytes.size()) return whole = false, 0;
        std::memcpy(&value, bytes.data() + at, sizeof value);
        return value;
    };
    auto text = [&](std::size_t at) -> std::string {
        auto size = number(at), offset = number(at + 4);
        if (offset + size > bytes.size()) return whole = false, std::string();
        return std::string(core::as_text(bytes).substr(offset, size));
    };
    if (number(0) != 0x950412DEU) return wrong();
    std::map<std::string, std::vector<std::string>> messages;
    for (std::size_t i = 0, count = number(8); i < count && whole; ++i) {
        auto name = text(number(12) + 8 * i);
        name = name.substr(0, name.find('\0'));  // the plural's follows
        if (name.empty()) continue;              // the header
        auto forms = text(number(16) + 8 * i);
        for (auto form : core::split(forms, '\0')) messages[name].emplace_back(form);
    }
    if (!whole) return wrong();
    return messages;
}

std::filesystem::path mo_file(const std::filesystem::path& locale_dir, std::string_view language) {
    std::string name(language);
    std::replace(name.begin(), name.end(), '_', '@');  // gettext's name for sv_easy is sv@easy
    return locale_dir / name / "LC_MESSAGES" / "handslag.mo";
}

struct Piece {
    bool blank = false;
    std::string text;  // what stands there, or the blank's name
};

std::vector<Piece> pieces_of(std::string_view phrase) {
    std::vector<Piece> pieces;
    while (!phrase.empty()) {
        auto open = phrase.find('{');
        auto close = open == std::string_view::npos ? open : phrase.find('}', open);
        if (close == std::string_view::npos) open = phrase.size();
        if (open > 0) pieces.push_back({false, std::string(phrase.substr(0, open))});
        if (close == std::string_view::npos) break;
        pieces.push_back({true, std::string(phrase.substr(open + 1, close - open - 1))});
        phrase.remove_prefix(close + 1);
    }
    return pieces;
}

struct Match {
    std::size_t in_blanks = 0;  // bytes of the text that are not the phrase's own
    enum class How { whole, beginning, part } how = How::part;
    std::map<std::string, std::string> blanks;
};

// How much of `rest` goes into a blank that `after` follows; `rest` may end within `after`.
std::size_t blank_size(std::string_view rest, std::string_view after) {
    if (auto at = rest.find(after); at != std::string_view::npos) return at;
    for (std::size_t at = 0; at < rest.size(); ++at)
        if (after.starts_with(rest.substr(at))) return at;
    return rest.size();
}

std::optional<Match> match(std::string_view text, const std::vector<Piece>& pieces) {
    Match found;
    std::size_t literal = 0, i = 0;
    auto rest = text;
    bool fits = true;
    for (; i < pieces.size() && !rest.empty() && fits; ++i) {
        const auto& piece = pieces[i];
        if (piece.blank) {
            auto size = i + 1 < pieces.size() ? blank_size(rest, pieces[i + 1].text) : rest.size();
            found.blanks[piece.text] = rest.substr(0, size);
            rest.remove_prefix(size);
        } else {
            auto size = std::min(rest.size(), piece.text.size());
            fits = rest.substr(0, size) == std::string_view(piece.text).substr(0, size);
            found.how = size == piece.text.size() ? Match::How::whole : Match::How::beginning;
            literal += size;
            rest.remove_prefix(fits ? size : 0);
        }
    }
    bool all = literal == text.size() && i == pieces.size() && found.how == Match::How::whole;
    if (fits && rest.empty() && (all || literal >= least_literal)) {
        if (i < pieces.size()) found.how = Match::How::beginning;
        found.in_blanks = text.size() - literal;
        return found;
    }
    if (text.size() < least_literal) return std::nullopt;
    bool within = std::any_of(pieces.begin(), pieces.end(), [&](const Piece& piece) {
        return !piece.blank && piece.text.find(text) != std::string::npos;
    });
    return within ? std::optional(Match{}) : std::nullopt;
}

// The longest run of it that is known.
std::string fill(const std::vector<Piece>& pieces, const Match& match) {
    std::string longest, run;
    for (const auto& piece : pieces) {
        auto known = match.blanks.find(piece.text);
        if (piece.blank && known == match.blanks.end())
            run.clear();
        else
            run += piece.blank ? known->second : piece.text;
        if (run.size() > longest.size()) longest = run;
    }
    return longest;
}

}  // namespace

core::Result<Phrasebook> Phrasebook::open(const std::filesystem::path& locale_dir, std::string_view from,
                                          std::string_view to) {
    TRY_ASSIGN(auto theirs, read_mo(mo_file(locale_dir, from)));
    TRY_ASSIGN(auto ours, read_mo(mo_file(locale_dir, to)));
    Phrasebook book;
    for (const auto& [name, forms] : theirs) {
        auto found = ours.find(name);
        if (found == ours.end()) continue;
        for (std::size_t i = 0; i < forms.size(); ++i)
            book.phrases_.push_back({name, forms[i], found->second[std::min(i, found->second.size() - 1)]});
    }
    return book;
}

std::string Phrasebook::with_dates(std::string text) const {
    std::string format;
    for (const auto& phrase : phrases_)
        if (phrase.name == "date.format") format = phrase.to;
    for (const auto& month : phrases_) {
        if (!month.name.starts_with("date.month.")) continue;
        std::regex date("\\b(\\d{1,2}) " + month.from + " (\\d{4})\\b");
        std::smatch found;
        if (!std::regex_search(text, found, date)) continue;
        auto day = found[1].str(), year = found[2].str();
        auto said = core::fill_blanks(format, {{"day", day}, {"month", month.to}, {"year", year}});
        text = found.prefix().str() + said + found.suffix().str();
    }
    return text;
}

std::vector<std::string> Phrasebook::ways(std::string_view text) const {
    std::vector<std::string> ways{std::string(text)};
    auto add = [&](std::string way) {
        if (!way.empty() && std::find(ways.begin(), ways.end(), way) == ways.end())
            ways.push_back(std::move(way));
    };
    add(with_dates(ways.front()));
    // Whoever means a whole phrase does not mean all those that begin with it or hold it, and whoever says a
    // phrase's own words does not mean one of blanks.
    std::map<std::pair<std::size_t, Match::How>, std::vector<std::string>> found;
    for (const auto& phrase : phrases_)
        if (auto matched = match(text, pieces_of(phrase.from))) {
            for (auto& [name, value] : matched->blanks) value = with_dates(value);
            found[{matched->in_blanks, matched->how}].push_back(fill(pieces_of(phrase.to), *matched));
        }
    if (!found.empty())
        for (auto& way : found.begin()->second) add(std::move(way));
    return ways;
}

}  // namespace kiosk
