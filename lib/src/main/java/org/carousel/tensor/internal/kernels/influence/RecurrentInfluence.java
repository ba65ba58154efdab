package org.carousel.tensor.internal.kernels.influence;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * One sequence of a fully recurrent layer of tanh units with the influence of all its weights on all its units.
 *
 * <pre>
 * u_t = [x_t, h_{t-1}, 1]   h_t = tanh(A u_t)   A = [W, R, b] [n×U]   f_t = 1 - h_t²
 * P[k, i, j] = ∂h_k/∂A_ij
 * </pre>
 */
public abstract class RecurrentInfluence {
    private final int inputs;
    private final float[] h;
    final int n;
    final int sources; // U
    final int weights; // n·U
    final float[] gradient; // [n×U]

    RecurrentInfluence(int inputs, int n) {
        this.inputs = inputs;
        this.n = n;
        sources = inputs + n + 1;
        weights = Math.multiplyExact(sources, n);
        gradient = new float[weights];
        h = new float[n];
    }

    /** A sequence at its zero state, with P brought forward after every {@code length} steps. */
    public static RecurrentInfluence of(int inputs, int n, int length) {
        return length == 1 ? new RealTimeInfluence(inputs, n) : new BlockInfluence(inputs, n, length);
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
    public abstract void read(float[] x, int xo, PackedMatrix packed, float[] R);

    /** The layer's step: its sources go to u, its slopes to f. */
    final void step(float[] x, int xo, PackedMatrix packed, float[] u, int uo, float[] f, int fo) {
        System.arraycopy(x, xo, u, uo, inputs);
        System.arraycopy(h, 0, u, uo + inputs, n);
        u[uo + inputs + n] = 1;
        Kernels kernels = Kernels.active();
        kernels.matmulPacked(1, u, uo, sources, packed, h, 0, n);
        kernels.tanh(n, h, 0, h, 0);
        for (int i = 0; i < n; i++) {
            f[fo + i] = 1 - h[i] * h[i];
        }
    }

    /** Adds the error of the last step [n]. */
    public abstract void teach(float[] error, int offset);

    /** Adds the gradient of everything taught so far to those of W [n×I], R [n×n] and b [n], and forgets it. */
    public final void collect(float[] R, float[] dW, float[] dR, float[] db) {
        pay(R);
        Kernels kernels = Kernels.active();
        for (int i = 0; i < n; i++) {
            kernels.add(inputs, gradient, i * sources, dW, i * inputs);
            kernels.add(n, gradient, i * sources + inputs, dR, i * n);
            db[i] += gradient[i * sources + inputs + n];
        }
        Arrays.fill(gradient, 0);
    }

    /** What was taught goes to the gradient. */
    abstract void pay(float[] R);

    /** h [n] after the last step. Do not write to it. */
    public final float[] state() {
        return h;
    }

    /** How many numbers about the past are kept. */
    public abstract long kept();
}
