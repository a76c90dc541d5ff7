// The clauses that are checked, and how. A: ISO 19005-3 (PDF/A-3, level U); U: ISO 14289-1 (PDF/UA-1); P: ISO 32000-1,
// where the two lean on it; H: a rule of our own. `java Conformance clauses` prints them as a numbered list.
//
// What only a person can judge (is the reading order sensible? does an alternative text say what is seen?) is not here,
// nor what our files never hold (multimedia, optional content with choices, XFA): those are refused as a whole.
enum Clause {
    header("A 6.1.2", "the first bytes are %PDF-1.0 to 1.7, then a comment of four bytes above 127"),
    trailer_id("A 6.1.3", "every trailer has an ID of two strings"),
    no_encryption("A 6.1.3, U 7.16", "no trailer has Encrypt"),
    end_of_file("A 6.1.3", "nothing but one end of line follows the last %%EOF"),
    xref_form("A 6.1.4", "startxref leads to tables of twenty-byte entries, and each entry to its object"),
    info_matches_xmp("A 6.1.5", "title, author, tools and dates of the information dictionary equal the XMP"),
    hex_strings("A 6.1.6", "hexadecimal strings are hexadecimal digits, an even number of them"),
    stream_form("A 6.1.7.1", "line ends around stream and endstream, the exact Length, no external data"),
    filters("A 6.1.7.2", "filters are standard ones, never LZW; Crypt is Identity"),
    names_utf8("A 6.1.8", "names of fonts and structure types are UTF-8"),
    object_form("A 6.1.9", "'n g obj' and 'endobj' stand on lines of their own, single spaces between"),
    permissions("A 6.1.12", "Perms holds DocMDP or UR3 only, and its reference no Digest keys"),
    limits("A 6.1.13", "sizes of integers, names, strings, pages, saved states and glyph numbers"),
    resources("A 6.2.2", "each page and form names its own resources, and every resource it uses"),
    operators("A 6.2.2", "content streams hold operators of ISO 32000-1 only, q and Q in pairs"),
    output_intent(
        "A 6.2.3", "one GTS_PDFA1 intent with an embedded RGB profile that is one (header, size, N)"),
    colour("A 6.2.4",
        "device colours match the output intent: grey and RGB, never CMYK; no unknown colour space"),
    graphics_state("A 6.2.5", "no transfer functions, no halftones of other kinds in graphics states"),
    rendering_intent("A 6.2.6", "rendering intents are one of the four"),
    images("A 6.2.8", "images have no Alternates and no OPI, and are not interpolated"),
    forms("A 6.2.9", "form XObjects have no OPI, PS or Ref"),
    transparency("A 6.2.10", "blend modes are standard ones; groups blend in RGB or grey"),
    font_types(
        "A 6.2.11.2, U 7.21.2", "fonts are Type0 over CIDFontType2 with all keys, and one name throughout"),
    cid_system("A 6.2.11.3.1, U 7.21.3.1", "the encoding is Identity-H and the CIDSystemInfo Adobe-Identity"),
    cid_to_gid("A 6.2.11.3.2, U 7.21.3.2", "CIDToGIDMap is there, Identity or a stream"),
    embedded_cmap("A 6.2.11.3.3, U 7.21.3.3", "the encoding is a predefined CMap or an embedded one"),
    font_embedded(
        "A 6.2.11.4.1, U 7.21.4.1", "every font in use is embedded, parses, and has every glyph in use"),
    font_subset("A 6.2.11.4.2, U 7.21.4.2", "a CIDSet, if any, names every glyph of the subset"),
    font_widths("A 6.2.11.5, U 7.21.5", "W agrees with the font program to one thousandth of an em"),
    to_unicode(
        "A 6.2.11.7.2, U 7.21.7", "every code shown maps to Unicode, never to nothing, U+FEFF or U+FFFE"),
    to_unicode_true("H", "the glyph shown has the outline that the full font has for that character"),
    notdef("A 6.2.11.8, U 7.21.8", "no text shows glyph 0"),
    annotation_types("A 6.3.1, U 7.18.2", "annotations are links and form fields only"),
    annotation_flags("A 6.3.2", "F prints, and neither hides, nor toggles"),
    annotation_looks("A 6.3.3", "a field with an area has one normal appearance and no other"),
    form_actions("A 6.4.1", "no NeedAppearances, and no field with an action"),
    no_xfa("A 6.4.2, U 7.15", "no XFA and no NeedsRendering"),
    signatures("A 6.4.3", "each ByteRange leaves out its own Contents and nothing else"),
    actions("A 6.5.1, U 7.19", "the only actions are URI, in links"),
    triggers("A 6.5.2", "no additional actions on document, page, annotation or field"),
    metadata_stream(
        "A 6.6.2.1", "the catalog's XMP packet is UTF-8, without bytes and encoding in its header"),
    metadata_plain("H", "the metadata stream has no filter, so that any tool finds it"),
    xmp_properties(
        "A 6.6.2.3.1", "each property is of a predefined schema or described in the extension schema"),
    xmp_extensions("A 6.6.2.3.3", "extension schemas have every field, with the prefixes of the standard"),
    pdfa_id("A 6.6.4", "pdfaid:part is 3 and pdfaid:conformance U, once"),
    embedded_files(
        "A 6.8, U 7.11", "each file specification has F, UF and a relationship; its file a MIME type"),
    associated_files("A 6.8", "each embedded file is associated, and filed under its name"),
    embedded_sizes("P 7.11.4", "size, checksum and date of the embedded file are right"),
    no_layers("A 6.9, U 7.10", "no optional content"),
    no_presentation("A 6.10", "no AlternatePresentations and no PresSteps"),
    no_requirements("A 6.11", "no Requirements in the catalog"),

