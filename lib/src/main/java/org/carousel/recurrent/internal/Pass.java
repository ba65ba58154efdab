package org.carousel.recurrent.internal;

import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * What the backward rules of the outputs of a fused sequence and of its last state share: the memory of the forward pass,
 * which serves one backward pass.
 *
 * @param <S> the memory
 */
public final class Pass<S> {
    private @Nullable S sequence;

    /** A forward pass is over. */
    public Pass(S sequence) {
        this.sequence = sequence;
    }

    /** Keeps ∂L/∂state for the rule of y, which runs later, and lets it run even when nothing else needs y. */
    public static void add(float[] g, float[] to, Tensor y) {
        Kernels.active().add(g.length, g, 0, to, 0);
        Fused.gradientBuffer(y);
    }

    /**
     * The memory, for the one backward pass.
     *
     * @throws IllegalStateException when it has been taken
     */
    public S take(String operation) {
        S taken = sequence;
        if (taken == null) {
            throw new IllegalStateException(
                    operation + ": a second backward pass over the same result; run the sequence again first");
        }
        sequence = null;
        return taken;
    }
}
