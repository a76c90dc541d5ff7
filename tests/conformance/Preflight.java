// PDFBox preflight, which knows PDF/A-1b only: what it finds must be what PDF/A-3 permits or PDFBox misjudges.
//
//   java Preflight FILE...
//
// The list below says for each permitted finding why it is none. A finding that is not on it fails; so does an entry of the
// list that no file needs any more.
import java.io.File;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.ValidationResult.ValidationError;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

public class Preflight {
    private static final Map<String, String> permitted = new LinkedHashMap<>(); // a finding -> why it is none
    static {
        permitted.put("7\\.11\\.2: Error on MetaData, part must be 1", "the file says part 3, and is");
        permitted.put("7\\.11\\.1: Error on MetaData, conformance level must be A or B",
            "the file says level U, which came with part 2: ISO 19005-3, 5.4");
        permitted.put("1\\.2\\.9: .*EmbeddedFile entry is present in a FileSpecification dictionary",
            "files of any kind may be embedded: ISO 19005-3, 6.8");
        permitted.put("1\\.4\\.7: .*EmbeddedFile entry is present in the Names dictionary", "the same");
        permitted.put("2\\.2\\.1: Invalid graphics transparency, Group has a transparency S entry.*",
            "the arms are a transparency group in RGB: ISO 19005-3, 6.2.10");
        permitted.put("3\\.1\\.11: .*The CIDSet entry is missing for the Composite Subset",
            "a CIDSet is no longer asked for: ISO 19005-3, 6.2.11.4.2");
    }

    private static ValidationResult validate(File file) throws Exception {
        PreflightParser parser = new PreflightParser(file);
        try {
            parser.parse();
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                return document.getResult();
            }
        } catch (SyntaxValidationException unreadable) {
            return unreadable.getResult();
        }
    }

    public static void main(String[] names) throws Exception {
        java.util.logging.LogManager.getLogManager().reset();
        Set<String> needed = new HashSet<>();
        boolean good = true;
        for (String name : names) {
            Set<String> said = new HashSet<>();
            for (ValidationError error : validate(new File(name)).getErrorsList()) {
                String finding = (error.getErrorCode() + ": " + error.getDetails()).replaceAll("\\s+", " ");
                String entry = permitted.keySet().stream().filter(finding::matches).findFirst().orElse(null);
                if (entry != null)
                    needed.add(entry);
                else
                    said.add(finding);
            }
            System.out.printf("%-36s %s%n", new File(name).getName(),
                said.isEmpty() ? "nothing that PDF/A-3 forbids" : "FOUND");
            for (String finding : said) System.out.println("    " + finding);
            good &= said.isEmpty();
        }
        for (Map.Entry<String, String> one : permitted.entrySet()) {
            boolean used = needed.contains(one.getKey());
            System.out.printf("permitted: %s%n    %s%s%n", one.getKey(), one.getValue(),
                used ? "" : " (NEVER FOUND: take it off the list)");
            good &= used;
        }
        System.exit(good ? 0 : 1);
    }
}
