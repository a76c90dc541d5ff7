// ISO 19005-3 beyond content, fonts and metadata: colour profile, annotations, forms, actions, files.
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.pdfbox.cos.COSArray;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSDocument;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSObject;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.cos.COSString;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;

class PdfA {
    private static final List<String> standardFilters = Arrays.asList("FlateDecode", "ASCIIHexDecode",
        "ASCII85Decode", "RunLengthDecode", "DCTDecode", "CCITTFaxDecode", "JBIG2Decode", "JPXDecode");
    private static final List<String> relationships =
        Arrays.asList("Source", "Data", "Alternative", "Supplement", "Unspecified");
    private final Findings found;
    private final byte[] file;
    private final Set<COSBase> seen = java.util.Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<COSDictionary> all =
        new ArrayList<>(); // every dictionary and stream that the trailer leads to

    PdfA(byte[] file, Findings found) {
        this.file = file;
        this.found = found;
    }

    void check(PDDocument document) throws IOException {
        COSDictionary trailer = document.getDocument().getTrailer(),
                      catalog = document.getDocumentCatalog().getCOSObject();
        gather(trailer);
        for (COSDictionary one : all) {
            if (one instanceof COSStream) checkStream((COSStream) one);
            checkAction(one);
        }
        checkIntents(catalog);
        checkCatalog(catalog);
        for (PDPage page : document.getPages()) checkPage(page.getCOSObject());
        checkForm(catalog.getCOSDictionary(COSName.ACRO_FORM), catalog);
        checkFiles(catalog);
    }

    private void gather(COSBase start) {
        List<COSBase> todo = new ArrayList<>(List.of(start));
        while (!todo.isEmpty()) {
            COSBase one = todo.remove(todo.size() - 1);
            if (one instanceof COSObject) one = ((COSObject) one).getObject();
            if (one == null || !(one instanceof COSDictionary || one instanceof COSArray) || !seen.add(one))
                continue;
            if (one instanceof COSArray) {
                for (COSBase each : (COSArray) one) todo.add(each);
            } else {
                all.add((COSDictionary) one);
                todo.addAll(((COSDictionary) one).getValues());
            }
        }
    }

    private void checkStream(COSStream stream) {
        for (String key : new String[] {"F", "FFilter", "FDecodeParms"})
            found.want(Clause.stream_form, !stream.containsKey(key), "a stream with " + key);
        COSBase filter = stream.getFilters();
        List<COSBase> filters = new ArrayList<>();
        if (filter instanceof COSArray)
            filters.addAll(((COSArray) filter).toList());
        else if (filter != null)
            filters.add(filter);
        for (COSBase one : filters) {
            String name = one instanceof COSName ? ((COSName) one).getName() : "?";
            found.want(Clause.filters, standardFilters.contains(name), "filter " + name);
        }
    }

    private void checkIntents(COSDictionary catalog) throws IOException {
        COSBase list = catalog.getDictionaryObject(COSName.OUTPUT_INTENTS);
        int count = 0;
        for (COSBase one : list instanceof COSArray ? ((COSArray) list).toList() : List.<COSBase>of()) {
            COSDictionary intent =
                (COSDictionary) (one instanceof COSObject ? ((COSObject) one).getObject() : one);
            if (!"GTS_PDFA1".equals(intent.getNameAsString(COSName.S))) continue;
            ++count;
            found.want(Clause.output_intent, !intent.containsKey("DestOutputProfileRef"),
                "a profile outside the file");
            found.want(Clause.output_intent, intent.getString("OutputConditionIdentifier") != null,
                "no OutputConditionIdentifier");
            COSBase profile = intent.getDictionaryObject(COSName.DEST_OUTPUT_PROFILE);
            byte[] icc = profile instanceof COSStream
                ? ((COSStream) profile).createInputStream().readAllBytes()
                : new byte[0];
            boolean whole = icc.length > 128 && java.nio.ByteBuffer.wrap(icc).getInt(0) == icc.length
                && ascii(icc, 36).equals("acsp") && Arrays.asList("mntr", "prtr").contains(ascii(icc, 12))
                && icc[8] <= 4 && ascii(icc, 16).equals("RGB ");
            found.want(Clause.output_intent, whole, "the profile is no RGB profile of a screen or printer");
            found.want(Clause.output_intent, whole && ((COSStream) profile).getInt(COSName.N) == 3,
                "N is not the profile's number of colours");
        }
        found.want(Clause.output_intent, count == 1, count + " output intents");
    }

    private static String ascii(byte[] bytes, int at) {
        return new String(bytes, at, 4, java.nio.charset.StandardCharsets.US_ASCII);
    }

