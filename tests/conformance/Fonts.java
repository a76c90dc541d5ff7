// The fonts in use: their dictionaries, the programs embedded, and whether what is drawn is what is said.
import java.awt.geom.GeneralPath;
import java.awt.geom.PathIterator;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.fontbox.cmap.CMap;
import org.apache.fontbox.cmap.CMapParser;
import org.apache.fontbox.ttf.TTFParser;
import org.apache.fontbox.ttf.TrueTypeFont;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSNumber;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;

class Fonts {
    private static final String[] descriptorKeys = {
        "FontName", "Flags", "FontBBox", "ItalicAngle", "Ascent", "Descent", "StemV"};
    private final Findings found;
    private final Map<String, TrueTypeFont> whole = new HashMap<>();

    Fonts(Findings found) { this.found = found; }

    void check(Map<COSDictionary, Set<Integer>> inUse) throws IOException {
        for (Map.Entry<COSDictionary, Set<Integer>> one : inUse.entrySet())
            checkFont(one.getKey(), one.getValue());
    }

    private void checkFont(COSDictionary font, Set<Integer> codes) throws IOException {
        String base = font.getNameAsString(COSName.BASE_FONT, "a font without a name");
        String name = base.replaceFirst("^[A-Z]{6}\\+", "");
        boolean composite = "Type0".equals(font.getNameAsString(COSName.SUBTYPE));
        found.want(Clause.font_types, composite, name + " is not Type0");
        found.want(Clause.names_utf8, base.indexOf('\uFFFD') < 0, "a font's name is not UTF-8");
        COSBase kids = font.getDictionaryObject(COSName.DESCENDANT_FONTS);
        COSBase kid =
            kids instanceof COSArray && ((COSArray) kids).size() == 1 ? ((COSArray) kids).getObject(0) : null;
        if (!(kid instanceof COSDictionary)) {
            found.want(Clause.font_types, false, name + " has no descendant");
            return;
        }
        COSDictionary cid = (COSDictionary) kid;
        found.want(Clause.font_types, "CIDFontType2".equals(cid.getNameAsString(COSName.SUBTYPE)),
            name + ": another descendant");
        found.want(Clause.font_types, base.equals(cid.getNameAsString(COSName.BASE_FONT)),
            name + " is called otherwise in its descendant");
        COSBase encoding = font.getDictionaryObject(COSName.ENCODING);
        found.want(Clause.embedded_cmap, encoding instanceof COSStream || encoding == COSName.IDENTITY_H,
            name + ": CMap " + encoding);
        COSDictionary system = cid.getCOSDictionary(COSName.CIDSYSTEMINFO);
        found.want(Clause.cid_system,
            encoding == COSName.IDENTITY_H && system != null
                && "Adobe".equals(system.getString(COSName.REGISTRY))
                && "Identity".equals(system.getString(COSName.ORDERING))
                && system.getInt(COSName.SUPPLEMENT) >= 0,
            name + ": CIDSystemInfo");
        COSBase map = cid.getDictionaryObject(COSName.CID_TO_GID_MAP);
        found.want(
            Clause.cid_to_gid, map == COSName.IDENTITY || map instanceof COSStream, name + ": CIDToGIDMap");
        CMap unicode = unicodeOf(font, name);
        for (int code : codes) {
            found.want(Clause.notdef, code != 0, name + " shows glyph 0");
            String said = unicode == null ? null : unicode.toUnicode(code);
            found.want(Clause.to_unicode,
                said != null && !said.isEmpty() && !said.contains("\0") && !said.contains("\uFEFF")
                    && !said.contains("\uFFFE") && !said.contains("\uFFFF"),
                name + ": code " + code + " has no Unicode");
        }
        COSDictionary descriptor = cid.getCOSDictionary(COSName.FONT_DESC);
        COSBase file = descriptor == null ? null : descriptor.getDictionaryObject(COSName.FONT_FILE2);
        found.want(Clause.font_embedded, file instanceof COSStream, name + " is not embedded");
        if (descriptor == null) return;
        for (String key : descriptorKeys)
            found.want(
                Clause.font_types, descriptor.containsKey(key), name + ": the descriptor has no " + key);
        found.want(Clause.font_types, base.equals(descriptor.getNameAsString(COSName.FONT_NAME)),
            name + " is called otherwise in its descriptor");
        found.want(Clause.font_types, !base.equals(name), name + " has no subset tag");
        if (file instanceof COSStream && map == COSName.IDENTITY)
            checkProgram((COSStream) file, cid, descriptor, name, codes, unicode);
    }

