package org.carousel.tensor.internal.kernels.paths;

import java.util.Arrays;

/**
 * All sequences of tags of one input of a linear-chain conditional random field: the logarithm of the sum of their
 * weights, how often each tag and each pair of neighbours occurs, and the best sequence. In logarithms of {@code double}.
 */
public final class CrfPaths {
    private static final double NEVER = Double.NEGATIVE_INFINITY;

    private CrfPaths() {}

    /** The scores of a field: of pairs [tags×tags], of the first tag and of the last. */
    public record Scores(int tags, double[] pairs, double[] first, double[] last) {}

    /**
     * ln Σ exp score over all sequences, of one input of at least one step. Adds to the gradients how often each score is
     * expected to occur.
     *
     * @param emissions [steps×tags] from {@code from} on
     * @param dEmissions laid out as they, from {@code to} on
     */
    public static double logPartition(
            Scores scores,
            int steps,
            float[] emissions,
            int from,
            double[] dEmissions,
            int to,
            double[] dPairs,
            double[] dFirst,
            double[] dLast) {
        int K = scores.tags();
        double[] alpha = new double[steps * K];
        double[] terms = new double[K];
        for (int j = 0; j < K; j++) {
            alpha[j] = scores.first()[j] + emissions[from + j];
        }
        for (int t = 1; t < steps; t++) {
            for (int j = 0; j < K; j++) {
                for (int i = 0; i < K; i++) {
                    terms[i] = alpha[(t - 1) * K + i] + scores.pairs()[i * K + j];
                }
                alpha[t * K + j] = logSum(terms) + emissions[from + t * K + j];
            }
        }
        int end = (steps - 1) * K;
        Arrays.setAll(terms, j -> alpha[end + j] + scores.last()[j]);
        double log = logSum(terms);
        double[] beta = scores.last().clone();
        double[] ahead = new double[K];
        for (int t = steps - 1; t >= 0; t--) {
            for (int j = 0; j < K; j++) {
                double p = StrictMath.exp(alpha[t * K + j] + beta[j] - log);
                dEmissions[to + t * K + j] += p;
                dFirst[j] += t == 0 ? p : 0;
                dLast[j] += t == steps - 1 ? p : 0;
                ahead[j] = beta[j] + emissions[from + t * K + j];
            }
            if (t == 0) {
                break;
            }
            for (int i = 0; i < K; i++) {
                for (int j = 0; j < K; j++) {
                    terms[j] = scores.pairs()[i * K + j] + ahead[j];
                    dPairs[i * K + j] += StrictMath.exp(alpha[(t - 1) * K + i] + terms[j] - log);
                }
                beta[i] = logSum(terms);
            }
        }
        return log;
    }

    /** The sequence of the largest score; of equal ones that with the smaller last tag. */
    public static int[] best(Scores scores, int steps, float[] emissions, int from) {
        int K = scores.tags();
        int[] tags = new int[steps];
        if (steps == 0) {
            return tags;
        }
        double[] score = new double[K];
        Arrays.setAll(score, j -> scores.first()[j] + emissions[from + j]);
        int[] before = new int[steps * K];
        for (int t = 1; t < steps; t++) {
            double[] next = new double[K];
            for (int j = 0; j < K; j++) {
                int best = 0;
                for (int i = 1; i < K; i++) {
                    best = score[i] + scores.pairs()[i * K + j] > score[best] + scores.pairs()[best * K + j] ? i : best;
                }
                before[t * K + j] = best;
                next[j] = score[best] + scores.pairs()[best * K + j] + emissions[from + t * K + j];
            }
            score = next;
        }
        int tag = 0;
        for (int j = 1; j < K; j++) {
            tag = score[j] + scores.last()[j] > score[tag] + scores.last()[tag] ? j : tag;
        }
        for (int t = steps - 1; t >= 0; t--) {
            tags[t] = tag;
            tag = before[t * K + tag];
        }
        return tags;
    }

    private static double logSum(double... terms) {
        double most = NEVER;
        for (double term : terms) {
            most = Math.max(most, term);
        }
        if (most == NEVER) {
            return NEVER;
        }
        double sum = 0;
        for (double term : terms) {
            sum += StrictMath.exp(term - most);
        }
        return most + StrictMath.log(sum);
    }
}
