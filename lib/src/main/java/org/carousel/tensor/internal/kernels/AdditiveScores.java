package org.carousel.tensor.internal.kernels;

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

    /**
     * The operands, each with where it begins.
     *
     * @param k keys [B×U×A]
     * @param s queries [B×A]
     * @param v [A]
     */
    public record Operands(float[] k, int ko, float[] s, int so, float[] v, int vo) {}

    /** e [B×U]. Modified: e. */
    public void forward(Operands in, float[] e) {
        int rows = batch * steps;
        long work = Costs.ADDITIVE_SCORE * rows * size;
        if (Parallel.worthwhile(work)) {
            Parallel.over(rows, work, (from, to) -> forward(from, to, in, e));
        } else { // without a lambda: a stream of single steps allocates nothing
            forward(0, rows, in, e);
        }
    }

    private void forward(int from, int to, Operands in, float[] e) {
        Kernels kernels = Kernels.active();
        for (int row = from; row < to; row++) {
            e[row] = kernels.additiveScore(
                    size, in.k, in.ko + row * size, in.s, in.so + row / steps * size, in.v, in.vo);
        }
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
        // per sequence, joined in order: the same bits with any number of threads
        float[] ofV = new float[batch * size];
        Parallel.over(batch, 2 * Costs.ADDITIVE_SCORE * batch * steps * size, (from, to) -> {
            float[] unwanted = dk == null || ds == null ? new float[size] : ofV;
            for (int b = from; b < to; b++) {
                for (int row = b * steps; row < (b + 1) * steps; row++) {
                    if (g[row] == 0) {
                        continue; // hidden by a mask
                    }
                    int at = row * size;
                    int q = b * size;
                    kernels.additiveErrors(
                            size,
                            g[row],
                            in.k,
                            in.ko + at,
                            in.s,
                            in.so + q,
                            in.v,
                            in.vo,
                            dk == null ? unwanted : dk,
                            dk == null ? 0 : at,
                            ds == null ? unwanted : ds,
                            ds == null ? 0 : q,
                            ofV,
                            q);
                }
            }
        });
        for (int b = 0; dv != null && b < batch; b++) {
            kernels.add(size, ofV, b * size, dv, 0);
        }
    }
}
