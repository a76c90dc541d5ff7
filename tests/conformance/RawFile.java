// The bytes of the file, read without a PDF library: header, trailers, tables, and the form of every object.
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

class RawFile {
    private static final Pattern entry = Pattern.compile("\\G(\\d{10}) (\\d{5}) ([nf])(\r\n| \n| \r)");
    private static final Pattern section = Pattern.compile("\\G(\\d+) (\\d+) ?(\r\n|\n|\r)");
    private static final Pattern objectStart = Pattern.compile("\\G(\\d+) (\\d+) obj(\r\n|\n|\r)");
    private static final Pattern lengthKey = Pattern.compile("/Length (\\d+)(?: (\\d+) R)?");
    private static final String delimiters = "()<>[]{}/% \t\r\n\f\0";

    private final String text; // Latin-1: a character a byte
    private final Findings found;
    private final Map<Integer, Integer> offsets = new TreeMap<>(); // the newest of each object

    RawFile(byte[] bytes, Findings found) {
        this.text = new String(bytes, StandardCharsets.ISO_8859_1);
        this.found = found;
    }

    void check() {
        boolean version = text.matches("(?s)%PDF-1\\.[0-7][\r\n].*");
        found.want(Clause.header, version, "it does not begin with %PDF-1.n");
        found.want(
            Clause.header, text.matches("(?s)[^\r\n]*(\r\n|\r|\n)%[\\x80-\\xff]{4}.*"), "no binary comment");
        found.want(
            Clause.end_of_file, text.matches("(?s).*%%EOF(\r\n|\r|\n)?"), "something follows the last %%EOF");
        readTables();
        for (int start : offsets.values()) checkObject(start);
    }

    private void readTables() {
        Matcher last = Pattern.compile("startxref\\s+(\\d+)\\s+%%EOF\\s*$").matcher(text);
        boolean has = last.find();
        found.want(Clause.xref_form, has, "no startxref at the end");
        Set<Integer> seen = new HashSet<>();
        int at = has ? parse(last.group(1)) : -1;
        while (at >= 0 && seen.add(at)) at = readTable(at);
    }

    /** One table and its trailer; gives back where the previous one is, or -1. */
    private int readTable(int at) {
        Matcher word = Pattern.compile("\\Gxref(\r\n|\n|\r)").matcher(text);
        boolean table = at < text.length() && word.find(at);
        found.want(Clause.xref_form, table, "no table at " + at);
        if (!table) return -1;
        at = word.end();
        Matcher head = section.matcher(text), one = entry.matcher(text);
        while (head.find(at)) {
            int first = parse(head.group(1)), count = parse(head.group(2));
            at = head.end();
            for (int i = 0; i < count; ++i) {
                boolean good = one.find(at);
                found.want(Clause.xref_form, good, "an entry of the table at " + at + " is not twenty bytes");
                if (!good) return -1;
                at = one.end();
                if (one.group(3).equals("n")) offsets.putIfAbsent(first + i, parse(one.group(1)));
            }
        }
        int end = text.indexOf("startxref", at);
        String trailer = end < 0 ? "" : text.substring(at, end);
        found.want(Clause.xref_form, trailer.startsWith("trailer"), "no trailer behind the table");
        found.want(Clause.trailer_id,
            Pattern.compile("/ID ?\\[ ?[<(].*[>)] ?[<(].*[>)] ?\\]", Pattern.DOTALL).matcher(trailer).find(),
            "a trailer without ID");
        found.want(Clause.no_encryption, !trailer.contains("/Encrypt"), "encrypted");
        Matcher previous = Pattern.compile("/Prev (\\d+)").matcher(trailer);
        return previous.find() ? parse(previous.group(1)) : -1;
    }

