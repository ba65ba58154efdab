package org.carousel.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.ChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The charts of the notebooks. Values may be NaN, which leaves a gap.
 *
 * <p>Give the series of a chart in a {@link java.util.LinkedHashMap} when their order matters.
 */
public final class Plots {
    private static final int MOST_NAMES = 10_000; // a bar is then a fraction of a pixel
    private static final int MOST_LABELS = 1000;

    private Plots() {}

    /** One curve over 0, 1, 2, ... */
    public static XYChart line(String title, String xAxis, String yAxis, double... y) {
        return lines(title, xAxis, yAxis, Map.of(named(yAxis), y));
    }

    /** Curves over 0, 1, 2, ...; see {@link #reference} for a line of comparison. */
    public static XYChart lines(String title, String xAxis, String yAxis, Map<String, double[]> series) {
        int longest = series.values().stream().mapToInt(y -> y.length).max().orElse(0);
        double[] x = IntStream.range(0, longest).asDoubleStream().toArray();
        return lines(title, xAxis, yAxis, x, series);
    }

    /**
     * Curves over given x.
     *
     * @throws IllegalArgumentException when there is no curve, or one is empty, longer than x or without any number
     */
    public static XYChart lines(String title, String xAxis, String yAxis, double[] x, Map<String, double[]> series) {
        Curves chart = axes(title, xAxis, yAxis, series.isEmpty());
        series.forEach((name, y) -> {
            require(title, name, x.length, y);
            Theme.distinguish(
                    add(chart, name, Arrays.copyOf(x, y.length), y),
                    chart.getSeriesCollection().size() - 1);
        });
        chart.getStyler().setLegendVisible(series.size() > 1);
        return chart;
    }

    /** Curves over days. */
    public static XYChart lines(
            String title, String xAxis, String yAxis, List<LocalDate> days, Map<String, double[]> series) {
        double[] x = days.stream().mapToDouble(LocalDate::toEpochDay).toArray();
        Curves chart = (Curves) lines(title, xAxis, yAxis, x, series);
        chart.dates = true;
        return chart;
    }

