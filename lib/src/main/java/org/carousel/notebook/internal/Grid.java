package org.carousel.notebook.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A matrix as a compact table: the first and last rows and columns, at most {@value #LARGEST} of each. */
final class Grid {
    static final int LARGEST = 8;
    private static final int HEAD = 5;
    private static final int GAP = -1;

    private Grid() {}

    @FunctionalInterface
    interface Cells {
        double get(int row, int column);
    }

    static String html(String caption, int rows, int columns, Cells cells) {
        StringBuilder out = new StringBuilder("<table>");
        if (!caption.isEmpty()) {
            out.append("<caption style=\"text-align:left\">")
                    .append(Rendering.escape(caption))
                    .append("</caption>");
        }
        out.append("<tbody>");
        for (int r : shown(rows)) {
            out.append("<tr>");
            for (int c : shown(columns)) {
                out.append("<td style=\"text-align:right\">")
                        .append(cell(cells, r, c))
                        .append("</td>");
            }
            out.append("</tr>");
        }
        return out.append("</tbody></table>").toString();
    }

    static String text(String caption, int rows, int columns, Cells cells) {
        List<String> lines = new ArrayList<>(List.of(caption));
        for (int r : shown(rows)) {
            StringBuilder line = new StringBuilder();
            for (int c : shown(columns)) {
                line.append(String.format("%10s", cell(cells, r, c)));
            }
            lines.add(line.toString());
        }
        return String.join("\n", lines);
    }

    /** {@code min -0.2500, max 1, mean 0.0312}, of the numbers; how many values are none. */
    static String summary(int rows, int columns, Cells cells) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        long numbers = 0;
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                double value = cells.get(r, c);
                if (Double.isFinite(value)) {
                    min = Math.min(min, value);
                    max = Math.max(max, value);
                    sum += value;
                    numbers++;
                }
            }
        }
        long others = (long) rows * columns - numbers;
        String summary = numbers == 0
                ? "no number"
                : "min " + number(min) + ", max " + number(max) + ", mean " + number(sum / numbers);
        return summary + (others == 0 ? "" : ", " + others + " NaN or infinite");
    }

    private static String cell(Cells cells, int row, int column) {
        return row == GAP || column == GAP ? "…" : number(cells.get(row, column));
    }

    /** Four digits, without a tail of zeros for whole numbers. */
    static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e6) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 1e-3 || size >= 1e6 ? "%.2e" : "%.4f", value);
    }

    /** The indices shown, {@link #GAP} where some are left out. */
    private static List<Integer> shown(int n) {
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            if (n > LARGEST && i == HEAD) {
                indices.add(GAP);
                i = n - (LARGEST - HEAD) + 1;
            }
            indices.add(i);
        }
        return indices;
    }
}
