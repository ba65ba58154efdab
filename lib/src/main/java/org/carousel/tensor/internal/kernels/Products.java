package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.Nullable;

/**
 * Matrix products: how they are cut into blocks, packed and shared among threads. What a block computes is left to the
 * instructions that there are.
 */
abstract class Products {
    static final int ROW_LANES = 16;

    /**
     * Memory for a packed matrix in the layout of these kernels, that of another one if it is large enough.
     *
     * @param plane every plane-th column begins a panel
     */
    abstract PackedMatrix newPacked(int k, int n, int plane, @Nullable PackedMatrix reuse);

    /** How many rows of C the innermost loop works on together. */
    abstract int blockRows();

    /** How many columns of C it works on together. */
    abstract int panelWidth();

    /**
     * The block product on packed columns, the innermost loop of everything: C[m×b.n] ← start + A · rows k0..k1 of B.
     *
     * <p>Element (i, k) of A is {@code a[aOffset + i·rowStep + (k-k0)·kStep]}; one of the steps is 1. Row i of start
     * begins at {@code startOffset + i·startStride}; it may be C itself, or one row for all with a stride of 0.
     */
    abstract void block(
            int m,
            int k0,
            int k1,
            float[] a,
            int aOffset,
            int rowStep,
            int kStep,
            PackedMatrix b,
            int fromColumn,
            int toColumn,
            float[] start,
            int startOffset,
            int startStride,
            float[] c,
            int cOffset,
            int cStride);

    /** B [K×N] packed; {@code transpose} when the array holds Bᵀ [N×K]. Memory of {@code reuse} is used again. */
    public final PackedMatrix pack(
            boolean transpose, int k, int n, float[] b, int offset, int stride, @Nullable PackedMatrix reuse) {
        return packPlanes(transpose, k, n, n, b, offset, stride, reuse);
    }

    /**
     * As {@link #pack}, for products with columns that begin at multiples of {@code plane}: a range of columns must begin
     * with a panel, as plain kernels read every panel from its first column on.
     */
    final PackedMatrix packPlanes(
            boolean transpose,
            int k,
            int n,
            int plane,
            float[] b,
            int offset,
            int stride,
            @Nullable PackedMatrix reuse) {
        requireMatrix("pack: B", transpose ? n : k, transpose ? k : n, b, offset, stride);
        PackedMatrix packed = reuse != null && reuse.fits(k, n) ? reuse : newPacked(k, n, plane, reuse);
        long work = Costs.COPY * k * n;
        if (Parallel.worthwhile(work)) {
            int blocks = (k + ROW_LANES - 1) / ROW_LANES;
            Parallel.over(blocks, work, (from, to) -> {
                int end = Math.min(k, to * ROW_LANES);
                fill(packed, transpose, b, offset, stride, from * ROW_LANES, end);
            });
        } else {
            fill(packed, transpose, b, offset, stride, 0, k);
        }
        return packed;
    }

    /** B_i [K×N] packed, of matrices that follow each other; {@code transpose} when the array holds their transposes. */
    public final PackedMatrix[] packEach(boolean transpose, int matrices, int k, int n, float[] b, int offset) {
        PackedMatrix[] all = new PackedMatrix[matrices];
        Parallel.over(matrices, Costs.COPY * matrices * k * n, (from, to) -> {
            for (int i = from; i < to; i++) {
                all[i] = pack(transpose, k, n, b, offset + i * k * n, transpose ? k : n, null);
            }
        });
        return all;
    }

    /** Copies rows [from, to) of B, which may be given transposed, into the memory of a packed matrix. */
    void fill(PackedMatrix packed, boolean transpose, float[] b, int offset, int stride, int from, int to) {
        packed.fill(transpose, b, offset, stride, from, to);
    }

    /** Terms of a sum at a time: a panel of so many rows of B stays in the first cache. */
    static final int K_BLOCK = 256;
    /** Rows of A at a time: with K_BLOCK columns they stay in the second cache. */
    private static final int M_BLOCK = 256;

    /** C[M×N] ← A[M×K] · B for a packed B. Modified: C. */
    public final void matmulPacked(
            int m, float[] a, int aOffset, int aStride, PackedMatrix b, float[] c, int cOffset, int cStride) {
        matmulPacked(m, a, aOffset, aStride, b, zeros(b.n), 0, 0, c, cOffset, cStride);
    }

