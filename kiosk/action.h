// Actions: all that can happen to the kiosk, by people's hands or by what the world answers to an Effect.
#pragma once

#include "kiosk/life.h"

namespace kiosk {

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
struct SetSteadiness {
    Steadiness steadiness = Steadiness::off;
};
struct SetVoice {
    bool on = true;
};
struct SetVolume {
    int step = 1;  // 1 louder, -1 softer
};
struct ReadAgain {};  // the whole screen once more
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
struct CannotDraw {};    // a typed name, witnessed by the host
struct DeclineAsked {};  // not to sign; Continue in DeclineStep declines
struct SignLater {};     // the next representative comes later today
struct Change {
    CheckRow row = CheckRow::organisation;
    int index = 0;
};
struct TryAgain {};
struct HandOverTo {
    std::string stick;  // Stick::path
};
struct PrintAsked {};  // the certificate that is on screen
struct Finish {};      // "Klar": leaves, wipes
struct OpenStaff {};
struct UseRecoveryCode {
    bool on = true;
};
struct SaveRequestAsked {};
struct InstallCertificateAsked {};
enum class DeskTab { overview, open, arrivals, signings, drafts, closing, sync, room, paper };
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
struct ChooseCeremony {
    std::uint64_t position = 0;  // of Lists::offered
};
struct CopyToStickAsked {};
struct FormsAsked {
    FormsTo to = FormsTo::stick;
};
struct EnterPaper {};  // a form that was signed on paper
struct LockKiosk {};
struct EndKiosk {};  // asks first; Continue ends

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
// The keyring is open; Unlocked comes next. After an Unlock by the recovery code only the passphrase is new.
struct KeyringCreated {
    std::string passphrase, recovery_code;
};
struct Unlocked {  // keyring and store are open
    Tablet tablet;
    Lists lists;
    std::map<std::string, std::string> drafts;  // id -> content, as SaveDraft wrote them
};
struct PinSet {};
// wait_s > 0: no more tries until then. locked: no more tries at all, until the passphrase has been given.
struct PinTried {
    bool right = false;
    std::int64_t wait_s = 0;
    bool locked = false;
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
struct Printed {
    std::uint64_t seq = 0;
    Printing how = Printing::sent;
};
struct CopiedToStick {
    int count = 0;
    Lists lists;
};
struct ListsRead {
    Lists lists;
};
struct ExpectedChanged {  // the municipality has sent another list; the ceremony is the same in all else
    std::shared_ptr<const core::Ceremony> ceremony;
};
struct Declined {
    Lists lists;
};
struct FormsWritten {
    FormsTo to = FormsTo::stick;
    Printing how = Printing::sent;  // to the printer
};
struct SyncTold {
    SyncState sync;
};
struct RetentionKept {
    Retained retained;
    Lists lists;
};
struct HeadphonesChanged {
    Jack jack = Jack::unknown;
};
struct ClockJumped {};      // it was set, or the tablet has slept
struct RoomScreenChanged {  // a second screen shows the room, or does no more
    bool open = false;
};
struct StickChanged {
    std::vector<Stick> sticks;
};
struct Failed {
    Trouble trouble;
};

using Action =
    std::variant<Touched, Begin, ChooseLanguage, SetTextSize, SetContrast, SetSteadiness, SetVoice, SetVolume,
                 ReadAgain, Back, Continue, AskForHelp, Dismiss, Type, Mark, Choose, TurnPage, OpenTerm,
                 ChooseOrganisation, ChooseNewOrganisation, ResumeDraft, DropDraftAsked, AddRepresentative,
                 RemoveRepresentative, AddInk, UndoStroke, RestartInk, CannotDraw, DeclineAsked, SignLater,
                 Change, TryAgain, HandOverTo, PrintAsked, Finish, OpenStaff, UseRecoveryCode,
                 SaveRequestAsked, InstallCertificateAsked, GoTo, SelectArrival, SelectSigning, BeginVoid,
                 Redo, ShowAgain, ChooseCeremony, CopyToStickAsked, FormsAsked, EnterPaper, LockKiosk,
                 EndKiosk, Tick, Started, KeyringCreated, Unlocked, PinSet, PinTried, RequestSaved,
                 CertificateInstalled, CeremonyOpened, DraftSaved, FreshId, DrawableChecked, SigningCompleted,
                 SigningVoided, CertificateShown, CeremonyClosed, HandedOver, Printed, CopiedToStick,
                 ListsRead, ExpectedChanged, Declined, FormsWritten, SyncTold, RetentionKept,
                 HeadphonesChanged, ClockJumped, RoomScreenChanged, StickChanged, Failed>;

}  // namespace kiosk
