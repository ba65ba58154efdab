package org.carousel.tensor.internal.kernels.influence;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * The influence brought forward block by block.
 *
 * <pre>
 * P at the beginning of a block of L steps
 * Δ_L = diag(f_L)   Δ_t = Δ_{t+1} R diag(f_t)                       Δ_t[k, i]: from the sum of unit i at t to h_k at the end
 * P ← (Δ_1 R) P + Σ_t Δ_t ⊗ u_t                                    two products, of matrices [n × n·U] and [n·n × U]
 * </pre>
 *
 * <p>A block is closed when the step after it is read: then all its errors are known, and what they ask of earlier blocks
 * is one more row of the first product.
 */
final class BlockInfluence extends RecurrentInfluence {
    private final int length;
    private float[] p; // [n×n·U], room for one more row
    private float[] next;
    private final float[] u; // [L×U]
    private final float[] slopes; // f [L×n]
    private final float[] errors; // e [L×n]
    private final float[] bars; // δ̄ [L×n]
    private final float[] deltas; // Δ [L-1×n×n]
    private final float[] left; // Δ_t R [n×n], and below it what the errors send out of the block
    private int steps;
    private boolean taught; // within the block, and not yet paid

    BlockInfluence(int inputs, int n, int length) {
        super(inputs, n);
        this.length = length;
        p = new float[Math.multiplyExact(weights, n + 1)];
        next = new float[p.length];
        u = new float[Math.multiplyExact(length, sources)];
        slopes = new float[Math.multiplyExact(length, n)];
        errors = new float[slopes.length];
        bars = new float[slopes.length];
        deltas = new float[Math.multiplyExact(length - 1, n * n)];
        left = new float[(n + 1) * n];
    }

    @Override
    public void read(float[] x, int xo, PackedMatrix packed, float[] R) {
        if (steps == length) {
            close(R);
        }
        step(x, xo, packed, u, steps * sources, slopes, steps * n);
        steps++;
    }

    private void close(float[] R) {
        Kernels kernels = Kernels.active();
        boolean leaving = taught;
        if (taught) {
            payWithinBlock(R);
        }
        bringBack(R);
        int rows = leaving ? n + 1 : n;
        kernels.matmul(false, false, rows, weights, n, left, 0, n, p, 0, weights, next, 0, weights, false);
        if (leaving) {
            kernels.add(weights, next, n * weights, gradient, 0);
        }
        kernels.matmul(
                true, false, n * n, sources, length - 1, deltas, 0, n * n, u, 0, sources, next, 0, sources, true);
        for (int k = 0; k < n; k++) {
            int last = length - 1;
            kernels.addScaled(sources, slopes[last * n + k], u, last * sources, next, (k * n + k) * sources);
        }
        float[] old = p;
        p = next;
        next = old;
        steps = 0;
    }

    /** Δ of all steps but the last, and Δ_1 R. */
    private void bringBack(float[] R) {
        for (int k = 0; k < n; k++) {
            float f = slopes[(length - 1) * n + k];
            for (int l = 0; l < n; l++) {
                left[k * n + l] = f * R[k * n + l];
            }
        }
        for (int t = length - 2; t >= 0; t--) {
            int at = t * n * n;
            for (int k = 0; k < n; k++) {
                for (int i = 0; i < n; i++) {
                    deltas[at + k * n + i] = left[k * n + i] * slopes[t * n + i];
                }
            }
            Kernels.active().matmul(false, false, n, n, n, deltas, at, n, R, 0, n, left, 0, n, false);
        }
    }

    @Override
    public void teach(float[] error, int offset) {
        Kernels.active().add(n, error, offset, errors, (steps - 1) * n);
        taught = true;
    }

    /** Sends the errors back through the block; what leaves it at its beginning is then the last row of {@code left}. */
    private void payWithinBlock(float[] R) {
        Kernels kernels = Kernels.active();
        int out = n * n;
        Arrays.fill(left, out, out + n, 0);
        for (int t = steps - 1; t >= 0; t--) {
            for (int i = 0; i < n; i++) {
                bars[t * n + i] = slopes[t * n + i] * (errors[t * n + i] + left[out + i]);
            }
            kernels.matmul(false, false, 1, n, n, bars, t * n, n, R, 0, n, left, out, n, false);
        }
        kernels.matmul(true, false, n, sources, steps, bars, 0, n, u, 0, sources, gradient, 0, sources, true);
        Arrays.fill(errors, 0, steps * n, 0);
        taught = false;
    }

    @Override
    void pay(float[] R) {
        if (taught) {
            payWithinBlock(R);
            for (int k = 0; k < n; k++) {
                Kernels.active().addScaled(weights, left[n * n + k], p, k * weights, gradient, 0);
            }
        }
    }

    /** h, P, and of the open block its sources, slopes and errors. */
    @Override
    public long kept() {
        return n + (long) n * weights + (long) steps * (sources + 2 * n);
    }
}
