package org.carousel.attention.seq2seq;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Finds a likely sequence step by step, keeping the best few beginnings at every step.
 *
 * <pre>
 * score(y_1 .. y_n) = Σ ln p(y_t | y_1 .. y_{t-1}) / n^α        n counts the end token
 * </pre>
 *
 * <p>With one beam and α = 0 it is greedy; with beams for every beginning it is exhaustive. α above 0 keeps long
 * sequences from losing only because they are long. Of equal scores the smaller tokens win, so results do not depend on
 * chance.
 *
 * <p>Source: the length norm: Wu et al. 2016, arXiv:1609.08144, section 7, in the simpler form without its constant.
 *
 * @param beams how many beginnings are kept, at least 1
 * @param longest how many tokens a sequence has at most, the end token among them
 * @param lengthPower α, 0 or more
 * @param end the token that ends a sequence
 */
public record BeamSearch(int beams, int longest, double lengthPower, int end) {
    /** Checks the ranges. */
    public BeamSearch {
        if (beams < 1 || longest < 1 || !(lengthPower >= 0)) {
            throw new IllegalArgumentException("beam search: " + beams + " beams, at most " + longest
                    + " tokens, length power " + lengthPower + "; at least 1, 1 and 0 are needed");
        }
    }

    /** One beam. */
    public static BeamSearch greedy(int longest, int end) {
        return new BeamSearch(1, longest, 0, end);
    }

    /**
     * A model that continues a sequence.
     *
     * @param <S> what it carries from token to token
     */
    @FunctionalInterface
    public interface Model<S> {
        /** Reads one token and tells how likely each next one is. */
        Next<S> read(S state, int token);
    }

    /**
     * What may come next.
     *
     * @param logProbabilities ln p of every token
     * @param state for going on
     */
    public record Next<S>(float[] logProbabilities, S state) {}

    /**
     * A sequence that was found.
     *
     * @param tokens without the token it began with, and without the end token
     * @param score its normalised logarithmic probability
     * @param ended whether it ends by its own end token, not by its length
     */
    public record Found(int[] tokens, double score, boolean ended) {}

    private record Beam<S>(int[] tokens, double sum, S state, int last) {}

    /** A beginning and one more token, not yet written down: a vocabulary has many, and few are kept. */
    private record Choice<S>(Beam<S> from, int token, double sum, S state) {
        static <S> Comparator<Choice<S>> bestFirst() {
            return Comparator.<Choice<S>>comparingDouble(c -> -c.sum)
                    .thenComparing(c -> c.from.tokens, Arrays::compare)
                    .thenComparingInt(c -> c.token);
        }

        Beam<S> taken() {
            int n = from.tokens.length;
            int[] longer = Arrays.copyOf(from.tokens, n + 1);
            longer[n] = token;
            return new Beam<>(longer, sum, state, token);
        }
    }

    /** The best sequence that follows {@code begin}. */
    public <S> Found search(Model<S> model, S state, int begin) {
        return searchAll(model, state, begin).get(0);
    }

    /** All sequences that were kept to the end, the best first. */
    public <S> List<Found> searchAll(Model<S> model, S state, int begin) {
        List<Found> found = new ArrayList<>();
        List<Beam<S>> alive = List.of(new Beam<>(new int[0], 0, state, begin));
        for (int n = 1; n <= longest && !alive.isEmpty(); n++) {
            PriorityQueue<Choice<S>> best =
                    new PriorityQueue<>(Choice.<S>bestFirst().reversed()); // the worst in front
            for (Beam<S> beam : alive) {
                Next<S> after = model.read(beam.state, beam.last);
                float[] p = after.logProbabilities;
                for (int token = 0; token < p.length; token++) {
                    double sum = beam.sum + p[token];
                    if (best.size() == beams && sum < best.element().sum) {
                        continue;
                    }
                    best.add(new Choice<>(beam, token, sum, after.state));
                    if (best.size() > beams) {
                        best.remove();
                    }
                }
            }
            alive = keep(
                    best.stream().sorted(Choice.bestFirst()).map(Choice::taken).toList(), n, found);
        }
        for (Beam<S> beam : alive) {
            found.add(new Found(beam.tokens, score(beam.sum, beam.tokens.length), false));
        }
        found.sort(Comparator.<Found>comparingDouble(f -> -f.score).thenComparing(Found::tokens, Arrays::compare));
        return found;
    }

    /** Those that go on; those that end leave the race and keep their place in it. */
    private <S> List<Beam<S>> keep(List<Beam<S>> best, int n, List<Found> found) {
        List<Beam<S>> alive = new ArrayList<>();
        for (Beam<S> beam : best) {
            if (beam.last == end) {
                found.add(new Found(Arrays.copyOf(beam.tokens, n - 1), score(beam.sum, n), true));
            } else {
                alive.add(beam);
            }
        }
        return alive;
    }

    private double score(double sum, int n) {
        return sum / StrictMath.pow(n, lengthPower);
    }
}
