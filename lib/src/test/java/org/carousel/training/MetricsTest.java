package org.carousel.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    @ParameterizedTest
    @CsvSource({"kitten, sitting, 3", "'', abc, 3", "abc, '', 3", "abc, abc, 0", "ab, ba, 2", "flaw, lawn, 2"})
    void editDistance(String from, String to, int expected) {
        assertEquals(expected, EditDistance.of(from, to));
        assertEquals(expected, EditDistance.of(to, from));
    }

    @Test
    void errorRateOfASet() {
        List<int[]> candidates = List.of(new int[] {1, 2}, new int[] {5});
        List<int[]> references = List.of(new int[] {1, 3, 2}, new int[] {5});
        assertEquals(0.25, EditDistance.rate(candidates, references));
        assertThrows(IllegalArgumentException.class, () -> EditDistance.rate(candidates, List.of()));
        assertThrows(IllegalArgumentException.class, () -> EditDistance.rate(List.of(), List.of()));
    }

    @Test
    void accuracyOfRows() {
        Tensor y = Tensor.of(new float[][] {{1, 2, 0}, {5, 5, 1}, {0, 0, 3}, {9, 0, 0}});
        assertEquals(2 / 3.0, Metrics.accuracy(y, 1, 0, 0, Tensor.IGNORED), 1e-12, "the first of equal ones counts");
        assertEquals(1, Metrics.accuracy(y.reshape(2, 2, 3), 1, 0, 2, 0));
        assertThrows(IllegalArgumentException.class, () -> Metrics.accuracy(y, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> Metrics.accuracy(y, 1, 0, 3, 0));
        assertThrows(IllegalArgumentException.class, () -> Metrics.accuracy(y, -1, -1, -1, -1));
    }

    @Test
    void largestDifference() {
        Tensor a = Tensor.of(new float[][] {{1, 2}, {3, -4}});
        assertEquals(0, Metrics.largestDifference(a, a));
        assertEquals(8, Metrics.largestDifference(a, a.transpose().transpose().negate()));
        assertEquals(1, Metrics.largestDifference(a, Tensor.of(new float[][] {{1, 3}, {2.5f, -4}})));
        assertTrue(Double.isNaN(Metrics.largestDifference(a, Tensor.full(Double.NaN, 2, 2))));
        IllegalArgumentException wrong =
                assertThrows(IllegalArgumentException.class, () -> Metrics.largestDifference(a, a.reshape(4)));
        assertEquals("largest difference: [2×2] and [4] are of different shapes", wrong.getMessage());
    }

    @Test
    void exactAnswers() {
        List<int[]> wanted = List.of(new int[] {1, 2}, new int[] {3});
        assertEquals(0.5, Metrics.exact(List.of(new int[] {1, 2}, new int[] {3, 4}), wanted));
        assertThrows(IllegalArgumentException.class, () -> Metrics.exact(List.of(), List.of()));
    }

    @Test
    void pearson() {
        assertEquals(-1, Metrics.correlation(new double[] {1, 2, 3}, new double[] {6, 4, 2}), 1e-12);
        // by hand: deviations -1 0 1 and -1 1 0: 1 / √(2·2)
        assertEquals(0.5, Metrics.correlation(new double[] {1, 2, 3}, new double[] {1, 3, 2}), 1e-12);
        assertTrue(Double.isNaN(Metrics.correlation(new double[] {1, 1}, new double[] {1, 2})));
        assertThrows(IllegalArgumentException.class, () -> Metrics.correlation(new double[1], new double[1]));
    }

    /** Fisher's tea: 3 of 4 against 1 of 4 has P = 34/70; and tables whose sums were counted out by hand. */
    @Test
    void fisher() {
        assertEquals(34 / 70.0, Metrics.fisher(3, 4, 1, 4), 1e-12);
        assertEquals(2 / 70.0, Metrics.fisher(4, 4, 0, 4), 1e-12);
        assertEquals(2 / 20.0, Metrics.fisher(3, 3, 0, 3), 1e-12);
        assertEquals(1, Metrics.fisher(2, 4, 2, 4), 1e-12);
        assertEquals(Metrics.fisher(16, 30, 9, 30), Metrics.fisher(9, 30, 16, 30), 1e-12);
        assertEquals(0.115, Metrics.fisher(16, 30, 9, 30), 0.0005);
        assertThrows(IllegalArgumentException.class, () -> Metrics.fisher(5, 4, 0, 4));
    }

    /** At 0 and at all successes Wilson's interval has a closed form: z²/(n+z²) from the end. */
    @Test
    void wilson() {
        double z2 = 1.959963984540054 * 1.959963984540054;
        Metrics.Interval none = Metrics.interval(0, 5);
        assertEquals(0, none.low());
        assertEquals(z2 / (5 + z2), none.high(), 1e-12);
        assertEquals(1 - none.high(), Metrics.interval(5, 5).low(), 1e-12);
        Metrics.Interval half = Metrics.interval(50, 100);
        assertEquals(0.4038, half.low(), 5e-5);
        assertEquals(0.5962, half.high(), 5e-5);
        assertThrows(IllegalArgumentException.class, () -> Metrics.interval(1, 0));
    }

    private static String[] words(String text) {
        return text.split(" ");
    }

    @Test
    void bleuByHand() {
        assertEquals(1, Bleu.of(List.<String[]>of(words("a b c d e")), List.<String[]>of(words("a b c d e"))), 1e-12);
        // 5 of 6 words, 3 of 5 pairs, 2 of 4 triples, 1 of 3 quadruples; no penalty
        double expected = Math.pow(5.0 / 6 * 3 / 5 * 2 / 4 * 1 / 3, 0.25);
        assertEquals(
                expected,
                Bleu.of(List.<String[]>of(words("a b c d x e")), List.<String[]>of(words("a b c d e"))),
                1e-12);
        // all of them right, but 4 words for 6
        assertEquals(
                Math.exp(1 - 6.0 / 4),
                Bleu.of(List.<String[]>of(words("a b c d")), List.<String[]>of(words("a b c d e f"))),
                1e-12);
        // a word counts as often as it stands in the reference
        assertEquals(
                0, Bleu.of(List.<String[]>of(words("the the the the")), List.<String[]>of(words("the cat is here"))));
        assertThrows(IllegalArgumentException.class, () -> Bleu.of(List.of(), List.of()));
    }
}
