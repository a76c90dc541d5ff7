// ISO 14289-1: the structure tree against what the pages paint, and against their annotations.
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSInteger;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSNull;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;

class PdfUa {
    private static final Set<String> standard = new HashSet<>(Arrays.asList((
        "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody Table TR "
        + "TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby RB RT RP Warichu WT WP Figure Formula Form")
                                                                                .split(" ")));
    private static final Map<String, List<String>> insideOf = new HashMap<>();
    static {
        insideOf.put("TR", Arrays.asList("Table", "THead", "TBody", "TFoot"));
        for (String part : new String[] {"THead", "TBody", "TFoot"}) insideOf.put(part, List.of("Table"));
        for (String cell : new String[] {"TH", "TD"}) insideOf.put(cell, List.of("TR"));
        insideOf.put("LI", List.of("L"));
        for (String part : new String[] {"Lbl", "LBody"})
            insideOf.put(part, Arrays.asList("LI", "Note", "Reference", "TOCI"));
        insideOf.put("TOCI", List.of("TOC"));
    }
    private static final String tag =
        "[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\\d{3}))?(-[A-Za-z0-9]{5,8})*";

    private static class Element {
        COSDictionary itself;
        Element parent;
        String type;
        final List<Element> kids = new ArrayList<>();
        final List<COSDictionary> annotations = new ArrayList<>();
        int pieces;
        boolean inside(String kind) { return type.equals(kind) || parent != null && parent.inside(kind); }
    }

    private final Findings found;
    private final Content content;
    private final List<Element> elements = new ArrayList<>(); // in reading order
    private final Map<COSDictionary, Element> byDictionary = new IdentityHashMap<>();
    private final Map<COSDictionary, Map<Integer, Element>> owners =
        new IdentityHashMap<>(); // page or form -> MCID
    private final Map<COSDictionary, Element> annotated = new IdentityHashMap<>();
    private Map<Integer, COSBase> parents = new TreeMap<>();
    private COSDictionary roles;

    PdfUa(Content content, Findings found) {
        this.content = content;
        this.found = found;
    }

    void check(PDDocument document) {
        COSDictionary catalog = document.getDocumentCatalog().getCOSObject();
        COSDictionary marks = catalog.getCOSDictionary(COSName.MARK_INFO);
        found.want(Clause.no_suspects,
            marks != null && marks.getBoolean(COSName.getPDFName("Marked"), false)
                && !marks.getBoolean(COSName.getPDFName("Suspects"), false),
            "MarkInfo");
        found.want(Clause.language, catalog.getString(COSName.LANG, "").matches(tag), "the catalog's Lang");
        COSDictionary root = catalog.getCOSDictionary(COSName.STRUCT_TREE_ROOT);
        found.want(Clause.structure_tree, root != null, "no structure tree");
        if (root == null) return;
        roles = root.getCOSDictionary(COSName.ROLE_MAP);
        parents = numbers(root.getCOSDictionary(COSName.PARENT_TREE));
        List<COSBase> tops = kidsOf(root);
        for (COSBase top : tops)
            if (top instanceof COSDictionary) read((COSDictionary) top, null, root, null);
        found.want(Clause.structure_tree,
            tops.size() == 1 && !elements.isEmpty() && elements.get(0).type.equals("Document"),
            "the root's kid is not one Document");
        checkOwnership(document);
        checkHeadings();
        for (Element one : elements) checkElement(one, document);
        for (PDPage page : document.getPages()) {
            checkAnnotations(page.getCOSObject());
            checkColumns(page.getCOSObject());
        }
    }

    private static List<COSBase> kidsOf(COSDictionary of) {
        COSBase kids = of.getDictionaryObject(COSName.K);
        List<COSBase> all = new ArrayList<>();
        if (kids instanceof COSArray)
            for (int i = 0; i < ((COSArray) kids).size(); ++i) all.add(((COSArray) kids).getObject(i));
        else if (kids != null)
            all.add(kids);
        return all;
    }

