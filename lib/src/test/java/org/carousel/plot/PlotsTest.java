package org.carousel.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.internal.chartpart.Chart;

class PlotsTest {
    private static final double[] WAVE = {0, 1, 0, -1, Double.NaN, 1};

    static Stream<Chart<?, ?>> charts() {
        Map<String, double[]> two = new LinkedHashMap<>();
        two.put("a", WAVE);
        two.put("b", new double[] {1, 2, 3});
        return Stream.of(
                Plots.line("line", "x", "y", WAVE),
                Plots.reference(Plots.lines("lines", "x", "y", two), "chance", 0.5),
                Plots.logarithmic(
                        Plots.lines("log", "x", "y", new double[] {1, 10, 100}, Map.of("a", new double[] {1, 2, 3})),
                        true,
                        true),
                Plots.scatter("scatter", "x", "y", Map.of("a", new double[][] {{1, 2}, {3, 4}})),
                Plots.bars("bars", "x", "y", Map.of("one", 1.0)),
                Plots.bars("groups", "x", "y", List.of("one", "two", "three", "four", "five", "six"), twoOf(6)),
                Plots.reference(
                        Plots.dots("dots", "x", "y", Map.of("one", new double[] {1, 2}, "two", new double[] {3})),
                        "goal",
                        2),
                Plots.reference(
                        Plots.scatter("points", "x", "y", Map.of("a", new double[][] {{1, 2}, {3, 4}})), "goal", 3),
                Plots.heatMap("signed", "x", "y", new double[][] {{-1, 0, 1}}, List.of("a", "b", "a"), null),
                Plots.heatMap("zeros", "x", "y", Tensor.zeros(2, 2), null, List.of("r", "s")));
    }

    private static Map<String, double[]> twoOf(int bars) {
        Map<String, double[]> two = new LinkedHashMap<>();
        two.put("a", IntStream.range(0, bars).asDoubleStream().toArray());
        two.put("b", new double[bars]);
        return two;
    }

    @ParameterizedTest
    @MethodSource("charts")
    void drawsSomething(Chart<?, ?> chart) {
        BufferedImage image = painted(chart);
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x += 2) {
            for (int y = 0; y < image.getHeight(); y += 2) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertTrue(colours.size() > 5, chart.getTitle() + ": " + colours.size() + " colours");
    }

    /** Rows of an image where most of the pixels between two columns are nearly as dark as a reference line. */
    private static long darkRows(BufferedImage image, int from, int to) {
        return IntStream.range(0, image.getHeight())
                .filter(y -> IntStream.range(from, to)
                                .filter(x -> (image.getRGB(x, y) & 0xFF) < 140)
                                .count()
                        > (to - from) / 3)
                .count();
    }

    private static BufferedImage painted(Chart<?, ?> chart) {
        BufferedImage image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        chart.paint(image.createGraphics(), chart.getWidth(), chart.getHeight());
        return image;
    }

    @Test
    void theReferenceLineGoesFromSideToSide() {
        XYChart chart = Plots.line("t", "x", "y", 5, 6, 7);
        long before = darkRows(painted(chart), 100, 650);
        assertTrue(darkRows(painted(Plots.reference(chart, "chance", 1)), 100, 650) > before);
        assertTrue(Plots.describe(chart).endsWith(" Dashed line at 1: chance."), Plots.describe(chart));
        assertThrows(IllegalArgumentException.class, () -> Plots.reference(new XYChart(10, 10), "of somebody else", 1));
    }

    private static long pixelsOfDots(Chart<?, ?> chart) {
        BufferedImage image = painted(chart);
        int colour = Theme.COLORS[0].getRGB() & 0xFFFFFF;
        return IntStream.range(0, image.getWidth() * image.getHeight())
                .filter(k -> (image.getRGB(k % image.getWidth(), k / image.getWidth()) & 0xFFFFFF) == colour)
                .count();
    }

    /** Dots where names of lines are written by preference, at the right end above and below the line. */
    @Test
    void theNameOfALineCoversNoDots() {
        Map<String, double[]> values = new LinkedHashMap<>();
        for (String name : List.of("a", "b", "c", "d", "e", "f")) {
            values.put(name, name.equals("b") ? new double[] {0, 1} : new double[] {0.45, 0.53});
        }
        long alone = pixelsOfDots(Plots.reference(Plots.dots("dots", "x", "y", values), "", 0.49));
        long named = pixelsOfDots(Plots.reference(Plots.dots("dots", "x", "y", values), "a guess", 0.49));
        assertTrue(alone > 400, alone + " pixels of dots");
        assertEquals(alone, named);
        Map<String, double[][]> far =
                Map.of("points", new double[][] {{0, 0, 9, 9.5, 9.8, 10}, {0, 1, 0.45, 0.53, 0.45, 0.53}});
        alone = pixelsOfDots(Plots.reference(Plots.scatter("points", "x", "y", far), "", 0.49));
        named = pixelsOfDots(Plots.reference(Plots.scatter("points", "x", "y", far), "a guess", 0.49));
        assertEquals(alone, named);
    }

