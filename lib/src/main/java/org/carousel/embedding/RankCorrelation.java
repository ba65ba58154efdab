package org.carousel.embedding;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Spearman's rank correlation: the correlation of the ranks of two series, in which equal values share their mean rank.
 *
 * <pre>
 * ρ = Σ (r - r̄)(s - s̄) / √(Σ (r - r̄)² Σ (s - s̄)²)
 * </pre>
 */
public final class RankCorrelation {
    private RankCorrelation() {}

    /**
     * ρ of two series, in [−1, 1]; NaN when one of them is constant.
     *
     * @throws IllegalArgumentException when the lengths differ, are less than 2, or a value is NaN
     */
    public static double spearman(double[] x, double[] y) {
        if (x.length != y.length || x.length < 2) {
            throw new IllegalArgumentException("spearman: series of " + x.length + " and " + y.length
                    + " values; two of the same length of at least 2 are needed");
        }
        double[] r = ranks(x);
        double[] s = ranks(y);
        double middle = (x.length + 1) / 2.0;
        double both = 0;
        double squaresR = 0;
        double squaresS = 0;
        for (int i = 0; i < r.length; i++) {
            both += (r[i] - middle) * (s[i] - middle);
            squaresR += (r[i] - middle) * (r[i] - middle);
            squaresS += (s[i] - middle) * (s[i] - middle);
        }
        return both / Math.sqrt(squaresR * squaresS);
    }

    /** Ranks from 1 on; equal values get the mean of the ranks they would take. */
    static double[] ranks(double... x) {
        for (int i = 0; i < x.length; i++) {
            if (Double.isNaN(x[i])) {
                throw new IllegalArgumentException("ranks: value " + i + " is NaN");
            }
        }
        int[] order = IntStream.range(0, x.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> x[i]))
                .mapToInt(i -> i)
                .toArray();
        double[] ranks = new double[x.length];
        for (int from = 0; from < order.length; ) {
            int to = from + 1;
            while (to < order.length && x[order[to]] == x[order[from]]) {
                to++;
            }
            for (int k = from; k < to; k++) {
                ranks[order[k]] = (from + to + 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }
}
