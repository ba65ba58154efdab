package org.carousel.tensor.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The LSTM over a whole sequence at once: forward, then backward from what forward kept.
 *
 * <p>Three things make it faster than its steps one by one: the input projections of all steps are one product, the
 * recurrent weights stay packed over all steps, and all weight gradients are one product at the end. Threads share the
 * sequences of the batch for the whole recurrence, so they meet once per pass and not once per step.
 *
 * <p>Kept for the backward pass, in floats per step and unit: 4 gates, c, tanh c and h, seven in all, besides a copy of
 * the input. Inside, time is the first axis: what one step reads lies together. The memory serves many passes, one after
 * the other.
 */
public final class LstmSequence {
    private final int batch;
    private final int steps;
    private final int inputSize;
    private final int hiddenSize;
    private final int both; // H + I
    private final float[] inputs; // [(T+1)×B×(H+I)], h_{t-1} and x_t side by side; the last block is h_T alone
    private final float[] gates; // [T×B×4H]
    private final float[] c; // [(T+1)×B×H], the first block is c_0
    private final float[] tanhC; // [T×B×H]
    private float[] dWeights = {}; // [4H×(H+I)], made by the first backward pass

    /**
     * Memory for B sequences of T steps.
     *
     * @throws ArithmeticException when an array would have 2³¹ elements or more
     */
    public LstmSequence(int batch, int steps, int inputSize, int hiddenSize) {
        this.batch = batch;
        this.steps = steps;
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        both = Math.addExact(hiddenSize, inputSize);
        int rows = Math.multiplyExact(batch, Math.addExact(steps, 1));
        int units = Math.multiplyExact(rows, hiddenSize);
        int activations = Math.multiplyExact(units - batch * hiddenSize, 4); // every size before the first array
        inputs = new float[Math.multiplyExact(rows, both)];
        gates = new float[activations];
        c = new float[units];
        tanhC = new float[units - batch * hiddenSize];
    }

    /** Whether this memory is of the given size. */
    public boolean fits(int otherBatch, int otherSteps) {
        return batch == otherBatch && steps == otherSteps;
    }

    /** The number of floats kept for the backward pass: 7 H and I for each step of each sequence, and one more
     * step of h, x and c. */
    public long floatsKept() {
        return 0L + inputs.length + gates.length + c.length + tanhC.length;
    }

    /**
     * Runs forward.
     *
     * @param input [B×T×I]
     * @param inputWeights Wᵀ packed, [I×4H]
     * @param recurrentWeights Rᵀ packed, [H×4H]
     * @param bias [4H]
     * @param h0 [B×H], as c0
     * @return all h [B×T×H]
     */
    public float[] forward(
            float[] input,
            int inputOffset,
            PackedMatrix inputWeights,
            PackedMatrix recurrentWeights,
            float[] bias,
            float[] h0,
            int h0Offset,
            float[] c0,
            int c0Offset) {
        int units = batch * hiddenSize;
        int wide = 4 * hiddenSize;
        Strided.copyRows(batch, hiddenSize, h0, h0Offset, hiddenSize, inputs, 0, both);
        System.arraycopy(c0, c0Offset, c, 0, units);
        for (int b = 0; b < batch; b++) {
            int from = inputOffset + b * steps * inputSize;
            Strided.copyRows(steps, inputSize, input, from, inputSize, inputs, b * both + hiddenSize, batch * both);
        }
        int chunk = stepsAtOnce();
        for (int t = 0; t < steps; t += chunk) {
            int first = t;
            int end = Math.min(steps, t + chunk);
            int row = first * batch;
            Kernels.active()
                    .matmulPacked(
                            (end - first) * batch,
                            inputs,
                            row * both + hiddenSize,
                            both,
                            inputWeights,
                            bias,
                            0,
                            0,
                            gates,
                            row * wide,
                            wide);
            long work = 2L * batch * (end - first) * wide * hiddenSize;
            Parallel.over(batch, work, (from, to) -> recur(first, end, from, to, recurrentWeights));
        }
        float[] out = new float[Math.multiplyExact(steps, units)];
        for (int b = 0; b < batch; b++) {
            int first = (batch + b) * both;
            Strided.copyRows(steps, hiddenSize, inputs, first, batch * both, out, b * steps * hiddenSize, hiddenSize);
        }
        return out;
    }

    /** h after the last step [B×H]. */
    public float[] lastH() {
        float[] last = new float[batch * hiddenSize];
        Strided.copyRows(batch, hiddenSize, inputs, steps * batch * both, both, last, 0, hiddenSize);
        return last;
    }

    /** c after the last step [B×H]. */
    public float[] lastC() {
        return java.util.Arrays.copyOfRange(c, steps * batch * hiddenSize, c.length);
    }

