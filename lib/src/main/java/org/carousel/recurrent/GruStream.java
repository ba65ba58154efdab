package org.carousel.recurrent;

import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.GruSequence;
import org.carousel.tensor.internal.kernels.GruWeights;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Gru} that reads a stream: one input at a time, without making tensors.
 *
 * <p>It gives the same bits as {@link Gru#run} over the whole sequence, follows the weights when they change, and
 * allocates nothing from the second step on. Not for use by several threads at once.
 */
final class GruStream implements CellStream<Tensor> {
    private final Tensor W;
    private final Tensor R;
    private final Tensor b;
    private final @Nullable Tensor a;
    private final GruWeights packed;
    private final int batch;
    private final int hiddenSize;
    private final GruSequence step;
    private final float[] fromInput;
    private final float[] h;

    GruStream(Tensor W, Tensor R, Tensor b, @Nullable Tensor a, GruWeights packed, Tensor initial) {
        this.W = W;
        this.R = R;
        this.b = b;
        this.a = a;
        this.packed = packed;
        batch = initial.size(0);
        hiddenSize = R.size(1);
        FusedLstm.require(initial, batch, hiddenSize, "h");
        step = new GruSequence(batch, 1, W.size(1), hiddenSize, a != null);
        fromInput = new float[3 * batch * hiddenSize];
        h = initial.toArray();
    }

    /**
     * One step.
     *
     * @param x the next input of each sequence [B×I]
     * @return h [B×H], in an array that the next step overwrites
     * @throws IllegalArgumentException when x is not of B·I elements
     */
    @Override
    public float[] step(float[] x) {
        CellSteps.requireInput("gru", x, batch, W.size(1));
        step.next(
                x,
                Fused.packed(W, true),
                packed.of(Fused.array(R), Fused.offset(R), hiddenSize, Fused.version(R)),
                Fused.array(b),
                Fused.offset(b),
                a == null ? null : Fused.array(a),
                a == null ? 0 : Fused.offset(a),
                fromInput,
                h);
        return h;
    }

    /** A copy of the state after the last step. */
    @Override
    public Tensor state() {
        return Tensor.wrap(h.clone(), batch, hiddenSize);
    }
}
