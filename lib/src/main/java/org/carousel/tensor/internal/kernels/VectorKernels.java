package org.carousel.tensor.internal.kernels;

import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.carousel.tensor.internal.kernels.images.Tiles;
import org.carousel.tensor.internal.kernels.images.VectorKernelsTiles;
import org.jspecify.annotations.Nullable;

/**
 * The kernels with the Vector API, in vectors as wide as the machine prefers: the matrix product here, what goes element
 * by element in {@link VectorKernelsElements}.
 *
 * <p>The matrix product works on a block of C at a time, {@link VectorKernelsBlocks}. A is first copied to where its
 * elements lie a constant distance apart, which rids the loop of its index checks: 128 against 105 GFLOP/s, measured.
 */
final class VectorKernels extends VectorKernelsElements {
    private static final VectorSpecies<Float> S = VectorKernelsBlocks.S;
    private static final int L = VectorKernelsBlocks.L;
    private static final int WIDTH = VectorKernelsBlocks.WIDTH;
    private static final int ROWS = VectorKernelsBlocks.ROWS;
    /** Floats from one packed block of rows of A to the next: not a power of 2, which would crowd the cache. */
    private static final int BLOCK = ROWS * K_BLOCK + L;

    /** Floats of a cache line. */
    private static final int LINE = 16;
    /** Floats from which on weights are taken to come from beyond the second cache. */
    private static final int LARGE = 3 << 17;

    /** JDK 17 does not turn a {@code rearrange} of two vectors into instructions. */
    private static final boolean SHUFFLES = L == 16 && Jit.KEEPS_VECTORS;

    private static final VectorShuffle<Float> FIRST_HALVES = VectorShuffle.makeZip(S, 0);
    private static final VectorShuffle<Float> SECOND_HALVES = VectorShuffle.makeZip(S, 1);

    private final ThreadLocal<Workspace> workspace = ThreadLocal.withInitial(Workspace::new);
    private final RowKernels rows = new VectorKernelsRows();

    @Override
    public String describe() {
        return "vector kernels, " + L + " lanes of float";
    }

    private final Rectifiers rectifiers = new VectorKernelsRectifiers();

    @Override
    Rectifiers rectifiers() {
        return rectifiers;
    }

    private final Tiles tiles = Jit.KEEPS_VECTORS ? new VectorKernelsTiles() : super.tiles();

    @Override
    public Tiles tiles() {
        return tiles;
    }

    @Override
    RowKernels rowKernels() {
        return rows;
    }

    @Override
    PackedMatrix newPacked(int k, int n, int plane, @Nullable PackedMatrix reuse) {
        return new PackedMatrix(k, n, WIDTH, false, reuse);
    }

    /**
     * Eight rows of B at a time: they are read along, and what a panel gets of them lies together. Where B is given
     * transposed, 16 by 16 elements go through registers.
     */
    @Override
    void fill(PackedMatrix packed, boolean transpose, float[] b, int offset, int stride, int from, int to) {
        if (transpose && !SHUFFLES) {
            super.fill(packed, true, b, offset, stride, from, to);
            return;
        }
        int unit = transpose ? L : WIDTH;
        int whole = packed.n - packed.n % unit;
        int block = transpose ? L : 8;
        for (int r = from; r < to; r += block) {
            int end = Math.min(to, r + block);
            for (int j = 0; j < whole; j += unit) {
                if (!transpose) {
                    copyPart(end - r, b, offset + r * stride + j, stride, packed.panels, packed.at(r, j));
                } else if (end - r == L) {
                    transpose16(b, offset + j * stride + r, stride, packed.panels, packed.at(r, j));
                } else {
                    packed.fillPart(true, r, end, j, j + L, b, offset, stride);
                }
            }
        }
        packed.fillPart(transpose, from, to, whole, packed.n, b, offset, stride);
    }

    private static void copyPart(int rows, float[] b, int from, int stride, float[] panels, int to) {
        for (int r = 0; r < rows; r++) {
            fromArray(S, b, from + r * stride).intoArray(panels, to + r * WIDTH);
            fromArray(S, b, from + r * stride + L).intoArray(panels, to + r * WIDTH + L);
        }
    }

