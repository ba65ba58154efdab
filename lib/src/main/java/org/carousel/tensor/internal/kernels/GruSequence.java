package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The gated recurrent unit over a whole sequence at once, forward and backward, in both conventions; see {@link
 * LstmSequence} for what makes it fast.
 *
 * <p>The sums of a step lie in the order n r z, and for the reset after the product m: what comes from x is n r z, what
 * comes from h is r z m, both in one product each.
 *
 * <pre>
 * after:   n = tanh(W_n x + b_n + r m),  m = R_n h' + a        before:   n = tanh(W_n x + b_n + R_n m),  m = r h'
 * h = (1 - z) n + z h'
 * </pre>
 *
 * <p>Kept for the backward pass, in floats per step and unit: n r z m and h, five in all, besides a copy of the input.
 */
public final class GruSequence {
    private final int batch;
    private final int steps;
    private final int inputSize;
    private final int hiddenSize;
    private final boolean resetAfter;
    private final float[] x; // [T×B×I]
    private final float[] h; // [(T+1)×B×H]
    private final int sums; // 4 with m, 3 without
    private final float[] gates; // [T×B×4H] n r z m, or [T×B×3H] n r z
    private final float[] reset; // m of the reset before the product [T×B×H]: a product does not write where it reads
    private final float[] deltaM; // [B×H], for the reset before the product
    private int[] lengths = {};
    /**
     * Memory for B sequences of T steps.
     *
     * @throws ArithmeticException when an array would have 2³¹ elements or more
     */
    public GruSequence(int batch, int steps, int inputSize, int hiddenSize, boolean resetAfter) {
        this.batch = batch;
        this.steps = steps;
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.resetAfter = resetAfter;
        int units = Math.multiplyExact(Math.multiplyExact(batch, Math.addExact(steps, 1)), hiddenSize);
        sums = resetAfter ? 4 : 3;
        int activations = Math.multiplyExact(units - batch * hiddenSize, 4);
        x = new float[Math.multiplyExact(Math.multiplyExact(batch, steps), inputSize)];
        h = new float[units];
        gates = new float[activations / 4 * sums];
        reset = new float[resetAfter ? 0 : activations / 4];
        deltaM = new float[resetAfter ? 0 : batch * hiddenSize];
    }

    /** Whether this memory is of the given size. */
    public boolean fits(int otherBatch, int otherSteps) {
        return batch == otherBatch && steps == otherSteps;
    }

    /**
     * Runs forward.
     *
     * @param input [B×T×I]
     * @param sequenceLengths the steps of each sequence, 0..T
     * @param inputWeights Wᵀ packed, [I×3H], columns r z n
     * @param recurrentWeights R packed for the way forward
     * @param bias [3H], r z n, from {@code bo} on
     * @param a [H] from {@code ao} on, or null for the reset before the product
     * @param h0 [B×H]
     * @return all h [B×T×H], zeros behind the end of a sequence
     */
    public float[] forward(
            float[] input,
            int inputOffset,
            int[] sequenceLengths,
            PackedMatrix inputWeights,
            GruWeights.Packed recurrentWeights,
            float[] bias,
            int bo,
            float @Nullable [] a,
            int ao,
            float[] h0,
            int h0Offset) {
        lengths = sequenceLengths.clone();
        int n = hiddenSize;
        Kernels kernels = Kernels.active();
        System.arraycopy(h0, h0Offset, h, 0, batch * n);
        for (int b = 0; b < batch; b++) {
            int from = inputOffset + b * steps * inputSize;
            Strided.copyRows(lengths[b], inputSize, input, from, inputSize, x, b * inputSize, batch * inputSize);
            for (int t = lengths[b]; t < steps; t++) {
                int at = (t * batch + b) * inputSize;
                java.util.Arrays.fill(x, at, at + inputSize, 0);
            }
        }
        int chunk = Math.max(1, Kernels.K_BLOCK / Math.max(1, batch));
        float[] fromInput = new float[Math.multiplyExact(Math.min(steps, chunk) * batch, 3 * n)];
        for (int t = 0; t < steps; t += chunk) {
            int first = t;
            int end = Math.min(steps, t + chunk);
            int rows = (end - first) * batch;
            kernels.matmulPacked(
                    rows, x, first * batch * inputSize, inputSize, inputWeights, bias, bo, 0, fromInput, 0, 3 * n);
            Parallel.over(
                    batch,
                    6L * rows * n * n,
                    (from, to) -> recur(first, end, from, to, recurrentWeights, fromInput, a, ao));
        }
        float[] out = new float[Math.multiplyExact(steps, batch * n)];
        for (int b = 0; b < batch; b++) {
            Strided.copyRows(lengths[b], n, h, (batch + b) * n, batch * n, out, b * steps * n, n);
        }
        return out;
    }

