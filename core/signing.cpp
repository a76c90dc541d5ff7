#include "core/signing.h"

#include "core/bundle.h"
#include "core/signing_parts.h"
#include "core/signing_rules.h"

namespace core {
namespace {

constexpr std::size_t link_bytes = 16;

SigningRecord assemble(const SigningDesk& desk, const SigningInput& input, const ClockReading& now,
                       std::string number) {
    const auto& ceremony = *desk.ceremony;
    const auto& agreement = ceremony.agreement;
    SigningRecord record;
    record.id = input.id;
    record.certificate_number = std::move(number);
    record.replaces = input.replaces;
    record.ceremony_id = ceremony.id;
    record.ceremony_code = ceremony.code;
    record.ceremony_title = ceremony.title;
    record.ceremony_place = ceremony.place;
    record.ceremony_date = ceremony.date;
    record.municipality_name = ceremony.municipality.name;
    record.municipality_number = ceremony.municipality.organisationsnummer;
    record.agreement_id = agreement.id;
    record.agreement_title = agreement.original().title;
    record.agreement_version = agreement.version;
    record.agreement_digest = agreement.digest;
    record.adoption = agreement.adoption;
    record.organisation = input.organisation;
    record.decision = input.decision;
    record.criteria = input.criteria;
    record.representatives = input.representatives;
    for (auto& one : record.representatives) one.signature = without_dynamics(std::move(one.signature));
    record.countersigning = ceremony.countersigning;
    record.municipal = without_dynamics(input.municipal);
    record.declared_at = now;
    record.clock_confirmed_by_host = desk.clock_confirmed;
    record.device = desk.device;
    record.epoch = desk.epoch;
    record.tablet_letter = desk.tablet_letter;
    record.demonstration = desk.seal_key->demonstration();
    return record;
}

// Time and pressure are close to biometrics: kept beside the log, and only where the municipality says so
// (decision 7).
PrivatePayload private_part(const SigningDesk& desk, const SigningInput& input) {
    PrivatePayload part = input.private_payload;
    part.id = input.id;
    part.link = to_base32(random_bytes(link_bytes));
    part.full_ink.clear();
    if (!desk.ceremony->municipality.keep_stroke_dynamics) return part;
    for (const auto& one : input.representatives)
        if (one.signature.kind == Signature::Kind::drawn) part.full_ink.push_back(one.signature.ink);
    return part;
}

Result<CompletedSigning> read_back(const SigningDesk& desk, const SigningRow& row) {
    CompletedSigning done;
    done.seq = row.seq;
    done.copied_to_stick = row.copied_to_stick;
    TRY_ASSIGN(auto record, desk.store->payload(row.seq, "record"));
    TRY_ASSIGN(done.record, decode_signing_record(as_text(record)));
    TRY_ASSIGN(done.pdf, desk.store->payload(row.seq, "certificate"));
    done.hash = CertificateHash::of(done.pdf);
    TRY_ASSIGN(done.document, lay_out_certificate(done.record, context_of(desk)));
    TRY_ASSIGN(auto private_bytes, desk.store->payload(row.seq, "private"));
    if (auto part = decode_private_payload(as_text(private_bytes)); part.ok()) done.link = part->link;
    wipe(private_bytes);
    return done;
}

Result<std::optional<SigningRow>> find_signing(const SigningDesk& desk, const SigningId& id) {
    TRY_ASSIGN(auto rows, desk.store->signings());
    for (auto& row : rows)
        if (row.signing_id == id.str()) return std::optional(std::move(row));
    return std::optional<SigningRow>();
}

void copy_if_there_is_a_stick(const SigningDesk& desk, CompletedSigning& done) {
    if (desk.stick.empty()) return;
    auto copied = copy_entry_to_stick(desk, done.seq);
    if (copied.ok()) copied = desk.store->mark_copied(done.seq);
    done.copied_to_stick = copied.ok();
    if (!copied.ok()) done.copy_problem = copied.error();
}

}  // namespace

Result<CompletedSigning> complete_signing(const SigningDesk& desk, const SigningInput& input) {
    check_desk(desk);
    TRY_ASSIGN(auto there, find_signing(desk, input.id));
    if (there) {
        // It may have been saved once more after the signing: nobody waits for what is signed.
        if (!input.draft.empty()) TRY(desk.store->drop_draft(input.draft));
        return read_back(desk, *there);
    }

    auto now = desk.clock->now();
    TRY(require_open(desk, now));
    TRY(check_date(desk, now));
    TRY(check_seal_key(desk, now));
    TRY(check_input(desk, input, now));

    TRY_ASSIGN(auto used, desk.store->counter());
    auto counter = used + 1;
    auto number = certificate_number(desk.ceremony->code, desk.tablet_letter, static_cast<int>(counter));
    auto bytes = encode(assemble(desk, input, now, std::move(number)));
    CompletedSigning done;
    // From here on the record is what its bytes say: paper shows what the file carries.
    TRY_ASSIGN(done.record, decode_signing_record(bytes));
    TRY_ASSIGN(done.document, lay_out_certificate(done.record, context_of(desk)));
    TRY_ASSIGN(auto made,
               seal_document(desk, done.document, bytes,
                             {"signing-record.json", "record.description", "seal.reason"}, now.wall_ms));
    done.pdf = std::move(made.pdf);
    done.hash = made.hash;

    Append what;
    what.entry.kind = kind_one_signing;
    what.entry.at = now;
    auto part = private_part(desk, input);
    auto private_bytes = encode(part);
    what.entry.payloads = {
        {"record", to_bytes(bytes)}, {"private", to_bytes(private_bytes)}, {"certificate", done.pdf}};
    wipe(private_bytes);
    what.counter = counter;
    if (!input.draft.empty()) what.drop_draft = input.draft;
    auto appended = desk.store->append(what);
    wipe(what.entry.payloads["private"]);
    if (!appended.ok()) return appended.error();
    done.seq = appended->seq;
    done.link = part.link;

    // Durable. Nothing below may make a whole signing look like a failed one.
    copy_if_there_is_a_stick(desk, done);
    return done;
}

}  // namespace core
