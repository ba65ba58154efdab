package org.carousel.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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
        BufferedImage image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        chart.paint(image.createGraphics(), chart.getWidth(), chart.getHeight());
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x += 2) {
            for (int y = 0; y < image.getHeight(); y += 2) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertTrue(colours.size() > 5, chart.getTitle() + ": " + colours.size() + " colours");
    }

    @Test
    void theReferenceLineSpansTheCurves() {
        XYChart chart = Plots.reference(Plots.line("t", "x", "y", 5, 6, 7), "chance", 1);
        assertEquals(
                List.of(0.0, 2.0),
                Stream.of(0, 1)
                        .map(i -> chart.getSeries("chance").getXData()[i])
                        .toList());
        assertTrue(chart.getStyler().isLegendVisible());
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
}
