package org.carousel.tensor.internal.kernels;

import java.util.Arrays;

/**
 * One sequence of a fully recurrent layer of tanh units with the influence of all its weights on all its units, brought
 * forward block by block.
 *
 * <pre>
 * u_t = [x_t, h_{t-1}, 1]   h_t = tanh(A u_t)   A = [W, R, b] [n×U]   f_t = 1 - h_t²
 * Q[j, i, k] = ∂h_k/∂A_ij at the beginning of the block
 * Δ_L = diag(f_L)   Δ_t = diag(f_t) Rᵀ Δ_{t+1}                     Δ_t[i, k]: from the sum of unit i at t to h_k at the end
 * Q ← Q (Rᵀ Δ_1) + Σ_t u_t Δ_t                                     the rows of Q are (j, i): two products
 * a block of one step: Q ← Q Rᵀ diag(f), Q[j, k, k] += u[j] f_k     real-time recurrent learning
 * </pre>
 */
public final class RecurrentInfluence {
    private final int inputs;
    private final int n;
    private final int sources; // U
    private final int length;
    private float[] q; // [U×n×n]
    private float[] next;
    private final float[] gradient; // [U×n]
    private final float[] part; // [U×n]
    private final float[] u; // [L×U]
    private final float[] slopes; // f [L×n]
    private final float[] errors; // e [L×n]
    private final float[] bars; // δ̄ [L×n]
    private final float[] deltas; // Δ [L×n×n]
    private final float[] jacobian; // Rᵀ Δ_1 [n×n]
    private final float[] h;
    private final float[] row;
    private int steps;
    private boolean taught; // within the block

    /** A sequence at its zero state. */
    public RecurrentInfluence(int inputs, int n, int length) {
        this.inputs = inputs;
        this.n = n;
        this.length = length;
        sources = inputs + n + 1;
        int weights = Math.multiplyExact(sources, n);
        q = new float[Math.multiplyExact(weights, n)];
        next = new float[q.length];
        gradient = new float[weights];
        part = new float[weights];
        u = new float[Math.multiplyExact(length, sources)];
        slopes = new float[length * n];
        errors = new float[length * n];
        bars = new float[length * n];
        deltas = new float[length == 1 ? 0 : Math.multiplyExact(length, n * n)];
        jacobian = new float[n * n];
        h = new float[n];
        row = new float[n];
    }

    /** A [n×U] of a layer, laid out for {@link #read}. */
    public static PackedMatrix pack(int inputs, int n, float[] W, float[] R, float[] b) {
        int sources = inputs + n + 1;
        float[] all = new float[n * sources];
        for (int i = 0; i < n; i++) {
            System.arraycopy(W, i * inputs, all, i * sources, inputs);
            System.arraycopy(R, i * n, all, i * sources + inputs, n);
            all[i * sources + inputs + n] = b[i];
        }
        return Kernels.active().pack(true, sources, n, all, 0, sources, null);
    }

    /**
     * One step; h is then that of after it.
     *
     * @param x [I] from {@code xo} on
     * @param packed A, from {@link #pack}
     * @param R [n×n]
     */
    public void read(float[] x, int xo, PackedMatrix packed, float[] R) {
        int at = steps * sources;
        System.arraycopy(x, xo, u, at, inputs);
        System.arraycopy(h, 0, u, at + inputs, n);
        u[at + inputs + n] = 1;
        Kernels kernels = Kernels.active();
        kernels.matmulPacked(1, u, at, sources, packed, h, 0, n);
        kernels.tanh(n, h, 0, h, 0);
        for (int i = 0; i < n; i++) {
            slopes[steps * n + i] = 1 - h[i] * h[i];
        }
        steps++;
        if (steps == length) {
            close(R);
        }
    }

    private void close(float[] R) {
        if (length == 1) {
            bringForwardOne(R);
        } else {
            payErrors(R);
            bringForward(R);
        }
        float[] old = q;
        q = next;
        next = old;
        steps = 0;
    }

    private void bringForwardOne(float[] R) {
        for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
                jacobian[k * n + l] = slopes[k] * R[k * n + l];
            }
        }
        Kernels.active().matmul(false, true, sources * n, n, n, q, 0, n, jacobian, 0, n, next, 0, n, false);
        for (int j = 0; j < sources; j++) {
            for (int k = 0; k < n; k++) {
                next[(j * n + k) * n + k] += slopes[k] * u[j];
            }
        }
    }

    private void bringForward(float[] R) {
        Kernels kernels = Kernels.active();
        int last = (length - 1) * n * n;
        Arrays.fill(deltas, last, last + n * n, 0);
        for (int k = 0; k < n; k++) {
            deltas[last + k * n + k] = slopes[(length - 1) * n + k];
        }
        for (int t = length - 2; t >= -1; t--) {
            float[] to = t < 0 ? jacobian : deltas;
            int at = Math.max(t, 0) * n * n;
            kernels.matmul(true, false, n, n, n, R, 0, n, deltas, (t + 1) * n * n, n, to, at, n, false);
            for (int i = 0; t >= 0 && i < n; i++) {
                float f = slopes[t * n + i];
                for (int k = 0; k < n; k++) {
                    to[at + i * n + k] *= f;
                }
            }
        }
        kernels.matmul(false, false, sources * n, n, n, q, 0, n, jacobian, 0, n, next, 0, n, false);
        kernels.matmul(true, false, sources, n * n, length, u, 0, sources, deltas, 0, n * n, next, 0, n * n, true);
    }

    /** Adds the error of the last step [n]. */
    public void teach(float[] error, int offset) {
        if (steps == 0) {
            throughInfluence(error, offset);
        } else {
            Kernels.active().add(n, error, offset, errors, (steps - 1) * n);
            taught = true;
        }
    }

    private void throughInfluence(float[] delta, int offset) {
        Kernels.active().rowDots(sources * n, n, q, 0, n, delta, offset, part, 0);
        Kernels.active().add(gradient.length, part, 0, gradient, 0);
    }

    /** Errors within the block go back through it; what leaves at its beginning meets the influence there. */
    private void payErrors(float[] R) {
        if (!taught) {
            return;
        }
        Kernels kernels = Kernels.active();
        Arrays.fill(row, 0);
        for (int t = steps - 1; t >= 0; t--) {
            for (int i = 0; i < n; i++) {
                bars[t * n + i] = slopes[t * n + i] * (errors[t * n + i] + row[i]);
            }
            kernels.matmul(false, false, 1, n, n, bars, t * n, n, R, 0, n, row, 0, n, false);
        }
        kernels.matmul(true, false, sources, n, steps, u, 0, sources, bars, 0, n, gradient, 0, n, true);
        throughInfluence(row, 0);
        Arrays.fill(errors, 0, steps * n, 0);
        taught = false;
    }

    /** Adds the gradient of everything taught so far to those of W [n×I], R [n×n] and b [n], and forgets it. */
    public void collect(float[] R, float[] dW, float[] dR, float[] db) {
        payErrors(R);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < inputs; j++) {
                dW[i * inputs + j] += gradient[j * n + i];
            }
            for (int j = 0; j < n; j++) {
                dR[i * n + j] += gradient[(inputs + j) * n + i];
            }
            db[i] += gradient[(inputs + n) * n + i];
        }
        Arrays.fill(gradient, 0);
    }

    /** h [n] after the last step. Do not write to it. */
    public float[] state() {
        return h;
    }

    /** How many numbers about the past are kept: h, Q, and of an open block its sources, slopes and errors. */
    public long kept() {
        return n + q.length + (long) steps * (sources + 2 * n);
    }
}
