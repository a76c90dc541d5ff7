// Ceremony: a folder that a municipality prepares and that every tablet at the ceremony shares (decision 14).
//
//   ceremony.toml   id, code, title, place, date, countersigning, municipal signatories, representatives
//   required municipality/   municipality.toml, arms.svg, bundle-recipient.pem agreement/ agreement.toml,
//   sv.md, ...; or the folder that ceremony.toml's key `agreement` names expected.csv
//   name;form;organisationsnummer;place;representative;role;authority;email (header row; UTF-8; ; or ,)
//
// Format: assets/agreements/FORMAT.md.
#pragma once

#include "core/model/agreement.h"
#include "core/model/municipality.h"
#include "core/model/organisation.h"
#include "core/model/representative.h"

namespace core {

enum class Countersigning { beside, closing };  // decision 12

struct MunicipalSignatory {
    std::string name, role;  // "Karin Lindqvist", "kommunstyrelsens ordförande"
    friend bool operator==(const MunicipalSignatory&, const MunicipalSignatory&) = default;
};

struct ExpectedOrganisation {
    Organisation organisation;
    std::vector<Representative> representatives;
    std::string email;
    Decision decision;  // may be empty
    int representatives_required = 1;
};

struct Ceremony {
    CeremonyId id;
    std::string code;  // "STR26": letters and digits, begins each certificate number
    std::string title, place, officiant;
    Date date;
    Countersigning countersigning = Countersigning::beside;
    std::vector<MunicipalSignatory> signatories;
    std::string next_meeting;            // "Dialogmöte 3 februari 2027, Folkets hus"; may be empty
    std::vector<std::string> languages;  // in the order of the language screen
    // Of these the screens speak a draft. Where the agreement has no text in them, its original is read.
    std::vector<std::string> draft_languages;
    std::string certificate_also_in;  // the second language of every certificate ("fi"); empty: Swedish alone
    int representatives_required = 1;  // of an organisation of which expected.csv says nothing else
    std::vector<ExpectedOrganisation> expected;
    Municipality municipality;
    Agreement agreement;
    Sha256 digest{};  // of every file that was read: tablets that share it agree on this
};

// `held_instead`, when not empty, stands for the date in ceremony.toml: a demonstration is held today.
Loaded<Ceremony> load_ceremony(const std::filesystem::path& folder, const Date& held_instead = {});

// Another list for a ceremony that was loaded: expected.csv in `folder`, by the same rules.
Loaded<std::vector<ExpectedOrganisation>> load_expected(const std::filesystem::path& folder,
                                                        const Ceremony& ceremony);

// STR26-A0007-K: ceremony code, tablet letter, counter, check character (ISO 7064 mod 37,36 over what comes
// before).
std::string certificate_number(std::string_view ceremony_code, char tablet_letter, int counter);
bool is_certificate_number(std::string_view number);  // shape and check character
bool is_ceremony_code(std::string_view code);         // 2 to 8 of A-Z and 0-9

}  // namespace core
