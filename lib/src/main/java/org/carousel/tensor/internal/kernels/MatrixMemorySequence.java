package org.carousel.tensor.internal.kernels;

/**
 * The matrix memory of the mLSTM over whole sequences, in chunks of L steps: within a chunk all pairs of steps at once,
 * as attention does it, and from chunk to chunk the memory itself.
 *
 * <pre>
 * F_t = Σ_{j≤t} ln f_j      D_ts = exp(F_t - F_s + ln i_s - m_t), s ≤ t      e_t = exp(F_t + m_0 - m_t)
 * S = (Q Kᵀ) ⊙ D            y_t = (S V + e C_0 q)_t / max(|Σ_s S_ts + e_t n_0 · q_t|, exp(-m_t))
 * C_L = e_L C_0 + Σ_s D_Ls v_s k_sᵀ       n_L = e_L n_0 + Σ_s D_Ls k_s       m_t = max(ln f_t + m_{t-1}, ln i_t)
 * </pre>
 *
 * <p>y does not depend on m, which only keeps the exponentials small: its numerator and denominator shrink alike. What
 * the last state says does.
 *
 * <p>Source: Beck et al. 2024, arXiv:2405.04517, appendix A.3, and the chunks of Yang et al. 2024, arXiv:2312.06635.
 * Kept for the backward pass: D, S, one C for each chunk, and three numbers per step.
 */
public final class MatrixMemorySequence {
    private static final int CHUNK = 64;

    private final int batch;
    private final int steps;
    private final int size; // H
    private final int chunks;
    private final int[] lengths;
    private final Inputs in;
    private final float[] decay; // D [B×T×L]
    private final float[] scores; // S [B×T×L]
    private final float[] kept; // e [B×T]
    private final float[] m; // [B×T]
    private final float[] sums; // S 1 + e n q [B×T]
    private final float[] floors; // exp(-m) [B×T]
    private final float[] C; // at the beginning of each chunk, and at the end [B×(chunks+1)×H×H]
    private final float[] n; // [B×(chunks+1)×H]
    private final float[] starts; // m there [B×(chunks+1)]
    private final float[] y; // [B×T×H]

    /**
     * What is read, not copied, each from its offset on.
     *
     * @param q [B×T×H], as k, already divided by √H, and v
     * @param logI ln i [B×T]
     * @param logF ln f [B×T]
     */
    public record Inputs(
            float[] q, int qo, float[] k, int ko, float[] v, int vo, float[] logI, int io, float[] logF, int fo) {}

    /** Where gradients are added to, each from its first element on, in the shapes of {@link Inputs} and of the state. */
    public record Gradients(
            float[] q, float[] k, float[] v, float[] logI, float[] logF, float[] C, float[] n, float[] m) {}

    /** For B sequences of T steps, of which {@code lengths} are read. */
    public MatrixMemorySequence(int batch, int steps, int size, int[] lengths, Inputs in) {
        this.batch = batch;
        this.steps = steps;
        this.size = size;
        this.lengths = lengths.clone();
        this.in = in;
        chunks = (steps + CHUNK - 1) / CHUNK;
        int rows = Math.multiplyExact(batch, steps);
        decay = new float[Math.multiplyExact(rows, CHUNK)];
        scores = new float[decay.length];
        kept = new float[rows];
        m = new float[rows];
        sums = new float[rows];
        floors = new float[rows];
        int states = Math.multiplyExact(batch, chunks + 1);
        C = new float[Math.multiplyExact(states, Math.multiplyExact(size, size))];
        n = new float[Math.multiplyExact(states, size)];
        starts = new float[states];
        y = new float[Math.multiplyExact(rows, size)];
    }

    /** Arrays of one thread. */
    private static final class Room {
        final float[] total = new float[CHUNK]; // F
        final float[] row = new float[CHUNK];
        final float[] columns = new float[CHUNK];
        final float[] dTotal = new float[CHUNK];
        final float[] dSums = new float[CHUNK];
        final float[] dScores = new float[CHUNK * CHUNK];
        final float[] one;
        final float[] other;

        Room(int size) {
            one = new float[CHUNK * size];
            other = new float[CHUNK * size];
        }
    }

    private long work() {
        return 2L * batch * steps * size * (2L * CHUNK + 2L * size);
    }

