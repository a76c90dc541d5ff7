// What was found against each clause.
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

class Findings {
    final Map<Clause, List<String>> against = new EnumMap<>(Clause.class);
    private final Map<Clause, Integer> asked = new EnumMap<>(Clause.class);

    void want(Clause clause, boolean held, String otherwise) {
        asked.merge(clause, 1, Integer::sum);
        if (!held) against.computeIfAbsent(clause, any -> new ArrayList<>()).add(otherwise);
    }

    int asked(Clause clause) { return asked.getOrDefault(clause, 0); }

    boolean none() { return against.isEmpty(); }
}
