// ProtocolRecord: the closing of a tablet's part of a ceremony.
//
// | field          | content                                                                          |
// |----------------|----------------------------------------------------------------------------------|
// | format, number | "handslag-protocol-record/1"; "STR26-A-PROTOKOLL"                                |
// | ceremony       | id, code, title, place, date, officiant?                                         |
// | municipality   | name, organisationsnummer                                                        |
// | agreement      | title, version, digest (hex)                                                     |
// | lines          | certificate_number, organisation, signing, record_sha256, certificate_sha256,    |
// |                | declared_at_ms, on_paper? (true), voided: reason?                                 |
// | checkpoint     | the signed log head before closing, as its text                                  |
// | log_key        | the Ed25519 public key that signs the log's heads, hex                           |
// | signatories    | name, role, signature                                                            |
// | opened         | at_ms, boot_id, monotonic_ms                                                     |
// | declared_at_ms, clock, device, demonstration | as in a signing record                             |
#include "core/model/record_parts.h"

namespace core {
namespace {

constexpr std::string_view family = "handslag-protocol-record";

Json line_json(const ProtocolLine& line) {
    Json json = {{"certificate_number", clean(line.certificate_number)},
                 {"certificate_sha256", line.certificate_sha256},
                 {"declared_at_ms", line.declared_at_ms},
                 {"organisation", clean(line.organisation)},
                 {"record_sha256", line.record_sha256},
                 {"signing", line.signing.str()}};
    if (line.on_paper) json["on_paper"] = true;
    if (line.voided) {
        json["voided"] = Json::object();
        put_unless_empty(json["voided"], "reason", line.void_reason);
    }
    return json;
}

ProtocolLine read_line(Fields& fields) {
    ProtocolLine line;
    line.certificate_number = fields.text("certificate_number", 1, 24);
    if (!is_certificate_number(line.certificate_number)) fields.fail("certificate_number", "is not right");
    line.organisation = fields.text("organisation", 1, 120);
    line.signing = fields.id<SigningId>("signing");
    line.record_sha256 = fields.hex256("record_sha256");
    line.certificate_sha256 = fields.hex256("certificate_sha256");
    line.declared_at_ms = fields.whole("declared_at_ms", first_ms, last_ms);
    line.on_paper = fields.has("on_paper") && fields.truth("on_paper");
    line.voided = fields.has("voided");
    if (line.voided)
        line.void_reason =
            fields.inside("voided", [](Fields& voided) { return voided.optional_text("reason", 300); });
    return line;
}

Json ceremony_json(const ProtocolRecord& record) {
    Json json = {{"code", clean(record.ceremony_code)},
                 {"date", record.ceremony_date.iso()},
                 {"id", record.ceremony_id.str()},
                 {"place", clean(record.ceremony_place)},
                 {"title", clean(record.ceremony_title)}};
    put_unless_empty(json, "officiant", record.officiant);
    return json;
}

void read_ceremony(Fields& fields, ProtocolRecord& record) {
    record.ceremony_id = fields.id<CeremonyId>("id");
    record.ceremony_code = fields.text("code", 2, 8);
    if (!is_ceremony_code(record.ceremony_code)) fields.fail("code", "is not a ceremony's code");
    record.ceremony_title = fields.text("title", 1, 120);
    record.ceremony_place = fields.text("place", 1, 120);
    record.ceremony_date = fields.date("date");
    record.officiant = fields.optional_text("officiant", 120);
}

}  // namespace

std::string encode(const ProtocolRecord& record) {
    Json lines = Json::array();
    for (const auto& line : record.lines) lines.push_back(line_json(line));
    return encode_canonical({{"agreement",
                              {{"digest", record.agreement_digest.hex()},
                               {"title", clean(record.agreement_title)},
                               {"version", clean(record.agreement_version)}}},
                             {"ceremony", ceremony_json(record)},
                             {"checkpoint", record.checkpoint},
                             {"clock",
                              {{"boot_id", clean(record.declared_at.boot_id)},
                               {"monotonic_ms", record.declared_at.monotonic_ms}}},
                             {"declared_at_ms", record.declared_at.wall_ms},
                             {"demonstration", record.demonstration},
                             {"device",
                              {{"epoch", record.epoch},
                               {"id", record.device.str()},
                               {"letter", std::string(1, record.tablet_letter)}}},
                             {"format", std::string(family) + "/1"},
                             {"lines", std::move(lines)},
                             {"log_key", record.log_key},
                             {"municipality",
                              {{"name", clean(record.municipality_name)},
                               {"organisationsnummer", clean(record.municipality_number)}}},
                             {"number", clean(record.number)},
                             {"opened",
                              {{"at_ms", record.opened_at.wall_ms},
                               {"boot_id", clean(record.opened_at.boot_id)},
                               {"monotonic_ms", record.opened_at.monotonic_ms}}},
                             {"signatories", to_json(record.municipal)}});
}

Result<ProtocolRecord> decode_protocol_record(std::string_view bytes) {
    TRY_ASSIGN(const Json json, decode_format(bytes, family, 1));
    Fields fields(json);
    ProtocolRecord record;
    fields.text("format", 1, 40);
    record.number = fields.text("number", 1, 40);
    fields.inside("ceremony", [&](Fields& inner) { return read_ceremony(inner, record), true; });
    fields.inside("municipality", [&](Fields& inner) {
        record.municipality_name = inner.text("name", 1, 120);
        record.municipality_number = read_number_of_body(inner);
        return true;
    });
    fields.inside("agreement", [&](Fields& inner) {
        record.agreement_title = inner.text("title", 1, 300);
        record.agreement_version = inner.text("version", 1, 20);
        record.agreement_digest =
            AgreementDigest::from_hex(inner.hex256("digest")).value_or(AgreementDigest{});
        return true;
    });
    record.lines = fields.each("lines", 0, 100'000, read_line);
    record.checkpoint = fields.raw_text("checkpoint", 4000);
    record.log_key = fields.hex256("log_key");
    record.municipal = read_municipal(fields, "signatories", 0);
    fields.inside("opened", [&](Fields& inner) {
        record.opened_at.wall_ms = inner.whole("at_ms", first_ms, last_ms);
        record.opened_at.boot_id = inner.text("boot_id", 0, 64);
        record.opened_at.monotonic_ms = inner.whole("monotonic_ms", 0, last_ms);
        return true;
    });
    record.declared_at.wall_ms = fields.whole("declared_at_ms", first_ms, last_ms);
    fields.inside("clock", [&](Fields& inner) {
        record.declared_at.boot_id = inner.text("boot_id", 0, 64);
        record.declared_at.monotonic_ms = inner.whole("monotonic_ms", 0, last_ms);
        return true;
    });
    read_device(fields, record.device, record.epoch, record.tablet_letter);
    record.demonstration = fields.truth("demonstration");
    fields.finish();
    if (!fields.good()) return fields.error();
    if (encode(record) != bytes) return Error{Errc::malformed, "protocol does not re-encode to itself"};
    return record;
}

}  // namespace core
