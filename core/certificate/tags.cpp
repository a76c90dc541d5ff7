// clang-format off: before any header of qpdf
#include "core/certificate/qpdf_first.h"
// clang-format on
#include <array>

#include "core/certificate/tags.h"

namespace core {
namespace {

using Object = QPDFObjectHandle;
using pdf::name, pdf::rectangle, pdf::text;

constexpr std::array<const char*, 8> element_kinds{"", "/H1", "/H2", "/P", "/Figure", "/Link", "/TH", "/TD"};

class Tagger {
  public:
    Tagger(QPDF& pdf, const std::vector<Object>& pages, const Drawn& drawn)
        : pdf_(pdf), pages_(pages), drawn_(drawn) {}

    void tag(const SealField& seal) {
        Object tree = indirect("<< /Type /StructTreeRoot >>");
        document_ = indirect("<< /Type /StructElem /S /Document >>");
        document_.replaceKey("/P", tree);
        document_.replaceKey("/K", Object::newArray());
        parents_ = Object::newArray();
        next_parent_ = static_cast<int>(pages_.size());
        Object by_page = Object::newArray();
        for (std::size_t i = 0; i < pages_.size(); ++i) {
            Object page = pages_[i], annotations = Object::newArray();
            Object owners = tag_pieces(i, annotations);
            if (i == 0 && seal.widget.isInitialized()) {
                Object form = new_element("/Form", page, document_);
                form.replaceKey("/Alt", text(seal.description));
                tie(form, seal.widget, page);
                annotations.appendItem(seal.widget);
            }
            by_page.appendItem(Object::newInteger(static_cast<long long>(i)));
            by_page.appendItem(owners);
            page.replaceKey("/StructParents", Object::newInteger(static_cast<long long>(i)));
            page.replaceKey("/Tabs", name("/S"));
            if (annotations.getArrayNItems() > 0) page.replaceKey("/Annots", annotations);
        }
        for (Object& entry : parents_.getArrayAsVector()) by_page.appendItem(entry);
        Object numbers = Object::newDictionary();
        numbers.replaceKey("/Nums", by_page);
        tree.replaceKey("/K", document_);
        tree.replaceKey("/ParentTree", pdf_.makeIndirectObject(numbers));
        tree.replaceKey("/ParentTreeNextKey", Object::newInteger(next_parent_));
        pdf_.getRoot().replaceKey("/StructTreeRoot", tree);
    }

    // One bookmark a title or heading, to where it stands.
    void bookmark(const Document& document) {
        std::vector<Object> items;
        for (std::size_t i = 0; i < document.pages.size(); ++i)
            for (const PageItem& item : document.pages[i].items) {
                const auto* heading = std::get_if<TextItem>(&item);
                if (heading == nullptr ||
                    (heading->meaning != Meaning::title && heading->meaning != Meaning::heading))
                    continue;
                if (heading->continues && !items.empty()) {
                    std::string so_far = items.back().getKey("/Title").getUTF8Value();
                    items.back().replaceKey("/Title", text(so_far + heading->text));
                    continue;
                }
                constexpr double points_per_um = 72.0 / 25'400.0;
                Object place = Object::newArray();
                place.appendItem(pages_[i]);
                place.appendItem(name("/XYZ"));
                place.appendItem(Object::newNull());
                place.appendItem(pdf::number(drawn_.pages[i].height -
                                             (heading->baseline_um - heading->size_um) * points_per_um));
                place.appendItem(Object::newNull());
                Object bookmark = pdf_.makeIndirectObject(Object::newDictionary());
                bookmark.replaceKey("/Title", text(heading->text));
                bookmark.replaceKey("/Dest", place);
                items.push_back(bookmark);
            }
        if (items.empty()) return;
        Object outlines = indirect("<< /Type /Outlines >>");
        for (std::size_t i = 0; i < items.size(); ++i) {
            items[i].replaceKey("/Parent", outlines);
            if (i > 0) items[i].replaceKey("/Prev", items[i - 1]);
            if (i + 1 < items.size()) items[i].replaceKey("/Next", items[i + 1]);
        }
        outlines.replaceKey("/First", items.front());
        outlines.replaceKey("/Last", items.back());
        outlines.replaceKey("/Count", Object::newInteger(static_cast<long long>(items.size())));
        pdf_.getRoot().replaceKey("/Outlines", outlines);
    }

  private:
    Object indirect(const std::string& syntax) { return pdf_.makeIndirectObject(Object::parse(syntax)); }

