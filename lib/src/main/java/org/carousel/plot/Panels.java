package org.carousel.plot;

import static java.util.stream.Collectors.joining;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Several charts as one picture, row by row, each under its own title; made by {@link Plots#panels}.
 *
 * @param title over all of them; may be empty
 * @param columns how many stand side by side
 * @param charts the charts
 */
public record Panels(String title, int columns, List<Chart<?, ?>> charts) {
    private static final int HEAD = 34;

    /** Copies the list. */
    public Panels {
        charts = List.copyOf(charts);
        if (charts.isEmpty() || columns < 1) {
            throw new IllegalArgumentException("panels: " + title + ": " + charts.size() + " charts in " + columns
                    + " columns; there must be one or more of both");
        }
    }

    private List<Integer> widths() {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < charts.size(); i++) {
            int column = i % columns;
            int width = charts.get(i).getWidth();
            if (column == widths.size()) {
                widths.add(width);
            } else {
                widths.set(column, Math.max(widths.get(column), width));
            }
        }
        return widths;
    }

    private List<Integer> heights() {
        List<Integer> heights = new ArrayList<>();
        for (int i = 0; i < charts.size(); i++) {
            int height = charts.get(i).getHeight();
            if (i / columns == heights.size()) {
                heights.add(height);
            } else {
                heights.set(i / columns, Math.max(heights.get(i / columns), height));
            }
        }
        return heights;
    }

    private int head() {
        return title.isEmpty() ? 0 : HEAD;
    }

    /** The width of the whole picture. */
    public int width() {
        return widths().stream().mapToInt(w -> w).sum();
    }

    /** The height of the whole picture. */
    public int height() {
        return head() + heights().stream().mapToInt(h -> h).sum();
    }

    /** Draws all charts. */
    public void paint(Graphics2D g) {
        List<Integer> widths = widths();
        List<Integer> heights = heights();
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width(), height());
        if (!title.isEmpty()) {
            g.setColor(Theme.TEXT);
            g.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 17));
            g.drawString(title, (width() - g.getFontMetrics().stringWidth(title)) / 2, 24);
        }
        int top = head();
        for (int i = 0; i < charts.size(); i++) {
            int column = i % columns;
            int left = widths.subList(0, column).stream().mapToInt(w -> w).sum();
            Chart<?, ?> chart = charts.get(i);
            Graphics2D own = (Graphics2D) g.create(left, top, chart.getWidth(), chart.getHeight());
            chart.paint(own, chart.getWidth(), chart.getHeight());
            own.dispose();
            if (column == columns - 1) {
                top += heights.get(i / columns);
            }
        }
    }

    /** All charts in words, see {@link Plots#describe}. */
    public String describe() {
        String each = charts.stream()
                .map(c -> Plots.describe(c).replaceFirst("^\\[chart] ", ""))
                .collect(joining(" | "));
        return "[" + charts.size() + " charts] " + (title.isEmpty() ? "" : title + ". ") + each;
    }
}