    @Test
    void paintingChangesNothing() {
        XYChart chart = Plots.square(Plots.line("t", "steps", "nats", 5, 6, 7));
        painted(chart);
        assertEquals("steps", chart.getXAxisTitle());
        assertEquals(null, chart.getStyler().getYAxisMin());
        assertTrue(chart.getStyler().isXAxisTicksVisible());
        assertEquals(Theme.SQUARE, chart.getWidth());
    }

    /** XChart has one limit for the labels of both axes: more rows than columns lost theirs once. */
    @Test
    void everyRowOfAHeatMapHasItsLabel() {
        for (int tall : new int[] {4, 9, 16}) {
            HeatMapChart chart = Plots.heatMap("t", "x", "", new double[tall][3], null, Collections.nCopies(tall, "x"));
            BufferedImage image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
            Graphics2D g = image.createGraphics();
            chart.paint(g, image.getWidth(), image.getHeight());
            g.dispose();
            Rectangle2D plot = ((Squares) chart).plotArea();
            int left = (int) plot.getX() - 3; // what stands left of it are the labels of the rows
            int labels = 0;
            boolean inside = false;
            for (int y = 40; y < image.getHeight(); y++) {
                boolean ink = false;
                for (int x = 0; x < left; x++) {
                    ink |= (image.getRGB(x, y) & 0xff) < 128;
                }
                labels += ink && !inside ? 1 : 0;
                inside = ink;
            }
            assertEquals(tall, labels, tall + " rows");
        }
    }

    @Test
    void valuesOfHeatMapsAreSquares() {
        for (int[] size : new int[][] {{3, 3}, {10, 60}, {100, 200}, {64, 8}, {1, 1}}) {
            HeatMapChart chart =
                    Plots.heatMap("A long title over few squares", "x", "y", new double[size[0]][size[1]], null, null);
            painted(chart);
            Rectangle2D plot = ((Squares) chart).plotArea();
            double across = plot.getWidth() / size[1];
            double down = plot.getHeight() / size[0];
            assertEquals(1, across / down, 0.02, size[0] + "×" + size[1] + ": " + across + " by " + down);
        }
    }

    @Test
    void aUnitIsAsLongOnBothAxesOfASquare() {
        Curves chart = (Curves) Plots.square(Plots.scatter(
                "t", "x", "y", Map.of("a", new double[][] {{-10, 10, 3}, {-1, 1, 0}}, "b", new double[][] {{0}, {0}})));
        painted(chart);
        Ticks[] axes = chart.painted();
        double across = chart.area().getWidth() / (axes[0].max() - axes[0].min());
        double up = chart.area().getHeight() / (axes[1].max() - axes[1].min());
        assertEquals(1, across / up, 0.01);
    }

    @Test
    void theMiddleOfSeedsIsNoMean() {
        XYChart chart = Plots.seeds("t", "x", "y", Map.of("a", new double[][] {{1, 0, 5}, {1, 100, 6}, {1, 100}}));
        assertEquals(
                List.of(1.0, 100.0, 5.5),
                java.util.Arrays.stream(chart.getSeries("a").getYData()).boxed().toList());
        assertEquals(4, chart.getSeriesCollection().size());
        assertTrue(Plots.describe(chart).contains("its runs end at 5, 6, 100"), Plots.describe(chart));
    }

    @Test
    void everyNameOfSeedsHasItsOwnColourHoweverManyRuns() {
        Map<String, double[][]> runs = new LinkedHashMap<>();
        runs.put("two", new double[2][3]);
        runs.put("five", new double[5][3]);
        runs.put("one", new double[1][3]);
        XYChart chart = Plots.seeds("t", "x", "y", runs);
        assertEquals(Plots.color(0), chart.getSeries("two").getLineColor());
        assertEquals(Plots.color(1), chart.getSeries("five").getLineColor());
        assertEquals(Plots.color(2), chart.getSeries("one").getLineColor());
    }

    @Test
    void moreSeriesThanColoursDifferOtherwise() {
        Map<String, double[]> many = new LinkedHashMap<>();
        IntStream.range(0, 20).forEach(k -> many.put("s" + k, new double[20]));
        XYChart chart = Plots.lines("t", "x", "y", many);
        Set<String> looks = new HashSet<>();
        for (var s : chart.getSeriesCollection()) {
            looks.add(s.getLineColor() + " "
                    + java.util.Arrays.toString(s.getLineStyle().getDashArray()) + s.getMarker());
        }
        assertEquals(20, looks.size());
    }