    /**
     * All y [B×T×H] from a state on, zeros behind the end of a sequence.
     *
     * @param c0 [B×H×H]
     * @param n0 [B×H]
     * @param m0 [B]
     */
    public float[] forward(float[] c0, int co, float[] n0, int no, float[] m0, int mo) {
        int square = size * size;
        for (int b = 0; b < batch; b++) {
            int s = b * (chunks + 1);
            System.arraycopy(c0, co + b * square, C, s * square, square);
            System.arraycopy(n0, no + b * size, n, s * size, size);
            starts[s] = m0[mo + b];
        }
        Parallel.over(batch, work(), (from, to) -> {
            Room room = new Room(size);
            for (int b = from; b < to; b++) {
                for (int chunk = 0; chunk < chunks; chunk++) {
                    forward(b, chunk, room);
                }
            }
        });
        return y;
    }

    /** The steps that a chunk reads of a sequence. */
    private int count(int b, int chunk) {
        return Math.max(0, Math.min(CHUNK, lengths[b] - chunk * CHUNK));
    }

    private void forward(int b, int chunk, Room room) {
        Kernels kernels = Kernels.active();
        int count = count(b, chunk);
        int s = b * (chunks + 1) + chunk;
        int square = size * size;
        int row = b * steps + chunk * CHUNK;
        boolean remembers = gates(row, count, starts[s], room);
        int x = row * size;
        int d = row * CHUNK;
        float[] q = in.q;
        if (count > 0) {
            kernels.matmul(
                    false, true, count, count, size, q, in.qo + x, size, in.k, in.ko + x, size, scores, d, CHUNK,
                    false);
        }
        float[] read = room.one;
        if (remembers) {
            kernels.matmul(
                    false, true, count, size, size, q, in.qo + x, size, C, s * square, size, read, 0, size, false);
        }
        for (int t = 0; t < count; t++) {
            int at = d + t * CHUNK;
            kernels.multiply(t + 1, scores, at, decay, at, scores, at);
            java.util.Arrays.fill(scores, at + t + 1, at + CHUNK, 0);
            float sum = kernels.rowSum(t + 1, scores, at);
            if (remembers) {
                float own = kernels.rowDot(size, n, s * size, q, in.qo + x + t * size);
                sum = Math.fma(kept[row + t], own, sum);
            }
            sums[row + t] = sum;
            floors[row + t] = -m[row + t];
        }
        kernels.exp(count, floors, row, floors, row);
        if (count > 0) {
            kernels.matmul(
                    false, false, count, size, count, scores, d, CHUNK, in.v, in.vo + x, size, y, x, size, false);
        }
        for (int t = 0; t < count; t++) {
            if (remembers) {
                kernels.addScaled(size, kept[row + t], read, t * size, y, x + t * size);
            }
            room.row[0] = Math.max(Math.abs(sums[row + t]), floors[row + t]);
            kernels.combine(Broadcast.Operation.DIVIDE, size, y, x + t * size, 1, room.row, 0, 0, y, x + t * size);
        }
        next(b, chunk, count, remembers, room);
    }

    /** m, D and e of a chunk; whether anything of the state before it is left. */
    private boolean gates(int row, int count, float start, Room room) {
        Kernels kernels = Kernels.active();
        float total = 0;
        float before = start;
        boolean remembers = false;
        for (int t = 0; t < count; t++) {
            float logF = in.logF[in.fo + row + t];
            float logI = in.logI[in.io + row + t];
            float carried = logF + before;
            before = carried > logI || Float.isNaN(carried) ? carried : logI;
            total += logF;
            m[row + t] = before;
            room.total[t] = total;
            int at = (row + t) * CHUNK;
            for (int s = 0; s <= t; s++) {
                decay[at + s] = total - room.total[s] + in.logI[in.io + row + s] - before;
            }
            kernels.exp(t + 1, decay, at, decay, at);
            java.util.Arrays.fill(decay, at + t + 1, at + CHUNK, 0);
            kept[row + t] = total + start - before;
        }
        kernels.exp(count, kept, row, kept, row);
        for (int t = 0; t < count; t++) {
            remembers |= kept[row + t] != 0;
        }
        return remembers;
    }

