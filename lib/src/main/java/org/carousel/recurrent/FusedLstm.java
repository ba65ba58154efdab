package org.carousel.recurrent;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.carousel.recurrent.internal.Pass;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.GateForm;
import org.carousel.tensor.internal.kernels.LstmMasks;
import org.carousel.tensor.internal.kernels.LstmSequence;
import org.jspecify.annotations.Nullable;

/**
 * {@link Lstm}, or a {@link LstmVariant} of it, over a whole sequence as one differentiable operation, equal to the
 * equations.
 *
 * <p>The last state is read off the outputs; its gradient waits until theirs arrives. The memory of a finished pass is
 * kept for the next one of the same size, unless it is needed elsewhere.
 */
final class FusedLstm {
    private final AtomicReference<SoftReference<@Nullable LstmSequence>> spareForTraining =
            new AtomicReference<>(new SoftReference<>(null));
    private final AtomicReference<SoftReference<@Nullable LstmSequence>> spareForInference =
            new AtomicReference<>(new SoftReference<>(null));

    /**
     * Runs.
     *
     * @param form what differs from the plain LSTM, or null; always the same for one object
     * @param W [4H×I]
     * @param R [4H×S], from the sources: h, and the gates where the form has them see each other
     * @param b [4H]
     * @param p [4H], p_i p_f 0 p_o, or null
     * @param initial h [B×S] and c [B×H]
     * @return outputs, and sources and c after the last step
     */
    Sequence<Lstm.State> run(
            @Nullable GateForm form,
            Tensor W,
            Tensor R,
            Tensor b,
            @Nullable Tensor p,
            Tensor x,
            Lstm.State initial,
            int... lengths) {
        return run(form, W, R, b, p, null, x, initial, lengths);
    }

    /** As above, with masks of the plain form. */
    Sequence<Lstm.State> run(
            @Nullable GateForm form,
            Tensor W,
            Tensor R,
            Tensor b,
            @Nullable Tensor p,
            @Nullable LstmMasks masks,
            Tensor x,
            Lstm.State initial,
            int... lengths) {
        int batch = x.size(0);
        int steps = x.size(1);
        int hiddenSize = R.size(0) / 4;
        Tensor h0 = require(initial.h(), batch, R.size(1), "h");
        Tensor c0 = require(initial.c(), batch, hiddenSize, "c");
        List<Tensor> operands = p == null ? List.of(W, R, b, x, h0, c0) : List.of(W, R, b, x, h0, c0, p);
        boolean training = Fused.remembers(operands);
        var spare = training ? spareForTraining : spareForInference;
        LstmSequence kept = spare.getAndSet(new SoftReference<>(null)).get(); // taken: no one else may use it
        LstmSequence sequence = kept != null && kept.fits(batch, steps, training)
                ? kept
                : new LstmSequence(batch, steps, W.size(1), hiddenSize, form, training);
        sequence.regularise(masks);
        float @Nullable [] peepholes = p == null ? null : p.toArray();
        float[] values = sequence.forward(
                Fused.array(x),
                Fused.offset(x),
                lengths,
                Fused.packed(W, true),
                Fused.packed(R, true),
                b.toArray(),
                peepholes,
                Fused.array(h0),
                Fused.offset(h0),
                Fused.array(c0),
                Fused.offset(c0));
        var pass = new Pass<>(sequence);
        float[] dh = new float[batch * R.size(1)];
        float[] dc = new float[batch * hiddenSize];
        Tensor y = Fused.operation(
                "lstm",
                values,
                new int[] {batch, steps, hiddenSize},
                operands,
                g -> backward(pass, dh, dc, operands, peepholes, g));
        int[] sources = {batch, R.size(1)};
        int[] one = {batch, hiddenSize};
        Lstm.State last = new Lstm.State(
                Fused.operation("lstm", sequence.lastSources(), sources, List.of(y), g -> Pass.add(g, dh, y)),
                Fused.operation("lstm", sequence.lastC(), one, List.of(y), g -> Pass.add(g, dc, y)));
        if (!training) {
            sequence.regularise(null);
            spareForInference.set(new SoftReference<>(sequence));
        }
        return new Sequence<>(y, last);
    }

    private void backward(
            Pass<LstmSequence> pass,
            float[] dh,
            float[] dc,
            List<Tensor> operands,
            float @Nullable [] peepholes,
            float[] g) {
        LstmSequence sequence = pass.take("lstm");
        float @Nullable [][] to = new float @Nullable [7][];
        for (int k = 0; k < operands.size(); k++) {
            to[k] = Fused.gradient(operands.get(k));
        }
        sequence.backward(
                to[3] == null ? null : Fused.packed(operands.get(0), false),
                Fused.packed(operands.get(1), false),
                peepholes,
                g,
                dh,
                dc,
                new LstmSequence.Gradients(to[3], to[0], to[1], to[2], to[6], to[4], to[5]));
        sequence.regularise(null);
        spareForTraining.set(new SoftReference<>(sequence));
    }

    static Tensor require(Tensor state, int batch, int hiddenSize, String letter) {
        if (state.rank() != 2 || state.size(0) != batch || state.size(1) != hiddenSize) {
            throw new IllegalArgumentException("lstm: state " + letter + " " + state.shapeText() + " must be [" + batch
                    + "×" + hiddenSize + "], the batch of the sequence by the size of the cell");
        }
        return state;
    }
}
