package org.carousel.plot;

import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.style.HeatMapStyler;
import org.knowm.xchart.style.Styler;

/** Matrices as colours, one square per value. */
final class HeatMaps {
    private static final int WIDEST = 760; // of the squares; beyond it a notebook shrinks the picture
    private static final int TALLEST = 520;
    private static final int LARGEST_SIDE = 44;
    private static final int SMALLEST_SIDE = 2;
    private static final int MOST_COLUMNS = WIDEST / SMALLEST_SIDE;
    private static final int MOST_ROWS = TALLEST / SMALLEST_SIDE;
    private static final int LOWEST_BAR = 50;
    private static final int NAMED_SIDE = 12; // a letter beside it can be read

    private HeatMaps() {}

    static HeatMapChart of(
            String title,
            String xAxis,
            String yAxis,
            double[][] values,
            @Nullable List<String> columns,
            @Nullable List<String> rows,
            @Nullable Double bound,
            boolean bare) {
        Plots.requireTexts("heatMap", title, xAxis, yAxis);
        if (values.length == 0 || values[0].length == 0) {
            throw new IllegalArgumentException("heatMap: " + title + ": nothing to show");
        }
        int wide = values[0].length;
        int tall = values.length;
        require("columns", columns, wide);
        require("rows", rows, tall);
        for (int r = 0; r < tall; r++) {
            if (values[r].length != wide) {
                throw new IllegalArgumentException("heatMap: " + title + ": row " + r + " has " + values[r].length
                        + " values where row 0 has " + wide);
            }
        }
        int down = (tall - 1) / MOST_ROWS + 1;
        int across = (wide - 1) / MOST_COLUMNS + 1;
        return down * across == 1
                ? of(title, xAxis, yAxis, values, columns, rows, bound, bare, 1, 1)
                : inBlocks(title, xAxis, yAxis, values, columns, rows, bound, bare, down, across);
    }

    /** A matrix of more values than a picture has squares: each square is the mean of a block. */
    private static HeatMapChart inBlocks(
            String title,
            String xAxis,
            String yAxis,
            double[][] values,
            @Nullable List<String> columns,
            @Nullable List<String> rows,
            @Nullable Double bound,
            boolean bare,
            int down,
            int across) {
        int tall = values.length;
        int wide = values[0].length;
        double[][] means = new double[(tall - 1) / down + 1][(wide - 1) / across + 1];
        for (int r = 0; r < means.length; r++) {
            for (int c = 0; c < means[r].length; c++) {
                int left = c * across;
                int right = Math.min(wide, left + across);
                means[r][c] = Arrays.stream(values, r * down, Math.min(tall, (r + 1) * down))
                        .flatMapToDouble(row -> Arrays.stream(row, left, right))
                        .filter(v -> !Double.isNaN(v))
                        .average()
                        .orElse(Double.NaN);
            }
        }
        String each = "each square is the mean of " + down + "×" + across + " values";
        Squares chart = of(
                title,
                xAxis.isBlank() ? each : xAxis + " (" + each + ")",
                yAxis,
                means,
                columns == null ? null : every(across, columns),
                rows == null ? null : every(down, rows),
                bound,
                bare,
                down,
                across);
        DoubleSummaryStatistics all = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(v -> !Double.isNaN(v))
                .summaryStatistics();
        chart.told = "Heat map of " + tall + " rows and " + wide + " columns, " + each + ". Least "
                + Description.number(all.getMin()) + ", largest " + Description.number(all.getMax()) + ", mean "
                + Description.number(all.getAverage());
        return chart;
    }

    private static List<String> every(int n, List<String> labels) {
        return IntStream.range(0, (labels.size() - 1) / n + 1)
                .mapToObj(i -> labels.get(i * n))
                .toList();
    }

