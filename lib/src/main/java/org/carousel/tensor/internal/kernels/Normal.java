package org.carousel.tensor.internal.kernels;

/**
 * Rows brought to one length or one spread. The sums of {@link #unit} are in order as those of {@link Broadcast#sumTo};
 * those of a layer's norm are the 16 interleaved ones of every row sum.
 */
public final class Normal {
    private Normal() {}

    /** y = x / √(Σ x² + ε), row by row. Modified: {@code y}, another array than x. */
    public static void unit(int rows, int n, float epsilon, float[] x, float[] y) {
        for (int row = 0; row < rows * n; row += n) {
            float sum = 0;
            for (int i = row; i < row + n; i++) {
                sum += x[i] * x[i];
            }
            float length = (float) Math.sqrt(sum + epsilon);
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
        layer(rows, n, epsilon, x, 0, gamma, go, beta, bo, y, new float[rows], y);
    }

    /**
     * {@link #layer} that keeps what its backward pass needs. Modified: {@code y}, {@code deviations} and {@code standard},
     * the rows without γ and β, which may be y where no backward pass follows.
     */
    public static void layer(
            int rows,
            int n,
            float epsilon,
            float[] x,
            int xo,
            float[] gamma,
            int go,
            float[] beta,
            int bo,
            float[] standard,
            float[] deviations,
            float[] y) {
        Parallel.over(rows, Costs.NORM * rows * n, (from, to) -> {
            Kernels kernels = Kernels.active();
            for (int r = from; r < to; r++) {
                int at = r * n;
                standardize(kernels, n, epsilon, x, xo + at, standard, at, deviations, r);
                kernels.combine(Broadcast.Operation.MULTIPLY, n, standard, at, 1, gamma, go, 1, y, at);
                kernels.add(n, beta, bo, y, at);
            }
        });
    }

    /** y = (x - μ) / √(σ² + ε) of one row. Modified: {@code y}, which may be x, and its deviation. */
    public static void standardize(
            Kernels kernels, int n, float epsilon, float[] x, int xo, float[] y, int yo, float[] deviations, int d) {
        deviations[d] = kernels.rowSum(n, x, xo) / n;
        kernels.combine(Broadcast.Operation.SUBTRACT, n, x, xo, 1, deviations, d, 0, y, yo);
        deviations[d] = (float) Math.sqrt(kernels.rowDot(n, y, yo, y, yo) / n + epsilon);
        kernels.combine(Broadcast.Operation.DIVIDE, n, y, yo, 1, deviations, d, 0, y, yo);
    }

    /**
     * dx += (g - mean(g) - s mean(g ⊙ s)) / √(σ² + ε) for the s that {@link #standardize} made. Modified: {@code g} and
     * {@code dx}.
     */
    public static void backward(
            Kernels kernels, int n, float[] g, int go, float[] s, int so, float deviation, float[] dx, int dxo) {
        float along = kernels.rowDot(n, g, go, s, so) / n;
        Elementwise.addScalar(n, -kernels.rowSum(n, g, go) / n, g, go);
        kernels.addScaled(n, -along, s, so, g, go);
        kernels.addScaled(n, 1 / deviation, g, go, dx, dxo);
    }

    /**
     * The way back through {@link #layer}: dγ += Σ g ⊙ s, dβ += Σ g, dx as above of g ⊙ γ.
     *
     * @param dx [rows×n], or an empty array when nobody asks; as the others
     */
    public static void layerBackward(
            int rows,
            int n,
            float[] g,
            float[] standard,
            float[] deviations,
            float[] gamma,
            int go,
            float[] dx,
            float[] dGamma,
            float[] dBeta) {
        if (dx.length > 0) {
            Parallel.over(rows, 2 * Costs.NORM * rows * n, (from, to) -> {
                Kernels kernels = Kernels.active();
                float[] own = new float[n];
                for (int r = from; r < to; r++) {
                    kernels.multiply(n, g, r * n, gamma, go, own, 0);
                    backward(kernels, n, own, 0, standard, r * n, deviations[r], dx, r * n);
                }
            });
        }
        gains(rows, n, g, standard, dGamma, dBeta);
    }

    /** dγ += Σ g ⊙ s, dβ += Σ g over the rows, in order. */
    public static void gains(int rows, int n, float[] g, float[] standard, float[] dGamma, float[] dBeta) {
        Kernels kernels = Kernels.active();
        if (dBeta.length > 0) {
            kernels.columnSums(rows, n, g, 0, n, dBeta, 0);
        }
        if (dGamma.length > 0) {
            for (int r = 0; r < rows; r++) {
                kernels.multiplyAdd(n, g, r * n, standard, r * n, dGamma, 0);
            }
        }
    }
}