    private void checkCatalog(COSDictionary catalog) {
        found.want(Clause.no_layers, !catalog.containsKey("OCProperties"), "optional content");
        found.want(Clause.no_requirements, !catalog.containsKey("Requirements"), "requirements");
        found.want(Clause.no_xfa, !catalog.getBoolean(COSName.getPDFName("NeedsRendering"), false),
            "NeedsRendering");
        found.want(Clause.triggers, !catalog.containsKey(COSName.AA), "additional actions of the document");
        COSDictionary names = catalog.getCOSDictionary(COSName.NAMES);
        found.want(Clause.no_presentation, names == null || !names.containsKey("AlternatePresentations"),
            "AlternatePresentations");
        found.want(
            Clause.actions, names == null || !names.containsKey("JavaScript"), "scripts of the document");
        found.want(Clause.actions, !catalog.containsKey(COSName.OPEN_ACTION), "an action at opening");
        COSDictionary permissions = catalog.getCOSDictionary(COSName.getPDFName("Perms"));
        if (permissions == null) return;
        for (COSName key : permissions.keySet())
            found.want(Clause.permissions, key.getName().equals("DocMDP") || key.getName().equals("UR3"),
                "Perms has " + key.getName());
        COSDictionary seal = permissions.getCOSDictionary(COSName.DOCMDP);
        COSBase references = seal == null ? null : seal.getDictionaryObject(COSName.REFERENCE);
        for (int i = 0; references instanceof COSArray && i < ((COSArray) references).size(); ++i)
            for (COSName key : ((COSDictionary) ((COSArray) references).getObject(i)).keySet())
                found.want(Clause.permissions, !key.getName().startsWith("Digest"),
                    "a reference has " + key.getName());
    }

    private void checkPage(COSDictionary page) {
        found.want(Clause.no_presentation, !page.containsKey("PresSteps"), "PresSteps");
        found.want(Clause.triggers, !page.containsKey(COSName.AA), "additional actions of a page");
        COSBase box = page.getDictionaryObject(COSName.MEDIA_BOX);
        if (box instanceof COSArray) {
            float[] edges = ((COSArray) box).toFloatArray();
            for (int i = 0; i < 2; ++i)
                found.want(Clause.limits, edges[i + 2] - edges[i] >= 3 && edges[i + 2] - edges[i] <= 14400,
                    "a page's size");
        }
        COSBase list = page.getDictionaryObject(COSName.ANNOTS);
        for (int i = 0; list instanceof COSArray && i < ((COSArray) list).size(); ++i)
            checkAnnotation((COSDictionary) ((COSArray) list).getObject(i));
    }

    private void checkAnnotation(COSDictionary annotation) {
        String kind = annotation.getNameAsString(COSName.SUBTYPE, "?");
        found.want(Clause.annotation_types, kind.equals("Link") || kind.equals("Widget"),
            "an annotation of type " + kind);
        int flags = annotation.getInt(COSName.F, 0);
        found.want(Clause.annotation_flags, annotation.containsKey(COSName.F) && (flags & 4) != 0,
            kind + " does not print");
        found.want(
            Clause.annotation_flags, (flags & (1 | 2 | 32 | 256)) == 0, kind + " is hidden or toggles");
        if (kind.equals("Widget")) {
            float[] box = ((COSArray) annotation.getDictionaryObject(COSName.RECT)).toFloatArray();
            boolean area = box[0] != box[2] && box[1] != box[3];
            COSDictionary looks = annotation.getCOSDictionary(COSName.AP);
            found.want(Clause.annotation_looks, looks != null || !area, "a field without appearance");
            if (looks != null)
                found.want(Clause.annotation_looks,
                    looks.size() == 1 && looks.getDictionaryObject(COSName.N) instanceof COSStream,
                    "another appearance than N");
            found.want(Clause.form_actions, !annotation.containsKey(COSName.A), "a field with an action");
            found.want(
                Clause.triggers, !annotation.containsKey(COSName.AA), "a field with additional actions");
        } else {
            found.want(Clause.triggers, !annotation.containsKey(COSName.AA),
                "an annotation with additional actions");
        }
    }

    private void checkAction(COSDictionary one) {
        COSBase kind = one.getDictionaryObject(COSName.S);
        boolean action = "Action".equals(one.getNameAsString(COSName.TYPE)) || one.containsKey("URI")
            || one.containsKey("JS");
        if (action)
            found.want(Clause.actions,
                COSName.getPDFName("URI").equals(kind) && !one.containsKey(COSName.NEXT),
                "an action of type " + kind);
    }

