#include "core/model/organisation.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace core {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits without what people put between them; nothing when anything else stands there.
std::optional<std::string> bare_digits(std::string_view typed) {
    std::string digits;
    for (char32_t c : code_points(typed)) {
        if (c >= U'0' && c <= U'9') {
            digits += static_cast<char>(c);
        } else if (c != U' ' && c != U'\t' && c != U'\u00A0' && c != U'-' && c != U'\u2010' &&
                   c != U'\u2011' && c != U'\u2013' && c != U'\u2212' && c != U'+') {
            return std::nullopt;
        }
    }
    return digits;
}

bool luhn_holds(std::string_view digits) {
    int sum = 0;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        int value = digits[i] - '0';
        if (i % 2 == 0) value = value * 2 > 9 ? value * 2 - 9 : value * 2;
        sum += value;
    }
    return sum % 10 == 0;
}

struct FormFacts {
    OrganisationForm form;
    std::string_view id;
    NumberNeed need;
    std::string_view group_digits;  // empty: any
};

constexpr FormFacts form_facts[] = {
    {OrganisationForm::ideell_forening, "ideell_forening", NumberNeed::optional, "8"},
    {OrganisationForm::stiftelse, "stiftelse", NumberNeed::expected, "8"},
    {OrganisationForm::ekonomisk_forening, "ekonomisk_forening", NumberNeed::required, "7"},
    {OrganisationForm::bostadsrattsforening, "bostadsrattsforening", NumberNeed::required, "78"},
    {OrganisationForm::trossamfund, "trossamfund", NumberNeed::required, "28"},
    {OrganisationForm::socialt_foretag, "socialt_foretag", NumberNeed::required, "578"},
    {OrganisationForm::samfallighet, "samfallighet", NumberNeed::expected, "7"},
    {OrganisationForm::natverk, "natverk", NumberNeed::forbidden, ""},
    {OrganisationForm::annan, "annan", NumberNeed::optional, ""},
};

const FormFacts& facts(OrganisationForm form) {
    return *std::find_if(std::begin(form_facts), std::end(form_facts),
                         [&](const auto& f) { return f.form == form; });
}

int month_number(const std::string& folded) {
    constexpr std::array<std::string_view, 12> swedish = {"januari",   "februari", "mars",     "april",
                                                          "maj",       "juni",     "juli",     "augusti",
                                                          "september", "oktober",  "november", "december"};
    constexpr std::array<std::string_view, 12> english = {"january",   "february", "march",    "april",
                                                          "may",       "june",     "july",     "august",
                                                          "september", "october",  "november", "december"};
    // With their ending: "maaliskuu" and "maalis" begin like "maaliskuuta".
    constexpr std::array<std::string_view, 12> finnish = {
        "tammikuuta", "helmikuuta", "maaliskuuta", "huhtikuuta", "toukokuuta",  "kesäkuuta",
        "heinäkuuta", "elokuuta",   "syyskuuta",   "lokakuuta",  "marraskuuta", "joulukuuta"};
    for (std::size_t i = 0; i < 12; ++i) {
        if (folded == swedish[i] || folded == english[i]) return static_cast<int>(i) + 1;
        bool abbreviated =
            folded.size() >= 3 && (swedish[i].starts_with(folded) || english[i].starts_with(folded) ||
                                   finnish[i].starts_with(folded));
        if (abbreviated) return static_cast<int>(i) + 1;
    }
    return 0;
}

}  // namespace

Organisationsnummer::Parsed Organisationsnummer::parse(std::string_view typed) {
    Parsed parsed;
    auto digits = bare_digits(typed);
    if (!digits) return parsed;
    if (digits->size() == 12) {
        bool century_of_a_person =
            digits->starts_with("18") || digits->starts_with("19") || digits->starts_with("20");
        if (century_of_a_person && (*digits)[4] < '2') parsed.wrong = Wrong::personal_number;
        if (!digits->starts_with("16")) return parsed;
        digits->erase(0, 2);
    }
    if (digits->size() != 10) return parsed;
    // The third digit of a person's number is that of a month. Said before the check digit, so that a
    // mistyped personal number is never treated as anything else.
    if ((*digits)[2] < '2') {
        parsed.wrong = Wrong::personal_number;
        return parsed;
    }
    if (!luhn_holds(*digits)) {
        parsed.wrong = Wrong::check_digit;
        return parsed;
    }
    Organisationsnummer number;
    number.digits_ = *digits;
    parsed.value = std::move(number);
    return parsed;
}