    private static Map<Integer, COSBase> numbers(COSDictionary tree) {
        Map<Integer, COSBase> all = new TreeMap<>();
        if (tree == null) return all;
        COSBase nums = tree.getDictionaryObject(COSName.NUMS), kids = tree.getDictionaryObject(COSName.KIDS);
        for (int i = 0; nums instanceof COSArray && i + 1 < ((COSArray) nums).size(); i += 2)
            all.put(((COSArray) nums).getInt(i), ((COSArray) nums).getObject(i + 1));
        for (int i = 0; kids instanceof COSArray && i < ((COSArray) kids).size(); ++i)
            all.putAll(numbers((COSDictionary) ((COSArray) kids).getObject(i)));
        return all;
    }

    private String typeOf(String written) {
        found.want(Clause.names_utf8, written.indexOf('\uFFFD') < 0, "a structure type is not UTF-8");
        Set<String> passed = new HashSet<>();
        String type = written;
        while (!standard.contains(type) && roles != null && roles.containsKey(type) && passed.add(type))
            type = roles.getNameAsString(type);
        found.want(Clause.standard_types, standard.contains(type), "structure type " + written);
        if (roles != null && standard.contains(written))
            found.want(Clause.standard_types, !roles.containsKey(written), written + " is mapped to another");
        return type;
    }

    private void read(COSDictionary itself, Element parent, COSDictionary above, COSDictionary page) {
        if (byDictionary.containsKey(itself)) {
            found.want(Clause.structure_tree, false, "an element with two parents");
            return;
        }
        Element one = new Element();
        one.itself = itself;
        one.parent = parent;
        one.type = typeOf(itself.getNameAsString(COSName.S, "?"));
        found.want(Clause.structure_tree, itself.getDictionaryObject(COSName.P) == above,
            one.type + ": P is not its parent");
        elements.add(one);
        byDictionary.put(itself, one);
        if (parent != null) parent.kids.add(one);
        COSDictionary own = itself.getCOSDictionary(COSName.PG);
        if (own != null) page = own;
        for (COSBase kid : kidsOf(itself)) {
            if (kid instanceof COSInteger) {
                own(one, page, ((COSInteger) kid).intValue());
            } else if (kid instanceof COSDictionary) {
                COSDictionary child = (COSDictionary) kid;
                String kind = child.getNameAsString(COSName.TYPE, "");
                COSDictionary where =
                    child.getCOSDictionary(COSName.PG) != null ? child.getCOSDictionary(COSName.PG) : page;
                if (kind.equals("MCR")) {
                    COSDictionary form = child.getCOSDictionary(COSName.getPDFName("Stm"));
                    own(one, form != null ? form : where, child.getInt(COSName.MCID));
                } else if (kind.equals("OBJR")) {
                    COSDictionary object = child.getCOSDictionary(COSName.OBJ);
                    found.want(Clause.structure_tree, object != null, one.type + ": a reference to nothing");
                    if (object == null) continue;
                    ++one.pieces;
                    one.annotations.add(object);
                    annotated.put(object, one);
                } else {
                    read(child, one, itself, page);
                }
            }
        }
    }

    private void own(Element one, COSDictionary where, int mcid) {
        ++one.pieces;
        Element before =
            where == null ? null : owners.computeIfAbsent(where, any -> new TreeMap<>()).put(mcid, one);
        found.want(Clause.content_owned, where != null && before == null,
            one.type + ": piece " + mcid + " has no page, or two owners");
    }

