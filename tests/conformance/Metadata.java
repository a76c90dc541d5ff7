// The XMP packet, and the information dictionary beside it.
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.cos.COSBase;
import org.apache.pdfbox.cos.COSDictionary;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.cos.COSStream;
import org.apache.pdfbox.util.DateConverter;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

class Metadata {
    private static final String rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
                                dc = "http://purl.org/dc/elements/1.1/", xmp = "http://ns.adobe.com/xap/1.0/",
                                pdf = "http://ns.adobe.com/pdf/1.3/",
                                pdfaid = "http://www.aiim.org/pdfa/ns/id/",
                                pdfuaid = "http://www.aiim.org/pdfua/ns/id/",
                                extension = "http://www.aiim.org/pdfa/ns/extension/",
                                schema = "http://www.aiim.org/pdfa/ns/schema#",
                                property = "http://www.aiim.org/pdfa/ns/property#";
    private static final Map<String, List<String>> predefined = new HashMap<>();
    static {
        predefined.put(dc,
            words(
                "contributor coverage creator date description format identifier language publisher relation rights source subject title type"));
        predefined.put(xmp,
            words(
                "BaseURL CreateDate CreatorTool Identifier Label MetadataDate ModifyDate Nickname Rating Thumbnails"));
        predefined.put(pdf, words("Keywords PDFVersion Producer Trapped"));
        predefined.put(pdfaid, words("part amd corr conformance rev"));
        predefined.put(extension, words("schemas"));
    }

    private static List<String> words(String all) { return Arrays.asList(all.split(" ")); }

    private final Findings found;
    private Document packet;

    Metadata(Findings found) { this.found = found; }

