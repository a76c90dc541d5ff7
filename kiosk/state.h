// State, Action, Effect: the whole kiosk as one value (ARCHITECTURE.md, decision 9).
//
// A screen is a function of State; people and the world speak in Actions; update() is pure and answers with
// the next State and the Effects that it wants done. It never reads a clock: time comes in as Tick. It makes
// no ids: NewId asks. What a person typed lives in Visit (kiosk/visit.h) and nowhere else, so that leaving()
// can drop all of it. Not here: drawing (kiosk/screens), doing (kiosk/effects), drafts as bytes
// (kiosk/draft.h).
#pragma once

#include "kiosk/visit.h"

namespace kiosk {

// --- what is the same for everybody

struct Tablet {
    char letter = 'A';
    bool demonstration = false;  // prints DEMONSTRATION on everything
    bool has_seal_certificate = false;
    bool has_pin = false;
    std::string name;  // "Surfplatta A"
};

// One line of the log, as the host sees it. The running total on attract counts those that are not void.
struct SigningLine {
    std::uint64_t seq = 0;
    std::string certificate_number, organisation, organisationsnummer;
    std::int64_t declared_at_ms = 0;
    bool voided = false;
    std::string void_reason;
    bool copied_to_stick = false;
    bool may_show = false;  // its representative agreed to be shown in the room
};

struct Lists {                          // read from the store after every change
    std::vector<SigningLine> signings;  // in log order
    std::uint64_t unsent = 0;
    bool ceremony_open = false;
};

struct Stick {
    std::string path, label;
    enum class Whose { host, visitor } whose = Whose::visitor;
};

// A certificate (or protocol) that can be shown and handed over. Nothing here is typed; dropped with its
// screen.
struct ShownCertificate {
    std::uint64_t seq = 0;
    std::string certificate_number, organisation;
    std::shared_ptr<const core::Document> document;
    std::string link;  // verification address; update() makes the QR code of it
    core::QrCode qr;
    bool copied_to_stick = false;  // the host's stick
};

// What went wrong in the world, until somebody dismisses it or tries again.
enum class Job {
    load_start,
    create_keyring,
    unlock,
    set_pin,
    try_pin,
    save_request,
    install_certificate,
    open_ceremony,
    save_draft,
    drop_draft,
    new_id,
    check_drawable,
    complete_signing,
    void_signing,
    show_certificate,
    close_ceremony,
    hand_over,
    copy_to_stick,
    read_lists,
    wipe,
};
struct Trouble {
    Job job = Job::load_start;
    core::Error error;
};

// The words for visitors, chosen in this one place. Both are names of messages.
enum class Gravity { told, warned, stopped };
struct Wording {
    std::string message, remedy;
    Gravity gravity = Gravity::warned;
    std::int64_t wait_s = 0;  // throttled: for {seconds}
};
Wording words_for(const core::Error& error);
namespace told {  // what update() itself says in the same place: details of Errc::not_allowed, names of
                  // messages
inline constexpr std::string_view changed_since_signed = "changed_since_signed";
inline constexpr std::string_view changed_since_countersigned = "changed_since_countersigned";
inline constexpr std::string_view another_ceremony = "another_ceremony";
}  // namespace told

// --- life: exactly one of these

struct Starting {};
struct CannotStart {
    std::optional<Trouble> trouble;
    std::vector<core::FileProblem> problems;  // in the ceremony's folder: for the municipality's own staff
};

struct FirstRun {  // a tablet without a keyring
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
struct AwaitCertificate {  // the tablet's request waits for the municipality's CA
    bool request_saved = false, busy = false;
};
struct Attract {};

struct PinEntry {
    std::string typed;
    bool busy = false, wrong = false;
    std::int64_t throttled_until_ms = 0;  // monotonic; 0: not throttled
};
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
    std::optional<core::InkVerdict> refused;
    std::optional<HostBeside> witness;  // typed name instead of drawing: the host must be there
};
struct CheckStep {};
struct MunicipalityStep {
    int who = 0;  // index of Ceremony::signatories
    Pen pen;
    std::optional<core::InkVerdict> refused;
};
// with trouble: "Försök igen"
struct SealingStep {
    std::optional<Trouble> trouble;
};
// a joint signing that goes on later today
struct LaterStep {
    bool saved = false;
};
using Step = std::variant<ChooseLanguageStep, PrivacyStep, FindStep, OrganisationStep, HostStep, ReadStep,
                          EligibilityStep, DetailsStep, ChoicesStep, SignStep, CheckStep, MunicipalityStep,
                          SealingStep, LaterStep>;

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
struct DeskOverview {};
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
    bool busy = false;
};
struct DeskClosed {
    ShownCertificate protocol;
};
using DeskPage = std::variant<DeskOverview, DeskOpen, DeskArrivals, DeskArrival, DeskSignings, DeskSigning,
                              DeskCertificate, DeskDrafts, DeskClosing, DeskClosed>;
