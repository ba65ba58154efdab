package org.carousel.data.tasks;

import org.carousel.tensor.RandomStream;

/**
 * The continual embedded Reber task: streams of embedded strings that never end and have no mark between strings.
 *
 * <p>Tests whether a network can throw away what it has remembered: its state is never reset from outside, so a cell
 * that only adds grows without bound. Each of the B rows is a stream of its own, and every call of {@link #next} goes
 * on where the last one stopped; a network keeps its state from call to call.
 *
 * <p>Source: Gers, Schmidhuber and Cummins, Learning to forget: continual prediction with LSTM, Neural Computation
 * 12(10), 2000, section 4, who test on streams of 10⁵ symbols. They stop a training stream at the network's first
 * mistake, which is left to the caller here: a new stream starts afresh.
 */
public final class ReberStream {
    private final ReberGrammar grammar = ReberGrammar.continual();
    private final RandomStream[] random;
    private final int[] state; // after the pending symbol
    private final int[] pending; // drawn as the last target, the first input of the next call

    private ReberStream(RandomStream[] random) {
        this.random = random;
        this.state = new int[random.length];
        this.pending = new int[random.length];
        for (int b = 0; b < random.length; b++) {
            pending[b] = grammar.draw(grammar.start(), random[b]);
            state[b] = grammar.follow(grammar.start(), pending[b]);
        }
    }

    /**
     * New streams, each from the B of its first string.
     *
     * @param random the parent of the rows' own streams: row b draws from {@code random.split(b)}
     * @param batch the number of streams, at least 1
     * @throws IllegalArgumentException when the batch is empty
     */
    public static ReberStream of(RandomStream random, int batch) {
        RandomStream[] rows = new RandomStream[Require.batch("reber stream", batch)];
        for (int b = 0; b < batch; b++) {
            rows[b] = random.split(b);
        }
        return new ReberStream(rows);
    }

    /**
     * The next steps of every stream.
     *
     * @param steps at least 1
     * @return x [B×steps×7]; all lengths are {@code steps}
     * @throws IllegalArgumentException when there are no steps
     */
    public Prediction next(int steps) {
        Require.atLeast("next", "steps", steps, 1, "the symbols to read of each stream");
        int[][] inputs = new int[random.length][steps];
        int[][] next = new int[random.length][steps];
        boolean[][][] legal = new boolean[random.length][steps][];
        for (int b = 0; b < random.length; b++) {
            for (int t = 0; t < steps; t++) {
                inputs[b][t] = pending[b];
                legal[b][t] = grammar.legal(state[b]);
                pending[b] = grammar.draw(state[b], random[b]);
                state[b] = grammar.follow(state[b], pending[b]);
                next[b][t] = pending[b];
            }
        }
        return Prediction.of(inputs, next, legal, grammar.symbols().length());
    }
}