    void check(COSDictionary catalog, COSDictionary trailer) throws IOException {
        COSBase metadata = catalog.getDictionaryObject(COSName.METADATA);
        found.want(Clause.metadata_stream, metadata instanceof COSStream, "the catalog has no metadata");
        if (!(metadata instanceof COSStream)) return;
        COSStream stream = (COSStream) metadata;
        found.want(Clause.metadata_stream,
            "XML".equals(stream.getNameAsString(COSName.SUBTYPE))
                && "Metadata".equals(stream.getNameAsString(COSName.TYPE)),
            "the metadata's Type and Subtype");
        found.want(Clause.metadata_plain, !stream.containsKey(COSName.FILTER), "the metadata is compressed");
        byte[] bytes = stream.createInputStream().readAllBytes();
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException problem) {
            found.want(Clause.metadata_stream, false, "the packet is not UTF-8");
            return;
        }
        String head = text.substring(0, Math.max(0, text.indexOf("?>")));
        found.want(Clause.metadata_stream,
            head.matches("<\\?xpacket begin=[\"']\uFEFF?[\"'] id=[\"']W5M0MpCehiHzreSzNTczkc9d[\"'].*")
                && text.trim().matches("(?s).*<\\?xpacket end=[\"'][rw][\"']\\?>"),
            "no packet around the metadata");
        found.want(Clause.metadata_stream, !head.contains("bytes=") && !head.contains("encoding="),
            "bytes or encoding in the packet's header");
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            packet = builder.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        } catch (Exception problem) {
            found.want(Clause.metadata_stream, false, "the packet is not well-formed XML");
            return;
        }
        checkProperties();
        checkIdentifiers();
        checkInformation(trailer.getCOSDictionary(COSName.INFO), catalog);
    }

    private static List<Element> children(Node of) {
        List<Element> all = new ArrayList<>();
        for (Node one = of.getFirstChild(); one != null; one = one.getNextSibling())
            if (one instanceof Element) all.add((Element) one);
        return all;
    }

    private List<Element> properties() {
        List<Element> all = new ArrayList<>();
        var descriptions = packet.getElementsByTagNameNS(rdf, "Description");
        for (int i = 0; i < descriptions.getLength(); ++i)
            if (rdf.equals(descriptions.item(i).getParentNode().getNamespaceURI()))
                all.addAll(children(descriptions.item(i)));
        return all;
    }

    private String value(String namespace, String name) {
        List<String> values = new ArrayList<>();
        for (Element one : properties())
            if (namespace.equals(one.getNamespaceURI()) && name.equals(one.getLocalName()))
                values.add(one.getTextContent().trim());
        return values.size() == 1 ? values.get(0) : null;
    }

    private void checkProperties() {
        Set<String> described = new HashSet<>();
        for (Element one : properties())
            if (extension.equals(one.getNamespaceURI()) && one.getLocalName().equals("schemas")) {
                found.want(Clause.xmp_extensions, "pdfaExtension".equals(one.getPrefix()),
                    "another prefix than pdfaExtension");
                for (Element bag : children(one))
                    for (Element each : children(bag)) readSchema(each, described);
            }
        for (Element one : properties()) {
            String space = one.getNamespaceURI(), name = one.getLocalName();
            boolean known =
                predefined.getOrDefault(space, List.of()).contains(name) || described.contains(space + name);
            found.want(Clause.xmp_properties, known, one.getNodeName() + " is not described");
        }
        for (Element one : properties())
            if (dc.equals(one.getNamespaceURI())) {
                String kind = children(one).isEmpty() ? "" : children(one).get(0).getLocalName();
                String wanted = words("title description rights").contains(one.getLocalName()) ? "Alt"
                    : words("creator date").contains(one.getLocalName())                       ? "Seq"
                    : words("contributor language publisher relation subject type")
                          .contains(one.getLocalName())
                    ? "Bag"
                    : "";
                found.want(
                    Clause.xmp_properties, kind.equals(wanted), one.getNodeName() + " is of another type");
            }
    }

    private void readSchema(Element each, Set<String> described) {
        Map<String, String> fields = new HashMap<>();
        for (Element field : children(each)) {
            found.want(Clause.xmp_extensions,
                schema.equals(field.getNamespaceURI()) && "pdfaSchema".equals(field.getPrefix()),
                field.getNodeName() + " in a schema");
            fields.put(field.getLocalName(), field.getTextContent().trim());
        }
        for (String key : new String[] {"schema", "namespaceURI", "prefix", "property"})
            found.want(
                Clause.xmp_extensions, !fields.getOrDefault(key, "").isEmpty(), "a schema without " + key);
        for (Element field : children(each)) {
            if (!field.getLocalName().equals("property")) continue;
            for (Element list : children(field))
                for (Element one : children(list)) {
                    Map<String, String> parts = new HashMap<>();
                    for (Element part : children(one)) {
                        found.want(Clause.xmp_extensions,
                            property.equals(part.getNamespaceURI())
                                && "pdfaProperty".equals(part.getPrefix()),
                            part.getNodeName() + " in a property");
                        parts.put(part.getLocalName(), part.getTextContent().trim());
                    }
                    for (String key : new String[] {"name", "valueType", "category", "description"})
                        found.want(Clause.xmp_extensions, !parts.getOrDefault(key, "").isEmpty(),
                            "a property without " + key);
                    found.want(Clause.xmp_extensions,
                        words("internal external").contains(parts.get("category")),
                        "category " + parts.get("category"));
                    described.add(fields.get("namespaceURI") + parts.get("name"));
                }
        }
    }

    private void checkIdentifiers() {
        found.want(
            Clause.pdfa_id, "3".equals(value(pdfaid, "part")), "pdfaid:part is " + value(pdfaid, "part"));
        found.want(Clause.pdfa_id, "U".equals(value(pdfaid, "conformance")),
            "pdfaid:conformance is " + value(pdfaid, "conformance"));
        found.want(
            Clause.pdfua_id, "1".equals(value(pdfuaid, "part")), "pdfuaid:part is " + value(pdfuaid, "part"));
        String title = value(dc, "title");
        found.want(Clause.document_title, title != null && !title.isEmpty(), "no dc:title");
    }

    private void checkInformation(COSDictionary info, COSDictionary catalog) {
        COSDictionary preferences = catalog.getCOSDictionary(COSName.getPDFName("ViewerPreferences"));
        found.want(Clause.document_title,
            preferences != null && preferences.getBoolean(COSName.getPDFName("DisplayDocTitle"), false),
            "DisplayDocTitle");
        if (info == null) return;
        String[][] pairs = {{"Title", dc, "title"}, {"Author", dc, "creator"},
            {"Creator", xmp, "CreatorTool"}, {"Producer", pdf, "Producer"}};
        for (String[] pair : pairs)
            if (info.containsKey(pair[0]))
                found.want(Clause.info_matches_xmp, info.getString(pair[0]).equals(value(pair[1], pair[2])),
                    pair[0] + " differs from the XMP");
        String[][] dates = {{"CreationDate", "CreateDate"}, {"ModDate", "ModifyDate"}};
        for (String[] pair : dates)
            if (info.containsKey(pair[0])) {
                Calendar a = DateConverter.toCalendar(info.getString(pair[0]));
                String iso = value(xmp, pair[1]);
                Calendar b = iso == null ? null : DateConverter.toCalendar(iso);
                found.want(Clause.info_matches_xmp,
                    a != null && b != null && a.getTimeInMillis() == b.getTimeInMillis(),
                    pair[0] + " differs from the XMP");
            }
    }
}
