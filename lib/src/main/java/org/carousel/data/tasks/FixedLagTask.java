package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;

/**
 * Long lags without noise: the last symbol of a sequence equals the first, p steps later.
 *
 * <p>Tests the plain ability to bridge a time lag. The p + 1 symbols are a₁ .. a_{p−1}, x and y, with the indices 0 ..
 * p−2, p−1 and p. There are two kinds of sequences, equally likely:
 *
 * <pre>
 * (x, s₁, .., s_{p−1}, x)        (y, s₁, .., s_{p−1}, y)
 * 2a regular:       sᵢ = aᵢ, so that all but the last symbol can be predicted from the one before
 * 2b random:        sᵢ drawn evenly from a₁ .. a_{p−1}, so that only the last symbol can be predicted at all
 * </pre>
 *
 * <p>The network reads the first p symbols and predicts the next one at every step.
 *
 * <p>Source: Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997, experiments 2a and 2b
 * (section 5.2), with p = 100 for LSTM.
 */
public final class FixedLagTask {
    private final int lag;
    private final boolean regular;

    private FixedLagTask(int lag, boolean regular) {
        this.lag = Require.inRange("fixed lag", "lag", lag, 2, 1 << 14, "there are lag+1 symbols and lag steps");
        this.regular = regular;
    }

    /**
     * Experiment 2a.
     *
     * @param lag p, in 2..2¹⁴
     * @throws IllegalArgumentException when p is out of range
     */
    public static FixedLagTask regular(int lag) {
        return new FixedLagTask(lag, true);
    }

    /**
     * Experiment 2b.
     *
     * @param lag p, in 2..2¹⁴
     * @throws IllegalArgumentException when p is out of range
     */
    public static FixedLagTask random(int lag) {
        return new FixedLagTask(lag, false);
    }

    /** p + 1. */
    public int symbols() {
        return lag + 1;
    }

    /**
     * Some sequences.
     *
     * @param batch B, at least 1
     * @return x one-hot [B×p×(p+1)]; the labels are the next symbols [B×p], the last one p−1 or p
     * @throws IllegalArgumentException when the batch is empty
     */
    public Labelling batch(RandomStream random, int batch) {
        int[][] inputs = new int[Require.batch("batch", batch)][lag];
        int[][] labels = new int[batch][lag];
        for (int b = 0; b < batch; b++) {
            inputs[b][0] = lag - 1 + random.nextInt(2);
            for (int t = 1; t < lag; t++) {
                inputs[b][t] = regular ? t - 1 : random.nextInt(lag - 1);
                labels[b][t - 1] = inputs[b][t];
            }
            labels[b][lag - 1] = inputs[b][0];
        }
        return new Labelling(Padding.oneHot(inputs, symbols()), labels, Padding.lengths(inputs));
    }
}
