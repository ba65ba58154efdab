package org.carousel.tensor.internal.kernels;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The convolutional LSTM over whole sequences: one convolution of [x_t h_{t-1}] per step and sequence, gates where it left
 * them, and the gradients of the weights at the end. Sequences do not meet, so threads share them for a whole pass.
 *
 * <p>Every sum has the order of the equations differentiated step by step, so that the results have their bits. A sequence
 * that is over keeps its state; what stands behind its end is not read.
 */
public final class ConvLstmSequence {
    private final int batch;
    private final int steps;
    private final int places;
    private final int channels; // of x
    private final int hidden; // channels of h
    private final int both;
    private final int units; // of one sequence: places × hidden
    private final int wide; // of its gates
    private final int height;
    private final int width;
    private final int rows;
    private final int columns;
    private int[] lengths = {}; // of the pass under way, as peepholes
    private float[] peepholes = {}; // [3×units], for i f o; or empty
    private final float[] inputs; // [B×(T+1)×places×(C+N)], x_t and h_{t-1} side by side
    private final float[] gates; // [B×T×places×4N]: activations i f z o, then the errors of their sums
    private final float[] c; // [B×(T+1)×units]
    private final float[] tanhC; // [B×T×units]
    private final ConvolutionBlocks image; // one of [x h]

    /** Memory for passes over B sequences of T frames, one after the other. */
    public ConvLstmSequence(
            int batch, int steps, int rows, int columns, int channels, int hidden, int height, int width) {
        this.batch = batch;
        this.steps = steps;
        this.rows = rows;
        this.columns = columns;
        this.channels = channels;
        this.hidden = hidden;
        this.height = height;
        this.width = width;
        places = Math.multiplyExact(rows, columns);
        both = channels + hidden;
        units = Math.multiplyExact(places, hidden);
        wide = Math.multiplyExact(4, units);
        int all = Math.multiplyExact(batch, steps);
        inputs = new float[Math.multiplyExact(Math.multiplyExact(all + batch, places), both)];
        gates = new float[Math.multiplyExact(all, wide)];
        c = new float[Math.multiplyExact(all + batch, units)];
        tanhC = new float[Math.multiplyExact(all, units)];
        image = new ConvolutionBlocks(ConvolutionBlocks.Shape.same(1, rows, columns, both, height, width, 4 * hidden));
    }

    /** Whether this memory is of the given size. */
    public boolean fits(int otherBatch, int otherSteps) {
        return batch == otherBatch && steps == otherSteps;
    }

    private int input(int b, int t) {
        return (b * (steps + 1) + t) * places * both;
    }

    private int state(int b, int t) {
        return (b * (steps + 1) + t) * units;
    }

    private long work() {
        return 2L * batch * steps * places * both * height * width * 4 * hidden;
    }

    /**
     * All h [B×T×units], zeros behind the end of a sequence.
     *
     * @param sequenceLengths the steps of each sequence, 0..T
     * @param x [B×T×places·C]
     * @param weights of the convolution, transposed and packed
     * @param bias [4N]
     * @param looks p [3×units], for i f o, or null
     * @param h0 [B×units], as c0
     */
    public float[] forward(
            int[] sequenceLengths,
            float[] x,
            int xo,
            PackedMatrix weights,
            float[] bias,
            int bo,
            float @Nullable [] looks,
            float[] h0,
            int ho,
            float[] c0,
            int co) {
        lengths = sequenceLengths.clone();
        peepholes = looks == null ? new float[0] : looks;
        float[] y = new float[batch * steps * units];
        Parallel.over(batch, work(), (from, to) -> {
            Kernels kernels = Kernels.active();
            Room room = new Room();
            for (int b = from; b < to; b++) {
                for (int t = 0; t < lengths[b]; t++) {
                    int frame = xo + (b * steps + t) * places * channels;
                    kernels.copyRows(places, channels, x, frame, channels, inputs, input(b, t), both);
                }
                System.arraycopy(c0, co + b * units, c, state(b, 0), units);
                kernels.copyRows(places, hidden, h0, ho + b * units, hidden, inputs, input(b, 0) + channels, both);
                for (int t = 0; t < steps; t++) {
                    if (t < lengths[b]) {
                        step(kernels, b, t, weights, bias, bo, room, y);
                    } else {
                        System.arraycopy(c, state(b, t), c, state(b, t + 1), units);
                        kernels.copyRows(
                                places,
                                hidden,
                                inputs,
                                input(b, t) + channels,
                                both,
                                inputs,
                                input(b, t + 1) + channels,
                                both);
                    }
                }
            }
        });
        return y;
    }

    /** What one sequence works with: arrays of their own from 0 on, so that HotSpot vectorises the loops over them. */
    private final class Room {
        private final float[] i = new float[units];
        private final float[] f = new float[units];
        private final float[] z = new float[units];
        private final float[] o = new float[units];
        private final float[] before = new float[units]; // c'
        private final float[] now = new float[units]; // c
        private final float[] tanh = new float[units];
        private final float[] lookI = look(0);
        private final float[] lookF = look(1);
        private final float[] lookO = look(2);

