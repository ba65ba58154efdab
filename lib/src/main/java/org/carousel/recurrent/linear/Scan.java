package org.carousel.recurrent.linear;

import java.util.List;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Costs;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Parallel;

/**
 * The linear recurrence over a whole sequence as one operation.
 *
 * <pre>
 * h_t = a_t ⊙ h_{t-1} + b_t
 *
 * backward, with δ_t = ∂L/∂h_t + a_{t+1} ⊙ δ_{t+1}:
 * ∂L/∂b_t = δ_t,   ∂L/∂a_t = δ_t ⊙ h_{t-1},   ∂L/∂h_0 = a_1 ⊙ δ_1
 * </pre>
 *
 * <p>Two steps join to one of the same form, (a, b) then (a', b') is (a' ⊙ a, a' ⊙ b + b'), which is associative: a machine
 * with T processors needs log T rounds (Blelloch 1990). On a few cores the shortest way is the plain one, which this is:
 * one multiply-add per element, sequences and units side by side.
 */
public final class Scan {
    private Scan() {}

    /**
     * All h_t; what comes after the end of a sequence is 0, and its last state is the one at its end.
     *
     * @param a [B×T×N]
     * @param b [B×T×N]
     * @param initial h_0 [B×N]
     * @param lengths how many steps each sequence has, 0..T
     */
    public static Sequence<Tensor> run(Tensor a, Tensor b, Tensor initial, int... lengths) {
        Ragged.require("scan", b, lengths);
        int batch = b.size(0);
        int steps = b.size(1);
        int size = b.size(2);
        if (!a.shapeText().equals(b.shapeText())
                || initial.rank() != 2
                || initial.size(0) != batch
                || initial.size(1) != size) {
            throw new IllegalArgumentException("scan: a " + a.shapeText() + ", b " + b.shapeText() + " and h_0 "
                    + initial.shapeText() + "; [B×T×N] twice and [B×N] are needed");
        }
        float[] h = forward(a, b, initial, lengths);
        Tensor all = Fused.operation(
                "scan", h, b.shape(), List.of(a, b, initial), g -> backward(a, b, initial, lengths, h, g));
        return new Sequence<>(Ragged.mask(all, lengths), all.select(1, steps - 1));
    }

    /** Every state [B×T×N]; a sequence that is over keeps its last one. */
    private static float[] forward(Tensor a, Tensor b, Tensor initial, int[] lengths) {
        int steps = b.size(1);
        int n = b.size(2);
        float[] h = new float[b.size()];
        Parallel.over(lengths.length, Costs.ADD * h.length, (from, to) -> {
            Kernels kernels = Kernels.active();
            for (int s = from; s < to; s++) {
                float[] before = Fused.array(initial);
                int bo = Fused.offset(initial) + s * n;
                for (int t = 0; t < steps; t++) {
                    int o = (s * steps + t) * n;
                    if (t < lengths[s]) {
                        System.arraycopy(Fused.array(b), Fused.offset(b) + o, h, o, n);
                        kernels.multiplyAdd(n, Fused.array(a), Fused.offset(a) + o, before, bo, h, o);
                    } else {
                        System.arraycopy(before, bo, h, o, n);
                    }
                    before = h;
                    bo = o;
                }
            }
        });
        return h;
    }

    private static void backward(Tensor a, Tensor b, Tensor initial, int[] lengths, float[] h, float[] g) {
        int steps = b.size(1);
        int n = b.size(2);
        float[] da = Fused.gradient(a);
        float[] db = Fused.gradient(b);
        float[] dInitial = Fused.gradient(initial);
        float[] delta = g.clone();
        Parallel.over(lengths.length, 3 * Costs.ADD * h.length, (from, to) -> {
            Kernels kernels = Kernels.active();
            for (int s = from; s < to; s++) {
                for (int t = steps - 1; t >= 0; t--) {
                    int o = (s * steps + t) * n;
                    boolean first = t == 0;
                    float[] before = first ? Fused.array(initial) : h;
                    int bo = first ? Fused.offset(initial) + s * n : o - n;
                    float[] next = first ? dInitial : delta;
                    int no = first ? s * n : o - n;
                    boolean runs = t < lengths[s];
                    if (runs && db != null) {
                        kernels.add(n, delta, o, db, o);
                    }
                    if (runs && da != null) {
                        kernels.multiplyAdd(n, delta, o, before, bo, da, o);
                    }
                    if (runs && next != null) {
                        kernels.multiplyAdd(n, Fused.array(a), Fused.offset(a) + o, delta, o, next, no);
                    } else if (next != null) {
                        kernels.add(n, delta, o, next, no);
                    }
                }
            }
        });
    }
}
