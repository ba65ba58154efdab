package org.carousel.labelling;

import java.util.List;

/**
 * Which label was said where which was right, counted over steps.
 *
 * <pre>
 * accuracy = Σ_k n_kk / Σ n            for three structures of proteins it is called Q3
 * C_k      = (p n - u o) / √((n+u)(n+o)(p+u)(p+o))       p, n: k rightly said and not said; u: missed, o: said wrongly
 * </pre>
 *
 * <p>Source of C: Matthews: Comparison of the predicted and observed secondary structure of T4 phage lysozyme, Biochimica et
 * Biophysica Acta 405, 1975, doi:10.1016/0005-2795(75)90109-9.
 *
 * @param counts [right][said]
 */
public record Confusion(int[][] counts) {
    /**
     * Counts.
     *
     * @param labels K
     * @param said for each sequence its labels
     * @param right as many for each
     * @throws IllegalArgumentException when the numbers differ or a label is outside 0..K-1
     */
    public static Confusion of(int labels, List<int[]> said, List<int[]> right) {
        if (said.size() != right.size()) {
            throw new IllegalArgumentException(
                    "confusion: " + said.size() + " sequences said, " + right.size() + " right ones");
        }
        int[][] counts = new int[labels][labels];
        for (int n = 0; n < said.size(); n++) {
            int[] mine = said.get(n);
            int[] wanted = right.get(n);
            if (mine.length != wanted.length) {
                throw new IllegalArgumentException("confusion: " + mine.length + " labels said in sequence " + n
                        + ", where " + wanted.length + " are right");
            }
            for (int t = 0; t < mine.length; t++) {
                counts[require(labels, wanted[t], n, t)][require(labels, mine[t], n, t)]++;
            }
        }
        return new Confusion(counts);
    }

    private static int require(int labels, int label, int sequence, int step) {
        if (label < 0 || label >= labels) {
            throw new IllegalArgumentException("confusion: label " + label + " at step " + step + " of sequence "
                    + sequence + " is outside 0.." + (labels - 1));
        }
        return label;
    }

    /** All steps. */
    public int total() {
        int sum = 0;
        for (int[] row : counts) {
            for (int n : row) {
                sum += n;
            }
        }
        return sum;
    }

    /** The steps that are right. */
    public int right() {
        int sum = 0;
        for (int k = 0; k < counts.length; k++) {
            sum += counts[k][k];
        }
        return sum;
    }

    /** The share of steps that are right; 0 where there are none. Of helix, strand and coil: Q3. */
    public double accuracy() {
        return total() == 0 ? 0 : (double) right() / total();
    }

    /** The share that is said of the steps where k is right; 0 where it never is. */
    public double recall(int k) {
        int there = row(k);
        return there == 0 ? 0 : (double) counts[k][k] / there;
    }

    /** The share that is right of the steps where k is said; 0 where it never is. */
    public double precision(int k) {
        int said = column(k);
        return said == 0 ? 0 : (double) counts[k][k] / said;
    }

    /** Matthews' C of label k, -1..1; 0 where it is always or never right or said. */
    public double correlation(int k) {
        double p = counts[k][k];
        double u = row(k) - p;
        double o = column(k) - p;
        double n = total() - p - u - o;
        double squares = (n + u) * (n + o) * (p + u) * (p + o);
        return squares == 0 ? 0 : (p * n - u * o) / Math.sqrt(squares);
    }

    private int row(int k) {
        int sum = 0;
        for (int n : counts[k]) {
            sum += n;
        }
        return sum;
    }

    private int column(int k) {
        int sum = 0;
        for (int[] row : counts) {
            sum += row[k];
        }
        return sum;
    }
}
