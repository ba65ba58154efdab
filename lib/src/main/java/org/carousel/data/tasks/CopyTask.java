package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;

/**
 * Copy memory: a few symbols, a long pause, and on a signal the symbols again, in the same or in reverse order.
 *
 * <p>Tests how much a network can store at once, and for how long. With K symbols, n of them and a lag of L the T = L +
 * 2n steps are
 *
 * <pre>
 * input    s₁ .. sₙ   blank .. blank (L−1)   go   blank .. blank (n)
 * label    blank .. blank (L + n)                  s₁ .. sₙ, or sₙ .. s₁
 * </pre>
 *
 * <p>The blank is symbol K, the go signal K + 1; labels are 0..K, the blank among them.
 *
 * <p>Source: Arjovsky, Shah and Bengio, Unitary evolution recurrent
 * neural networks, arXiv:1511.06464, 2016, section 4.1, with K = 8 and n = 10; the reverse order is a variation.
 */
public final class CopyTask {
    private final int symbols;
    private final int length;
    private final int lag;
    private final boolean reversed;

    private CopyTask(int symbols, int length, int lag, boolean reversed) {
        this.symbols = Require.inRange("copy", "symbols", symbols, 2, 1 << 20, "the size of the alphabet");
        this.length = Require.inRange("copy", "length", length, 1, 1 << 20, "how many symbols are stored");
        this.lag = Require.inRange("copy", "lag", lag, 1, 1 << 24, "steps from the last symbol to the signal");
        this.reversed = reversed;
    }

    /**
     * The symbols come back in the same order.
     *
     * @param symbols K, at least 2
     * @param length n, the number of symbols to store, at least 1
     * @param lag L, the steps from the last symbol to the go signal, at least 1
     * @throws IllegalArgumentException when one is out of range
     */
    public static CopyTask copy(int symbols, int length, int lag) {
        return new CopyTask(symbols, length, lag, false);
    }

    /** The symbols come back last first, otherwise as {@link #copy}. */
    public static CopyTask reverse(int symbols, int length, int lag) {
        return new CopyTask(symbols, length, lag, true);
    }

    /** T = L + 2n. */
    public int steps() {
        return lag + 2 * length;
    }

    /** The number of classes of the labels, K + 1. */
    public int classes() {
        return symbols + 1;
    }

    /**
     * Some sequences, all of {@link #steps()} steps.
     *
     * @param batch B, at least 1
     * @return x one-hot [B×T×(K+2)], labels [B×T]
     * @throws IllegalArgumentException when the batch is empty
     */
    public Labelling batch(RandomStream random, int batch) {
        int[][] inputs = new int[Require.batch("batch", batch)][steps()];
        int[][] labels = new int[batch][steps()];
        for (int b = 0; b < batch; b++) {
            Arrays.fill(inputs[b], symbols);
            Arrays.fill(labels[b], symbols);
            inputs[b][length + lag - 1] = symbols + 1;
            for (int n = 0; n < length; n++) {
                inputs[b][n] = random.nextInt(symbols);
                labels[b][length + lag + (reversed ? length - 1 - n : n)] = inputs[b][n];
            }
        }
        return new Labelling(Padding.oneHot(inputs, symbols + 2), labels, Padding.lengths(inputs));
    }

    /**
     * The cross-entropy per step, in nats, of a network that remembers nothing: blanks for certain, then each symbol
     * equally likely.
     *
     * <pre>
     * n·ln K / (L + 2n)
     * </pre>
     */
    public double chance() {
        return length * StrictMath.log(symbols) / steps();
    }
}