    /**
     * C[M×N] ← start + A[M×K] · B for a packed B. Modified: C.
     *
     * @param start C itself to add to it, or a bias [N] with {@code startStride} 0
     */
    public final void matmulPacked(
            int m,
            float[] a,
            int aOffset,
            int aStride,
            PackedMatrix b,
            float[] start,
            int startOffset,
            int startStride,
            float[] c,
            int cOffset,
            int cStride) {
        matmulPacked(m, b.n, a, aOffset, aStride, b, start, startOffset, startStride, c, cOffset, cStride);
    }

    /** As {@link #matmulPacked}, the first {@code n} columns of start, B and C alone. */
    public final void matmulPacked(
            int m,
            int n,
            float[] a,
            int aOffset,
            int aStride,
            PackedMatrix b,
            float[] start,
            int startOffset,
            int startStride,
            float[] c,
            int cOffset,
            int cStride) {
        if (n > b.n) {
            throw new IllegalArgumentException("matmul: " + n + " columns of B, which has " + b.n);
        }
        requireMatrix("matmul: A", m, b.k, a, aOffset, aStride);
        requireMatrix("matmul: start", m, n, start, startOffset, startStride);
        requireMatrix("matmul: C", m, n, c, cOffset, cStride);
        requireApart("A", m, b.k, a, aOffset, aStride, m, n, c, cOffset, cStride);
        long work = 2L * m * n * b.k;
        if (!Parallel.worthwhile(work)) { // without a lambda: a stream of single steps allocates nothing
            packedRegion(0, m, 0, n, a, aOffset, aStride, b, start, startOffset, startStride, c, cOffset, cStride);
            return;
        }
        spread(
                m,
                n,
                work,
                (i0, i1, j0, j1) -> packedRegion(
                        i0, i1, j0, j1, a, aOffset, aStride, b, start, startOffset, startStride, c, cOffset, cStride));
    }

    /** Row i of C [M×N] ← row i of A [M×K] · B_i, a packed matrix for every row. Modified: C. */
    public final void matmulEach(
            float[] a, int aOffset, int aStride, PackedMatrix[] b, float[] c, int cOffset, int cStride) {
        int m = b.length;
        long work = m == 0 ? 0 : 16L * m * b[0].n * b[0].k; // as long as reading B takes
        if (Parallel.worthwhile(work)) {
            Parallel.over(m, work, (from, to) -> eachRow(from, to, a, aOffset, aStride, b, c, cOffset, cStride));
        } else {
            eachRow(0, m, a, aOffset, aStride, b, c, cOffset, cStride);
        }
    }

    private void eachRow(
            int from,
            int to,
            float[] a,
            int aOffset,
            int aStride,
            PackedMatrix[] b,
            float[] c,
            int cOffset,
            int cStride) {
        for (int i = from; i < to; i++) {
            matmulPacked(1, a, aOffset + i * aStride, aStride, b[i], c, cOffset + i * cStride, cStride);
        }
    }

    /** Rows i0..i1 and columns j0..j1 of C. */
    private void packedRegion(
            int i0,
            int i1,
            int j0,
            int j1,
            float[] a,
            int aOffset,
            int aStride,
            PackedMatrix b,
            float[] start,
            int startOffset,
            int startStride,
            float[] c,
            int cOffset,
            int cStride) {
        for (int i = i0; i < i1; i += M_BLOCK) {
            int rows = Math.min(M_BLOCK, i1 - i);
            int ci = cOffset + i * cStride;
            int k = 0;
            do { // at least once: with K = 0 the product is the start, not what was there
                int k1 = Math.min(b.k, k + K_BLOCK);
                int ai = aOffset + i * aStride + k;
                if (k == 0) {
                    int si = startOffset + i * startStride;
                    block(rows, k, k1, a, ai, aStride, 1, b, j0, j1, start, si, startStride, c, ci, cStride);
                } else {
                    block(rows, k, k1, a, ai, aStride, 1, b, j0, j1, c, ci, cStride, c, ci, cStride);
                }
                k = k1;
            } while (k < b.k);
        }
    }

    /** A packed matrix [k×n] of zeros. */
    public final PackedMatrix zeros(int k, int n) {
        return newPacked(k, n, n, null);
    }

    /**
     * next [K×N] ← A [K×K] · B: a step of a recurrence B ← A B that never leaves the layout of right operands, whose sums
     * are those of {@link #matmulPacked}. Modified: next.
     */
    public final void advance(float[] a, int aOffset, int aStride, PackedMatrix b, PackedMatrix next) {
        requireMatrix("advance: A", b.k, b.k, a, aOffset, aStride);
        if (b == next || !next.fits(b.k, b.n)) {
            throw new IllegalArgumentException("advance: [" + b.k + "×" + b.n + "] into [" + next.k + "×" + next.n
                    + "]; another matrix of the same size is needed");
        }
        int panels = (b.n + b.width - 1) / b.width;
        long work = 2L * b.k * b.k * b.n;
        if (Parallel.worthwhile(work)) {
            Parallel.over(panels, work, (from, to) -> advance(from, to, a, aOffset, aStride, b, next));
        } else {
            advance(0, panels, a, aOffset, aStride, b, next);
        }
    }

