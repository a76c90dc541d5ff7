#include "core/certificate/verify_page.h"

#include <algorithm>
#include <cstring>

#include "core/base/text.h"
#include "core/certificate/typeset.h"
#include "core/model/signing_record.h"

namespace core {
namespace {

// JSON takes many times its text in memory; a protocol of 10,000 lines is 3 MB.
constexpr std::size_t most_record = 4U << 20;

// The certificate speaks Swedish (layout.h), so its dates do too.
std::string swedish(const Date& date) {
    constexpr const char* months[] = {"januari", "februari", "mars",      "april",   "maj",      "juni",
                                      "juli",    "augusti",  "september", "oktober", "november", "december"};
    if (date.month < 1 || date.month > 12) return {};
    return std::to_string(date.day) + " " + months[date.month - 1] + " " + std::to_string(date.year);
}

std::string swedish_time(const LocalTime& time) {
    auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return two(time.hour) + "." + two(time.minute);
}

std::string without_spaces(std::string_view text) {
    std::string out;
    for (char32_t c : code_points(text))
        if (c != U' ' && c != U'\u00A0' && c != U'\n') append_utf8(out, c);
    return out;
}

// Finds what the record says on the pages: whole words only, so that "3 mars" is not found in "13 mars".
class Comparison {
  public:
    explicit Comparison(const ShownText& pages) : pages_(pages) {}

    void says(const char* what, std::string_view text) {
        if (missing_.empty() && !find(text, 0)) missing_ = what;
    }
    // The same, behind what says_next() found before: a list is compared in one pass.
    void says_next(const char* what, std::string_view text) {
        if (!missing_.empty()) return;
        if (auto found = find(text, next_))
            next_ = *found;
        else
            missing_ = what;
    }
    bool shows(std::string_view text) const { return find(text, 0).has_value(); }
    bool holds() const { return missing_.empty(); }
    Status status() const {
        return missing_.empty()
                   ? Status{}
                   : Status{Error{Errc::damaged, "the pages do not show the record's " + missing_}};
    }

  private:
    // Where the text ends, found from a place on.
    std::optional<std::size_t> find(std::string_view text, std::size_t from) const {
        auto normal = normalise(text);
        if (!normal) return std::nullopt;
        std::string wanted = without_spaces(*normal);
        if (wanted.empty()) return from;
        const std::string& all = pages_.letters;
        for (int tries = 0; tries < 64 && from <= all.size(); ++tries) {
            const void* hit = memmem(all.data() + from, all.size() - from, wanted.data(), wanted.size());
            if (hit == nullptr) return std::nullopt;
            auto begin = static_cast<std::size_t>(static_cast<const char*>(hit) - all.data()),
                 end = begin + wanted.size();
            if (pages_.edge[begin] && pages_.edge[end]) return end;
            from = begin + 1;
        }
        return std::nullopt;
    }

