package org.carousel.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.style.AxesChartStyler;

/**
 * Draws the axes of a chart: XChart marks every n-th value it was given, and lets labels run into each other. Here it
 * draws the curves, the title and the legend, with its own axes off; grid, ticks, names and titles come from us.
 */
final class Axes {
    private static final int GAP = 5;
    private static final int PADDING = 10;
    static final Color NOTHING = new Color(255, 255, 255, 0);

    /** A chart that XChart can paint, too. */
    interface Painted {
        void plain(Graphics2D g, int width, int height);

        /** Where the plot lay when it was painted. */
        Rectangle2D area();
    }

    private Axes() {}

    /** How many ticks have room along so many pixels. */
    static int most(int pixels, int each) {
        return Math.max(2, pixels / each);
    }

    /** Whether labels along the x axis stay apart from each other. */
    static Predicate<Ticks> apart(FontMetrics font, double width) {
        return ticks -> {
            double end = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < ticks.at().size(); i++) {
                double middle = width * ticks.share(ticks.at().get(i));
                double half = font.stringWidth(ticks.labels().get(i)) / 2.0;
                if (middle - half < end + 10) {
                    return false;
                }
                end = middle + half;
            }
            return true;
        };
    }

    /**
     * Paints a chart.
     *
     * @param x the x axis; its labels are broken into lines, or turned, when they have no room side by side
     * @param y the y axis
     */
    static void paint(
            AxesChart<?, ?> chart,
            Painted painted,
            Graphics2D g,
            int width,
            int height,
            Ticks x,
            Ticks y,
            Overlay over) {
        AxesChartStyler style = chart.getStyler();
        FontMetrics ticks = g.getFontMetrics(style.getAxisTickLabelsFont());
        FontMetrics titles = g.getFontMetrics(style.getAxisTitleFont());
        boolean xShown = style.isXAxisTicksVisible();
        boolean yShown = style.isYAxisTicksVisible();
        String xTitle = chart.getXAxisTitle() == null ? "" : chart.getXAxisTitle();
        String yTitle = chart.getYAxisTitle() == null ? "" : chart.getYAxisTitle();
        int yLabels =
                yShown ? y.labels().stream().mapToInt(ticks::stringWidth).max().orElse(0) + GAP : 0;
        int left = yLabels + (yTitle.isBlank() ? 0 : titles.getHeight() + GAP);
        Names names = xShown ? Names.of(x, ticks, width - left - 2 * PADDING - legend(chart, g), style) : Names.NONE;
        left += names.beyond(ticks, left + PADDING);
        int bottom = names.height + GAP + (xTitle.isBlank() ? 0 : titles.getHeight() + GAP);

        Saved saved = Saved.of(chart);
        saved.bare(x, y);
        try {
            BufferedImage trial = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
            painted.plain(trial.createGraphics(), width - left, height - bottom);
            Rectangle2D plot = painted.area();
            Rectangle2D area =
                    new Rectangle2D.Double(left + plot.getX(), plot.getY(), plot.getWidth(), plot.getHeight());
            g.setColor(saved.background);
            g.fillRect(0, 0, width, height);
            g.setColor(Theme.TEXT);
            grid(g, area, x, y, xShown, yShown && saved.grid);
            if (yShown) {
                g.setFont(style.getAxisTickLabelsFont());
                g.setColor(Theme.TEXT);
                for (int i = 0; i < y.at().size(); i++) {
                    String label = y.labels().get(i);
                    double at = area.getMaxY() - area.getHeight() * y.share(y.at().get(i));
                    g.drawString(label, (float) (area.getMinX() - GAP - ticks.stringWidth(label)), (float)
                            (at + ticks.getAscent() / 2.0 - 1));
                }
            }
            names.paint(g, area, x, ticks);
            titles(g, style, titles, area, xTitle, yTitle, names.height, yLabels);
            Graphics2D inner = (Graphics2D) g.create();
            inner.translate(left, 0);
            painted.plain(inner, width - left, height - bottom);
            inner.dispose();
            over.paint(
                    g,
                    area,
                    v -> area.getMinX() + area.getWidth() * x.share(v),
                    v -> area.getMaxY() - area.getHeight() * y.share(v));
        } finally {
            saved.restore();
        }
    }

    /** About how wide the legend is. */
    private static int legend(AxesChart<?, ?> chart, Graphics2D g) {
        AxesChartStyler style = chart.getStyler();
        if (!style.isLegendVisible()
                || style.getLegendPosition() != org.knowm.xchart.style.Styler.LegendPosition.OutsideE) {
            return 0;
        }
        FontMetrics font = g.getFontMetrics(style.getLegendFont());
        return 50
                + chart.getSeriesCollection().stream()
                        .filter(s -> s.isShowInLegend())
                        .mapToInt(s -> font.stringWidth(s.getName()))
                        .max()
                        .orElse(0);
    }

    private static void grid(Graphics2D g, Rectangle2D area, Ticks x, Ticks y, boolean marks, boolean lines) {
        g.setStroke(new BasicStroke(1f));
        g.setColor(Theme.GRID);
        if (lines) {
            for (double value : y.at()) {
                double at = area.getMaxY() - area.getHeight() * y.share(value);
                g.draw(new Line2D.Double(area.getMinX(), at, area.getMaxX(), at));
            }
        }
        g.setColor(Theme.AXIS);
        g.draw(new Line2D.Double(area.getMinX(), area.getMaxY(), area.getMaxX(), area.getMaxY()));
        if (marks) {
            for (double value : x.at()) {
                double at = area.getMinX() + area.getWidth() * x.share(value);
                g.draw(new Line2D.Double(at, area.getMaxY(), at, area.getMaxY() + 4));
            }
        }
        if (!y.logarithmic() && y.min() < 0 && y.max() > 0) {
            double zero = area.getMaxY() - area.getHeight() * y.share(0);
            g.draw(new Line2D.Double(area.getMinX(), zero, area.getMaxX(), zero));
        }
    }

    private static void titles(
            Graphics2D g,
            AxesChartStyler style,
            FontMetrics font,
            Rectangle2D area,
            String x,
            String y,
            int namesHeight,
            int yLabels) {
        g.setFont(style.getAxisTitleFont());
        g.setColor(Theme.TEXT);
        if (!x.isBlank()) {
            g.drawString(x, (float) (area.getCenterX() - font.stringWidth(x) / 2.0), (float)
                    (area.getMaxY() + GAP + namesHeight + GAP + font.getAscent()));
        }
        if (!y.isBlank()) {
            AffineTransform before = g.getTransform();
            double at = Math.max(area.getCenterY(), font.stringWidth(y) / 2.0 + 4);
            g.translate(area.getMinX() - yLabels - GAP - font.getDescent(), at);
            g.rotate(-Math.PI / 2);
            g.drawString(y, (float) (-font.stringWidth(y) / 2.0), 0f);
            g.setTransform(before);
        }
    }

    /** The labels of the x axis: in one line, in several, or turned. */
    private record Names(List<List<String>> lines, boolean turned, int height, double pitch) {
        static final Names NONE = new Names(List.of(), false, 0, 0);

        static Names of(Ticks x, FontMetrics font, int width, AxesChartStyler style) {
            double room = x.at().size() < 2 ? width : width * (x.share(x.at().get(1)) - x.share(x.at().get(0))) - 8;
            List<List<String>> lines = new ArrayList<>();
            boolean fits = style.getXAxisLabelRotation() == 0;
            int most = 1;
            for (String label : x.labels()) {
                List<String> broken = broken(label, font, room);
                fits &= broken.size() <= 3 && broken.stream().allMatch(l -> font.stringWidth(l) <= room + 4);
                most = Math.max(most, broken.size());
                lines.add(broken);
            }
            boolean numbers = x.labels().stream().allMatch(l -> !l.isEmpty() && !Character.isLetter(l.charAt(0)));
            if (fits || (numbers && apart(font, width).test(x))) {
                int height = GAP + (fits ? most : 1) * font.getHeight();
                return new Names(fits ? lines : single(x.labels()), false, height, room);
            }
            int longest = x.labels().stream().mapToInt(font::stringWidth).max().orElse(0);
            int height = GAP + (int) (longest * Math.sin(TURN) + font.getHeight());
            return new Names(single(x.labels()), true, height, room);
        }

        private static final double TURN = Math.PI / 5;

        /** How far the first name would reach out of the picture. */
        int beyond(FontMetrics font, int left) {
            double most = 0;
            for (int i = 0; turned && i < Math.min(3, lines.size()); i++) {
                double at = left + i * pitch;
                most = Math.max(most, font.stringWidth(lines.get(i).get(0)) * Math.cos(TURN) + 4 - at);
            }
            return (int) most;
        }

        private static List<List<String>> single(List<String> labels) {
            return labels.stream().map(List::of).toList();
        }

        private static List<String> broken(String label, FontMetrics font, double room) {
            List<String> lines = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            for (String word : label.split(" ", -1)) {
                if (!line.isEmpty() && font.stringWidth(line + " " + word) > room) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
            return lines;
        }

        void paint(Graphics2D g, Rectangle2D area, Ticks x, FontMetrics font) {
            g.setFont(font.getFont());
            g.setColor(Theme.TEXT);
            for (int i = 0; i < lines.size(); i++) {
                double at = area.getMinX() + area.getWidth() * x.share(x.at().get(i));
                double top = area.getMaxY() + GAP + 2;
                if (turned) {
                    String name = lines.get(i).get(0);
                    AffineTransform before = g.getTransform();
                    g.translate(at + font.getAscent() / 3.0, top + font.getAscent() / 1.5);
                    g.rotate(-TURN);
                    g.drawString(name, -font.stringWidth(name), 0);
                    g.setTransform(before);
                } else {
                    for (int k = 0; k < lines.get(i).size(); k++) {
                        String line = lines.get(i).get(k);
                        g.drawString(line, (float) (at - font.stringWidth(line) / 2.0), (float)
                                (top + font.getAscent() + k * font.getHeight()));
                    }
                }
            }
        }
    }

    /** What is changed in a chart while XChart paints it without axes, and put back afterwards. */
    private record Saved(
            AxesChart<?, ?> chart,
            @Nullable String xTitle,
            @Nullable String yTitle,
            boolean xTicks,
            boolean yTicks,
            boolean grid,
            double content,
            Color background,
            Color plot,
            @Nullable Double xMin,
            @Nullable Double xMax,
            @Nullable Double yMin,
            @Nullable Double yMax) {
        static Saved of(AxesChart<?, ?> chart) {
            AxesChartStyler s = chart.getStyler();
            return new Saved(
                    chart,
                    chart.getXAxisTitle(),
                    chart.getYAxisTitle(),
                    s.isXAxisTicksVisible(),
                    s.isYAxisTicksVisible(),
                    s.isPlotGridHorizontalLinesVisible(),
                    s.getPlotContentSize(),
                    s.getChartBackgroundColor(),
                    s.getPlotBackgroundColor(),
                    s.getXAxisMin(),
                    s.getXAxisMax(),
                    s.getYAxisMin(),
                    s.getYAxisMax());
        }

        void bare(Ticks x, Ticks y) {
            AxesChartStyler s = chart.getStyler();
            chart.setXAxisTitle("");
            chart.setYAxisTitle("");
            s.setXAxisTicksVisible(false);
            s.setYAxisTicksVisible(false);
            s.setPlotGridHorizontalLinesVisible(false);
            s.setPlotContentSize(1);
            s.setChartBackgroundColor(NOTHING);
            s.setPlotBackgroundColor(NOTHING);
            s.setYAxisMin(y.min());
            s.setYAxisMax(y.max());
            if (!(s instanceof org.knowm.xchart.style.CategoryStyler)) {
                s.setXAxisMin(x.min());
                s.setXAxisMax(x.max());
            }
        }

        void restore() {
            AxesChartStyler s = chart.getStyler();
            chart.setXAxisTitle(xTitle);
            chart.setYAxisTitle(yTitle);
            s.setXAxisTicksVisible(xTicks);
            s.setYAxisTicksVisible(yTicks);
            s.setPlotGridHorizontalLinesVisible(grid);
            s.setPlotContentSize(content);
            s.setChartBackgroundColor(background);
            s.setPlotBackgroundColor(plot);
            s.setXAxisMin(xMin);
            s.setXAxisMax(xMax);
            s.setYAxisMin(yMin);
            s.setYAxisMax(yMax);
        }
    }
}
