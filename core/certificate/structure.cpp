// clang-format off: before any header of qpdf
#include "core/certificate/qpdf_first.h"
// clang-format on
#include <cmath>
#include <cstdio>

#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>

#include "core/base/file.h"
#include "core/certificate/fonts_data.h"
#include "core/certificate/seal_mark.h"
#include "core/certificate/structure.h"
#include "core/certificate/tags.h"
#include "core/certificate/xmp.h"

namespace core {
namespace {

using Object = QPDFObjectHandle;
using pdf::name, pdf::rectangle, pdf::text;

constexpr const char* colour_profile_file = "/usr/share/color/icc/sRGB.icc";

std::string four_digits(std::uint32_t value) {
    char digits[8];
    std::snprintf(digits, sizeof digits, "%04X", value & 0xFFFFU);
    return digits;
}

std::string to_unicode_map(const UsedGlyphs& used) {
    std::string map =
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
    for (std::size_t from = 1; from < used.characters.size(); from += 100) {
        std::size_t to = std::min(from + 100, used.characters.size());
        map += std::to_string(to - from) + " beginbfchar\n";
        for (std::size_t i = from; i < to; ++i)
            map += "<" + four_digits(static_cast<std::uint32_t>(i)) + "> <" +
                   four_digits(used.characters[i]) + ">\n";
        map += "endbfchar\n";
    }
    return map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

// Six capital letters that tell this choice of glyphs from another (ISO 32000-1, 9.6.4).
std::string subset_tag(const UsedGlyphs& used) {
    Bytes all;
    for (char32_t c : used.characters) append(all, as_bytes(four_digits(c)));
    std::string tag;
    Sha256 hash = sha256(all);
    for (std::uint8_t byte : std::span(hash).first(6)) tag += static_cast<char>('A' + byte % 26);
    return tag + "+";
}

class Builder {
  public:
    Builder(const Drawn& drawn, const MakeInput& input)
        : drawn_(drawn), input_(input), dates_(xmp_dates(input.claimed_at_ms)) {}

    Result<Bytes> build(const Bytes& colour_profile) {
        pdf_.setSuppressWarnings(true);
        pdf_.processMemoryFile("drawn", reinterpret_cast<const char*>(drawn_.pdf.data()), drawn_.pdf.size());
        for (auto& page : QPDFPageDocumentHelper(pdf_).getAllPages())
            pages_.push_back(page.getObjectHandle());
        CHECK_THAT(!pages_.empty() && pages_.size() == drawn_.pages.size());
        TRY(embed_fonts());
        place_arms();
        describe(colour_profile);
        if (!input_.record.empty()) attach_record();
        if (!input_.seal_name.empty()) prepare_seal();
        add_tags(pdf_, pages_, drawn_, *input_.document, {field_, input_.seal_description});
        return write();
    }

  private:
    Object root() { return pdf_.getRoot(); }
    Object indirect(const std::string& syntax) { return pdf_.makeIndirectObject(Object::parse(syntax)); }

    Status embed_fonts() {
        std::map<std::string, Object> fonts;  // by the stand-in's name
        for (std::size_t i = 0; i < face_count; ++i) {
            if (drawn_.faces[i].glyphs.size() < 2) continue;
            TRY_ASSIGN(Object font, embed(static_cast<Face>(i), drawn_.faces[i]));
            fonts.emplace(std::string("/") + stand_in_fonts[i], font);
        }
        for (Object& page : pages_) {
            Object replaced = Object::newDictionary();
            for (auto& [key, stand_in] : page.getKey("/Resources").getKey("/Font").getDictAsMap())
                replaced.replaceKey(key, fonts.at(stand_in.getKey("/BaseFont").getName()));
            Object resources = Object::newDictionary();
            resources.replaceKey("/Font", replaced);
            page.replaceKey("/Resources", resources);
        }
        return {};
    }

    Result<Object> embed(Face face, const UsedGlyphs& used) {
        const FontFace& font = input_.fonts->data().face(face);
        TRY_ASSIGN(Bytes program, font.subset(used.glyphs));
        const auto& metrics = font.metrics();
        auto scaled = [&](int units) {
            return Object::newInteger(std::lround(1000.0 * units / font.units_per_em()));
        };
        std::string base = "/" + subset_tag(used) + metrics.postscript_name;

        Object file = pdf_.newStream(std::string(as_text(program)));
        file.getDict().replaceKey("/Length1", Object::newInteger(static_cast<long long>(program.size())));
        bool serif = face != Face::sans && face != Face::sans_bold;
        int flags = 4 | (serif ? 2 : 0) |
                    (metrics.italic_angle != 0 ? 64 : 0);  // symbolic, as subsets of CID fonts are
        Object descriptor = indirect("<< /Type /FontDescriptor >>");
        descriptor.replaceKey("/FontName", name(base));
        descriptor.replaceKey("/Flags", Object::newInteger(flags));
        Object box = Object::newArray();
        for (int edge : {metrics.x_min, metrics.y_min, metrics.x_max, metrics.y_max})
            box.appendItem(scaled(edge));
        descriptor.replaceKey("/FontBBox", box);
        descriptor.replaceKey("/ItalicAngle", Object::newInteger(metrics.italic_angle));
        descriptor.replaceKey("/Ascent", scaled(metrics.ascent));
        descriptor.replaceKey("/Descent", scaled(metrics.descent));
        descriptor.replaceKey("/CapHeight", scaled(metrics.cap_height));
        descriptor.replaceKey("/StemV", Object::newInteger(metrics.weight >= 600 ? 140 : 85));
        descriptor.replaceKey("/FontFile2", file);

        Object widths = Object::newArray();
        for (GlyphId glyph : used.glyphs) widths.appendItem(scaled(font.advance(glyph)));
        Object width_list = Object::newArray();
        width_list.appendItem(Object::newInteger(0));
        width_list.appendItem(widths);
        Object descendant = indirect(
            "<< /Type /Font /Subtype /CIDFontType2 /CIDToGIDMap /Identity "
            "/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>");
        descendant.replaceKey("/BaseFont", name(base));
        descendant.replaceKey("/FontDescriptor", descriptor);
        descendant.replaceKey("/W", width_list);

        Object composite = indirect("<< /Type /Font /Subtype /Type0 /Encoding /Identity-H >>");
        Object descendants = Object::newArray();
        descendants.appendItem(descendant);
        composite.replaceKey("/BaseFont", name(base));
        composite.replaceKey("/DescendantFonts", descendants);
        composite.replaceKey("/ToUnicode", pdf_.newStream(to_unicode_map(used)));
        return composite;
    }

    void place_arms() {
        if (input_.arms == nullptr) return;
        arms_.setSuppressWarnings(true);
        arms_.processMemoryFile("arms", reinterpret_cast<const char*>(input_.arms->pdf.data()),
                                input_.arms->pdf.size());
        Object form =
            pdf_.copyForeignObject(QPDFPageDocumentHelper(arms_).getAllPages().at(0).getFormXObjectForPage());
        for (std::size_t i = 0; i < pages_.size(); ++i) {
            if (!drawn_.pages[i].has_arms) continue;
            Object forms = Object::newDictionary();
            forms.replaceKey("/Arms", form);
            pages_[i].getKey("/Resources").replaceKey("/XObject", forms);
        }
    }

    void describe(const Bytes& colour_profile) {
        const Document& document = *input_.document;
        Object metadata =
            pdf_.newStream(xmp_packet(document.title, document.author, document.language, dates_.iso));
        metadata.getDict().replaceKey("/Type", name("/Metadata"));
        metadata.getDict().replaceKey("/Subtype", name("/XML"));
        root().replaceKey("/Metadata", metadata);

        Object info = Object::newDictionary();
        info.replaceKey("/Title", text(document.title));
        info.replaceKey("/Author", text(document.author));
        info.replaceKey("/Creator", text(xmp_tool));
        info.replaceKey("/Producer", text(xmp_tool));
        info.replaceKey("/CreationDate", Object::newString(dates_.pdf));
        info.replaceKey("/ModDate", Object::newString(dates_.pdf));
        pdf_.getTrailer().replaceKey("/Info", pdf_.makeIndirectObject(info));

        Object profile = pdf_.newStream(std::string(as_text(colour_profile)));
        profile.getDict().replaceKey("/N", Object::newInteger(3));
        Object intent = indirect(
            "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
            "/Info (sRGB IEC61966-2.1) /RegistryName (http://www.color.org) >>");
        intent.replaceKey("/DestOutputProfile", profile);
        Object intents = Object::newArray();
        intents.appendItem(intent);
        root().replaceKey("/OutputIntents", intents);
        root().replaceKey("/Lang", Object::newString(document.language));
        root().replaceKey("/MarkInfo", Object::parse("<< /Marked true >>"));
        root().replaceKey("/ViewerPreferences", Object::parse("<< /DisplayDocTitle true >>"));
        for (const char* unwanted : {"/PageMode", "/PageLayout", "/OpenAction"}) root().removeKey(unwanted);
    }

    void attach_record() {
        auto stream = QPDFEFStreamObjectHelper::createEFStream(pdf_, input_.record);
        stream.setSubtype("application/json").setCreationDate(dates_.pdf).setModDate(dates_.pdf);
        auto file = QPDFFileSpecObjectHelper::createFileSpec(pdf_, input_.record_name, stream);
        file.setDescription(input_.record_description);
        file.getObjectHandle().replaceKey("/AFRelationship", name("/Data"));
        QPDFEmbeddedFileDocumentHelper(pdf_).replaceEmbeddedFile(input_.record_name, file);
        Object associated = Object::newArray();
        associated.appendItem(file.getObjectHandle());
        root().replaceKey("/AF", associated);
    }

    void prepare_seal() {
        Object seal = indirect(
            "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
            "/ByteRange [0 999999999 999999999 999999999] /Reference [ << /Type /SigRef /TransformMethod "
            "/DocMDP "
            "/TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >> ] >>");
        seal.replaceKey("/Contents", Object::newString(std::string(seal_room, '\0')));
        seal.replaceKey("/M", Object::newString(dates_.pdf));
        seal.replaceKey("/Name", text(input_.seal_name));
        seal.replaceKey("/Reason", text(input_.seal_reason));
        seal.replaceKey("/Location", text(input_.seal_location));
        Object permissions = Object::newDictionary();
        permissions.replaceKey("/DocMDP", seal);
        root().replaceKey("/Perms", permissions);

        constexpr double points_per_um = 72.0 / 25'400.0;
        double side = seal_mark_side_um * points_per_um, left = seal_mark_x_um * points_per_um;
        double top = drawn_.pages[0].height - seal_mark_y_um * points_per_um;
        Object look = pdf_.newStream(seal_mark(side));
        look.getDict().replaceKey("/Type", name("/XObject"));
        look.getDict().replaceKey("/Subtype", name("/Form"));
        look.getDict().replaceKey("/BBox", rectangle({0, 0, side, side}));
        look.getDict().replaceKey("/Resources", Object::newDictionary());
        Object looks = Object::newDictionary();
        looks.replaceKey("/N", look);
        field_ = indirect("<< /Type /Annot /Subtype /Widget /FT /Sig /F 132 /Ff 1 >>");
        field_.replaceKey("/T", Object::newString(seal_field_name));
        field_.replaceKey("/TU", text(input_.seal_description));
        field_.replaceKey("/V", seal);
        field_.replaceKey("/P", pages_[0]);
        field_.replaceKey("/Rect", rectangle({left, top - side, left + side, top}));
        field_.replaceKey("/AP", looks);
        Object fields = Object::newArray();
        fields.appendItem(field_);
        Object form = indirect("<< /SigFlags 3 >>");
        form.replaceKey("/Fields", fields);
        root().replaceKey("/AcroForm", form);
    }

    Bytes write() {
        QPDFWriter writer(pdf_);
        writer.setOutputMemory();
        writer.setMinimumPDFVersion("1.7");
        writer.setObjectStreamMode(qpdf_o_disable);
        writer.setNewlineBeforeEndstream(true);
        writer.setStreamDataMode(qpdf_s_compress);
        writer.setDeterministicID(true);
        writer.write();
        auto buffer = writer.getBufferSharedPointer();
        return {buffer->getBuffer(), buffer->getBuffer() + buffer->getSize()};
    }

    const Drawn& drawn_;
    const MakeInput& input_;
    XmpDates dates_;
    QPDF arms_;  // outlives pdf_: its streams are read when the writer needs them
    QPDF pdf_;
    std::vector<Object> pages_;
    Object field_;
};

}  // namespace

Result<Bytes> add_structure(const Drawn& drawn, const MakeInput& input) {
    static const Result<Bytes> colour_profile = read_file(colour_profile_file, 1U << 20);
    if (!colour_profile.ok())
        return Error{colour_profile.error().code,
                     std::string(colour_profile_file) + " (Debian package icc-profiles-free)"};
    try {
        return Builder(drawn, input).build(*colour_profile);
    } catch (const std::exception& problem) {
        return Error{Errc::internal, std::string("qpdf: ") + problem.what()};
    }
}

}  // namespace core
