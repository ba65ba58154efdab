package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

/** The lags of fixed length. */
class LagTaskTest {
    @Test
    void regularSequencesByHand() {
        Labelling l = FixedLagTask.regular(5).batch(RandomStream.of(1), 200);
        int ys = 0;
        for (int b = 0; b < 200; b++) {
            int[] s = Check.symbols(l.x(), b, 5);
            boolean y = s[0] == 5;
            ys += y ? 1 : 0;
            assertArrayEquals(y ? new int[] {5, 0, 1, 2, 3} : new int[] {4, 0, 1, 2, 3}, s);
            assertArrayEquals(y ? new int[] {0, 1, 2, 3, 5} : new int[] {0, 1, 2, 3, 4}, l.labels()[b]);
            assertEquals(5, l.lengths()[b]);
        }
        assertEquals(100, ys, 35);
    }

    @Test
    void randomSequencesPredictOnlyTheLast() {
        FixedLagTask task = FixedLagTask.random(4);
        assertEquals(5, task.symbols());
        Labelling l = task.batch(RandomStream.of(2), 900);
        int[] counts = new int[5];
        for (int b = 0; b < 900; b++) {
            int[] s = Check.symbols(l.x(), b, 4);
            for (int t = 1; t < 4; t++) {
                assertEquals(s[t], l.labels()[b][t - 1]);
                counts[s[t]]++;
            }
            assertEquals(s[0], l.labels()[b][3]);
            assertTrue(s[0] == 3 || s[0] == 4);
        }
        for (int k = 0; k < 3; k++) {
            assertEquals(900, counts[k], 125);
        }
        assertEquals(0, counts[3] + counts[4], "x and y stand only at the ends");
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "71ca08e3", random -> Check.parts(FixedLagTask.regular(9).batch(random, 30)));
        Check.reproducible(
                "2ef56393", random -> Check.parts(FixedLagTask.random(20).batch(random, 8)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "fixed lag: lag 1 must be in 2..16384 (there are lag+1 symbols and lag steps)",
                () -> FixedLagTask.regular(1));
        Check.fails("batch: batch 0 must be at least 1 (the number of sequences)", () -> FixedLagTask.random(5)
                .batch(RandomStream.of(1), 0));
        Check.fails(
                "batch: shape [16, 16384, 16385] has more elements than a Java array can hold;"
                        + " take fewer sequences or steps",
                () -> FixedLagTask.regular(16384).batch(RandomStream.of(1), 16));
    }
}
