package org.carousel.notebook.internal;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Records, collections of records of one kind, and maps as tables; the text is that of {@link ValueText}. A record with a
 * {@code toString} of its own keeps it.
 */
final class RecordRendering {
    static final int LONGEST_CELL = 1000;
    private static final int ROWS = 20;

    private RecordRendering() {}

    static boolean accepts(Object value) {
        return (value instanceof Record r && ValueText.hasGeneratedText(r))
                || (value instanceof Map<?, ?> m && !m.isEmpty() && ValueText.hasTextOfJava(m))
                || (value instanceof Collection<?> c && ValueText.hasTextOfJava(c) && ofOneRecord(c));
    }

    /** Whether the rows of a table would be records of one kind. */
    private static boolean ofOneRecord(Collection<?> values) {
        Class<?> type = null;
        for (Object value : first(values)) {
            if (!(value instanceof Record r)
                    || !ValueText.hasGeneratedText(r)
                    || (type != null && type != value.getClass())) {
                return false;
            }
            type = value.getClass();
        }
        return type != null;
    }

    /** What becomes rows; not by a stream, which would believe what a collection says about its size. */
    private static <T> List<T> first(Collection<T> all) {
        List<T> first = new ArrayList<>();
        Iterator<T> next = all.iterator();
        while (first.size() < ROWS && next.hasNext()) {
            first.add(next.next());
        }
        return first;
    }

    static Rendering of(Object value) {
        List<String> head = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        int all = 1;
        if (value instanceof Map<?, ?> map) {
            all = map.size();
            head.addAll(List.of("key", "value"));
            first(map.entrySet()).forEach(e -> rows.add(List.of(ValueText.of(e.getKey()), ValueText.of(e.getValue()))));
        } else {
            Collection<?> records = value instanceof Collection<?> c ? c : List.of(value);
            all = records.size();
            for (RecordComponent component :
                    records.iterator().next().getClass().getRecordComponents()) {
                head.add(component.getName());
            }
            first(records).forEach(r -> rows.add(values(r)));
        }
        return Rendering.html(html(head, rows, all), ValueText.of(value));
    }

    private static List<Object> values(Object value) {
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            values.add(Objects.requireNonNullElse(value(value, component), "null"));
        }
        return values;
    }

    /** What a record holds, or why it cannot be read. */
    static @Nullable Object value(Object record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true); // records of cells are not public
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException | RuntimeException e) {
            return "(cannot be read: " + e + ")";
        }
    }

    private static String html(List<String> head, List<List<Object>> rows, int all) {
        StringBuilder html = new StringBuilder("<table><thead><tr>");
        head.forEach(name -> html.append("<th>").append(Rendering.escape(name)).append("</th>"));
        html.append("</tr></thead><tbody>");
        for (List<Object> row : rows) {
            html.append("<tr>");
            for (Object cell : row) {
                String side = cell instanceof Number ? "right" : "left";
                html.append("<td style=\"text-align:").append(side).append("\">");
                html.append(Rendering.escape(ValueText.cut(Rendering.of(cell).plain(), LONGEST_CELL)))
                        .append("</td>");
            }
            html.append("</tr>");
        }
        html.append("</tbody></table>");
        if (all > rows.size()) {
            html.append("<p>")
                    .append(all)
                    .append(" rows, the first ")
                    .append(rows.size())
                    .append(" shown</p>");
        }
        return html.toString();
    }
}