    /**
     * One step of a stream, for memory of one step: the arithmetic of {@link #forward} without arrays of its own.
     * Modified: {@code fromInput} and {@code state}.
     *
     * @param input [B×I]
     * @param fromInput room for [B×3H]
     * @param state h' in, h out [B×H]
     */
    public void next(
            float[] input,
            PackedMatrix inputWeights,
            GruWeights.Packed recurrentWeights,
            float[] bias,
            int bo,
            float @Nullable [] a,
            int ao,
            float[] fromInput,
            float[] state) {
        int n = hiddenSize;
        Kernels.active().matmulPacked(batch, input, 0, inputSize, inputWeights, bias, bo, 0, fromInput, 0, 3 * n);
        System.arraycopy(state, 0, h, 0, batch * n);
        step(0, batch, recurrentWeights, fromInput, 0, a, ao);
        System.arraycopy(h, batch * n, state, 0, batch * n);
    }

    /** h after the last step [B×H]. */
    public float[] last() {
        return java.util.Arrays.copyOfRange(h, steps * batch * hiddenSize, h.length);
    }

    private void recur(
            int first,
            int end,
            int from,
            int to,
            GruWeights.Packed weights,
            float[] fromInput,
            float @Nullable [] a,
            int ao) {
        int n = hiddenSize;
        for (int t = first; t < end; t++) {
            for (int begin = from; begin < to; ) {
                int until = runEnd(t, begin, to);
                int before = (t * batch + begin) * n;
                if (t < lengths[begin]) {
                    step(before, until - begin, weights, fromInput, ((t - first) * batch + begin) * 3 * n, a, ao);
                } else {
                    System.arraycopy(h, before, h, before + batch * n, (until - begin) * n);
                }
                begin = until;
            }
        }
    }

    /** The end of the sequences from {@code begin} on that are all running at step t, or all over. */
    private int runEnd(int t, int begin, int to) {
        int end = begin + 1;
        while (end < to && t < lengths[end] == t < lengths[begin]) {
            end++;
        }
        return end;
    }

    private void step(
            int before, int rows, GruWeights.Packed weights, float[] fromInput, int sum, float @Nullable [] a, int ao) {
        int n = hiddenSize;
        int wide = sums * n;
        int g = sums * before;
        Kernels kernels = Kernels.active();
        kernels.matmulPacked(rows, h, before, n, weights.gates(), fromInput, sum, 3 * n, gates, g + n, wide);
        if (a != null) {
            kernels.matmulPacked(rows, h, before, n, weights.candidate(), a, ao, 0, gates, g + 3 * n, wide);
        }
        for (int r = 0; r < rows; r++) {
            int row = g + r * wide;
            kernels.sigmoid(2 * n, gates, row + n, gates, row + n);
            if (a != null) { // n ← W x + r m
                System.arraycopy(fromInput, sum + (3 * r + 2) * n, gates, row, n);
                kernels.multiplyAdd(n, gates, row + n, gates, row + 3 * n, gates, row);
            } else { // m ← r h'
                kernels.multiply(n, gates, row + n, h, before + r * n, reset, before + r * n);
            }
        }
        if (a == null) {
            kernels.matmulPacked(
                    rows, reset, before, n, weights.candidate(), fromInput, sum + 2 * n, 3 * n, gates, g, wide);
        }
        int now = before + batch * n;
        for (int r = 0; r < rows; r++) {
            int row = g + r * wide;
            kernels.tanh(n, gates, row, gates, row);
            kernels.gruBlend(n, gates, row, h, before + r * n, h, now + r * n);
        }
    }

    /**
     * Where the gradients of a backward pass are added to. Null where none is wanted.
     *
     * @param x [B×T×I]
     * @param inputWeights [3H×I]
     * @param recurrentWeights [3H×H]
     * @param bias [3H]
     * @param a [H]
     * @param h0 [B×H]
     */
    public record Gradients(
            float @Nullable [] x,
            float @Nullable [] inputWeights,
            float @Nullable [] recurrentWeights,
            float @Nullable [] bias,
            float @Nullable [] a,
            float @Nullable [] h0) {}

    /**
     * Runs backward, once per forward pass: the gates are overwritten by their gradients.
     *
     * @param inputWeights W packed, [3H×I]; used only when {@code to.x} is wanted
     * @param recurrentWeights R packed for the way back
     * @param dy ∂L/∂h of every step [B×T×H]
     * @param dh ∂L/∂h of the last state [B×H]; becomes that of the first
     */
    public void backward(
            @Nullable PackedMatrix inputWeights,
            GruWeights.Packed recurrentWeights,
            float[] dy,
            float[] dh,
            Gradients to) {
        int n = hiddenSize;
        Kernels kernels = Kernels.active();
        Parallel.over(batch, 6L * batch * steps * n * n, (from, until) -> {
            for (int t = steps - 1; t >= 0; t--) {
                for (int begin = from; begin < until; ) {
                    int end = runEnd(t, begin, until);
                    if (t < lengths[begin]) {
                        stepBackward(t, begin, end, recurrentWeights, dy, dh);
                    } else {
                        int g = sums * (t * batch + begin) * n;
                        java.util.Arrays.fill(gates, g, g + sums * (end - begin) * n, 0);
                    }
                    begin = end;
                }
            }
        });
        if (to.h0 != null) {
            kernels.add(batch * n, dh, 0, to.h0, 0);
        }
        weightGradients(kernels, to);
        if (to.x != null && inputWeights != null) {
            inputGradients(kernels, inputWeights, to.x);
        }
    }

