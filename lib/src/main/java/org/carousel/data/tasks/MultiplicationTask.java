package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;

/**
 * The multiplication problem: of a long sequence of numbers two are marked, and their product is asked for at the end.
 *
 * <p>Tests whether a network that is built to add up can do more than add. The sequences are those of
 * {@link AddingTask#original} but with values in [0, 1) and target X₁·X₂. When the first pair is chosen, its marker
 * stays −1 and its value is 1, the factor that changes nothing.
 *
 * <p>Source: Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997, experiment 5 (section
 * 5.5).
 */
public final class MultiplicationTask {
    /** An error below it counts as right. */
    public static final double TOLERANCE = 0.04;

    private final int steps;

    private MultiplicationTask(int steps) {
        this.steps = steps;
    }

    /**
     * The task of a shortest length.
     *
     * @param steps T, at least 11; lengths are T to T + T/10
     * @throws IllegalArgumentException when there are fewer steps
     */
    public static MultiplicationTask of(int steps) {
        MarkedPairs.requireOriginal("multiplication", steps);
        return new MultiplicationTask(steps);
    }

    /**
     * Some sequences.
     *
     * @param batch B, at least 1
     * @return x [B×T×2], target [B×1]
     * @throws IllegalArgumentException when the batch is empty
     */
    public Regression batch(RandomStream random, int batch) {
        return MarkedPairs.original(random, batch, steps, 0, 1, (a, b) -> a * b);
    }

    /**
     * The mean squared error of always answering the mean, to compare with: 1/9 − 1/16 = 7/144 (apart from the rare
     * mark on the first pair).
     */
    public double chance() {
        return 7.0 / 144;
    }
}
