package org.carousel.tensor.internal.kernels;

/** Rows brought to one length or one spread, the sums in order as those of {@link Broadcast#sumTo}. */
public final class Normal {
    private Normal() {}

    /** y = x / √(Σ x² + ε), row by row. Modified: {@code y}, another array than x. */
    public static void unit(int rows, int n, float epsilon, float[] x, float[] y) {
        for (int row = 0; row < rows * n; row += n) {
            float length = (float) Math.sqrt(squares(n, x, row) + epsilon);
            for (int i = row; i < row + n; i++) {
                y[i] = x[i] / length;
            }
        }
    }

    /**
     * y = γ ⊙ (x - μ) / √(σ² + ε) + β with μ and σ² of the elements of a row. Modified: {@code y}, which may be x.
     *
     * @param gamma [n] from {@code go} on
     * @param beta [n] from {@code bo} on
     */
    public static void layer(
            int rows, int n, float epsilon, float[] x, float[] gamma, int go, float[] beta, int bo, float[] y) {
        for (int row = 0; row < rows * n; row += n) {
            float sum = 0;
            for (int i = row; i < row + n; i++) {
                sum += x[i];
            }
            float mean = sum / n;
            for (int i = row; i < row + n; i++) {
                y[i] = x[i] - mean;
            }
            float deviation = (float) Math.sqrt(squares(n, y, row) / n + epsilon);
            for (int i = 0; i < n; i++) {
                y[row + i] = y[row + i] / deviation * gamma[go + i] + beta[bo + i]; // rounded at every step
            }
        }
    }

    private static float squares(int n, float[] x, int xo) {
        float sum = 0;
        for (int i = xo; i < xo + n; i++) {
            sum += x[i] * x[i];
        }
        return sum;
    }
}