    /** So many that their gates stay in the cache between the projection that writes them and the steps that read them. */
    private int stepsAtOnce() {
        return Math.max(1, Kernels.K_BLOCK / batch);
    }

    private void recur(int firstStep, int endStep, int from, int to, PackedMatrix weights) {
        int units = batch * hiddenSize;
        int rows = to - from;
        int row = from * hiddenSize;
        Kernels kernels = Kernels.active();
        for (int t = firstStep; t < endStep; t++) {
            int before = t * units + row;
            int now = before + units;
            int g = 4 * before;
            int hBefore = (t * batch + from) * both;
            int hNow = hBefore + batch * both;
            kernels.matmulPacked(
                    rows, inputs, hBefore, both, weights, gates, g, 4 * hiddenSize, gates, g, 4 * hiddenSize);
            kernels.lstmForward(rows, hiddenSize, gates, g, c, before, c, now, tanhC, before, inputs, hNow, both);
        }
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
     * Runs backward, once per forward pass: the gates are overwritten by their gradients.
     *
     * @param inputWeights W packed, [4H×I]; used only when {@code to.x} is wanted
     * @param recurrentWeights R packed, [4H×H]
     * @param dy ∂L/∂h of every step [B×T×H]
     * @param dh ∂L/∂h of the last state [B×H], as dc; becomes that of the first
     */
    public void backward(
            @Nullable PackedMatrix inputWeights,
            PackedMatrix recurrentWeights,
            float[] dy,
            float[] dh,
            float[] dc,
            Gradients to) {
        int units = batch * hiddenSize;
        int wide = 4 * hiddenSize;
        boolean weightsWanted = to.inputWeights != null || to.recurrentWeights != null;
        if (weightsWanted && dWeights.length == 0) {
            dWeights = new float[Math.multiplyExact(wide, both)];
        }
        Kernels kernels = Kernels.active();
        int chunk = stepsAtOnce();
        for (int end = steps; end > 0; end -= Math.min(end, chunk)) {
            int last = end;
            int first = Math.max(0, end - chunk);
            long work = 2L * batch * (last - first) * wide * hiddenSize;
            Parallel.over(
                    batch,
                    work,
                    (from, until) -> recurBackward(first, last, from, until, recurrentWeights, dy, dh, dc));
            if (weightsWanted) {
                weightGradients(first, last);
            }
            if (to.bias != null) {
                kernels.columnSums((last - first) * batch, wide, gates, first * batch * wide, wide, to.bias, 0);
            }
        }
        if (to.h0 != null) {
            kernels.add(units, dh, 0, to.h0, 0);
        }
        if (to.c0 != null) {
            kernels.add(units, dc, 0, to.c0, 0);
        }
        if (to.recurrentWeights != null) {
            Strided.addRows(wide, hiddenSize, dWeights, 0, both, to.recurrentWeights, 0, hiddenSize);
        }
        if (to.inputWeights != null) {
            Strided.addRows(wide, inputSize, dWeights, hiddenSize, both, to.inputWeights, 0, inputSize);
        }
        if (to.x != null && inputWeights != null) {
            for (int b = 0; b < batch; b++) {
                int into = b * steps * inputSize;
                kernels.matmulPacked(
                        steps,
                        gates,
                        b * wide,
                        batch * wide,
                        inputWeights,
                        to.x,
                        into,
                        inputSize,
                        to.x,
                        into,
                        inputSize);
            }
        }
    }

    /** ∂R = Σ δ hᵀ and ∂W = Σ δ xᵀ as one product δᵀ [h x]: the δ, the larger part, are read once, and soon. */
    private void weightGradients(int first, int last) {
        int wide = 4 * hiddenSize;
        int row = first * batch;
        Kernels.active()
                .matmul(
                        true,
                        false,
                        wide,
                        both,
                        (last - first) * batch,
                        gates,
                        row * wide,
                        wide,
                        inputs,
                        row * both,
                        both,
                        dWeights,
                        0,
                        both,
                        last < steps);
    }

    private void recurBackward(
            int first, int last, int from, int to, PackedMatrix weights, float[] dy, float[] dh, float[] dc) {
        int units = batch * hiddenSize;
        int rows = to - from;
        int row = from * hiddenSize;
        Kernels kernels = Kernels.active();
        for (int t = last - 1; t >= first; t--) {
            int before = t * units + row;
            int g = 4 * before;
            int y = (from * steps + t) * hiddenSize;
            int yStep = steps * hiddenSize;
            kernels.lstmBackward(rows, hiddenSize, gates, g, c, before, tanhC, before, dy, y, yStep, dh, row, dc, row);
            kernels.matmulPacked(rows, gates, g, 4 * hiddenSize, weights, dh, row, hiddenSize);
        }
    }
}
