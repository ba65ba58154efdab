package org.carousel.plot;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategorySeries;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapSeries;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.AxesChart;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.internal.series.Series;

/**
 * A chart in words, for those who do not see it: its kind, its axes with their ranges, and of every series the first,
 * last, least and largest value.
 */
final class Description {
    private static final int MOST_SERIES = 24;
    private static final int MOST_VALUES = 40;
    private static final int MOST_DOTS = 200; // above one name, and names of dots

    /** The end of the name of one of several runs, see {@link Plots#seeds}. */
    private static final Pattern RUN = Pattern.compile(", run \\d+$");

    private final List<String> parts = new ArrayList<>();

    private Description() {}

    static String of(Chart<?, ?> chart) {
        Description d = new Description();
        if (chart instanceof XYChart c) {
            d.curves(c);
        } else if (chart instanceof CategoryChart c) {
            d.categories(c);
        } else if (chart instanceof HeatMapChart c && c.getHeatMapSeries() != null) {
            d.heatMap(c);
        } else {
            String series =
                    chart.getSeriesCollection().stream().map(Series::getName).collect(joining(", "));
            d.parts.add("Series: " + series);
        }
        return "[chart] " + chart.getTitle() + ". " + String.join(". ", d.parts) + ".";
    }

    /** Four digits at most; the same everywhere. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return String.valueOf(value);
        }
        BigDecimal v = new BigDecimal(value, new MathContext(4, RoundingMode.HALF_UP)).stripTrailingZeros();
        int exponent = v.precision() - v.scale() - 1;
        if (v.signum() != 0 && (exponent < -4 || exponent > 8)) {
            return v.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
        }
        if (value == Math.rint(value)) {
            return new DecimalFormat("#,##0", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
        }
        return v.toPlainString();
    }

    private void axis(
            String name, @Nullable String title, Range range, boolean logarithmic, DoubleFunction<String> in) {
        if (!range.empty()) {
            parts.add(name + (title == null || title.isBlank() ? "" : ": " + title) + ", " + in.apply(range.least())
                    + " to " + in.apply(range.largest()) + (logarithmic ? ", logarithmic" : ""));
        }
    }

    private void curves(XYChart chart) {
        Curves own = chart instanceof Curves c ? c : null;
        boolean dates = own != null && own.dates;
        DoubleFunction<String> in = dates ? d -> LocalDate.ofEpochDay((long) d).toString() : Description::number;
        List<XYSeries> all = List.copyOf(chart.getSeriesCollection());
        boolean points = !all.isEmpty() && all.stream().allMatch(Description::points);
        parts.add(points ? "Points" : all.size() == 1 ? "One curve" : "Curves");
        boolean xLog = chart.getStyler().isXAxisLogarithmic();
        boolean yLog = chart.getStyler().isYAxisLogarithmic();
        Range x = new Range(xLog);
        Range y = new Range(yLog);
        all.forEach(s -> {
            x.add(s.getXData());
            y.add(s.getYData());
        });
        axis("x", chart.getXAxisTitle(), x, xLog, in);
        axis("y", chart.getYAxisTitle(), y, yLog, Description::number);
        List<XYSeries> told =
                all.stream().filter(s -> !RUN.matcher(s.getName()).find()).toList();
        for (XYSeries s : told.subList(0, Math.min(MOST_SERIES, told.size()))) {
            String runs = all.stream()
                    .filter(r -> RUN.matcher(r.getName()).replaceFirst("").equals(s.getName()) && r != s)
                    .map(r -> number(last(r.getYData())))
                    .collect(joining(", "));
            parts.add(name(s, chart)
                    + (points(s) ? points(s, in) : curve(s, in, yLog))
                    + (runs.isEmpty() ? "" : "; its runs end at " + runs));
        }
        if (told.size() > MOST_SERIES) {
            parts.add("And " + (told.size() - MOST_SERIES) + " more curves");
        }
        if (own != null) {
            over(own.over);
        }
    }

    private static double last(double[] values) {
        int i = values.length - 1;
        while (i > 0 && !Double.isFinite(values[i])) {
            i--;
        }
        return values[i];
    }

    private static boolean points(XYSeries s) {
        return s.getXYSeriesRenderStyle().orElse(null) == XYSeries.XYSeriesRenderStyle.Scatter;
    }

    private static String name(Series s, Chart<?, ?> chart) {
        boolean same = chart instanceof AxesChart<?, ?> a && s.getName().equals(a.getYAxisTitle());
        return same ? "" : s.getName() + ": ";
    }

    private static String points(XYSeries s, DoubleFunction<String> in) {
        Range x = new Range(false);
        Range y = new Range(false);
        x.add(s.getXData());
        y.add(s.getYData());
        return s.getXData().length + " points, x " + in.apply(x.least()) + " to " + in.apply(x.largest()) + ", y "
                + number(y.least()) + " to " + number(y.largest());
    }

    private static String curve(XYSeries s, DoubleFunction<String> in, boolean logarithmic) {
        double[] x = s.getXData();
        double[] y = logarithmic ? s.getYData() : cleared(s.getYData());
        int first = -1;
        int last = -1;
        int least = -1;
        int largest = -1;
        for (int i = 0; i < y.length; i++) {
            if (Double.isFinite(y[i])) {
                first = first < 0 ? i : first;
                last = i;
                least = least < 0 || y[i] < y[least] ? i : least;
                largest = largest < 0 || y[i] > y[largest] ? i : largest;
            }
        }
        if (first < 0) {
            return "no number";
        }
        if (first == last) {
            return number(y[first]) + " at " + in.apply(x[first]);
        }
        return "first " + number(y[first]) + ", last " + number(y[last]) + ", least " + number(y[least]) + " at "
                + in.apply(x[least]) + ", largest " + number(y[largest]) + " at " + in.apply(x[largest]);
    }

    /** Values without what is nothing but rounding beside the largest, such as the sine of π. */
    private static double[] cleared(double[] values) {
        double largest = Arrays.stream(values)
                .map(Math::abs)
                .filter(Double::isFinite)
                .max()
                .orElse(0);
        return Arrays.stream(values)
                .map(v -> Math.abs(v) < 1e-12 * largest ? 0 : v)
                .toArray();
    }