    /** 16 rows of 16 of B become 16 columns: four times every row is interleaved with the one eight further on. */
    private static void transpose16(float[] b, int from, int stride, float[] panels, int to) {
        FloatVector x0 = fromArray(S, b, from);
        FloatVector x1 = fromArray(S, b, from + stride);
        FloatVector x2 = fromArray(S, b, from + 2 * stride);
        FloatVector x3 = fromArray(S, b, from + 3 * stride);
        FloatVector x4 = fromArray(S, b, from + 4 * stride);
        FloatVector x5 = fromArray(S, b, from + 5 * stride);
        FloatVector x6 = fromArray(S, b, from + 6 * stride);
        FloatVector x7 = fromArray(S, b, from + 7 * stride);
        FloatVector x8 = fromArray(S, b, from + 8 * stride);
        FloatVector x9 = fromArray(S, b, from + 9 * stride);
        FloatVector x10 = fromArray(S, b, from + 10 * stride);
        FloatVector x11 = fromArray(S, b, from + 11 * stride);
        FloatVector x12 = fromArray(S, b, from + 12 * stride);
        FloatVector x13 = fromArray(S, b, from + 13 * stride);
        FloatVector x14 = fromArray(S, b, from + 14 * stride);
        FloatVector x15 = fromArray(S, b, from + 15 * stride);
        for (int round = 0; round < 4; round++) {
            FloatVector y0 = x0.rearrange(FIRST_HALVES, x8);
            FloatVector y1 = x0.rearrange(SECOND_HALVES, x8);
            FloatVector y2 = x1.rearrange(FIRST_HALVES, x9);
            FloatVector y3 = x1.rearrange(SECOND_HALVES, x9);
            FloatVector y4 = x2.rearrange(FIRST_HALVES, x10);
            FloatVector y5 = x2.rearrange(SECOND_HALVES, x10);
            FloatVector y6 = x3.rearrange(FIRST_HALVES, x11);
            FloatVector y7 = x3.rearrange(SECOND_HALVES, x11);
            FloatVector y8 = x4.rearrange(FIRST_HALVES, x12);
            FloatVector y9 = x4.rearrange(SECOND_HALVES, x12);
            FloatVector y10 = x5.rearrange(FIRST_HALVES, x13);
            FloatVector y11 = x5.rearrange(SECOND_HALVES, x13);
            FloatVector y12 = x6.rearrange(FIRST_HALVES, x14);
            FloatVector y13 = x6.rearrange(SECOND_HALVES, x14);
            FloatVector y14 = x7.rearrange(FIRST_HALVES, x15);
            FloatVector y15 = x7.rearrange(SECOND_HALVES, x15);
            x0 = y0;
            x1 = y1;
            x2 = y2;
            x3 = y3;
            x4 = y4;
            x5 = y5;
            x6 = y6;
            x7 = y7;
            x8 = y8;
            x9 = y9;
            x10 = y10;
            x11 = y11;
            x12 = y12;
            x13 = y13;
            x14 = y14;
            x15 = y15;
        }
        x0.intoArray(panels, to);
        x1.intoArray(panels, to + WIDTH);
        x2.intoArray(panels, to + 2 * WIDTH);
        x3.intoArray(panels, to + 3 * WIDTH);
        x4.intoArray(panels, to + 4 * WIDTH);
        x5.intoArray(panels, to + 5 * WIDTH);
        x6.intoArray(panels, to + 6 * WIDTH);
        x7.intoArray(panels, to + 7 * WIDTH);
        x8.intoArray(panels, to + 8 * WIDTH);
        x9.intoArray(panels, to + 9 * WIDTH);
        x10.intoArray(panels, to + 10 * WIDTH);
        x11.intoArray(panels, to + 11 * WIDTH);
        x12.intoArray(panels, to + 12 * WIDTH);
        x13.intoArray(panels, to + 13 * WIDTH);
        x14.intoArray(panels, to + 14 * WIDTH);
        x15.intoArray(panels, to + 15 * WIDTH);
    }

    /** Columns of vectors, one after the other; the last of them overlaps where the rows end within a vector. */
    @Override
    public void copyRows(
            int rows, int n, float[] from, int fromOffset, int fromStride, float[] to, int offset, int stride) {
        if (n < L) {
            for (int r = 0; r < rows; r++) {
                for (int i = 0; i < n; i++) {
                    to[offset + r * stride + i] = from[fromOffset + r * fromStride + i];
                }
            }
            return;
        }
        for (int i = 0; i < n; i += L) {
            int j = Math.min(i, n - L);
            int x = fromOffset + j;
            int y = offset + j;
            for (int r = 0; r < rows; r++) {
                fromArray(S, from, x + r * fromStride).intoArray(to, y + r * stride);
            }
        }
    }

