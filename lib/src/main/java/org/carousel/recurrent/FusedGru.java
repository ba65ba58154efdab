package org.carousel.recurrent;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.carousel.recurrent.internal.Pass;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.GruSequence;
import org.carousel.tensor.internal.kernels.GruWeights;
import org.jspecify.annotations.Nullable;

/** {@link Gru} over a whole sequence as one differentiable operation, equal to its equations. */
final class FusedGru {
    private final AtomicReference<SoftReference<@Nullable GruSequence>> spare =
            new AtomicReference<>(new SoftReference<>(null));
    private final GruWeights forward = new GruWeights(true);
    private final GruWeights backward = new GruWeights(false);

    /** Runs; {@code a} is null for the reset before the product. */
    Sequence<Tensor> run(Tensor W, Tensor R, Tensor b, @Nullable Tensor a, Tensor x, Tensor h0, int... lengths) {
        int batch = x.size(0);
        int steps = x.size(1);
        int hiddenSize = R.size(1);
        FusedLstm.require(h0, batch, hiddenSize, "h");
        GruSequence kept = spare.getAndSet(new SoftReference<>(null)).get(); // taken: no one else may use it
        GruSequence sequence = kept != null && kept.fits(batch, steps)
                ? kept
                : new GruSequence(batch, steps, W.size(1), hiddenSize, a != null);
        float[] values = sequence.forward(
                Fused.array(x),
                Fused.offset(x),
                lengths,
                Fused.packed(W, true),
                forward.of(Fused.array(R), Fused.offset(R), hiddenSize, Fused.version(R)),
                Fused.array(b),
                Fused.offset(b),
                a == null ? null : Fused.array(a),
                a == null ? 0 : Fused.offset(a),
                Fused.array(h0),
                Fused.offset(h0));
        List<Tensor> operands = new ArrayList<>(List.of(W, R, b, x, h0));
        if (a != null) {
            operands.add(a);
        }
        var pass = new Pass<>(sequence);
        float[] dh = new float[batch * hiddenSize];
        Tensor y = Fused.operation(
                "gru", values, new int[] {batch, steps, hiddenSize}, operands, g -> backward(pass, dh, operands, g));
        Tensor last = Fused.operation(
                "gru", sequence.last(), new int[] {batch, hiddenSize}, List.of(y), g -> Pass.add(g, dh, y));
        if (!y.needsGradient()) {
            spare.set(new SoftReference<>(sequence));
        }
        return new Sequence<>(y, last);
    }

    /** The same step by step, from {@code h0} on. */
    GruStream stream(Tensor W, Tensor R, Tensor b, @Nullable Tensor a, Tensor h0) {
        return new GruStream(W, R, b, a, forward, h0);
    }

    private void backward(Pass<GruSequence> pass, float[] dh, List<Tensor> operands, float[] g) {
        GruSequence sequence = pass.take("gru");
        float @Nullable [][] to = new float @Nullable [6][];
        for (int k = 0; k < operands.size(); k++) {
            to[k] = Fused.gradient(operands.get(k));
        }
        Tensor R = operands.get(1);
        sequence.backward(
                to[3] == null ? null : Fused.packed(operands.get(0), false),
                backward.of(Fused.array(R), Fused.offset(R), R.size(1), Fused.version(R)),
                g,
                dh,
                new GruSequence.Gradients(to[3], to[0], to[1], to[2], to[5], to[4]));
        spare.set(new SoftReference<>(sequence));
    }
}