    private static int parse(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException tooLarge) {
            return -1;
        }
    }

    private void checkObject(int start) {
        Matcher head = objectStart.matcher(text);
        boolean good = start >= 0 && start < text.length() && head.find(start);
        found.want(Clause.xref_form, good && offsets.get(parse(head.group(1))) == start,
            "no object of its number at " + start);
        found.want(Clause.object_form, good, "'n g obj' at " + start + " is not on a line of its own");
        if (!good) return;
        String name = "object " + head.group(1);
        found.want(Clause.object_form, start == 0 || "\r\n".indexOf(text.charAt(start - 1)) >= 0,
            name + " does not begin a line");
        int at = skipTokens(head.end(), name);
        if (text.startsWith("stream", at)) at = checkStream(head.end(), at, name);
        if (at < 0) return;
        boolean ends = text.startsWith("endobj", at) && "\r\n".indexOf(text.charAt(at - 1)) >= 0
            && at + 6 < text.length() && "\r\n".indexOf(text.charAt(at + 6)) >= 0;
        found.want(Clause.object_form, ends, name + ": endobj is not on a line of its own");
    }

    /** Behind endstream, or -1 when that cannot be found. */
    private int checkStream(int from, int at, String name) {
        Matcher length = lengthKey.matcher(text.substring(from, at));
        boolean known = length.find();
        found.want(Clause.stream_form, known, name + " has no Length");
        if (!known) return -1;
        int size = parse(length.group(1));
        if (length.group(2) != null) {
            Matcher number = Pattern.compile("\\G\\d+ \\d+ obj\\s+(\\d+)").matcher(text);
            size = offsets.containsKey(size) && number.find(offsets.get(size)) ? parse(number.group(1)) : -1;
        }
        int data = at + 6;
        if (text.startsWith("\r\n", data))
            data += 2;
        else if (text.startsWith("\n", data))
            data += 1;
        else
            found.want(Clause.stream_form, false, name + ": no line end behind stream");
        Matcher end = Pattern.compile("\\G(\r\n|\n|\r)endstream(\r\n|\n|\r)").matcher(text);
        boolean exact = size >= 0 && data + size < text.length() && end.find(data + size);
        found.want(Clause.stream_form, exact, name + ": Length, or the line ends around endstream");
        return exact ? end.end() : -1;
    }

    /** To the word stream or endobj, looking at every token on the way. */
    private int skipTokens(int at, String name) {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                at = skipLiteral(at, name);
            } else if (text.startsWith("<<", at) || text.startsWith(">>", at)) {
                at += 2;
            } else if (c == '<') {
                int end = text.indexOf('>', at);
                if (end < 0) return text.length();
                String digits = text.substring(at + 1, end).replaceAll("\\s", "");
                found.want(
                    Clause.hex_strings, digits.matches("([0-9A-Fa-f]{2})*"), name + ": a hexadecimal string");
                found.want(Clause.limits, digits.length() / 2 <= 32767, name + ": a long string");
                at = end + 1;
            } else if (c == '%') {
                while (at < text.length() && "\r\n".indexOf(text.charAt(at)) < 0) ++at;
            } else if (c == '/') {
                int end = endOfWord(at + 1);
                found.want(Clause.limits, text.substring(at + 1, end).replaceAll("#..", "x").length() <= 127,
                    name + ": a long name");
                at = end;
            } else if (delimiters.indexOf(c) >= 0) {
                ++at;
            } else {
                int end = endOfWord(at);
                String word = text.substring(at, end);
                if (word.equals("stream") || word.equals("endobj")) return at;
                if (word.matches("[+-]?\\d+"))
                    found.want(Clause.limits, Math.abs(Double.parseDouble(word)) <= 2147483647.0,
                        name + ": a large integer");
                at = end;
            }
        }
        return at;
    }

    private int endOfWord(int at) {
        while (at < text.length() && delimiters.indexOf(text.charAt(at)) < 0) ++at;
        return at;
    }

    private int skipLiteral(int at, String name) {
        int depth = 0, start = at;
        for (; at < text.length(); ++at) {
            char c = text.charAt(at);
            if (c == '\\')
                ++at;
            else if (c == '(')
                ++depth;
            else if (c == ')' && --depth == 0)
                break;
        }
        found.want(Clause.limits, at - start <= 32767, name + ": a long string");
        return at + 1;
    }
}
