package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;

/**
 * Running parity: after each bit, was the number of ones so far odd?
 *
 * <p>Tests state that must be changed, not only kept: one missed bit spoils everything behind it, and no bit alone says
 * anything about the answer. An automaton of two states solves it for strings of any length.
 *
 * <p>Source: used by Bengio, Simard and Frasconi, IEEE Transactions on Neural Networks 5(2), 1994, with the answer at
 * the end of the string only, and criticised by Hochreiter and Schmidhuber, LSTM can solve hard long time lag problems,
 * NIPS 9, 1997, as solved by guessing weights. Here it is asked for at every step; the last label is the old answer.
 */
public final class ParityTask {
    private final int shortest;
    private final int longest;

    private ParityTask(int shortest, int longest) {
        this.shortest = Require.inRange("parity", "shortest", shortest, 1, 1 << 24, "the number of bits");
        this.longest =
                Require.inRange("parity", "longest", longest, shortest, 1 << 24, "lengths are shortest..longest");
    }

    /**
     * Strings of one length.
     *
     * @param steps the number of bits, at least 1
     * @throws IllegalArgumentException when there is no bit
     */
    public static ParityTask of(int steps) {
        return new ParityTask(steps, steps);
    }

    /**
     * Strings of any length in a range, each equally likely.
     *
     * @throws IllegalArgumentException unless 1 ≤ shortest ≤ longest
     */
    public static ParityTask between(int shortest, int longest) {
        return new ParityTask(shortest, longest);
    }

    /**
     * Some strings of bits, drawn evenly.
     *
     * @param batch B, at least 1
     * @return x [B×T×1] of 0 and 1; labels [B×T], 1 where the number of ones up to this step is odd
     * @throws IllegalArgumentException when the batch is empty
     */
    public Labelling batch(RandomStream random, int batch) {
        float[][] bits = new float[Require.batch("batch", batch)][];
        int[][] parities = new int[batch][];
        for (int b = 0; b < batch; b++) {
            int length = random.nextInt(shortest, longest + 1);
            bits[b] = new float[length];
            parities[b] = new int[length];
            int parity = 0;
            for (int t = 0; t < length; t++) {
                int bit = random.nextInt(2);
                parity ^= bit;
                bits[b][t] = bit;
                parities[b][t] = parity;
            }
        }
        return new Labelling(Padding.values(bits, 1), Padding.labels(parities), Padding.lengths(parities));
    }
}