    private void checkForm(COSDictionary form, COSDictionary catalog) {
        if (form == null) return;
        found.want(Clause.form_actions, !form.getBoolean(COSName.NEED_APPEARANCES, false), "NeedAppearances");
        found.want(Clause.no_xfa, !form.containsKey(COSName.XFA), "XFA");
        COSBase fields = form.getDictionaryObject(COSName.FIELDS);
        for (int i = 0; fields instanceof COSArray && i < ((COSArray) fields).size(); ++i) {
            COSDictionary field = (COSDictionary) ((COSArray) fields).getObject(i);
            found.want(Clause.triggers, !field.containsKey(COSName.AA), "a field with additional actions");
            COSDictionary seal = field.getCOSDictionary(COSName.V);
            if (seal == null || !"Sig".equals(field.getNameAsString(COSName.FT))) continue;
            COSBase range = seal.getDictionaryObject(COSName.BYTERANGE);
            int[] parts = new int[4];
            for (int k = 0; k < 4 && range instanceof COSArray && ((COSArray) range).size() == 4; ++k)
                parts[k] = ((COSArray) range).getInt(k);
            boolean around = parts[0] == 0 && parts[1] > 0 && parts[2] > parts[1] && parts[3] > 0
                && (long) parts[2] + parts[3] <= file.length && file[parts[1]] == '<'
                && file[parts[2] - 1] == '>'
                && ((COSString) seal.getDictionaryObject(COSName.CONTENTS)).getBytes().length * 2
                    == parts[2] - parts[1] - 2;
            found.want(Clause.signatures, around, "a ByteRange that is not around its Contents");
        }
    }

    private void checkFiles(COSDictionary catalog) throws IOException {
        Set<COSBase> associated = new HashSet<>();
        for (COSDictionary one : all) {
            COSBase list = one.getDictionaryObject("AF");
            for (int i = 0; list instanceof COSArray && i < ((COSArray) list).size(); ++i)
                associated.add(((COSArray) list).getObject(i));
        }
        COSDictionary names = catalog.getCOSDictionary(COSName.NAMES);
        COSDictionary tree =
            names == null ? null : names.getCOSDictionary(COSName.getPDFName("EmbeddedFiles"));
        COSBase filed = tree == null ? null : tree.getDictionaryObject(COSName.NAMES);
        for (COSDictionary one : all) {
            COSDictionary held = one.getCOSDictionary(COSName.EF);
            if (held == null) continue;
            String name = one.getString(COSName.F), unicode = one.getString(COSName.UF);
            found.want(Clause.embedded_files, name != null && unicode != null, "a file without F and UF");
            found.want(Clause.embedded_files,
                relationships.contains(one.getNameAsString("AFRelationship", "?")), "no AFRelationship");
            found.want(
                Clause.embedded_files, one.getString(COSName.DESC) != null, "a file without description");
            found.want(
                Clause.associated_files, associated.contains(one), name + " is associated with nothing");
            boolean listed = false;
            for (int i = 0; filed instanceof COSArray && i + 1 < ((COSArray) filed).size(); i += 2)
                listed |= ((COSArray) filed).getObject(i + 1) == one
                    && ((COSArray) filed).getString(i).equals(unicode);
            found.want(Clause.associated_files, listed, name + " is not filed under its name");
            for (COSBase each : held.getValues()) {
                COSStream stream =
                    (COSStream) (each instanceof COSObject ? ((COSObject) each).getObject() : each);
                found.want(Clause.embedded_files,
                    stream.getNameAsString(COSName.SUBTYPE, "").matches("[\\w.+-]+/[\\w.+-]+"),
                    name + " has no MIME type");
                checkSizes(stream, name);
            }
        }
    }

    private void checkSizes(COSStream stream, String name) throws IOException {
        COSDictionary about = stream.getCOSDictionary(COSName.PARAMS);
        byte[] content = stream.createInputStream().readAllBytes();
        found.want(Clause.embedded_sizes, about != null && about.getInt(COSName.SIZE) == content.length,
            name + ": Size");
        found.want(
            Clause.embedded_sizes, about != null && about.getDate("ModDate") != null, name + ": ModDate");
        COSBase sum = about == null ? null : about.getDictionaryObject("CheckSum");
        try {
            found.want(Clause.embedded_sizes,
                sum instanceof COSString
                    && Arrays.equals(
                        ((COSString) sum).getBytes(), MessageDigest.getInstance("MD5").digest(content)),
                name + ": CheckSum");
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
