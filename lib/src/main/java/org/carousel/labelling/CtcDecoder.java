package org.carousel.labelling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.paths.CtcPaths;

/**
 * Reads labels out of the logits of a network trained with {@link Ctc}.
 *
 * <p>{@link #greedy} takes the best path, which need not be the reading with the largest probability: that is a sum over
 * paths. {@link #beam} sums, keeping the best beginnings after each step.
 *
 * <p>Sources: Graves et al. 2006, doi:10.1145/1143844.1143891; the search with a prior: Hannun et al. 2014,
 * arXiv:1408.2873.
 *
 * @param blank the class that says nothing
 */
public record CtcDecoder(int blank) {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    /** What is known about readings before looking at the input: a language model. */
    @FunctionalInterface
    public interface Prior {
        /** ln p(next | beginning), weighted as wished; asked once for each extension. */
        double logProbability(List<Integer> beginning, int next);
    }

    /**
     * A reading.
     *
     * @param labels without blanks
     * @param logProbability ln p(labels | x), or of the paths that the beam kept
     * @param score {@code logProbability} and what the prior added
     */
    public record Reading(int[] labels, double logProbability, double score) {}

    /** Checks the blank. */
    public CtcDecoder {
        if (blank < 0) {
            throw new IllegalArgumentException("ctc decoder: blank " + blank + " is below 0");
        }
    }

    /** B(path): merges equal neighbours, then takes the blanks away. */
    public int[] collapse(int... path) {
        int[] labels = new int[path.length];
        int n = 0;
        for (int t = 0; t < path.length; t++) {
            if (path[t] != blank && (t == 0 || path[t] != path[t - 1])) {
                labels[n++] = path[t];
            }
        }
        return Arrays.copyOf(labels, n);
    }

