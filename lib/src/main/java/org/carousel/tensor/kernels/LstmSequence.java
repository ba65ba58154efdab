package org.carousel.tensor.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The LSTM over a whole sequence at once: forward, then backward from what forward kept.
 *
 * <p>Three things make it faster than its steps one by one: the input projections of all steps are one product, the
 * recurrent weights stay packed over all steps, and all weight gradients are one product each at the end. Threads share
 * the sequences of the batch for the whole recurrence, so they meet once per pass and not once per step.
 *
 * <p>Kept for the backward pass, in floats per step and unit: 4 gates, c, tanh c and h, seven in all. Inside, time is
 * the first axis: what one step reads lies together.
 */
public final class LstmSequence {
    private final int batch;
    private final int steps;
    private final int inputSize;
    private final int hiddenSize;
    private final float[] gates; // [T×B×4H]
    private final float[] c; // [(T+1)×B×H], the first block is c_0
    private final float[] tanhC; // [T×B×H]
    private final float[] h; // [(T+1)×B×H], the first block is h_0
    private boolean spent;

    /** Memory for B sequences of T steps. */
    public LstmSequence(int batch, int steps, int inputSize, int hiddenSize) {
        this.batch = batch;
        this.steps = steps;
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        int units = Math.multiplyExact(Math.multiplyExact(batch, hiddenSize), steps + 1);
        gates = new float[Math.multiplyExact(Math.multiplyExact(batch, hiddenSize), Math.multiplyExact(4, steps))];
        c = new float[units];
        h = new float[units];
        tanhC = new float[units - batch * hiddenSize];
    }

    /**
     * Runs forward.
     *
     * @param x [B×T×I]
     * @param inputWeights Wᵀ packed, [I×4H]
     * @param recurrentWeights Rᵀ packed, [H×4H]
     * @param bias [4H]
     * @param h0 [B×H], as c0
     * @return all h [B×T×H]
     */
    public float[] forward(
            float[] x,
            int xOffset,
            PackedMatrix inputWeights,
            PackedMatrix recurrentWeights,
            float[] bias,
            float[] h0,
            int h0Offset,
            float[] c0,
            int c0Offset) {
        int units = batch * hiddenSize;
        System.arraycopy(h0, h0Offset, h, 0, units);
        System.arraycopy(c0, c0Offset, c, 0, units);
        float[] out = new float[steps * units];
        long work = 2L * batch * steps * 4 * hiddenSize * (inputSize + hiddenSize);
        Parallel.over(batch, work, (from, to) -> {
            project(from, to, x, xOffset, inputWeights, bias);
            recur(from, to, recurrentWeights);
            for (int b = from; b < to; b++) {
                Strided.copyRows(
                        steps, hiddenSize, h, units + b * hiddenSize, units, out, b * steps * hiddenSize, hiddenSize);
            }
        });
        return out;
    }

    /** gates ← W x + b for the sequences [from, to) of the batch. */
    private void project(int from, int to, float[] x, int xOffset, PackedMatrix weights, float[] bias) {
        int wide = 4 * hiddenSize;
        Kernels kernels = Kernels.active();
        for (int t = 0; t < steps; t++) {
            Elementwise.fillRows(to - from, wide, bias, gates, (t * batch + from) * wide, wide);
        }
        if (steps >= to - from) { // the longer axis gives the larger products
            for (int b = from; b < to; b++) {
                int first = xOffset + b * steps * inputSize;
                kernels.matmulPacked(steps, x, first, inputSize, weights, gates, b * wide, batch * wide, true);
            }
        } else {
            for (int t = 0; t < steps; t++) {
                int first = xOffset + (from * steps + t) * inputSize;
                int into = (t * batch + from) * wide;
                kernels.matmulPacked(to - from, x, first, steps * inputSize, weights, gates, into, wide, true);
            }
        }
    }

    private void recur(int from, int to, PackedMatrix weights) {
        int units = batch * hiddenSize;
        int rows = to - from;
        int row = from * hiddenSize;
        Kernels kernels = Kernels.active();
        for (int t = 0; t < steps; t++) {
            int before = t * units + row;
            int now = before + units;
            int g = 4 * before;
            kernels.matmulPacked(rows, h, before, hiddenSize, weights, gates, g, 4 * hiddenSize, true);
            kernels.lstmForward(rows, hiddenSize, gates, g, c, before, c, now, tanhC, before, h, now);
        }
    }

    /** h after the last step [B×H]. */
    public float[] lastH() {
        return java.util.Arrays.copyOfRange(h, steps * batch * hiddenSize, h.length);
    }