    /** The chart; {@code down} and {@code across} are how many rows and columns one of its own stands for. */
    private static Squares of(
            String title,
            String xAxis,
            String yAxis,
            double[][] values,
            @Nullable List<String> columns,
            @Nullable List<String> rows,
            @Nullable Double bound,
            boolean bare,
            int down,
            int across) {
        int wide = values[0].length;
        int tall = values.length;
        double largest = 0;
        double smallest = 0;
        List<Number[]> data = new ArrayList<>();
        for (int r = 0; r < tall; r++) {
            for (int c = 0; c < wide; c++) {
                data.add(new Number[] {c, tall - 1 - r, values[r][c]});
                largest = Math.max(largest, values[r][c]);
                smallest = Math.min(smallest, values[r][c]);
            }
        }
        Squares chart = new Squares(
                new HeatMapChartBuilder().title(title).xAxisTitle(xAxis).yAxisTitle(yAxis));
        Theme.apply(chart.getStyler());
        colours(chart.getStyler(), smallest, largest, bound);
        Font font = new Font(Font.MONOSPACED, Font.PLAIN, 13);
        FontMetrics metrics = metrics(font);
        int side = side(wide, tall, columns != null && !bare, rows != null && !bare, bare);
        List<String> x = columns != null ? columns : numbers(wide, across, side, metrics);
        List<String> y = new ArrayList<>(rows != null ? rows : numbers(tall, down, Math.max(1, side - 2), null));
        Collections.reverse(y); // XChart's row 0 is at the bottom
        HeatMapStyler style = chart.getStyler();
        style.setAxisTickLabelsFont(font);
        // a label for every column, and for every row: XChart reads this one number for both axes; blank ones have no
        // room
        style.setXAxisMaxLabelCount(Math.max(2, Math.max(wide, tall)));
        style.setYAxisTickMarkSpacingHint(1);
        boolean turned = x.stream().mapToInt(metrics::stringWidth).max().orElse(0) > side + 4 && columns != null;
        style.setXAxisLabelRotation(turned ? 90 : 0);
        if (bare) {
            style.setAxisTicksVisible(false);
            style.setLegendVisible(false);
        }
        chart.addSeries(title.isEmpty() ? "values" : title, x, y, data);
        style.setGradientColorColumnHeight(Math.max(30, Math.min(220, tall * side - 60)));
        style.setAxisTicksMarksVisible(false);
        if (tall * side < LOWEST_BAR) {
            style.setLegendVisible(false); // there is no room for it
        }
        chart.bordered = bare;
        chart.fit(wide * side, tall * side);
        return chart;
    }

    private static void colours(HeatMapStyler style, double smallest, double largest, @Nullable Double given) {
        boolean signed = smallest < 0;
        double most = given != null ? given : Math.max(largest, -smallest);
        double bound = new BigDecimal(Math.max(most, 1e-9)) // the ends of the colour bar are printed in full
                .round(new MathContext(2, RoundingMode.UP))
                .doubleValue();
        style.setRangeColors(signed ? Theme.DIVERGING : Theme.SEQUENTIAL);
        style.setMin(signed ? -bound : 0);
        style.setMax(bound);
        style.setPlotContentSize(1);
        style.setPlotGridLinesVisible(false);
        style.setHeatMapValueDecimalPattern("0.00");
        style.setLegendPosition(Styler.LegendPosition.OutsideE);
    }

    /** The side of a square: as large as fits, but not larger than pleases, and so large that labels can be read. */
    private static int side(int wide, int tall, boolean columns, boolean rows, boolean bare) {
        int side = Math.min(bare ? 200 / Math.max(wide, tall) : LARGEST_SIDE, Math.min(WIDEST / wide, TALLEST / tall));
        int least = columns || rows ? Math.min(NAMED_SIDE, Math.max(8, 900 / wide)) : SMALLEST_SIDE;
        return Math.max(least, side);
    }

    /** Numbers from 0 where they have room, at steps of 1, 2, 5, 10, ... blocks of so many. */
    private static List<String> numbers(int n, int each, int side, @Nullable FontMetrics font) {
        int room = font == null ? 14 : font.stringWidth(Integer.toString((n - 1) * each)) + 8;
        int step = 1;
        int ten = 1;
        for (int k = 1; step * side < room; k++) {
            ten *= k % 3 == 0 ? 10 : 1;
            step = ten * new int[] {1, 2, 5}[k % 3];
        }
        int every = step;
        return IntStream.range(0, n)
                .mapToObj(i -> i % every == 0 ? Integer.toString(i * each) : " ")
                .toList();
    }

    private static FontMetrics metrics(Font font) {
        Graphics2D g = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        return g.getFontMetrics(font);
    }

    private static void require(String what, @Nullable List<String> labels, int n) {
        if (labels != null && labels.size() != n) {
            throw new IllegalArgumentException(
                    "heatMap: " + labels.size() + " labels for " + n + " " + what + "; there must be one for each");
        }
    }
}
