// Signing record: the canonical bytes of one organisation's act, embedded in the certificate (decisions 1, 2,
// 16).
//
// RFC 8785 JSON. Lengths in micrometres, times in milliseconds UTC. Holds no contact data, opt-ins or
// language choice: those stand in the private payload beside the log.
//
// | field          | content                                                                            |
// |----------------|------------------------------------------------------------------------------------|
// | format         | "handslag-signing-record/1"                                                        |
// | id, certificate_number, replaces | UUIDv7; STR26-A0007-K; the voided certificate's number, if any    |
// | ceremony       | id, code, title, place, date                                                       |
// | municipality   | name, organisationsnummer                                                          |
// | agreement      | id, title, version, digest (hex), adopted: body, date, paragraph                   |
// | organisation   | name, form, form_text?, organisationsnummer?, place?                               |
// | decision       | body, date                                                                         |
// | criteria       | id, strength, met                                                                  |
// | representatives| name, role, authority, signature: kind, at_ms, ink | typed_name, witness           |
// |                | (kind "on_paper": at_ms alone, the beginning of the day that stands on the form)   |
// | countersigning | mode; signatories: name, role, at_ms, ink (mode "beside")                          |
// | declared_at_ms, clock | when sealed, by the tablet's clock; boot_id, monotonic_ms, confirmed_by_host  |
// | device         | id, epoch, letter                                                                  |
// | demonstration  | true when made without a real municipality                                         |
#pragma once

#include "core/base/json.h"
#include "core/model/ceremony.h"

namespace core {

struct SigningRecord;
using RecordHash = Hash<SigningRecord>;

struct RecordedCriterion {
    std::string id;
    Strength strength = Strength::must;
    bool met = false;
    friend bool operator==(const RecordedCriterion&, const RecordedCriterion&) = default;
};

struct RepresentativeSignature {
    Representative representative;
    Signature signature;
    friend bool operator==(const RepresentativeSignature&, const RepresentativeSignature&) = default;
};

struct MunicipalSignature {
    MunicipalSignatory signatory;
    Signature signature;
    friend bool operator==(const MunicipalSignature&, const MunicipalSignature&) = default;
};

struct SigningRecord {
    SigningId id;
    std::string certificate_number, replaces;
    CeremonyId ceremony_id;
    std::string ceremony_code, ceremony_title, ceremony_place;
    Date ceremony_date;
    std::string municipality_name, municipality_number;
    AgreementId agreement_id;
    std::string agreement_title, agreement_version;
    AgreementDigest agreement_digest;
    Adoption adoption;
    Organisation organisation;
    Decision decision;
    std::vector<RecordedCriterion> criteria;
    std::vector<RepresentativeSignature> representatives;  // 1..6
    Countersigning countersigning = Countersigning::beside;
    std::vector<MunicipalSignature> municipal;  // empty when countersigning is `closing`
    ClockReading declared_at;
    bool clock_confirmed_by_host = false;
    DeviceId device;
    int epoch = 0;
    char tablet_letter = 'A';
    bool demonstration = false;

    friend bool operator==(const SigningRecord&, const SigningRecord&);
};

bool on_paper(const SigningRecord& record);  // signed on a blank form, and entered later

std::string encode(const SigningRecord& record);  // canonical
Result<SigningRecord> decode_signing_record(
    std::string_view bytes);  // refuses what does not re-encode to itself

// Beside the log, encrypted, deletable: what the municipality needs and the public must not see.
struct PrivatePayload {
    SigningId id;
    ContactDetails contact;
    std::string language;  // of the text that was agreed to: evidence
    bool publish_representative = false, show_in_room = false, reference_group = false;
    bool identity_seen = false, authority_seen = false;  // ticked by the host at check-in
    std::vector<Ink> full_ink;  // with time and pressure: only by the profile (decision 7)
    std::string
        link;  // token of the visitor's personal link: 128 random bits, to_base32(); empty before there were any
    friend bool operator==(const PrivatePayload&, const PrivatePayload&) = default;
};
std::string encode(const PrivatePayload& payload);
Result<PrivatePayload> decode_private_payload(std::string_view bytes);

// The closing of a tablet's part of a ceremony: what the sealed protocol carries.
struct ProtocolLine {
    std::string certificate_number, organisation;
    SigningId signing;
    std::string record_sha256, certificate_sha256;  // hex
    std::int64_t declared_at_ms = 0;
    bool voided = false;
    std::string void_reason;
    bool on_paper = false;  // its form lies with the municipality
    friend bool operator==(const ProtocolLine&, const ProtocolLine&) = default;
};
struct ProtocolRecord {
    std::string number;  // "STR26-A-PROTOKOLL"
    CeremonyId ceremony_id;
    std::string ceremony_code, ceremony_title, ceremony_place, officiant;
    Date ceremony_date;
    std::string municipality_name, municipality_number, agreement_title, agreement_version;
    AgreementDigest agreement_digest;
    std::vector<ProtocolLine> lines;  // in log order
    std::string checkpoint;           // the signed log head before closing, as text
    std::vector<MunicipalSignature> municipal;
    ClockReading opened_at, declared_at;
    DeviceId device;
    std::string log_key;  // hex: the Ed25519 key of the checkpoint, so that the seal vouches for it
    int epoch = 0;
    char tablet_letter = 'A';
    bool demonstration = false;
};
std::string encode(const ProtocolRecord& record);
Result<ProtocolRecord> decode_protocol_record(std::string_view bytes);

}  // namespace core
