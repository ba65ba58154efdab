package org.carousel.tensor.internal.kernels;

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
 * the other. Without a backward pass the gates of a few steps and two c are enough; they stay in the cache.
 *
 * <p>What the recurrent weights multiply, the <em>sources</em> of a step, is h of the step before and, in some forms, its
 * gates: S = H, or a multiple of it. A sequence that is over keeps its state; what stands behind its end is not read.
 */
public final class LstmSequence {
    private final int batch;
    private final int steps;
    private final int inputSize;
    private final int hiddenSize;
    private final int sources; // S
    private final int both; // S + I
    private final @Nullable LstmGates form; // null: the plain LSTM
    private final boolean keeps; // everything for a backward pass
    private final float[] inputs; // [(T+1)×B×(S+I)], sources and x_t side by side; the last block has no x
    private final float[] gates; // [T×B×4H], or as many steps as are projected at once
    private final float[] c; // [(T+1)×B×H], the first block is c_0; or two blocks in turn
    private final float[] tanhC; // [T×B×H], or one block
    private float[] dWeights = {}; // [4H×(S+I)], made by the first backward pass
    private int[] lengths = {};
    private @Nullable LstmMasks masks; // of the pass under way
    private LstmMasks.@Nullable Kept kept; // made by the first backward pass with masks

    /**
     * Memory for B sequences of T steps.
     *
     * @param form what differs from the LSTM without peepholes, or null
     * @param keeps whether a backward pass may follow a forward pass
     * @throws ArithmeticException when an array would have 2³¹ elements or more
     */
    public LstmSequence(int batch, int steps, int inputSize, int hiddenSize, @Nullable GateForm form, boolean keeps) {
        this.batch = batch;
        this.steps = steps;
        this.inputSize = inputSize;
        this.hiddenSize = hiddenSize;
        this.keeps = keeps;
        this.form = form == null ? null : new LstmGates(form, hiddenSize);
        sources = Math.multiplyExact(hiddenSize, 1 + (form == null ? 0 : form.visibleGates()));
        both = Math.addExact(sources, inputSize);
        int rows = Math.multiplyExact(batch, Math.addExact(steps, 1));
        int units = Math.multiplyExact(rows, hiddenSize);
        int activations = Math.multiplyExact(units - batch * hiddenSize, 4); // every size before the first array
        int block = batch * hiddenSize;
        inputs = new float[Math.multiplyExact(rows, both)];
        gates = new float[keeps ? activations : 4 * block * Math.min(steps, stepsAtOnce())];
        c = new float[keeps ? units : 2 * block];
        tanhC = new float[keeps ? units - block : block];
    }

    /** Whether this memory is of the given size; whose form it is, the owner knows. */
    public boolean fits(int otherBatch, int otherSteps, boolean otherKeeps) {
        return batch == otherBatch && steps == otherSteps && keeps == otherKeeps;
    }

    /**
     * The number of floats kept for the backward pass: 7 H and I for each step of each sequence, and one more step of
     * h, x and c; the gates once more where they are sources.
     */
    public long floatsKept() {
        return 0L + inputs.length + gates.length + c.length + tanhC.length;
    }

    /** Regularises the next pass, forward and backward; null for none. Only the plain LSTM can be. */
    public void regularise(@Nullable LstmMasks newMasks) {
        if (newMasks != null && form != null) {
            throw new IllegalArgumentException("lstm: masks are for the LSTM without peepholes");
        }
        masks = newMasks;
    }