    @Test
    void whatIsOnlyRoundingIsToldAsZero() {
        assertTrue(Plots.describe(Plots.line("t", "x", "y", 1, 1e-16)).contains("last 0,"));
        assertTrue(Plots.describe(Plots.logarithmic(Plots.line("t", "x", "y", 1, 1e-16), false, true))
                .contains("last 1e-16,"));
    }

    @Test
    void everyKindIsTold() {
        assertEquals(
                "[chart] t. Dots. x: x. y: y. a: 1, 2. b: 3.",
                Plots.describe(Plots.dots(
                        "t",
                        "x",
                        "y",
                        new LinkedHashMap<>(
                                new java.util.TreeMap<>(Map.of("a", new double[] {1, 2}, "b", new double[] {3}))))));
        assertEquals(
                "[chart] t. Bars. x: x. y: y. one 0.3333.",
                Plots.describe(Plots.bars("t", "x", "y", Map.of("one", 1 / 3.0))));
        assertEquals(
                "[chart] t. Heat map of 2 rows and 2 columns. x: x. y: y. Least -1 in row 0 (r), column 0 (a), "
                        + "largest 2.5 in row 1 (s), column 0 (a), mean 0.375. Columns: a b. Rows: r, s.",
                Plots.describe(Plots.heatMap(
                        "t", "x", "y", new double[][] {{-1, 0}, {2.5, 0}}, List.of("a", "b"), List.of("r", "s"))));
        XYChart plane = Plots.scatter("t", "x", "y", Map.of("p", new double[][] {{0, 1}, {1, 2}}));
        Plots.labels(
                Plots.arrow(Plots.upright(plane, "here", 0.5), 0, 1, 1, 2, 0),
                List.of("a"),
                new double[] {0},
                new double[] {1});
        assertEquals(
                "[chart] t. Points. x: x, 0 to 1. y: y, 1 to 2. p: 2 points, x 0 to 1, y 1 to 2. "
                        + "Dashed line at x 0.5: here. Labels: a (0, 1). Arrows: (0, 1) to (1, 2).",
                Plots.describe(plane));
        assertTrue(Plots.describe(Plots.lines(
                        "t", "x", "y", List.of(java.time.LocalDate.of(1749, 1, 1)), Map.of("a", new double[] {1})))
                .contains("1 at 1749-01-01"));
    }

    @Test
    void charactersThatCannotBeSeenAreShown() {
        assertEquals(List.of("a", "␣", "↵", "⇥", "😀"), Plots.characters("a \n\t😀"));
    }