    /** Some of the panels. */
    abstract void advance(int from, int to, float[] a, int aOffset, int aStride, PackedMatrix b, PackedMatrix next);

    /** Throws unless a matrix of these sizes lies within the array. */
    static void requireMatrix(String what, int rows, int columns, float[] x, int offset, int stride) {
        long end = rows <= 0 || columns <= 0 ? 0 : offset + (rows - 1L) * stride + columns; // nothing lies anywhere
        if ((rows | columns | offset | stride) < 0 || end > x.length) {
            throw new IllegalArgumentException(what + " of " + rows + "×" + columns + " from " + offset
                    + " with rows " + stride + " apart does not lie within " + x.length
                    + " elements; sizes must not be negative");
        }
    }

    /** Throws when the result would overwrite an operand that is still to be read. */
    private static void requireApart(
            String what,
            int rows,
            int columns,
            float[] x,
            int xo,
            int xStride,
            int cRows,
            int cColumns,
            float[] c,
            int co,
            int cStride) {
        if (x == c && xo < co + (cRows - 1L) * cStride + cColumns && co < xo + (rows - 1L) * xStride + columns) {
            throw new IllegalArgumentException(
                    "matmul: " + what + " and C overlap in one array; the product needs a place of its own");
        }
    }

    private interface Region {
        void run(int fromRow, int toRow, int fromColumn, int toColumn);
    }

    /** Splits the results of a product over threads: by whole blocks of rows, or by panels when there are few rows. */
    private void spread(int m, int n, long work, Region region) {
        int unit = m >= 2 * blockRows() ? blockRows() : panelWidth();
        if (m >= 2 * blockRows()) {
            Parallel.over(
                    (m + unit - 1) / unit, work, (from, to) -> region.run(from * unit, Math.min(m, to * unit), 0, n));
        } else {
            Parallel.over(
                    (n + unit - 1) / unit, work, (from, to) -> region.run(0, m, from * unit, Math.min(n, to * unit)));
        }
    }

    private volatile float[] zeros = {};

    /** A row of at least n zeros: the start of a product that adds to nothing. Never written to. */
    final float[] zeros(int n) {
        float[] row = zeros;
        if (row.length < n) {
            row = new float[n];
            zeros = row;
        }
        return row;
    }

    /** What one thread works with besides the operands, kept from call to call. */
    private final ThreadLocal<Workspace> workspace = ThreadLocal.withInitial(Workspace::new);

    private static final class Workspace {
        private @Nullable PackedMatrix full; // of K_BLOCK rows
        private @Nullable PackedMatrix rest;
    }

