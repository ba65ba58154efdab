package org.carousel.layers;

import org.carousel.tensor.Tensor;

/** Inputs that say when it is, and inputs that show the last few steps: all [B×T×F] or [T×F], beside or instead of x. */
public final class TimeFeatures {
    private TimeFeatures() {}

    /**
     * The last {@code width} inputs side by side, zeros before the first.
     *
     * <pre>
     * out_t = [x_{t-width+1} .. x_{t-1} x_t]      [B×T×(width·I)]
     * </pre>
     *
     * @throws IllegalArgumentException when the window is wider than the sequence
     */
    public static Tensor window(Tensor x, int width) {
        if (x.rank() != 3 || width < 1 || width > x.size(1)) {
            throw new IllegalArgumentException(
                    "window: " + width + " steps of sequences " + x.shapeText() + "; must be 1 to T of [B×T×I]");
        }
        Tensor[] shifted = new Tensor[width];
        int steps = x.size(1);
        for (int k = 0; k < width; k++) {
            int back = width - 1 - k;
            shifted[k] = back == 0
                    ? x
                    : Tensor.concat(1, Tensor.zeros(x.size(0), back, x.size(2)), x.slice(1, 0, steps - back));
        }
        return Tensor.concat(2, shifted);
    }

    /** t / T itself [T×1]. */
    public static Tensor index(int steps) {
        float[] t = new float[steps];
        for (int k = 0; k < steps; k++) {
            t[k] = (float) k / steps;
        }
        return Tensor.wrap(t, steps, 1);
    }

    /** sin(2πt/period) and cos(2πt/period) of each period [T×2n]. */
    public static Tensor waves(int steps, double... periods) {
        float[] out = new float[steps * 2 * periods.length];
        int at = 0;
        for (int t = 0; t < steps; t++) {
            for (double period : periods) {
                if (!(period > 0)) {
                    throw new IllegalArgumentException("waves: period " + period + " must be above 0");
                }
                out[at++] = (float) StrictMath.sin(2 * Math.PI * t / period);
                out[at++] = (float) StrictMath.cos(2 * Math.PI * t / period);
            }
        }
        return Tensor.wrap(out, steps, 2 * periods.length);
    }

    /**
     * Gaussian bumps [T×n], one around each of n places that divide the sequence evenly, as wide as their distance:
     * exp(-(t - centre)² / (2 distance²)).
     */
    public static Tensor bumps(int steps, int n) {
        if (n < 1) {
            throw new IllegalArgumentException("bumps: " + n + " must be at least 1");
        }
        float[] out = new float[steps * n];
        double distance = (double) steps / n;
        for (int t = 0; t < steps; t++) {
            for (int k = 0; k < n; k++) {
                double off = (t - (k + 0.5) * distance) / distance;
                out[t * n + k] = (float) StrictMath.exp(-off * off / 2);
            }
        }
        return Tensor.wrap(out, steps, n);
    }

    /** x [B×T×I] with features of the step beside it, the same for all sequences: [B×T×(I+F)]. */
    public static Tensor beside(Tensor x, Tensor features) {
        if (x.rank() != 3 || features.rank() != 2 || x.size(1) != features.size(0)) {
            throw new IllegalArgumentException("beside: features " + features.shapeText() + " for sequences "
                    + x.shapeText() + "; [T×F] and [B×T×I] are needed");
        }
        Tensor[] all = new Tensor[x.size(0)];
        java.util.Arrays.fill(all, features);
        return Tensor.concat(2, x, Tensor.stack(0, all));
    }
}