    private CMap unicodeOf(COSDictionary font, String name) {
        COSBase stream = font.getDictionaryObject(COSName.TO_UNICODE);
        try {
            if (stream instanceof COSStream)
                return new CMapParser().parse(((COSStream) stream).createInputStream());
        } catch (IOException | RuntimeException problem) {
            found.want(Clause.to_unicode, false, name + ": ToUnicode cannot be read");
        }
        found.want(Clause.to_unicode, false, name + " has no ToUnicode");
        return null;
    }

    private void checkProgram(COSStream file, COSDictionary cid, COSDictionary descriptor, String name,
        Set<Integer> codes, CMap unicode) throws IOException {
        TrueTypeFont program;
        try {
            program =
                new TTFParser(true).parse(new ByteArrayInputStream(file.createInputStream().readAllBytes()));
            program.getGlyph().getGlyph(0);
        } catch (IOException | RuntimeException problem) {
            found.want(Clause.font_embedded, false, name + ": the font program cannot be read");
            return;
        }
        Map<Integer, Double> widths = widths(cid.getDictionaryObject(COSName.W));
        double scale = 1000.0 / program.getUnitsPerEm(), otherwise = cid.getFloat(COSName.DW, 1000);
        TrueTypeFont full = wholeFont(name);
        for (int code : codes) {
            boolean there = code < program.getNumberOfGlyphs();
            found.want(Clause.font_embedded, there, name + ": no glyph " + code + " in the font program");
            found.want(Clause.limits, code <= 65535, name + ": glyph number " + code);
            if (!there) continue;
            double width = program.getAdvanceWidth(code) * scale, said = widths.getOrDefault(code, otherwise);
            found.want(Clause.font_widths, Math.abs(width - said) <= 1,
                name + ": glyph " + code + " is " + width + " wide, W says " + said);
            String text = unicode == null ? null : unicode.toUnicode(code);
            if (full == null || text == null || text.codePointCount(0, text.length()) != 1) continue;
            int original = full.getUnicodeCmapLookup().getGlyphId(text.codePointAt(0));
            found.want(Clause.to_unicode_true, original != 0 && sameShape(program, code, full, original),
                name + ": glyph " + code + " is not what U+" + Integer.toHexString(text.codePointAt(0))
                    + " looks like");
        }
        COSBase set = descriptor.getDictionaryObject("CIDSet");
        if (!(set instanceof COSStream)) return;
        byte[] bits = ((COSStream) set).createInputStream().readAllBytes();
        for (int glyph = 0; glyph < program.getNumberOfGlyphs(); ++glyph)
            found.want(Clause.font_subset,
                glyph / 8 < bits.length && (bits[glyph / 8] & 0x80 >> glyph % 8) != 0,
                name + ": CIDSet lacks glyph " + glyph);
    }

    private static Map<Integer, Double> widths(COSBase list) {
        Map<Integer, Double> all = new HashMap<>();
        if (!(list instanceof COSArray)) return all;
        COSArray w = (COSArray) list;
        for (int i = 0; i + 1 < w.size();) {
            int first = ((COSNumber) w.getObject(i)).intValue();
            if (w.getObject(i + 1) instanceof COSArray) {
                COSArray each = (COSArray) w.getObject(i + 1);
                for (int k = 0; k < each.size(); ++k)
                    all.put(first + k, ((COSNumber) each.getObject(k)).doubleValue());
                i += 2;
            } else {
                for (int k = first; k <= ((COSNumber) w.getObject(i + 1)).intValue(); ++k)
                    all.put(k, ((COSNumber) w.getObject(i + 2)).doubleValue());
                i += 3;
            }
        }
        return all;
    }

    /** The font that Debian installs, of which the embedded one is a subset; null where it is not installed. */
    private TrueTypeFont wholeFont(String name) throws IOException {
        File file = new File("/usr/share/fonts/truetype/noto/" + name + ".ttf");
        if (!whole.containsKey(name)) whole.put(name, file.exists() ? new TTFParser().parse(file) : null);
        return whole.get(name);
    }

    private static boolean sameShape(TrueTypeFont a, int glyphA, TrueTypeFont b, int glyphB)
        throws IOException {
        return a.getAdvanceWidth(glyphA) == b.getAdvanceWidth(glyphB)
            && outline(a, glyphA).equals(outline(b, glyphB));
    }

    private static String outline(TrueTypeFont font, int glyph) throws IOException {
        if (font.getGlyph().getGlyph(glyph) == null) return "";
        GeneralPath path = font.getGlyph().getGlyph(glyph).getPath();
        StringBuilder out = new StringBuilder();
        double[] point = new double[6];
        for (PathIterator at = path.getPathIterator(null); !at.isDone(); at.next()) {
            java.util.Arrays.fill(point, 0);
            out.append(at.currentSegment(point)).append(java.util.Arrays.toString(point));
        }
        return out.toString();
    }
}
