package org.carousel.data.signal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.carousel.data.DatasetException;
import org.carousel.data.Datasets;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class InkTest {
    private static final Ink ANGLE =
            new Ink(List.of(new double[][] {{10, 20}, {10, 24}, {13, 24}}, new double[][] {{12, 21}}));

    @Test
    void featuresAreMovesAndLifts() {
        float[][] rows = ANGLE.features();
        assertArrayEquals(new float[] {0, 0, 1}, rows[0]);
        assertArrayEquals(new float[] {0, 4, 0}, rows[1]);
        assertArrayEquals(new float[] {3, 0, 0}, rows[2]);
        assertArrayEquals(new float[] {-1, -3, 1}, rows[3]);
        assertEquals(4, rows.length);
    }

    @Test
    void uprightBeginsAtTheCornerAndIsOneHigh() {
        Ink upright = ANGLE.upright();
        assertArrayEquals(new double[] {0, 0}, upright.strokes().get(0)[0]);
        assertArrayEquals(new double[] {0.75, 1}, upright.strokes().get(0)[2]);
        assertEquals(0.75, upright.width());
        Ink flat = new Ink(List.<double[][]>of(new double[][] {{1, 1}, {5, 1}})).upright();
        assertEquals(1, flat.width());
        assertTrue(
                new Ink(List.<double[][]>of(new double[][] {{1, 1}})).upright().width() == 0);
    }

    @Test
    void resampledPointsAreEquallyFarApart() {
        double[][] points = ANGLE.resampled(1).strokes().get(0);
        assertEquals(8, points.length); // 4 up and 3 to the right
        assertArrayEquals(new double[] {10, 21}, points[1], 1e-12);
        assertArrayEquals(new double[] {11, 24}, points[5], 1e-12);
        assertArrayEquals(new double[] {13, 24}, points[7], 1e-12);
        assertEquals(1, ANGLE.resampled(1).strokes().get(1).length);
    }

    @Test
    void inkFollowsInk() {
        Ink both = ANGLE.then(ANGLE, 2);
        assertEquals(4, both.strokes().size());
        assertArrayEquals(new double[] {15, 20}, both.strokes().get(2)[0]);
    }

    @Test
    void badInkIsNamed() {
        assertFails("ink: 0 strokes", () -> new Ink(List.of()));
        assertFails("ink: 1 strokes", () -> new Ink(List.<double[][]>of(new double[0][])));
        assertFails("[NaN, 0.0]", () -> new Ink(List.<double[][]>of(new double[][] {{Double.NaN, 0}})));
        assertFails("distance 0.0 must be above 0", () -> ANGLE.resampled(0));
    }

    @Test
    void unipenIsRead() {
        List<PenDigits.Digit> digits = PenDigits.parse(UNIPEN.lines().toList(), "pen", 30);
        assertEquals(2, digits.size());
        assertEquals(7, digits.get(0).label());
        assertEquals(32, digits.get(0).writer());
        assertEquals(2, digits.get(0).ink().strokes().size());
        assertEquals(1, digits.get(1).ink().points());
        PenDigits.Line line = PenDigits.line(digits.subList(0, 1), 3, 3, 0.5, RandomStream.of(1));
        assertArrayEquals(new int[] {7, 7, 7}, line.labels());
        assertEquals(line.ink().points(), line.ends()[2]);
        assertEquals(line.ends()[2], 3 * line.ends()[0]);
    }

    @Test
    void malformedUnipenIsNamed() {
        assertMalformed("line 5 (\"x\"): point or .PEN_UP", UNIPEN.replace("1  2", "x"));
        assertMalformed("line 5 (\".PEN_UP\"): a stroke without points", UNIPEN.replace("1  2\n3  4\n", ""));
        assertMalformed("has no stroke or no writer", UNIPEN.replace(".COMMENT 7 2 5", ""));
        assertMalformed("a point with the pen lifted", UNIPEN.replaceFirst(".PEN_DOWN\n", ""));
        assertMalformed("has no stroke or no writer", UNIPEN.replace(".PEN_DOWN\n9 9\n.PEN_UP\n", ""));
    }

    private static final String UNIPEN =
            ".LEXICON \"7\"\n.SEGMENT DIGIT 0-1 ? \"7\"\n.COMMENT 7 2 5\n.PEN_DOWN\n1  2\n3  4\n"
                    + ".PEN_UP\n.DT 100\n.PEN_DOWN\n -1 2\n.PEN_UP\n\n.SEGMENT DIGIT 2 ? \"1\"\n.COMMENT 1 3 9\n.PEN_DOWN\n9 9\n"
                    + ".PEN_UP\n";

    @Test
    void thePublicSetHasItsCounts() {
        Assumptions.assumeTrue(Datasets.pendigits().tryPath("pendigits-test").isPresent(), "the set is not at hand");
        PenDigits digits = PenDigits.of(Datasets.pendigits());
        assertEquals(7494, digits.training().size());
        assertEquals(3498, digits.test().size());
        assertEquals(
                30,
                digits.training().stream()
                        .map(PenDigits.Digit::writer)
                        .collect(Collectors.toSet())
                        .size());
        assertEquals(
                14,
                digits.test().stream()
                        .map(PenDigits.Digit::writer)
                        .filter(w -> w > 30)
                        .distinct()
                        .count());
    }

    private static void assertMalformed(String message, String text) {
        String said = String.valueOf(assertThrows(
                        DatasetException.class,
                        () -> PenDigits.parse(text.lines().toList(), "pen", 0))
                .getMessage());
        assertTrue(said.contains(message), said);
    }

    private static void assertFails(String message, Runnable call) {
        String said = String.valueOf(
                assertThrows(IllegalArgumentException.class, call::run).getMessage());
        assertTrue(said.contains(message), said);
    }
}
