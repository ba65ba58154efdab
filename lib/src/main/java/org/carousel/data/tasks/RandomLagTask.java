package org.carousel.data.tasks;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;

/**
 * Very long lags of random length: the second symbol of a sequence is asked for when the trigger comes.
 *
 * <p>Tests whether a network can keep one bit over q steps and more, with nothing to go by but the trigger. The p + 4
 * symbols are the distractors a₁ .. a_p, the trigger e, the start b, and x and y, with the indices 0 .. p−1, p, p+1, p+2
 * and p+3. A sequence is
 *
 * <pre>
 * b, (x|y), q + k distractors, e        and then the same x or y, which is the class: 0 for x, 1 for y
 * k = 0, 1, 2, .. with probability 1/10·(9/10)ᵏ, so 9 on average
 * </pre>
 *
 * <p>The network reads q + k + 3 symbols and gives its answer behind the e.
 *
 * <p>Source: Hochreiter and Schmidhuber, Long short-term memory, Neural Computation 9(8), 1997, experiment 2c (section
 * 5.2), up to p = q = 1000. The paper counts the answer as the last symbol, so its lengths are
 * larger by one.
 */
public final class RandomLagTask {
    private final int distractors;
    private final int lag;

    private RandomLagTask(int distractors, int lag) {
        this.distractors = distractors;
        this.lag = lag;
    }

    /**
     * The task.
     *
     * @param distractors p, the number of distractor symbols, at least 1
     * @param lag q, the smallest number of distractors in a sequence, at least 1
     * @throws IllegalArgumentException when one is out of range
     */
    public static RandomLagTask of(int distractors, int lag) {
        Require.inRange("random lag", "distractors", distractors, 1, 1 << 24, "the number of distractor symbols");
        Require.inRange("random lag", "lag", lag, 1, 1 << 24, "the least number of distractors in a sequence");
        return new RandomLagTask(distractors, lag);
    }

    /** p + 4. */
    public int symbols() {
        return distractors + 4;
    }

    /**
     * Some sequences, both classes equally likely.
     *
     * @param batch B, at least 1
     * @return x one-hot [B×T×(p+4)], labels 0 and 1
     * @throws IllegalArgumentException when the batch is empty
     */
    public Classification batch(RandomStream random, int batch) {
        int[][] sequences = new int[Require.batch("batch", batch)][];
        int[] labels = new int[batch];
        for (int b = 0; b < batch; b++) {
            labels[b] = random.nextInt(2);
            sequences[b] = sequence(random, labels[b]);
        }
        return new Classification(Padding.oneHot(sequences, symbols()), labels, Padding.lengths(sequences));
    }

    private int[] sequence(RandomStream random, int label) {
        int[] sequence = new int[lag + 16];
        sequence[0] = distractors + 1;
        sequence[1] = distractors + 2 + label;
        int length = 2;
        while (length < lag + 2 || random.nextInt(10) != 0) {
            if (length == sequence.length - 1) { // one place is kept for the trigger
                sequence = Arrays.copyOf(sequence, 2 * length);
            }
            sequence[length++] = random.nextInt(distractors);
        }
        sequence[length++] = distractors;
        return Arrays.copyOf(sequence, length);
    }
}
