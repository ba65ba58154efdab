package org.carousel.tensor.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scores of additive attention for one query per sequence, without the sums ever being stored:
 *
 * <pre>
 * e_bu = v · tanh(k_bu + s_b)
 * </pre>
 *
 * <p>The backward pass computes the tanh again, which is cheaper than keeping B·U·A of them for every query.
 *
 * @param batch B
 * @param steps U, the keys of each sequence
 * @param size A
 */
public record AdditiveScores(int batch, int steps, int size) {
    private static final int WORK = 24; // operations per element, for the choice of threads

    /**
     * The operands, each with where it begins.
     *
     * @param k keys [B×U×A]
     * @param s queries [B×A]
     * @param v [A]
     */
    public record Operands(float[] k, int ko, float[] s, int so, float[] v, int vo) {}

    /** e [B×U]. */
    public float[] forward(Operands in) {
        Kernels kernels = Kernels.active();
        float[] e = new float[batch * steps];
        Parallel.over(batch * steps, WORK * (long) e.length * size, (from, to) -> {
            float[] t = new float[size];
            for (int row = from; row < to; row++) {
                activate(kernels, in, row, t);
                e[row] = kernels.rowDot(size, t, 0, in.v, in.vo);
            }
        });
        return e;
    }

    /** t = tanh(k_bu + s_b). Modified: t. */
    private void activate(Kernels kernels, Operands in, int row, float[] t) {
        System.arraycopy(in.k, in.ko + row * size, t, 0, size);
        kernels.add(size, in.s, in.so + row / steps * size, t, 0);
        kernels.tanh(size, t, 0, t, 0);
    }

    /**
     * Adds the gradients of the operands for the gradient g [B×U] of the scores.
     *
     * <pre>
     * δ_bu = g_bu v ⊙ (1 - t²)      dk_bu += δ_bu      ds_b += Σ_u δ_bu      dv += Σ_b Σ_u g_bu t_bu
     * </pre>
     *
     * Modified: dk, ds, dv where they are given.
     */
    public void backward(Operands in, float[] g, float @Nullable [] dk, float @Nullable [] ds, float @Nullable [] dv) {
        Kernels kernels = Kernels.active();
        float[] ofV =
                new float[batch * size]; // per sequence, joined in order: the same bits with any number of threads
        Parallel.over(batch, 2L * WORK * batch * steps * size, (from, to) -> {
            float[] t = new float[size];
            float[] gv = new float[size];
            for (int b = from; b < to; b++) {
                for (int row = b * steps; row < (b + 1) * steps; row++) {
                    if (g[row] == 0) {
                        continue; // hidden by a mask
                    }
                    activate(kernels, in, row, t);
                    kernels.addScaled(size, g[row], t, 0, ofV, b * size);
                    Arrays.fill(gv, 0);
                    kernels.addScaled(size, g[row], in.v, in.vo, gv, 0);
                    if (dk != null) {
                        Elementwise.tanhBackward(size, gv, 0, t, 0, dk, row * size);
                    }
                    if (ds != null) {
                        Elementwise.tanhBackward(size, gv, 0, t, 0, ds, b * size);
                    }
                }
            }
        });
        for (int b = 0; dv != null && b < batch; b++) {
            kernels.add(size, ofV, b * size, dv, 0);
        }
    }
}
