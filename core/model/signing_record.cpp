#include "core/model/signing_record.h"

#include "core/model/record_parts.h"

namespace core {
namespace {

constexpr std::string_view family = "handslag-signing-record";

Json organisation_json(const Organisation& organisation) {
    Json json = {{"form", to_id(organisation.form)}, {"name", clean(organisation.name)}};
    put_unless_empty(json, "form_text", organisation.form_text);
    put_unless_empty(json, "place", organisation.place);
    if (organisation.number) json["organisationsnummer"] = organisation.number->digits();
    return json;
}

Organisation read_organisation(Fields& fields) {
    Organisation organisation;
    organisation.name = fields.text("name", 1, 120);
    organisation.place = fields.optional_text("place", 60);
    organisation.form_text = fields.optional_text("form_text", 60);
    auto form = parse_form(fields.text("form", 1, 40));
    if (!form) return fields.fail("form", "is not known"), organisation;
    organisation.form = *form;
    if (!organisation.form_text.empty() && *form != OrganisationForm::annan)
        fields.fail("form_text", "belongs to another form");
    if (!fields.has("organisationsnummer")) return organisation;
    std::string digits = fields.text("organisationsnummer", 10, 10);
    auto parsed = Organisationsnummer::parse(digits);
    if (!parsed.value || parsed.value->digits() != digits) fields.fail("organisationsnummer", "is not right");
    if (number_need(*form) == NumberNeed::forbidden)
        fields.fail("organisationsnummer", "stands for an informal network");
    organisation.number = parsed.value;
    return organisation;
}

Json criteria_json(const std::vector<RecordedCriterion>& criteria) {
    Json list = Json::array();
    for (const auto& criterion : criteria)
        list.push_back({{"id", clean(criterion.id)},
                        {"met", criterion.met},
                        {"strength", criterion.strength == Strength::must ? "must" : "should"}});
    return list;
}

RecordedCriterion read_criterion(Fields& fields) {
    RecordedCriterion criterion;
    criterion.id = fields.text("id", 1, 40);
    criterion.met = fields.truth("met");
    std::string strength = fields.text("strength", 1, 40);
    if (strength != "must" && strength != "should") fields.fail("strength", "is not known");
    criterion.strength = strength == "should" ? Strength::should : Strength::must;
    if (criterion.strength == Strength::must && !criterion.met)
        fields.fail("met", "is false where it must be true");
    return criterion;
}

Json representatives_json(const std::vector<RepresentativeSignature>& representatives) {
    Json list = Json::array();
    for (const auto& [person, signature] : representatives)
        list.push_back({{"authority", person.authority == Authority::alone ? "alone" : "jointly"},
                        {"name", clean(person.name)},
                        {"role", clean(person.role)},
                        {"signature", to_json(signature)}});
    return list;
}

RepresentativeSignature read_representative(Fields& fields) {
    RepresentativeSignature one;
    one.representative.name = fields.text("name", 1, 120);
    one.representative.role = fields.text("role", 0, 80);
    std::string authority = fields.text("authority", 1, 40);
    if (authority != "alone" && authority != "jointly") fields.fail("authority", "is not known");
    one.representative.authority = authority == "jointly" ? Authority::jointly : Authority::alone;
    one.signature = fields.inside("signature", read_signature);
    return one;
}

void read_ceremony(Fields& fields, SigningRecord& record) {
    record.ceremony_id = fields.id<CeremonyId>("id");
    record.ceremony_code = fields.text("code", 2, 8);
    if (!is_ceremony_code(record.ceremony_code)) fields.fail("code", "is not a ceremony's code");
    record.ceremony_title = fields.text("title", 1, 120);
    record.ceremony_place = fields.text("place", 1, 120);
    record.ceremony_date = fields.date("date");
}

void read_agreement_part(Fields& fields, SigningRecord& record) {
    record.agreement_id = fields.id<AgreementId>("id");
    record.agreement_title = fields.text("title", 1, 300);
    record.agreement_version = fields.text("version", 1, 20);
    record.agreement_digest = AgreementDigest::from_hex(fields.hex256("digest")).value_or(AgreementDigest{});
    record.adoption = fields.inside("adopted", [](Fields& adopted) {
        Adoption adoption;
        adoption.body = adopted.text("body", 1, 120);
        adoption.date = adopted.date("date");
        adoption.paragraph = adopted.optional_text("paragraph", 40);
        return adoption;
    });
}

void read_countersigning(Fields& fields, SigningRecord& record) {
    std::string mode = fields.text("mode", 1, 40);
    if (mode == "closing") {
        record.countersigning = Countersigning::closing;
    } else if (mode == "beside") {
        record.municipal = read_municipal(fields, "signatories", 1);
    } else {
        fields.fail("mode", "is not known");
    }
}

void read_number(Fields& fields, SigningRecord& record) {
    record.certificate_number = fields.text("certificate_number", 1, 24);
    if (!is_certificate_number(record.certificate_number)) fields.fail("certificate_number", "is not right");
    record.replaces = fields.optional_text("replaces", 24);
    if (!record.replaces.empty() && !is_certificate_number(record.replaces))
        fields.fail("replaces", "is not right");
}

// A form is signed by all who stand on it, and tells a day, which begins in Sweden at midnight.
void check_paper(Fields& fields, const SigningRecord& record) {
    std::size_t paper = 0;
    auto look = [&](const char* field, const Signature& signature) {
        if (signature.kind != Signature::Kind::on_paper) return;
        ++paper;
        auto day = to_swedish_time(signature.signed_at_ms).date;
        if (from_swedish_time({day, 0, 0, 0}) != signature.signed_at_ms)
            fields.fail(field, "on paper tell more than a day");
    };
    for (const auto& one : record.representatives) look("representatives", one.signature);
    for (const auto& one : record.municipal) look("countersigning", one.signature);
    if (paper != 0 && paper != record.representatives.size() + record.municipal.size())
        fields.fail("representatives", "are partly on paper and partly not");
}

// What fields in different places say of each other.
void check_together(Fields& fields, const SigningRecord& record) {
    std::string begins = record.ceremony_code + "-" + record.tablet_letter;
    if (!record.certificate_number.starts_with(begins))
        fields.fail("certificate_number", "is of another ceremony or tablet");
    if (record.replaces == record.certificate_number) fields.fail("replaces", "is the certificate itself");
    if (record.ceremony_date < record.adoption.date) fields.fail("ceremony", "is before the adoption");
    check_paper(fields, record);
}

}  // namespace

std::string encode(const SigningRecord& record) {
    Json adopted = {{"body", clean(record.adoption.body)}, {"date", record.adoption.date.iso()}};
    put_unless_empty(adopted, "paragraph", record.adoption.paragraph);
    Json countersigning = {{"mode", record.countersigning == Countersigning::beside ? "beside" : "closing"}};
    if (record.countersigning == Countersigning::beside)
        countersigning["signatories"] = to_json(record.municipal);
    Json json = {
        {"agreement",
         {{"adopted", std::move(adopted)},
          {"digest", record.agreement_digest.hex()},
          {"id", record.agreement_id.str()},
          {"title", clean(record.agreement_title)},
          {"version", clean(record.agreement_version)}}},
        {"ceremony",
         {{"code", clean(record.ceremony_code)},
          {"date", record.ceremony_date.iso()},
          {"id", record.ceremony_id.str()},
          {"place", clean(record.ceremony_place)},
          {"title", clean(record.ceremony_title)}}},
        {"certificate_number", clean(record.certificate_number)},
        {"clock", clock_json(record.declared_at, record.clock_confirmed_by_host)},
        {"countersigning", std::move(countersigning)},
        {"criteria", criteria_json(record.criteria)},
        {"decision", {{"body", clean(record.decision.body)}, {"date", record.decision.date.iso()}}},
        {"declared_at_ms", record.declared_at.wall_ms},
        {"demonstration", record.demonstration},
        {"device",
         {{"epoch", record.epoch},
          {"id", record.device.str()},
          {"letter", std::string(1, record.tablet_letter)}}},
        {"format", std::string(family) + "/1"},
        {"id", record.id.str()},
        {"municipality",
         {{"name", clean(record.municipality_name)},
          {"organisationsnummer", clean(record.municipality_number)}}},
        {"organisation", organisation_json(record.organisation)},
        {"representatives", representatives_json(record.representatives)},
    };
    put_unless_empty(json, "replaces", record.replaces);
    return encode_canonical(json);
}

Result<SigningRecord> decode_signing_record(std::string_view bytes) {
    TRY_ASSIGN(const Json json, decode_format(bytes, family, 1));
    Fields fields(json);
    SigningRecord record;
    fields.text("format", 1, 40);
    record.id = fields.id<SigningId>("id");
    read_number(fields, record);
    fields.inside("ceremony", [&](Fields& inner) { return read_ceremony(inner, record), true; });
    fields.inside("municipality", [&](Fields& inner) {
        record.municipality_name = inner.text("name", 1, 120);
        record.municipality_number = read_number_of_body(inner);
        return true;
    });
    fields.inside("agreement", [&](Fields& inner) { return read_agreement_part(inner, record), true; });
    record.organisation = fields.inside("organisation", read_organisation);
    record.decision = fields.inside("decision", [](Fields& inner) {
        return Decision{inner.text("body", 1, 120), inner.date("date")};
    });
    record.criteria = fields.each("criteria", 1, 20, read_criterion);
    record.representatives = fields.each("representatives", 1, 6, read_representative);
    fields.inside("countersigning", [&](Fields& inner) { return read_countersigning(inner, record), true; });
    record.declared_at.wall_ms = fields.whole("declared_at_ms", first_ms, last_ms);
    read_clock(fields, record.declared_at, record.clock_confirmed_by_host);
    read_device(fields, record.device, record.epoch, record.tablet_letter);
    record.demonstration = fields.truth("demonstration");
    check_together(fields, record);
    fields.finish();
    if (!fields.good()) return fields.error();
    // Nothing that we read can have been lost on the way.
    if (encode(record) != bytes) return Error{Errc::malformed, "record does not re-encode to itself"};
    return record;
}

bool on_paper(const SigningRecord& record) {
    return !record.representatives.empty() &&
           record.representatives.front().signature.kind == Signature::Kind::on_paper;
}

// Two records are the same when their bytes are: time and pressure of the ink are not part of a record.
bool operator==(const SigningRecord& a, const SigningRecord& b) { return encode(a) == encode(b); }

}  // namespace core
