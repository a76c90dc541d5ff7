#include "core/certificate/verify_structure.h"

#include <algorithm>
#include <ctime>
#include <initializer_list>

#include "core/base/clock.h"
#include "core/certificate/seal_mark.h"
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

// What acts, hides, replaces or reads otherwise than it looks, wherever it stands.
bool is_forbidden(std::string_view key) {
    constexpr std::string_view keys[] = {"AA",
                                         "ActualText",
                                         "Alternates",
                                         "E",
                                         "JS",
                                         "JavaScript",
                                         "Launch",
                                         "OC",
                                         "OCGs",
                                         "OCProperties",
                                         "OPI",
                                         "PS",
                                         "PieceInfo",
                                         "Rotate",
                                         "UserUnit",
                                         "OpenAction",
                                         "XFA",
                                         "F3D",
                                         "RichMediaContent"};
    return std::find(std::begin(keys), std::end(keys), key) != std::end(keys);
}

struct Survey {
    std::size_t byte_ranges = 0;
    std::string forbidden;
    std::vector<int> referred;
};

void survey(const PdfValue& value, Survey& found) {
    if (const PdfReference* reference = value.reference()) found.referred.push_back(reference->object);
    if (const PdfArray* array = value.array())
        for (const PdfValue& item : *array) survey(item, found);
    if (const PdfDictionary* dictionary = value.dictionary())
        for (const auto& [name, item] : *dictionary) {
            if (name == "ByteRange") ++found.byte_ranges;
            if (is_forbidden(name)) found.forbidden = name;
            survey(item, found);
        }
}

// One byte range in all, nothing forbidden, and no object that nothing refers to: none waits for a later
// revision to show it.
Status survey_objects(const PdfFile& file) {
    std::vector<bool> seen(file.objects().size(), false);
    Survey found;
    survey(PdfValue{file.trailer()}, found);
    std::size_t reached = 0;
    while (!found.referred.empty()) {
        int number = found.referred.back();
        found.referred.pop_back();
        const PdfObject* object = file.object(number);
        if (object == nullptr) return wrong("a reference to an object that does not exist");
        if (seen[static_cast<std::size_t>(number) - 1]) continue;
        seen[static_cast<std::size_t>(number) - 1] = true;
        ++reached;
        survey(object->value, found);
    }
    if (found.byte_ranges != 1) return wrong("more than one byte range");
    if (!found.forbidden.empty()) return wrong("something that acts or hides: /" + found.forbidden);
    if (reached != file.objects().size()) return wrong("an object that nothing refers to");
    return {};
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
    sealed.hole = hole->bytes;
    sealed.digest = sha256({bytes.first(hole->begin), bytes.subspan(hole->end)});
    return {};
}

bool is_near(const PdfValue& value, double expected) {
    const auto* real = std::get_if<PdfReal>(&value.is);
    double given = real != nullptr              ? real->value
                   : value.integer() != nullptr ? static_cast<double>(*value.integer())
                                                : -1e9;
    return given > expected - 0.02 && given < expected + 0.02;
}

Status check_link(const PdfFile& file, const PdfValue& value) {
    const PdfValue* annotation = file.resolve(value);
    const PdfDictionary* dictionary = annotation != nullptr ? annotation->dictionary() : nullptr;
    const PdfDictionary* action = dictionary != nullptr ? file.find_dictionary(*dictionary, "A") : nullptr;
    const PdfValue* kind = dictionary != nullptr ? file.find(*dictionary, "Subtype") : nullptr;
    const PdfValue* what = action != nullptr ? file.find(*action, "S") : nullptr;
    const PdfValue* where = action != nullptr ? file.find(*action, "URI") : nullptr;
    const PdfArray* border = dictionary != nullptr ? file.find_array(*dictionary, "Border") : nullptr;
    if (kind == nullptr || !kind->is_name("Link") || what == nullptr || !what->is_name("URI") ||
        !has_only(*action, {"Type", "S", "URI"}) || where == nullptr || where->string() == nullptr ||
        !has_only(*dictionary, {"A", "Border", "Contents", "F", "Rect", "StructParent", "Subtype", "Type"}) ||
        border == nullptr || border->size() != 3 ||
        !std::all_of(border->begin(), border->end(),
                     [](const PdfValue& width) { return is_integer(&width, 0); }))
        return wrong("an annotation that is not a plain link");
    std::string_view address = as_text(where->string()->bytes);
    if (!address.starts_with("https://") && !address.starts_with("http://"))
        return wrong("a link that does not lead to the web");
    return {};
}

