package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The two-sequence problem: the first N numbers of a sequence tell its class, everything behind them is noise.
 *
 * <p>Tests whether a network can hold a bit while its only input line is full of noise. The first N elements are +1 in
 * class 0 and −1 in class 1; the others are drawn from the normal distribution of mean 0 and variance 0.2. The length is
 * drawn from T to T + T/10.
 *
 * <pre>
 *                      first N elements        targets (class 0, 1)   noise of targets   right when error below
 * 3a clean             exact                   1, 0                   none               0.2
 * 3b noisyInput        + noise, variance 0.2   1, 0                   none               0.2
 * 3c noisyTarget       + noise, variance 0.2   0.2, 0.8               variance 0.1       0.1
 * </pre>
 *
 * <p>In 3c a network must learn the expectation of a target it never sees clean; its error is measured against the clean
 * one, {@link #cleanTarget}. The first variant is solved faster by guessing weights at random than by any learning, which
 * is why the paper added the other two.
 *
 * <p>Source: Bengio, Simard and Frasconi, Learning long-term dependencies with gradient descent is difficult, IEEE
 * Transactions on Neural Networks 5(2), 1994; Hochreiter and Schmidhuber, Long short-term memory, Neural Computation
 * 9(8), 1997, experiment 3 (section 5.3), whose classes 1 and 2 are our 0 and 1 and who use N = 1 and N = 3.
 */
public final class TwoSequenceTask {
    private final int steps;
    private final int informative;
    private final boolean noisyInput;
    private final boolean noisyTarget;

    private TwoSequenceTask(int steps, int informative, boolean noisyInput, boolean noisyTarget) {
        Require.inRange("two sequence", "steps", steps, 1, 1 << 24, "the shortest length");
        Require.inRange("two sequence", "informative", informative, 1, steps, "how many first elements tell the class");
        this.steps = steps;
        this.informative = informative;
        this.noisyInput = noisyInput;
        this.noisyTarget = noisyTarget;
    }

    /**
     * Experiment 3a.
     *
     * @param steps T, the shortest length, at least 1
     * @param informative N, in 1..T
     * @throws IllegalArgumentException when one is out of range
     */
    public static TwoSequenceTask clean(int steps, int informative) {
        return new TwoSequenceTask(steps, informative, false, false);
    }

    /** Experiment 3b, otherwise as {@link #clean}. */
    public static TwoSequenceTask noisyInput(int steps, int informative) {
        return new TwoSequenceTask(steps, informative, true, false);
    }

    /** Experiment 3c, otherwise as {@link #clean}. */
    public static TwoSequenceTask noisyTarget(int steps, int informative) {
        return new TwoSequenceTask(steps, informative, true, true);
    }

    /**
     * Some sequences and the targets to learn from.
     *
     * @param x [B×T×1], zero behind the end of a sequence
     * @param target what the network is trained on, in 3c with noise [B×1]
     * @param labels the class, 0 or 1 [B]
     * @param lengths the number of steps of each sequence [B]
     */
    public record Batch(Tensor x, Tensor target, int[] labels, int[] lengths) {}

    /**
     * Some sequences, both classes equally likely.
     *
     * @param batch B, at least 1
     * @throws IllegalArgumentException when the batch is empty
     */
    public Batch batch(RandomStream random, int batch) {
        float[][] sequences = new float[Require.batch("batch", batch)][];
        float[] targets = new float[batch];
        int[] labels = new int[batch];
        int[] lengths = new int[batch];
        for (int b = 0; b < batch; b++) {
            labels[b] = random.nextInt(2);
            sequences[b] = sequence(random, 1 - 2 * labels[b]);
            lengths[b] = sequences[b].length;
            targets[b] = (float) (cleanTarget(labels[b]) + (noisyTarget ? noise(random, 0.1) : 0));
        }
        return new Batch(Padding.values(sequences, 1), Tensor.wrap(targets, batch, 1), labels, lengths);
    }

    /**
     * The target of a class without noise.
     *
     * @throws IllegalArgumentException unless the label is 0 or 1
     */
    public double cleanTarget(int label) {
        Require.inRange("cleanTarget", "label", label, 0, 1, "there are two classes");
        return noisyTarget ? (label == 0 ? 0.2 : 0.8) : 1 - label;
    }

    /** An error against the clean target that is below it counts as right. */
    public double tolerance() {
        return noisyTarget ? 0.1 : 0.2;
    }

    private float[] sequence(RandomStream random, int signal) {
        float[] x = new float[steps + random.nextInt(steps / 10 + 1)];
        for (int t = 0; t < x.length; t++) {
            double mean = t < informative ? signal : 0;
            boolean noisy = t >= informative || noisyInput;
            x[t] = (float) (mean + (noisy ? noise(random, 0.2) : 0));
        }
        return x;
    }

    private static double noise(RandomStream random, double variance) {
        return StrictMath.sqrt(variance) * random.nextGaussian();
    }
}