    /** c after the last step [B×H]. */
    public float[] lastC() {
        return java.util.Arrays.copyOfRange(c, steps * batch * hiddenSize, c.length);
    }

    /**
     * Where the gradients of a backward pass are added to. Null where none is wanted.
     *
     * @param x [B×T×I]
     * @param inputWeights [4H×I]
     * @param recurrentWeights [4H×H]
     * @param bias [4H]
     * @param h0 [B×H]
     * @param c0 [B×H]
     */
    public record Gradients(
            float @Nullable [] x,
            float @Nullable [] inputWeights,
            float @Nullable [] recurrentWeights,
            float @Nullable [] bias,
            float @Nullable [] h0,
            float @Nullable [] c0) {}

    /**
     * Runs backward, once: the gates are overwritten by their gradients.
     *
     * @param x as in {@link #forward}
     * @param inputWeights W packed, [4H×I]; used only when {@code to.x} is wanted
     * @param recurrentWeights R packed, [4H×H]
     * @param dy ∂L/∂h of every step [B×T×H]
     * @param dhLast ∂L/∂h of the last state, or null; as dcLast
     */
    public void backward(
            float[] x,
            int xOffset,
            @Nullable PackedMatrix inputWeights,
            PackedMatrix recurrentWeights,
            float[] dy,
            float @Nullable [] dhLast,
            float @Nullable [] dcLast,
            Gradients to) {
        if (spent) {
            throw new IllegalStateException(
                    "lstm: a second backward pass over the same result; run the sequence again first");
        }
        spent = true;
        int units = batch * hiddenSize;
        int wide = 4 * hiddenSize;
        float[] dh = dhLast == null ? new float[units] : dhLast.clone();
        float[] dc = dcLast == null ? new float[units] : dcLast.clone();
        long work = 2L * batch * steps * wide * hiddenSize;
        Parallel.over(batch, work, (from, end) -> recurBackward(from, end, recurrentWeights, dy, dh, dc));
        if (to.h0 != null) {
            Kernels.active().add(units, dh, 0, to.h0, 0);
        }
        if (to.c0 != null) {
            Kernels.active().add(units, dc, 0, to.c0, 0);
        }
        int rows = steps * batch;
        Kernels kernels = Kernels.active();
        if (to.recurrentWeights != null) {
            kernels.matmul(
                    true,
                    false,
                    wide,
                    hiddenSize,
                    rows,
                    gates,
                    0,
                    wide,
                    h,
                    0,
                    hiddenSize,
                    to.recurrentWeights,
                    0,
                    hiddenSize,
                    true);
        }
        if (to.inputWeights != null) {
            float[] timeFirst = new float[rows * inputSize];
            for (int b = 0; b < batch; b++) {
                Strided.copyRows(
                        steps,
                        inputSize,
                        x,
                        xOffset + b * steps * inputSize,
                        inputSize,
                        timeFirst,
                        b * inputSize,
                        batch * inputSize);
            }
            kernels.matmul(
                    true,
                    false,
                    wide,
                    inputSize,
                    rows,
                    gates,
                    0,
                    wide,
                    timeFirst,
                    0,
                    inputSize,
                    to.inputWeights,
                    0,
                    inputSize,
                    true);
        }
        if (to.bias != null) {
            Kernels.active().columnSums(rows, wide, gates, 0, wide, to.bias, 0);
        }
        if (to.x != null && inputWeights != null) {
            for (int b = 0; b < batch; b++) {
                int into = b * steps * inputSize;
                kernels.matmulPacked(steps, gates, b * wide, batch * wide, inputWeights, to.x, into, inputSize, true);
            }
        }
    }

    private void recurBackward(int from, int end, PackedMatrix weights, float[] dy, float[] dh, float[] dc) {
        int units = batch * hiddenSize;
        int rows = end - from;
        int row = from * hiddenSize;
        Kernels kernels = Kernels.active();
        for (int t = steps - 1; t >= 0; t--) {
            int before = t * units + row;
            int y = (from * steps + t) * hiddenSize;
            kernels.lstmBackward(
                    rows,
                    hiddenSize,
                    gates,
                    4 * before,
                    c,
                    before,
                    tanhC,
                    before,
                    dy,
                    y,
                    steps * hiddenSize,
                    dh,
                    row,
                    dc,
                    row);
            kernels.matmulPacked(rows, gates, 4 * before, 4 * hiddenSize, weights, dh, row, hiddenSize, false);
        }
    }
}