    /** The state behind a chunk. */
    private void next(int b, int chunk, int count, boolean remembers, Room room) {
        Kernels kernels = Kernels.active();
        int s = b * (chunks + 1) + chunk;
        int square = size * size;
        int from = s * square;
        int to = from + square;
        if (count == 0) {
            System.arraycopy(C, from, C, to, square);
            System.arraycopy(n, s * size, n, (s + 1) * size, size);
            starts[s + 1] = starts[s];
            return;
        }
        int row = b * steps + chunk * CHUNK;
        int last = row + count - 1;
        if (remembers) {
            kernels.addScaled(square, kept[last], C, from, C, to);
            kernels.addScaled(size, kept[last], n, s * size, n, (s + 1) * size);
        }
        float[] weighted = room.one;
        for (int t = 0; t < count; t++) {
            float w = decay[last * CHUNK + t];
            int x = (row + t) * size;
            java.util.Arrays.fill(weighted, t * size, (t + 1) * size, 0);
            kernels.addScaled(size, w, in.v, in.vo + x, weighted, t * size);
            kernels.addScaled(size, w, in.k, in.ko + x, n, (s + 1) * size);
        }
        kernels.matmul(
                true,
                false,
                size,
                size,
                count,
                weighted,
                0,
                size,
                in.k,
                in.ko + row * size,
                size,
                C,
                to,
                size,
                remembers);
        starts[s + 1] = m[last];
    }

    /** C behind the last step [B×H×H]. */
    public float[] lastC() {
        return last(C, size * size);
    }

    /** n behind the last step [B×H]. */
    public float[] lastN() {
        return last(n, size);
    }

    /** m behind the last step [B]. */
    public float[] lastM() {
        return last(starts, 1);
    }

    private float[] last(float[] all, int width) {
        float[] last = new float[batch * width];
        Strided.copyRows(batch, width, all, chunks * width, (chunks + 1) * width, last, 0, width);
        return last;
    }

    /**
     * The way back.
     *
     * @param dy [B×T×H]
     * @param dC ∂L/∂ of the last state [B×H×H], changed on the way; as dn [B×H] and dm [B]
     */
    public void backward(float[] dy, float[] dC, float[] dn, float[] dm, Gradients to) {
        Parallel.over(batch, 3 * work(), (from, end) -> {
            Room room = new Room(size);
            for (int b = from; b < end; b++) {
                for (int chunk = chunks - 1; chunk >= 0; chunk--) {
                    if (count(b, chunk) > 0) {
                        backward(b, chunk, dy, dC, dn, dm, to, room);
                    }
                }
            }
        });
        Kernels.active().add(dC.length, dC, 0, to.C, 0);
        Kernels.active().add(dn.length, dn, 0, to.n, 0);
        Kernels.active().add(dm.length, dm, 0, to.m, 0);
    }

    private void backward(int b, int chunk, float[] dy, float[] dC, float[] dn, float[] dm, Gradients to, Room room) {
        int count = count(b, chunk);
        int row = b * steps + chunk * CHUNK;
        java.util.Arrays.fill(room.dTotal, 0);
        java.util.Arrays.fill(room.columns, 0);
        throughOutputs(row, count, dy, room);
        throughScores(row, count, to, room);
        float[] fromState = throughState(b, chunk, count, dC, dn, to, room);
        float back = dm[b] + fromState[0]; // of m behind the chunk; along the way of the maximum
        float first = fromState[1]; // of m in front of it
        for (int t = count - 1; t >= 0; t--) {
            float carried = in.logF[in.fo + row + t] + (t == 0 ? starts[b * (chunks + 1) + chunk] : m[row + t - 1]);
            if (carried > in.logI[in.io + row + t]) {
                to.logF[row + t] += back;
            } else {
                to.logI[row + t] += back;
                back = 0;
            }
        }
        dm[b] = first + back;
        float sum = 0;
        for (int t = count - 1; t >= 0; t--) {
            sum += room.dTotal[t] - room.columns[t];
            to.logI[row + t] += room.columns[t];
            to.logF[row + t] += sum;
        }
    }

    /** room.one = ∂L/∂ numerators, room.dSums = ∂L/∂ of the sums under them. */
    private void throughOutputs(int row, int count, float[] dy, Room room) {
        Kernels kernels = Kernels.active();
        for (int t = 0; t < count; t++) {
            int x = (row + t) * size;
            float sum = sums[row + t];
            boolean counts = Math.abs(sum) > floors[row + t];
            float under = counts ? Math.abs(sum) : floors[row + t];
            room.row[0] = under;
            kernels.combine(Broadcast.Operation.DIVIDE, size, dy, x, 1, room.row, 0, 0, room.one, t * size);
            float along = kernels.rowDot(size, room.one, t * size, y, x);
            room.dSums[t] = !counts ? 0 : sum > 0 ? -along : along;
        }
    }

