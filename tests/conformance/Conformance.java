// Structure checks of certificates against ISO 19005-3 (PDF/A-3u) and ISO 14289-1 (PDF/UA-1), with PDFBox's reader and our
// own of the bytes; nothing of the product is used.
//
//   java Conformance clauses             the numbered list: clause, and how it is checked
//   java Conformance check FILE...       what is found against each file; ends with 1 when anything is
//                                        (--known CLAUSE before the files: said, and let pass)
//   java Conformance mutations FILE      breaks the file against each clause in turn: each check must fire
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.pdfbox.pdmodel.PDDocument;

public class Conformance {
    static Findings check(PDDocument document, byte[] file) throws IOException {
        Findings found = new Findings();
        new RawFile(file, found).check();
        Content content = new Content(document, found);
        new Fonts(found).check(content.codes);
        new Metadata(found).check(
            document.getDocumentCatalog().getCOSObject(), document.getDocument().getTrailer());
        new PdfA(file, found).check(document);
        new PdfUa(content, found).check(document);
        return found;
    }

    private static boolean checkFile(String name, Set<String> known) throws IOException {
        byte[] file = Files.readAllBytes(new File(name).toPath());
        try (PDDocument document = PDDocument.load(file)) {
            Findings found = check(document, file);
            int asked = 0;
            for (Clause clause : Clause.values()) asked += found.asked(clause);
            boolean good = found.against.keySet().stream().allMatch(clause -> known.contains(clause.name()));
            String verdict = found.none() ? "conforms"
                : good                    ? "conforms but for what is known"
                                          : "DOES NOT CONFORM";
            System.out.printf("%-36s %s (%d questions)%n", new File(name).getName(), verdict, asked);
            found.against.forEach((clause, why) -> {
                System.out.printf("    %s (%s)%n", clause, clause.where);
                why.stream().distinct().limit(5).forEach(one -> System.out.println("        " + one));
            });
            return good;
        }
    }

    public static void main(String[] arguments) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        String what = arguments.length == 0 ? "" : arguments[0];
        boolean good = true;
        if (what.equals("clauses")) {
            for (Clause one : Clause.values())
                System.out.printf("%2d. %-22s %-26s %s%n", one.ordinal() + 1, one, one.where, one.how);
        } else if (what.equals("check") && arguments.length > 1) {
            Set<String> known = new HashSet<>();
            int first = 1;
            for (; first + 1 < arguments.length && arguments[first].equals("--known"); first += 2)
                known.add(arguments[first + 1]);
            for (String name : Arrays.copyOfRange(arguments, first, arguments.length))
                good &= checkFile(name, known);
        } else if (what.equals("mutations") && arguments.length == 2) {
            good = Mutations.run(Files.readAllBytes(new File(arguments[1]).toPath()));
        } else {
            System.err.println("usage: java Conformance clauses | check FILE... | mutations FILE");
            System.exit(2);
        }
        System.exit(good ? 0 : 1);
    }
}
