package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

/** Parity. */
class ParityTaskTest {
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
                "3badd6d7", random -> Check.parts(ParityTask.between(3, 30).batch(random, 8)));
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails("parity: shortest 0 must be in 1..16777216 (the number of bits)", () -> ParityTask.of(0));
        Check.fails(
                "parity: longest 2 must be in 3..16777216 (lengths are shortest..longest)",
                () -> ParityTask.between(3, 2));
        Check.fails("batch: batch 0 must be at least 1 (the number of sequences)", () -> ParityTask.of(2)
                .batch(RandomStream.of(1), 0));
    }
}
