package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Generating timed spikes: after one start signal, a spike every F steps, for ever.
 *
 * <p>Tests whether a network can make its own clock. The input is 1 at one step s, drawn evenly from 0..F−1, and 0 at
 * all others; the target is
 *
 * <pre>
 * y(t) = 1 for t = s + F, s + 2F, s + 3F, ..       0 at all other steps
 * </pre>
 *
 * <p>Source: after Gers and Schmidhuber, Recurrent nets that time and count, IJCNN 2000, and Gers, Schraudolph
 * and Schmidhuber, Learning precise timing with LSTM recurrent networks, Journal of Machine Learning Research 3, 2002.
 * The random start is ours: without it a network could count the steps from the beginning and never read its input.
 */
public final class SpikeGenerationTask {
    private final int period;

    private SpikeGenerationTask(int period) {
        this.period = period;
    }

    /**
     * A spike every {@code period} steps.
     *
     * @param period F, at least 2
     * @throws IllegalArgumentException when the period is too short
     */
    public static SpikeGenerationTask every(int period) {
        Require.inRange("spike generation", "period", period, 2, 1 << 20, "steps from spike to spike");
        return new SpikeGenerationTask(period);
    }

    /**
     * Some sequences of one length.
     *
     * @param batch B, at least 1
     * @param steps T, at least 2F, so that there is a spike to make in each sequence
     * @return x [B×T×1], target [B×T×1]
     * @throws IllegalArgumentException when the batch is empty or there are too few steps
     */
    public Regression batch(RandomStream random, int batch, int steps) {
        Require.batch("batch", batch);
        Require.atLeast("batch", "steps", steps, 2 * period, "two periods, so that each sequence has a spike");
        float[] x = Padding.buffer(batch, steps);
        float[] target = Padding.buffer(batch, steps);
        for (int b = 0; b < batch; b++) {
            int start = random.nextInt(period);
            x[b * steps + start] = 1;
            for (int t = start + period; t < steps; t += period) {
                target[b * steps + t] = 1;
            }
        }
        int[] lengths = new int[batch];
        Arrays.fill(lengths, steps);
        return new Regression(Tensor.wrap(x, batch, steps, 1), Tensor.wrap(target, batch, steps, 1), lengths);
    }
}