    private void categories(CategoryChart chart) {
        Categories own = chart instanceof Categories c ? c : null;
        List<CategorySeries> all = List.copyOf(chart.getSeriesCollection());
        List<double[]> single = own == null ? List.of() : own.over.dots;
        boolean dots = !single.isEmpty();
        parts.add(dots ? "Dots" : "Bars");
        List<String> names = all.isEmpty()
                ? List.of()
                : all.get(0).getXData().stream().map(String::valueOf).toList();
        axisTitle("x", chart.getXAxisTitle());
        axisTitle("y", chart.getYAxisTitle());
        for (int i = 0; dots && i < Math.min(MOST_DOTS, names.size()); i++) {
            parts.add(names.get(i) + ": " + some(single.get(i)));
        }
        if (dots && names.size() > MOST_DOTS) {
            parts.add("And " + (names.size() - MOST_DOTS) + " more names");
        }
        for (CategorySeries s : dots ? List.<CategorySeries>of() : all) {
            List<String> values = new ArrayList<>();
            Iterator<String> name = names.iterator();
            for (double v : s.getYData()) {
                values.add((name.hasNext() ? name.next() + " " : "") + number(v));
            }
            parts.add(name(s, chart) + some(values));
        }
        if (own != null) {
            over(own.over);
        }
    }

    /** All of them, or of more than 200 the first ones and their range. */
    private static String some(double[] dots) {
        Range range = new Range(false);
        range.add(dots);
        boolean all = dots.length <= MOST_DOTS;
        return Arrays.stream(dots, 0, all ? dots.length : MOST_VALUES)
                        .mapToObj(Description::number)
                        .collect(joining(", "))
                + (all
                        ? ""
                        : " and " + (dots.length - MOST_VALUES) + " more, least " + number(range.least()) + ", largest "
                                + number(range.largest()));
    }

    private static String some(List<String> values) {
        return values.size() <= MOST_VALUES
                ? String.join(", ", values)
                : String.join(", ", values.subList(0, MOST_VALUES)) + " and " + (values.size() - MOST_VALUES) + " more";
    }

    private void axisTitle(String name, @Nullable String title) {
        if (title != null && !title.isBlank()) {
            parts.add(name + ": " + title);
        }
    }

    private void over(Overlay over) {
        for (Overlay.Reference r : over.references) {
            parts.add("Dashed line at " + (r.upright() ? "x " : "") + number(r.at()) + ": " + r.name());
        }
        if (!over.labels.isEmpty()) {
            parts.add("Labels: "
                    + some(over.labels.stream()
                            .map(l -> l.text() + " (" + number(l.x()) + ", " + number(l.y()) + ")")
                            .toList()));
        }
        if (!over.segments.isEmpty()) {
            parts.add((over.segments.get(0).arrow() ? "Arrows: " : "Lines: ")
                    + some(over.segments.stream()
                            .map(s -> "(" + number(s.fromX()) + ", " + number(s.fromY()) + ") to (" + number(s.toX())
                                    + ", " + number(s.toY()) + ")")
                            .toList()));
        }
    }

    private void heatMap(HeatMapChart chart) {
        HeatMapSeries s = chart.getHeatMapSeries();
        int rows = s.getYData().size();
        int columns = s.getXData().size();
        String told = chart instanceof Squares own ? own.told : "";
        parts.add(told.isEmpty() ? "Heat map of " + rows + " rows and " + columns + " columns" : told);
        axisTitle("x", chart.getXAxisTitle());
        axisTitle("y", chart.getYAxisTitle());
        Number[] least = null;
        Number[] largest = null;
        double sum = 0;
        for (Number[] cell : s.getHeatData()) {
            double v = cell[2].doubleValue();
            least = least == null || v < least[2].doubleValue() ? cell : least;
            largest = largest == null || v > largest[2].doubleValue() ? cell : largest;
            sum += v;
        }
        if (told.isEmpty() && least != null && largest != null) {
            parts.add("Least " + at(least, s, rows) + ", largest " + at(largest, s, rows) + ", mean "
                    + number(sum / s.getHeatData().size()));
        }
        if (columns <= MOST_VALUES && named(s.getXData())) {
            parts.add("Columns: " + s.getXData().stream().map(String::valueOf).collect(joining(" ")));
        }
        if (rows <= MOST_VALUES && named(s.getYData())) {
            List<String> names = new ArrayList<>();
            s.getYData().forEach(y -> names.add(0, String.valueOf(y)));
            parts.add("Rows: " + String.join(", ", names));
        }
    }

    private static boolean named(List<?> labels) {
        return labels.stream().anyMatch(l -> !String.valueOf(l).matches("\\s*|\\d+"));
    }

    /** A value and where it stands, counted from the top left as the matrix is. */
    private static String at(Number[] cell, HeatMapSeries s, int rows) {
        int row = rows - 1 - cell[1].intValue();
        int column = cell[0].intValue();
        return number(cell[2].doubleValue()) + " in row " + label(s.getYData(), cell[1].intValue(), row) + ", column "
                + label(s.getXData(), column, column);
    }

    private static String label(List<?> labels, int at, int number) {
        String label = String.valueOf(labels.get(at));
        return label.isBlank() || label.equals(String.valueOf(number))
                ? String.valueOf(number)
                : number + " (" + label + ")";
    }
}