    /**
     * Runs forward.
     *
     * @param input [B×T×I]
     * @param sequenceLengths the steps of each sequence, 0..T
     * @param inputWeights Wᵀ packed, [I×4H]
     * @param recurrentWeights Rᵀ packed, [S×4H]
     * @param bias [4H]
     * @param peepholes [4H], p_i p_f 0 p_o, or null
     * @param h0 [B×S]
     * @param c0 [B×H]
     * @return all h [B×T×H], zeros behind the end of a sequence
     */
    public float[] forward(
            float[] input,
            int inputOffset,
            int[] sequenceLengths,
            PackedMatrix inputWeights,
            PackedMatrix recurrentWeights,
            float[] bias,
            float @Nullable [] peepholes,
            float[] h0,
            int h0Offset,
            float[] c0,
            int c0Offset) {
        int units = batch * hiddenSize;
        int wide = 4 * hiddenSize;
        lengths = sequenceLengths.clone();
        Strided.copyRows(batch, sources, h0, h0Offset, sources, inputs, 0, both);
        System.arraycopy(c0, c0Offset, c, 0, units);
        Parallel.over(batch, Costs.COPY * batch * steps * inputSize, (from, to) -> {
            for (int b = from; b < to; b++) {
                takeIn(input, inputOffset + b * steps * inputSize, b);
            }
        });
        int chunk = stepsAtOnce();
        for (int t = 0; t < steps; t += chunk) {
            int first = t;
            int end = Math.min(steps, t + chunk);
            int row = first * batch;
            Kernels.active()
                    .matmulPacked(
                            (end - first) * batch,
                            inputs,
                            row * both + sources,
                            both,
                            inputWeights,
                            bias,
                            0,
                            0,
                            gates,
                            gateRow(first, first) * wide,
                            wide);
            long work = 2L * batch * (end - first) * wide * sources;
            Parallel.over(batch, work, (from, to) -> recur(first, end, from, to, recurrentWeights, peepholes));
        }
        float[] out = new float[Math.multiplyExact(steps, units)];
        Parallel.over(batch, Costs.COPY * batch * steps * hiddenSize, (from, to) -> {
            for (int b = from; b < to; b++) {
                int first = (batch + b) * both;
                int at = b * steps * hiddenSize;
                Strided.copyRows(lengths[b], hiddenSize, inputs, first, batch * both, out, at, hiddenSize);
            }
        });
        return out;
    }

    /** Copies x of a sequence. Padding is not read, and what an earlier pass left is not either. */
    private void takeIn(float[] input, int from, int b) {
        Strided.copyRows(lengths[b], inputSize, input, from, inputSize, inputs, b * both + sources, batch * both);
        for (int t = lengths[b]; t < steps; t++) {
            int at = (t * batch + b) * both + sources;
            java.util.Arrays.fill(inputs, at, at + inputSize, 0);
        }
    }

    /** The sources after the last step [B×S]: h, and the gates where they are seen. */
    public float[] lastSources() {
        float[] last = new float[batch * sources];
        Strided.copyRows(batch, sources, inputs, steps * batch * both, both, last, 0, sources);
        return last;
    }

    /** c after the last step [B×H]. */
    public float[] lastC() {
        int at = block(steps) * batch * hiddenSize;
        return java.util.Arrays.copyOfRange(c, at, at + batch * hiddenSize);
    }

    /** So many that their gates stay in the cache between the projection that writes them and the steps that read them. */
    private int stepsAtOnce() {
        return Math.max(1, Kernels.K_BLOCK / Math.max(1, batch));
    }

    /** The row of gates of a step's first sequence, in a chunk that begins at a step. */
    private int gateRow(int t, int firstOfChunk) {
        return (keeps ? t : t - firstOfChunk) * batch;
    }

    /** The block of c in front of a step. */
    private int block(int t) {
        return keeps ? t : t & 1;
    }

    /** Sequences [from, to) of one step that are all running, or all over. */
    private interface Rows {
        void run(int from, int to, boolean running);
    }

    private void eachRun(int t, int from, int to, Rows rows) {
        for (int begin = from; begin < to; ) {
            boolean running = t < lengths[begin];
            int end = begin + 1;
            while (end < to && t < lengths[end] == running) {
                end++;
            }
            rows.run(begin, end, running);
            begin = end;
        }
    }

    private void recur(
            int firstStep, int endStep, int from, int to, PackedMatrix weights, float @Nullable [] peepholes) {
        for (int t = firstStep; t < endStep; t++) {
            int now = t;
            eachRun(t, from, to, (begin, end, running) -> {
                if (running) {
                    step(now, firstStep, begin, end, weights, peepholes);
                } else {
                    keep(now, begin, end);
                }
            });
        }
    }