    private void stepBackward(int t, int from, int to, GruWeights.Packed weights, float[] dy, float[] dh) {
        int n = hiddenSize;
        int wide = sums * n;
        int before = (t * batch + from) * n;
        int g = sums * before;
        int rows = to - from;
        int d = from * n;
        Kernels kernels = Kernels.active();
        for (int r = 0; r < rows; r++) {
            int y = ((from + r) * steps + t) * n;
            kernels.gruBackward(n, resetAfter, gates, g + r * wide, h, before + r * n, dy, y, dh, d + r * n);
        }
        if (!resetAfter) { // δm = R_nᵀ δn, then through m = r h'
            kernels.matmulPacked(rows, gates, g, wide, weights.candidate(), deltaM, d, n);
            for (int r = 0; r < rows; r++) {
                resetBackward(g + r * wide, before + r * n, dh, d + r * n);
            }
        } else {
            kernels.matmulPacked(rows, gates, g + 3 * n, wide, weights.candidate(), dh, d, n, dh, d, n);
        }
        kernels.matmulPacked(rows, gates, g + n, wide, weights.gates(), dh, d, n, dh, d, n);
    }

    private void resetBackward(int row, int before, float[] dh, int d) {
        int n = hiddenSize;
        for (int j = 0; j < n; j++) {
            float gate = gates[row + n + j];
            gates[row + n + j] = deltaM[d + j] * h[before + j] * (gate * (1 - gate));
            dh[d + j] = Math.fma(deltaM[d + j], gate, dh[d + j]);
        }
    }

    private void weightGradients(Kernels kernels, Gradients to) {
        int n = hiddenSize;
        int wide = sums * n;
        int rows = steps * batch;
        if (to.inputWeights != null) { // the rows of W are r z n, the columns of the sums n r z
            float[] dW = to.inputWeights;
            int i = inputSize;
            kernels.matmul(true, false, 2 * n, i, rows, gates, n, wide, x, 0, i, dW, 0, i, true);
            kernels.matmul(true, false, n, i, rows, gates, 0, wide, x, 0, i, dW, 2 * n * i, i, true);
        }
        if (to.recurrentWeights != null) {
            float[] dR = to.recurrentWeights;
            int candidate = 2 * n * n;
            kernels.matmul(true, false, 2 * n, n, rows, gates, n, wide, h, 0, n, dR, 0, n, true);
            if (resetAfter) {
                kernels.matmul(true, false, n, n, rows, gates, 3 * n, wide, h, 0, n, dR, candidate, n, true);
            } else {
                kernels.matmul(true, false, n, n, rows, gates, 0, wide, reset, 0, n, dR, candidate, n, true);
            }
        }
        if (to.bias != null) {
            kernels.columnSums(rows, 2 * n, gates, n, wide, to.bias, 0);
            kernels.columnSums(rows, n, gates, 0, wide, to.bias, 2 * n);
        }
        if (to.a != null) {
            kernels.columnSums(rows, n, gates, 3 * n, wide, to.a, 0);
        }
    }

    /** ∂x = δ W, where W lies in the order r z n: twice, since the sums lie in the order n r z. */
    private void inputGradients(Kernels kernels, PackedMatrix inputWeights, float[] dx) {
        int n = hiddenSize;
        int together = Math.max(1, Math.min(batch, Kernels.K_BLOCK / Math.max(1, steps))); // short ones, in one product
        float[] ordered = new float[Math.multiplyExact(Math.multiplyExact(together, steps), 3 * n)];
        for (int first = 0; first < batch; first += together) {
            int end = Math.min(batch, first + together);
            for (int b = first; b < end; b++) {
                int g = b * sums * n;
                int stride = batch * sums * n;
                int to = (b - first) * steps * 3 * n;
                Strided.copyRows(steps, 2 * n, gates, g + n, stride, ordered, to, 3 * n);
                Strided.copyRows(steps, n, gates, g, stride, ordered, to + 2 * n, 3 * n);
            }
            int into = first * steps * inputSize;
            int rows = (end - first) * steps;
            kernels.matmulPacked(rows, ordered, 0, 3 * n, inputWeights, dx, into, inputSize, dx, into, inputSize);
        }
    }
}