    @Test
    void badDataIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> Plots.lines("t", "x", "y", Map.of()));
        assertEquals(
                "lines: t: y holds no finite value",
                assertThrows(IllegalArgumentException.class, () -> Plots.line("t", "x", "y", Double.NaN))
                        .getMessage());
        assertEquals(
                "lines: t: a has 3 values for 2 places on the x axis",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Plots.lines("t", "x", "y", new double[2], Map.of("a", new double[3])))
                        .getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Plots.heatMap("t", "x", "y", new double[][] {{1}, {1, 2}}, null, null));
        assertEquals(
                "heatMap: 2 labels for 3 columns; there must be one for each",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Plots.heatMap("t", "x", "y", new double[1][3], List.of("a", "b"), null))
                        .getMessage());
    }

    @Test
    void barsOfEverySeriesHaveNames() {
        assertEquals(
                "bars: t: a has 6 values for 5 names",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> Plots.bars("t", "x", "y", List.of("1", "2", "3", "4", "5"), twoOf(6)))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> Plots.bars("t", "x", "y", List.of(), twoOf(0)));
        assertTrue(Plots.bars("t", "x", "y", List.of("1"), twoOf(1)).getStyler().isLegendVisible());
    }

    @Test
    void dotsNeedSomethingToShow() {
        assertEquals(
                "dots: nothing: nothing to show",
                assertThrows(IllegalArgumentException.class, () -> Plots.dots("nothing", "x", "y", Map.of()))
                        .getMessage());
    }

    /** Every method that draws or adds something, with the texts it takes. */
    static List<Function<String, Chart<?, ?>>> withText() {
        double[] y = {1, 2, 3};
        double[][] xy = {y, y};
        return List.of(
                t -> Plots.line(t, t, t, y),
                t -> Plots.lines(t, t, t, Map.of("a", y)),
                t -> Plots.lines(t, t, t, y, Map.of("a", y)),
                t -> Plots.lines(t, t, t, List.of(LocalDate.EPOCH), Map.of("a", new double[1])),
                t -> Plots.seeds(t, t, t, Map.of("a", xy)),
                t -> Plots.scatter(t, t, t, Map.of("a", xy)),
                t -> Plots.dots(t, t, t, Map.of("a", y)),
                t -> Plots.dots("t", "x", "y", Collections.singletonMap(t, y)),
                t -> Plots.bars(t, t, t, Map.of("a", 1.0)),
                t -> Plots.bars("t", "x", "y", Collections.singletonMap(t, 1.0)),
                t -> Plots.bars(t, t, t, List.of("a", "b", "c"), Map.of("a", y)),
                t -> Plots.heatMap(t, t, t, xy, null, null),
                t -> Plots.heatMap(t, t, t, Tensor.zeros(2, 2), null, null),
                t -> Plots.image(t, xy, 1),
                t -> Plots.panels(t, 1, Plots.image("t", xy, 1)).charts().get(0),
                t -> Plots.reference(Plots.line("t", "x", "y", y), t, 1),
                t -> Plots.upright(Plots.line("t", "x", "y", y), t, 1),
                t -> Plots.reference(Plots.bars("t", "x", "y", Map.of("a", 1.0)), t, 1),
                t -> Plots.labels(Plots.line("t", "x", "y", y), Collections.singletonList(t), new double[1], y0()));
    }

    private static double[] y0() {
        return new double[1];
    }

    @Test
    void emptyTextsWorkAndNullIsRefusedInOurWords() {
        for (Function<String, Chart<?, ?>> chart : withText()) {
            Chart<?, ?> empty = chart.apply("");
            painted(empty);
            assertTrue(Plots.describe(empty).startsWith("[chart] "));
            String message = assertThrows(IllegalArgumentException.class, () -> chart.apply(null))
                    .getMessage();
            assertTrue(message.contains("name") && message.contains(": "), message);
        }
        for (String name : new String[] {"", null}) {
            double[] y = {1, 2};
            List<Executable> all = List.of(
                    () -> Plots.lines("t", "x", "y", Collections.singletonMap(name, y)),
                    () -> Plots.seeds("t", "x", "y", Collections.singletonMap(name, new double[][] {y})),
                    () -> Plots.scatter("t", "x", "y", Collections.singletonMap(name, new double[][] {y, y})),
                    () -> Plots.bars("t", "x", "y", List.of("a", "b"), Collections.singletonMap(name, y)));
            for (Executable one : all) {
                String message =
                        assertThrows(IllegalArgumentException.class, one).getMessage();
                assertTrue(message.contains("a series has no name"), message);
            }
        }
    }

    @Test
    void moreNamesThanCanBeShownAreRefused() {
        Map<String, Double> many = new LinkedHashMap<>();
        IntStream.range(0, 10_001).forEach(i -> many.put("name " + i, 1.0));
        String message = assertThrows(IllegalArgumentException.class, () -> Plots.bars("t", "x", "y", many))
                .getMessage();
        assertTrue(message.startsWith("bars: t: 10001 names, and no more than 10000 can be shown"), message);
        XYChart chart = Plots.line("t", "x", "y", 1, 2);
        List<String> texts = Collections.nCopies(1001, "a");
        message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Plots.labels(chart, texts, new double[1001], new double[1001]))
                .getMessage();
        assertTrue(message.startsWith("labels: 1001 texts have no room"), message);
    }

    @Test
    void dotsWithoutRoomAreDrawnOnceAndTheirRangeIsTold() {
        double[] many = IntStream.range(0, 300_000).mapToDouble(i -> i % 1000).toArray();
        CategoryChart chart = Plots.dots("t", "x", "y", Map.of("a", many));
        assertTrue(pixelsOfDots(chart) > 10_000);
        String words = Plots.describe(chart);
        assertTrue(words.endsWith("38, 39 and 299960 more, least 0, largest 999."), words);
    }

    @Test
    void aMatrixOfMoreValuesThanSquaresIsShownInBlocks() {
        double[][] values = new double[600][1000];
        values[599][999] = -6;
        values[300][500] = 9;
        HeatMapChart chart = Plots.heatMap("t", "column", "row", values, null, null);
        assertTrue(chart.getWidth() < 1000 && chart.getHeight() < 800, chart.getWidth() + "×" + chart.getHeight());
        List<Number[]> squares = List.copyOf(chart.getHeatMapSeries().getHeatData());
        assertEquals(200 * 334, squares.size());
        assertEquals(
                List.of(-6 / 3.0, 9 / 9.0), // the last block is one of three rows and one column
                squares.stream()
                        .map(s -> s[2].doubleValue())
                        .filter(v -> v != 0)
                        .sorted()
                        .toList());
        painted(chart);
        String words = Plots.describe(chart);
        assertTrue(
                words.startsWith(
                        "[chart] t. Heat map of 600 rows and 1000 columns, each square is the mean of 3×3 values."
                                + " Least -6, largest 9, mean 5e-6. x: column (each square is the mean of 3×3 values). y: row"),
                words);
        painted(Plots.heatMap("as many as there are squares", "x", "y", new double[260][380], null, null));
    }
}
