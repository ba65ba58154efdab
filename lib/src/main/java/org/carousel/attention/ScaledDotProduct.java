package org.carousel.attention;

import java.util.Arrays;
import java.util.List;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.AttentionCore;

/**
 * Scaled dot-product attention.
 *
 * <pre>
 * y_t = Σ_u α_tu v_u        α_t = softmax over u of (q_t · k_u / √d)
 * </pre>
 *
 * <p>Leading axes count sequences and heads: q [..×T×d], k [..×U×d], v [..×U×e] give [..×T×e]. A causal query t sees
 * keys 0..t; with lengths, the keys behind the end of a sequence are not seen. A query that sees nothing gives zeros.
 *
 * <p>Source: Vaswani et al.: Attention is all you need, NIPS 2017, arXiv:1706.03762, eq. (1).
 *
 * <p>Kept for the backward pass by {@link #attend}: the operands, the result and one float per query; the T·U weights
 * are never held together.
 */
public final class ScaledDotProduct {

    private ScaledDotProduct() {}

    /** Every query sees every key. */
    public static Tensor attend(Tensor q, Tensor k, Tensor v) {
        return attend(q, k, v, false);
    }

    /** Queries see the keys up to their own place, or all. */
    public static Tensor attend(Tensor q, Tensor k, Tensor v, boolean causal) {
        int[] all = new int[matrices(q)];
        Arrays.fill(all, k.rank() < 2 ? 0 : k.size(-2));
        return attend(q, k, v, causal, all);
    }

    /**
     * Sequences of different lengths.
     *
     * @param lengths how many keys the sequences have, one for each of the first axis; heads of a sequence share it
     * @throws IllegalArgumentException when shapes or lengths do not fit
     */
    public static Tensor attend(Tensor q, Tensor k, Tensor v, boolean causal, int... lengths) {
        return attend(q, k, v, LinearBias.NONE, causal, lengths);
    }

    /** As {@link #attend(Tensor, Tensor, Tensor, boolean, int...)}, with scores that fall with the distance. */
    public static Tensor attend(Tensor q, Tensor k, Tensor v, LinearBias bias, boolean causal, int... lengths) {
        require(q, k, v, causal);
        int n = matrices(q);
        int[] each = spread(n, k.size(-2), lengths);
        if (q.size() == 0 || k.size() == 0) { // no sequences, no queries, or nothing to be seen
            return nothing(q, k, v, v.size(-1));
        }
        AttentionCore core = new AttentionCore(n, q.size(-2), k.size(-2), q.size(-1), v.size(-1), causal, each)
                .falling(bias.slopes(), bias.first());
        var in = new AttentionCore.Operands(
                Fused.array(q), Fused.offset(q), Fused.array(k), Fused.offset(k), Fused.array(v), Fused.offset(v));
        float[] logSums = new float[n * q.size(-2)];
        float[] out = core.forward(in, logSums);
        int[] shape = q.shape();
        shape[shape.length - 1] = v.size(-1);
        return Fused.operation("attention", out, shape, List.of(q, k, v), g -> {
            var to = new AttentionCore.Gradients(Fused.gradient(q), Fused.gradient(k), Fused.gradient(v));
            core.backward(in, logSums, out, g, to);
        });
    }

    /**
     * α [..×T×U], by the equation: for looking at, and as the measure of {@link #attend}. A query that sees nothing has
     * zeros here, too.
     */
    public static Tensor weights(Tensor q, Tensor k, boolean causal, int... lengths) {
        return weights(q, k, LinearBias.NONE, causal, lengths);
    }

    /** As {@link #weights(Tensor, Tensor, boolean, int...)}, with scores that fall with the distance. */
    public static Tensor weights(Tensor q, Tensor k, LinearBias bias, boolean causal, int... lengths) {
        require(q, k, k, causal);
        int queries = q.size(-2);
        int keys = k.size(-2);
        int n = matrices(q);
        int[] each = spread(n, keys, lengths);
        if (q.size() == 0 || keys == 0) {
            return nothing(q, k, k, keys);
        }
        float[] hidden = new float[Math.multiplyExact(Math.multiplyExact(n, queries), keys)];
        float[] visible = new float[hidden.length];
        for (int at = 0; at < hidden.length; at++) {
            int u = at % keys;
            int t = at / keys % queries;
            boolean seen = u < each[at / keys / queries] && (!causal || u <= t);
            hidden[at] = seen ? -bias.penalty(at / keys / queries, t, u) : Ragged.NEVER;
            visible[at] = seen ? 1 : 0;
        }
        Tensor scores = q.reshape(n, queries, q.size(-1))
                .matmul(Ragged.mask(k.reshape(n, keys, k.size(-1)), each).transpose())
                .dividedBy(StrictMath.sqrt(q.size(-1)));
        int[] shape = q.shape();
        shape[shape.length - 1] = keys;
        return Tensor.softmax(scores.plus(Tensor.wrap(hidden, n, queries, keys)))
                .times(Tensor.wrap(visible, n, queries, keys)) // where nothing is seen, softmax looks everywhere alike
                .reshape(shape);
    }

    /** Zeros [..×T×width] that depend on nothing. */
    private static Tensor nothing(Tensor q, Tensor k, Tensor v, int width) {
        int[] shape = q.shape();
        shape[shape.length - 1] = width;
        return Fused.operation("attention", Tensor.zeros(shape).toArray(), shape, List.of(q, k, v), g -> {
            List.of(q, k, v).forEach(Fused::gradient); // reached, but nothing is added
        });
    }

    private static int matrices(Tensor q) {
        int n = 1;
        for (int axis = 0; axis < q.rank() - 2; axis++) {
            n *= q.size(axis);
        }
        return n;
    }

    /** The length of each matrix from the lengths of the first axis. */
    private static int[] spread(int matrices, int keys, int[] lengths) {
        if (lengths.length == 0 ? matrices > 0 : matrices % lengths.length != 0) {
            throw new IllegalArgumentException("attention: " + lengths.length + " lengths for " + matrices
                    + " matrices; one for each sequence is needed");
        }
        int[] each = new int[matrices];
        for (int n = 0; n < matrices; n++) {
            each[n] = lengths[n / (matrices / lengths.length)];
            if (each[n] < 0 || each[n] > keys) {
                throw new IllegalArgumentException("attention: length " + each[n] + " is outside 0.." + keys);
            }
        }
        return each;
    }

    private static void require(Tensor q, Tensor k, Tensor v, boolean causal) {
        boolean fits = q.rank() >= 2 && k.rank() == q.rank() && v.rank() == q.rank();
        for (int axis = 0; fits && axis < q.rank() - 2; axis++) {
            fits = q.size(axis) == k.size(axis) && k.size(axis) == v.size(axis);
        }
        if (!fits || q.size(-1) != k.size(-1) || k.size(-2) != v.size(-2) || q.size(-1) == 0) {
            throw new IllegalArgumentException("attention: q " + q.shapeText() + ", k " + k.shapeText() + ", v "
                    + v.shapeText() + " must be [..×T×d], [..×U×d] and [..×U×e] with the same leading axes");
        }
        if (causal && q.size(-2) != k.size(-2)) {
            throw new IllegalArgumentException("attention: " + q.size(-2) + " causal queries over " + k.size(-2)
                    + " keys; a causal query has a key of its own");
        }
    }
}
