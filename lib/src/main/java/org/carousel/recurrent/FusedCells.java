package org.carousel.recurrent;

import java.util.List;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.cells.NormLstmSequence;
import org.carousel.tensor.internal.kernels.cells.SLstmSequence;

/** {@link SLstm} and {@link LayerNormLstm} over whole sequences as one differentiable operation, equal to their steps. */
final class FusedCells {
    private FusedCells() {}

    /** Runs an sLSTM over projected inputs p [B×T×4H]. */
    static Sequence<SLstm.State> sLstm(Tensor p, Tensor R, SLstm.State initial, int... lengths) {
        int batch = p.size(0);
        int steps = p.size(1);
        int size = R.size(1);
        var sequence = new SLstmSequence(
                batch,
                steps,
                size,
                lengths,
                Fused.array(initial.c()),
                Fused.offset(initial.c()),
                Fused.array(initial.n()),
                Fused.offset(initial.n()),
                Fused.array(initial.m()),
                Fused.offset(initial.m()));
        float[] values = sequence.forward(
                Fused.array(p),
                Fused.offset(p),
                Fused.packed(R, true),
                Fused.array(initial.h()),
                Fused.offset(initial.h()));
        List<Tensor> operands = List.of(p, R, initial.h(), initial.c(), initial.n(), initial.m());
        float[][] last = new float[4][batch * size];
        Once once = new Once("slstm");
        Tensor y = Fused.operation("slstm", values, new int[] {batch, steps, size}, operands, g -> {
            once.use();
            sequence.fromLast(last[1], last[2], last[3]);
            sequence.backward(g, last[0], Fused.packed(R, false), wanted(p), wanted(R));
            add(last[0], initial.h());
            add(sequence.firstC(), initial.c());
            add(sequence.firstN(), initial.n());
            add(sequence.firstM(), initial.m());
        });
        SLstm.State state = new SLstm.State(
                part(sequence.last(), y, last[0]),
                part(sequence.lastC(), y, last[1]),
                part(sequence.lastN(), y, last[2]),
                part(sequence.lastM(), y, last[3]));
        return new Sequence<>(y, state);
    }

    /** Runs a layer-normalised LSTM over projected and normalised inputs p [B×T×4H]. */
    static Sequence<Lstm.State> layerNorm(LayerNormLstm cell, Tensor p, Lstm.State initial, int... lengths) {
        int batch = p.size(0);
        int steps = p.size(1);
        int size = cell.hiddenSize();
        var sequence = new NormLstmSequence(
                batch,
                steps,
                size,
                lengths,
                cell.gammaH().toArray(),
                cell.norm().gamma().toArray(),
                cell.norm().beta().toArray(),
                (float) cell.norm().epsilon(),
                Fused.array(initial.c()),
                Fused.offset(initial.c()));
        float[] values = sequence.forward(
                Fused.array(p),
                Fused.offset(p),
                Fused.packed(cell.R(), true),
                Fused.array(initial.h()),
                Fused.offset(initial.h()));
        Tensor gamma = cell.norm().gamma();
        Tensor beta = cell.norm().beta();
        List<Tensor> operands = List.of(p, cell.R(), cell.gammaH(), gamma, beta, initial.h(), initial.c());
        float[][] last = new float[2][batch * size];
        Once once = new Once("layer norm lstm");
        Tensor y = Fused.operation("layer norm lstm", values, new int[] {batch, steps, size}, operands, g -> {
            once.use();
            sequence.fromLast(last[1]);
            sequence.backward(g, last[0], Fused.packed(cell.R(), false), wanted(p), wanted(cell.R()));
            sequence.gains(wanted(cell.gammaH()), wanted(gamma), wanted(beta));
            add(last[0], initial.h());
            add(sequence.firstC(), initial.c());
        });
        return new Sequence<>(y, new Lstm.State(part(sequence.last(), y, last[0]), part(sequence.lastC(), y, last[1])));
    }

    /** What a pass keeps is overwritten on the way back. */
    private static final class Once {
        private final String operation;
        private boolean used;

        Once(String operation) {
            this.operation = operation;
        }

        void use() {
            if (used) {
                throw new IllegalStateException(
                        operation + ": a second backward pass over the same result; run the sequence again first");
            }
            used = true;
        }
    }

    /** Where ∂L/∂x is added to, an array that nobody reads where nobody asks. */
    private static float[] wanted(Tensor x) {
        float[] gradient = Fused.gradient(x);
        return gradient == null ? new float[x.size()] : gradient;
    }

    private static void add(float[] gradient, Tensor to) {
        Kernels.active().add(gradient.length, gradient, 0, wanted(to), 0);
    }

    /** A part of the last state [B×H]; its gradient waits until that of the outputs arrives. */
    private static Tensor part(float[] values, Tensor y, float[] gradient) {
        int[] shape = {y.size(0), y.size(2)};
        return Fused.operation(y.operation(), values, shape, List.of(y), g -> {
            Kernels.active().add(g.length, g, 0, gradient, 0);
            Fused.gradientBuffer(y);
        });
    }
}
