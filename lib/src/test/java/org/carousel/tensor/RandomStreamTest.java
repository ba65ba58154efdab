package org.carousel.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomStreamTest {
    @Test
    void followsSplitMix64() { // first outputs for seed 1234567, as published with the reference implementation
        RandomStream random = RandomStream.of(1234567);
        long[] drawn = {random.nextLong(), random.nextLong(), random.nextLong()};
        assertArrayEquals(new long[] {6457827717110365317L, 3203168211198807973L, -8629252141511181193L}, drawn);
    }

    @Test
    void splitsDoNotDependOnDraws() {
        RandomStream untouched = RandomStream.of(5);
        RandomStream used = RandomStream.of(5);
        used.nextLong();
        assertEquals(
                untouched.split("weights").nextLong(), used.split("weights").nextLong());
        assertNotEquals(
                untouched.split("weights").nextLong(), untouched.split("data").nextLong());
        assertNotEquals(untouched.split(0).nextLong(), untouched.split(1).nextLong());
    }

    @Test
    void integersCoverTheirRangeEvenly() {
        int[] counts = new int[7];
        RandomStream random = RandomStream.of(3);
        for (int i = 0; i < 70_000; i++) {
            counts[random.nextInt(7)]++;
        }
        for (int count : counts) { // standard deviation 93
            assertEquals(10_000, count, 500);
        }
    }

    @Test
    void gaussiansHaveMeanZeroAndVarianceOne() {
        RandomStream random = RandomStream.of(4);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 100_000; i++) {
            double g = random.nextGaussian();
            sum += g;
            squares += g * g;
        }
        assertEquals(0, sum / 100_000, 0.02);
        assertEquals(1, squares / 100_000, 0.02);
    }

    @Test
    void permutationsHoldEveryNumberOnce() {
        int[] p = RandomStream.of(6).permutation(100);
        int[] sorted = p.clone();
        Arrays.sort(sorted);
        for (int i = 0; i < 100; i++) {
            assertEquals(i, sorted[i]);
        }
        assertNotEquals(Arrays.toString(sorted), Arrays.toString(p));
    }

    @Test
    void choosesByWeight() {
        RandomStream random = RandomStream.of(7);
        int[] counts = new int[3];
        for (int i = 0; i < 40_000; i++) {
            counts[random.choose(1, 0, 3)]++;
        }
        assertEquals(10_000, counts[0], 500);
        assertEquals(0, counts[1]);
        assertThrows(IllegalArgumentException.class, () -> random.choose(0, 0));
        assertThrows(IllegalArgumentException.class, () -> random.choose(1, Float.NaN));
        assertThrows(IllegalArgumentException.class, () -> random.nextInt(0));
    }
}