    @Override
    void addRows(int rows, int n, float[] from, int fromOffset, int fromStride, float[] to, int offset, int stride) {
        int whole = n - n % L;
        for (int i = 0; i < whole; i += L) {
            int x = fromOffset + i;
            int y = offset + i;
            for (int r = 0; r < rows; r++) {
                fromArray(S, to, y + r * stride)
                        .add(fromArray(S, from, x + r * fromStride))
                        .intoArray(to, y + r * stride);
            }
        }
        if (whole < n) {
            super.addRows(rows, n - whole, from, fromOffset + whole, fromStride, to, offset + whole, stride);
        }
    }

    @Override
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
        if (!addsRuns()) {
            super.multiplyRuns(m, runs, count, a, ao, step, b, start, so, ss, c, co, cs);
            return;
        }
        float[] edge = workspace.get().edge;
        for (int j = 0; j < b.n; j += WIDTH) {
            int bo = PackedMatrix.ORIGIN + j * b.k;
            int columns = Math.min(WIDTH, b.n - j);
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                int from = so + i * ss + j;
                int to = co + i * cs + j;
                int at = ao + i * step;
                if (rows == ROWS && columns == WIDTH) {
                    VectorKernelsRuns.rows8(runs, count, a, at, step, b.panels, bo, start, from, ss, c, to, cs);
                } else {
                    Strided.copyRows(rows, columns, start, from, ss, edge, 0, WIDTH);
                    VectorKernelsRuns.rows8(runs, count, a, at, step, b.panels, bo, edge, 0, WIDTH, edge, 0, WIDTH);
                    Strided.copyRows(rows, columns, edge, 0, WIDTH, c, to, cs);
                }
            }
        }
    }

    @Override
    boolean addsRuns() {
        return L == 16 && Jit.KEEPS_VECTORS;
    }

    @Override
    void addRuns(
            int m, int[] runs, int count, int apart, float[] a, int ao, float[] b, int bo, float[] c, int co, int cs) {
        float[] edge = workspace.get().edge;
        for (int i = 0; i < m; i += ROWS) {
            int at = ao + i * L;
            int to = co + i * cs;
            int rows = Math.min(ROWS, m - i);
            if (rows == ROWS) {
                VectorKernelsRuns.add8(runs, count, apart, a, at, b, bo, c, to, cs);
            } else {
                copyRows(rows, L, c, to, cs, edge, 0, L);
                VectorKernelsRuns.add8(runs, count, apart, a, at, b, bo, edge, 0, L);
                copyRows(rows, L, edge, 0, L, c, to, cs);
            }
        }
    }

    @Override
    public void addColumns(int m, int k0, int k1, float[] a, int ao, int apart, PackedMatrix b, float[] c, int co) {
        if (!addsRuns()) {
            super.addColumns(m, k0, k1, a, ao, apart, b, c, co);
            return;
        }
        float[] edge = workspace.get().edge;
        for (int j = 0; j < b.n; j += WIDTH) {
            int bo = b.at(k0, j);
            int columns = Math.min(WIDTH, b.n - j);
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                int to = co + i * b.n + j;
                if (rows == ROWS && columns == WIDTH) {
                    VectorKernelsRuns.columns8(k1 - k0, a, ao + i, apart, b.panels, bo, c, to, b.n);
                } else {
                    Strided.copyRows(rows, columns, c, to, b.n, edge, 0, WIDTH);
                    VectorKernelsRuns.columns8(k1 - k0, a, ao + i, apart, b.panels, bo, edge, 0, WIDTH);
                    Strided.copyRows(rows, columns, edge, 0, WIDTH, c, to, b.n);
                }
            }
        }
    }

    @Override
    int blockRows() {
        return ROWS;
    }

    @Override
    int panelWidth() {
        return WIDTH;
    }

    @Override
    void block(
            int m,
            int k0,
            int k1,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            PackedMatrix b,
            int fromColumn,
            int toColumn,
            float[] start,
            int so,
            int ss,
            float[] c,
            int co,
            int cs) {
        int count = k1 - k0;
        if (m == 1 && kStep == 1) {
            row(count, a, ao, b, k0, fromColumn, toColumn, start, so, c, co);
            return;
        }
        Workspace own = workspace.get();
        boolean byRows = kStep == 1;
        boolean inPlace = byRows && rowStep == K_BLOCK && m % ROWS == 0; // A lies as the loops want it
        float[] packed = inPlace ? a : own.packed(m);
        int first = inPlace ? ao : 0;
        int next = inPlace ? ROWS * K_BLOCK : BLOCK;
        if (inPlace) {
            // nothing to copy
        } else if (byRows) {
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                copyRows(rows, count, a, ao + i * rowStep, rowStep, packed, i / ROWS * BLOCK, K_BLOCK);
            }
        } else {
            packColumns(m, count, a, ao, kStep, packed);
        }
        for (int j = fromColumn; j < toColumn; j += WIDTH) {
            int bo = PackedMatrix.ORIGIN + j * b.k + k0 * WIDTH;
            int columns = Math.min(WIDTH, toColumn - j);
            if (b.panels.length >= LARGE) {
                int after = bo + b.k * WIDTH;
                own.line ^= readAhead(b.panels, after, Math.min(b.panels.length, after + count * WIDTH));
            }
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                int from = so + i * ss + j;
                int to = co + i * cs + j;
                int at = first + i / ROWS * next;
                int ahead = ahead(b, bo, i / ROWS);
                if (rows == ROWS && columns == WIDTH) {
                    VectorKernelsBlocks.multiply(
                            ROWS, byRows, count, packed, at, b.panels, bo, ahead, start, from, ss, c, to, cs);
                } else { // in a tile of full size; what lies beyond the edge is computed and dropped
                    float[] edge = own.edge;
                    Strided.copyRows(rows, columns, start, from, ss, edge, 0, WIDTH);
                    VectorKernelsBlocks.multiply(
                            rows, byRows, count, packed, at, b.panels, bo, ahead, edge, 0, WIDTH, edge, 0, WIDTH);
                    Strided.copyRows(rows, columns, edge, 0, WIDTH, c, to, cs);
                }
            }
        }
    }

    /**
     * A number of each cache line, and a number made of all of them. A loop that does nothing else has many lines under
     * way at a time, where {@link VectorKernelsBlocks#AHEAD} has few: with 16 rows and weights of 40 MB that come from
     * memory 94 became 125 GFLOP/s, with 64 rows 166 became 193, with 256 rows 226 became 231, on an EPYC (Zen 5).
     */
    private static int readAhead(float[] b, int from, int to) {
        int x = 0;
        for (int i = from; i + 3 * LINE < to; i += 4 * LINE) {
            x ^= Float.floatToRawIntBits(b[i]) ^ Float.floatToRawIntBits(b[i + LINE]);
            x ^= Float.floatToRawIntBits(b[i + 2 * LINE]) ^ Float.floatToRawIntBits(b[i + 3 * LINE]);
        }
        return x;
    }

    /** A is laid out once for all panels, which are written as they will be read. */
    @Override
    void advance(int from, int to, float[] a, int ao, int aStride, PackedMatrix b, PackedMatrix next) {
        int m = b.k;
        Workspace own = workspace.get();
        float[] packed = own.packed(m);
        for (int k = 0; k < m; k += K_BLOCK) {
            int count = Math.min(K_BLOCK, m - k);
            float[] start = k == 0 ? zeros(WIDTH) : next.panels;
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                Strided.copyRows(rows, count, a, ao + i * aStride + k, aStride, packed, i / ROWS * BLOCK, K_BLOCK);
            }
            for (int p = from; p < to; p++) {
                int bo = b.at(k, p * WIDTH);
                for (int i = 0; i < m; i += ROWS) {
                    int rows = Math.min(ROWS, m - i);
                    int c = next.at(i, p * WIDTH);
                    int so = k == 0 ? 0 : c;
                    int ss = k == 0 ? 0 : WIDTH;
                    int at = i / ROWS * BLOCK;
                    if (rows == ROWS) {
                        VectorKernelsBlocks.multiply(
                                ROWS, true, count, packed, at, b.panels, bo, bo, start, so, ss, next.panels, c, WIDTH);
                    } else {
                        Strided.copyRows(rows, WIDTH, start, so, ss, own.edge, 0, WIDTH);
                        VectorKernelsBlocks.multiply(
                                rows, true, count, packed, at, b.panels, bo, bo, own.edge, 0, WIDTH, own.edge, 0,
                                WIDTH);
                        Strided.copyRows(rows, WIDTH, own.edge, 0, WIDTH, next.panels, c, WIDTH);
                    }
                }
            }
        }
    }

    /** What a block of rows reads ahead: eight of them the next panel. */
    private static int ahead(PackedMatrix b, int bo, int block) {
        int part = VectorKernelsBlocks.AHEAD;
        int next = bo + b.k * WIDTH + block % (K_BLOCK * WIDTH / part) * part;
        return next + part <= b.panels.length ? next : bo;
    }

    /** What one thread needs besides the operands. */
    private static final class Workspace {
        private final float[] edge = new float[ROWS * WIDTH];
        private float[] packed = {};
        private boolean backwards;
        private int line; // of what was read ahead: not used, but HotSpot must not know

        /** Room for m rows of A, whole blocks of them. */
        float[] packed(int m) {
            int needed = (m + ROWS - 1) / ROWS * BLOCK;
            if (packed.length < needed) {
                packed = new float[needed];
            }
            return packed;
        }
    }

    /** Blocks of {@link #ROWS} rows, in each the values of one k together: the layout of {@link VectorKernelsBlocks}. */
    private static void packColumns(int m, int count, float[] a, int ao, int kStep, float[] packed) {
        for (int k = 0; k < count; k++) {
            int from = ao + k * kStep;
            int to = k * ROWS;
            if (from + m + L <= a.length) {
                for (int i = 0; i < m; i += ROWS, to += BLOCK) { // a whole vector; what is too much is written over
                    fromArray(S, a, from + i).intoArray(packed, to);
                }
            } else {
                for (int i = 0; i < m; i++) {
                    packed[to + i / ROWS * BLOCK + i % ROWS] = a[from + i];
                }
            }
        }
    }

    /** Of one row: all that a step of a stream reads, in one order and in the next call in the other: what was read last is cached. */
    @Override
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
        int groups = m == 1 && w.n % (4 * WIDTH) == 0 ? w.n / (4 * WIDTH) : 0;
        if (groups == 0) {
            super.multiplyPair(m, x, xo, w, h, ho, r, start, so, c);
            return;
        }
        Workspace own = workspace.get();
        own.backwards = !own.backwards;
        for (int g = 0; g < groups; g++) {
            int j = 4 * WIDTH * (own.backwards ? groups - 1 - g : g);
            VectorKernelsRuns.rowOfFourPanels(w.k, x, xo, w.panels, w.at(0, j), w.k * WIDTH, start, so + j, c, j);
            VectorKernelsRuns.rowOfFourPanels(r.k, h, ho, r.panels, r.at(0, j), r.k * WIDTH, c, j, c, j);
        }
    }

    /** One row of C: four panels together, since two chains of multiply-adds would show their latency. */
    private void row(
            int count,
            float[] a,
            int ao,
            PackedMatrix b,
            int k0,
            int fromColumn,
            int toColumn,
            float[] start,
            int so,
            float[] c,
            int co) {
        int panel = b.k * WIDTH;
        int groups = (toColumn - fromColumn) / (4 * WIDTH);
        Workspace own = workspace.get();
        own.backwards = !own.backwards; // what was read last is still in the cache: begin there
        for (int g = 0; g < groups; g++) {
            int at = fromColumn + 4 * WIDTH * (own.backwards ? groups - 1 - g : g);
            VectorKernelsRuns.rowOfFourPanels(
                    count,
                    a,
                    ao,
                    b.panels,
                    PackedMatrix.ORIGIN + at * b.k + k0 * WIDTH,
                    panel,
                    start,
                    so + at,
                    c,
                    co + at);
        }
        int j = fromColumn + 4 * WIDTH * groups;
        for (; j + 2 * WIDTH <= toColumn; j += 2 * WIDTH) {
            VectorKernelsRuns.rowOfTwoPanels(
                    count,
                    a,
                    ao,
                    b.panels,
                    PackedMatrix.ORIGIN + j * b.k + k0 * WIDTH,
                    panel,
                    start,
                    so + j,
                    c,
                    co + j);
        }
        for (; j + WIDTH <= toColumn; j += WIDTH) {
            VectorKernelsRuns.rowOfOnePanel(
                    count, a, ao, b.panels, PackedMatrix.ORIGIN + j * b.k + k0 * WIDTH, start, so + j, c, co + j);
        }
        if (j < toColumn) {
            float[] edge = own.edge;
            System.arraycopy(start, so + j, edge, 0, toColumn - j);
            VectorKernelsRuns.rowOfOnePanel(
                    count, a, ao, b.panels, PackedMatrix.ORIGIN + j * b.k + k0 * WIDTH, edge, 0, edge, 0);
            System.arraycopy(edge, 0, c, co + j, toColumn - j);
        }
    }
}
