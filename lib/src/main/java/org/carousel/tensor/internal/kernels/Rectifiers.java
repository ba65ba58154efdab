package org.carousel.tensor.internal.kernels;

/**
 * max(0, x) and the Gaussian error linear unit in its tanh form, forward and backward; {@code dx} is added to. Plain
 * Java here; {@code VectorKernelsRectifiers} does the same operations on many elements, so both agree bit for bit.
 */
public class Rectifiers {
    static final float SLOPE = 0.7978846f; // √(2/π)
    static final float CUBIC = 0.044715f;

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