    private void throughScores(int row, int count, Gradients to, Room room) {
        Kernels kernels = Kernels.active();
        int x = row * size;
        int d = row * CHUNK;
        float[] ds = room.dScores;
        kernels.matmul(false, true, count, count, size, room.one, 0, size, in.v, in.vo + x, size, ds, 0, CHUNK, false);
        for (int t = 0; t < count; t++) {
            int at = t * CHUNK;
            Elementwise.addScalar(t + 1, room.dSums[t], ds, at);
            kernels.multiply(t + 1, ds, at, scores, d + at, room.row, 0);
            room.dTotal[t] += kernels.rowSum(t + 1, room.row, 0);
            kernels.add(t + 1, room.row, 0, room.columns, 0);
            kernels.multiply(t + 1, ds, at, decay, d + at, ds, at);
            java.util.Arrays.fill(ds, at + t + 1, at + CHUNK, 0);
        }
        kernels.matmul(true, false, count, size, count, scores, d, CHUNK, room.one, 0, size, to.v, x, size, true);
        kernels.matmul(false, false, count, size, count, ds, 0, CHUNK, in.k, in.ko + x, size, to.q, x, size, true);
        kernels.matmul(true, false, count, size, count, ds, 0, CHUNK, in.q, in.qo + x, size, to.k, x, size, true);
    }

    /** ∂L/∂m behind the chunk, but for what the caller knows, and in front of it. */
    private float[] throughState(int b, int chunk, int count, float[] dC, float[] dn, Gradients to, Room room) {
        Kernels kernels = Kernels.active();
        int s = b * (chunks + 1) + chunk;
        int square = size * size;
        int row = b * steps + chunk * CHUNK;
        int x = row * size;
        int last = row + count - 1;
        float ofLast = 0;
        boolean wanted = !allZero(square, dC, b * square) || !allZero(size, dn, b * size);
        if (wanted) {
            float[] toK = room.other;
            float[] dk = new float[count * size];
            kernels.matmul(
                    false, true, count, size, size, in.k, in.ko + x, size, dC, b * square, size, toK, 0, size, false);
            kernels.matmul(
                    false, false, count, size, size, in.v, in.vo + x, size, dC, b * square, size, dk, 0, size, false);
            for (int t = 0; t < count; t++) {
                float w = decay[last * CHUNK + t];
                float dw = kernels.rowDot(size, in.v, in.vo + x + t * size, toK, t * size)
                        + kernels.rowDot(size, dn, b * size, in.k, in.ko + x + t * size);
                kernels.addScaled(size, w, toK, t * size, to.v, x + t * size);
                kernels.addScaled(size, w, dk, t * size, to.k, x + t * size);
                kernels.addScaled(size, w, dn, b * size, to.k, x + t * size);
                room.columns[t] += dw * w;
                room.dTotal[count - 1] += dw * w;
                ofLast -= dw * w;
            }
        }
        float first = 0;
        float inner = 0;
        if (wanted) {
            inner = kernels.rowDot(square, dC, b * square, C, s * square)
                    + kernels.rowDot(size, dn, b * size, n, s * size);
            ofLast -= kept[last] * inner;
            Elementwise.scale(square, kept[last], dC, b * square);
            Elementwise.scale(size, kept[last], dn, b * size);
        }
        boolean remembers = !allZero(count, kept, row);
        if (!remembers) {
            return new float[] {ofLast, first};
        }
        float[] read = room.other;
        kernels.matmul(
                false, true, count, size, size, in.q, in.qo + x, size, C, s * square, size, read, 0, size, false);
        for (int t = 0; t < count; t++) {
            float e = kept[row + t];
            float de = kernels.rowDot(size, room.one, t * size, read, t * size)
                    + room.dSums[t] * kernels.rowDot(size, n, s * size, in.q, in.qo + x + t * size);
            de = t == count - 1 ? de + inner : de;
            room.dTotal[t] += de * e;
            first += de * e;
            kernels.addScaled(size, e * room.dSums[t], n, s * size, to.q, x + t * size);
            kernels.addScaled(size, e * room.dSums[t], in.q, in.qo + x + t * size, dn, b * size);
            Elementwise.scale(size, e, room.one, t * size);
        }
        kernels.matmul(false, false, count, size, size, room.one, 0, size, C, s * square, size, to.q, x, size, true);
        kernels.matmul(
                true, false, size, size, count, room.one, 0, size, in.q, in.qo + x, size, dC, b * square, size, true);
        return new float[] {ofLast, first};
    }

    private static boolean allZero(int count, float[] x, int xo) {
        for (int i = 0; i < count; i++) {
            if (x[xo + i] != 0) {
                return false;
            }
        }
        return true;
    }
}
