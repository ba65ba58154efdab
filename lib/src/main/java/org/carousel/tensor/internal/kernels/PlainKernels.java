package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.Nullable;

/**
 * The kernels in plain Java, in loops that HotSpot vectorises by itself: the matrix product here, what goes element by
 * element in {@link PlainElements}.
 *
 * <p>It does so only where all arrays of a loop are indexed by the loop variable alone, so every row of B and C is an
 * array of its own here.
 */
final class PlainKernels extends PlainElements {
    /**
     * Columns of a panel. HotSpot's loops begin and end with some elements one by one, which wide panels make up for,
     * while {@value #TILE_ROWS} rows of C and four of B stay in the first cache. Loops over columns begin at 0, else they
     * stay scalar.
     */
    private static final int WIDTH = 512;

    private static final int TILE_ROWS = 16;
    /** Floats of a row of C: with an array's header whole cache lines, so that all rows lie alike in theirs. */
    private static final int TILE_WIDTH = WIDTH + 12;
    /** JDK 25 vectorises a loop with four results, JDK 17 leaves it as it is. */
    private static final boolean FOUR_ROWS = Jit.KEEPS_VECTORS;

    private final ThreadLocal<float[][]> tiles = ThreadLocal.withInitial(() -> new float[TILE_ROWS][TILE_WIDTH]);
    private final RowKernels rows = new PlainRows();

    @Override
    public String describe() {
        return "plain kernels";
    }

    private final Rectifiers rectifiers = new Rectifiers();

    @Override
    Rectifiers rectifiers() {
        return rectifiers;
    }

    @Override
    RowKernels rowKernels() {
        return rows;
    }

    @Override
    PackedMatrix newPacked(int k, int n, int plane, @Nullable PackedMatrix reuse) {
        return new PackedMatrix(k, n, Math.max(1, Math.min(WIDTH, Math.min(plane, n))), true, null);
    }

    @Override
    int blockRows() {
        return TILE_ROWS;
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
        float[][] tile = tiles.get();
        for (int j = fromColumn; j < toColumn; j += b.width) {
            int columns = Math.min(b.width, toColumn - j);
            int line = j / b.width * b.k + k0;
            for (int i = 0; i < m; i += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, m - i);
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(start, so + (i + r) * ss + j, tile[r], 0, columns);
                }
                product(rows, columns, k1 - k0, a, ao + i * rowStep, rowStep, kStep, b.lines, line, tile);
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(tile[r], 0, c, co + (i + r) * cs + j, columns);
                }
            }
        }
    }

    @Override
    void advance(int from, int to, float[] a, int ao, int aStride, PackedMatrix b, PackedMatrix next) {
        float[][] tile = tiles.get();
        for (int line = from * b.k; line < to * b.k; line += b.k) {
            for (int i = 0; i < b.k; i += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, b.k - i);
                for (int r = 0; r < rows; r++) {
                    java.util.Arrays.fill(tile[r], 0, b.width, 0);
                }
                product(rows, b.width, b.k, a, ao + i * aStride, aStride, 1, b.lines, line, tile);
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(tile[r], 0, next.lines[line + i + r], 0, b.width);
                }
            }
        }
    }

    private static void product(
            int rows,
            int columns,
            int count,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            float[][] lines,
            int line,
            float[][] tile) {
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            float[] b0 = lines[line + k];
            float[] b1 = lines[line + k + 1];
            float[] b2 = lines[line + k + 2];
            float[] b3 = lines[line + k + 3];
            int r = 0;
            for (; FOUR_ROWS && r + 4 <= rows; r += 4) {
                fourRows(columns, a, ao + r * rowStep + k * kStep, rowStep, kStep, b0, b1, b2, b3, tile, r);
            }
            for (; r < rows; r++) {
                int at = ao + r * rowStep + k * kStep;
                float a0 = a[at];
                float a1 = a[at + kStep];
                float a2 = a[at + 2 * kStep];
                float a3 = a[at + 3 * kStep];
                four(columns, a0, b0, a1, b1, a2, b2, a3, b3, tile[r]);
            }
        }
        for (; k < count; k++) {
            for (int r = 0; r < rows; r++) {
                one(columns, a[ao + r * rowStep + k * kStep], lines[line + k], tile[r]);
            }
        }
    }

    private static void four(
            int n, float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3, float[] b3, float[] c) {
        for (int j = 0; j < n; j++) {
            c[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
        }
    }

    /** {@link #four} for four rows: each value of B is loaded once for all of them. */
    private static void fourRows(
            int n,
            float[] a,
            int at,
            int rowStep,
            int kStep,
            float[] b0,
            float[] b1,
            float[] b2,
            float[] b3,
            float[][] tile,
            int r) {
        float[] c = tile[r];
        float[] d = tile[r + 1];
        float[] e = tile[r + 2];
        float[] f = tile[r + 3];
        int second = at + rowStep;
        int third = second + rowStep;
        int fourth = third + rowStep;
        float c0 = a[at];
        float c1 = a[at + kStep];
        float c2 = a[at + 2 * kStep];
        float c3 = a[at + 3 * kStep];
        float d0 = a[second];
        float d1 = a[second + kStep];
        float d2 = a[second + 2 * kStep];
        float d3 = a[second + 3 * kStep];
        float e0 = a[third];
        float e1 = a[third + kStep];
        float e2 = a[third + 2 * kStep];
        float e3 = a[third + 3 * kStep];
        float f0 = a[fourth];
        float f1 = a[fourth + kStep];
        float f2 = a[fourth + 2 * kStep];
        float f3 = a[fourth + 3 * kStep];
        for (int j = 0; j < n; j++) {
            float x0 = b0[j];
            float x1 = b1[j];
            float x2 = b2[j];
            float x3 = b3[j];
            c[j] = Math.fma(c3, x3, Math.fma(c2, x2, Math.fma(c1, x1, Math.fma(c0, x0, c[j]))));
            d[j] = Math.fma(d3, x3, Math.fma(d2, x2, Math.fma(d1, x1, Math.fma(d0, x0, d[j]))));
            e[j] = Math.fma(e3, x3, Math.fma(e2, x2, Math.fma(e1, x1, Math.fma(e0, x0, e[j]))));
            f[j] = Math.fma(f3, x3, Math.fma(f2, x2, Math.fma(f1, x1, Math.fma(f0, x0, f[j]))));
        }
    }

    private static void one(int n, float a, float[] b, float[] c) {
        for (int j = 0; j < n; j++) {
            c[j] = Math.fma(a, b[j], c[j]);
        }
    }
}
