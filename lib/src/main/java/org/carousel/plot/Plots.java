package org.carousel.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The charts of the notebooks. Values may be NaN, which leaves a gap.
 *
 * <p>Give the series of a chart in a {@link java.util.LinkedHashMap} when their order matters.
 */
public final class Plots {
    private static final int LONGEST_LABELS = 90;
    /** Names of bars or dots that have room side by side. */
    private static final int MOST_NAMES = 12;

    private Plots() {}

    /** One curve over 0, 1, 2, ... */
    public static XYChart line(String title, String xAxis, String yAxis, double... y) {
        return lines(title, xAxis, yAxis, Map.of(yAxis, y));
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
        XYChart chart = axes(title, xAxis, yAxis, series.isEmpty());
        series.forEach((name, y) -> {
            require(title, name, x.length, y);
            add(chart, name, Arrays.copyOf(x, y.length), y);
        });
        chart.getStyler().setLegendVisible(series.size() > 1);
        return chart;
    }

    /** Adds a dashed horizontal line to a chart of curves: chance, a baseline, a goal. Returns the chart. */
    public static XYChart reference(XYChart chart, String name, double level) {
        double from = Double.POSITIVE_INFINITY;
        double to = Double.NEGATIVE_INFINITY;
        for (XYSeries s : chart.getSeriesCollection()) {
            from = Math.min(from, Arrays.stream(s.getXData()).min().orElse(from));
            to = Math.max(to, Arrays.stream(s.getXData()).max().orElse(to));
        }
        XYSeries line = add(chart, name, new double[] {from, to}, new double[] {level, level});
        line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Line); // among points, too
        line.setLineColor(Theme.REFERENCE);
        line.setLineStyle(dashes());
        chart.getStyler().setLegendVisible(true);
        return chart;
    }

    /** Adds a dashed horizontal line to a chart of bars or dots. Returns the chart. */
    public static CategoryChart reference(CategoryChart chart, String name, double level) {
        List<Object> categories =
                new ArrayList<>(chart.getSeriesCollection().iterator().next().getXData());
        CategorySeries line = chart.addSeries(name, categories, Collections.nCopies(categories.size(), level));
        line.setChartCategorySeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Line);
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(Theme.REFERENCE);
        line.setLineStyle(dashes());
        line.setShowInLegend(true);
        chart.getStyler().setLegendVisible(true);
        return chart;
    }

    private static BasicStroke dashes() {
        return new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 0, new float[] {6, 5}, 0);
    }

    /** Gives both axes of a chart of curves logarithmic scales, or one of them. Returns the chart. */
    public static XYChart logarithmic(XYChart chart, boolean x, boolean y) {
        chart.getStyler().setXAxisLogarithmic(x);
        chart.getStyler().setYAxisLogarithmic(y);
        chart.getStyler().setXAxisDecimalPattern(x ? "0E0" : "#,##0.###");
        chart.getStyler().setYAxisDecimalPattern(y ? "0E0" : "#,##0.###");
        return chart;
    }

    /** Points, one series per name; {@code points} are {x, y}. */
    public static XYChart scatter(String title, String xAxis, String yAxis, Map<String, double[][]> points) {
        XYChart chart = axes(title, xAxis, yAxis, points.isEmpty());
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        chart.getStyler().setMarkerSize(7);
        points.forEach((name, xy) -> {
            if (xy.length != 2 || xy[0].length != xy[1].length) {
                throw new IllegalArgumentException(
                        "scatter: " + title + ": " + name + " must be {x, y} of the same length");
            }
            require(title, name, xy[0].length, xy[1]);
            XYSeries s = chart.addSeries(name, xy[0], xy[1]);
            s.setMarker(SeriesMarkers.CIRCLE);
        });
        chart.getStyler().setLegendVisible(points.size() > 1);
        return chart;
    }

    /** Single results above their names, such as one dot for every seed: the spread is seen, not summed up. */
    public static CategoryChart dots(String title, String xAxis, String yAxis, Map<String, double[]> values) {
        CategoryChart chart = categories("dots", title, xAxis, yAxis, values.isEmpty());
        chart.getStyler().setDefaultSeriesRenderStyle(CategorySeries.CategorySeriesRenderStyle.Scatter);
        chart.getStyler().setMarkerSize(9);
        chart.getStyler().setOverlapped(true);
        int most = values.values().stream().mapToInt(v -> v.length).max().orElse(0);
        for (int k = 0; k < most; k++) {
            List<@Nullable Double> row = new ArrayList<>();
            for (double[] own : values.values()) {
                row.add(k < own.length && Double.isFinite(own[k]) ? own[k] : null);
            }
            CategorySeries series = chart.addSeries(yAxis + " " + k, new ArrayList<>(values.keySet()), row);
            series.setMarker(SeriesMarkers.CIRCLE);
            series.setMarkerColor(color(0));
            series.setShowInLegend(false);
        }
        return chart;
    }

    private static CategoryChart categories(String kind, String title, String xAxis, String yAxis, boolean empty) {
        if (empty) {
            throw new IllegalArgumentException(kind + ": " + title + ": nothing to show");
        }
        CategoryChart chart = new CategoryChartBuilder()
                .width(Theme.WIDTH)
                .height(Theme.HEIGHT)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        Theme.apply(chart.getStyler());
        chart.getStyler().setLegendVisible(false);
        chart.getStyler().setXAxisMaxLabelCount(MOST_NAMES);
        return chart;
    }

    /** One bar per name. */
    public static CategoryChart bars(String title, String xAxis, String yAxis, Map<String, Double> values) {
        CategoryChart chart = categories("bars", title, xAxis, yAxis, values.isEmpty());
        chart.getStyler().setAvailableSpaceFill(0.6);
        chart.addSeries(yAxis, new ArrayList<>(values.keySet()), new ArrayList<>(values.values()));
        return chart;
    }

    /**
     * Bars side by side: above each name one bar of every series.
     *
     * @throws IllegalArgumentException when there is no series, or one has not as many values as there are names
     */
    public static CategoryChart bars(
            String title, String xAxis, String yAxis, List<String> names, Map<String, double[]> series) {
        CategoryChart chart = categories("bars", title, xAxis, yAxis, series.isEmpty() || names.isEmpty());
        chart.getStyler().setAvailableSpaceFill(0.8);
        series.forEach((name, values) -> {
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
        if (values.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException("heatMap: " + title + ": nothing to show");
        }
        int wide = values[0].length;
        List<String> x = labels("columns", columns, wide);
        List<String> y = new ArrayList<>(labels("rows", rows, values.length));
        Collections.reverse(y); // XChart's row 0 is at the bottom
        List<Number[]> data = new ArrayList<>();
        double largest = 0;
        double smallest = 0;
        for (int r = 0; r < values.length; r++) {
            if (values[r].length != wide) {
                throw new IllegalArgumentException("heatMap: " + title + ": row " + r + " has " + values[r].length
                        + " values where row 0 has " + wide);
            }
            for (int c = 0; c < wide; c++) {
                data.add(new Number[] {c, values.length - 1 - r, values[r][c]});
                largest = Math.max(largest, values[r][c]);
                smallest = Math.min(smallest, values[r][c]);
            }
        }
        return heatMap(title, xAxis, yAxis, x, y, data, smallest, largest);
    }

    private static HeatMapChart heatMap(
            String title,
            String xAxis,
            String yAxis,
            List<String> x,
            List<String> y,
            List<Number[]> data,
            double smallest,
            double largest) {
        HeatMapChart chart = new HeatMapChartBuilder()
                .width(Math.max(Theme.WIDTH, 130 + 15 * Math.min(x.size(), LONGEST_LABELS)))
                .height(Math.min(720, Math.max(190, 120 + 24 * y.size())))
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        Theme.apply(chart.getStyler());
        boolean signed = smallest < 0;
        double bound = twoDigits(Math.max(Math.max(largest, -smallest), 1e-9));
        chart.getStyler().setRangeColors(signed ? Theme.DIVERGING : Theme.SEQUENTIAL);
        chart.getStyler().setMin(signed ? -bound : 0);
        chart.getStyler().setMax(bound);
        chart.getStyler().setPlotContentSize(1);
        chart.getStyler().setPlotGridLinesVisible(false);
        chart.getStyler().setHeatMapValueDecimalPattern("0.00");
        chart.getStyler().setAxisTickLabelsFont(new Font(Font.MONOSPACED, Font.PLAIN, 13));
        chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
        chart.getStyler().setGradientColorColumnHeight(Math.max(60, chart.getHeight() - 130));
        chart.getStyler().setXAxisTickMarkSpacingHint(12); // a label for every column and row, not for every few
        chart.getStyler().setYAxisTickMarkSpacingHint(12);
        chart.addSeries(title, x, y, data);
        return chart;
    }

    /** Rounded up to two digits, because the ends of the colour bar are printed in full. */
    private static double twoDigits(double bound) {
        return new BigDecimal(bound).round(new MathContext(2, RoundingMode.UP)).doubleValue();
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

    private static List<String> labels(String what, @Nullable List<String> labels, int n) {
        List<String> all = labels != null
                ? labels
                : IntStream.range(0, n).mapToObj(Integer::toString).toList();
        if (all.size() != n) {
            throw new IllegalArgumentException(
                    "heatMap: " + all.size() + " labels for " + n + " " + what + "; there must be one for each");
        }
        return all;
    }

    private static XYChart axes(String title, String xAxis, String yAxis, boolean empty) {
        if (empty) {
            throw new IllegalArgumentException("lines: " + title + ": nothing to show");
        }
        XYChart chart = new XYChartBuilder()
                .width(Theme.WIDTH)
                .height(Theme.HEIGHT)
                .title(title)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        Theme.apply(chart.getStyler());
        return chart;
    }

    private static XYSeries add(XYChart chart, String name, double[] x, double[] y) {
        XYSeries series = chart.addSeries(name, x, y);
        series.setMarker(SeriesMarkers.NONE);
        series.setLineStyle(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        return series;
    }

    private static void require(String title, String name, int xLength, double[] y) {
        if (y.length == 0 || y.length > xLength) {
            throw new IllegalArgumentException("lines: " + title + ": " + name + " has " + y.length + " values for "
                    + xLength + " places on the x axis");
        }
        if (Arrays.stream(y).allMatch(v -> !Double.isFinite(v))) {
            throw new IllegalArgumentException("lines: " + title + ": " + name + " holds no finite value");
        }
    }

    /** The n-th colour of the palette, for charts styled by hand. */
    public static Color color(int n) {
        return Theme.COLORS[Math.floorMod(n, Theme.COLORS.length)];
    }
}
