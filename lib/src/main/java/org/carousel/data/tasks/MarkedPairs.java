package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/** Sequences of (value, marker) with two marked pairs: what the adding and the multiplication task share. */
final class MarkedPairs {
    /** Below it the paper's first mark, among the first 10 pairs, could fall on the last pair. */
    private static final int SHORTEST_ORIGINAL = 11;

    private MarkedPairs() {}

    /** Throws when there are fewer steps than {@link #original} needs; {@code task} is what the message begins with. */
    static void requireOriginal(String task, int steps) {
        Require.inRange(
                task,
                "steps",
                steps,
                SHORTEST_ORIGINAL,
                1 << 24,
                "the first mark is among 10 pairs, the last pair is never marked");
    }

    /** What is to be found of two marked values. */
    interface Target {
        double of(double first, double second);
    }

    /**
     * The sequences of 1997: T to T + T/10 pairs, markers −1 at both ends.
     *
     * @param low the lowest value; the highest is 1
     * @param neutral the value of the first pair when a mark falls on it
     */
    static Regression original(RandomStream random, int batch, int steps, float low, float neutral, Target target) {
        float[][] sequences = new float[Require.batch("batch", batch)][];
        float[] targets = new float[batch];
        int[] lengths = new int[batch];
        for (int b = 0; b < batch; b++) {
            lengths[b] = steps + random.nextInt(steps / 10 + 1);
            float[] x = values(random, lengths[b], low);
            int first = random.nextInt(10);
            int second = random.nextInt(steps / 2 - 1);
            second += second >= first ? 1 : 0; // one of the first T/2-1 pairs that are still unmarked
            mark(x, first);
            mark(x, second);
            x[1] = -1;
            x[x.length - 1] = -1;
            if (first == 0 || second == 0) {
                x[0] = neutral; // its marker stays -1, so that it must not count
            }
            targets[b] = (float) target.of(x[2 * first], x[2 * second]);
            sequences[b] = x;
        }
        return new Regression(Padding.values(sequences, 2), Tensor.wrap(targets, batch, 1), lengths);
    }

    /** Sequences of one length, values in [0, 1), one mark in each half, no other markers. */
    static Regression modern(RandomStream random, int batch, int steps, Target target) {
        float[][] sequences = new float[Require.batch("batch", batch)][];
        float[] targets = new float[batch];
        int[] lengths = new int[batch];
        for (int b = 0; b < batch; b++) {
            lengths[b] = steps;
            float[] x = values(random, steps, 0);
            int first = random.nextInt(steps / 2);
            int second = random.nextInt(steps / 2, steps);
            mark(x, first);
            mark(x, second);
            targets[b] = (float) target.of(x[2 * first], x[2 * second]);
            sequences[b] = x;
        }
        return new Regression(Padding.values(sequences, 2), Tensor.wrap(targets, batch, 1), lengths);
    }

    private static float[] values(RandomStream random, int pairs, float low) {
        float[] x = new float[2 * pairs];
        for (int t = 0; t < pairs; t++) {
            x[2 * t] = low + (1 - low) * random.nextFloat();
        }
        return x;
    }

    private static void mark(float[] x, int pair) {
        x[2 * pair + 1] = 1;
    }
}
