package org.carousel.attention.seq2seq;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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

    /** Every beginning of a step is written down and sorted: slow, and what the search must find, ties included. */
    private static List<List<Integer>> sorted(int beams, int longest, BeamSearch.Model<List<Integer>> model) {
        record Beginning(List<Integer> tokens, double sum, List<Integer> state, int last) {}
        Comparator<Beginning> order = Comparator.<Beginning>comparingDouble(b -> -b.sum)
                .thenComparing(b -> b.tokens.stream().mapToInt(t -> t).toArray(), Arrays::compare);
        List<Beginning> found = new ArrayList<>();
        List<Beginning> alive = List.of(new Beginning(List.of(), 0, List.of(), 9));
        for (int n = 1; n <= longest; n++) {
            List<Beginning> next = new ArrayList<>();
            for (Beginning b : alive) {
                BeamSearch.Next<List<Integer>> after = model.read(b.state, b.last);
                for (int token = 0; token < after.logProbabilities().length; token++) {
                    List<Integer> longer = new ArrayList<>(b.tokens);
                    longer.add(token);
                    next.add(new Beginning(longer, b.sum + after.logProbabilities()[token], after.state(), token));
                }
            }
            next.sort(order);
            alive = new ArrayList<>();
            for (Beginning b : next.subList(0, Math.min(beams, next.size()))) {
                (b.last == END ? found : alive).add(b);
            }
        }
        found.addAll(alive);
        found.sort(order);
        return found.stream()
                .map(b -> b.last == END ? b.tokens.subList(0, b.tokens.size() - 1) : b.tokens)
                .toList();
    }

    @Test
    void keepsWhatSortingAllContinuationsWouldKeep() {
        for (long seed = 0; seed < 60; seed++) {
            long s = seed;
            int beams = 1 + (int) seed % 5;
            BeamSearch.Model<List<Integer>> model = (state, token) -> {
                BeamSearch.Next<List<Integer>> next = read(s, state, token);
                float[] few = next.logProbabilities().clone(); // few values, so that many beginnings are equal
                for (int k = 0; k < few.length; k++) {
                    few[k] = s % 4 == 3 && k == 1 ? Float.NaN : Math.round(few[k]);
                }
                return new BeamSearch.Next<>(few, next.state());
            };
            List<List<Integer>> found = new ArrayList<>();
            for (BeamSearch.Found f : new BeamSearch(beams, 5, 0, END).searchAll(model, List.of(), 9)) {
                found.add(Arrays.stream(f.tokens()).boxed().toList());
            }
            assertEquals(sorted(beams, 5, model), found, "seed " + s + ", " + beams + " beams");
        }
    }
}