    private void step(int t, int firstOfChunk, int from, int to, PackedMatrix weights, float @Nullable [] peepholes) {
        int units = batch * hiddenSize;
        int rows = to - from;
        int before = block(t) * units + from * hiddenSize;
        int now = block(t + 1) * units + from * hiddenSize;
        int tanh = (keeps ? t : 0) * units + from * hiddenSize;
        int wide = 4 * hiddenSize;
        int g = (gateRow(t, firstOfChunk) + from) * wide;
        int sBefore = (t * batch + from) * both;
        int sNow = sBefore + batch * both;
        Kernels kernels = Kernels.active();
        kernels.matmulPacked(rows, inputs, sBefore, both, weights, gates, g, wide, gates, g, wide);
        if (form == null) {
            kernels.lstmForward(rows, hiddenSize, gates, g, c, before, c, now, tanhC, tanh, inputs, sNow, both);
            LstmMasks own = masks;
            if (own != null) {
                own.forward(
                        kernels,
                        rows,
                        hiddenSize,
                        t * units + from * hiddenSize,
                        gates,
                        g,
                        c,
                        before,
                        now,
                        tanhC,
                        tanh,
                        inputs,
                        sBefore,
                        sNow,
                        both);
            }
            return;
        }
        for (int r = 0; r < rows; r++) {
            int row = r * hiddenSize;
            form.forward(
                    kernels,
                    peepholes,
                    gates,
                    g + 4 * row,
                    c,
                    before + row,
                    c,
                    now + row,
                    tanhC,
                    tanh + row,
                    inputs,
                    sNow + r * both);
        }
    }

    /** Sequences that are over keep their state. */
    private void keep(int t, int from, int to) {
        int units = batch * hiddenSize;
        int row = from * hiddenSize;
        int source = (t * batch + from) * both;
        System.arraycopy(c, block(t) * units + row, c, block(t + 1) * units + row, (to - from) * hiddenSize);
        Strided.copyRows(to - from, sources, inputs, source, both, inputs, source + batch * both, both);
    }

    /**
     * Where the gradients of a backward pass are added to. Null where none is wanted.
     *
     * @param x [B×T×I]
     * @param inputWeights [4H×I]
     * @param recurrentWeights [4H×S]
     * @param bias [4H]
     * @param peepholes [4H]
     * @param h0 [B×S]
     * @param c0 [B×H]
     */
    public record Gradients(
            float @Nullable [] x,
            float @Nullable [] inputWeights,
            float @Nullable [] recurrentWeights,
            float @Nullable [] bias,
            float @Nullable [] peepholes,
            float @Nullable [] h0,
            float @Nullable [] c0) {}

