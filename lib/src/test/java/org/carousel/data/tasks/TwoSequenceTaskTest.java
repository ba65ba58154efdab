package org.carousel.data.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.carousel.tensor.RandomStream;
import org.junit.jupiter.api.Test;

class TwoSequenceTaskTest {
    private static final int N = 4000;

    @Test
    void cleanStartsTellTheClass() {
        TwoSequenceTask task = TwoSequenceTask.clean(20, 3);
        TwoSequenceTask.Batch batch = task.batch(RandomStream.of(1), N);
        assertEquals("[4000×22×1]", batch.x().shapeText());
        for (int b = 0; b < N; b++) {
            for (int t = 0; t < 3; t++) {
                assertEquals(batch.labels()[b] == 0 ? 1 : -1, batch.x().get(b, t, 0));
            }
            assertEquals(batch.labels()[b] == 0 ? 1 : 0, batch.target().get(b, 0));
        }
        checkNoise(batch, 3, 20);
        checkLengthsAndClasses(batch, 20);
        assertEquals(0.2, task.tolerance());
    }

    @Test
    void noisyStartsScatterAroundTheClass() {
        TwoSequenceTask task = TwoSequenceTask.noisyInput(20, 3);
        TwoSequenceTask.Batch batch = task.batch(RandomStream.of(2), N);
        checkNoisyStart(batch);
        for (int b = 0; b < N; b++) {
            assertEquals(
                    (float) task.cleanTarget(batch.labels()[b]), batch.target().get(b, 0));
        }
        assertEquals(1, task.cleanTarget(0));
        assertEquals(0, task.cleanTarget(1));
    }

    @Test
    void noisyTargetsScatterAroundTheCleanOnes() {
        TwoSequenceTask task = TwoSequenceTask.noisyTarget(20, 3);
        TwoSequenceTask.Batch batch = task.batch(RandomStream.of(3), N);
        checkNoisyStart(batch);
        double[] error = new double[N];
        for (int b = 0; b < N; b++) {
            error[b] = batch.target().get(b, 0) - (batch.labels()[b] == 0 ? 0.2 : 0.8);
        }
        checkMoments(error, 0.1);
        assertEquals(0.2, task.cleanTarget(0));
        assertEquals(0.8, task.cleanTarget(1));
        assertEquals(0.1, task.tolerance());
    }

    private static void checkNoisyStart(TwoSequenceTask.Batch batch) {
        double[] noise = new double[3 * N];
        for (int n = 0; n < noise.length; n++) {
            noise[n] = batch.x().get(n / 3, n % 3, 0) - (1 - 2 * batch.labels()[n / 3]);
        }
        checkMoments(noise, 0.2);
        checkNoise(batch, 3, 20);
        checkLengthsAndClasses(batch, 20);
    }

    private static void checkNoise(TwoSequenceTask.Batch batch, int from, int to) {
        double[] noise = new double[N * (to - from)];
        for (int n = 0; n < noise.length; n++) {
            noise[n] = batch.x().get(n / (to - from), from + n % (to - from), 0);
        }
        checkMoments(noise, 0.2);
    }

    private static void checkMoments(double[] numbers, double variance) {
        double sum = 0;
        double squares = 0;
        for (double number : numbers) {
            sum += number;
            squares += number * number;
        }
        int n = numbers.length;
        assertEquals(0, sum / n, 5 * Math.sqrt(variance / n));
        assertEquals(variance, squares / n, 5 * variance * Math.sqrt(2.0 / n));
    }

    private static void checkLengthsAndClasses(TwoSequenceTask.Batch batch, int steps) {
        int[] lengths = new int[steps / 10 + 1];
        int ones = 0;
        for (int b = 0; b < N; b++) {
            lengths[batch.lengths()[b] - steps]++;
            ones += batch.labels()[b];
            for (int t = 0; t < batch.x().size(1); t++) {
                if (t < batch.lengths()[b]) {
                    assertNotEquals(0, batch.x().get(b, t, 0));
                } else {
                    assertEquals(0, batch.x().get(b, t, 0));
                }
            }
        }
        assertEquals(N / 2, ones, 160);
        for (int count : lengths) {
            assertTrue(count > N / lengths.length * 0.85, count + " of one length");
        }
    }

    @Test
    void seedsAreReproducible() {
        Check.reproducible("8ed74c5b", random -> {
            TwoSequenceTask.Batch batch = TwoSequenceTask.noisyTarget(30, 1).batch(random, 8);
            return new Object[] {batch.x(), batch.target(), batch.labels(), batch.lengths()};
        });
    }

    @Test
    void badArgumentsAreNamed() {
        Check.fails(
                "two sequence: steps 0 must be in 1..16777216 (the shortest length)",
                () -> TwoSequenceTask.clean(0, 1));
        Check.fails(
                "two sequence: informative 11 must be in 1..10 (how many first elements tell the class)",
                () -> TwoSequenceTask.noisyInput(10, 11));
        Check.fails(
                "cleanTarget: label 2 must be in 0..1 (there are two classes)",
                () -> TwoSequenceTask.noisyTarget(10, 1).cleanTarget(2));
        Check.fails("batch: batch 0 must be at least 1 (the number of sequences)", () -> TwoSequenceTask.clean(10, 1)
                .batch(RandomStream.of(1), 0));
    }
}
