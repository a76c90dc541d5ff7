// Visit: all that one person types, ticks and draws at the tablet, and what is kept of it when the signing
// must wait.
//
// Texts are as typed; they are parsed when the person goes on (kiosk/update_visit.cpp) and again when the
// order is made. A personal number typed as organisationsnummer is dropped at once and stands nowhere.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.h"
#include "core/model/ceremony.h"
#include "core/model/image.h"
#include "core/model/page.h"
#include "core/model/signing_input.h"
#include "kiosk/look.h"

namespace kiosk {

// Everything that can be typed. `index` beside it: which representative, which word.
enum class Field {
    none,
    form,
    authority,
    criterion,
    search,
    organisation_name,
    form_text,
    organisationsnummer,
    place,
    decision_body,
    decision_date,
    representative_name,
    representative_role,
    contact_name,
    email,
    phone,
    typed_name,
    witness,
    passphrase,
    pin,
    pin_again,
    word,
    check_in_name,
    void_reason,
    decline_words,
    invitation,
    paper_date,
    paper_box,  // `index`: which of the boxes on that page
};
// Everything that can be ticked. `index`: which criterion.
enum class Box {
    criterion,
    publish_representative,
    show_in_room,
    reference_group,
    arrived,
    identity_seen,
    authority_seen,
    date_right,
    room_between_visits,
    room_moves,
    room_contrast,
    paper_signed,     // by everybody who stands on it for the organisation
    paper_municipal,  // `index`: which of Ceremony::signatories
};
// Everything that has one of several. form: OrganisationForm; authority: `index` is the representative;
// letter: 0 is A.
enum class Choice { form, authority, letter, decline };
enum class CheckRow { organisation, form, number, decision, representative, contact, choices, signature };

std::string field_id(Field field, int index = 0);  // "representative_name.1": FieldSpec::id

// The host saw them (decision 15). Names are as corrected; empty: as expected.
struct CheckIn {
    bool arrived = false, identity_seen = false, authority_seen = false;
    std::vector<std::string> names;
    bool complete() const { return arrived && identity_seen && authority_seen; }
    friend bool operator==(const CheckIn&, const CheckIn&) = default;
};

struct Signatory {
    std::string name, role;
    core::Authority authority = core::Authority::alone;
    core::Signature signature;  // its name may not change once it is signed: then it is dropped
    bool has_signed = false;
    friend bool operator==(const Signatory&, const Signatory&) = default;
};

struct Visit {
    core::SigningId id;           // empty until FreshId
    std::string replaces;         // certificate number of the voided one
    std::optional<int> expected;  // index of Ceremony::expected; else a new organisation
    CheckIn check_in;
    std::string checked_in_as;  // the organisation's name then; another name must be checked in anew

    std::string name, form_text, number, place;
    std::optional<core::OrganisationForm> form;
    bool number_warned = false;  // the warning on group digits or a missing number has been seen once
    bool likeness_warned =
        false;  // that it may be on the tablet already (kiosk/likeness.h) has been seen once

    std::vector<bool> criteria;    // ticked, in the agreement's order
    bool criteria_warned = false;  // the warning on a criterion that only should hold has been seen once
    std::string decision_body, decision_date;
    int representatives_required = 1;
    std::vector<Signatory> signatories;
    std::string contact_name, email, phone;
    bool publish_representative = false, show_in_room = false, reference_group = false;
    std::vector<core::MunicipalSignature> municipal;
    // What the ink stands for (signed_content(), hex); ink of other content is dropped when the person goes
    // on. The representatives' from when it was kept as a draft: until then whoever signed stands at the
    // tablet.
    std::string representatives_signed, municipality_signed;
    // The host enters a form that was signed on paper: has_signed and signed_at_ms are what the host ticks, and the date
    // is put to them as the host goes on.
    bool on_paper = false;
    std::string paper_date;
    std::string language = "sv";  // of the agreement's text that was read
    std::string draft;            // id of the draft that this came from or was kept as; "" for none
    friend bool operator==(const Visit&, const Visit&) = default;
};

// The organisation as far as it can be parsed from what was typed.
core::Organisation organisation_of(const Visit& visit);
// The name of a message, or "" for none. They warn once and never block.
std::string number_warning(const Visit& visit);
bool lacks_should_criterion(const core::Agreement& agreement, const Visit& visit);
bool everybody_signed(const Visit& visit);
int first_unsigned(const Visit& visit);  // index, or -1

// Of that very name; names are there once.
std::optional<int> place_on_list(const core::Ceremony& ceremony, std::string_view organisation);

// Expected organisations for what somebody typed, best first: any order of words, small slips of the finger,
// a for å.
std::vector<int> matching_organisations(const core::Ceremony& ceremony, std::string_view search);

// Names, addresses and numbers of people, as they stand in the visit: what is never said aloud in a room. The
// organisation's name is public.
std::vector<std::string> personal_texts(const Visit& visit);

// Overwrites every text and stroke with zeros before letting go of it.
void wipe(Visit& visit);

// A signing that waits for somebody, as it stands in the store (kiosk/draft.h has its bytes).
struct Draft {
    std::string id;  // "signing-<uuid>"
    std::int64_t saved_at_ms = 0;
    core::CeremonyId ceremony;        // where it was signed so far,
    core::AgreementDigest agreement;  // and the text that was read
    Visit visit;
};
// Only at its own ceremony, under its own text, may it go on; elsewhere the host may only drop it.
bool waits_here(const core::Ceremony& ceremony, const Draft& draft);

}  // namespace kiosk
