package org.carousel.recurrent;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.carousel.layers.Convolution;
import org.carousel.recurrent.internal.Pass;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.ConvLstmSequence;
import org.carousel.tensor.internal.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * {@link ConvLstm} over a whole sequence as one differentiable operation, with the bits of its equations.
 *
 * <p>The memory of a finished pass is kept for the next one of the same size, unless it is needed elsewhere.
 */
final class FusedConvLstm {
    private final AtomicReference<SoftReference<@Nullable ConvLstmSequence>> spare =
            new AtomicReference<>(new SoftReference<>(null));
    private final int rows;
    private final int columns;
    private final Convolution both;
    private final @Nullable Tensor p;

    FusedConvLstm(int rows, int columns, Convolution both, @Nullable Tensor p) {
        this.rows = rows;
        this.columns = columns;
        this.both = both;
        this.p = p;
    }

    /** Runs over flat frames x [B×T×rows·columns·C]. */
    Sequence<Lstm.State> run(Tensor x, Lstm.State initial, int... lengths) {
        int batch = x.size(0);
        int steps = x.size(1);
        int hidden = both.b().size() / 4;
        int units = rows * columns * hidden;
        Tensor W = both.W();
        Tensor b = both.b();
        Tensor h0 = FusedLstm.require(initial.h(), batch, units, "h");
        Tensor c0 = FusedLstm.require(initial.c(), batch, units, "c");
        ConvLstmSequence kept = spare.getAndSet(new SoftReference<>(null)).get(); // taken: no one else may use it
        ConvLstmSequence sequence = kept != null && kept.fits(batch, steps)
                ? kept
                : new ConvLstmSequence(
                        batch, steps, rows, columns, x.size(2) / (rows * columns), hidden, both.height(), both.width());
        float[] values = sequence.forward(
                lengths,
                Fused.array(x),
                Fused.offset(x),
                Fused.packed(W, true),
                Fused.array(b),
                Fused.offset(b),
                p == null ? null : p.toArray(),
                Fused.array(h0),
                Fused.offset(h0),
                Fused.array(c0),
                Fused.offset(c0));
        List<Tensor> operands = new ArrayList<>(List.of(x, W, b, h0, c0));
        if (p != null) {
            operands.add(p);
        }
        var pass = new Pass<>(sequence);
        float[] dh = new float[batch * units];
        float[] dc = new float[batch * units];
        int[] shape = {batch, steps, units};
        Tensor y = Fused.operation("conv lstm", values, shape, operands, g -> backward(pass, dh, dc, operands, g));
        int[] one = {batch, units};
        Lstm.State last = new Lstm.State(
                Fused.operation("conv lstm", sequence.last(), one, List.of(y), g -> Pass.add(g, dh, y)),
                Fused.operation("conv lstm", sequence.lastC(), one, List.of(y), g -> Pass.add(g, dc, y)));
        if (!y.needsGradient()) {
            spare.set(new SoftReference<>(sequence));
        }
        return new Sequence<>(y, last);
    }

    private void backward(Pass<ConvLstmSequence> pass, float[] dh, float[] dc, List<Tensor> operands, float[] g) {
        ConvLstmSequence sequence = pass.take("conv lstm");
        Tensor W = operands.get(1);
        var to = new ConvLstmSequence.Gradients(
                Fused.gradient(operands.get(0)),
                Fused.gradient(W),
                Fused.gradient(operands.get(2)),
                p == null ? null : Fused.gradient(p));
        sequence.backward(g, dh, dc, Fused.array(W), Fused.offset(W), to);
        add(dh, operands.get(3));
        add(dc, operands.get(4));
        spare.set(new SoftReference<>(sequence));
    }

    private static void add(float[] gradient, Tensor to) {
        float[] sum = Fused.gradient(to);
        if (sum != null) {
            Kernels.active().add(gradient.length, gradient, 0, sum, 0);
        }
    }
}
