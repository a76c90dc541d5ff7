// Proof that each check can fail: a sound certificate is broken against one clause at a time, and that clause must be
// among what is found. Breaks are made in the objects as PDFBox holds them, or in the bytes of the file.
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSBoolean;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSFloat;
import org.apache.pdfbox.cos.COSInteger;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;

class Mutations {
    interface Break {
        void apply(PDDocument document) throws IOException;
    }
    interface BreakBytes {
        String apply(String text); // Latin-1: a character a byte
    }
    private record Case(Clause clause, String what, Break objects, BreakBytes bytes) {}

    private static final List<Case> cases = new ArrayList<>();

    private static void objects(Clause clause, String what, Break with) {
        cases.add(new Case(clause, what, with, null));
    }
    private static void bytes(Clause clause, String what, BreakBytes with) {
        cases.add(new Case(clause, what, null, with));
    }
    private static void replace(Clause clause, String from, String to) {
        bytes(clause, from.replaceAll("\\s", " ") + " -> " + to.replaceAll("\\s", " "),
            text -> text.replaceFirst(from, to));
    }

    // Where things are in our certificates.
    private static COSDictionary catalog(PDDocument d) { return d.getDocumentCatalog().getCOSObject(); }
    private static COSDictionary page(PDDocument d) { return d.getPage(0).getCOSObject(); }
    private static COSDictionary tree(PDDocument d) {
        return catalog(d).getCOSDictionary(COSName.STRUCT_TREE_ROOT);
    }
    private static COSDictionary in(COSDictionary from, String... path) {
        for (String key : path) from = from.getCOSDictionary(COSName.getPDFName(key));
        return from;
    }
    private static COSArray list(COSDictionary from, String key) {
        return (COSArray) from.getDictionaryObject(key);
    }
    private static COSDictionary document(PDDocument d) { return in(tree(d), "K"); }
    /** The first structure element of a type. */
    private static COSDictionary element(PDDocument d, String type) {
        COSArray all = list(document(d), "K");
        for (int i = 0; i < all.size(); ++i)
            if (type.equals(((COSDictionary) all.getObject(i)).getNameAsString(COSName.S)))
                return (COSDictionary) all.getObject(i);
        throw new IllegalStateException("no " + type);
    }
    private static COSDictionary annotation(PDDocument d, String type) {
        COSArray all = list(page(d), "Annots");
        for (int i = 0; i < all.size(); ++i)
            if (type.equals(((COSDictionary) all.getObject(i)).getNameAsString(COSName.SUBTYPE)))
                return (COSDictionary) all.getObject(i);
        throw new IllegalStateException("no " + type);
    }
    private static COSDictionary font(PDDocument d) {
        COSDictionary fonts = in(page(d), "Resources", "Font");
        return fonts.getCOSDictionary(fonts.keySet().iterator().next());
    }
    private static COSDictionary cidFont(PDDocument d) {
        return (COSDictionary) list(font(d), "DescendantFonts").getObject(0);
    }
    private static COSStream stream(COSDictionary in, String key) {
        return (COSStream) in.getDictionaryObject(key);
    }
    private static COSDictionary file(PDDocument d) {
        return (COSDictionary) list(catalog(d), "AF").getObject(0);
    }
    private static COSDictionary intent(PDDocument d) {
        return (COSDictionary) list(catalog(d), "OutputIntents").getObject(0);
    }
    private static COSDictionary field(PDDocument d) {
        return (COSDictionary) list(in(catalog(d), "AcroForm"), "Fields").getObject(0);
    }
    private static COSName name(String text) { return COSName.getPDFName(text); }

