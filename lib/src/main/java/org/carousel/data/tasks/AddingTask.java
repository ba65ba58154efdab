package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;

/**
 * The adding problem: of a long sequence of numbers two are marked, and their sum is asked for at the end.
 *
 * <p>Tests whether a network can keep two real numbers, exactly, over a long time. A step is a pair (value, marker), so
 * x is [B×T×2].
 *
 * <p><b>{@link #original}</b>: values in [−1, 1), markers 1 at two pairs, −1 at the first and the last pair and 0
 * elsewhere; target 0.5 + (X₁ + X₂)/4, in [0, 1]. The length is drawn from T to T + T/10. X₁ is one of the first 10
 * pairs, X₂ one of the first T/2 − 1 pairs that are still unmarked. A sequence is right when the error is below
 * {@link #TOLERANCE}. Source: Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997,
 * experiment 4 (section 5.4). When the first pair is chosen its marker stays −1, and the paper sets X₁ to 0; we set the
 * value in the input to 0 too, whichever of the two marks fell there.
 *
 * <p><b>{@link #modern}</b>: values in [0, 1), markers 1 and 0, one mark in each half, one length, target X₁ + X₂.
 * Source: Le, Jaitly and Hinton, A simple way to initialize recurrent networks of rectified linear units,
 * arXiv:1504.00941, 2015; one mark in each half as in Arjovsky, Shah and Bengio, arXiv:1511.06464, 2016.
 */
public final class AddingTask {
    /** An error below it counts as right, in the scale of {@link #original}. */
    public static final double TOLERANCE = 0.04;

    private final int steps;
    private final boolean original;

    private AddingTask(int steps, boolean original) {
        this.steps = steps;
        this.original = original;
    }

    /**
     * The task of 1997.
     *
     * @param steps T, the shortest length, at least 11
     * @throws IllegalArgumentException when there are fewer steps
     */
    public static AddingTask original(int steps) {
        MarkedPairs.requireOriginal("AddingTask.original", steps);
        return new AddingTask(steps, true);
    }

    /**
     * The task of fixed length.
     *
     * @param steps T, the length, at least 2
     * @throws IllegalArgumentException when there are fewer steps
     */
    public static AddingTask modern(int steps) {
        Require.inRange("AddingTask.modern", "steps", steps, 2, 1 << 24, "one pair is marked in each half");
        return new AddingTask(steps, false);
    }

    /**
     * Some sequences.
     *
     * @param batch B, at least 1
     * @return x [B×T×2], target [B×1]
     * @throws IllegalArgumentException when the batch is empty
     */
    public Regression batch(RandomStream random, int batch) {
        return original
                ? MarkedPairs.original(random, batch, steps, -1, 0, (a, b) -> 0.5 + (a + b) / 4)
                : MarkedPairs.modern(random, batch, steps, (a, b) -> a + b);
    }

    /**
     * The mean squared error of always answering the mean, to compare with: 1/24 for the original task (apart from the
     * rare mark on the first pair), 1/6 for the modern one.
     */
    public double chance() {
        return original ? 1.0 / 24 : 1.0 / 6;
    }
}
