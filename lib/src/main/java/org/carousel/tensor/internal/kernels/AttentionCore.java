package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention of N heads, forward and backward, without ever holding all scores.
 *
 * <pre>
 * S_tu = q_t · k_u / √d - m |t - u|     P = softmax of every row of S     O = P V
 * </pre>
 *
 * <p>The slope m is 0 unless {@link #falling} says otherwise.
 *
 * <p>Queries are taken {@value #TILE} at a time: the scores of a tile lie in the cache, are used and forgotten. Forward
 * keeps one number for each query, the logarithm of its softmax's sum, from which backward computes the scores anew
 * (Rabe, Staats 2021, arXiv:2112.05682; Dao et al. 2022, arXiv:2205.14135). Threads share the heads.
 *
 * <p>Kept for the backward pass: q, k, v, the result, and one float per query.
 */
public final class AttentionCore {
    private static final int TILE = 64;
    /** Scores lie in planes of so many keys, tile by tile: as products read them without a copy. */
    private static final int KEYS = Kernels.K_BLOCK;

    private static final int PLANE = TILE * KEYS;

    private final int heads;
    private final int queries;
    private final int keys;
    private final int size;
    private final int valueSize;
    private final boolean causal;
    private final int[] lengths;
    private final float scale;
    private float[] slopes = new float[0];
    private int first;

    /**
     * Sizes of the operands.
     *
     * @param heads N
     * @param queries T, the rows of Q
     * @param keys U, the rows of K and V
     * @param size d, the columns of Q and K
     * @param valueSize the columns of V
     * @param causal whether query t sees keys 0..t only; T and U are then the same
     * @param lengths how many keys each head has, 0..U
     */
    public AttentionCore(int heads, int queries, int keys, int size, int valueSize, boolean causal, int... lengths) {
        this.heads = heads;
        this.queries = queries;
        this.keys = keys;
        this.size = size;
        this.valueSize = valueSize;
        this.causal = causal;
        this.lengths = lengths.clone();
        scale = (float) (1 / StrictMath.sqrt(size));
    }

    /**
     * Lets scores fall with the distance of query and key. Modified: this object.
     *
     * @param slopes m of the heads, used again and again
     * @param first the position of query 0
     */
    public AttentionCore falling(float[] slopes, int first) {
        this.slopes = slopes.clone();
        this.first = first;
        return this;
    }

    /** Where Q, K and V begin in their arrays, [N×T×d], [N×U×d] and [N×U×dv] without gaps. */
    public record Operands(float[] q, int qOffset, float[] k, int kOffset, float[] v, int vOffset) {}

    /** What one thread works with, head after head. */
    private static final class Workspace {
        private final float[] scores;
        private final float[] errors;
        private final float[] most = new float[TILE]; // of the scores of each query
        private final float[] sums = new float[TILE]; // of their exponentials
        private @Nullable PackedMatrix keysAcross;
        private @Nullable PackedMatrix keysDown;
        private @Nullable PackedMatrix values;

        Workspace(int tile, boolean backward) {
            scores = new float[tile];
            errors = new float[backward ? tile : 0];
        }
    }

    private int planes() {
        return Math.multiplyExact((keys + KEYS - 1) / KEYS, PLANE);
    }

    private long work() {
        return 4L * heads * queries * keys * (size + valueSize);
    }

    /**
     * Runs forward.
     *
     * @param logSums receives ln Σ exp of every query [N×T]
     * @return O [N×T×dv]; zeros for a query that sees no key
     */
    public float[] forward(Operands in, float[] logSums) {
        float[] out = new float[Math.multiplyExact(Math.multiplyExact(heads, queries), valueSize)];
        Parallel.over(heads, work(), (from, to) -> {
            Workspace own = new Workspace(planes(), false);
            for (int n = from; n < to; n++) {
                Places at = new Places(
                        in.qOffset + n * queries * size,
                        size,
                        in.kOffset + n * keys * size,
                        size,
                        in.vOffset + n * keys * valueSize,
                        valueSize,
                        n * queries * valueSize,
                        valueSize);
                forward(n, in.q, in.k, in.v, at, own, out, logSums);
            }
        });
        return out;
    }

    /**
     * Runs forward where the heads lie side by side and nothing is kept: as {@link #forward} to the last bit, without
     * taking the heads apart. Modified: {@code out}.
     *
     * @param qkv rows {@code stride} apart from {@code offset} on: q of every head, then k, then v
     * @param out [T×(N·dv)] from {@code outOffset} on
     */
    public void side(float[] qkv, int offset, int stride, float[] out, int outOffset) {
        int wide = heads * size;
        Parallel.over(heads, work(), (from, to) -> {
            Workspace own = new Workspace(planes(), false);
            for (int n = from; n < to; n++) {
                int q = offset + n * size;
                int v = offset + 2 * wide + n * valueSize;
                int o = outOffset + n * valueSize;
                Places at = new Places(q, stride, q + wide, stride, v, stride, o, heads * valueSize);
                forward(n, qkv, qkv, qkv, at, own, out, null);
            }
        });
    }

    /** Where the rows of one head begin, and how far apart they lie. */
    private record Places(int q, int qStride, int k, int kStride, int v, int vStride, int out, int outStride) {}

    private void forward(
            int n, float[] q, float[] k, float[] v, Places at, Workspace own, float[] out, float @Nullable [] logSums) {
        Kernels kernels = Kernels.active();
        own.keysAcross = kernels.packPlanes(true, size, keys, KEYS, k, at.k, at.kStride, own.keysAcross);
        own.values = kernels.pack(false, keys, valueSize, v, at.v, at.vStride, own.values);
        for (int t = 0; t < queries; t += TILE) {
            int rows = Math.min(TILE, queries - t);
            int seen = seen(n, t + rows - 1);
            int o = at.out + t * at.outStride;
            if (seen == 0) {
                continue;
            }
            scores(kernels, rows, q, at.q + t * at.qStride, at.qStride, size, own.keysAcross, seen, own.scores);
            fall(n, t, rows, seen, own.scores);
            for (int r = 0; r < rows; r++) {
                exponentials(kernels, own, r, seen(n, t + r), seen);
            }
            weighted(kernels, rows, own.scores, own.values, seen, out, o, at.outStride, false);
            for (int r = 0; r < rows; r++) { // fewer divisions here than among the scores
                Elementwise.scale(valueSize, 1 / own.sums[r], out, o + r * at.outStride);
                if (logSums != null) {
                    logSums[n * queries + t + r] = own.most[r] + (float) StrictMath.log(own.sums[r]);
                }
            }
        }
    }

    /** The first {@code seen} columns of A[rows×inner] · B, plane by plane; rows of A lie {@code stride} apart. */
    private static void scores(
            Kernels kernels, int rows, float[] a, int ao, int stride, int inner, PackedMatrix b, int seen, float[] to) {
        for (int u = 0; u < seen; u += KEYS) {
            int until = Math.min(seen, u + KEYS);
            int at = u / KEYS * PLANE - u; // where column 0 would lie
            for (int k = 0; k < inner; k += Kernels.K_BLOCK) {
                int k1 = Math.min(inner, k + Kernels.K_BLOCK);
                float[] start = k == 0 ? kernels.zeros(b.n) : to;
                int so = k == 0 ? 0 : at;
                int ss = k == 0 ? 0 : KEYS;
                kernels.block(rows, k, k1, a, ao + k, stride, 1, b, u, until, start, so, ss, to, at, KEYS);
            }
        }
    }

    /** Takes m |t - u| √d from the scores of a tile, which are still to be divided by √d. */
    private void fall(int head, int t, int rows, int seen, float[] to) {
        float slope = slopes.length == 0 ? 0 : slopes[head % slopes.length] / scale;
        for (int r = 0; slope != 0 && r < rows; r++) {
            int query = first + t + r;
            for (int u = 0; u < seen; u += KEYS) {
                int at = place(r, u);
                for (int j = 0; j < Math.min(KEYS, seen - u); j++) {
                    to[at + j] -= slope * Math.abs(query - u - j);
                }
            }
        }
    }

    /** C ← [C +] weights in planes · the first {@code seen} rows of B. */
    private static void weighted(
            Kernels kernels,
            int rows,
            float[] weights,
            PackedMatrix b,
            int seen,
            float[] c,
            int co,
            int stride,
            boolean add) {
        int n = b.n;
        for (int u = 0; u < seen; u += KEYS) {
            boolean onTop = add || u > 0;
            float[] start = onTop ? c : kernels.zeros(n);
            int so = onTop ? co : 0;
            int ss = onTop ? stride : 0;
            int until = Math.min(seen, u + KEYS);
            kernels.block(rows, u, until, weights, u / KEYS * PLANE, KEYS, 1, b, 0, n, start, so, ss, c, co, stride);
        }
    }

    /** The keys that query t of a head sees: the first so many. */
    private int seen(int head, int t) {
        return causal ? Math.min(lengths[head], t + 1) : lengths[head];
    }

    /** Turns n scores of a row into exponentials, zeros up to {@code width} behind them, and keeps their sum. */
    private void exponentials(Kernels kernels, Workspace own, int r, int n, int width) {
        float most = n == 0 ? 0 : Float.NEGATIVE_INFINITY;
        for (int u = 0; u < n; u += KEYS) {
            most = Math.max(most, kernels.rowMax(Math.min(KEYS, n - u), own.scores, place(r, u)) * scale);
        }
        float sum = 0;
        for (int u = 0; u < width; u += KEYS) {
            int at = place(r, u);
            int count = clear(own.scores, at, u, n, width);
            kernels.exp(count, scale, -most, own.scores, at, own.scores, at);
            sum += kernels.rowSum(count, own.scores, at);
        }
        own.most[r] = most;
        own.sums[r] = n == 0 ? 1 : sum;
    }

    /** Where key u, the first of a plane, of row r lies. */
    private static int place(int r, int u) {
        return u / KEYS * PLANE + r * KEYS;
    }

    /** Zeros for what is not seen of one plane's row; how many of it are seen. */
    private static int clear(float[] x, int at, int u, int n, int width) {
        int count = Math.max(0, Math.min(KEYS, n - u));
        java.util.Arrays.fill(x, at + count, at + Math.min(KEYS, width - u), 0);
        return count;
    }

    /**
     * Where the gradients are added to; null where none is wanted.
     *
     * @param q [N×T×d]
     * @param k [N×U×d]
     * @param v [N×U×dv]
     */
    public record Gradients(float @Nullable [] q, float @Nullable [] k, float @Nullable [] v) {}

    /**
     * Runs backward.
     *
     * <pre>
     * dP = dO Vᵀ    dS = P ⊙ (dP - Σ dO ⊙ O)    dQ = dS K / √d    dK = dSᵀ Q / √d    dV = Pᵀ dO
     * </pre>
     *
     * @param logSums as forward filled it
     * @param out as forward returned it
     * @param g ∂L/∂O [N×T×dv]
     */
    public void backward(Operands in, float[] logSums, float[] out, float[] g, Gradients to) {
        Parallel.over(heads, 2 * work(), (from, until) -> {
            Workspace own = new Workspace(planes(), true);
            for (int n = from; n < until; n++) {
                backward(n, in, own, logSums, out, g, to);
            }
        });
    }

    private void backward(int n, Operands in, Workspace own, float[] logSums, float[] out, float[] g, Gradients to) {
        Kernels kernels = Kernels.active();
        int ko = n * keys * size;
        int vo = n * keys * valueSize;
        own.keysAcross = kernels.packPlanes(true, size, keys, KEYS, in.k, in.kOffset + ko, size, own.keysAcross);
        own.keysDown = kernels.pack(false, keys, size, in.k, in.kOffset + ko, size, own.keysDown);
        own.values = kernels.packPlanes(true, valueSize, keys, KEYS, in.v, in.vOffset + vo, valueSize, own.values);
        for (int t = 0; t < queries; t += TILE) {
            int rows = Math.min(TILE, queries - t);
            int seen = seen(n, t + rows - 1);
            int row = n * queries + t;
            int q = in.qOffset + row * size;
            int o = row * valueSize;
            if (seen == 0) {
                continue;
            }
            float[] p = own.scores;
            float[] d = own.errors;
            scores(kernels, rows, in.q, q, size, size, own.keysAcross, seen, p);
            fall(n, t, rows, seen, p);
            scores(kernels, rows, g, o, valueSize, valueSize, own.values, seen, d);
            for (int r = 0; r < rows; r++) {
                float dot = kernels.rowDot(valueSize, g, o + r * valueSize, out, o + r * valueSize);
                errors(kernels, own, r, seen(n, t + r), seen, logSums[row + r], dot);
            }
            if (to.q != null) {
                weighted(kernels, rows, d, own.keysDown, seen, to.q, row * size, size, true);
            }
            if (to.k != null) {
                across(kernels, rows, d, seen, in.q, q, size, to.k, ko);
            }
            if (to.v != null) {
                across(kernels, rows, p, seen, g, o, valueSize, to.v, vo);
            }
        }
    }

    /** C += weightsᵀ · B[rows×n]. */
    private static void across(
            Kernels kernels, int rows, float[] weights, int seen, float[] b, int bo, int n, float[] c, int co) {
        for (int u = 0; u < seen; u += KEYS) {
            int count = Math.min(KEYS, seen - u);
            int at = u / KEYS * PLANE;
            kernels.matmul(true, false, count, n, rows, weights, at, KEYS, b, bo, n, c, co + u * n, n, true);
        }
    }

    /** Turns a row of scores into P and of dP into dS / √d, zeros up to {@code width} behind the n that are seen. */
    private void errors(Kernels kernels, Workspace own, int r, int n, int width, float logSum, float dot) {
        for (int u = 0; u < width; u += KEYS) {
            int at = place(r, u);
            int count = clear(own.scores, at, u, n, width);
            clear(own.errors, at, u, n, width);
            kernels.exp(count, scale, -logSum, own.scores, at, own.scores, at);
            kernels.weightErrors(count, own.scores, at, dot, scale, own.errors, at);
        }
    }
}