    /**
     * Runs backward, once per forward pass: the gates are overwritten by their gradients. Only with a memory that keeps
     * what is needed.
     *
     * @param inputWeights W packed, [4H×I]; used only when {@code to.x} is wanted
     * @param recurrentWeights R packed, [4H×S]
     * @param peepholes as in the forward pass
     * @param dy ∂L/∂h of every step [B×T×H]
     * @param dh ∂L/∂sources of the last state [B×S]; becomes that of the first
     * @param dc ∂L/∂c of the last state [B×H]; becomes that of the first
     */
    public void backward(
            @Nullable PackedMatrix inputWeights,
            PackedMatrix recurrentWeights,
            float @Nullable [] peepholes,
            float[] dy,
            float[] dh,
            float[] dc,
            Gradients to) {
        int units = batch * hiddenSize;
        int wide = 4 * hiddenSize;
        if (!keeps) {
            throw new IllegalStateException("lstm: a backward pass after a forward pass that kept nothing for it");
        }
        boolean weightsWanted = to.inputWeights != null || to.recurrentWeights != null;
        if (weightsWanted && dWeights.length == 0) {
            dWeights = new float[Math.multiplyExact(wide, both)];
        }
        if (masks != null && kept == null) {
            kept = new LstmMasks.Kept(units, hiddenSize);
        }
        Kernels kernels = Kernels.active();
        int chunk = stepsAtOnce();
        for (int end = steps; end > 0; end -= Math.min(end, chunk)) {
            int last = end;
            int first = Math.max(0, end - chunk);
            long work = 2L * batch * (last - first) * wide * sources;
            Parallel.over(
                    batch,
                    work,
                    (from, until) -> recurBackward(first, last, from, until, recurrentWeights, peepholes, dy, dh, dc));
            if (weightsWanted) {
                weightGradients(first, last);
            }
            if (to.bias != null) {
                kernels.columnSums((last - first) * batch, wide, gates, first * batch * wide, wide, to.bias, 0);
            }
            if (to.peepholes != null) {
                peepholeGradients(first, last, to.peepholes);
            }
        }
        if (to.h0 != null) {
            kernels.add(batch * sources, dh, 0, to.h0, 0);
        }
        if (to.c0 != null) {
            kernels.add(units, dc, 0, to.c0, 0);
        }
        if (to.recurrentWeights != null) {
            Strided.addRows(wide, sources, dWeights, 0, both, to.recurrentWeights, 0, sources);
        }
        if (to.inputWeights != null) {
            Strided.addRows(wide, inputSize, dWeights, sources, both, to.inputWeights, 0, inputSize);
        }
        if (to.x != null && inputWeights != null) {
            int together = steps == 1 ? batch : 1; // single steps lie as one product wants them
            for (int b = 0; b < batch; b += together) {
                int into = b * steps * inputSize;
                kernels.matmulPacked(
                        steps * together,
                        gates,
                        b * wide,
                        steps == 1 ? wide : batch * wide,
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

    /** ∂R = Σ δ hᵀ and ∂W = Σ δ xᵀ as one product δᵀ [sources x]: the δ, the larger part, are read once, and soon. */
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

    /** ∂p_i = Σ δ_i c_{t-1}, ∂p_f = Σ δ_f c_{t-1}, ∂p_o = Σ δ_o c_t. */
    private void peepholeGradients(int first, int last, float[] to) {
        Kernels kernels = Kernels.active();
        for (int row = first * batch; row < last * batch; row++) {
            int before = row * hiddenSize;
            int now = before + batch * hiddenSize;
            kernels.multiplyAdd(hiddenSize, gates, 4 * before, c, before, to, 0);
            kernels.multiplyAdd(hiddenSize, gates, 4 * before + hiddenSize, c, before, to, hiddenSize);
            kernels.multiplyAdd(hiddenSize, gates, 4 * before + 3 * hiddenSize, c, now, to, 3 * hiddenSize);
        }
    }

    private void recurBackward(
            int first,
            int last,
            int from,
            int to,
            PackedMatrix weights,
            float @Nullable [] peepholes,
            float[] dy,
            float[] dh,
            float[] dc) {
        for (int t = last - 1; t >= first; t--) {
            int now = t;
            eachRun(t, from, to, (begin, end, running) -> {
                if (running) {
                    stepBackward(now, begin, end, weights, peepholes, dy, dh, dc);
                } else { // δ = 0; what came back to the state goes on to the step before
                    int g = 4 * (now * batch + begin) * hiddenSize;
                    java.util.Arrays.fill(gates, g, g + 4 * (end - begin) * hiddenSize, 0);
                }
            });
        }
    }

    private void stepBackward(
            int t,
            int from,
            int to,
            PackedMatrix weights,
            float @Nullable [] peepholes,
            float[] dy,
            float[] dh,
            float[] dc) {
        int rows = to - from;
        int row = from * hiddenSize;
        int s = from * sources;
        int before = t * batch * hiddenSize + row;
        int g = 4 * before;
        int y = (from * steps + t) * hiddenSize;
        int yStep = steps * hiddenSize;
        Kernels kernels = Kernels.active();
        LstmMasks own = masks;
        LstmMasks.Kept room = kept;
        if (own != null && room != null) {
            stepBackward(own, room, t, from, rows, weights, dy, dh, dc);
            return;
        }
        if (form == null) {
            kernels.lstmBackward(rows, hiddenSize, gates, g, c, before, tanhC, before, dy, y, yStep, dh, s, dc, row);
        } else {
            for (int r = 0; r < rows; r++) {
                int at = r * hiddenSize;
                form.backward(
                        peepholes,
                        gates,
                        g + 4 * at,
                        c,
                        before + at,
                        tanhC,
                        before + at,
                        dy,
                        y + r * yStep,
                        dh,
                        s + r * sources,
                        dc,
                        row + at);
            }
        }
        kernels.matmulPacked(rows, gates, g, 4 * hiddenSize, weights, dh, s, sources);
    }

    private void stepBackward(
            LstmMasks own,
            LstmMasks.Kept room,
            int t,
            int from,
            int rows,
            PackedMatrix weights,
            float[] dy,
            float[] dh,
            float[] dc) {
        int n = hiddenSize;
        int before = (t * batch + from) * n;
        int at = from * n;
        int g = 4 * before;
        Kernels kernels = Kernels.active();
        int y = (from * steps + t) * n;
        own.before(kernels, rows, n, before, dy, y, steps * n, dh, dc, at, room);
        if (own.keepsOutputs()) {
            kernels.lstmBackward(rows, n, gates, g, c, before, tanhC, before, room.zeros, 0, 0, dh, at, dc, at);
        } else {
            kernels.lstmBackward(rows, n, gates, g, c, before, tanhC, before, dy, y, steps * n, dh, at, dc, at);
        }
        own.deltas(kernels, rows, n, before, gates, g);
        kernels.matmulPacked(rows, gates, g, 4 * n, weights, dh, at, n);
        own.after(kernels, rows * n, dh, dc, at, room);
    }
}