    // Each piece gets its element; the answer is whose each piece is, by MCID.
    Object tag_pieces(std::size_t page_index, Object& annotations) {
        Object page = pages_[page_index], owners = Object::newArray();
        const auto& pieces = drawn_.pages[page_index].pieces;
        for (std::size_t mcid = 0; mcid < pieces.size(); ++mcid) {
            const MarkedPiece& piece = pieces[mcid];
            if (!piece.continues || !last_.isInitialized()) last_ = element_for(piece, page);
            add_content(last_, page, static_cast<int>(mcid));
            owners.appendItem(last_);
            if (piece.meaning != Meaning::link) continue;
            Object link = link_to(piece);
            tie(last_, link, page);
            annotations.appendItem(link);
        }
        return owners;
    }

    Object new_element(const char* kind, const Object& page, Object parent) {
        Object element = pdf_.makeIndirectObject(Object::newDictionary());
        element.replaceKey("/S", name(kind));
        element.replaceKey("/P", parent);
        if (page.isInitialized()) element.replaceKey("/Pg", page);
        element.replaceKey("/K", Object::newArray());
        parent.getKey("/K").appendItem(element);
        return element;
    }

    // An annotation, as a child of its element; and the other way round in the parent tree.
    void tie(Object element, Object annotation, const Object& page) {
        Object reference = Object::parse("<< /Type /OBJR >>");
        reference.replaceKey("/Obj", annotation);
        reference.replaceKey("/Pg", page);
        element.getKey("/K").appendItem(reference);
        annotation.replaceKey("/StructParent", Object::newInteger(next_parent_));
        parents_.appendItem(Object::newInteger(next_parent_++));
        parents_.appendItem(element);
    }

    Object element_for(const MarkedPiece& piece, const Object& page) {
        bool cell = piece.meaning == Meaning::header_cell || piece.meaning == Meaning::cell;
        Object element = new_element(element_kinds[static_cast<std::size_t>(piece.meaning)], page,
                                     cell ? row_of(piece) : document_);
        if (!piece.language.empty()) element.replaceKey("/Lang", Object::newString(piece.language));
        if (piece.meaning == Meaning::figure) {
            element.replaceKey("/Alt", text(piece.alternative));
            Object layout = Object::parse("<< /O /Layout /Placement /Block >>");
            layout.replaceKey("/BBox", rectangle(piece.box));
            element.replaceKey("/A", layout);
        }
        if (piece.meaning == Meaning::header_cell)
            element.replaceKey("/A", Object::parse(piece.row == 0 ? "<< /O /Table /Scope /Column >>"
                                                                  : "<< /O /Table /Scope /Row >>"));
        return element;
    }

    // The row that a cell stands in. A table is begun by its head, and goes on behind the foot of a page.
    Object row_of(const MarkedPiece& piece) {
        if (!table_.isInitialized() || (piece.row == 0 && row_number_ > 0)) {
            table_ = new_element("/Table", {}, document_);
            row_ = {};
        }
        if (!row_.isInitialized() || row_number_ != piece.row)
            row_ = new_element("/TR", {}, table_), row_number_ = piece.row;
        return row_;
    }

    static void add_content(Object element, const Object& page, int mcid) {
        if (element.getKey("/Pg").getObjGen() == page.getObjGen())
            return element.getKey("/K").appendItem(Object::newInteger(mcid));
        Object reference = Object::parse("<< /Type /MCR >>");  // a paragraph that runs over to this page
        reference.replaceKey("/Pg", page);
        reference.replaceKey("/MCID", Object::newInteger(mcid));
        element.getKey("/K").appendItem(reference);
    }

    Object link_to(const MarkedPiece& piece) {
        Object link = indirect("<< /Type /Annot /Subtype /Link /F 4 /Border [0 0 0] >>");
        Object action = Object::parse("<< /Type /Action /S /URI >>");
        action.replaceKey("/URI", Object::newString(piece.url));
        link.replaceKey("/A", action);
        link.replaceKey("/Rect", rectangle(piece.box));
        link.replaceKey("/Contents", text(piece.alternative.empty() ? piece.url : piece.alternative));
        return link;
    }

    QPDF& pdf_;
    const std::vector<Object>& pages_;
    const Drawn& drawn_;
    Object document_, parents_, last_, table_, row_;
    int next_parent_ = 0, row_number_ = 0;
};

}  // namespace

void add_tags(QPDF& pdf, const std::vector<Object>& pages, const Drawn& drawn, const Document& document,
              const SealField& seal) {
    Tagger tagger(pdf, pages, drawn);
    tagger.tag(seal);
    if (pages.size() > 1) tagger.bookmark(document);
}

}  // namespace core
