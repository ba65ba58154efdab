package org.carousel.tensor.internal.kernels;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.jspecify.annotations.Nullable;

/**
 * What regularisation changes in the plain LSTM's steps, each [T×B×H] with time first, or null:
 *
 * <pre>
 * ĉ_t = f_t ⊙ c_{t-1} + i_t ⊙ (z ⊙ z_t)                  z: recurrent dropout, 0 or 1/(1-p)
 * c_t = c ⊙ c_{t-1} + (1 - c) ⊙ ĉ_t                      c and h: zoneout, the share that is kept
 * h_t = h ⊙ h_{t-1} + (1 - h) ⊙ o_t ⊙ tanh(ĉ_t)
 * </pre>
 *
 * <p>It works beside the plain kernels, before and after them: what they keep for the backward pass stays what it is.
 *
 * @param z factors of the block input
 * @param c in [0, 1]
 * @param h in [0, 1]
 */
public record LstmMasks(float @Nullable [] z, float @Nullable [] c, float @Nullable [] h) {
    /**
     * A mask that is {@code yes} with probability p, to 2⁻¹⁷, else {@code no}. Sequence b draws from {@code random.split(b)}, step
     * after step, so that its masks depend neither on the rest of the batch nor on padding.
     */
    public static float[] draw(
            int steps, int batch, int hiddenSize, double p, float yes, float no, RandomStream random) {
        float[] mask = new float[Math.multiplyExact(Math.multiplyExact(steps, batch), hiddenSize)];
        int bound = (int) Math.rint(p * 0x1p16);
        float[] choice = {no, yes}; // a table and the sign of a difference: branches would be guessed wrong
        Parallel.over(batch, 2L * mask.length, (from, to) -> {
            for (int b = from; b < to; b++) {
                RandomStream own = random.split(b);
                for (int t = 0; t < steps; t++) {
                    int at = (t * batch + b) * hiddenSize;
                    int end = at + hiddenSize;
                    for (; at + 4 <= end; at += 4) { // four draws of 16 bits from each number
                        long bits = own.nextLong();
                        mask[at] = choice[((int) (bits >>> 48) - bound) >>> 31];
                        mask[at + 1] = choice[((int) ((bits >>> 32) & 0xffff) - bound) >>> 31];
                        mask[at + 2] = choice[((int) ((bits >>> 16) & 0xffff) - bound) >>> 31];
                        mask[at + 3] = choice[((int) (bits & 0xffff) - bound) >>> 31];
                    }
                    if (at < end) {
                        for (long bits = own.nextLong(); at < end; bits >>>= 16) {
                            mask[at++] = choice[((int) (bits & 0xffff) - bound) >>> 31];
                        }
                    }
                }
            }
        });
        return mask;
    }

    /** The same value everywhere: what is expected of a mask. */
    public static float[] constant(int steps, int batch, int hiddenSize, double value) {
        float[] mask = new float[Math.multiplyExact(Math.multiplyExact(steps, batch), hiddenSize)];
        Arrays.fill(mask, (float) value);
        return mask;
    }

    /** After the plain step of some sequences; {@code m} is where their masks begin. */
    void forward(
            Kernels kernels,
            int rows,
            int n,
            int m,
            float[] gates,
            int g,
            float[] cells,
            int before,
            int now,
            float[] tanhC,
            int tanh,
            float[] inputs,
            int hBefore,
            int hNow,
            int stride) {
        for (int r = 0; r < rows; r++) {
            int at = r * n;
            int gate = g + 4 * at;
            if (z != null) {
                kernels.multiply(n, gates, gate, gates, gate + 2 * n, cells, now + at);
                kernels.multiply(n, z, m + at, cells, now + at, cells, now + at);
                kernels.multiplyAdd(n, gates, gate + n, cells, before + at, cells, now + at);
                kernels.tanh(n, cells, now + at, tanhC, tanh + at);
                kernels.multiply(n, gates, gate + 3 * n, tanhC, tanh + at, inputs, hNow + r * stride);
            }
            if (h != null) {
                kernels.mix(n, h, m + at, inputs, hBefore + r * stride, inputs, hNow + r * stride);
            }
        }
        if (c != null) {
            kernels.mix(rows * n, c, m, cells, before, cells, now);
        }
    }

    /**
     * Before the plain step backward of some sequences: parts what comes to the states before from what
     * comes to the candidates; takes in ∂L/∂y where outputs are kept.
     *
     * @param kept memory for ∂L/∂h_{t-1} and ∂L/∂c_{t-1} past the step
     */
    void before(
            Kernels kernels,
            int rows,
            int n,
            int m,
            float[] dy,
            int y,
            int yStep,
            float[] dh,
            float[] dc,
            int d,
            Kept kept) {
        if (h != null) {
            for (int r = 0; r < rows; r++) {
                kernels.add(n, dy, y + r * yStep, dh, d + r * n);
            }
            kernels.multiply(rows * n, h, m, dh, d, kept.h, d);
            kernels.addScaled(rows * n, -1, kept.h, d, dh, d);
        }
        if (c != null) {
            kernels.multiply(rows * n, c, m, dc, d, kept.c, d);
            kernels.addScaled(rows * n, -1, kept.c, d, dc, d);
        }
    }

    /** Whether outputs are kept: ∂L/∂y is in dh already then. */
    boolean keepsOutputs() {
        return h != null;
    }

    /** After the plain step backward and before its δ are used. */
    void deltas(Kernels kernels, int rows, int n, int m, float[] gates, int g) {
        for (int r = 0; z != null && r < rows; r++) {
            int gate = g + 4 * r * n;
            kernels.multiply(n, z, m + r * n, gates, gate, gates, gate);
            kernels.multiply(n, z, m + r * n, gates, gate + 2 * n, gates, gate + 2 * n);
        }
    }

    /** When dh and dc of the step before are there. */
    void after(Kernels kernels, int size, float[] dh, float[] dc, int d, Kept kept) {
        if (h != null) {
            kernels.add(size, kept.h, d, dh, d);
        }
        if (c != null) {
            kernels.add(size, kept.c, d, dc, d);
        }
    }

    /** Memory of a backward pass with masks. */
    static final class Kept {
        private final float[] h; // [B×H]
        private final float[] c;
        final float[] zeros; // [H], in place of dy

        Kept(int units, int hiddenSize) {
            h = new float[units];
            c = new float[units];
            zeros = new float[hiddenSize];
        }
    }
}