// The seal's mark: at its place, and looking as we draw it.
Status check_mark(const PdfFile& file, const PdfDictionary& field) {
    constexpr double points = 72.0 / 25'400.0, side = seal_mark_side_um * points,
                     left = seal_mark_x_um * points, top = (297'000 - seal_mark_y_um) * points;
    const double edges[] = {left, top - side, left + side, top};
    const PdfArray* place = file.find_array(field, "Rect");
    if (place == nullptr || place->size() != 4 || !is_integer(file.find(field, "F"), 132))
        return wrong("the seal's mark is elsewhere");
    for (std::size_t i = 0; i < 4; ++i)
        if (!is_near((*place)[i], edges[i])) return wrong("the seal's mark is elsewhere");
    const PdfDictionary* looks = file.find_dictionary(field, "AP");
    const PdfObject* look = looks != nullptr && looks->size() == 1 ? file.find_stream(*looks, "N") : nullptr;
    const PdfDictionary* form = look != nullptr ? look->value.dictionary() : nullptr;
    const PdfArray* box = form != nullptr ? file.find_array(*form, "BBox") : nullptr;
    const PdfDictionary* resources = form != nullptr ? file.find_dictionary(*form, "Resources") : nullptr;
    if (box == nullptr || box->size() != 4 || !is_near((*box)[0], 0) || !is_near((*box)[1], 0) ||
        !is_near((*box)[2], side) || !is_near((*box)[3], side) || resources == nullptr ||
        !resources->empty() || !has_only(*form, {"BBox", "Filter", "Length", "Resources", "Subtype", "Type"}))
        return wrong("the seal's mark is not as we draw it");
    std::size_t room = 4096;
    auto drawn = file.inflate(*look, room);
    if (!drawn.ok() || as_text(*drawn) != seal_mark(side))
        return wrong("the seal's mark is not as we draw it");
    return {};
}

// Pages are objects of their own, and what they have is written in them, so that no work is done twice.
Status collect_pages(const PdfFile& file, int field, SealedFile& sealed) {
    const PdfDictionary* tree = file.find_dictionary(*sealed.catalog, "Pages");
    const PdfArray* kids = tree != nullptr ? file.find_array(*tree, "Kids") : nullptr;
    if (kids == nullptr || kids->empty() || kids->size() > 1000 ||
        !has_only(*tree, {"Count", "Kids", "Type"}) ||
        !is_integer(file.find(*tree, "Count"), static_cast<std::int64_t>(kids->size())))
        return wrong("the pages are not one plain list");
    std::vector<int> used;
    std::size_t marks = 0;  // on the first page
    for (const PdfValue& kid : *kids) {
        const PdfValue* object = kid.reference() != nullptr ? file.resolve(kid) : nullptr;
        const PdfDictionary* page = object != nullptr ? object->dictionary() : nullptr;
        if (page == nullptr || !has_only(*page, {"Annots", "Contents", "MediaBox", "Parent", "Resources",
                                                 "StructParents", "Tabs", "Type"}))
            return wrong("a page with a key that is not ours");
        auto own = [&](std::string_view key) {
            auto found = page->find(key);
            return found != page->end() ? &found->second : nullptr;
        };
        const PdfValue *content = own("Contents"), *resources = own("Resources"),
                       *annotations = own("Annots");
        const PdfDictionary* listed = resources != nullptr ? resources->dictionary() : nullptr;
        auto fonts = listed != nullptr ? listed->find("Font") : PdfDictionary::const_iterator{};
        if (content == nullptr || content->reference() == nullptr || listed == nullptr ||
            !has_only(*listed, {"Font", "XObject"}) || fonts == listed->end() ||
            fonts->second.dictionary() == nullptr || fonts->second.dictionary()->size() > 8)
            return wrong("a page that is not made as ours are");
        used.push_back(kid.reference()->object);
        used.push_back(content->reference()->object);
        sealed.pages.push_back(page);
        if (annotations == nullptr) continue;
        if (annotations->array() == nullptr || annotations->array()->size() > 64)
            return wrong("annotations that are not listed in their page");
        for (const PdfValue& annotation : *annotations->array()) {
            if (annotation.reference() == nullptr) return wrong("an annotation that is not an object");
            used.push_back(annotation.reference()->object);
            if (annotation.reference()->object == field)
                marks += sealed.pages.size() == 1 ? 1 : 0;
            else
                TRY(check_link(file, annotation));
        }
    }
    std::sort(used.begin(), used.end());
    if (std::adjacent_find(used.begin(), used.end()) != used.end())
        return wrong("a page, its content or an annotation that comes twice");
    if (marks != 1) return wrong("the seal's mark is not on the first page");
    return {};
}

// Bookmarks lead to places on our pages and do nothing else.
Status check_bookmarks(const PdfFile& file, const SealedFile& sealed) {
    auto listed = sealed.catalog->find("Outlines");
    if (listed == sealed.catalog->end()) return {};
    const PdfDictionary* outlines = file.find_dictionary(*sealed.catalog, "Outlines");
    constexpr const char* other = "bookmarks of another form";
    if (outlines == nullptr || !has_only(*outlines, {"Count", "First", "Last", "Type"})) return wrong(other);
    constexpr int most_bookmarks = 1000;
    const PdfDictionary *item = file.find_dictionary(*outlines, "First"), *before = nullptr;
    for (int i = 0; item != nullptr; ++i) {
        // Every way through them is the same: a reader may take any.
        if (file.find_dictionary(*item, "Parent") != outlines ||
            file.find_dictionary(*item, "Prev") != before)
            return wrong(other);
        const PdfArray* place = file.find_array(*item, "Dest");
        const PdfValue *title = file.find(*item, "Title"),
                       *page = place != nullptr && place->size() == 5 ? file.resolve((*place)[0]) : nullptr;
        if (i == most_bookmarks || !has_only(*item, {"Dest", "Next", "Parent", "Prev", "Title"}) ||
            title == nullptr || title->string() == nullptr || page == nullptr ||
            !(*place)[1].is_name("XYZ") ||
            std::find(sealed.pages.begin(), sealed.pages.end(), page->dictionary()) == sealed.pages.end())
            return wrong(other);
        before = item;
        item = item->contains("Next") ? file.find_dictionary(*item, "Next") : nullptr;
        if (item == nullptr && before->contains("Next")) return wrong(other);
    }
    if (before == nullptr || file.find_dictionary(*outlines, "Last") != before) return wrong(other);
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
                  {"AF", "AcroForm", "Lang", "MarkInfo", "Metadata", "Names", "Outlines", "OutputIntents",
                   "Pages", "Perms", "StructTreeRoot", "Type", "ViewerPreferences"}))
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
    TRY(survey_objects(file));
    TRY(check_mark(file, *field->dictionary()));
    TRY(check_seal_dictionary(file, *seal));
    TRY(find_hole(file, *seal, bytes, sealed));
    TRY(collect_pages(file, (*fields)[0].reference()->object, sealed));
    TRY(check_bookmarks(file, sealed));
    const PdfValue* when = file.find(*seal, "M");
    auto claimed = when != nullptr && when->string() != nullptr ? parse_time(*when->string()) : std::nullopt;
    if (!claimed) return wrong("the seal claims no time");
    sealed.claimed_at_ms = *claimed;
    return sealed;
}

}  // namespace core
