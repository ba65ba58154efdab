package org.carousel.embedding.word2vec;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Kernels;

/**
 * From the mean h of a line's rows to the probabilities of labels.
 *
 * <pre>
 * softmax                    p_k = exp(u_k·h) / Σ_j exp(u_j·h)
 * hierarchical softmax       p_k = Π σ(± u_n·h) over the nodes n on the way to k, minus to the left
 * one versus all, negatives  p_k = σ(u_k·h), each for itself
 * </pre>
 */
final class FastTextOutput {
    /** What was trained for. */
    enum Loss {
        HIERARCHICAL_SOFTMAX,
        NEGATIVE_SAMPLING,
        SOFTMAX,
        ONE_VERSUS_ALL
    }

    private final Loss loss;
    private final FastTextRows rows;
    private final long[] counts; // of each label, the most frequent first

    FastTextOutput(Loss loss, FastTextRows rows, long[] counts) {
        this.loss = loss;
        this.rows = rows;
        this.counts = counts;
    }

    /** The probabilities of all labels. */
    double[] probabilities(float[] h) {
        int n = counts.length;
        double[] scores = new double[loss == Loss.HIERARCHICAL_SOFTMAX ? n - 1 : n]; // u_k·h
        float[] row = new float[h.length];
        float[] dot = new float[1];
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < scores.length; k++) {
            Arrays.fill(row, 0);
            rows.add(k, row);
            Kernels.active().rowDots(1, h.length, row, 0, h.length, h, 0, dot, 0);
            scores[k] = dot[0];
            largest = Math.max(largest, dot[0]);
        }
        return switch (loss) {
            case SOFTMAX -> softmax(scores, largest);
            case HIERARCHICAL_SOFTMAX -> tree(scores);
            case NEGATIVE_SAMPLING, ONE_VERSUS_ALL ->
                Arrays.stream(scores).map(FastTextOutput::sigmoid).toArray();
        };
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double[] softmax(double[] scores, double largest) {
        double sum = 0;
        for (int k = 0; k < scores.length; k++) {
            scores[k] = Math.exp(scores[k] - largest);
            sum += scores[k];
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k] /= sum;
        }
        return scores;
    }

    /**
     * Down Huffman's tree, which is made as fastText makes it: the two rarest become one, until one is left. Of a label and
     * a node of equal counts the node comes first, other than in {@link HierarchicalSoftmax}.
     */
    private double[] tree(double[] scores) {
        int n = counts.length;
        long[] sums = Arrays.copyOf(counts, 2 * n - 1);
        int[][] below = new int[n - 1][2];
        int label = n - 1;
        int inner = n;
        for (int node = n; node < 2 * n - 1; node++) {
            for (int side = 0; side < 2; side++) {
                boolean takeLabel = label >= 0 && (inner == node || sums[label] < sums[inner]);
                int rarest = takeLabel ? label-- : inner++;
                below[node - n][side] = rarest;
                sums[node] += sums[rarest];
            }
        }
        double[] p = new double[2 * n - 1];
        p[2 * n - 2] = 1;
        for (int node = 2 * n - 2; node >= n; node--) { // a node is made after what lies below it
            double right = sigmoid(scores[node - n]);
            p[below[node - n][0]] = p[node] * (1 - right);
            p[below[node - n][1]] = p[node] * right;
        }
        return Arrays.copyOf(p, n);
    }
}
