package org.carousel.notebook.internal;

import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;

/** Tablesaw's tables as HTML, the first {@value #ROWS} rows. */
final class TableRendering {
    static final int ROWS = 20;

    private TableRendering() {}

    static Class<?>[] types() {
        return new Class<?>[] {Table.class};
    }

    static boolean accepts(@Nullable Object value) {
        return value instanceof Table;
    }

    static Rendering of(@Nullable Object value) {
        Table table = (Table) java.util.Objects.requireNonNull(value);
        StringBuilder html = new StringBuilder("<table><thead><tr>");
        for (String name : table.columnNames()) {
            html.append("<th>").append(Rendering.escape(name)).append("</th>");
        }
        html.append("</tr></thead><tbody>");
        for (int r = 0; r < Math.min(ROWS, table.rowCount()); r++) {
            html.append("<tr>");
            for (int c = 0; c < table.columnCount(); c++) {
                String side = table.column(c) instanceof NumericColumn ? "right" : "left";
                html.append("<td style=\"text-align:")
                        .append(side)
                        .append("\">")
                        .append(Rendering.escape(ValueText.cut(table.getString(r, c), RecordRendering.LONGEST_CELL)))
                        .append("</td>");
            }
            html.append("</tr>");
        }
        html.append("</tbody></table>");
        if (table.rowCount() > ROWS) {
            html.append("<p>")
                    .append(table.rowCount())
                    .append(" rows, the first ")
                    .append(ROWS)
                    .append(" shown</p>");
        }
        return Rendering.html(html.toString(), ValueText.cut(table.print(ROWS), ValueText.LONGEST));
    }
}