        private float[] look(int k) {
            return peepholes.length == 0 ? peepholes : Arrays.copyOfRange(peepholes, k * units, (k + 1) * units);
        }

        /** The four gates of all places, each together. */
        void take(Kernels kernels, int g) {
            int row = 4 * hidden;
            kernels.copyRows(places, hidden, gates, g, row, i, 0, hidden);
            kernels.copyRows(places, hidden, gates, g + hidden, row, f, 0, hidden);
            kernels.copyRows(places, hidden, gates, g + 2 * hidden, row, z, 0, hidden);
            kernels.copyRows(places, hidden, gates, g + 3 * hidden, row, o, 0, hidden);
        }

        void give(Kernels kernels, int g) {
            int row = 4 * hidden;
            kernels.copyRows(places, hidden, i, 0, hidden, gates, g, row);
            kernels.copyRows(places, hidden, f, 0, hidden, gates, g + hidden, row);
            kernels.copyRows(places, hidden, z, 0, hidden, gates, g + 2 * hidden, row);
            kernels.copyRows(places, hidden, o, 0, hidden, gates, g + 3 * hidden, row);
        }
    }

    private void step(Kernels kernels, int b, int t, PackedMatrix weights, float[] bias, int bo, Room room, float[] y) {
        int g = (b * steps + t) * wide;
        int k = (b * steps + t) * units;
        image.forward(inputs, input(b, t), weights, bias, bo, gates, g);
        room.take(kernels, g);
        System.arraycopy(c, state(b, t), room.before, 0, units);
        if (peepholes.length > 0) {
            addProduct(units, room.lookI, room.before, room.i);
            addProduct(units, room.lookF, room.before, room.f);
        }
        kernels.sigmoid(units, room.i, 0, room.i, 0);
        kernels.sigmoid(units, room.f, 0, room.f, 0);
        kernels.tanh(units, room.z, 0, room.z, 0);
        blend(units, room.i, room.f, room.z, room.before, room.now);
        if (peepholes.length > 0) {
            addProduct(units, room.lookO, room.now, room.o);
        }
        kernels.sigmoid(units, room.o, 0, room.o, 0);
        kernels.tanh(units, room.now, 0, tanhC, k);
        kernels.multiply(units, room.o, 0, tanhC, k, y, k);
        System.arraycopy(room.now, 0, c, state(b, t + 1), units);
        room.give(kernels, g);
        kernels.copyRows(places, hidden, y, k, hidden, inputs, input(b, t + 1) + channels, both);
    }

    private static void blend(int n, float[] i, float[] f, float[] z, float[] before, float[] c) {
        for (int j = 0; j < n; j++) {
            c[j] = f[j] * before[j] + i[j] * z[j]; // both products rounded, as in the equations
        }
    }

    /** z += x ⊙ y, the product rounded before the sum. */
    private static void addProduct(int n, float[] x, float[] y, float[] z) {
        for (int j = 0; j < n; j++) {
            z[j] += x[j] * y[j];
        }
    }

    /** h behind the last step [B×units]. */
    public float[] last() {
        float[] last = new float[batch * units];
        for (int b = 0; b < batch; b++) {
            int at = input(b, steps) + channels;
            Strided.copyRows(places, hidden, inputs, at, both, last, b * units, hidden);
        }
        return last;
    }

    /** c behind the last step [B×units]. */
    public float[] lastC() {
        float[] last = new float[batch * units];
        Strided.copyRows(batch, units, c, state(0, steps), (steps + 1) * units, last, 0, units);
        return last;
    }

    /** Where the gradients of a backward pass are added to; null where none is wanted. */
    public record Gradients(
            float @Nullable [] x, float @Nullable [] W, float @Nullable [] b, float @Nullable [] peepholes) {}

    /**
     * The way back, once per forward pass: the gates become the errors of their sums.
     *
     * @param dy [B×T×units]
     * @param dh ∂L/∂h of the last state in, of the first out [B×units]; as dc
     * @param W [4N × h·w·(C+N)]
     */
    public void backward(float[] dy, float[] dh, float[] dc, float[] W, int wo, Gradients to) {
        ConvolutionBlocks.Back toH = back(W, wo, channels, hidden);
        ConvolutionBlocks.Back toX = to.x == null ? null : back(W, wo, 0, channels);
        Parallel.over(batch, work(), (from, until) -> {
            Kernels kernels = Kernels.active();
            Room room = new Room();
            float[] sum = new float[units];
            float[] own = new float[units];
            for (int b = from; b < until; b++) {
                int at = b * units;
                for (int t = lengths[b] - 1; t >= 0; t--) {
                    int k = (b * steps + t) * units;
                    System.arraycopy(dh, at, sum, 0, units);
                    kernels.add(units, dy, k, sum, 0);
                    System.arraycopy(dc, at, own, 0, units);
                    stepBackward(kernels, b, t, room, sum, own);
                    System.arraycopy(own, 0, dc, at, units);
                    Arrays.fill(dh, at, at + units, 0);
                    toH.add(gates, k * 4, dh, at);
                    if (toX != null && to.x != null) {
                        toX.add(gates, k * 4, to.x, (b * steps + t) * places * channels);
                    }
                }
            }
        });
        weightGradients(to);
    }

