#include "core/certificate/verify_structure.h"

#include <algorithm>
#include <ctime>
#include <initializer_list>

#include "core/base/clock.h"
#include "core/certificate/structure.h"

namespace core {
namespace {

Error wrong(std::string what) { return {Errc::damaged, std::move(what)}; }

bool has_only(const PdfDictionary& dictionary, std::initializer_list<std::string_view> keys) {
    return std::all_of(dictionary.begin(), dictionary.end(), [&](const auto& entry) {
        return std::find(keys.begin(), keys.end(), entry.first) != keys.end();
    });
}

bool is_integer(const PdfValue* value, std::int64_t expected) {
    return value != nullptr && value->integer() != nullptr && *value->integer() == expected;
}

// How often a key stands anywhere in the file.
std::size_t count_key(const PdfValue& value, std::string_view key) {
    std::size_t found = 0;
    if (const PdfArray* array = value.array())
        for (const PdfValue& item : *array) found += count_key(item, key);
    if (const PdfDictionary* dictionary = value.dictionary())
        for (const auto& [name, item] : *dictionary) found += (name == key ? 1 : 0) + count_key(item, key);
    return found;
}

// D:20261121140500Z, and no other spelling.
std::optional<std::int64_t> parse_time(const PdfString& string) {
    std::string text(as_text(string.bytes));
    if (text.size() != 17 || !text.starts_with("D:") || text.back() != 'Z' ||
        !std::all_of(text.begin() + 2, text.end() - 1, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    auto part = [&](std::size_t at, std::size_t size) { return std::stoi(text.substr(at, size)); };
    std::tm utc{};
    utc.tm_year = part(2, 4) - 1900, utc.tm_mon = part(6, 2) - 1, utc.tm_mday = part(8, 2);
    utc.tm_hour = part(10, 2), utc.tm_min = part(12, 2), utc.tm_sec = part(14, 2);
    if (!Date::valid(part(2, 4), part(6, 2), part(8, 2)) || utc.tm_hour > 23 || utc.tm_min > 59 ||
        utc.tm_sec > 59)
        return std::nullopt;
    return static_cast<std::int64_t>(timegm(&utc)) * 1000;
}

Status check_seal_dictionary(const PdfFile& file, const PdfDictionary& seal) {
    if (!has_only(seal, {"ByteRange", "Contents", "Filter", "Location", "M", "Name", "Reason", "Reference",
                         "SubFilter", "Type"}))
        return wrong("the seal's dictionary has a key that is not ours");
    auto is_name = [&](const PdfDictionary& in, std::string_view key, std::string_view name) {
        const PdfValue* value = file.find(in, key);
        return value != nullptr && value->is_name(name);
    };
    if (!is_name(seal, "Type", "Sig") || !is_name(seal, "Filter", "Adobe.PPKLite") ||
        !is_name(seal, "SubFilter", "ETSI.CAdES.detached"))
        return wrong("the seal is of another kind");
    const PdfArray* references = file.find_array(seal, "Reference");
    const PdfDictionary* reference =
        references != nullptr && references->size() == 1 ? (*references)[0].dictionary() : nullptr;
    const PdfDictionary* rules =
        reference != nullptr ? file.find_dictionary(*reference, "TransformParams") : nullptr;
    if (rules == nullptr || !is_name(*reference, "TransformMethod", "DocMDP") ||
        !is_integer(file.find(*rules, "P"), 2))
        return wrong("the seal does not forbid later changes (DocMDP)");
    return {};
}

// The byte range covers everything but the hole, and the hole is this dictionary's /Contents.
Status find_hole(const PdfFile& file, const PdfDictionary& seal, ByteView bytes, SealedFile& sealed) {
    const PdfArray* range = file.find_array(seal, "ByteRange");
    auto contents = seal.find("Contents");
    const PdfString* hole = contents != seal.end() ? contents->second.string() : nullptr;
    if (range == nullptr || range->size() != 4 || hole == nullptr || !hole->hexadecimal)
        return wrong("the seal has no byte range or no content");
    std::int64_t expected[] = {0, static_cast<std::int64_t>(hole->begin),
                               static_cast<std::int64_t>(hole->end),
                               static_cast<std::int64_t>(bytes.size() - hole->end)};
    for (std::size_t i = 0; i < 4; ++i)
        if (!is_integer(&(*range)[i], expected[i]))
            return wrong("the byte range does not cover the file exactly");
    std::size_t ranges = 0;
    for (const PdfObject& object : file.objects()) ranges += count_key(object.value, "ByteRange");
    if (ranges != 1) return wrong("more than one byte range");
    sealed.hole = hole->bytes;
    sealed.digest = sha256({bytes.first(hole->begin), bytes.subspan(hole->end)});
    return {};
}

Status check_annotation(const PdfFile& file, const PdfValue& value, int field) {
    const PdfReference* reference = value.reference();
    if (reference != nullptr && reference->object == field) return {};
    const PdfValue* annotation = file.resolve(value);
    const PdfDictionary* dictionary = annotation != nullptr ? annotation->dictionary() : nullptr;
    const PdfDictionary* action = dictionary != nullptr ? file.find_dictionary(*dictionary, "A") : nullptr;
    const PdfValue* kind = dictionary != nullptr ? file.find(*dictionary, "Subtype") : nullptr;
    const PdfValue* what = action != nullptr ? file.find(*action, "S") : nullptr;
    if (kind == nullptr || !kind->is_name("Link") || what == nullptr || !what->is_name("URI") ||
        !has_only(*action, {"Type", "S", "URI"}) ||
        !has_only(*dictionary, {"A", "Border", "Contents", "F", "Rect", "StructParent", "Subtype", "Type"}))
        return wrong("an annotation that is not a plain link");
    return {};
}

Status collect_pages(const PdfFile& file, int field, SealedFile& sealed) {
    const PdfDictionary* tree = file.find_dictionary(*sealed.catalog, "Pages");
    const PdfArray* kids = tree != nullptr ? file.find_array(*tree, "Kids") : nullptr;
    if (kids == nullptr || kids->empty() || kids->size() > 1000 ||
        !has_only(*tree, {"Count", "Kids", "Type"}) ||
        !is_integer(file.find(*tree, "Count"), static_cast<std::int64_t>(kids->size())))
        return wrong("the pages are not one plain list");
    for (const PdfValue& kid : *kids) {
        const PdfValue* page = file.resolve(kid);
        if (page == nullptr || page->dictionary() == nullptr ||
            !has_only(*page->dictionary(), {"Annots", "Contents", "MediaBox", "Parent", "Resources",
                                            "StructParents", "Tabs", "Type"}))
            return wrong("a page with a key that is not ours");
        sealed.pages.push_back(page->dictionary());
        if (const PdfArray* annotations = file.find_array(*page->dictionary(), "Annots"))
            for (const PdfValue& annotation : *annotations) TRY(check_annotation(file, annotation, field));
    }
    return {};
}

}  // namespace

Result<SealedFile> check_structure(const PdfFile& file, ByteView bytes) {
    SealedFile sealed;
    if (!has_only(file.trailer(), {"ID", "Info", "Root", "Size"}))
        return wrong("the trailer has a key that is not ours");
    if (!is_integer(file.find(file.trailer(), "Size"), static_cast<std::int64_t>(file.objects().size()) + 1))
        return wrong("the trailer gives another number of objects");
    sealed.catalog = file.find_dictionary(file.trailer(), "Root");
    if (sealed.catalog == nullptr ||
        !has_only(*sealed.catalog,
                  {"AF", "AcroForm", "Lang", "MarkInfo", "Metadata", "Names", "OutputIntents", "Pages",
                   "Perms", "StructTreeRoot", "Type", "ViewerPreferences"}))
        return wrong("the catalog has a key that is not ours");

    const PdfDictionary* form = file.find_dictionary(*sealed.catalog, "AcroForm");
    const PdfArray* fields = form != nullptr ? file.find_array(*form, "Fields") : nullptr;
    if (fields == nullptr || fields->size() != 1 || !has_only(*form, {"Fields", "SigFlags"}) ||
        (*fields)[0].reference() == nullptr || !is_integer(file.find(*form, "SigFlags"), 3))
        return wrong("not exactly one form field");
    const PdfValue* field = file.resolve((*fields)[0]);
    if (field == nullptr || field->dictionary() == nullptr ||
        !has_only(*field->dictionary(),
                  {"AP", "F", "FT", "Ff", "P", "Rect", "StructParent", "Subtype", "T", "TU", "Type", "V"}))
        return wrong("the field has a key that is not ours");
    const PdfValue* kind = file.find(*field->dictionary(), "FT");
    auto value = field->dictionary()->find("V");
    const PdfDictionary* seal = file.find_dictionary(*field->dictionary(), "V");
    const PdfDictionary* permissions = file.find_dictionary(*sealed.catalog, "Perms");
    auto guard = permissions != nullptr ? permissions->find("DocMDP") : PdfDictionary::const_iterator{};
    if (kind == nullptr || !kind->is_name("Sig") || seal == nullptr || value->second.reference() == nullptr ||
        permissions == nullptr || permissions->size() != 1 || guard == permissions->end() ||
        guard->second.reference() == nullptr ||
        guard->second.reference()->object != value->second.reference()->object)
        return wrong("the field's seal is not the one that guards the document");
    TRY(check_seal_dictionary(file, *seal));
    TRY(find_hole(file, *seal, bytes, sealed));
    TRY(collect_pages(file, (*fields)[0].reference()->object, sealed));
    const PdfValue* when = file.find(*seal, "M");
    auto claimed = when != nullptr && when->string() != nullptr ? parse_time(*when->string()) : std::nullopt;
    if (!claimed) return wrong("the seal claims no time");
    sealed.claimed_at_ms = *claimed;
    return sealed;
}

}  // namespace core