    /** The labels of the best path of each sequence of logits [B×T×K]. */
    public List<int[]> greedy(Tensor logits, int... lengths) {
        Ragged.require("ctc greedy", logits, lengths);
        List<int[]> all = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            double[][] a = logRows(logits, b, lengths[b]);
            all.add(collapse(Arrays.stream(a).mapToInt(CtcDecoder::best).toArray()));
        }
        return all;
    }

    /** The best readings of each sequence, as {@link #beam(Tensor, int, Prior, int...)} without a prior. */
    public List<List<Reading>> beam(Tensor logits, int width, int... lengths) {
        return beam(logits, width, (beginning, next) -> 0, lengths);
    }

    /**
     * The best readings of each sequence of logits [B×T×K], best first, found by prefix search.
     *
     * <p>With a beam that loses no beginning the probabilities are exact, and the best is never less likely than the reading
     * of {@link #greedy}. With a narrow beam it may be.
     *
     * @param width how many beginnings are kept after each step, 1 or more
     */
    public List<List<Reading>> beam(Tensor logits, int width, Prior prior, int... lengths) {
        Ragged.require("ctc beam", logits, lengths);
        if (width < 1) {
            throw new IllegalArgumentException("ctc beam: width " + width + " must be 1 or more");
        }
        List<List<Reading>> all = new ArrayList<>();
        for (int b = 0; b < lengths.length; b++) {
            all.add(search(logRows(logits, b, lengths[b]), width, prior));
        }
        return all;
    }

    /**
     * The best path that reads as a known target: the class of each step.
     *
     * @param logits [T×K]
     * @throws IllegalArgumentException when the target needs more steps than there are
     */
    public int[] align(Tensor logits, int... target) {
        if (logits.rank() != 2) {
            throw new IllegalArgumentException("ctc align: logits " + logits.shapeText() + " must be [T×K]");
        }
        int steps = logits.size(0);
        if (CtcPaths.shortest(target) > steps) {
            throw new IllegalArgumentException("ctc align: the target of " + target.length + " labels needs "
                    + CtcPaths.shortest(target) + " steps, its input has " + steps);
        }
        double[][] y = logRows(logits.reshape(1, steps, logits.size(1)), 0, steps);
        for (int label : target) {
            if (label < 0 || label >= logits.size(1) || label == blank) {
                throw new IllegalArgumentException(
                        "ctc align: label " + label + " is the blank or outside 0.." + (logits.size(1) - 1));
            }
        }
        return viterbi(y, CtcPaths.states(target, blank));
    }

    private int[] viterbi(double[][] y, int[] states) {
        int steps = y.length;
        int[] path = new int[steps];
        if (steps == 0) {
            return path;
        }
        int count = states.length;
        int[][] from = new int[steps][count];
        double[] score = new double[count];
        Arrays.fill(score, NEVER);
        for (int s = 0; s < Math.min(2, count); s++) {
            score[s] = y[0][states[s]];
        }
        for (int t = 1; t < steps; t++) {
            double[] next = new double[count];
            for (int s = 0; s < count; s++) {
                int best = s;
                if (s > 0 && score[s - 1] > score[best]) {
                    best = s - 1;
                }
                boolean skip = s > 1 && states[s] != blank && states[s] != states[s - 2];
                if (skip && score[s - 2] > score[best]) {
                    best = s - 2;
                }
                from[t][s] = best;
                next[s] = score[best] + y[t][states[s]];
            }
            score = next;
        }
        int s = count > 1 && score[count - 2] > score[count - 1] ? count - 2 : count - 1;
        for (int t = steps - 1; t >= 0; t--) {
            path[t] = states[s];
            s = from[t][s];
        }
        return path;
    }

    /** A beginning: ln of the probability of its paths that end with a blank, and with its last label. */
    private static final class Beginning {
        private final List<Integer> labels;
        private final double prior;
        private double blank = NEVER;
        private double label = NEVER;

        Beginning(List<Integer> labels, double prior) {
            this.labels = labels;
            this.prior = prior;
        }

        double total() {
            return CtcPaths.add(blank, label);
        }

        double score() {
            return total() + prior;
        }
    }

    private List<Reading> search(double[][] y, int width, Prior prior) {
        Beginning empty = new Beginning(List.of(), 0);
        empty.blank = 0;
        List<Beginning> kept = List.of(empty);
        for (double[] row : y) {
            Map<List<Integer>, Beginning> next = new LinkedHashMap<>();
            for (Beginning from : kept) {
                Beginning same = next.computeIfAbsent(from.labels, l -> new Beginning(l, from.prior));
                same.blank = CtcPaths.add(same.blank, from.total() + row[blank]);
                int last = from.labels.isEmpty() ? blank : from.labels.get(from.labels.size() - 1);
                for (int k = 0; k < row.length; k++) {
                    if (k == blank) {
                        continue;
                    }
                    if (k == last) {
                        same.label = CtcPaths.add(same.label, from.label + row[k]);
                    }
                    double in = k == last ? from.blank : from.total();
                    if (in > NEVER) {
                        Beginning longer = extend(next, from, k, prior);
                        longer.label = CtcPaths.add(longer.label, in + row[k]);
                    }
                }
            }
            kept = next.values().stream().sorted(BEST_FIRST).limit(width).toList();
        }
        return kept.stream()
                .map(b -> new Reading(
                        b.labels.stream().mapToInt(Integer::intValue).toArray(), b.total(), b.score()))
                .toList();
    }

    private static final Comparator<Beginning> BEST_FIRST =
            Comparator.comparingDouble(Beginning::score).reversed();

    private static Beginning extend(Map<List<Integer>, Beginning> next, Beginning from, int k, Prior prior) {
        List<Integer> labels = new ArrayList<>(from.labels);
        labels.add(k);
        Beginning known = next.get(labels);
        if (known == null) {
            known = new Beginning(List.copyOf(labels), from.prior + prior.logProbability(from.labels, k));
            next.put(known.labels, known);
        }
        return known;
    }

    /** ln softmax of the steps of one sequence. */
    private double[][] logRows(Tensor logits, int sequence, int length) {
        if (blank >= logits.size(2)) {
            throw new IllegalArgumentException(
                    "ctc decoder: blank " + blank + " is no class of logits " + logits.shapeText());
        }
        double[][] rows = new double[length][];
        for (int t = 0; t < length; t++) {
            double[] a = new double[logits.size(2)];
            double most = NEVER;
            for (int k = 0; k < a.length; k++) {
                a[k] = logits.get(sequence, t, k);
                if (!Double.isFinite(a[k])) {
                    throw new IllegalArgumentException("ctc decoder: logit " + a[k] + " at step " + t + " of sequence "
                            + sequence + "; logits must be finite numbers");
                }
                most = Math.max(most, a[k]);
            }
            double sum = 0;
            for (double v : a) {
                sum += StrictMath.exp(v - most);
            }
            double norm = most + StrictMath.log(sum);
            Arrays.setAll(a, k -> a[k] - norm);
            rows[t] = a;
        }
        return rows;
    }

    private static int best(double... row) {
        int best = 0;
        for (int k = 1; k < row.length; k++) {
            best = row[k] > row[best] ? k : best;
        }
        return best;
    }
}