    /** The convolution of some channels of [x h] alone, on the way back. */
    private ConvolutionBlocks.Back back(float[] W, int wo, int from, int count) {
        int points = height * width;
        float[] part = new float[4 * hidden * points * count];
        Strided.copyRows(4 * hidden * points, count, W, wo + from, both, part, 0, count);
        return new ConvolutionBlocks(ConvolutionBlocks.Shape.same(1, rows, columns, count, height, width, 4 * hidden))
                .back(part, 0);
    }

    /**
     * <pre>
     * dc += dh o (1 - tanh²c)    δo = dh tanh(c) o(1-o)    dc += δo p_o
     * δi = dc z i(1-i)    δf = dc c' f(1-f)    δz = dc i (1-z²)    dc ← dc f + δi p_i + δf p_f
     * </pre>
     */
    private void stepBackward(Kernels kernels, int b, int t, Room room, float[] dh, float[] dc) {
        int g = (b * steps + t) * wide;
        int k = (b * steps + t) * units;
        room.take(kernels, g);
        System.arraycopy(c, state(b, t), room.before, 0, units);
        System.arraycopy(tanhC, k, room.tanh, 0, units);
        outputErrors(units, room.o, room.tanh, dh, dc);
        boolean looks = peepholes.length > 0;
        if (looks) {
            addProduct(units, room.o, room.lookO, dc);
        }
        gateErrors(units, room.i, room.f, room.z, room.before, dc);
        if (looks) {
            addProduct(units, room.i, room.lookI, dc);
            addProduct(units, room.f, room.lookF, dc);
        }
        room.give(kernels, g);
    }

    private static void outputErrors(int n, float[] gate, float[] tanh, float[] dh, float[] dc) {
        for (int j = 0; j < n; j++) {
            float o = gate[j];
            float squashed = tanh[j];
            dc[j] = Math.fma(dh[j] * o, Math.fma(-squashed, squashed, 1f), dc[j]);
            gate[j] = dh[j] * squashed * (o * (1 - o));
        }
    }

    private static void gateErrors(int n, float[] gateI, float[] gateF, float[] gateZ, float[] before, float[] dc) {
        for (int j = 0; j < n; j++) {
            float i = gateI[j];
            float f = gateF[j];
            float z = gateZ[j];
            float error = dc[j];
            gateI[j] = error * z * (i * (1 - i));
            gateF[j] = error * before[j] * (f * (1 - f));
            gateZ[j] = error * i * Math.fma(-z, z, 1f);
            dc[j] = error * f;
        }
    }

    /** Step after step from the last one on, as the errors came back. */
    private void weightGradients(Gradients to) {
        int[] xImages = new int[batch * steps];
        int[] gImages = new int[batch * steps];
        int n = 0;
        for (int t = steps - 1; t >= 0; t--) {
            for (int b = 0; b < batch; b++) {
                if (t < lengths[b]) {
                    xImages[n] = b * (steps + 1) + t;
                    gImages[n++] = b * steps + t;
                }
            }
        }
        int[] x = Arrays.copyOf(xImages, n);
        int[] g = Arrays.copyOf(gImages, n);
        if (to.W != null) {
            image.weightGradient(inputs, 0, x, gates, g, to.W);
        }
        if (to.b != null) {
            for (int at : g) {
                Kernels.active().columnSums(places, 4 * hidden, gates, at * wide, 4 * hidden, to.b, 0);
            }
        }
        if (to.peepholes != null) {
            lookGradients(to.peepholes);
        }
    }

    /** dp_i += Σ δi c', dp_f += Σ δf c', dp_o += Σ δo c; the sum over the sequences is one of its own for each step. */
    private void lookGradients(float[] to) {
        Kernels kernels = Kernels.active();
        Room room = new Room();
        float[] sumI = new float[units];
        float[] sumF = new float[units];
        float[] sumO = new float[units];
        for (int t = steps - 1; t >= 0; t--) {
            for (int b = 0; b < batch; b++) {
                if (t < lengths[b]) {
                    room.take(kernels, (b * steps + t) * wide);
                    System.arraycopy(c, state(b, t), room.before, 0, units);
                    System.arraycopy(c, state(b, t + 1), room.now, 0, units);
                    addProduct(units, room.i, room.before, sumI);
                    addProduct(units, room.f, room.before, sumF);
                    addProduct(units, room.o, room.now, sumO);
                }
            }
            kernels.add(units, sumI, 0, to, 0);
            kernels.add(units, sumF, 0, to, units);
            kernels.add(units, sumO, 0, to, 2 * units);
            Arrays.fill(sumI, 0);
            Arrays.fill(sumF, 0);
            Arrays.fill(sumO, 0);
        }
    }
}
