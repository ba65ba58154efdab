package org.carousel.attention;

import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.functions.Windows;
import org.jspecify.annotations.Nullable;

/** The window of a {@link Local} over one source without making tensors, for streams. */
final class LocalWindow {
    private final Local local;
    private final int batch;
    private final int steps;
    private final int[] lengths;
    private final float[] length; // the same
    private final float[] p;
    private final float[] inner; // tanh(W s)
    private final float[] gaussian;

    LocalWindow(Local local, Attention.Memory memory) {
        this.local = local;
        batch = memory.values().size(0);
        steps = memory.values().size(1);
        lengths = memory.lengths();
        length = new float[batch];
        for (int b = 0; b < batch; b++) {
            length[b] = lengths[b];
        }
        p = new float[batch];
        inner = new float[local.W() == null ? 0 : batch * local.W().size(0)];
        gaussian = new float[local.W() == null ? 0 : batch * steps];
    }

    /** Finds the place of the query s [B×S] of step t; a large negative number more for what lies outside of e [B×U]. */
    void hide(int t, float[] query, float[] e) {
        place(local.W(), local.v(), t, query);
        Windows.hideOutside(batch, steps, local.halfWindow(), p, lengths, e);
    }

    /** As {@link Local#place}. */
    private void place(@Nullable Tensor W, @Nullable Tensor v, int t, float[] query) {
        if (W == null || v == null) {
            for (int b = 0; b < batch; b++) {
                p[b] = Math.min(t, length[b] - 1);
            }
            return;
        }
        Kernels kernels = Kernels.active();
        int size = W.size(0);
        kernels.matmulPacked(batch, query, 0, W.size(1), Fused.packed(W, true), inner, 0, size);
        kernels.tanh(inner.length, inner, 0, inner, 0);
        kernels.matmulPacked(batch, inner, 0, size, Fused.packed(v, true), p, 0, 1);
        kernels.sigmoid(batch, p, 0, p, 0);
        kernels.multiply(batch, p, 0, length, 0, p, 0);
    }

    /** α times the Gaussian around the place that was found, for the predictive kind. */
    void soften(float[] weights) {
        if (gaussian.length > 0) {
            Kernels kernels = Kernels.active();
            Windows.squaredDistances(batch, steps, local.slope(), p, gaussian);
            kernels.exp(gaussian.length, gaussian, 0, gaussian, 0);
            kernels.multiply(gaussian.length, weights, 0, gaussian, 0, weights, 0);
        }
    }
}
