package org.carousel.tensor.internal.kernels.functions;

import org.carousel.tensor.internal.kernels.Kernels;

/**
 * ln σ(x) = min(x, 0) - ln(1 + e^-|x|), with ln(1 + u) = 2 artanh(u / (2 + u)) by its series, which converges fast as the
 * argument is at most 1/3. Largest error about 2e-7.
 */
public final class LogSigmoid {
    private LogSigmoid() {}

    /**
     * y = ln σ(x). Modified: {@code y}, which may be x, and the elements of the two rooms at the same places as y.
     *
     * @param one at least as long as y needs, as {@code other}
     */
    public static void apply(Kernels kernels, int n, float[] x, int xo, float[] y, int yo, float[] one, float[] other) {
        System.arraycopy(x, xo, one, yo, n);
        minusMagnitude(yo, yo + n, one, other);
        kernels.exp(n, other, yo, other, yo);
        series(yo, yo + n, one, other);
        System.arraycopy(one, yo, y, yo, n);
    }

    private static void minusMagnitude(int from, int to, float[] x, float[] y) {
        for (int k = from; k < to; k++) {
            y[k] = -Math.abs(x[k]);
        }
    }

    private static void series(int from, int to, float[] x, float[] u) {
        for (int k = from; k < to; k++) {
            float s = u[k] / (2 + u[k]);
            float q = s * s;
            float p = 1 / 15f;
            p = Math.fma(p, q, 1 / 13f);
            p = Math.fma(p, q, 1 / 11f);
            p = Math.fma(p, q, 1 / 9f);
            p = Math.fma(p, q, 1 / 7f);
            p = Math.fma(p, q, 1 / 5f);
            p = Math.fma(p, q, 1 / 3f);
            p = Math.fma(p * q, s, s);
            x[k] = Math.fma(-2f, p, Math.min(x[k], 0f));
        }
    }
}