    const ShownText& pages_;
    std::size_t next_ = 0;
    std::string missing_;
};

Status check_demonstration(bool record, bool seal, const ShownText& pages) {
    bool printed = pages.letters.find("DEMONSTRATION") != std::string::npos;
    if (seal && !record)
        return Error{Errc::damaged, "a demonstration seal on a record that is not a demonstration's"};
    if (record && !printed)
        return Error{Errc::damaged, "a demonstration's record without the word on the page"};
    return {};
}

Status check_time(std::int64_t declared_ms, std::int64_t claimed_ms) {
    if (declared_ms / 1000 * 1000 == claimed_ms) return {};
    return Error{Errc::damaged, "the record declares another time than the seal claims"};
}

// A signature's name with its role below it, as a block.
void says_signature(Comparison& page, const char* who, const std::string& name, const std::string& role,
                    const Signature& signature) {
    page.says(who, name + role);
    if (signature.kind == Signature::Kind::typed_witnessed) {
        page.says(who, signature.typed_name);
        page.says("witnesses", signature.witness);
    }
    if (signature.kind == Signature::Kind::on_paper) {
        page.says("signature on paper", "Undertecknad på papper");
        page.says("day on paper",
                  "Pappret är daterat den " + swedish(to_swedish_time(signature.signed_at_ms).date));
    }
}

// Who signed, for whoever reads the report: a typed name is not passed off as a drawn one.
std::string signed_by(const std::string& name, const std::string& role, const Signature& signature) {
    std::string who = name + (role.empty() ? "" : ", " + role);
    if (signature.kind == Signature::Kind::typed_witnessed)
        who += "; typed the name, witnessed by " + signature.witness;
    return who;
}

// Whoever reads only the page learns where the signatures are: here, or in the municipality's folder of forms.
Status check_paper(bool record, const Comparison& page) {
    if (page.shows("Underskrifterna finns på en pappersblankett") == record) return {};
    return Error{Errc::damaged, record
                                    ? "the pages do not say that the signatures are on paper"
                                    : "the pages say that the signatures are on paper; the record does not"};
}

// ... and whether it was drawn: a line less would make a drawn signature of a typed name's.
template <class Signed>
bool any_typed(const Signed& signatures) {
    return std::any_of(signatures.begin(), signatures.end(), [](const auto& one) {
        return one.signature.kind == Signature::Kind::typed_witnessed;
    });
}
Status check_typed(bool record, const Comparison& page) {
    if (page.shows("Skrivet namn, bevittnat av") == record) return {};
    return Error{Errc::damaged, record ? "the pages do not say that a name is typed"
                                       : "the pages say that a name is typed; the record does not"};
}

Result<ComparedRecord> compare_signing(const SigningRecord& record, const ShownText& pages,
                                       const SealSays& seal) {
    Comparison page(pages);
    page.says("certificate number", record.certificate_number);
    page.says("organisation", record.organisation.name);
    if (record.organisation.form == OrganisationForm::annan)
        page.says("organisation's form", record.organisation.form_text);
    if (record.organisation.number) page.says("organisation's number", record.organisation.number->display());
    page.says("organisation's place", record.organisation.place);
    page.says("agreement", record.agreement_title);
    page.says("version", record.agreement_version);
    page.says("agreement's fingerprint", short_hash(record.agreement_digest.hex()));
    page.says("adoption", in_sentence(record.adoption.body));
    page.says("adoption", swedish(record.adoption.date));
    page.says("adoption", record.adoption.paragraph);
    if (!record.decision.body.empty()) {
        page.says("decision", in_sentence(record.decision.body));
        page.says("decision", swedish(record.decision.date));
    }
    page.says("ceremony", record.ceremony_title);
    page.says("place and date", record.ceremony_place);
    page.says("place and date", swedish(record.ceremony_date));
    LocalTime at = to_swedish_time(record.declared_at.wall_ms);
    page.says("declared time", swedish(at.date));
    page.says("declared time", swedish_time(at));
    page.says("replaced certificate", record.replaces);
    page.says("municipality", to_upper(record.municipality_name));
    if (record.representatives.size() + record.municipal.size() > 200)
        return Error{Errc::damaged, "a record with more signatories than a page can show"};
    for (const auto& [person, signature] : record.representatives)
        says_signature(page, "representatives", person.name, person.role, signature);
    for (const auto& [person, signature] : record.municipal)
        says_signature(page, "municipal signatories", person.name, person.role, signature);
    TRY(page.status());
    TRY(check_paper(on_paper(record), page));
    TRY(check_typed(any_typed(record.representatives) || any_typed(record.municipal), page));
    TRY(check_demonstration(record.demonstration, seal.demonstration, pages));
    TRY(check_time(record.declared_at.wall_ms, seal.claimed_at_ms));
    ComparedRecord compared{record.demonstration, {}};
    auto add = [&](const char* name, std::string what) {
        if (!what.empty()) compared.facts.emplace_back(name, std::move(what));
    };
    add("document", "certificate");
    add("number", record.certificate_number);
    add("replaces", record.replaces);
    add("municipality", record.municipality_name);
    add("agreement", record.agreement_title + ", version " + record.agreement_version);
    add("agreement SHA-256", record.agreement_digest.hex());
    add("organisation", record.organisation.name);
    if (record.organisation.number) add("organisation number", record.organisation.number->display());
    if (!record.decision.body.empty())
        add("decided by", record.decision.body + ", " + record.decision.date.iso());
    for (const auto& [person, signature] : record.representatives)
        add("signed by", signed_by(person.name, person.role, signature));
    for (const auto& [person, signature] : record.municipal)
        add("countersigned by", signed_by(person.name, person.role, signature));
    if (record.municipal.empty()) add("countersigned", "in the ceremony protocol");
    if (on_paper(record)) add("signed", "on a paper form that the municipality keeps; entered by the host");
    add("ceremony", record.ceremony_title + ", " + record.ceremony_place + ", " + record.ceremony_date.iso());
    add("tablet's clock", record.clock_confirmed_by_host ? "confirmed by the host at the ceremony"
                                                         : "not confirmed by the host");
    return compared;
}

Result<ComparedRecord> compare_protocol(const ProtocolRecord& record, const ShownText& pages,
                                        const SealSays& seal) {
    Comparison page(pages);
    page.says("number", record.number);
    page.says("agreement", record.agreement_title);
    page.says("version", record.agreement_version);
    page.says("agreement's fingerprint", short_hash(record.agreement_digest.hex()));
    page.says("municipality", to_upper(record.municipality_name));
    page.says("ceremony", record.ceremony_title);
    page.says("place and date", record.ceremony_place);
    page.says("place and date", swedish(record.ceremony_date));
    page.says("officiant", record.officiant);
    for (const auto& reading : {record.opened_at, record.declared_at}) {
        LocalTime at = to_swedish_time(reading.wall_ms);
        page.says("clock", swedish(at.date));
        page.says("clock", swedish_time(at));
    }
    std::size_t voided = 0, paper = 0;
    for (const auto& line : record.lines) {  // a row is one run of text
        std::string row = line.certificate_number + line.organisation;
        if (line.on_paper) row += "Undertecknad på papper";
        if (line.voided) row += line.void_reason.empty() ? "Makulerat" : "Makulerat: " + line.void_reason;
        row += swedish_time(to_swedish_time(line.declared_at_ms));
        row += short_hash(line.record_sha256, 12) + short_hash(line.certificate_sha256, 12);
        page.says_next("list of certificates", row);
        if (!page.holds()) break;
        voided += line.voided ? 1 : 0, paper += line.on_paper ? 1 : 0;
    }
    for (std::string_view line : split(record.checkpoint, '\n'))
        if (page.holds()) page.says_next("checkpoint", line);
    if (record.municipal.size() > 200)
        return Error{Errc::damaged, "a record with more signatories than a page can show"};
    for (const auto& [person, signature] : record.municipal)
        says_signature(page, "municipal signatories", person.name, person.role, signature);
    TRY(page.status());
    TRY(check_typed(any_typed(record.municipal), page));
    TRY(check_demonstration(record.demonstration, seal.demonstration, pages));
    TRY(check_time(record.declared_at.wall_ms, seal.claimed_at_ms));
    ComparedRecord compared{record.demonstration, {}};
    auto add = [&](const char* name, std::string what) {
        if (!what.empty()) compared.facts.emplace_back(name, std::move(what));
    };
    add("document", "ceremony protocol");
    add("number", record.number);
    add("municipality", record.municipality_name);
    add("agreement", record.agreement_title + ", version " + record.agreement_version);
    add("agreement SHA-256", record.agreement_digest.hex());
    add("ceremony", record.ceremony_title + ", " + record.ceremony_place + ", " + record.ceremony_date.iso());
    add("certificates",
        std::to_string(record.lines.size() - voided) + ", and " + std::to_string(voided) + " voided");
    if (paper > 0) add("on paper forms", std::to_string(paper));
    for (const auto& [person, signature] : record.municipal)
        add("signed by", signed_by(person.name, person.role, signature));
    return compared;
}

}  // namespace

Result<EmbeddedRecord> extract_record(const PdfFile& file, const PdfDictionary& catalog, std::size_t& room) {
    const PdfArray* associated = file.find_array(catalog, "AF");
    const PdfDictionary* names = file.find_dictionary(catalog, "Names");
    const PdfDictionary* tree =
        names != nullptr && names->size() == 1 ? file.find_dictionary(*names, "EmbeddedFiles") : nullptr;
    const PdfArray* filed = tree != nullptr ? file.find_array(*tree, "Names") : nullptr;
    if (associated == nullptr || associated->size() != 1 || filed == nullptr || filed->size() != 2 ||
        tree->contains("Kids"))
        return Error{Errc::malformed, "not exactly one associated file"};
    const PdfReference* reference = (*associated)[0].reference();
    const PdfReference* same = (*filed)[1].reference();
    const PdfValue* spec = reference != nullptr ? file.resolve((*associated)[0]) : nullptr;
    if (spec == nullptr || spec->dictionary() == nullptr || same == nullptr ||
        same->object != reference->object)
        return Error{Errc::malformed, "the associated file is not the embedded one"};
    const PdfDictionary& dictionary = *spec->dictionary();
    const PdfValue* name = file.find(dictionary, "UF");
    const PdfDictionary* streams = file.find_dictionary(dictionary, "EF");
    const PdfObject* stream = streams != nullptr ? file.find_stream(*streams, "UF") : nullptr;
    auto relation = dictionary.find("AFRelationship");
    if (name == nullptr || name->string() == nullptr || stream == nullptr || relation == dictionary.end() ||
        !relation->second.is_name("Data") || file.find_stream(*streams, "F") != stream)
        return Error{Errc::malformed, "the associated file is not filed as a record"};
    std::size_t own_room = std::min(room, most_record);
    TRY_ASSIGN(Bytes content, file.inflate(*stream, own_room));
    room -= content.size();
    return EmbeddedRecord{std::string(as_text(name->string()->bytes)), std::string(as_text(content))};
}

Result<ComparedRecord> compare_with_record(const EmbeddedRecord& record, const ShownText& pages,
                                           const SealSays& seal) {
    if (auto signing = decode_signing_record(record.content); signing.ok())
        return compare_signing(*signing, pages, seal);
    auto protocol = decode_protocol_record(record.content);
    if (!protocol.ok())
        return Error{Errc::damaged, "the embedded record is neither a signing's nor a protocol's"};
    return compare_protocol(*protocol, pages, seal);
}

}  // namespace core
