package org.carousel.training.trials;

import java.util.ArrayList;
import java.util.List;

/** A line of comma-separated fields; one with a comma, a quotation mark or space around it stands in quotation marks. */
final class CsvLine {
    private CsvLine() {}

    static String join(List<String> fields) {
        StringBuilder line = new StringBuilder();
        for (int k = 0; k < fields.size(); k++) {
            line.append(k == 0 ? "" : ",").append(quoted(fields.get(k)));
        }
        return line.toString();
    }

    private static String quoted(String field) {
        String oneLine = field.replaceAll("\\R|[\\p{Cntrl}]", " ");
        boolean plain = oneLine.equals(oneLine.strip()) && oneLine.indexOf(',') < 0 && oneLine.indexOf('"') < 0;
        return plain ? oneLine : '"' + oneLine.replace("\"", "\"\"") + '"';
    }

    /** The fields of a line; throws when a quotation mark is left open. */
    static List<String> split(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int n = 0; n < line.length(); n++) {
            char c = line.charAt(n);
            if (c == '"' && quoted && n + 1 < line.length() && line.charAt(n + 1) == '"') {
                field.append('"');
                n++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        if (quoted) {
            throw new IllegalArgumentException("a quotation mark is left open");
        }
        fields.add(field.toString());
        return fields;
    }
}
