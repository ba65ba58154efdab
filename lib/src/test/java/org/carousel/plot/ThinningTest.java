package org.carousel.plot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class ThinningTest {
    private static final int MANY = 40_000;

    private static Ticks axis(double min, double max, boolean logarithmic) {
        return new Ticks(min, max, logarithmic, List.of(), List.of());
    }

    private static double[] upTo(int n) {
        return IntStream.rangeClosed(1, n).asDoubleStream().toArray();
    }

    private static double[] noise(int n) {
        Random random = new Random(7);
        return IntStream.range(0, n)
                .mapToDouble(i -> Math.sin(6.0 * i / n) + 0.2 * random.nextGaussian())
                .toArray();
    }

    @Test
    void everyColumnKeepsItsFirstLeastLargestAndLastValueInOrder() {
        double[] x = upTo(20);
        double[] y = {5, 9, 6, 1, 4, 3, 2, 8, 7, 6, 1, 1, 1, 1, 1, 1, 1, 2, 1, 1};
        int[] kept = Thinning.curve(x, y, axis(0.5, 20.5, false), axis(0, 10, false), 2);
        assertArrayEquals(new int[] {0, 1, 3, 9, 10, 17, 19}, kept);
    }

    @Test
    void columnsOfALogarithmicAxisAreEqualRatios() {
        double[] x = upTo(1000);
        int[] kept = Thinning.curve(x, x, axis(1, 1001, true), axis(0, 1000, false), 3);
        assertArrayEquals(new int[] {0, 9, 10, 99, 100, 999}, kept); // 1 to 10, 11 to 100, 101 to 1000
    }

    @Test
    void gapsStayGaps() {
        double[] y = new double[12];
        Arrays.fill(y, 4, 8, Double.NaN);
        Ticks across = axis(0, 13, false);
        assertArrayEquals(new int[] {0, 3, 4, 8, 11}, Thinning.curve(upTo(12), y, across, axis(-1, 1, false), 1));
        Arrays.fill(y, 1);
        y[5] = 0; // on a logarithmic axis no number has this place
        assertArrayEquals(new int[] {0, 4, 5, 6, 11}, Thinning.curve(upTo(12), y, across, axis(0.1, 10, true), 1));
    }

    @Test
    void aCurveThatGoesBackKeepsBothWays() {
        double[] x = {1, 2, 3, 8, 9, 8, 7, 2, 1};
        int[] kept = Thinning.curve(x, new double[9], axis(0, 10, false), axis(-1, 1, false), 2);
        assertArrayEquals(new int[] {0, 2, 3, 6, 7, 8}, kept);
    }

    @Test
    void ofPointsEverySquareOfAPixelKeepsOne() {
        double[] x = {0.1, 0.2, 1.5, 0.3, 5, Double.NaN};
        double[] y = {0.1, 0.9, 0.1, 1.1, 0, 0};
        assertArrayEquals(
                new int[] {0, 2, 3}, // the last but one lies outside of the axes
                Thinning.points(x, y, axis(0, 2, false), axis(0, 2, false), 2, 2));
    }

    /** The chart as it is with all values: in pieces, each of too few values to be thinned. */
    private static XYChart inPieces(double[] x, double[] y, boolean logarithmic) {
        Map<String, double[]> pieces = new LinkedHashMap<>();
        int each = 5000;
        for (int from = 0; from < y.length; from += each) {
            double[] piece = new double[x.length];
            Arrays.fill(piece, Double.NaN);
            int end = Math.min(y.length, from + each + 1);
            System.arraycopy(y, from, piece, from, end - from);
            pieces.put("piece " + from, piece);
        }
        XYChart chart = Plots.logarithmic(Plots.lines("t", "x", "y", x, pieces), logarithmic, false);
        chart.getStyler().setLegendVisible(false);
        for (XYSeries s : chart.getSeriesCollection()) {
            int from = Integer.parseInt(s.getName().substring(6));
            int end = Math.min(y.length, from + each + 1);
            chart.updateXYSeries(s.getName(), Arrays.copyOfRange(x, from, end), Arrays.copyOfRange(y, from, end), null);
            s.setLineColor(Theme.COLORS[0]);
            s.setLineStyle(Plots.line("t", "x", "y", 1, 2)
                    .getSeriesCollection()
                    .iterator()
                    .next()
                    .getLineStyle());
        }
        return chart;
    }

    private static BufferedImage painted(XYChart chart) {
        int width = chart.getWidth();
        int height = chart.getHeight();
        BufferedImage image = new BufferedImage(2 * width, 2 * height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.scale(2, 2);
        chart.paint(g, width, height);
        return image;
    }

    @Test
    void thePictureIsThatOfAllValues() {
        double[] x = upTo(MANY);
        double[] y = noise(MANY);
        Arrays.fill(y, 17_000, 19_000, Double.NaN);
        for (boolean logarithmic : new boolean[] {false, true}) {
            BufferedImage all = painted(inPieces(x, y, logarithmic));
            XYChart chart = Plots.logarithmic(Plots.lines("t", "x", "y", x, Map.of("y", y)), logarithmic, false);
            BufferedImage thinned = painted(chart);
            int differ = 0;
            for (int i = 0; i < all.getWidth() * all.getHeight(); i++) {
                int a = all.getRGB(i % all.getWidth(), i / all.getWidth()) >> 16 & 0xFF;
                int b = thinned.getRGB(i % all.getWidth(), i / all.getWidth()) >> 16 & 0xFF;
                differ += Math.abs(a - b) > 64 ? 1 : 0;
            }
            assertTrue(differ < 0.003 * all.getWidth() * all.getHeight(), differ + " pixels differ");
        }
    }

    @Test
    void aPaintedChartStillHoldsAndTellsAllValues() {
        double[] y = noise(MANY);
        y[20_001] = 50;
        XYChart chart = Plots.line("t", "x", "y", y);
        String words = Plots.describe(chart);
        painted(chart);
        XYSeries series = chart.getSeriesCollection().iterator().next();
        assertArrayEquals(y, series.getYData());
        assertEquals(MANY, series.getXData().length);
        assertTrue(words.contains("largest 50 at 20,001"), words);
        assertEquals(words, Plots.describe(chart));
        XYChart points = Plots.scatter("t", "x", "y", Map.of("p", new double[][] {y, y}));
        painted(points);
        assertTrue(Plots.describe(points).contains("40000 points"), Plots.describe(points));
    }
}