struct Desk {
    DeskPage page;
    std::optional<int> copied;  // how many bundles the last copying wrote
};

using Life = std::variant<Starting, CannotStart, FirstRun, AskPassphrase, ChoosePin, AwaitCertificate,
                          Attract, AskPin, Visiting, Done, Desk>;

struct State {
    Life life;
    std::shared_ptr<const core::Ceremony> ceremony;  // null until Started
    core::SharedImage arms;
    Tablet tablet;

    // These three are the person's and reset with the person. `language` is a .po file's name, never
    // "sv_easy": easy Swedish is a text of the agreement (Visit::language), read under Swedish words. No .po:
    // Swedish words.
    std::string language = "sv";
    TextSize text_size = TextSize::normal;
    Contrast contrast = Contrast::light;

    Lists lists;
    std::vector<CheckIn> check_ins;  // one for each of Ceremony::expected
    std::vector<Draft> drafts;       // waiting signings; durable
    std::vector<Stick> sticks;

    std::int64_t wall_ms = 0, monotonic_ms = 0;  // as the last Tick said
    std::int64_t touched_ms = 0;                 // monotonic, of the last sign of life
    bool help_open = false;
    std::optional<Trouble> trouble;  // shown over the screen until dismissed

    std::size_t signed_count() const;
};

// --- actions: what people do

struct Touched {};  // any finger, pen or key, also where it does nothing
struct Begin {};
struct ChooseLanguage {
    std::string language;
};
struct SetTextSize {
    TextSize size = TextSize::normal;
};
struct SetContrast {
    Contrast contrast = Contrast::light;
};
struct Back {};
struct Continue {};  // the primary button of whatever is on screen
struct AskForHelp {};
struct Dismiss {};  // closes help, trouble, a term's card, a question
struct Type {
    Field field = Field::none;
    int index = 0;
    std::string text;
};
struct Mark {
    Box box = Box::criterion;
    int index = 0;
    bool on = false;
};
struct Choose {
    Choice choice = Choice::form;
    int index = 0;
    int option = 0;
};
struct TurnPage {
    int page = 0;
    int page_count = 1;
};
struct OpenTerm {
    std::string term;
};
// index of Ceremony::expected
struct ChooseOrganisation {
    int expected = 0;
};
struct ChooseNewOrganisation {};
struct ResumeDraft {
    std::string id;
};
struct DropDraftAsked {
    std::string id;
};
struct AddRepresentative {};
struct RemoveRepresentative {
    int index = 0;
};
struct AddInk {  // one event of the pen, in the area's own micrometres
    enum class What { begin, move, end, cancel } what = What::move;
    core::InkPoint point;
    std::int32_t width_um = 0,
                 height_um = 0;  // of the area as it is on screen now; another size refits the ink
};
struct UndoStroke {};
struct RestartInk {};
struct CannotDraw {};  // a typed name, witnessed by the host
struct SignLater {};   // the next representative comes later today
struct Change {
    CheckRow row = CheckRow::organisation;
    int index = 0;
};
struct TryAgain {};
struct HandOverTo {
    std::string stick;
};                 // Stick::path
struct Finish {};  // "Klar": leaves, wipes
struct OpenStaff {};
struct UseRecoveryCode {
    bool on = true;
};
struct SaveRequestAsked {};
struct InstallCertificateAsked {};
enum class DeskTab { overview, open, arrivals, signings, drafts, closing };
struct GoTo {
    DeskTab tab = DeskTab::overview;
};
struct SelectArrival {
    int expected = 0;
};
struct SelectSigning {
    std::uint64_t seq = 0;
};
struct BeginVoid {};  // opens the question; Continue voids
struct Redo {};
struct ShowAgain {
    std::uint64_t seq = 0;
};
struct CopyToStickAsked {};
struct LockKiosk {};

// --- actions: what the world answers

struct Tick {
    std::int64_t wall_ms = 0, monotonic_ms = 0;
};
struct Started {                                     // answers LoadStart
    std::shared_ptr<const core::Ceremony> ceremony;  // null: `problems` says why
    core::SharedImage arms;
    std::vector<core::FileProblem> problems;
    bool has_keyring = false;
};
struct KeyringCreated {
    std::string passphrase, recovery_code;
};                 // the keyring is open; Unlocked comes next
struct Unlocked {  // keyring and store are open
    Tablet tablet;
    Lists lists;
    std::map<std::string, std::string> drafts;  // id -> content, as SaveDraft wrote them
};
struct PinSet {};
// wait_s > 0: no more tries until then
struct PinTried {
    bool right = false;
    std::int64_t wait_s = 0;
};
struct RequestSaved {};
struct CertificateInstalled {
    Tablet tablet;
};
struct CeremonyOpened {
    Lists lists;
};
struct DraftSaved {
    std::string id;
};
struct FreshId {
    core::SigningId id;
};
// those of the texts asked about
struct DrawableChecked {
    std::vector<std::string> undrawable;
};
struct SigningCompleted {
    ShownCertificate certificate;
    Lists lists;
};
struct SigningVoided {
    std::uint64_t seq = 0;
    std::shared_ptr<const core::SigningRecord> record;            // of the voided one, to redo it
    std::shared_ptr<const core::PrivatePayload> private_payload;  // null when it was erased
    Lists lists;
};
struct CertificateShown {
    ShownCertificate certificate;
};
struct CeremonyClosed {
    ShownCertificate protocol;
    Lists lists;
};
struct HandedOver {};
struct CopiedToStick {
    int count = 0;
    Lists lists;
};
struct ListsRead {
    Lists lists;
};
struct StickChanged {
    std::vector<Stick> sticks;
};
struct Failed {
    Trouble trouble;
};