    pdfua_id("U 5", "pdfuaid:part is 1, once"),
    all_marked("U 7.1", "everything painted is inside marked content, tagged or artifact"),
    artifact_apart("U 7.1", "no artifact inside tagged content, and no tagged content inside an artifact"),
    no_suspects("U 7.1", "MarkInfo says Marked, and Suspects is not true"),
    standard_types("U 7.1", "structure types are standard ones, or mapped to them without circles"),
    document_title("U 7.1", "dc:title is there, and DisplayDocTitle is true"),
    structure_tree(
        "P 14.7.2", "parents and kids of structure elements agree; the root's kid is one Document"),
    content_owned("P 14.7.4.3", "each marked piece belongs to one element, and each element's pieces exist"),
    parent_tree("P 14.7.4.4", "the parent tree gives the owner back, for pages and for annotations"),
    language("U 7.2", "the catalog has Lang, and every Lang is a language tag"),
    nesting("U 7.2", "rows, cells, list items and their like stand inside what they belong to"),
    figures("U 7.3", "every Figure has an alternative text, and a box on its page"),
    headings("U 7.4.2", "the first heading is H1 and none is skipped; numbered and unnumbered do not mix"),
    table_form("U 7.5", "tables are rows of equally many cells, and their headers say what they head"),
    table_tagged("U 7.5", "lines that stand in three or more columns on several rows are a Table"),
    formulas_notes("U 7.7, 7.9", "Formula has an alternative text, Note an ID of its own"),
    annotation_tagged("U 7.18.1", "each annotation that is seen belongs to an element, and says what it is"),
    tab_order("U 7.18.3", "pages with annotations have Tabs S"),
    fields_tagged("U 7.18.4", "a field is the only one in its Form element, and has TU"),
    links_tagged("U 7.18.5", "a link is in a Link element, and has Contents"),
    forms_once("U 7.20", "form XObjects are not references, and those with marked content are shown once"),
    no_empty_elements("H", "no element without content, which a screen reader would stop at in silence");

    final String where, how;
    Clause(String where, String how) {
        this.where = where;
        this.how = how;
    }
}
