// What the pages paint: every operator of every content stream, forms included, with the marks around it.
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pdfbox.contentstream.operator.Operator;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSInteger;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSNumber;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdfparser.PDFStreamParser;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;

class Content {
    private static final Set<String> operators = new HashSet<>(Arrays.asList((
        "b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg "
        + "ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"")
                                                                                 .split(" ")));
    private static final Set<String> painting =
        new HashSet<>(Arrays.asList("b B b* B* f F f* s S sh Tj TJ ' \" BI".split(" ")));
    static final Set<String> intents = new HashSet<>(
        Arrays.asList("RelativeColorimetric", "AbsoluteColorimetric", "Perceptual", "Saturation"));
    private static final Set<String> deviceSpaces =
        new HashSet<>(Arrays.asList("DeviceGray", "DeviceRGB", "Pattern", "G", "RGB"));

    /** A line's place: what stands side by side on one baseline. */
    static class Placed {
        final double x, y;
        final int mcid;
        Placed(double x, double y, int mcid) {
            this.x = x;
            this.y = y;
            this.mcid = mcid;
        }
    }

    final Map<COSDictionary, Set<Integer>> codes = new LinkedHashMap<>(); // that each font shows
    final Map<COSDictionary, Set<Integer>> marked =
        new IdentityHashMap<>(); // MCIDs of each page, and of each form
    final Map<COSDictionary, Map<Integer, String>> tags = new IdentityHashMap<>();
    final Map<COSDictionary, List<Placed>> lines = new IdentityHashMap<>();
    private final Map<COSStream, Integer> shown = new IdentityHashMap<>();
    private final Findings found;

    Content(PDDocument document, Findings found) throws IOException {
        this.found = found;
        int number = 0;
        for (PDPage page : document.getPages()) {
            String name = "page " + ++number;
            COSDictionary own = page.getCOSObject();
            COSBase resources = own.getDictionaryObject(COSName.RESOURCES);
            found.want(
                Clause.resources, resources instanceof COSDictionary, name + " has no resources of its own");
            marked.put(own, new TreeSet<>());
            tags.put(own, new TreeMap<>());
            lines.put(own, new ArrayList<>());
            new Walk(name, own, resources, false).run(new PDFStreamParser(page));
            checkGroup(own.getDictionaryObject(COSName.GROUP), name);
            COSBase annotations = own.getDictionaryObject(COSName.ANNOTS);
            for (int i = 0; annotations instanceof COSArray && i < ((COSArray) annotations).size(); ++i) {
                COSDictionary looks =
                    ((COSDictionary) ((COSArray) annotations).getObject(i)).getCOSDictionary(COSName.AP);
                COSBase look = looks == null ? null : looks.getDictionaryObject(COSName.N);
                if (look instanceof COSStream) new Walk(name + ", annotation", own, null, true).place(look);
            }
        }
        shown.forEach((form, times)
                          -> found.want(Clause.forms_once, times == 1 || marked.get(form).isEmpty(),
                              "a form with marked content is shown " + times + " times"));
    }

    private void checkGroup(COSBase group, String name) {
        if (!(group instanceof COSDictionary)) return;
        COSBase space = ((COSDictionary) group).getDictionaryObject(COSName.CS);
        found.want(Clause.transparency,
            space == null || space instanceof COSName && deviceSpaces.contains(((COSName) space).getName()),
            name + ": a group in another colour space");
    }

    private class Walk {
        final String name;
        final COSDictionary owner; // of the MCIDs
        final COSDictionary resources;
        final List<String> marks = new ArrayList<>(); // "artifact", "tagged", "plain"
        final boolean insideMark;
        COSDictionary font;
        double x, y;
        int saved, texts;

        Walk(String name, COSDictionary owner, COSBase resources, boolean insideMark) {
            this.name = name;
            this.owner = owner;
            this.resources =
                resources instanceof COSDictionary ? (COSDictionary) resources : new COSDictionary();
            this.insideMark = insideMark;
        }

        void run(PDFStreamParser parser) throws IOException {
            List<COSBase> operands = new ArrayList<>();
            for (Object token = parser.parseNextToken(); token != null; token = parser.parseNextToken()) {
                if (!(token instanceof Operator)) {
                    if (token instanceof COSBase) operands.add((COSBase) token);
                    continue;
                }
                String word = ((Operator) token).getName();
                found.want(Clause.operators, operators.contains(word), name + ": operator " + word);
                apply(word, operands);
                operands.clear();
            }
            found.want(Clause.operators, saved == 0, name + ": q and Q are not in pairs");
            found.want(Clause.operators, marks.isEmpty(), name + ": marked content does not end");
        }

        private COSBase resource(String kind, COSBase key) {
            COSBase all = resources.getDictionaryObject(COSName.getPDFName(kind));
            COSBase one = all instanceof COSDictionary && key instanceof COSName
                ? ((COSDictionary) all).getDictionaryObject((COSName) key)
                : null;
            found.want(Clause.resources, one != null,
                name + ": " + kind + " " + key + " is not among its resources");
            return one;
        }

        private void apply(String word, List<COSBase> operands) throws IOException {
            COSBase first = operands.isEmpty() ? null : operands.get(0),
                    last = operands.isEmpty() ? null : operands.get(operands.size() - 1);
            if (painting.contains(word))
                found.want(Clause.all_marked,
                    insideMark || marks.contains("artifact") || marks.contains("tagged"),
                    name + ": " + word + " outside marked content");
            switch (word) {
                case "q":
                    found.want(Clause.limits, ++saved <= 28, name + ": more than 28 saved states");
                    break;
                case "Q": found.want(Clause.operators, --saved >= 0, name + ": Q without q"); break;
                case "BMC":
                case "BDC": begin(first, operands.size() > 1 ? operands.get(1) : null); break;
                case "EMC":
                    found.want(Clause.operators, !marks.isEmpty(), name + ": EMC without a beginning");
                    if (!marks.isEmpty()) marks.remove(marks.size() - 1);
                    break;
                case "Tf": {
                    COSBase chosen = resource("Font", first);
                    font = chosen instanceof COSDictionary ? (COSDictionary) chosen : null;
                    if (font != null) codes.computeIfAbsent(font, any -> new TreeSet<>());
                    break;
                }
                case "BT": x = y = 0; break;
                case "Td":
                case "TD":
                    if (operands.size() == 2) {
                        x += number(operands.get(0));
                        y += number(operands.get(1));
                    }
                    break;
                case "Tm":
                    if (operands.size() == 6) {
                        x = number(operands.get(4));
                        y = number(operands.get(5));
                    }
                    break;
                case "Tj":
                case "'":
                case "\"": show(last); break;
                case "TJ":
                    if (first instanceof COSArray)
                        for (COSBase part : (COSArray) first) show(part);
                    break;
                case "k":
                case "K": found.want(Clause.colour, false, name + ": CMYK"); break;
                case "cs":
                case "CS": checkSpace(first); break;
                case "ri": checkIntent(first); break;
                case "gs": checkState(resource("ExtGState", first)); break;
                case "sh": resource("Shading", first); break;
                case "Do": place(resource("XObject", first)); break;
                case "BI":
                    found.want(Clause.images, false, name + ": an inline image, which we never write");
                    break;
                default: break;
            }
        }

        private double number(COSBase value) {
            return value instanceof COSNumber ? ((COSNumber) value).doubleValue() : 0;
        }

        private void begin(COSBase tag, COSBase properties) {
            String kind = tag instanceof COSName ? ((COSName) tag).getName() : "?";
            if (properties instanceof COSName) properties = resource("Properties", properties);
            COSBase mcid = properties instanceof COSDictionary
                ? ((COSDictionary) properties).getDictionaryObject(COSName.MCID)
                : null;
            boolean tagged = insideMark || marks.contains("tagged");
            if (kind.equals("Artifact")) {
                found.want(Clause.artifact_apart, !tagged, name + ": an artifact inside tagged content");
                marks.add("artifact");
            } else if (mcid instanceof COSInteger) {
                found.want(Clause.artifact_apart, !marks.contains("artifact"),
                    name + ": tagged content inside an artifact");
                int id = ((COSInteger) mcid).intValue();
                boolean fresh = marked.computeIfAbsent(owner, any -> new TreeSet<>()).add(id);
                found.want(Clause.content_owned, fresh, name + ": MCID " + id + " twice");
                tags.computeIfAbsent(owner, any -> new TreeMap<>()).put(id, kind);
                marks.add("tagged");
            } else {
                marks.add("plain");
            }
        }

        private void show(COSBase text) {
            if (!(text instanceof COSString)) return;
            byte[] bytes = ((COSString) text).getBytes();
            found.want(Clause.font_types, font != null, name + ": text without a font");
            if (font == null) return;
            found.want(Clause.limits, bytes.length <= 32767, name + ": a long string");
            found.want(Clause.font_types, bytes.length % 2 == 0, name + ": half a code");
            Set<Integer> seen = codes.get(font);
            for (int i = 0; i + 1 < bytes.length; i += 2)
                seen.add((bytes[i] & 0xFF) << 8 | bytes[i + 1] & 0xFF);
            int mcid = marked.getOrDefault(owner, new TreeSet<>())
                           .stream()
                           .mapToInt(Integer::intValue)
                           .max()
                           .orElse(-1);
            lines.computeIfAbsent(owner, any -> new ArrayList<>())
                .add(new Placed(x, y, marks.contains("artifact") ? -1 : mcid));
        }

        private void checkSpace(COSBase key) {
            String named = key instanceof COSName ? ((COSName) key).getName() : "?";
            if (deviceSpaces.contains(named)) return;
            COSBase space = named.equals("DeviceCMYK") ? null : resource("ColorSpace", key);
            boolean known = space instanceof COSName && deviceSpaces.contains(((COSName) space).getName());
            found.want(Clause.colour, known, name + ": colour space " + named);
        }

        private void checkIntent(COSBase key) {
            found.want(Clause.rendering_intent,
                key instanceof COSName && intents.contains(((COSName) key).getName()),
                name + ": intent " + key);
        }

        private void checkState(COSBase state) {
            if (!(state instanceof COSDictionary)) return;
            COSDictionary dictionary = (COSDictionary) state;
            for (String key : new String[] {"TR", "HTP", "HTO"})
                found.want(Clause.graphics_state, !dictionary.containsKey(key),
                    name + ": " + key + " in a graphics state");
            found.want(Clause.graphics_state, dictionary.getNameAsString("TR2", "Default").equals("Default"),
                name + ": TR2");
            COSBase halftone = dictionary.getDictionaryObject("HT");
            found.want(Clause.graphics_state, halftone == null || halftone == COSName.getPDFName("Default"),
                name + ": a halftone");
            if (dictionary.containsKey("RI")) checkIntent(dictionary.getDictionaryObject("RI"));
            COSBase mode = dictionary.getDictionaryObject(COSName.BM);
            found.want(Clause.transparency,
                mode == null
                    || mode instanceof COSName
                        && org.apache.pdfbox.pdmodel.graphics.blend.BlendMode.getInstance(mode) != null
                        && knownMode(((COSName) mode).getName()),
                name + ": blend mode " + mode);
            COSBase mask = dictionary.getDictionaryObject(COSName.SMASK);
            if (mask instanceof COSDictionary)
                checkGroup(((COSDictionary) mask).getCOSDictionary(COSName.G) == null
                        ? null
                        : ((COSDictionary) mask)
                              .getCOSDictionary(COSName.G)
                              .getDictionaryObject(COSName.GROUP),
                    name);
        }

        private boolean knownMode(String mode) {
            return Arrays
                .asList((
                    "Normal Compatible Multiply Screen Overlay Darken Lighten ColorDodge ColorBurn HardLight SoftLight "
                    + "Difference Exclusion Hue Saturation Color Luminosity")
                            .split(" "))
                .contains(mode);
        }

        private void place(COSBase object) throws IOException {
            if (!(object instanceof COSStream)) return;
            COSStream stream = (COSStream) object;
            if ("Image".equals(stream.getNameAsString(COSName.SUBTYPE))) {
                found.want(Clause.images, !stream.containsKey("Alternates") && !stream.containsKey("OPI"),
                    name + ": Alternates or OPI");
                found.want(Clause.images, !stream.getBoolean(COSName.INTERPOLATE, false),
                    name + ": an interpolated image");
                found.want(Clause.all_marked,
                    insideMark || marks.contains("artifact") || marks.contains("tagged"),
                    name + ": an image outside marked content");
                COSBase space = stream.getDictionaryObject(COSName.COLORSPACE);
                if (space != null)
                    found.want(Clause.colour,
                        space instanceof COSName && deviceSpaces.contains(((COSName) space).getName()),
                        name + ": an image's colour space");
                if (stream.containsKey("Intent")) checkIntent(stream.getDictionaryObject("Intent"));
                return;
            }
            for (String key : new String[] {"OPI", "PS", "Subtype2"})
                found.want(Clause.forms, !stream.containsKey(key), name + ": a form with " + key);
            found.want(Clause.forms, !stream.containsKey("Ref"), name + ": a form with Ref");
            found.want(Clause.forms_once, !stream.containsKey("Ref"), name + ": a reference to another file");
            checkGroup(stream.getDictionaryObject(COSName.GROUP), name);
            boolean first = shown.merge(stream, 1, Integer::sum) == 1;
            if (!first) return;
            COSBase own = stream.getDictionaryObject(COSName.RESOURCES);
            found.want(Clause.resources, own instanceof COSDictionary,
                name + ": a form without resources of its own");
            marked.put(stream, new TreeSet<>());
            new Walk(name + ", form", stream, own,
                insideMark || !marks.isEmpty() && !marks.get(marks.size() - 1).equals("plain"))
                .run(new PDFStreamParser(stream.createInputStream().readAllBytes()));
        }
    }
}