std::string Organisationsnummer::display() const { return digits_.substr(0, 6) + "-" + digits_.substr(6); }

std::string_view to_id(OrganisationForm form) { return facts(form).id; }

std::optional<OrganisationForm> parse_form(std::string_view id) {
    for (const auto& known : form_facts)
        if (known.id == id) return known.form;
    return std::nullopt;
}

NumberNeed number_need(OrganisationForm form) { return facts(form).need; }

bool group_digit_fits(OrganisationForm form, const Organisationsnummer& number) {
    if (form == OrganisationForm::natverk) return false;
    auto digits = facts(form).group_digits;
    return digits.empty() || digits.find(number.digits()[0]) != std::string_view::npos;
}

ParsedName parse_name(std::string_view typed, std::size_t most_characters) {
    auto name = normalise(typed);
    if (!name || name->find("\uFFFD") != std::string::npos) return {std::nullopt, NameWrong::not_text};
    if (name->empty()) return {std::nullopt, NameWrong::empty};
    if (fold_for_search(*name).empty()) return {std::nullopt, NameWrong::not_text};
    if (code_points(*name).size() > most_characters) return {std::nullopt, NameWrong::too_long};
    return {std::move(name), NameWrong::empty};
}

ParsedDate parse_past_date(std::string_view typed, const Date& today) {
    std::vector<std::string> parts;
    bool in_word = false, in_number = false;
    std::string folded = fold_for_search(typed);
    for (char c : folded) {
        bool number = is_digit(c), word = !number && c != ' ';
        if ((number && !in_number) || (word && !in_word)) parts.emplace_back();
        if (number || word) parts.back() += c;
        in_number = number, in_word = word;
    }
    if (parts.size() == 4 && parts[0] == "den") parts.erase(parts.begin());
    auto number = [](const std::string& part) {
        return !part.empty() && part.size() <= 4 && std::all_of(part.begin(), part.end(), is_digit)
                   ? std::stoi(part)
                   : -1;
    };
    Date date;
    if (parts.size() == 1 && parts[0].size() == 8 &&
        std::all_of(parts[0].begin(), parts[0].end(), is_digit)) {
        date = {number(parts[0].substr(0, 4)), number(parts[0].substr(4, 2)), number(parts[0].substr(6))};
    } else if (parts.size() == 3) {
        int month = number(parts[1]) >= 0 ? number(parts[1]) : month_number(parts[1]);
        bool year_first = parts[0].size() == 4;
        date = {number(parts[year_first ? 0 : 2]), month, number(parts[year_first ? 2 : 0])};
        if (parts[year_first ? 0 : 2].size() != 4) return {};
    }
    if (date.month < 1 || date.day < 1 || !Date::valid(date.year, date.month, date.day) || date.year < 1000)
        return {};
    if (date > today) return {std::nullopt, true};
    return {date, false};
}

bool plausible_email(std::string_view typed) {
    typed = trim(typed);
    if (typed.size() > 254 || !is_utf8(typed)) return false;
    auto at = typed.find('@');
    if (at == std::string_view::npos || at == 0 || at > 64 ||
        typed.find('@', at + 1) != std::string_view::npos)
        return false;
    for (char c : typed)
        if (static_cast<unsigned char>(c) <= ' ' || c == ',' || c == ';' || c == '<' || c == '>' ||
            c == '"' || c == 0x7F)
            return false;
    auto host = split(typed.substr(at + 1), '.');
    bool parts_named =
        std::none_of(host.begin(), host.end(), [](auto part) { return part.empty() || part.front() == '-'; });
    return host.size() >= 2 && parts_named && host.back().size() >= 2 && typed[at - 1] != '.';
}

bool plausible_phone(std::string_view typed) {
    typed = trim(typed);
    if (typed.starts_with('+')) typed.remove_prefix(1);
    int digits = 0;
    for (char32_t c : code_points(typed)) {
        if (c >= U'0' && c <= U'9')
            ++digits;
        else if (c != U' ' && c != U'\u00A0' && c != U'-' && c != U'\u2013' && c != U'(' && c != U')' &&
                 c != U'/' && c != U'.')
            return false;
    }
    return digits >= 6 && digits <= 15;
}

}  // namespace core