    private static String read(COSStream stream) throws IOException {
        return new String(stream.createInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }
    private static void write(COSStream stream, String text) throws IOException {
        boolean plain = !stream.containsKey(COSName.FILTER);
        try (OutputStream out =
                 plain ? stream.createOutputStream() : stream.createOutputStream(COSName.FLATE_DECODE)) {
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
    private static void edit(COSStream stream, String from, String to) throws IOException {
        String before = read(stream), after = before.replaceFirst(from, to);
        if (before.equals(after)) throw new IllegalStateException("nothing to replace: " + from);
        write(stream, after);
    }
    private static void content(Clause clause, String what, String from, String to) {
        objects(clause, what, d -> edit(stream(page(d), "Contents"), from, to));
    }
    private static void xmp(Clause clause, String from, String to) {
        objects(clause, from + " -> " + to, d -> edit(stream(catalog(d), "Metadata"), from, to));
    }
    private static COSDictionary dictionary(Object... keysAndValues) {
        COSDictionary made = new COSDictionary();
        for (int i = 0; i < keysAndValues.length; i += 2)
            made.setItem(name((String) keysAndValues[i]), (COSBase) keysAndValues[i + 1]);
        return made;
    }
    private static COSArray array(COSBase... all) {
        COSArray made = new COSArray();
        for (COSBase one : all) made.add(one);
        return made;
    }
    private static void element(PDDocument d, COSDictionary made, COSDictionary parent) {
        made.setItem(COSName.P, parent);
        COSBase kids = parent.getDictionaryObject(COSName.K);
        if (kids instanceof COSArray)
            ((COSArray) kids).add(made);
        else
            parent.setItem(COSName.K, array(made));
    }
    private static void state(PDDocument d, String key, COSBase value) throws IOException {
        in(page(d), "Resources").setItem(name("ExtGState"), dictionary("Gx", dictionary(key, value)));
        edit(stream(page(d), "Contents"), "^", "/Gx gs ");
    }
    private static COSStream form(PDDocument d, String inside) throws IOException {
        COSStream made = d.getDocument().createCOSStream();
        made.setItem(COSName.SUBTYPE, COSName.FORM);
        made.setItem(COSName.RESOURCES, new COSDictionary());
        write(made, inside);
        COSDictionary resources = in(page(d), "Resources");
        if (!resources.containsKey("XObject")) resources.setItem(name("XObject"), new COSDictionary());
        in(resources, "XObject").setItem(name("Fx"), made);
        edit(stream(page(d), "Contents"), "^", "/Artifact BMC /Fx Do EMC ");
        return made;
    }

    private static void fileCases() {
        replace(Clause.header, "^%PDF-1.7", "%PDF-2.0");
        bytes(Clause.header, "no binary comment", text -> text.replaceFirst("\n%[^\n]*\n", "\n%abcde\n"));
        replace(Clause.trailer_id, "/ID ", "/IX ");
        replace(
            Clause.no_encryption, "(?s)trailer <<(?!.*trailer)", "trailer << /Encrypt << /Filter /None >> ");
        bytes(Clause.end_of_file, "a line behind the end", text -> text + "x\n");
        replace(Clause.xref_form, " 00000 n \n", " 00000 n\n");
        bytes(Clause.xref_form, "a table that leads elsewhere",
            text -> text.replaceFirst("(\\d{9})(\\d) 00000 n \n(?=trailer)", "0000000099 00000 n \n"));
        replace(Clause.hex_strings, "/CheckSum <.", "/CheckSum <g");
        replace(Clause.stream_form, "(?<!end)stream\n", "stream\r");
        replace(Clause.stream_form, "\nendstream", " endstream");
        replace(Clause.object_form, "\n2 0 obj\n", "\n2 0 obj ");
        replace(Clause.object_form, "\nendobj", " endobj");
        replace(Clause.limits, "(/ByteRange \\[ \\d+ \\d+ \\d+ )\\d{5} {6}", "$199999999999");
        objects(Clause.filters, "LZW", d -> {
            COSStream made = d.getDocument().createCOSStream();
            made.setItem(COSName.FILTER, COSName.LZW_DECODE);
            catalog(d).setItem(name("Extra"), made);
        });
        objects(Clause.stream_form, "a stream in another file",
            d -> stream(catalog(d), "Metadata").setString("F", "elsewhere"));
        objects(Clause.limits, "a page of five metres",
            d
            -> page(d).setItem(COSName.MEDIA_BOX,
                array(COSInteger.ZERO, COSInteger.ZERO, COSInteger.get(15000), COSInteger.get(842))));
        objects(Clause.permissions, "another permission",
            d -> in(catalog(d), "Perms").setItem(name("Other"), field(d)));
        objects(Clause.permissions, "a digest in the reference",
            d
            -> ((COSDictionary) list(in(catalog(d), "Perms", "DocMDP"), "Reference").getObject(0))
                   .setString("DigestValue", "x"));
        replace(Clause.signatures, "/ByteRange \\[ 0 (\\d)", "/ByteRange [ 0 1$1");
        objects(Clause.names_utf8, "a font called by half a letter", d -> {
            COSDictionary old = font(d);
            old.setItem(COSName.BASE_FONT, name("ABCDEF+Noto\uFFFD"));
        });
    }

    private static void metadataCases() {
        xmp(Clause.info_matches_xmp, "STR26", "STR27");
        xmp(Clause.info_matches_xmp, "CreateDate>2026", "CreateDate>2025");
        objects(Clause.metadata_stream, "no metadata", d -> catalog(d).removeItem(COSName.METADATA));
        xmp(Clause.metadata_stream, "\\?xpacket begin", "?xpacket encoding=\"UTF-8\" begin");
        xmp(Clause.metadata_stream, "</rdf:RDF>", "");
        objects(Clause.metadata_plain, "compressed", d -> {
            String text = read(stream(catalog(d), "Metadata"));
            stream(catalog(d), "Metadata").setItem(COSName.FILTER, COSName.FLATE_DECODE);
            write(stream(catalog(d), "Metadata"), text);
        });
        xmp(Clause.xmp_properties, "<dc:format>", "<dc:shape>x</dc:shape><dc:format>");
        xmp(Clause.xmp_properties, "<pdfaProperty:name>part<", "<pdfaProperty:name>whole<");
        xmp(Clause.xmp_properties, "<rdf:Seq><rdf:li>(.*?)</rdf:li></rdf:Seq></dc:creator>",
            "<rdf:Bag><rdf:li>$1</rdf:li></rdf:Bag></dc:creator>");
        xmp(Clause.xmp_extensions, "<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>", "");
        xmp(Clause.xmp_extensions, ">internal<", ">inside<");
        xmp(Clause.pdfa_id, "<pdfaid:part>3", "<pdfaid:part>2");
        xmp(Clause.pdfa_id, "conformance>U", "conformance>B");
        xmp(Clause.pdfua_id, "<pdfuaid:part>1</pdfuaid:part>", "");
        xmp(Clause.document_title, "(?s)<dc:title>.*</dc:title>", "");
        objects(Clause.document_title, "the window shows the file's name",
            d -> catalog(d).removeItem(name("ViewerPreferences")));
    }

    private static void graphicsCases() {
        content(Clause.operators, "an operator of no standard", "^", "xyz ");
        content(Clause.operators, "Q without q", "^", "Q ");
        content(Clause.operators, "marked content that does not end", "EMC\\s*$", "");
        content(Clause.limits, "forty saved states", "^", "q ".repeat(40) + "Q ".repeat(40));
        objects(Clause.resources, "inherited resources", d -> {
            in(page(d), "Parent").setItem(COSName.RESOURCES, in(page(d), "Resources"));
            page(d).removeItem(COSName.RESOURCES);
        });
        content(Clause.resources, "a font that is not there", " Tf", " Tf /Fzz 9 Tf");
        objects(Clause.output_intent, "none", d -> catalog(d).removeItem(COSName.OUTPUT_INTENTS));
        objects(Clause.output_intent, "four colours said",
            d -> stream(intent(d), "DestOutputProfile").setInt(COSName.N, 4));
        objects(Clause.output_intent, "a profile that is none",
            d -> write(stream(intent(d), "DestOutputProfile"), "x".repeat(200)));
        objects(Clause.output_intent, "two", d -> list(catalog(d), "OutputIntents").add(intent(d)));
        content(Clause.colour, "CMYK", "^", "0 0 0 1 k ");
        objects(Clause.colour, "CMYK in a look",
            d -> edit(stream(in(annotation(d, "Widget"), "AP"), "N"), "^", "0 0 0 1 k "));
        content(Clause.colour, "a colour space by name", "^", "/DeviceCMYK cs ");
        objects(Clause.graphics_state, "a transfer function", d -> state(d, "TR", COSName.IDENTITY));
        objects(Clause.graphics_state, "a halftone",
            d -> state(d, "HT", dictionary("HalftoneType", COSInteger.get(6))));
        content(Clause.rendering_intent, "an intent of no standard", "^", "/Pretty ri ");
        objects(Clause.transparency, "a blend mode of no standard", d -> state(d, "BM", name("Glitter")));
        objects(Clause.transparency, "a group in CMYK",
            d
            -> page(d).setItem(
                COSName.GROUP, dictionary("S", name("Transparency"), "CS", COSName.DEVICECMYK)));
        objects(Clause.forms, "a form with PS", d -> form(d, "").setItem(name("PS"), new COSDictionary()));
        objects(Clause.forms_once, "a form from another file",
            d -> form(d, "").setItem(name("Ref"), new COSDictionary()));
        objects(Clause.forms_once, "marked content shown twice", d -> {
            form(d, "/P <</MCID 0>> BDC 0 0 9 9 re f EMC");
            edit(stream(page(d), "Contents"), "^", "/Fx Do ");
        });
        objects(Clause.images, "an interpolated image", d -> {
            COSStream image = form(d, "x");
            image.setItem(COSName.SUBTYPE, COSName.IMAGE);
            image.setItem(COSName.INTERPOLATE, COSBoolean.TRUE);
        });
    }

    private static void fontCases() {
        objects(Clause.font_types, "a simple font", d -> font(d).setItem(COSName.SUBTYPE, COSName.TRUE_TYPE));
        objects(
            Clause.font_types, "no Flags", d -> in(cidFont(d), "FontDescriptor").removeItem(COSName.FLAGS));
        objects(Clause.font_types, "another name in the descriptor",
            d -> in(cidFont(d), "FontDescriptor").setItem(COSName.FONT_NAME, name("ABCDEF+Other")));
        objects(Clause.cid_system, "another ordering",
            d -> in(cidFont(d), "CIDSystemInfo").setString("Ordering", "Japan1"));
        objects(Clause.cid_to_gid, "none", d -> cidFont(d).removeItem(COSName.CID_TO_GID_MAP));
        objects(Clause.embedded_cmap, "a CMap of our own by name",
            d -> font(d).setItem(COSName.ENCODING, name("Handslag-H")));
        objects(Clause.font_embedded, "not embedded",
            d -> in(cidFont(d), "FontDescriptor").removeItem(COSName.FONT_FILE2));
        objects(Clause.font_embedded, "no font",
            d -> write(stream(in(cidFont(d), "FontDescriptor"), "FontFile2"), "no font"));
        content(Clause.font_embedded, "a glyph that is not in the subset", "<00", "<7f");
        objects(Clause.font_subset, "a CIDSet of nothing", d -> {
            COSStream set = d.getDocument().createCOSStream();
            write(set, "");
            in(cidFont(d), "FontDescriptor").setItem(name("CIDSet"), set);
        });
        objects(Clause.font_widths, "two thousandths wider", d -> {
            COSArray widths = (COSArray) list(cidFont(d), "W").getObject(1);
            for (int i = 0; i < widths.size(); ++i) widths.set(i, new COSFloat(widths.getInt(i) + 2));
        });
        objects(Clause.to_unicode, "none", d -> font(d).removeItem(COSName.TO_UNICODE));
        objects(Clause.to_unicode, "one code left out",
            d -> edit(stream(font(d), "ToUnicode"), "<0001> <[0-9A-F]{4}>\n", ""));
        objects(Clause.to_unicode, "a byte order mark",
            d -> edit(stream(font(d), "ToUnicode"), "(<0001> <)[0-9A-F]{4}", "$1FEFF"));
        objects(Clause.to_unicode_true, "two letters exchanged",
            d
            -> edit(stream(font(d), "ToUnicode"), "(?s)(<0001> <)([0-9A-F]{4})(>.<0002> <)([0-9A-F]{4})",
                "$1$4$3$2"));
        content(Clause.notdef, "glyph 0", "<[0-9a-f]{4}", "<0000");
    }

    private static void interactiveCases() {
        objects(Clause.annotation_types, "a film",
            d -> annotation(d, "Link").setItem(COSName.SUBTYPE, name("Movie")));
        objects(Clause.annotation_flags, "hidden", d -> annotation(d, "Widget").setInt(COSName.F, 2));
        objects(Clause.annotation_flags, "not printed", d -> annotation(d, "Link").setInt(COSName.F, 0));
        objects(Clause.annotation_looks, "no look", d -> annotation(d, "Widget").removeItem(COSName.AP));
        objects(Clause.annotation_looks, "another look when touched",
            d
            -> in(annotation(d, "Widget"), "AP")
                   .setItem(COSName.D, in(annotation(d, "Widget"), "AP").getDictionaryObject(COSName.N)));
        objects(Clause.form_actions, "NeedAppearances",
            d -> in(catalog(d), "AcroForm").setBoolean("NeedAppearances", true));
        objects(Clause.form_actions, "a field that acts",
            d -> annotation(d, "Widget").setItem(COSName.A, new COSDictionary()));
        objects(Clause.no_xfa, "XFA", d -> in(catalog(d), "AcroForm").setItem(COSName.XFA, new COSArray()));
        objects(Clause.actions, "a script",
            d
            -> catalog(d).setItem(
                COSName.OPEN_ACTION, dictionary("S", name("JavaScript"), "JS", new COSString("x"))));
        objects(Clause.actions, "a link that starts a program",
            d -> in(annotation(d, "Link"), "A").setItem(COSName.S, name("Launch")));
        objects(Clause.triggers, "when the document closes",
            d -> catalog(d).setItem(COSName.AA, new COSDictionary()));
        objects(
            Clause.triggers, "when the page opens", d -> page(d).setItem(COSName.AA, new COSDictionary()));
        objects(Clause.embedded_files, "no relationship", d -> file(d).removeItem(name("AFRelationship")));
        objects(Clause.embedded_files, "no UF", d -> file(d).removeItem(COSName.UF));
        objects(Clause.embedded_files, "no MIME type",
            d -> stream(in(file(d), "EF"), "F").removeItem(COSName.SUBTYPE));
        objects(Clause.associated_files, "associated with nothing", d -> catalog(d).removeItem(name("AF")));
        objects(Clause.associated_files, "not filed", d -> catalog(d).removeItem(COSName.NAMES));
        objects(Clause.embedded_sizes, "another content",
            d -> edit(stream(in(file(d), "EF"), "F"), "STR26", "STR27"));
        objects(
            Clause.no_layers, "layers", d -> catalog(d).setItem(name("OCProperties"), new COSDictionary()));
        objects(Clause.no_presentation, "a slide show",
            d -> page(d).setItem(name("PresSteps"), new COSDictionary()));
        objects(Clause.no_requirements, "requirements",
            d -> catalog(d).setItem(name("Requirements"), new COSArray()));
    }

    private static void tagCases() {
        content(Clause.all_marked, "a line outside", "$", " 0 0 m 9 9 l S");
        content(Clause.artifact_apart, "an artifact inside a paragraph", "(<</MCID 0>> BDC)",
            "$1 /Artifact BMC EMC");
        content(Clause.artifact_apart, "a paragraph inside an artifact", "/Artifact BMC",
            "/Artifact BMC /P <</MCID 999>> BDC EMC");
        objects(Clause.no_suspects, "suspects", d -> in(catalog(d), "MarkInfo").setBoolean("Suspects", true));
        objects(Clause.standard_types, "a type of no standard",
            d -> element(d, "P").setItem(COSName.S, name("Chapter")));
        objects(Clause.standard_types, "types in a circle", d -> {
            element(d, "P").setItem(COSName.S, name("A"));
            tree(d).setItem(COSName.ROLE_MAP, dictionary("A", name("B"), "B", name("A")));
        });
        objects(Clause.structure_tree, "another parent", d -> element(d, "P").setItem(COSName.P, tree(d)));
        objects(Clause.structure_tree, "no tree", d -> catalog(d).removeItem(COSName.STRUCT_TREE_ROOT));
        objects(Clause.content_owned, "an element that lost its content",
            d -> element(d, "P").setItem(COSName.K, new COSArray()));
        content(Clause.content_owned, "a piece under a number of another", "MCID 1>>", "MCID 2>>");
        content(Clause.content_owned, "a heading marked as a paragraph", "/H1 <<", "/P <<");
        objects(Clause.parent_tree, "another owner", d -> {
            COSArray row = (COSArray) list(in(tree(d), "ParentTree"), "Nums").getObject(1);
            row.set(0, row.getObject(row.size() - 1));
        });
        objects(Clause.parent_tree, "an annotation without one",
            d -> annotation(d, "Widget").setInt(COSName.STRUCT_PARENT, 77));
        objects(Clause.language, "none", d -> catalog(d).removeItem(COSName.LANG));
        objects(Clause.language, "no language", d -> element(d, "P").setString(COSName.LANG, "på svenska"));
        objects(Clause.nesting, "a row outside a table",
            d -> element(d, "P").setItem(COSName.S, COSName.getPDFName("TR")));
        objects(Clause.figures, "no alternative text", d -> element(d, "Figure").removeItem(name("Alt")));
        objects(Clause.figures, "a box outside the page",
            d
            -> ((COSArray) in(element(d, "Figure"), "A").getDictionaryObject(COSName.BBOX))
                   .set(0, COSInteger.get(-9)));
        objects(Clause.headings, "a level is skipped", d -> element(d, "H2").setItem(COSName.S, name("H3")));
        objects(Clause.headings, "none", d -> element(d, "H1").setItem(COSName.S, name("P")));
        objects(Clause.table_form, "a table without headers", d -> {
            COSDictionary table = dictionary("S", name("Table")), row = dictionary("S", name("TR"));
            element(d, table, document(d));
            element(d, row, table);
            element(d, dictionary("S", name("TD")), row);
        });
        content(Clause.table_tagged, "three columns of figures", "(BT\\s+/F\\d [\\d.]+ Tf\\s)",
            "$1"
                + "50 -20 Td <0001> Tj 100 0 Td <0001> Tj 100 0 Td <0001> Tj -250 0 Td ".repeat(3));
        objects(Clause.formulas_notes, "a note without an ID",
            d -> element(d, "P").setItem(COSName.S, name("Note")));
        objects(Clause.annotation_tagged, "an annotation in no element", d -> {
            COSArray kids = list(document(d), "K");
            for (int i = kids.size() - 1; i >= 0; --i)
                if (kids.getObject(i) == element(d, "Form")) {
                    kids.remove(i);
                    break;
                }
        });
        objects(Clause.tab_order, "no order", d -> page(d).removeItem(name("Tabs")));
        objects(Clause.fields_tagged, "a field in a paragraph",
            d -> element(d, "Form").setItem(COSName.S, name("P")));
        objects(Clause.fields_tagged, "a field without TU", d -> field(d).removeItem(COSName.TU));
        objects(Clause.links_tagged, "a link without Contents",
            d -> annotation(d, "Link").removeItem(COSName.CONTENTS));
        objects(Clause.links_tagged, "a link in a paragraph",
            d -> element(d, "Link").setItem(COSName.S, name("P")));
        objects(Clause.no_empty_elements, "an empty paragraph",
            d -> element(d, dictionary("S", name("P")), document(d)));
    }

    private static List<Clause> found(Case one, byte[] file) throws IOException {
        byte[] mutated = file;
        if (one.bytes != null) {
            String before = new String(file, StandardCharsets.ISO_8859_1), after = one.bytes.apply(before);
            if (after.equals(before)) throw new IllegalStateException("nothing was broken");
            mutated = after.getBytes(StandardCharsets.ISO_8859_1);
        }
        Findings found = new Findings();
        if (one.bytes != null) new RawFile(mutated, found).check();
        if (one.bytes == null || one.clause == Clause.signatures) {
            try (PDDocument document = PDDocument.load(mutated)) {
                if (one.objects != null) one.objects.apply(document);
                found = Conformance.check(document, mutated);
            }
        }
        return new ArrayList<>(found.against.keySet());
    }

    static boolean run(byte[] file) throws IOException {
        fileCases();
        metadataCases();
        graphicsCases();
        fontCases();
        interactiveCases();
        tagCases();
        Map<Clause, Integer> broken = new EnumMap<>(Clause.class);
        int missed = 0;
        for (Case one : cases) {
            List<Clause> fired;
            String problem = "";
            try {
                fired = found(one, file);
            } catch (RuntimeException | IOException failure) {
                fired = List.of();
                problem = " (" + failure + ")";
            }
            broken.merge(one.clause, 1, Integer::sum);
            if (fired.contains(one.clause)) continue;
            ++missed;
            System.out.println(
                "NOT SEEN: " + one.clause + ": " + one.what + "; found instead: " + fired + problem);
        }
        for (Clause clause : Clause.values())
            if (!broken.containsKey(clause)) {
                ++missed;
                System.out.println("NEVER BROKEN: " + clause);
            }
        System.out.println(
            cases.size() + " ways to break " + Clause.values().length + " clauses, " + missed + " not seen");
        return missed == 0;
    }
}
