package org.carousel.notebook.internal;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Records, collections of records of one kind, and maps as tables; the text is that of {@link Texts}. A record with a
 * {@code toString} of its own keeps it.
 */
final class RecordRendering {
    private static final int ROWS = 20;

    private RecordRendering() {}

    static boolean accepts(Object value) {
        return (value instanceof Record r && isPlain(r))
                || (value instanceof Map<?, ?> m && !m.isEmpty() && Texts.hasTextOfJava(m))
                || (value instanceof Collection<?> c && Texts.hasTextOfJava(c) && ofOneRecord(c));
    }

    /** Whether its text is the one that every record has; one with a text of its own says it better than a table. */
    static boolean isPlain(Record value) {
        return text(value, String::valueOf).equals(value.toString());
    }

    /** {@code Name[a=1, b=2]}, with the given text of each part. */
    static String text(Record value, Function<Object, String> part) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        List<Object> values = values(value);
        StringBuilder text = new StringBuilder(value.getClass().getSimpleName()).append('[');
        for (int k = 0; k < components.length; k++) {
            text.append(k == 0 ? "" : ", ")
                    .append(components[k].getName())
                    .append('=')
                    .append(part.apply(values.get(k)));
        }
        return text.append(']').toString();
    }

    private static boolean ofOneRecord(Collection<?> values) {
        Class<?> type = null;
        for (Object value : values) {
            if (!(value instanceof Record r) || !isPlain(r) || (type != null && type != value.getClass())) {
                return false;
            }
            type = value.getClass();
        }
        return type != null;
    }

    static Rendering of(Object value) {
        List<String> head = new ArrayList<>();
        List<List<Object>> rows = new ArrayList<>();
        int all = 1;
        if (value instanceof Map<?, ?> map) {
            all = map.size();
            head.addAll(List.of("key", "value"));
            map.entrySet().stream()
                    .limit(ROWS)
                    .forEach(e -> rows.add(List.of(Texts.of(e.getKey()), Texts.of(e.getValue()))));
        } else {
            Collection<?> records = value instanceof Collection<?> c ? c : List.of(value);
            all = records.size();
            for (RecordComponent component :
                    records.iterator().next().getClass().getRecordComponents()) {
                head.add(component.getName());
            }
            records.stream().limit(ROWS).forEach(r -> rows.add(values(r)));
        }
        return Rendering.html(html(head, rows, all), Texts.of(value));
    }

    private static List<Object> values(Object value) {
        List<Object> values = new ArrayList<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                component.getAccessor().setAccessible(true); // records of cells are not public
                Object part = component.getAccessor().invoke(value);
                values.add(part == null ? "null" : part);
            } catch (ReflectiveOperationException | RuntimeException e) {
                values.add("(cannot be read: " + e + ")");
            }
        }
        return values;
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
                html.append(Rendering.escape(Rendering.of(cell).plain())).append("</td>");
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
