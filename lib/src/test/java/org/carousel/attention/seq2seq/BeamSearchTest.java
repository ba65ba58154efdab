package org.carousel.attention.seq2seq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.junit.jupiter.api.Test;

class BeamSearchTest {
    private static final int TOKENS = 3;
    private static final int END = 0;

    /** A made-up model: the probabilities depend on all that was read. */
    private static BeamSearch.Next<List<Integer>> read(long seed, List<Integer> before, int token) {
        List<Integer> now = new ArrayList<>(before);
        now.add(token);
        RandomStream random = RandomStream.of(seed);
        for (int t : now) {
            random = random.split(t);
        }
        Tensor logits = Tensor.normal(random, 2, TOKENS);
        return new BeamSearch.Next<>(Tensor.logSoftmax(logits).toArray(), now);
    }

    @Test
    void oneBeamIsGreedy() {
        for (long seed = 0; seed < 20; seed++) {
            long s = seed;
            BeamSearch.Found found =
                    BeamSearch.greedy(6, END).search((state, token) -> read(s, state, token), List.<Integer>of(), 9);
            List<Integer> state = List.of();
            int token = 9;
            List<Integer> greedy = new ArrayList<>();
            for (int n = 0; n < 6; n++) {
                BeamSearch.Next<List<Integer>> next = read(s, state, token);
                token = 0;
                for (int k = 1; k < TOKENS; k++) {
                    token = next.logProbabilities()[k] > next.logProbabilities()[token] ? k : token;
                }
                state = next.state();
                if (token == END) {
                    break;
                }
                greedy.add(token);
            }
            assertArrayEquals(greedy.stream().mapToInt(t -> t).toArray(), found.tokens());
        }
    }

    @Test
    void enoughBeamsFindTheBestOfAll() {
        for (long seed = 0; seed < 20; seed++) {
            long s = seed;
            double[] best = {Double.NEGATIVE_INFINITY};
            exhaustive(s, List.of(), 9, 0, 0, best);
            BeamSearch.Found found = new BeamSearch(81, 4, 0, END)
                    .search((state, token) -> read(s, state, token), List.<Integer>of(), 9);
            assertEquals(best[0], found.score(), 1e-9, "seed " + s);
        }
    }

    private static void exhaustive(long seed, List<Integer> state, int token, int n, double sum, double[] best) {
        BeamSearch.Next<List<Integer>> next = read(seed, state, token);
        for (int k = 0; k < TOKENS; k++) {
            double total = sum + next.logProbabilities()[k];
            if (k == END || n == 3) {
                best[0] = Math.max(best[0], total);
            } else {
                exhaustive(seed, next.state(), k, n + 1, total, best);
            }
        }
    }

    @Test
    void theLengthPowerFavoursLongSequences() {
        float often = (float) Math.log(0.6);
        float seldom = (float) Math.log(0.4);
        BeamSearch.Model<Integer> model =
                (n, token) -> new BeamSearch.Next<>(new float[] {n == 2 ? 0 : seldom, n == 2 ? -99 : often}, n + 1);
        BeamSearch.Found plain = new BeamSearch(4, 5, 0, 0).search(model, 0, 1);
        BeamSearch.Found normed = new BeamSearch(4, 5, 1, 0).search(model, 0, 1);
        assertEquals(0, plain.tokens().length, "0.4 against 0.36");
        assertEquals(2, normed.tokens().length);
        assertTrue(normed.ended());
    }

    @Test
    void theLengthEndsWhatDoesNotEnd() {
        BeamSearch.Model<Integer> endless = (n, token) -> new BeamSearch.Next<>(new float[] {-99, 0}, n + 1);
        BeamSearch.Found found = BeamSearch.greedy(7, 0).search(endless, 0, 1);
        assertEquals(7, found.tokens().length);
        assertFalse(found.ended());
        assertThrows(IllegalArgumentException.class, () -> new BeamSearch(0, 5, 0, 0));
    }
}
