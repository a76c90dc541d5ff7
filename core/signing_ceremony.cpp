// The ceremony around the signings: opening, voiding, closing with the protocol.
#include "core/base/text.h"
#include "core/bundle.h"
#include "core/signing_parts.h"
#include "core/signing_rules.h"

namespace core {
namespace {

// Every certificate of this ceremony on this tablet in log order, the voided ones too. What was erased by a
// disposal decision is no longer ours to print; the log still counts it.
Result<std::vector<ProtocolLine>> lines_of(const SigningDesk& desk) {
    std::vector<ProtocolLine> lines;
    TRY_ASSIGN(auto rows, desk.store->signings());
    for (const auto& row : rows) {
        if (row.erased) continue;
        TRY_ASSIGN(auto bytes, desk.store->payload(row.seq, "record"));
        TRY_ASSIGN(auto record, decode_signing_record(as_text(bytes)));
        if (record.ceremony_id != desk.ceremony->id) continue;
        TRY_ASSIGN(auto pdf, desk.store->payload(row.seq, "certificate"));
        ProtocolLine line;
        line.certificate_number = record.certificate_number;
        line.organisation = record.organisation.name;
        line.signing = record.id;
        line.record_sha256 = RecordHash::of(bytes).hex();
        line.certificate_sha256 = CertificateHash::of(pdf).hex();
        line.declared_at_ms = record.declared_at.wall_ms;
        line.on_paper = on_paper(record);
        line.voided = row.voided;
        line.void_reason = row.void_reason;
        lines.push_back(std::move(line));
    }
    return lines;
}

struct History {
    ClockReading first_opened;
    int closings = 0;  // before now
};

Result<History> history_of(const SigningDesk& desk) {
    History history;
    bool ours = false, opened = false;
    for (std::uint64_t seq = 0; seq < desk.store->size(); ++seq) {
        TRY_ASSIGN(auto entry, desk.store->entry(seq));
        if (entry.kind == kind_opened) {
            TRY_ASSIGN(auto opening, read_opening(*desk.store, entry));
            ours = opening.ceremony == desk.ceremony->id;
            if (ours && !opened) history.first_opened = entry.at;
            opened = opened || ours;
        }
        if (entry.kind == kind_closed && ours) ++history.closings;
    }
    return history;
}

Result<std::string> encode_protocol(const SigningDesk& desk, const std::vector<MunicipalSignature>& municipal,
                                    const ClockReading& now) {
    const auto& ceremony = *desk.ceremony;
    TRY_ASSIGN(auto history, history_of(desk));
    ProtocolRecord record;
    // A ceremony that was reopened and closed again has a protocol for each closing; the last one holds all.
    record.number = ceremony.code + "-" + desk.tablet_letter + "-PROTOKOLL";
    if (history.closings > 0) record.number += "-" + std::to_string(history.closings + 1);
    record.ceremony_id = ceremony.id;
    record.ceremony_code = ceremony.code;
    record.ceremony_title = ceremony.title;
    record.ceremony_place = ceremony.place;
    record.officiant = ceremony.officiant;
    record.ceremony_date = ceremony.date;
    record.municipality_name = ceremony.municipality.name;
    record.municipality_number = ceremony.municipality.organisationsnummer;
    record.agreement_title = ceremony.agreement.original().title;
    record.agreement_version = ceremony.agreement.version;
    record.agreement_digest = ceremony.agreement.digest;
    TRY_ASSIGN(record.lines, lines_of(desk));
    TRY_ASSIGN(record.checkpoint, desk.store->checkpoint());
    record.log_key = to_hex(desk.store->identity().log_key);
    record.municipal = without_dynamics(municipal);
    record.opened_at = history.first_opened;
    record.declared_at = now;
    record.device = desk.device;
    record.epoch = desk.epoch;
    record.tablet_letter = desk.tablet_letter;
    record.demonstration = desk.seal_key->demonstration();
    return encode(record);
}

}  // namespace

Result<bool> ceremony_is_open(const Store& store, const CeremonyId& ceremony, const ClockReading& now) {
    TRY_ASSIGN(auto opening, open_now(store));
    if (!opening || opening->ceremony != ceremony) return false;
    auto confirmed = check_confirmation(store, *opening, now);
    if (confirmed.ok()) return true;
    auto code = confirmed.error().code;
    if (code == Errc::not_allowed || code == Errc::clock_implausible) return false;
    return confirmed.error();
}

Status open_ceremony(const SigningDesk& desk) {
    check_desk(desk);
    auto now = desk.clock->now();
    if (!desk.clock_confirmed) return Error{Errc::not_allowed, "the host has not confirmed date and time"};
    TRY(check_date(desk, now));
    TRY(check_seal_key(desk, now));
    TRY_ASSIGN(auto opening, open_now(*desk.store));
    if (opening && opening->ceremony == desk.ceremony->id &&
        check_confirmation(*desk.store, *opening, now).ok())
        return {};
    Append what;
    what.entry.kind = kind_opened;
    what.entry.at = now;
    what.entry.payloads["ceremony"] =
        to_bytes(encode_canonical({{"id", desk.ceremony->id.str()},
                                   {"code", desk.ceremony->code},
                                   {"digest", to_hex(desk.ceremony->digest)},
                                   {"letter", std::string(1, desk.tablet_letter)}}));
    auto appended = desk.store->append(what);
    return appended.ok() ? Status() : Status(appended.error());
}

Status void_signing(const SigningDesk& desk, std::uint64_t seq, std::string_view reason) {
    check_desk(desk);
    auto told = normalise(reason);
    if (!told || told->empty()) return Error{Errc::not_allowed, "a certificate is voided for a reason"};
    if (code_points(*told).size() > 300)
        return Error{Errc::malformed, "the reason is longer than 300 characters"};
    auto now = desk.clock->now();
    TRY(require_open(desk, now));
    TRY(check_date(desk, now));
    TRY_ASSIGN(auto bytes, desk.store->payload(seq, "record"));
    TRY_ASSIGN(auto record, decode_signing_record(as_text(bytes)));
    if (record.ceremony_id != desk.ceremony->id)
        return Error{Errc::not_allowed, "the certificate is of another ceremony"};
    Append what;
    what.entry.kind = kind_voided_signing;
    what.entry.at = now;
    what.entry.refers_to = seq;
    what.entry.reason = *told;
    auto appended = desk.store->append(what);
    return appended.ok() ? Status() : Status(appended.error());
}

Result<ClosedCeremony> close_ceremony(const SigningDesk& desk,
                                      const std::vector<MunicipalSignature>& municipal) {
    check_desk(desk);
    auto now = desk.clock->now();
    if (!desk.clock_confirmed) return Error{Errc::not_allowed, "the host has not confirmed date and time"};
    TRY(require_open(desk, now));
    TRY(check_date(desk, now));
    TRY(check_seal_key(desk, now));
    TRY(check_municipal(desk, municipal));

    TRY_ASSIGN(auto bytes, encode_protocol(desk, municipal, now));
    ClosedCeremony closed;
    TRY_ASSIGN(closed.record, decode_protocol_record(bytes));
    TRY_ASSIGN(closed.document, lay_out_protocol(closed.record, context_of(desk)));
    TRY_ASSIGN(auto made, seal_document(desk, closed.document, bytes,
                                        {"ceremony-protocol.json", "record.description.protocol",
                                         "seal.reason.protocol"},
                                        now.wall_ms));
    closed.pdf = std::move(made.pdf);
    Append what;
    what.entry.kind = kind_closed;
    what.entry.at = now;
    what.entry.payloads = {{"protocol", to_bytes(bytes)}, {"certificate", closed.pdf}};
    TRY_ASSIGN(auto appended, desk.store->append(what));
    closed.seq = appended.seq;

    // Durable. The stick gets all that it lacks, so that it holds the whole ceremony when the host takes it
    // along.
    if (desk.stick.empty()) return closed;
    auto copied = copy_to_stick(desk);
    closed.copied_to_stick = copied.ok();
    if (!copied.ok()) closed.copy_problem = copied.error();
    return closed;
}

}  // namespace core
