package org.carousel.recurrent;

import java.util.List;
import org.carousel.layers.Ragged;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.MatrixMemorySequence;

/** {@link MLstm} over whole sequences in chunks, equal to its steps. */
final class FusedMLstm {
    private FusedMLstm() {}

    static Sequence<MLstm.State> run(MLstm cell, Tensor x, MLstm.State initial, int... lengths) {
        int batch = x.size(0);
        int steps = x.size(1);
        int size = cell.hiddenSize();
        Tensor read = Ragged.mask(x, lengths);
        Tensor q = cell.q().apply(read);
        Tensor k = cell.k().apply(read).dividedBy(StrictMath.sqrt(size));
        Tensor v = cell.v().apply(read);
        Tensor net = cell.gates().apply(read);
        Tensor logI = net.slice(2, 0, 1);
        Tensor logF = SLstm.logSigmoid(net.slice(2, 1, 2));
        var in = new MatrixMemorySequence.Inputs(
                Fused.array(q),
                Fused.offset(q),
                Fused.array(k),
                Fused.offset(k),
                Fused.array(v),
                Fused.offset(v),
                Fused.array(logI),
                Fused.offset(logI),
                Fused.array(logF),
                Fused.offset(logF));
        var sequence = new MatrixMemorySequence(batch, steps, size, lengths, in);
        float[] values = sequence.forward(
                Fused.array(initial.C()),
                Fused.offset(initial.C()),
                Fused.array(initial.n()),
                Fused.offset(initial.n()),
                Fused.array(initial.m()),
                Fused.offset(initial.m()));
        List<Tensor> operands = List.of(q, k, v, logI, logF, initial.C(), initial.n(), initial.m());
        float[] dC = new float[batch * size * size];
        float[] dn = new float[batch * size];
        float[] dm = new float[batch];
        Tensor y = Fused.operation("mlstm", values, new int[] {batch, steps, size}, operands, g -> {
            float[][] to = new float[operands.size()][];
            for (int p = 0; p < to.length; p++) {
                float[] wanted = Fused.gradient(operands.get(p));
                to[p] = wanted == null ? new float[operands.get(p).size()] : wanted;
            }
            sequence.backward(
                    g,
                    dC.clone(),
                    dn.clone(),
                    dm.clone(),
                    new MatrixMemorySequence.Gradients(to[0], to[1], to[2], to[3], to[4], to[5], to[6], to[7]));
        });
        Tensor h = Tensor.sigmoid(cell.o().apply(read)).times(y);
        MLstm.State last = new MLstm.State(
                part(sequence.lastC(), new int[] {batch, size, size}, y, dC),
                part(sequence.lastN(), new int[] {batch, size}, y, dn),
                part(sequence.lastM(), new int[] {batch, 1}, y, dm),
                lastOutput(h, initial.h(), lengths));
        return new Sequence<>(h, last);
    }

    /** A part of the last state; its gradient waits until that of the outputs arrives. */
    private static Tensor part(float[] values, int[] shape, Tensor y, float[] gradient) {
        return Fused.operation("mlstm", values, shape, List.of(y), g -> {
            Kernels.active().add(g.length, g, 0, gradient, 0);
            Fused.gradientBuffer(y);
        });
    }

    /** h of the last step of each sequence, or the initial one where there is none. */
    private static Tensor lastOutput(Tensor h, Tensor initial, int... lengths) {
        int steps = h.size(1);
        int[] rows = new int[lengths.length];
        for (int b = 0; b < rows.length; b++) {
            rows[b] = lengths[b] == 0 ? rows.length * steps + b : b * steps + lengths[b] - 1;
        }
        return Tensor.concat(0, h.reshape(rows.length * steps, h.size(2)), initial)
                .rows(rows);
    }
}
