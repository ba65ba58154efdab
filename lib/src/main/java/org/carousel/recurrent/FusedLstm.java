package org.carousel.recurrent;

import java.util.List;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.kernels.Kernels;
import org.carousel.tensor.kernels.LstmSequence;
import org.carousel.tensor.kernels.PackedMatrix;
import org.jspecify.annotations.Nullable;

/**
 * {@link Lstm} over a whole sequence as one differentiable operation, equal to its equations.
 *
 * <p>The result of the operation is one tensor [B·T·H + 2·B·H]: all outputs, the last h and the last c, so that one
 * backward rule sees all three gradients. The packed weights are renewed only when the weights have changed.
 */
final class FusedLstm {
    private final Tensor W;
    private final Tensor R;
    private final Tensor b;
    private final Packed inputForward = new Packed();
    private final Packed inputBackward = new Packed();
    private final Packed recurrentForward = new Packed();
    private final Packed recurrentBackward = new Packed();

    FusedLstm(Tensor W, Tensor R, Tensor b) {
        this.W = W;
        this.R = R;
        this.b = b;
    }

    private static final class Packed {
        private @Nullable PackedMatrix matrix;
        private int version = -1;

        synchronized PackedMatrix of(Tensor weights, boolean transpose) {
            if (matrix == null || version != weights.version()) {
                int rows = weights.size(0);
                int columns = weights.size(1);
                matrix = Kernels.active()
                        .pack(
                                transpose,
                                transpose ? columns : rows,
                                transpose ? rows : columns,
                                weights.array(),
                                weights.arrayOffset(),
                                columns,
                                matrix);
                version = weights.version();
            }
            return matrix;
        }
    }

    Sequence<Lstm.State> run(Tensor x, Lstm.State initial) {
        int batch = x.size(0);
        int steps = x.size(1);
        int hiddenSize = R.size(1);
        Tensor h0 = require(initial.h(), batch, hiddenSize, "h");
        Tensor c0 = require(initial.c(), batch, hiddenSize, "c");
        LstmSequence sequence = new LstmSequence(batch, steps, W.size(1), hiddenSize);
        float[] y = sequence.forward(
                x.array(),
                x.arrayOffset(),
                inputForward.of(W, true),
                recurrentForward.of(R, true),
                b.toArray(),
                h0.array(),
                h0.arrayOffset(),
                c0.array(),
                c0.arrayOffset());
        int all = y.length;
        int units = batch * hiddenSize;
        float[] values = java.util.Arrays.copyOf(y, all + 2 * units);
        System.arraycopy(sequence.lastH(), 0, values, all, units);
        System.arraycopy(sequence.lastC(), 0, values, all + units, units);
        Tensor result = Tensor.operation(
                "lstm",
                values,
                new int[] {values.length},
                List.of(W, R, b, x, h0, c0),
                g -> backward(sequence, x, h0, c0, g, all, units));
        return new Sequence<>(
                result.slice(0, 0, all).reshape(batch, steps, hiddenSize),
                new Lstm.State(
                        result.slice(0, all, all + units).reshape(batch, hiddenSize),
                        result.slice(0, all + units, all + 2 * units).reshape(batch, hiddenSize)));
    }

    private void backward(LstmSequence sequence, Tensor x, Tensor h0, Tensor c0, float[] g, int all, int units) {
        float[] dh = java.util.Arrays.copyOfRange(g, all, all + units);
        float[] dc = java.util.Arrays.copyOfRange(g, all + units, all + 2 * units);
        sequence.backward(
                x.array(),
                x.arrayOffset(),
                x.needsGradient() ? inputBackward.of(W, false) : null,
                recurrentBackward.of(R, false),
                g,
                dh,
                dc,
                new LstmSequence.Gradients(wanted(x), wanted(W), wanted(R), wanted(b), wanted(h0), wanted(c0)));
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
