// Does the text that others read from a certificate hold the very name that was typed? java PeerNames DIR
//
// DIR/names.tsv says for each file which name must stand in it; beside FILE.pdf lies FILE.txt, what pdftotext reads. PDFBox
// reads here. The name is one or more whole lines; a line may end at a space of the name, or inside a word.
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;

public class PeerNames {
    private static boolean beginsAt(List<String> lines, int first, String name) {
        int at = 0;
        for (int i = first; i < lines.size() && at < name.length(); ++i) {
            if (lines.get(i).isEmpty() || !name.startsWith(lines.get(i), at)) return false;
            at += lines.get(i).length();
            if (at < name.length() && name.charAt(at) == ' ') ++at;
        }
        return at == name.length();
    }

    /** Twice: the organisation is called so, and so is the person who signs. */
    private static boolean holds(String text, String name) {
        List<String> lines = Arrays.asList(text.replace("\f", "").split("\n"));
        lines.replaceAll(String::stripTrailing);
        int found = 0;
        for (int i = 0; i < lines.size(); ++i) found += beginsAt(lines, i, name) ? 1 : 0;
        return found >= 2;
    }

    public static void main(String[] arguments) throws IOException {
        java.util.logging.LogManager.getLogManager().reset();
        Path folder = new File(arguments[0]).toPath();
        int names = 0, poppler = 0, pdfbox = 0;
        for (String line : Files.readAllLines(folder.resolve("names.tsv"))) {
            String file = line.split("\t", 2)[0], name = line.split("\t", 2)[1];
            boolean there = holds(Files.readString(folder.resolve(file.replace(".pdf", ".txt"))), name), here;
            try (PDDocument document = PDDocument.load(folder.resolve(file).toFile())) {
                here = holds(new PDFTextStripper().getText(document), name);
            }
            ++names;
            poppler += there ? 1 : 0;
            pdfbox += here ? 1 : 0;
            if (!there || !here)
                System.out.println(file + ": " + name + (there ? "" : " (not in pdftotext's text)")
                    + (here ? "" : " (not in PDFBox's text)"));
        }
        System.out.println(names + " names: pdftotext reads " + poppler + ", PDFBox " + pdfbox);
        System.exit(names == 200 && poppler == names && pdfbox == names ? 0 : 1);
    }
}
