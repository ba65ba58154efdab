package org.carousel.recurrent;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.kernels.LstmSequence;
import org.jspecify.annotations.Nullable;

/**
 * {@link Lstm} over a whole sequence as one differentiable operation, equal to its equations.
 *
 * <p>The result of the operation is one tensor [B·T·H + 2·B·H]: all outputs, the last h and the last c, so that one
 * backward rule sees all three gradients. The memory of a finished pass is kept for the next one of the same size.
 */
final class FusedLstm {
    private final Tensor W;
    private final Tensor R;
    private final Tensor b;
    private final AtomicReference<@Nullable LstmSequence> spare = new AtomicReference<>();

    FusedLstm(Tensor W, Tensor R, Tensor b) {
        this.W = W;
        this.R = R;
        this.b = b;
    }

    Sequence<Lstm.State> run(Tensor x, Lstm.State initial) {
        int batch = x.size(0);
        int steps = x.size(1);
        int hiddenSize = R.size(1);
        Tensor h0 = require(initial.h(), batch, hiddenSize, "h");
        Tensor c0 = require(initial.c(), batch, hiddenSize, "c");
        LstmSequence kept = spare.getAndSet(null);
        LstmSequence sequence =
                kept != null && kept.fits(batch, steps) ? kept : new LstmSequence(batch, steps, W.size(1), hiddenSize);
        float[] values = sequence.forward(
                x.array(),
                x.arrayOffset(),
                W.packed(true),
                R.packed(true),
                b.toArray(),
                h0.array(),
                h0.arrayOffset(),
                c0.array(),
                c0.arrayOffset());
        int units = batch * hiddenSize;
        int all = steps * units;
        AtomicReference<@Nullable LstmSequence> pass = new AtomicReference<>(sequence);
        Tensor result = Tensor.operation(
                "lstm",
                values,
                new int[] {values.length},
                List.of(W, R, b, x, h0, c0),
                g -> backward(pass, x, h0, c0, g));
        if (!result.needsGradient()) {
            spare.set(sequence);
        }
        return new Sequence<>(
                result.slice(0, 0, all).reshape(batch, steps, hiddenSize),
                new Lstm.State(
                        result.slice(0, all, all + units).reshape(batch, hiddenSize),
                        result.slice(0, all + units, all + 2 * units).reshape(batch, hiddenSize)));
    }

    private void backward(AtomicReference<@Nullable LstmSequence> pass, Tensor x, Tensor h0, Tensor c0, float[] g) {
        LstmSequence sequence = pass.getAndSet(null);
        if (sequence == null) {
            throw new IllegalStateException(
                    "lstm: a second backward pass over the same result; run the sequence again first");
        }
        sequence.backward(
                x.needsGradient() ? W.packed(false) : null,
                R.packed(false),
                g,
                new LstmSequence.Gradients(wanted(x), wanted(W), wanted(R), wanted(b), wanted(h0), wanted(c0)));
        spare.set(sequence);
    }

    private static float @Nullable [] wanted(Tensor operand) {
        return operand.needsGradient() ? operand.gradientBuffer() : null;
    }

    private static Tensor require(Tensor state, int batch, int hiddenSize, String letter) {
        if (state.rank() != 2 || state.size(0) != batch || state.size(1) != hiddenSize) {
            throw new IllegalArgumentException("lstm: state " + letter + " " + state.shapeText() + " must be [" + batch
                    + "×" + hiddenSize + "], the batch of the sequence by the size of the cell");
        }
        return state;
    }
}