using Action = std::variant<
    Touched, Begin, ChooseLanguage, SetTextSize, SetContrast, Back, Continue, AskForHelp, Dismiss, Type, Mark,
    Choose, TurnPage, OpenTerm, ChooseOrganisation, ChooseNewOrganisation, ResumeDraft, DropDraftAsked,
    AddRepresentative, RemoveRepresentative, AddInk, UndoStroke, RestartInk, CannotDraw, SignLater, Change,
    TryAgain, HandOverTo, Finish, OpenStaff, UseRecoveryCode, SaveRequestAsked, InstallCertificateAsked, GoTo,
    SelectArrival, SelectSigning, BeginVoid, Redo, ShowAgain, CopyToStickAsked, LockKiosk, Tick, Started,
    KeyringCreated, Unlocked, PinSet, PinTried, RequestSaved, CertificateInstalled, CeremonyOpened,
    DraftSaved, FreshId, DrawableChecked, SigningCompleted, SigningVoided, CertificateShown, CeremonyClosed,
    HandedOver, CopiedToStick, ListsRead, StickChanged, Failed>;

// --- effects: what update() wants done; each is answered by the action beside it, or by Failed{its Job}

// Started
struct LoadStart {};
// KeyringCreated, then Unlocked
struct CreateKeyring {
    char letter = 'A';
};
// Unlocked
struct Unlock {
    std::string secret;
    bool recovery = false;
};
// PinSet
struct SetPin {
    std::string pin;
};
// PinTried; tries are counted durably
struct TryPin {
    std::string pin;
};
// RequestSaved: seal.csr to the host's stick
struct SaveRequest {};
// CertificateInstalled: from the host's stick or the keys' folder
struct InstallCertificate {};
// CeremonyOpened: the host has confirmed date and time
struct OpenCeremony {};
// DraftSaved; replaces what has the same id
struct SaveDraft {
    std::string id, content;
};
// silent
struct DropDraft {
    std::string id;
};
// FreshId
struct NewId {};
// DrawableChecked
struct CheckDrawable {
    std::vector<std::string> texts;
};
// SigningCompleted; the same id twice is one signing
struct CompleteSigning {
    core::SigningInput order;
};
// SigningVoided
struct VoidSigning {
    std::uint64_t seq = 0;
    std::string reason;
};
// CertificateShown
struct ShowCertificate {
    std::uint64_t seq = 0;
};
// CeremonyClosed
struct CloseCeremony {
    std::vector<core::MunicipalSignature> municipal;
};
// HandedOver: to Stick::path
struct HandOver {
    std::uint64_t seq = 0;
    std::string stick;
};
// CopiedToStick
struct CopyToStick {};
// ListsRead
struct ReadLists {};
// silent: zero keyboard buffers, glyph and page caches
struct Wipe {};

using Effect =
    std::variant<LoadStart, CreateKeyring, Unlock, SetPin, TryPin, SaveRequest, InstallCertificate,
                 OpenCeremony, SaveDraft, DropDraft, NewId, CheckDrawable, CompleteSigning, VoidSigning,
                 ShowCertificate, CloseCeremony, HandOver, CopyToStick, ReadLists, Wipe>;
Job job_of(const Effect& effect);

// --- update

struct Updated {
    State state;
    std::vector<Effect> effects;  // in the order in which they shall happen
};

Updated start();                                    // the first State and the first Effect
Updated update(State state, const Action& action);  // move the State in: ink arrives at 200 Hz

// Milliseconds until update() wants a Tick although nobody does anything (idle, countdowns, throttling);
// nothing: never.
std::optional<int> next_wake_ms(const State& state);

inline constexpr std::int64_t idle_warn_ms = 120'000, idle_wipe_ms = 165'000, host_wait_ms = 600'000;
inline constexpr std::int64_t done_ms = 60'000, staff_idle_ms = 300'000;
inline constexpr std::int64_t shown_name_ms =
    15'000;  // attract: how long one earlier signatory's name stands
std::optional<int> idle_countdown_s(const State& state);  // 45..0 while the warning is up
int done_countdown_s(const State& state);

}  // namespace kiosk
