package org.carousel.recurrent;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.kernels.Kernels;
import org.carousel.tensor.kernels.LstmSequence;
import org.jspecify.annotations.Nullable;

/**
 * {@link Lstm} over a whole sequence as one differentiable operation, equal to its equations.
 *
 * <p>The last state is read off the outputs; its gradient waits until theirs arrives. The memory of a finished pass is
 * kept for the next one of the same size, unless it is needed elsewhere.
 */
final class FusedLstm {
    private final Tensor W;
    private final Tensor R;
    private final Tensor b;
    private final AtomicReference<SoftReference<@Nullable LstmSequence>> spare =
            new AtomicReference<>(new SoftReference<>(null));

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
        LstmSequence kept = spare.getAndSet(new SoftReference<>(null)).get(); // taken: no one else may use it
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
        Pass pass = new Pass(sequence, batch * hiddenSize);
        Tensor y = Tensor.operation(
                "lstm",
                values,
                new int[] {batch, steps, hiddenSize},
                List.of(W, R, b, x, h0, c0),
                g -> backward(pass, x, h0, c0, g));
        int[] one = {batch, hiddenSize};
        Lstm.State last = new Lstm.State(
                Tensor.operation("lstm", sequence.lastH(), one, List.of(y), g -> pass.add(g, pass.dh, y)),
                Tensor.operation("lstm", sequence.lastC(), one, List.of(y), g -> pass.add(g, pass.dc, y)));
        if (!y.needsGradient()) {
            spare.set(new SoftReference<>(sequence));
        }
        return new Sequence<>(y, last);
    }

    /** What the backward rules of the outputs and of the last state share. */
    private static final class Pass {
        private final float[] dh;
        private final float[] dc;
        private @Nullable LstmSequence sequence;

        Pass(LstmSequence sequence, int units) {
            this.sequence = sequence;
            dh = new float[units];
            dc = new float[units];
        }

        /** Keeps ∂L/∂state for the rule of y, which runs later, and lets it run even when nothing else needs y. */
        void add(float[] g, float[] to, Tensor y) {
            Kernels.active().add(g.length, g, 0, to, 0);
            y.gradientBuffer();
        }
    }

    private void backward(Pass pass, Tensor x, Tensor h0, Tensor c0, float[] g) {
        LstmSequence sequence = pass.sequence;
        if (sequence == null) {
            throw new IllegalStateException(
                    "lstm: a second backward pass over the same result; run the sequence again first");
        }
        pass.sequence = null;
        sequence.backward(
                x.needsGradient() ? W.packed(false) : null,
                R.packed(false),
                g,
                pass.dh,
                pass.dc,
                new LstmSequence.Gradients(wanted(x), wanted(W), wanted(R), wanted(b), wanted(h0), wanted(c0)));
        spare.set(new SoftReference<>(sequence));
    }

    private static float @Nullable [] wanted(Tensor operand) {
        return operand.needsGradient() ? operand.gradientBuffer() : null;
    }

    static Tensor require(Tensor state, int batch, int hiddenSize, String letter) {
        if (state.rank() != 2 || state.size(0) != batch || state.size(1) != hiddenSize) {
            throw new IllegalArgumentException("lstm: state " + letter + " " + state.shapeText() + " must be [" + batch
                    + "×" + hiddenSize + "], the batch of the sequence by the size of the cell");
        }
        return state;
    }
}