    private void checkOwnership(PDDocument document) {
        int number = 0;
        for (PDPage page : document.getPages()) {
            COSDictionary own = page.getCOSObject();
            String name = "page " + ++number;
            Set<Integer> painted = content.marked.getOrDefault(own, Set.of());
            Map<Integer, Element> owned = owners.getOrDefault(own, Map.of());
            found.want(Clause.content_owned, painted.equals(owned.keySet()),
                name + " paints " + painted.size() + " pieces, and " + owned.size() + " are owned");
            COSBase row = parents.get(own.getInt(COSName.STRUCT_PARENTS));
            found.want(Clause.parent_tree, painted.isEmpty() || row instanceof COSArray,
                name + " is not in the parent tree");
            for (Map.Entry<Integer, Element> one : owned.entrySet()) {
                boolean there = row instanceof COSArray && one.getKey() < ((COSArray) row).size()
                    && ((COSArray) row).getObject(one.getKey()) == one.getValue().itself;
                found.want(Clause.parent_tree, there,
                    name + ": the parent tree names another owner of piece " + one.getKey());
                String mark = content.tags.getOrDefault(own, Map.of()).getOrDefault(one.getKey(), "?");
                found.want(Clause.content_owned,
                    mark.equals("Span") || mark.equals(one.getValue().itself.getNameAsString(COSName.S)),
                    name + ": piece " + one.getKey() + " is marked " + mark + ", its element is "
                        + one.getValue().type);
            }
            int last = painted.stream().mapToInt(Integer::intValue).max().orElse(-1);
            if (row instanceof COSArray)
                found.want(Clause.parent_tree, ((COSArray) row).size() == last + 1,
                    name + ": the parent tree has pieces that are not painted");
        }
        annotated.forEach((annotation, element)
                              -> found.want(Clause.parent_tree,
                                  parents.get(annotation.getInt(COSName.STRUCT_PARENT)) == element.itself,
                                  "the parent tree names another owner of an annotation"));
    }

    private void checkHeadings() {
        int level = 0;
        boolean numbered = false, plain = false;
        for (Element one : elements) {
            if (one.type.equals("H")) plain = true;
            if (!one.type.matches("H[1-6]")) continue;
            numbered = true;
            int own = one.type.charAt(1) - '0';
            found.want(Clause.headings, own <= level + 1,
                "H" + own + " follows " + (level == 0 ? "nothing" : "H" + level));
            level = own;
        }
        found.want(Clause.headings, numbered || plain, "no heading");
        found.want(Clause.headings, !(numbered && plain), "H and Hn");
    }

    private static boolean says(COSDictionary dictionary, String... keys) {
        for (String key : keys)
            if (!dictionary.getString(COSName.getPDFName(key), "").trim().isEmpty()) return true;
        return false;
    }

    private void checkElement(Element one, PDDocument document) {
        COSDictionary itself = one.itself;
        if (itself.containsKey(COSName.LANG))
            found.want(Clause.language, itself.getString(COSName.LANG, "").matches(tag), one.type + ": Lang");
        if (insideOf.containsKey(one.type))
            found.want(Clause.nesting, one.parent != null && insideOf.get(one.type).contains(one.parent.type),
                one.type + " inside " + (one.parent == null ? "the root" : one.parent.type));
        found.want(Clause.no_empty_elements, one.pieces > 0 || !one.kids.isEmpty() || one.type.equals("TD"),
            "an empty " + one.type);
        if (one.type.equals("Formula"))
            found.want(
                Clause.formulas_notes, says(itself, "Alt", "ActualText"), "a formula without an alternative");
        if (one.type.equals("Note")) {
            long same =
                elements.stream()
                    .filter(other
                        -> other.itself.getString(COSName.ID, "").equals(itself.getString(COSName.ID, "")))
                    .count();
            found.want(
                Clause.formulas_notes, says(itself, "ID") && same == 1, "a note without an ID of its own");
        }
        if (one.type.equals("Figure")) checkFigure(one, document);
        if (one.type.equals("Table")) checkTable(one);
        if (one.type.equals("Form"))
            found.want(Clause.fields_tagged, one.annotations.size() == 1,
                "a Form with " + one.annotations.size() + " fields");
        if (one.type.equals("Link"))
            found.want(Clause.links_tagged,
                one.annotations.stream().anyMatch(
                    each -> "Link".equals(each.getNameAsString(COSName.SUBTYPE))),
                "a Link that leads nowhere");
    }

    private void checkFigure(Element one, PDDocument document) {
        found.want(
            Clause.figures, says(one.itself, "Alt", "ActualText"), "a figure without an alternative text");
        COSBase attributes = one.itself.getDictionaryObject(COSName.A);
        COSBase box = attributes instanceof COSDictionary
            ? ((COSDictionary) attributes).getDictionaryObject(COSName.BBOX)
            : null;
        boolean sound = false;
        COSDictionary page = one.itself.getCOSDictionary(COSName.PG);
        if (box instanceof COSArray && ((COSArray) box).size() == 4 && page != null) {
            float[] inner = ((COSArray) box).toFloatArray();
            var outer = new PDPage(page).getMediaBox();
            sound = inner[0] < inner[2] && inner[1] < inner[3] && inner[0] >= outer.getLowerLeftX()
                && inner[1] >= outer.getLowerLeftY() && inner[2] <= outer.getUpperRightX()
                && inner[3] <= outer.getUpperRightY();
        }
        found.want(Clause.figures, sound, "a figure without a box on its page");
    }

