package org.carousel.tensor.internal.kernels.influence;

import java.util.Arrays;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * Real-time recurrent learning: the influence is brought forward at every step.
 *
 * <pre>
 * P ← diag(f) R P      P[k, k, :] += f_k u      gradient += eᵀ P
 * </pre>
 *
 * <p>P never leaves the layout in which the product reads its right operand: copying it there at every step took as long as a
 * third of the products. A step is closed when the next one is read, and its error goes through P before: eᵀ P = ē u +
 * (ē R) P' with ē = f e, where P' is that of the step before.
 */
final class RealTimeInfluence extends RecurrentInfluence {
    private final float[] u;
    private final float[] f;
    private final float[] error;
    private final float[] out; // ē R
    private final float[] through; // ē R P'
    private final float[] jacobian; // diag(f) R
    private PackedMatrix p;
    private PackedMatrix next;
    private boolean open;
    private boolean taught;

    RealTimeInfluence(int inputs, int n) {
        super(inputs, n);
        u = new float[sources];
        f = new float[n];
        error = new float[n];
        out = new float[n];
        through = new float[weights];
        jacobian = new float[n * n];
        p = Kernels.active().zeros(n, weights);
        next = Kernels.active().zeros(n, weights);
    }

    @Override
    public void read(float[] x, int xo, PackedMatrix packed, float[] R) {
        if (open) {
            close(R);
        }
        step(x, xo, packed, u, 0, f, 0);
        open = true;
    }

    private void close(float[] R) {
        if (taught) {
            payWithinStep(R);
            Kernels.active().matmulPacked(1, out, 0, n, p, through, 0, weights);
            Kernels.active().add(weights, through, 0, gradient, 0);
        }
        for (int k = 0; k < n; k++) {
            for (int l = 0; l < n; l++) {
                jacobian[k * n + l] = f[k] * R[k * n + l];
            }
        }
        Kernels.active().advance(jacobian, 0, n, p, next);
        for (int k = 0; k < n; k++) {
            next.addScaled(k, k * sources, sources, f[k], u, 0);
        }
        PackedMatrix old = p;
        p = next;
        next = old;
    }

    @Override
    public void teach(float[] given, int offset) {
        Kernels.active().add(n, given, offset, error, 0);
        taught = true;
    }

    @Override
    void pay(float[] R) {
        if (taught) {
            payWithinStep(R);
            Kernels.active().matmulPacked(1, out, 0, n, p, gradient, 0, weights, gradient, 0, weights);
        }
    }

    private void payWithinStep(float[] R) {
        Kernels kernels = Kernels.active();
        Arrays.fill(out, 0);
        for (int i = 0; i < n; i++) {
            float bar = f[i] * error[i];
            kernels.addScaled(n, bar, R, i * n, out, 0);
            kernels.addScaled(sources, bar, u, 0, gradient, i * sources);
        }
        Arrays.fill(error, 0);
        taught = false;
    }

    @Override
    public long kept() {
        return n + (long) n * weights + (open ? sources + 2L * n : 0);
    }
}
