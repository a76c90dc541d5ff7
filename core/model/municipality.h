// Municipality: the public party (kommun, region): who it is, how it signs, what it must tell people.
// Loaded from `municipality.toml`, with `arms.svg` beside it.
#pragma once

#include "core/model/agreement.h"
#include "core/model/page.h"

namespace core {

struct Contact {
    std::string name, role, email, phone;
};

// GDPR articles 13-14: shown before any personal data is asked for. One text a language.
struct PrivacyNotice {
    std::string controller, officer, purpose, legal_basis, recipients, storage, rights;
};

struct Municipality {
    std::string name, short_name;  // "Strandköpings kommun", "Strandköping"
    std::string kind;              // "kommun", "region"
    std::string organisationsnummer;
    std::string place;  // "Strandköping", printed before the date
    Contact contact;
    std::map<std::string, PrivacyNotice> privacy;  // by language
    std::string register_url;                      // "https://strandkoping.example/overenskommelse"
    std::string diarienummer_pattern;              // "KS {year}:{number}"
    bool keep_stroke_dynamics = false;             // decision 7
    int tablet_keep_days = 30;                     // after the server's receipt; then a tablet forgets
    std::string tablet_disposal_decision;          // that it names then; empty: a standing sentence
    Rgb accent{0x0A, 0x4D, 0x68};
    std::filesystem::path arms_svg;      // checked to exist
    std::string bundle_certificate_pem;  // whom sticks are sealed to; may be empty before enrolment
    std::string root_certificate_pem;    // that tablets' seals must lead to; empty: any
};

Loaded<Municipality> load_municipality(const std::filesystem::path& folder);

}  // namespace core
