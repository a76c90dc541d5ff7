// Signing: complete_signing() and its siblings: record -> canonical bytes -> draw -> structure -> seal ->
// verify what was made -> one durable transaction -> the sealed copy on the stick. Either all of it happened,
// or nothing did.
#pragma once

#include "core/certificate/keyring.h"
#include "core/certificate/make.h"
#include "core/certificate/verify.h"
#include "core/evidence/store.h"
#include "core/model/signing_input.h"

namespace core {

// What stays the same through a ceremony: read once, warm.
struct SigningDesk {
    const Ceremony* ceremony = nullptr;
    const Fonts* fonts = nullptr;
    const VectorArms* arms = nullptr;
    const Words* words = nullptr;       // Swedish: the certificate's language
    const Words* also_words = nullptr;  // its second one (Ceremony::certificate_also_in); null for none
    const SealKey* seal_key = nullptr;
    const Clock* clock = nullptr;
    Store* store = nullptr;
    DeviceId device;
    int epoch = 1;
    char tablet_letter = 'A';
    bool clock_confirmed = false;
    std::filesystem::path stick;  // the host's stick; empty: none is plugged in
};

CertificateContext context_of(const SigningDesk& desk);  // what a certificate says besides its record

struct CompletedSigning {
    SigningRecord record;
    Document document;  // for the screen: the very page that was sealed
    Bytes pdf;
    CertificateHash hash;
    std::uint64_t seq = 0;
    std::string
        link;  // the visitor's token (PrivatePayload::link): for the screen that hands it over, and no other
    bool copied_to_stick = false;       // sealed bundle, before this returned
    std::optional<Error> copy_problem;  // a stick is plugged in, and the copy failed; the signing stands
};

// Errc::clock_implausible, undrawable_text, disk_full, not_allowed (criteria of strength must not met, no
// signature, the ceremony is not open), malformed (a text too long for the record), ... Nothing is kept of a
// signing that failed. The same input.id twice gives back the signing that is there already.
Result<CompletedSigning> complete_signing(const SigningDesk& desk, const SigningInput& input);

// Appends "voided"; the certificate stays in the log and is listed as void. Errc::not_allowed when it is void
// already, of another ceremony, or when the ceremony is closed: reopen it first, so that a new protocol lists
// it as void.
Status void_signing(const SigningDesk& desk, std::uint64_t seq, std::string_view reason);

// Opens the ceremony on this tablet: the host has confirmed date and time. Nothing is added when it is open
// already, the tablet has not restarted and the clock has gone evenly since.
Status open_ceremony(const SigningDesk& desk);

// Open on this tablet, and what the host confirmed about the clock still holds: complete_signing() asks the
// same. When not, open_ceremony() makes it so.
Result<bool> ceremony_is_open(const Store& store, const CeremonyId& ceremony, const ClockReading& now);

struct ClosedCeremony {
    ProtocolRecord record;
    Document document;
    Bytes pdf;
    std::uint64_t seq = 0;
    bool copied_to_stick = false;
    std::optional<Error> copy_problem;
};
// The tablet's countersigned part of the protocol. Later signings need the ceremony to be opened again.
Result<ClosedCeremony> close_ceremony(const SigningDesk& desk,
                                      const std::vector<MunicipalSignature>& municipal);

// Writes what the stick lacks: a sealed bundle (core/bundle.h) for every log entry of this ceremony. Returns
// how many were written. Errc::not_found: no stick, or no bundle certificate to seal to.
Result<int> copy_to_stick(const SigningDesk& desk);

// The visitor's own stick: the certificate (or the protocol) under a name without personal data,
// "handslag-STR26-A0007-K.pdf".
Status hand_over(const std::filesystem::path& stick, std::string_view certificate_number, ByteView pdf);

}  // namespace core
