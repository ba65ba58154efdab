package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

/** Copy, reverse and parity. */
class MemoryTaskTest {
    @Test
    void copyAndReverseByHand() {
        for (boolean reversed : new boolean[] {false, true}) {
            CopyTask task = reversed ? CopyTask.reverse(4, 3, 2) : CopyTask.copy(4, 3, 2);
            assertEquals(8, task.steps());
            assertEquals(5, task.classes());
            Labelling l = task.batch(RandomStream.of(1), 300);
            assertEquals("[300×8×6]", l.x().shapeText());
            int[] counts = new int[4];
            for (int b = 0; b < 300; b++) {
                int[] s = Check.symbols(l.x(), b, 8);
                assertArrayEquals(new int[] {4, 5, 4, 4, 4}, Arrays.copyOfRange(s, 3, 8));
                int[] expected = reversed
                        ? new int[] {4, 4, 4, 4, 4, s[2], s[1], s[0]}
                        : new int[] {4, 4, 4, 4, 4, s[0], s[1], s[2]};
                assertArrayEquals(expected, l.labels()[b]);
                assertEquals(8, l.lengths()[b]);
                IntStream.range(0, 3).forEach(t -> counts[s[t]]++);
            }
            for (int count : counts) {
                assertEquals(225, count, 65);
            }
        }
    }

    @Test
    void withTheShortestLagTheSignalFollowsAtOnce() {
        int[] s = Check.symbols(
                CopyTask.copy(2, 1, 1).batch(RandomStream.of(1), 1).x(), 0, 3);
        assertEquals(3, s[1]);
        assertEquals(2, s[2]);
    }

    @Test
    void chanceOfThePaper() {
        // K = 8, n = 10, L = 100: 10 ln 8 / 120
        assertEquals(0.173287, CopyTask.copy(8, 10, 100).chance(), 1e-6);
    }

    @Test
    void parityCountsOnes() {
        Labelling l = ParityTask.between(1, 9).batch(RandomStream.of(2), 900);
        int[] lengths = new int[10];
        int ones = 0;
        int bits = 0;
        for (int b = 0; b < 900; b++) {
            int sum = 0;
            for (int t = 0; t < 9; t++) {
                float bit = l.x().get(b, t, 0);
                if (t < l.lengths()[b]) {
                    sum += (int) bit;
                    bits++;
                    assertEquals(bit, (int) bit);
                    assertEquals(sum % 2, l.labels()[b][t]);
                } else {
                    assertEquals(0, bit);
                    assertEquals(-1, l.labels()[b][t]);
                }
            }
            ones += sum;
            lengths[l.lengths()[b]]++;
        }
        assertEquals(0.5, (double) ones / bits, 0.04);
        for (int length = 1; length <= 9; length++) {
            assertEquals(100, lengths[length], 50);
        }
        Labelling equal = ParityTask.of(6).batch(RandomStream.of(2), 10);
        assertEquals("[10×6×1]", equal.x().shapeText());
        for (int[] row : equal.labels()) {
            for (int label : row) {
                assertNotEquals(-1, label);
            }
        }
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible(
                "95d3c570", random -> Check.parts(CopyTask.copy(8, 10, 20).batch(random, 4)));
        Check.reproducible(
                "b42a9d8d", random -> Check.parts(CopyTask.reverse(8, 10, 20).batch(random, 4)));
        Check.reproducible(
                "3badd6d7", random -> Check.parts(ParityTask.between(3, 30).batch(random, 8)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails("copy: symbols 1 must be in 2..1048576 (the size of the alphabet)", () -> CopyTask.copy(1, 1, 1));
        Check.fails("copy: length 0 must be in 1..1048576 (how many symbols are stored)", () -> CopyTask.copy(2, 0, 1));
        Check.fails(
                "copy: lag 0 must be in 1..16777216 (steps from the last symbol to the signal)",
                () -> CopyTask.reverse(2, 1, 0));
        Check.fails("parity: shortest 0 must be in 1..16777216 (the number of bits)", () -> ParityTask.of(0));
        Check.fails(
                "parity: longest 2 must be in 3..16777216 (lengths are shortest..longest)",
                () -> ParityTask.between(3, 2));
        Check.fails("batch: batch 0 must be at least 1 (the number of sequences)", () -> CopyTask.copy(2, 1, 1)
                .batch(RandomStream.of(1), 0));
    }
}
