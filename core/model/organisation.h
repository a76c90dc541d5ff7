// Organisation: the party that joins, by its own decision. And the Swedish organisationsnummer.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/clock.h"

namespace core {

// Ten digits, no hyphen. A value of this type has a right check digit and is no person's number.
class Organisationsnummer {
  public:
    enum class Wrong {
        not_ten_digits,
        check_digit,
        personal_number
    };  // personal_number: never store, log or echo it
    struct Parsed;
    static Parsed parse(std::string_view typed);  // accepts 802481-1234, 8024811234, 168024811234, spaces

    const std::string& digits() const { return digits_; }
    std::string display() const;  // NNNNNN-NNNN
    int group_digit() const { return digits_[0] - '0'; }
    friend bool operator==(const Organisationsnummer&, const Organisationsnummer&) = default;

  private:
    std::string digits_;
    friend struct Parsed;
};
struct Organisationsnummer::Parsed {
    std::optional<Organisationsnummer> value;
    Wrong wrong = Wrong::not_ten_digits;
};

enum class OrganisationForm {
    ideell_forening,
    stiftelse,
    ekonomisk_forening,
    bostadsrattsforening,
    trossamfund,
    socialt_foretag,
    samfallighet,
    natverk,  // informal, without organisationsnummer
    annan,    // "liknande": form_text says which
};
inline constexpr OrganisationForm all_forms[] = {OrganisationForm::ideell_forening,
                                                 OrganisationForm::stiftelse,
                                                 OrganisationForm::ekonomisk_forening,
                                                 OrganisationForm::bostadsrattsforening,
                                                 OrganisationForm::trossamfund,
                                                 OrganisationForm::socialt_foretag,
                                                 OrganisationForm::samfallighet,
                                                 OrganisationForm::natverk,
                                                 OrganisationForm::annan};
std::string_view to_id(OrganisationForm form);  // "ideell_forening", in records and files
std::optional<OrganisationForm> parse_form(std::string_view id);

enum class NumberNeed { required, expected, optional, forbidden };
NumberNeed number_need(OrganisationForm form);
// A group digit that contradicts the form is only worth a warning.
bool group_digit_fits(OrganisationForm form, const Organisationsnummer& number);

struct Organisation {
    std::string name;  // NFC, 1..120 characters
    OrganisationForm form = OrganisationForm::ideell_forening;
    std::string form_text;  // for `annan`
    std::optional<Organisationsnummer> number;
    std::string place;  // seat, optional
    friend bool operator==(const Organisation&, const Organisation&) = default;
};

// The organisation's own decision to join (REQUIREMENTS 4).
struct Decision {
    std::string body;  // "Årsmötet", "Styrelsen"
    Date date;
    friend bool operator==(const Decision&, const Decision&) = default;
};

enum class NameWrong { empty, too_long, not_text };
struct ParsedName {
    std::optional<std::string> value;  // normalised
    NameWrong wrong = NameWrong::empty;
};
ParsedName parse_name(std::string_view typed, std::size_t most_characters = 120);

struct ParsedDate {
    std::optional<Date> value;
    bool in_future = false;
};
// 2026-11-21, 21/11 2026, 21 november 2026, 20261121; not after `today`.
ParsedDate parse_past_date(std::string_view typed, const Date& today);

bool plausible_email(std::string_view typed);
bool plausible_phone(std::string_view typed);

}  // namespace core
