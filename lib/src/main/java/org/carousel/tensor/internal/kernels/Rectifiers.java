package org.carousel.tensor.internal.kernels;

/**
 * max(0, x) and the Gaussian error linear unit in its tanh form, forward and backward; {@code dx} is added to. Plain
 * Java here; {@code VectorKernelsRectifiers} does the same operations on many elements, so both agree bit for bit.
 */
public class Rectifiers {
    static final float SLOPE = 0.7978846f; // √(2/π)
    static final float CUBIC = 0.044715f;

    /** Abramowitz and Stegun 1964, 7.1.26, with p/√2 for x in place of x/√2. */
    static final float P = 0.3275911f * 0.70710677f;

    static final float A1 = 0.254829592f;
    static final float A2 = -0.284496736f;
    static final float A3 = 1.421413741f;
    static final float A4 = -1.453152027f;
    static final float A5 = 1.061405429f;

    Rectifiers() {}

    /** Those of the kernels of this virtual machine. */
    public static Rectifiers active() {
        return Kernels.active().rectifiers();
    }

    /** y = max(x, 0); NaN stays NaN. */
    public final void relu(int n, float[] x, int xo, float[] y, int yo) {
        reluFrom(someRelu(n, x, xo, y, yo), n, x, xo, y, yo);
    }

    private static void reluFrom(int first, int n, float[] x, int xo, float[] y, int yo) {
        for (int i = first; i < n; i++) {
            y[yo + i] = Math.max(x[xo + i], 0f);
        }
    }

    /** dx += g where y > 0. */
    public final void reluBackward(int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        for (int i = someReluBackward(n, g, go, y, yo, dx, dxo); i < n; i++) {
            dx[dxo + i] += y[yo + i] > 0 ? g[go + i] : 0;
        }
    }

    /** y = 0.5 x (1 + t) with t = tanh(√(2/π) (x + 0.044715 x³)). Modified: y and t, [n] from 0 on. */
    public final void gelu(int n, float[] x, int xo, float[] t, float[] y) {
        for (int i = someGeluArguments(n, x, xo, t); i < n; i++) {
            float v = x[xo + i];
            t[i] = SLOPE * Math.fma(CUBIC * v * v, v, v);
        }
        Kernels.active().tanh(n, t, 0, t, 0);
        for (int i = someGelu(n, x, xo, t, y); i < n; i++) {
            y[i] = 0.5f * x[xo + i] * (1 + t[i]);
        }
    }

    /** dx += g (0.5 (1 + t) + 0.5 x (1 - t²) √(2/π) (1 + 3 · 0.044715 x²)), [n] from 0 on. */
    public final void geluBackward(int n, float[] g, float[] x, int xo, float[] t, float[] dx) {
        for (int i = someGeluBackward(n, g, x, xo, t, dx); i < n; i++) {
            float v = x[xo + i];
            float u = t[i];
            float inner = SLOPE * Math.fma(3 * CUBIC * v, v, 1f);
            dx[i] = Math.fma(g[i], 0.5f * (1 + u + v * Math.fma(-u, u, 1f) * inner), dx[i]);
        }
    }

    /** y = x Φ(x) by {@link #tail} where y is e^(-x²/2). Modified: y, [n] from 0 on, another array than x. */
    public final void geluOfBell(int n, float[] x, int xo, float[] y) {
        for (int i = someGeluOfBell(n, x, xo, y); i < n; i++) {
            float v = x[xo + i];
            y[i] = Math.max(v, 0) - Math.abs(v) * tail(Math.abs(v), y[i]);
        }
    }

    /** 1 - Φ(x) for x ≥ 0, right to 1e-7, with e^(-x²/2) given. */
    public static float tail(float x, float bell) {
        float t = 1 / (1 + P * x);
        return 0.5f * t * (A1 + t * (A2 + t * (A3 + t * (A4 + t * A5)))) * bell;
    }

    /** As {@link #someRelu}. */
    int someGeluOfBell(int n, float[] x, int xo, float[] y) {
        return 0;
    }

    /** As many elements as whole vectors hold; returns how many. */
    int someRelu(int n, float[] x, int xo, float[] y, int yo) {
        return 0;
    }

    /** As {@link #someRelu}. */
    int someReluBackward(int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        return 0;
    }

    /** As {@link #someRelu}. */
    int someGeluArguments(int n, float[] x, int xo, float[] t) {
        return 0;
    }

    /** As {@link #someRelu}. */
    int someGelu(int n, float[] x, int xo, float[] t, float[] y) {
        return 0;
    }

    /** As {@link #someRelu}. */
    int someGeluBackward(int n, float[] g, float[] x, int xo, float[] t, float[] dx) {
        return 0;
    }
}