    private void checkTable(Element table) {
        int columns = -1;
        boolean header = false;
        List<Element> rows = new ArrayList<>();
        for (Element kid : table.kids) {
            if (kid.type.equals("TR"))
                rows.add(kid);
            else
                for (Element inner : kid.kids)
                    if (inner.type.equals("TR")) rows.add(inner);
        }
        for (Element row : rows) {
            int count = 0;
            for (Element cell : row.kids) {
                COSBase attributes = cell.itself.getDictionaryObject(COSName.A);
                COSDictionary named =
                    attributes instanceof COSDictionary ? (COSDictionary) attributes : new COSDictionary();
                count += Math.max(1, named.getInt("ColSpan", 1));
                if (!cell.type.equals("TH")) continue;
                header = true;
                found.want(Clause.table_form,
                    Arrays.asList("Row", "Column", "Both").contains(named.getNameAsString("Scope", "")),
                    "a TH without Scope");
            }
            found.want(Clause.table_form, columns < 0 || count == columns,
                "rows of " + columns + " and " + count + " cells");
            columns = count;
        }
        found.want(Clause.table_form, header && rows.size() > 1, "a table without headers or rows");
    }

    private void checkAnnotations(COSDictionary page) {
        COSBase list = page.getDictionaryObject(COSName.ANNOTS);
        if (!(list instanceof COSArray) || ((COSArray) list).size() == 0) return;
        found.want(Clause.tab_order, COSName.S == page.getDictionaryObject("Tabs"),
            "a page with annotations without Tabs S");
        for (int i = 0; i < ((COSArray) list).size(); ++i) {
            COSDictionary one = (COSDictionary) ((COSArray) list).getObject(i);
            float[] box = ((COSArray) one.getDictionaryObject(COSName.RECT)).toFloatArray();
            String kind = one.getNameAsString(COSName.SUBTYPE, "?");
            if ((one.getInt(COSName.F, 0) & 2) != 0
                || kind.equals("Widget") && box[0] == box[2] && box[1] == box[3])
                continue;
            Element element = annotated.get(one);
            found.want(Clause.annotation_tagged, element != null, kind + " belongs to no element");
            found.want(Clause.annotation_tagged,
                says(one, "Contents", "TU") || element != null && says(element.itself, "Alt"),
                kind + " does not say what it is");
            if (kind.equals("Link")) {
                found.want(
                    Clause.links_tagged, element != null && element.inside("Link"), "a link outside a Link");
                found.want(Clause.links_tagged, says(one, "Contents"), "a link without Contents");
            } else if (kind.equals("Widget")) {
                found.want(Clause.fields_tagged, element != null && element.inside("Form"),
                    "a field outside a Form");
                found.want(Clause.fields_tagged, says(one, "TU"), "a field without TU");
            }
        }
    }

    /** Three or more pieces side by side, on three or more lines, in the same columns: to the eye that is a table. */
    private void checkColumns(COSDictionary page) {
        Map<Long, Set<Long>> lines = new TreeMap<>(); // baseline -> where pieces begin, of those in no table
        for (Content.Placed one : content.lines.getOrDefault(page, List.of())) {
            Element owner = owners.getOrDefault(page, Map.of()).get(one.mcid);
            if (owner != null && !owner.inside("Table"))
                lines.computeIfAbsent(Math.round(one.y * 2), any -> new HashSet<>()).add(Math.round(one.x));
        }
        Map<Set<Long>, Integer> alike = new HashMap<>();
        for (Set<Long> starts : lines.values())
            if (starts.size() >= 3) alike.merge(starts, 1, Integer::sum);
        int rows = alike.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        found.want(Clause.table_tagged, rows < 3, rows + " lines of columns that are no table");
    }
}
