package org.carousel.recurrent;

import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * An {@link Lstm} that reads a stream: one input at a time, without making tensors.
 *
 * <p>It gives the same bits as {@link Lstm#run} over the whole sequence, follows the weights when they change, and
 * allocates nothing from the second step on. Not for use by several threads at once.
 */
final class LstmStream implements CellStream<Lstm.State> {
    private final Tensor W;
    private final Tensor R;
    private final Tensor b;
    private final int batch;
    private final int hiddenSize;
    private final float[] gates;
    private float[] c;
    private float[] previous;
    private final float[] tanhC;
    private final float[] h;

    LstmStream(Tensor W, Tensor R, Tensor b, Lstm.State initial) {
        this.W = W;
        this.R = R;
        this.b = b;
        batch = initial.h().size(0);
        hiddenSize = R.size(1);
        FusedLstm.require(initial.h(), batch, hiddenSize, "h");
        FusedLstm.require(initial.c(), batch, hiddenSize, "c");
        gates = new float[4 * batch * hiddenSize];
        tanhC = new float[batch * hiddenSize];
        h = initial.h().toArray();
        c = initial.c().toArray();
        previous = new float[c.length];
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
        int inputSize = W.size(1);
        CellSteps.requireInput("lstm", x, batch, inputSize);
        Kernels kernels = Kernels.active();
        PackedMatrix w = Fused.packed(W, true);
        PackedMatrix r = Fused.packed(R, true);
        kernels.multiplyPair(batch, x, 0, w, h, 0, r, Fused.array(b), Fused.offset(b), gates);
        float[] before = c;
        c = previous;
        previous = before;
        kernels.lstmForward(batch, hiddenSize, gates, 0, previous, 0, c, 0, tanhC, 0, h, 0, hiddenSize);
        return h;
    }

    /** A copy of the state after the last step. */
    @Override
    public Lstm.State state() {
        return new Lstm.State(Tensor.wrap(h.clone(), batch, hiddenSize), Tensor.wrap(c.clone(), batch, hiddenSize));
    }
}
