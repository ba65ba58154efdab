package org.carousel.tensor.internal.kernels.functions;

import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * A GRU that reads tokens of a small vocabulary, for inference: what a token adds to the gates, W x + b, is looked up
 * and not computed again.
 *
 * <pre>
 * r, z = σ(t_r + R_r h'), σ(t_z + R_z h')      n = tanh(t_n + r (R_n h' + a))      h = z h' + (1 - z) n
 * </pre>
 *
 * <p>The sums of a row lie in the order n r z m, so that r z m = [t_r t_z a] + R h' is one product.
 */
public final class TokenGru {
    /** Rows at a time: their sums stay in the second cache. */
    private static final int ROWS = 64;

    private final int size;
    private final float[] table; // [V×4H]: t_n t_r t_z a
    private final PackedMatrix recurrent; // [H×3H]

    /** Where an operand begins. */
    public record Operand(float[] values, int offset) {}

    /**
     * Computes the table.
     *
     * @param tokens V
     * @param inputSize I
     * @param size H
     * @param embedding [V×I]
     * @param W [3H×I], rows r z n; as R
     * @param b [3H]
     * @param R [3H×H]
     * @param a [H], the bias inside the reset
     */
    public TokenGru(
            int tokens, int inputSize, int size, Operand embedding, Operand W, Operand b, Operand R, Operand a) {
        this.size = size;
        Kernels kernels = Kernels.active();
        recurrent = kernels.pack(true, size, 3 * size, R.values, R.offset, size, null);
        PackedMatrix input = kernels.pack(true, inputSize, 3 * size, W.values, W.offset, inputSize, null);
        float[] sums = new float[tokens * 3 * size];
        kernels.matmulPacked(
                tokens, embedding.values, embedding.offset, inputSize, input, b.values, b.offset, 0, sums, 0, 3 * size);
        table = new float[tokens * 4 * size];
        for (int t = 0; t < tokens; t++) {
            System.arraycopy(sums, (3 * t + 2) * size, table, 4 * t * size, size);
            System.arraycopy(sums, 3 * t * size, table, (4 * t + 1) * size, 2 * size);
            System.arraycopy(a.values, a.offset, table, (4 * t + 3) * size, size);
        }
    }

    /** Room that {@link #step} needs for this many rows. */
    public float[] room(int rows) {
        return new float[Math.min(rows, ROWS) * 4 * size];
    }

    /**
     * One step. Modified: {@code h} and {@code room}.
     *
     * @param tokens one for each row
     * @param h [rows×H]: h' in, h out
     */
    public void step(int rows, int[] tokens, float[] h, float[] room) {
        Kernels kernels = Kernels.active();
        int wide = 4 * size;
        for (int from = 0; from < rows; from += ROWS) {
            int count = Math.min(ROWS, rows - from);
            for (int r = 0; r < count; r++) {
                System.arraycopy(table, tokens[from + r] * wide, room, r * wide, wide);
            }
            kernels.matmulPacked(count, h, from * size, size, recurrent, room, size, wide, room, size, wide);
            for (int r = 0; r < count; r++) {
                int n = r * wide;
                int state = (from + r) * size;
                kernels.sigmoid(2 * size, room, n + size, room, n + size);
                kernels.multiplyAdd(size, room, n + size, room, n + 3 * size, room, n);
                kernels.tanh(size, room, n, room, n);
                kernels.mix(size, room, n + 2 * size, h, state, room, n);
                System.arraycopy(room, n, h, state, size);
            }
        }
    }
}
