package org.carousel.tensor.internal.kernels.functions;

import org.carousel.tensor.internal.kernels.Costs;
import org.carousel.tensor.internal.kernels.Parallel;

/** What optimisers do to the elements [from, to) of a parameter: one pass over each array that is touched. */
public final class Updates {
    private Updates() {}

    /** θ -= rate · g. */
    public static void sgd(int from, int to, float rate, float[] g, float[] theta) {
        for (int i = from; i < to; i++) {
            theta[i] = Math.fma(-rate, g[i], theta[i]);
        }
    }

    /** v = mu v + g; θ -= rate · v. */
    public static void momentum(int from, int to, float rate, float mu, float[] g, float[] v, float[] theta) {
        for (int i = from; i < to; i++) {
            float vi = Math.fma(mu, v[i], g[i]);
            v[i] = vi;
            theta[i] = Math.fma(-rate, vi, theta[i]);
        }
    }

    /** v = mu v + g; θ -= rate · (g + mu v). */
    public static void nesterov(int from, int to, float rate, float mu, float[] g, float[] v, float[] theta) {
        for (int i = from; i < to; i++) {
            float vi = Math.fma(mu, v[i], g[i]);
            v[i] = vi;
            theta[i] = Math.fma(-rate, Math.fma(mu, vi, g[i]), theta[i]);
        }
    }

    /** s = decay s + share g²; θ -= rate · g / (√s + epsilon). */
    public static void rootOfSquares(
            int from,
            int to,
            float rate,
            float decay,
            float share,
            float epsilon,
            float[] g,
            float[] s,
            float[] theta) {
        for (int i = from; i < to; i++) {
            float si = Math.fma(share * g[i], g[i], decay * s[i]);
            s[i] = si;
            theta[i] = Math.fma(-rate, g[i] / ((float) Math.sqrt(si) + epsilon), theta[i]);
        }
    }

    /** An update of the elements [from, to). */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    private static final int PIECE = 4096; // small enough for the first cache, whose elements a decay visits twice

    /** All of n elements, piece by piece, shared among threads. */
    public static void each(int n, Range update) {
        int pieces = (n + PIECE - 1) / PIECE;
        Parallel.over(pieces, Costs.UPDATE * n, (first, last) -> {
            for (int p = first; p < last; p++) {
                update.run(p * PIECE, Math.min(n, (p + 1) * PIECE));
            }
        });
    }

    /** Some rows of n elements alone, shared among threads. */
    public static void eachOf(int[] rows, int n, Range update) {
        Parallel.over(rows.length, Costs.UPDATE * rows.length * n, (first, last) -> {
            for (int k = first; k < last; k++) {
                update.run(rows[k] * n, (rows[k] + 1) * n);
            }
        });
    }
}
