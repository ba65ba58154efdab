package org.carousel.training;

import java.util.Arrays;
import java.util.List;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.kernels.Elementwise;

/**
 * How good answers are, and how sure a count makes us.
 *
 * <pre>
 * accuracy = #{n : argmax_k y_nk = d_n} / #{n : d_n ≥ 0}
 * r        = Σ (x - x̄)(y - ȳ) / √(Σ (x - x̄)² Σ (y - ȳ)²)                         (Pearson)
 * interval = (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n),  z = 1.96           (Wilson 1927, 95 %)
 * P        = Σ over tables as rare as this one or rarer, with its sums, of
 *            C(a+b, a) C(c+d, c) / C(n, a+c)                                        (Fisher's exact test, two-sided)
 * </pre>
 *
 * <p>Sources: Wilson: Probable inference, the law of succession, and statistical inference, JASA 22, 1927,
 * doi:10.1080/01621459.1927.10502953; Fisher: On the interpretation of χ² from contingency tables, and the calculation
 * of P, Journal of the Royal Statistical Society 85, 1922, doi:10.2307/2340521.
 */
public final class Metrics {
    private static final double Z = 1.959963984540054;

    private Metrics() {}

    /** A range in which a share lies. */
    public record Interval(double low, double high) {}

    /**
     * The share of rows whose largest value stands in the wanted column; the first of equal ones counts.
     *
     * @param outputs scores or probabilities [N×K] or [..×K], one row per answer
     * @param wanted N columns; a negative one is not counted, as {@link Tensor#IGNORED}
     * @throws IllegalArgumentException when there is not one wanted column for every row, one is beyond K, or none counts
     */
    public static double accuracy(Tensor outputs, int... wanted) {
        int classes = outputs.size(outputs.rank() - 1);
        int rows = outputs.size() / classes;
        if (rows != wanted.length) {
            throw new IllegalArgumentException("accuracy: " + outputs.shapeText() + " has " + rows + " rows for "
                    + wanted.length + " wanted classes; one for each is needed");
        }
        float[] y = outputs.toArray();
        int right = 0;
        int all = 0;
        for (int n = 0; n < rows; n++) {
            if (wanted[n] >= classes) {
                throw new IllegalArgumentException(
                        "accuracy: class " + wanted[n] + " of row " + n + " is not below " + classes);
            }
            if (wanted[n] >= 0) {
                all++;
                right += Elementwise.largest(classes, y, n * classes) == wanted[n] ? 1 : 0;
            }
        }
        if (all == 0) {
            throw new IllegalArgumentException("accuracy: none of " + rows + " rows counts");
        }
        return (double) right / all;
    }

    /**
     * The largest absolute difference of two tensors, element by element: how far an equation written out and the library
     * are apart.
     *
     * @throws IllegalArgumentException when the shapes differ
     */
    public static double largestDifference(Tensor a, Tensor b) {
        if (!Arrays.equals(a.shape(), b.shape())) {
            throw new IllegalArgumentException(
                    "largest difference: " + a.shapeText() + " and " + b.shapeText() + " are of different shapes");
        }
        float[] x = a.toArray();
        float[] y = b.toArray();
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            largest = Math.max(largest, Math.abs((double) x[i] - y[i]));
        }
        return largest;
    }

    /**
     * The share of answers that are right from beginning to end.
     *
     * @throws IllegalArgumentException when the numbers differ or there are none
     */
    public static double exact(List<int[]> answers, List<int[]> wanted) {
        if (answers.size() != wanted.size() || answers.isEmpty()) {
            throw new IllegalArgumentException("exact: " + answers.size() + " answers for " + wanted.size()
                    + " wanted; at least one, and one for each, is needed");
        }
        int right = 0;
        for (int n = 0; n < answers.size(); n++) {
            right += Arrays.equals(answers.get(n), wanted.get(n)) ? 1 : 0;
        }
        return (double) right / answers.size();
    }

    /**
     * Pearson's correlation, in [−1, 1]; NaN when one of the series is constant.
     *
     * @throws IllegalArgumentException when the lengths differ or are less than 2
     */
    public static double correlation(double[] x, double[] y) {
        if (x.length != y.length || x.length < 2) {
            throw new IllegalArgumentException("correlation: series of " + x.length + " and " + y.length
                    + " values; two of the same length of at least 2 are needed");
        }
        double meanX = mean(x);
        double meanY = mean(y);
        double both = 0;
        double squaresX = 0;
        double squaresY = 0;
        for (int i = 0; i < x.length; i++) {
            both += (x[i] - meanX) * (y[i] - meanY);
            squaresX += (x[i] - meanX) * (x[i] - meanX);
            squaresY += (y[i] - meanY) * (y[i] - meanY);
        }
        return both / Math.sqrt(squaresX * squaresY);
    }

    private static double mean(double[] x) {
        double sum = 0;
        for (double v : x) {
            sum += v;
        }
        return sum / x.length;
    }

    /**
     * Where the true share lies with 95 % certainty, after {@code successes} of {@code trials}.
     *
     * @throws IllegalArgumentException unless 0 ≤ successes ≤ trials and trials ≥ 1
     */
    public static Interval interval(int successes, int trials) {
        require("interval", successes, trials);
        double p = (double) successes / trials;
        double z2 = Z * Z / trials;
        double middle = p + z2 / 2;
        double half = Z * Math.sqrt(p * (1 - p) / trials + z2 / (4 * trials));
        return new Interval(
                successes == 0 ? 0 : (middle - half) / (1 + z2), successes == trials ? 1 : (middle + half) / (1 + z2));
    }

    /**
     * How probable two counts are that differ so much or more, when both come from one and the same share: Fisher's
     * exact test, two-sided. Below 0.05 one calls the difference significant.
     *
     * @throws IllegalArgumentException unless 0 ≤ successes ≤ trials and trials ≥ 1 for both
     */
    public static double fisher(int successes1, int trials1, int successes2, int trials2) {
        require("fisher", successes1, trials1);
        require("fisher", successes2, trials2);
        int successes = successes1 + successes2;
        double seen = hypergeometric(successes1, trials1, trials2, successes);
        double sum = 0;
        for (int a = Math.max(0, successes - trials2); a <= Math.min(trials1, successes); a++) {
            double p = hypergeometric(a, trials1, trials2, successes);
            sum += p <= seen * (1 + 1e-7) ? p : 0; // equal but for rounding counts as equal
        }
        return Math.min(1, sum);
    }

    private static double hypergeometric(int a, int trials1, int trials2, int successes) {
        return StrictMath.exp(
                logChoose(trials1, a) + logChoose(trials2, successes - a) - logChoose(trials1 + trials2, successes));
    }

    private static double logChoose(int n, int k) {
        double sum = 0;
        for (int i = 1; i <= k; i++) {
            sum += StrictMath.log((double) (n - k + i) / i);
        }
        return sum;
    }

    private static void require(String what, int successes, int trials) {
        if (trials < 1 || successes < 0 || successes > trials) {
            throw new IllegalArgumentException(
                    what + ": " + successes + " of " + trials + "; must be 0 to all of at least 1");
        }
    }
}
