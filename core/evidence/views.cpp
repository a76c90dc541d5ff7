#include "core/evidence/views.h"

#include "core/evidence/store_data.h"
#include "core/model/signing_record.h"

namespace core {

std::string encode_row(const SigningRow& row) {
    return encode_canonical({
        {"signing_id", row.signing_id},
        {"certificate_number", row.certificate_number},
        {"organisation", row.organisation},
        {"organisationsnummer", row.organisationsnummer},
        {"declared_at_ms", row.declared_at_ms},
        {"voided", row.voided},
        {"void_reason", row.void_reason},
        {"erased", row.erased},
    });
}

Result<SigningRow> decode_row(std::uint64_t seq, ByteView bytes) {
    const Error wrong{Errc::damaged, "the view's row " + std::to_string(seq) + " cannot be read"};
    auto json = decode_canonical(as_text(bytes));
    if (!json.ok() || !json->is_object()) return wrong;
    SigningRow row;
    row.seq = seq;
    for (auto [name, field] :
         {std::pair{"signing_id", &row.signing_id}, std::pair{"certificate_number", &row.certificate_number},
          std::pair{"organisation", &row.organisation},
          std::pair{"organisationsnummer", &row.organisationsnummer},
          std::pair{"void_reason", &row.void_reason}}) {
        if (!json->contains(name) || !json->at(name).is_string()) return wrong;
        *field = json->at(name).get<std::string>();
    }
    for (auto [name, field] : {std::pair{"voided", &row.voided}, std::pair{"erased", &row.erased}}) {
        if (!json->contains(name) || !json->at(name).is_boolean()) return wrong;
        *field = json->at(name).get<bool>();
    }
    if (!json->contains("declared_at_ms") || !json->at("declared_at_ms").is_number_integer()) return wrong;
    row.declared_at_ms = json->at("declared_at_ms").get<std::int64_t>();
    return row;
}

Result<SigningRow> derive_signing(const LogReader& log, const Entry& entry) {
    SigningRow row;
    row.seq = entry.seq;
    TRY_ASSIGN(auto voided_by, find_reference(log.database, entry.seq, kind_voided));
    TRY_ASSIGN(auto eraser, find_reference(log.database, entry.seq, kind_erased));
    row.voided = voided_by.has_value();
    row.erased = eraser.has_value();
    if (row.erased) return row;

    TRY_ASSIGN(Bytes bytes, read_payload(log.database, log.sealer, entry, payload_record));
    TRY_ASSIGN(SigningRecord record, decode_signing_record(as_text(bytes)));
    row.signing_id = record.id.str();
    row.certificate_number = record.certificate_number;
    row.organisation = record.organisation.name;
    if (record.organisation.number) row.organisationsnummer = record.organisation.number->digits();
    row.declared_at_ms = record.declared_at.wall_ms;
    if (voided_by) {
        TRY_ASSIGN(Entry voiding, read_entry(log.database, log.identity, *voided_by));
        if (voiding.commitments.contains(std::string(payload_reason))) {
            TRY_ASSIGN(Bytes reason, read_payload(log.database, log.sealer, voiding, payload_reason));
            row.void_reason = as_text(reason);
        }
    }
    return row;
}

Bytes seal_row(const Sealer& sealer, const SigningRow& row) {
    return sealer.seal(SealedTable::signings, std::to_string(row.seq), as_bytes(encode_row(row)));
}

Status update_views(const LogReader& log, const Entry& entry) {
    if (entry.kind != kind_signing) {
        if (!entry.refers_to) return {};
        TRY_ASSIGN(Entry target, read_entry(log.database, log.identity, *entry.refers_to));
        if (target.kind != kind_signing) return {};
        return update_views(log, target);
    }
    TRY_ASSIGN(SigningRow row, derive_signing(log, entry));
    auto sealed = seal_row(log.sealer, row);
    return log.database.run(
        "INSERT INTO signings (seq, sealed_sha256, sealed) VALUES (?, ?, ?)"
        " ON CONFLICT (seq) DO UPDATE SET sealed_sha256 = excluded.sealed_sha256, sealed = excluded.sealed",
        row.seq, ByteView(sha256(sealed)), ByteView(sealed));
}

Status derive_views(const LogReader& log, std::uint64_t size) {
    TRY(log.database.run("DELETE FROM signings"));
    for (std::uint64_t seq = 0; seq < size; ++seq) {
        TRY_ASSIGN(Entry entry, read_entry(log.database, log.identity, seq));
        if (entry.kind == kind_signing) TRY(update_views(log, entry));
    }
    return {};
}

}  // namespace core
