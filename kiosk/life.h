// Life: where the tablet is, exactly one of a few; a visit and the host's desk have steps and pages within.
//
// What a life holds is dropped with it; what outlives it is State's (kiosk/state.h).
#pragma once

#include "core/model/decline.h"
#include "kiosk/trouble.h"
#include "kiosk/visit.h"

namespace kiosk {

struct Tablet {
    char letter = 'A';
    bool demonstration = false;  // prints DEMONSTRATION on everything
    bool has_seal_certificate = false;
    bool has_pin = false;
    bool pin_locked = false;  // too many wrong PINs: only the passphrase opens staff mode now
    std::string name;         // "Surfplatta A"
    std::int64_t seals_from_ms = 0, seals_until_ms = 0;  // the seal certificate's time; 0: there is none
};

// What the host should know of the seal certificate before anybody signs.
enum class CertificateTime { good, ends_soon, ended, not_yet };
inline constexpr int ends_soon_days = 30;
CertificateTime certificate_time(const Tablet& tablet, std::int64_t wall_ms);
int certificate_days_left(const Tablet& tablet, std::int64_t wall_ms);  // the day that it ends on is 0

// What the room may see of a signing beside the organisation's name: no person's name, and of a signature its
// shape alone. Only of those who agreed to be shown.
struct Shown {
    core::OrganisationForm form = core::OrganisationForm::ideell_forening;
    std::string form_text, place;
    core::Ink ink;  // all who signed, beside each other; empty where a typed name stands for it
};

// One line of the log, as the host sees it. The running total on attract counts those that are not void.
struct SigningLine {
    std::uint64_t seq = 0;
    std::string certificate_number, organisation, organisationsnummer;
    std::int64_t declared_at_ms = 0;
    bool voided = false;
    std::string void_reason;
    bool copied_to_stick = false;
    bool on_paper = false;               // its form belongs in the municipality's folder
    std::shared_ptr<const Shown> shown;  // null: void, or its representatives did not agree to be shown
};

// An organisation that came and did not sign; its own words are for the municipality, not for a list.
struct DeclinedLine {
    std::string organisation;
    core::DeclineReason reason = core::DeclineReason::unsaid;
    std::int64_t at_ms = 0;
};

struct Health {
    enum class Clock { fits, behind, moved };  // before that entry; set to another time since then
    std::optional<int> battery_percent;        // nothing: no battery
    bool discharging = false;
    std::optional<std::uint64_t> free_bytes;  // where signings go
    Clock clock = Clock::fits;                // against the log's last entry
};
inline constexpr int low_battery_percent = 25;
inline constexpr std::uint64_t low_space_bytes = 500'000'000;

// Of the already signed on other tablets, as the server told the last time.
struct SignedElsewhere {
    std::string certificate_number, organisation, organisationsnummer;
};

// A ceremony that the server has sent, checked as one from a stick is.
struct OfferedCeremony {
    std::uint64_t position = 0;  // in the feed
    std::string title, place, agreement_version;
    core::Date date;
    std::size_t expected = 0;  // organisations
    bool chosen = false;       // for the next start
};

struct Lists {                          // read from the store after every change
    std::vector<SigningLine> signings;  // in log order
    std::vector<DeclinedLine> declined;
    std::shared_ptr<const std::vector<SignedElsewhere>> elsewhere;  // null: none
    std::shared_ptr<const std::vector<OfferedCeremony>> offered;    // null: none; not the one that is loaded
    std::uint64_t unsent = 0;
    bool ceremony_open = false;
    bool seal_revoked = false;  // the CA has told so: nothing can be sealed
    Health health;
};

// How it stands between this tablet and the municipality's server.
struct SyncState {
    std::string server;  // host and port; empty: not enrolled
    enum class Stage { idle, enrolling, sending } stage = Stage::idle;
    std::uint64_t entries = 0, receipts = 0;  // of this sync
    std::string words;                        // how the last one ended: name of a message; "" for none
    bool well = false;                        // ... and whether it went well
    enum class Standing { active, frozen, revoked } standing = Standing::active;  // as the server said last
    std::uint64_t unreadable = 0;            // items of the server's that this Handslag cannot read
    std::optional<std::size_t> listed = {};  // another list came with the last sync: organisations on it
};

// What the tablet has forgotten, since the server holds it, and what it waits for before it forgets more.
struct Retained {
    std::uint64_t erased = 0, waits_for_closing = 0;
    bool asks_for_time = false, clock_is_odd = false;
};

struct Stick {
    std::string path, label;
    enum class Whose { host, visitor } whose = Whose::visitor;
};

// How a printing went, as far as the printing service tells. `sent`: it has the document and says no more.
enum class Printing { not_yet, busy, sent, printed, no_service, refused, stopped, out_of_paper };

enum class FormsTo { stick, printer };

// A certificate (or protocol) that can be shown and handed over. Nothing here is typed; dropped with its
// screen.
struct ShownCertificate {
    std::uint64_t seq = 0;
    std::string certificate_number, organisation;
    std::shared_ptr<const core::Document> document;
    std::string link;  // verification address; update() makes the QR code of it
    core::QrCode qr;
    bool copied_to_stick = false;  // the host's stick
    std::string printer;           // where it can be printed; empty: no printer is set up
    Printing printing = Printing::not_yet;
    bool personal = false;  // the link is the visitor's own, and is shown this once
};

struct Starting {};
struct CannotStart {
    std::optional<Trouble> trouble;
    std::vector<core::FileProblem> problems;  // in the ceremony's folder: for the municipality's own staff
};

struct FirstRun {  // a tablet without a keyring, or with a new passphrase
    struct ChooseLetter {
        char letter = 'A';
        bool busy = false;
    };
    struct WriteDown {
        std::string passphrase, recovery_code;
    };
    struct Confirm {  // two of the words, by their place (from 1)
        std::string passphrase, recovery_code;
        int first = 2, second = 5;
        std::string typed_first, typed_second;
        bool wrong = false;
    };
    std::variant<ChooseLetter, WriteDown, Confirm> step;
    bool renewed =
        false;  // opened by the recovery code: only the passphrase is new, and there is no code to show
};

struct AskPassphrase {
    bool recovery = false;  // the recovery code instead
    std::string typed;
    bool busy = false, wrong = false;
};
struct ChoosePin {
    std::string pin, again;
    std::string error;  // name of a message, "" for none
    bool busy = false;
};
// The staff's PIN, or the passphrase where Tablet::pin_locked.
struct PinEntry {
    std::string typed;
    bool busy = false, wrong = false;
    std::int64_t throttled_until_ms = 0;  // monotonic; 0: not throttled
};
// The tablet's request waits for the municipality's CA. Either act is the staff's: each asks for the PIN.
struct AwaitCertificate {
    bool request_saved = false, busy = false;
    enum class Wanted { save_request, install };
    std::optional<Wanted> wanted;  // set: the PIN is asked for
    PinEntry pin;
};
struct Attract {};
// The room's screen on the tablet itself, until somebody touches it.
struct TheRoom {};

// from attract to the host's desk
struct AskPin {
    PinEntry pin;
};

// The host at a visitor's side: PIN first, then a small act, then the tablet is the visitor's again.
struct HostBeside {
    enum class Purpose { check_in, second_signatory, witness } purpose = Purpose::check_in;
    PinEntry pin;
    bool admitted = false;
    CheckIn form;
};

// Steps of a representative, in order. `find` and `organisation` come before anybody is known.
struct ChooseLanguageStep {};
struct PrivacyStep {};
struct FindStep {
    std::string search;
};
// A new one, or one of the list to be corrected.
struct OrganisationStep {
    enum class Page { name, form, number } page = Page::name;  // name and place, form, organisationsnummer
};
// waits for the host
struct HostStep {
    HostBeside host;
};
struct ReadStep {
    int page = 0, page_count = 1;
    std::string open_term;
};
struct EligibilityStep {};
struct DetailsStep {
    enum class Page { decision, representatives, contact } page = Page::decision;
};
struct ChoicesStep {};
// The pen's clock, so that Ink::t_ms counts from the first point of the first stroke.
struct Pen {
    bool down = false;
    std::optional<std::int64_t> zero_ms;
};
struct SignStep {
    int who = 0;  // index of Visit::signatories
    Pen pen;
    std::optional<core::InkVerdict> refused;  // until the pen comes down again
    bool asked_again = false;                 // has been asked once whether this is the signature
    std::optional<HostBeside> witness;        // typed name instead of drawing: the host must be there
};
struct CheckStep {};
struct MunicipalityStep {
    int who = 0;  // index of Ceremony::signatories
    Pen pen;
    std::optional<core::InkVerdict> refused;
    bool asked_again = false;
    std::optional<HostBeside> witness;  // as in SignStep
};
// with trouble: "Försök igen"
struct SealingStep {
    std::optional<Trouble> trouble;
};
// a joint signing that goes on later today
struct LaterStep {
    bool saved = false;
};
// not to sign, and why, as far as they want to say
struct DeclineStep {
    std::optional<core::DeclineReason> reason;
    std::string words;
    bool at_check = false;  // came from there by "Ändra"
    bool busy = false, done = false;
};
// Instead of signing: the host says what stands on the form (Visit::on_paper).
struct PaperStep {};
using Step = std::variant<ChooseLanguageStep, PrivacyStep, FindStep, OrganisationStep, HostStep, ReadStep,
                          EligibilityStep, DetailsStep, ChoicesStep, DeclineStep, PaperStep, SignStep,
                          CheckStep, MunicipalityStep, SealingStep, LaterStep>;

struct FieldError {
    Field field = Field::none;
    int index = 0;
    std::string message;  // name of a message; the same words at the field and in the summary
};

struct Visiting {
    Visit visit;
    Step step;
    std::vector<FieldError> errors;
    bool back_to_check = false;  // came from "Ändra": Continue leads there again
    bool by_host = false;        // resumed or redone from the host's desk
};

struct Done {
    ShownCertificate certificate;
    enum class Handing { not_yet, busy, handed } handing = Handing::not_yet;
};

// The host's desk. Only reached through the PIN.
struct DeskOverview {
    bool ending = false;  // asks whether Handslag shall end on this tablet
};
struct DeskOpen {
    bool date_right = false, busy = false;
};
struct DeskArrivals {
    std::string search;
};
struct DeskArrival {
    int expected = 0;
    CheckIn form;
};
struct DeskSignings {};
struct DeskSigning {
    std::uint64_t seq = 0;
    bool voiding = false, busy = false;
    std::string reason;
    bool reason_missing = false;
    std::optional<Visit> redo;  // after voiding: all that need not be typed again
};
struct DeskCertificate {
    ShownCertificate certificate;
};
// id of the draft that the host is asked about
struct DeskDrafts {
    std::string dropping;
};
struct DeskClosing {
    int who = -1;  // -1: asks first; then index of Ceremony::signatories
    std::vector<core::MunicipalSignature> municipal;
    Pen pen;
    std::optional<core::InkVerdict> refused;
    bool types = false;  // the name instead of drawing it, with a witness who is named
    std::vector<FieldError> errors;
    bool busy = false;
};
struct DeskClosed {
    ShownCertificate protocol;
};
struct DeskSync {
    std::string invitation;
};
struct DeskRoom {};
// Blank forms, and those that came back signed.
struct DeskPaper {
    std::optional<FormsTo> busy;
    std::optional<Printing> printing;   // of the forms
    bool saved = false;                 // on a stick
    std::string entered, organisation;  // the certificate that the last form became; empty: none
};
using DeskPage =
    std::variant<DeskOverview, DeskOpen, DeskArrivals, DeskArrival, DeskSignings, DeskSigning,
                 DeskCertificate, DeskDrafts, DeskClosing, DeskClosed, DeskSync, DeskRoom, DeskPaper>;
struct Desk {
    DeskPage page;
    std::optional<int> copied;  // how many bundles the last copying wrote
};

using Life = std::variant<Starting, CannotStart, FirstRun, AskPassphrase, ChoosePin, AwaitCertificate,
                          Attract, TheRoom, AskPin, Visiting, Done, Desk>;

}  // namespace kiosk
