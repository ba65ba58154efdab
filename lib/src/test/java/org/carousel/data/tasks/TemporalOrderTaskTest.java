package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class TemporalOrderTaskTest {
    private static final int N = 2000;

    @Test
    void fourClassesOfThePaper() {
        check(TemporalOrderTask.four(100), 100, new int[][] {{10, 20}, {50, 60}}, "QRSU", "XX XY YX YY");
        check(TemporalOrderTask.four(10), 10, new int[][] {{1, 2}, {5, 6}}, "QRSU", "XX XY YX YY");
    }

    @Test
    void eightClassesOfThePaper() {
        String orders = "XXX XXY XYX XYY YXX YXY YYX YYY";
        check(TemporalOrderTask.eight(100), 100, new int[][] {{10, 20}, {33, 43}, {66, 76}}, "QRSUVABC", orders);
        check(TemporalOrderTask.eight(10), 10, new int[][] {{1, 2}, {3, 4}, {6, 7}}, "QRSUVABC", orders);
    }

    private static void check(TemporalOrderTask task, int steps, int[][] ranges, String classes, String orders) {
        Classification c = task.batch(RandomStream.of(steps), N);
        assertEquals(classes, task.classes());
        int[] seen = new int[classes.length()];
        int[] low = new int[ranges.length];
        int[] high = new int[ranges.length];
        Arrays.fill(low, Integer.MAX_VALUE);
        for (int b = 0; b < N; b++) {
            String text = TemporalOrderTask.text(c, b);
            assertEquals(text.length(), Check.symbols(c.x(), b, c.lengths()[b]).length);
            assertTrue(text.length() >= steps && text.length() <= steps + steps / 10);
            assertTrue(text.matches("E[abcdXY]+B"), text);
            String order = text.replaceAll("[^XY]", "");
            assertEquals(order, orders.split(" ", -1)[c.labels()[b]]);
            seen[c.labels()[b]]++;
            int at = -1;
            for (int n = 0; n < ranges.length; n++) {
                at = at + 1 + indexOfXorY(text.substring(at + 1));
                low[n] = Math.min(low[n], at);
                high[n] = Math.max(high[n], at);
            }
        }
        for (int n = 0; n < ranges.length; n++) {
            assertEquals(ranges[n][0], low[n]);
            assertEquals(ranges[n][1], high[n]);
        }
        for (int count : seen) {
            assertEquals(N / seen.length, count, 5 * Math.sqrt(N / seen.length));
        }
    }

    private static int indexOfXorY(String text) {
        return text.length() - text.replaceFirst("^[^XY]*", "").length();
    }

    @Test
    void distractorsAreEven() {
        Classification c = TemporalOrderTask.four(100).batch(RandomStream.of(1), 200);
        int[] counts = new int[4];
        for (int b = 0; b < 200; b++) {
            for (char symbol : TemporalOrderTask.text(c, b).toCharArray()) {
                if (symbol >= 'a' && symbol <= 'd') {
                    counts[symbol - 'a']++;
                }
            }
        }
        for (int count : counts) {
            assertEquals(5050, count, 350);
        }
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "a709e1b4", random -> Check.parts(TemporalOrderTask.four(100).batch(random, 8)));
        Check.reproducible(
                "1643c163", random -> Check.parts(TemporalOrderTask.eight(50).batch(random, 8)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "temporal order: steps 9 must be in 10..16777216 (X and Y need places between E and B)",
                () -> TemporalOrderTask.four(9));
        Check.fails("batch: batch 0 must be at least 1 (the number of sequences)", () -> TemporalOrderTask.eight(10)
                .batch(RandomStream.of(1), 0));
    }
}
