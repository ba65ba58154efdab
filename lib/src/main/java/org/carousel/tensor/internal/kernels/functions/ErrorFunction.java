package org.carousel.tensor.internal.kernels.functions;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Rectifiers;

/**
 * x Φ(x), Φ(x) = (1 + erf(x/√2)) / 2, with the error function of Abramowitz and Stegun 1964, 7.1.26, right to 1.5e-7:
 *
 * <pre>
 * erf u = 1 - (a₁ t + a₂ t² + a₃ t³ + a₄ t⁴ + a₅ t⁵) e^(-u²)        t = 1 / (1 + p u), u ≥ 0
 * </pre>
 */
public final class ErrorFunction {
    private static final float DENSITY = 0.3989423f; // 1/√(2π)

    private ErrorFunction() {}

    /** y = x Φ(x). Modified: {@code y}, from 0 on. */
    public static void gelu(int n, float[] x, int xo, float[] y) {
        bell(n, x, xo, y);
        Rectifiers.active().geluOfBell(n, x, xo, y);
    }

    /** dx += g ⊙ (Φ(x) + x φ(x)). Modified: {@code dx}, from 0 on. */
    public static void geluBackward(int n, float[] g, float[] x, int xo, float[] dx) {
        float[] bell = new float[n];
        bell(n, x, xo, bell);
        for (int i = 0; i < n; i++) {
            float v = x[xo + i];
            float tail = Rectifiers.tail(Math.abs(v), bell[i]);
            dx[i] += g[i] * ((v < 0 ? tail : 1 - tail) + v * (DENSITY * bell[i]));
        }
    }

    /** e^(-x²/2). */
    private static void bell(int n, float[] x, int xo, float[] y) {
        for (int i = 0; i < n; i++) {
            y[i] = -0.5f * x[xo + i] * x[xo + i];
        }
        Kernels.active().exp(n, y, 0, y, 0);
    }
}