    /**
     * C[M×N] ← [C +] op(A)[M×K] · op(B)[K×N], where op transposes when told so. Modified: C.
     *
     * <p>C must not overlap A or B.
     */
    public final void matmul(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            float[] a,
            int aOffset,
            int aStride,
            float[] b,
            int bOffset,
            int bStride,
            float[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        int aRows = transposeA ? k : m;
        int aColumns = transposeA ? m : k;
        int bRows = transposeB ? n : k;
        int bColumns = transposeB ? k : n;
        requireMatrix("matmul: A", aRows, aColumns, a, aOffset, aStride);
        requireMatrix("matmul: B", bRows, bColumns, b, bOffset, bStride);
        requireMatrix("matmul: C", m, n, c, cOffset, cStride);
        requireApart("A", aRows, aColumns, a, aOffset, aStride, m, n, c, cOffset, cStride);
        requireApart("B", bRows, bColumns, b, bOffset, bStride, m, n, c, cOffset, cStride);
        if (m == 0 || n == 0) {
            return;
        }
        if (k == 1 && accumulate && !(transposeB && n > 1) && addsRows()) {
            for (int i = 0; i < m; i++) {
                addScaled(n, a[aOffset + i * (transposeA ? 1 : aStride)], b, bOffset, c, cOffset + i * cStride);
            }
            return;
        }
        Workspace own = workspace.get();
        int k0 = 0;
        do {
            int from = k0;
            int count = Math.min(K_BLOCK, k - from);
            int bFrom = transposeB ? bOffset + from : bOffset + from * bStride;
            PackedMatrix packed = pack(transposeB, count, n, b, bFrom, bStride, count == K_BLOCK ? own.full : own.rest);
            if (count == K_BLOCK) {
                own.full = packed;
            } else {
                own.rest = packed;
            }
            boolean add = accumulate || from > 0;
            float[] start = add ? c : zeros(n);
            spread(m, n, 2L * m * n * count, (i0, i1, j0, j1) -> {
                for (int i = i0; i < i1; i += M_BLOCK) {
                    int rows = Math.min(M_BLOCK, i1 - i);
                    int ai = transposeA ? aOffset + from * aStride + i : aOffset + i * aStride + from;
                    int rowStep = transposeA ? 1 : aStride;
                    int kStep = transposeA ? aStride : 1;
                    int ci = cOffset + i * cStride;
                    int si = add ? ci : 0;
                    int ss = add ? cStride : 0;
                    block(rows, 0, count, a, ai, rowStep, kStep, packed, j0, j1, start, si, ss, c, ci, cStride);
                }
            });
            k0 += count;
        } while (k0 < k);
    }

    /** to[r, :] = from[r, :] for short rows. Modified: {@code to}. */
    public void copyRows(
            int rows, int n, float[] from, int fromOffset, int fromStride, float[] to, int offset, int stride) {
        Strided.copyRows(rows, n, from, fromOffset, fromStride, to, offset, stride);
    }

    /** to[r, :] += from[r, :] for short rows. Modified: {@code to}. */
    void addRows(int rows, int n, float[] from, int fromOffset, int fromStride, float[] to, int offset, int stride) {
        for (int r = 0; r < rows; r++) {
            for (int i = 0; i < n; i++) {
                to[offset + r * stride + i] += from[fromOffset + r * fromStride + i];
            }
        }
    }

    /**
     * C[m×B.n] ← start + A · B, where row r of A is runs of {@code count} elements from {@code ao + r·step + runs[s]} on.
     *
     * <p>Up to eight rows more of A may be read, and must lie within the array.
     */
    public void multiplyRuns(
            int m,
            int[] runs,
            int count,
            float[] a,
            int ao,
            int step,
            PackedMatrix b,
            float[] start,
            int so,
            int ss,
            float[] c,
            int co,
            int cs) {
        for (int s = 0; s < runs.length; s++) {
            for (int k = 0; k < count; k += K_BLOCK) {
                int k0 = s * count + k;
                int k1 = s * count + Math.min(count, k + K_BLOCK);
                int at = ao + runs[s] + k;
                if (k0 == 0) {
                    block(m, k0, k1, a, at, step, 1, b, 0, b.n, start, so, ss, c, co, cs);
                } else {
                    block(m, k0, k1, a, at, step, 1, b, 0, b.n, c, co, cs, c, co, cs);
                }
            }
        }
    }

    /** Whether {@link #addRuns} is there. */
    boolean addsRuns() {
        return false;
    }

    /**
     * C[m×16] += Σ_s A_s · B_s, each A_s · B_s a sum of its own that is rounded before.
     *
     * <p>Row r of A_s is {@code count} times 16 elements, from {@code ao + 16 r + runs[s]} on and {@code apart} from each
     * other. Up to eight rows more of A may be read, and must lie within the array.
     *
     * @param b rows of 16 elements, as many as A_s has columns for each run
     */
    void addRuns(
            int m, int[] runs, int count, int apart, float[] a, int ao, float[] b, int bo, float[] c, int co, int cs) {
        throw new UnsupportedOperationException();
    }

    /**
     * C[m×B.n] += Aᵀ · rows k0 to k1 of B, where row k of A begins at {@code ao + (k - k0) · apart}.
     *
     * <p>Up to eight elements behind each row of A may be read, and must lie within the array.
     */
    public void addColumns(int m, int k0, int k1, float[] a, int ao, int apart, PackedMatrix b, float[] c, int co) {
        block(m, k0, k1, a, ao, 1, apart, b, 0, b.n, c, co, b.n, c, co, b.n);
    }

    /** C ← start + X · W + H · R for m rows that follow each other, the sums of two products one after the other. Modified: {@code c}. */
    public void multiplyPair(
            int m,
            float[] x,
            int xo,
            PackedMatrix w,
            float[] h,
            int ho,
            PackedMatrix r,
            float[] start,
            int so,
            float[] c) {
        matmulPacked(m, x, xo, w.k, w, start, so, 0, c, 0, w.n);
        matmulPacked(m, h, ho, r.k, r, c, 0, w.n, c, 0, w.n);
    }

    /** y += a x, each with one rounding. */
    public abstract void addScaled(int n, float a, float[] x, int xo, float[] y, int yo);

    /** Whether {@link #addScaled} is fast at any offset: then it adds a product of a column and a row. */
    abstract boolean addsRows();
}
