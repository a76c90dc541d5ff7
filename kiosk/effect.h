// Effects: what update() wants done; each is answered by the action beside it, or by Failed{its Job}.
#pragma once

#include "core/model/decline.h"
#include "core/model/signing_input.h"
#include "kiosk/life.h"

namespace kiosk {

// Started
struct LoadStart {};
// KeyringCreated, then Unlocked
struct CreateKeyring {
    char letter = 'A';
};
// Unlocked; by the recovery code KeyringCreated comes first, as the forgotten passphrase is renewed
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
// PinTried; the right one forgets the wrong PINs
struct TryPassphrase {
    std::string secret;
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
// Printed: exactly the sealed bytes, to ShownCertificate::printer
struct Print {
    std::uint64_t seq = 0;
    std::string printer;
};
// CopiedToStick
struct CopyToStick {};
// ListsRead
struct ReadLists {};
// Declined
struct Decline {
    core::Decline what;
};
// FormsWritten: for every expected organisation that has not signed, and two that say nothing
struct WriteForms {
    FormsTo to = FormsTo::stick;
};
// SyncTold, then and as it goes on: answers an invitation; empty: the one on a stick
struct Enrol {
    std::string invitation;
};
// SyncTold, then and as it goes on: sends what the municipality's server has no receipt for
struct StartSync {};
// RetentionKept: erases what the server has held for as long as the municipality says (sync/client/retention.h)
struct KeepRetention {};
// ListsRead: the next start loads the ceremony of that position in the feed
struct UseCeremony {
    std::uint64_t position = 0;
};
// silent: nothing of whoever has left stays in memory (kiosk/forget.h)
struct Wipe {};

using Effect =
    std::variant<LoadStart, CreateKeyring, Unlock, SetPin, TryPin, TryPassphrase, SaveRequest,
                 InstallCertificate, OpenCeremony, SaveDraft, DropDraft, NewId, CheckDrawable,
                 CompleteSigning, VoidSigning, ShowCertificate, CloseCeremony, HandOver, Print, CopyToStick,
                 ReadLists, Decline, WriteForms, Enrol, StartSync, KeepRetention, UseCeremony, Wipe>;
Job job_of(const Effect& effect);

}  // namespace kiosk
