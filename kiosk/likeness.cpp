#include "kiosk/likeness.h"

#include <algorithm>
#include <set>

#include "core/base/text.h"

namespace kiosk {
namespace {

// What it takes to make each beginning of `word` out of `typed`, up to a few letters more than were typed.
std::vector<int> slips_to_beginnings(const std::u32string& word, const std::u32string& typed) {
    const std::size_t rows = typed.size() + 1, columns = std::min(word.size(), typed.size() + 2) + 1;
    std::vector<std::vector<int>> cost(rows, std::vector<int>(columns));
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c) {
            if (r == 0 || c == 0) {
                cost[r][c] = static_cast<int>(r + c);
                continue;
            }
            cost[r][c] = std::min(
                {cost[r - 1][c] + 1, cost[r][c - 1] + 1, cost[r - 1][c - 1] + (typed[r - 1] != word[c - 1])});
            if (r > 1 && c > 1 && typed[r - 1] == word[c - 2] && typed[r - 2] == word[c - 1])
                cost[r][c] = std::min(cost[r][c], cost[r - 2][c - 2] + 1);
        }
    return cost.back();
}

// Words that tell no association from another.
std::multiset<std::u32string> telling_words(const std::u32string& name) {
    static const std::set<std::u32string> common = {
        U"forening", U"foreningen", U"ideell", U"ideella", U"och", U"i", U"for", U"den", U"stiftelsen"};
    std::multiset<std::u32string> telling;
    for (auto& word : words_of(name))
        if (!common.contains(word)) telling.insert(std::move(word));
    return telling;
}

std::u32string without_spaces(std::u32string text) {
    std::erase(text, U' ');
    return text;
}

}  // namespace

std::u32string plain_letters(std::string_view text) {
    std::u32string out;
    for (char32_t c : core::code_points(core::fold_for_search(text)))
        out += c == U'å' || c == U'ä' || c == U'á' || c == U'à' ? U'a'
               : c == U'ö' || c == U'ø'                         ? U'o'
               : c == U'č'                                      ? U'c'
               : c == U'š'                                      ? U's'
               : c == U'ž'                                      ? U'z'
                                                                : c;
    return out;
}

std::vector<std::u32string> words_of(const std::u32string& text) {
    std::vector<std::u32string> words(1);
    for (char32_t c : text) {
        if (c != U' ')
            words.back() += c;
        else if (!words.back().empty())
            words.emplace_back();
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

bool begins_like(const std::u32string& word, const std::u32string& typed, int slips) {
    auto row = slips_to_beginnings(word, typed);
    return *std::min_element(row.begin(), row.end()) <= slips;
}

bool nearly_the_same_name(std::string_view a, std::string_view b) {
    auto one = plain_letters(a), other = plain_letters(b);
    if (auto words = telling_words(one); !words.empty() && words == telling_words(other)) return true;
    one = without_spaces(one), other = without_spaces(other);
    if (one.size() > other.size()) std::swap(one, other);
    // One letter in a short name makes another name.
    std::size_t slips = one.size() >= 16 ? 2 : one.size() >= 8 ? 1 : 0;
    return other.size() - one.size() <= slips &&
           slips_to_beginnings(other, one).back() <= static_cast<int>(slips);
}

std::string Likeness::message() const {
    switch (kind) {
        case Kind::same_number:
            return "organisation.like.number";
        case Kind::same_name:
            return "organisation.like.name";
        case Kind::near_name:
            return "organisation.like.near";
        case Kind::waits:
            return "organisation.like.waits";
    }
    return {};
}

std::optional<Likeness> likeness(const State& state, const Visit& visit) {
    auto number = core::Organisationsnummer::parse(visit.number).value;
    auto name = core::fold_for_search(visit.name);
    if (name.empty()) return std::nullopt;
    std::optional<Likeness> found;
    auto consider = [&](Likeness::Kind kind, const std::string& organisation,
                        const std::string& certificate) {
        if (!found || kind < found->kind) found = Likeness{kind, organisation, certificate};
    };
    using Kind = Likeness::Kind;
    auto compare = [&](const auto& line) {
        if (line.certificate_number == visit.replaces) return;
        if (number && core::Organisationsnummer::parse(line.organisationsnummer).value == number)
            consider(Kind::same_number, line.organisation, line.certificate_number);
        else if (core::fold_for_search(line.organisation) == name)
            consider(Kind::same_name, line.organisation, line.certificate_number);
        else if (nearly_the_same_name(line.organisation, visit.name))
            consider(Kind::near_name, line.organisation, line.certificate_number);
    };
    for (const auto& line : state.lists.signings)
        if (!line.voided) compare(line);
    if (state.lists.elsewhere)
        for (const auto& line : *state.lists.elsewhere) compare(line);
    for (const auto& draft : state.drafts)
        if (draft.id != visit.draft && core::fold_for_search(draft.visit.name) == name)
            consider(Kind::waits, draft.visit.name, "");
    return found;
}

}  // namespace kiosk
