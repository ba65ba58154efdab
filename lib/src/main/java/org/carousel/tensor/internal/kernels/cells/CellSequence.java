package org.carousel.tensor.internal.kernels.cells;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;
import org.carousel.tensor.internal.kernels.Parallel;
import org.carousel.tensor.internal.kernels.Strided;

/**
 * A cell with four gates over whole sequences: what the recurrent weights multiply is one product per step for the whole
 * batch, their gradient is one at the end, and threads share the sequences and meet once per pass.
 *
 * <p>The projections of the input come ready, p_t = W x_t + b or what the cell makes of them. Inside, time is the first
 * axis. A sequence that is over keeps its state; what stands behind its end is not read.
 */
public abstract class CellSequence {
    final int batch;
    final int steps;
    final int size; // H
    final int[] lengths;
    final float[] gates; // sums, then what step() makes of them, then ∂L/∂p [T×B×4H]
    final float[] h; // [(T+1)×B×H]

    CellSequence(int batch, int steps, int size, int[] lengths) {
        this.batch = batch;
        this.steps = steps;
        this.size = size;
        this.lengths = lengths.clone();
        int units = units(steps);
        gates = new float[Math.multiplyExact(4, units)];
        h = new float[units(steps + 1)];
    }

    /** The elements of so many steps. */
    final int units(int count) {
        return Math.multiplyExact(Math.multiplyExact(batch, count), size);
    }

    /** Where the sums with the recurrent weights of a step are written to, [T×B×4H]; the gates, which begin at p, or not. */
    float[] recurrent() {
        return gates;
    }

    /** Sequences [from, to) of a step: from {@link #recurrent} and what was, to h and what will be. */
    abstract void step(Kernels kernels, int t, int from, int to, float[] p, int po);

    /** Sequence b is over: its state but for h stays. */
    abstract void keep(int t, int b);

    /**
     * Sequences [from, to) of a step backward: gates become ∂L/∂p, {@link #recurrent} the errors of its sums.
     *
     * @param dh ∂L/∂h of this step [B×H], dy included; 0 afterwards, for what comes from the recurrent weights
     */
    abstract void stepBackward(Kernels kernels, int t, int from, int to, float[] dh);

    /** Sequence b is over at step t: no errors. */
    final void silence(int t, int b) {
        int g = (t * batch + b) * 4 * size;
        java.util.Arrays.fill(gates, g, g + 4 * size, 0);
        if (recurrent() != gates) {
            java.util.Arrays.fill(recurrent(), g, g + 4 * size, 0);
        }
    }

    /** Row of p [B×T×4H] of a step. */
    final int row(int b, int t) {
        return (b * steps + t) * 4 * size;
    }

    /**
     * All h [B×T×H], zeros behind the end of a sequence.
     *
     * @param p [B×T×4H]
     * @param weights Rᵀ packed, [H×4H]
     * @param h0 [B×H]
     */
    public final float[] forward(float[] p, int po, PackedMatrix weights, float[] h0, int ho) {
        System.arraycopy(h0, ho, h, 0, units(1));
        long work = 8L * units(steps) * size;
        Parallel.over(batch, work, (from, to) -> {
            Kernels kernels = Kernels.active();
            for (int t = 0; t < steps; t++) {
                forward(kernels, t, from, to, p, po, weights);
            }
        });
        float[] out = new float[units(steps)];
        for (int b = 0; b < batch; b++) {
            Strided.copyRows(lengths[b], size, h, (batch + b) * size, batch * size, out, b * steps * size, size);
        }
        return out;
    }

    private void forward(Kernels kernels, int t, int from, int to, float[] p, int po, PackedMatrix weights) {
        int wide = 4 * size;
        int g = (t * batch + from) * wide;
        float[] sums = recurrent();
        int before = (t * batch + from) * size;
        if (sums == gates) {
            for (int b = from; b < to; b++) {
                if (t < lengths[b]) {
                    System.arraycopy(p, po + row(b, t), gates, (t * batch + b) * wide, wide);
                }
            }
            kernels.matmulPacked(to - from, h, before, size, weights, gates, g, wide, gates, g, wide);
        } else {
            kernels.matmulPacked(to - from, h, before, size, weights, sums, g, wide);
        }
        step(kernels, t, from, to, p, po);
        for (int b = from; b < to; b++) {
            if (t >= lengths[b]) {
                int at = (t * batch + b) * size;
                System.arraycopy(h, at, h, at + batch * size, size);
                keep(t, b);
            }
        }
    }

    /** h behind the last step [B×H]. */
    public final float[] last() {
        return lastOf(h);
    }

    final float[] lastOf(float[] all) {
        return java.util.Arrays.copyOfRange(all, units(steps), units(steps + 1));
    }

    /**
     * The way back, once.
     *
     * @param dy [B×T×H]
     * @param dh ∂L/∂h of the last state in, of the first out [B×H]
     * @param weights R packed, [4H×H]
     * @param dp [B×T×4H], added to; as dR [4H×H]
     */
    public final void backward(float[] dy, float[] dh, PackedMatrix weights, float[] dp, float[] dR) {
        int wide = 4 * size;
        Parallel.over(batch, 8L * units(steps) * size, (from, to) -> {
            Kernels kernels = Kernels.active();
            for (int t = steps - 1; t >= 0; t--) {
                backward(kernels, t, from, to, dy, dh, weights);
            }
            for (int b = from; b < to; b++) {
                for (int t = 0; t < lengths[b]; t++) {
                    kernels.add(wide, gates, (t * batch + b) * wide, dp, row(b, t));
                }
            }
        });
        Kernels.active()
                .matmul(true, false, wide, size, steps * batch, recurrent(), 0, wide, h, 0, size, dR, 0, size, true);
    }

    private void backward(Kernels kernels, int t, int from, int to, float[] dy, float[] dh, PackedMatrix weights) {
        int wide = 4 * size;
        for (int begin = from; begin < to; ) { // runs of sequences that are all running, or all over
            boolean running = t < lengths[begin];
            int end = begin + 1;
            while (end < to && t < lengths[end] == running) {
                end++;
            }
            for (int b = begin; b < end; b++) {
                if (running) {
                    kernels.add(size, dy, (b * steps + t) * size, dh, b * size);
                } else {
                    silence(t, b);
                }
            }
            if (running) {
                stepBackward(kernels, t, begin, end, dh);
                int g = (t * batch + begin) * wide;
                kernels.matmulPacked(end - begin, recurrent(), g, wide, weights, dh, begin * size, size);
            }
            begin = end;
        }
    }
}
