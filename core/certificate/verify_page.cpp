#include "core/certificate/verify_page.h"

#include "core/base/text.h"
#include "core/model/signing_record.h"

namespace core {
namespace {

constexpr std::size_t most_content = 16U << 20, most_maps = 4U << 20, most_record = 16U << 20;

using CharacterMap = std::map<std::uint32_t, std::string>;  // code -> UTF-8

// Our own ToUnicode maps: bfchar lines of one code and one character of the basic plane.
Result<CharacterMap> read_character_map(ByteView content) {
    CharacterMap map;
    bool broken = false, inside = false;
    std::string_view text = as_text(content);
    for (std::string_view line : split(text, '\n')) {
        if (line.ends_with(" beginbfchar")) {
            inside = true;
            continue;
        }
        if (line == "endbfchar") {
            inside = false;
            continue;
        }
        if (!inside) continue;
        unsigned code = 0, character = 0;
        if (line.size() != 13 ||
            std::sscanf(std::string(line).c_str(), "<%4x> <%4x>", &code, &character) != 2)
            broken = true;
        std::string utf8;
        append_utf8(utf8, character);
        broken = broken || !map.emplace(code, utf8).second;
    }
    if (broken || map.empty()) return Error{Errc::malformed, "a font's character map of another form"};
    return map;
}

std::string without_spaces(std::string_view text) {
    std::string out;
    for (char32_t c : code_points(text))
        if (c != U' ' && c != U'\u00A0' && c != U'\n') append_utf8(out, c);
    return out;
}

class Comparison {
  public:
    explicit Comparison(const std::string& page_text) : page_text_(page_text) {}
    void says(const char* what, const std::string& text) {
        auto normal = normalise(text);
        if (missing_.empty() && (!normal || page_text_.find(without_spaces(*normal)) == std::string::npos))
            missing_ = what;
    }
    Status status() const {
        return missing_.empty()
                   ? Status{}
                   : Status{Error{Errc::damaged, "the pages do not show the record's " + missing_}};
    }

  private:
    const std::string& page_text_;
    std::string missing_;
};

Status check_demonstration(bool record, bool seal, const std::string& page_text) {
    bool printed = page_text.find("DEMONSTRATION") != std::string::npos;
    if (seal && !record)
        return Error{Errc::damaged, "a demonstration seal on a record that is not a demonstration's"};
    if (record && !printed)
        return Error{Errc::damaged, "a demonstration's record without the word on the page"};
    return {};
}

}  // namespace

Result<std::string> extract_text(const PdfFile& file, const std::vector<const PdfDictionary*>& pages) {
    std::map<const PdfObject*, CharacterMap> maps;  // fonts are shared between pages
    std::string text;
    std::size_t room = most_content, room_for_maps = most_maps;  // of all pages together
    for (const PdfDictionary* page : pages) {
        const PdfDictionary* resources = file.find_dictionary(*page, "Resources");
        const PdfDictionary* fonts =
            resources != nullptr ? file.find_dictionary(*resources, "Font") : nullptr;
        const PdfObject* content = file.find_stream(*page, "Contents");
        if (fonts == nullptr || content == nullptr)
            return Error{Errc::malformed, "a page without fonts or content"};
        std::map<std::string, const CharacterMap*, std::less<>> by_name;
        for (const auto& [name, value] : *fonts) {
            const PdfValue* font = file.resolve(value);
            const PdfObject* stream = font != nullptr && font->dictionary() != nullptr
                                          ? file.find_stream(*font->dictionary(), "ToUnicode")
                                          : nullptr;
            if (stream == nullptr) return Error{Errc::malformed, "a font without a character map"};
            if (!maps.contains(stream)) {
                TRY_ASSIGN(Bytes source, file.inflate(*stream, room_for_maps));
                room_for_maps -= source.size();
                TRY_ASSIGN(CharacterMap map, read_character_map(source));
                maps.emplace(stream, std::move(map));
            }
            by_name[name] = &maps.at(stream);
        }
        TRY_ASSIGN(Bytes operators, file.inflate(*content, room));
        room -= operators.size();
        const CharacterMap* current = nullptr;
        bool broken = false;
        TRY(for_each_operation(operators, [&](const PdfOperation& step) {
            if (step.operation == "Tf" && !step.operands.empty()) {
                const auto* name = std::get_if<PdfName>(&step.operands[0].is);
                auto found = name != nullptr ? by_name.find(name->text) : by_name.end();
                current = found == by_name.end() ? nullptr : found->second;
                broken = broken || current == nullptr;
            } else if (step.operation == "Tj") {
                const PdfString* codes = step.operands.size() == 1 ? step.operands[0].string() : nullptr;
                if (codes == nullptr || current == nullptr || codes->bytes.size() % 2 != 0) {
                    broken = true;
                    return;
                }
                for (std::size_t i = 0; i < codes->bytes.size(); i += 2) {
                    auto found =
                        current->find(static_cast<std::uint32_t>(codes->bytes[i] << 8 | codes->bytes[i + 1]));
                    if (found == current->end())
                        broken = true;
                    else
                        text += found->second;
                }
            } else if (step.operation == "TJ" || step.operation == "'" || step.operation == "\"") {
                broken = true;
            }
        }));
        if (broken) return Error{Errc::malformed, "text that is not written as we write it"};
    }
    return without_spaces(text);
}

Result<EmbeddedRecord> extract_record(const PdfFile& file, const PdfDictionary& catalog) {
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
    TRY_ASSIGN(Bytes content, file.inflate(*stream, most_record));
    return EmbeddedRecord{std::string(as_text(name->string()->bytes)), std::string(as_text(content))};
}

Result<bool> compare_with_record(const EmbeddedRecord& record, const std::string& page_text,
                                 bool demonstration_seal) {
    Comparison page(page_text);
    if (auto signing = decode_signing_record(record.content); signing.ok()) {
        page.says("certificate number", signing->certificate_number);
        page.says("organisation", signing->organisation.name);
        page.says("agreement", signing->agreement_title);
        page.says("version", signing->agreement_version);
        page.says("place", signing->ceremony_place);
        page.says("replaced certificate", signing->replaces);
        page.says("municipality", to_upper(signing->municipality_name));
        for (const auto& person : signing->representatives)
            page.says("representatives", person.representative.name);
        for (const auto& person : signing->municipal)
            page.says("municipal signatories", person.signatory.name);
        TRY(page.status());
        TRY(check_demonstration(signing->demonstration, demonstration_seal, page_text));
        return signing->demonstration;
    }
    auto protocol = decode_protocol_record(record.content);
    if (!protocol.ok())
        return Error{Errc::damaged, "the embedded record is neither a signing's nor a protocol's"};
    page.says("number", protocol->number);
    page.says("agreement", protocol->agreement_title);
    page.says("municipality", to_upper(protocol->municipality_name));
    for (const auto& line : protocol->lines) {
        page.says("certificate numbers", line.certificate_number);
        page.says("organisations", line.organisation);
    }
    for (const auto& person : protocol->municipal) page.says("municipal signatories", person.signatory.name);
    TRY(page.status());
    TRY(check_demonstration(protocol->demonstration, demonstration_seal, page_text));
    return protocol->demonstration;
}

}  // namespace core