    /**
     * Runs that differ only in their seed: a thin line for each, and a thick one for the middle of those that have a
     * number there (the median, which for three runs is what the middle one did; a mean of all-or-nothing outcomes is
     * what no run did).
     *
     * @param runs for every name its runs, which may end early
     */
    public static XYChart seeds(String title, String xAxis, String yAxis, double[] x, Map<String, double[][]> runs) {
        Curves chart = axes(title, xAxis, yAxis, runs.isEmpty());
        runs.forEach((name, all) -> {
            int n = (int) chart.getSeriesCollection().stream()
                    .filter(s -> s.isShowInLegend())
                    .count(); // of the names before this one, whose runs may be more or fewer
            Color colour = color(n);
            for (int k = 0; k < all.length; k++) {
                require(title, name, x.length, all[k]);
                XYSeries thin = add(chart, name + ", run " + (k + 1), Arrays.copyOf(x, all[k].length), all[k]);
                thin.setLineStyle(new BasicStroke(1f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
                thin.setLineColor(Theme.pale(colour)).setShowInLegend(false);
            }
            double[] middle = middle(all);
            require(title, name, x.length, middle);
            XYSeries thick = add(chart, name, Arrays.copyOf(x, middle.length), middle);
            thick.setLineStyle(new BasicStroke(3f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            Theme.distinguish(thick, n);
        });
        chart.getStyler().setLegendVisible(true);
        return chart;
    }

    /** As {@link #seeds(String, String, String, double[], Map)} over 0, 1, 2, ... */
    public static XYChart seeds(String title, String xAxis, String yAxis, Map<String, double[][]> runs) {
        int longest = runs.values().stream()
                .flatMap(Arrays::stream)
                .mapToInt(y -> y.length)
                .max()
                .orElse(0);
        return seeds(
                title,
                xAxis,
                yAxis,
                IntStream.range(0, longest).asDoubleStream().toArray(),
                runs);
    }

    /** The median over the runs at every place. */
    private static double[] middle(double[][] runs) {
        double[] middle =
                new double[Arrays.stream(runs).mapToInt(r -> r.length).max().orElse(0)];
        double[] there = new double[runs.length];
        for (int i = 0; i < middle.length; i++) {
            int n = 0;
            for (double[] run : runs) {
                if (i < run.length && !Double.isNaN(run[i])) {
                    there[n++] = run[i];
                }
            }
            Arrays.sort(there, 0, n);
            middle[i] = n == 0 ? Double.NaN : (there[(n - 1) / 2] + there[n / 2]) / 2;
        }
        return middle;
    }

    /** Adds a dashed line across a chart of curves or points, with its name on it: chance, a goal. Returns the chart. */
    public static XYChart reference(XYChart chart, String name, double level) {
        requireTexts("reference", name);
        over(chart).references.add(new Overlay.Reference(name, level, false));
        return chart;
    }

    /** Adds an upright dashed line at an x, with its name on it. Returns the chart. */
    public static XYChart upright(XYChart chart, String name, double x) {
        requireTexts("upright", name);
        over(chart).references.add(new Overlay.Reference(name, x, true));
        return chart;
    }

    /** Adds a dashed line across a chart of bars or dots, with its name on it. Returns the chart. */
    public static CategoryChart reference(CategoryChart chart, String name, double level) {
        if (!(chart instanceof Categories own)) {
            throw new IllegalArgumentException("reference: " + chart.getTitle() + " was not made by Plots");
        }
        requireTexts("reference", name);
        own.over.references.add(new Overlay.Reference(name, level, false));
        return chart;
    }

    /** Adds an arrow from one point to another, in the n-th colour. Returns the chart. */
    public static XYChart arrow(XYChart chart, double fromX, double fromY, double toX, double toY, int n) {
        over(chart).segments.add(new Overlay.Segment(fromX, fromY, toX, toY, true, color(n)));
        return chart;
    }

    /** Adds a straight line from one point to another, in the n-th colour. Returns the chart. */
    public static XYChart segment(XYChart chart, double fromX, double fromY, double toX, double toY, int n) {
        over(chart).segments.add(new Overlay.Segment(fromX, fromY, toX, toY, false, color(n)));
        return chart;
    }

    /**
     * Writes a text beside each of some points, where it covers neither another text nor another such point. Returns
     * the chart.
     *
     * @throws IllegalArgumentException when there is not one text for every point, or there are more than 1,000
     */
    public static XYChart labels(XYChart chart, List<String> texts, double[] x, double[] y) {
        if (texts.size() != x.length || x.length != y.length) {
            throw new IllegalArgumentException("labels: " + texts.size() + " texts for " + x.length + " x and "
                    + y.length + " y; there must be one for each point");
        }
        requireTexts("labels", texts.toArray(String[]::new));
        if (texts.size() > MOST_LABELS) {
            throw new IllegalArgumentException("labels: " + texts.size() + " texts have no room in one chart; give the "
                    + MOST_LABELS + " that matter most, or fewer");
        }
        for (int i = 0; i < x.length; i++) {
            over(chart).labels.add(new Overlay.Label(texts.get(i), x[i], y[i]));
        }
        return chart;
    }

    /** Makes a unit as long on one axis as on the other, as the plane is: circles are round. Returns the chart. */
    public static XYChart square(XYChart chart) {
        if (!(chart instanceof Curves own)) {
            throw new IllegalArgumentException("square: " + chart.getTitle() + " was not made by Plots");
        }
        own.square = true;
        int longest = own.getSeriesCollection().stream()
                .mapToInt(s -> s.getName().length())
                .max()
                .orElse(0);
        own.size(Theme.SQUARE + (own.getStyler().isLegendVisible() ? 60 + 8 * longest : 0), Theme.SQUARE);
        return chart;
    }

    private static Overlay over(XYChart chart) {
        if (!(chart instanceof Curves own)) {
            throw new IllegalArgumentException(chart.getTitle() + " was not made by Plots");
        }
        return own.over;
    }

    /** Gives both axes of a chart of curves logarithmic scales, or one of them. Returns the chart. */
    public static XYChart logarithmic(XYChart chart, boolean x, boolean y) {
        chart.getStyler().setXAxisLogarithmic(x);
        chart.getStyler().setYAxisLogarithmic(y);
        return chart;
    }

    /** Points, one series per name; {@code points} are {x, y}. */
    public static XYChart scatter(String title, String xAxis, String yAxis, Map<String, double[][]> points) {
        Curves chart = axes(title, xAxis, yAxis, points.isEmpty());
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        chart.getStyler().setMarkerSize(7);
        points.forEach((name, xy) -> {
            if (xy.length != 2 || xy[0].length != xy[1].length) {
                throw new IllegalArgumentException(
                        "scatter: " + title + ": " + name + " must be {x, y} of the same length");
            }
            require(title, name, xy[0].length, xy[1]);
            XYSeries s = chart.addSeries(name, xy[0], xy[1]);
            s.setMarker(Theme.marker(chart.getSeriesCollection().size() - 1));
        });
        chart.getStyler().setLegendVisible(points.size() > 1);
        return chart;
    }

    /**
     * Single results above their names, such as one dot for every seed: the spread is seen, not summed up. Dots that
     * would hide each other stand side by side.
     */
    public static CategoryChart dots(String title, String xAxis, String yAxis, Map<String, double[]> values) {
        Categories chart = categories("dots", title, xAxis, yAxis, values.keySet());
        chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Scatter);
        List<Double> first = new ArrayList<>(); // for XChart, which knows no more than one value above a name
        values.values().forEach(own -> {
            chart.over.dots.add(own.clone());
            first.add(Arrays.stream(own).filter(Double::isFinite).findFirst().orElse(Double.NaN));
        });
        if (first.stream().allMatch(v -> v.isNaN())) {
            throw new IllegalArgumentException("dots: " + title + ": nothing to show");
        }
        CategorySeries series = chart.addSeries(named(yAxis), new ArrayList<>(values.keySet()), first);
        series.setMarker(SeriesMarkers.NONE);
        series.setShowInLegend(false);
        return chart;
    }

    private static Categories categories(
            String kind, String title, String xAxis, String yAxis, Collection<String> names) {
        requireTexts(kind, title, xAxis, yAxis);
        if (names.isEmpty()) {
            throw new IllegalArgumentException(kind + ": " + title + ": nothing to show");
        }
        requireTexts(kind, names.toArray(String[]::new));
        if (names.size() > MOST_NAMES) {
            throw new IllegalArgumentException(kind + ": " + title + ": " + names.size() + " names, and no more than "
                    + MOST_NAMES + " can be shown; count them in ranges, or show them as a curve");
        }
        Categories chart = new Categories(
                sized(new CategoryChartBuilder(), title).xAxisTitle(xAxis).yAxisTitle(yAxis));
        Theme.apply(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        return chart;
    }

    /** One bar per name. */
    public static CategoryChart bars(String title, String xAxis, String yAxis, Map<String, Double> values) {
        CategoryChart chart = categories("bars", title, xAxis, yAxis, values.keySet());
        chart.getStyler().setAvailableSpaceFill(0.6);
        chart.addSeries(named(yAxis), new ArrayList<>(values.keySet()), new ArrayList<>(values.values()));
        return chart;
    }

    /**
     * Bars side by side: above each name one bar of every series.
     *
     * @throws IllegalArgumentException when there is no series, or one has not as many values as there are names
     */
    public static CategoryChart bars(
            String title, String xAxis, String yAxis, List<String> names, Map<String, double[]> series) {
        CategoryChart chart = categories("bars", title, xAxis, yAxis, series.isEmpty() ? List.of() : names);
        chart.getStyler().setAvailableSpaceFill(0.8);
        series.forEach((name, values) -> {
            requireName(title, name);
            if (values.length != names.size()) {
                throw new IllegalArgumentException("bars: " + title + ": " + name + " has " + values.length
                        + " values for " + names.size() + " names");
            }
            chart.addSeries(
                    name, new ArrayList<>(names), Arrays.stream(values).boxed().toList());
        });
        chart.getStyler().setLegendVisible(series.size() > 1);
        return chart;
    }

    /** As {@link #heatMap(String, String, String, double[][], List, List)} for a matrix. */
    public static HeatMapChart heatMap(
            String title,
            String xAxis,
            String yAxis,
            Tensor values,
            @Nullable List<String> columns,
            @Nullable List<String> rows) {
        float[][] all = values.toRows();
        double[][] copy = new double[all.length][];
        for (int r = 0; r < all.length; r++) {
            copy[r] = new double[all[r].length];
            for (int c = 0; c < all[r].length; c++) {
                copy[r][c] = all[r][c];
            }
        }
        return heatMap(title, xAxis, yAxis, copy, columns, rows);
    }

    /**
     * A matrix as colours, row 0 at the top. Signed values are blue below and orange above a white 0; values that are
     * all 0 or more go from white to blue.
     *
     * @param columns a label for every column, or null for numbers; characters that cannot be seen are shown as signs
     * @param rows a label for every row, or null for numbers
     * @throws IllegalArgumentException when the matrix is empty or ragged, or the labels do not fit it
     */
    public static HeatMapChart heatMap(
            String title,
            String xAxis,
            String yAxis,
            double[][] values,
            @Nullable List<String> columns,
            @Nullable List<String> rows) {
        return HeatMaps.of(title, xAxis, yAxis, values, columns, rows, null, false);
    }

    /**
     * A small heat map without labels, one square per value, to stand beside others in {@link #panels}.
     *
     * @param bound the value of the strongest colour, the same for all that are compared
     */
    public static HeatMapChart image(String title, double[][] values, double bound) {
        return HeatMaps.of(title, "", "", values, null, null, bound, true);
    }

    /** Several charts as one picture, row by row, each under its own title. */
    public static Panels panels(String title, int columns, Chart<?, ?>... charts) {
        requireTexts("panels", title);
        return new Panels(title, columns, List.of(charts));
    }

    /** The characters of a text as labels of columns: {@code ␣} for a space, {@code ↵} for the end of a line. */
    public static List<String> characters(String text) {
        return text.codePoints().mapToObj(Plots::visible).toList();
    }

    private static String visible(int codePoint) {
        return switch (codePoint) {
            case ' ' -> "␣";
            case '\n' -> "↵";
            case '\t' -> "⇥";
            default -> codePoint < ' ' ? "·" : Character.toString(codePoint);
        };
    }

    private static <B extends ChartBuilder<B, ?>> B sized(B builder, String title) {
        return builder.width(Theme.WIDTH).height(Theme.HEIGHT).title(title);
    }

    /** Titles may be empty; null would come to light only when the chart is painted. */
    static void requireTexts(String kind, String... texts) {
        for (String text : texts) {
            if (text == null) {
                throw new IllegalArgumentException(kind + ": a title or name is null; \"\" leaves it out");
            }
        }
    }

    /** The name of an only series, which nobody reads but which must not be empty. */
    private static String named(String yAxis) {
        requireTexts("plots", yAxis);
        return yAxis.isEmpty() ? "values" : yAxis;
    }

    private static void requireName(String title, String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "plots: " + title + ": a series has no name; the legend and the text alternative need one");
        }
    }

    private static Curves axes(String title, String xAxis, String yAxis, boolean empty) {
        requireTexts("lines", title, xAxis, yAxis);
        if (empty) {
            throw new IllegalArgumentException("lines: " + title + ": nothing to show");
        }
        Curves chart =
                new Curves(sized(new XYChartBuilder(), title).xAxisTitle(xAxis).yAxisTitle(yAxis));
        Theme.apply(chart.getStyler());
        return chart;
    }

    private static XYSeries add(Curves chart, String name, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineStyle(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        return series;
    }

    private static void require(String title, String name, int xLength, double[] y) {
        requireName(title, name);
        if (y.length == 0 || y.length > xLength) {
            throw new IllegalArgumentException("lines: " + title + ": " + name + " has " + y.length + " values for "
                    + xLength + " places on the x axis");
        }
        if (Arrays.stream(y).allMatch(v -> !Double.isFinite(v))) {
            throw new IllegalArgumentException("lines: " + title + ": " + name + " holds no finite value");
        }
    }

    /** A chart in words: its kind, its axes with their ranges, and what every series does. Cells show it with the chart. */
    public static String describe(Chart<?, ?> chart) {
        return Description.of(chart);
    }

    /** The n-th colour of the palette, for charts styled by hand. */
    public static Color color(int n) {
        return Theme.COLORS[Math.floorMod(n, Theme.COLORS.length)];
    }
}
