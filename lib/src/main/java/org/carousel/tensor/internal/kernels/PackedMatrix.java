package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.Nullable;

/**
 * A right operand B [K×N] of a matrix product, laid out for the kernels that will read it: panels of some columns, the
 * last one filled up with anything.
 *
 * <p>Weights are packed once per update and used at every time step; repacking reuses the memory.
 */
public final class PackedMatrix {
    final int k;
    final int n;
    /** Columns of a panel. */
    final int width;
    /**
     * Where the panels begin: a large array lies at the beginning of a cache line, behind a header of four floats, and
     * loads that stay within their lines are faster.
     */
    static final int ORIGIN = 12;
    /** For vector kernels: row r of the panel of column j begins at {@link #ORIGIN} + (j / width · k + r) · width. */
    final float[] panels;
    /** For plain kernels, which need every row of a panel as an array of its own: row r of that panel. */
    final float[][] lines;

    /** Uses the memory of another matrix where that is large enough. */
    PackedMatrix(int k, int n, int width, boolean asLines, @Nullable PackedMatrix reuse) {
        this.k = k;
        this.n = n;
        this.width = width;
        int count = (n + width - 1) / width;
        int needed = asLines ? 0 : Math.toIntExact((long) count * width * k + ORIGIN);
        panels = reuse != null && reuse.panels.length >= needed ? reuse.panels : new float[needed];
        lines = asLines ? new float[count * k][width] : new float[0][];
    }

    /** Whether a matrix of this size fits exactly into this memory. */
    boolean fits(int otherK, int otherN) {
        return k == otherK && n == otherN;
    }

    /** Copies rows [from, to) of B from rows of {@code stride}, or from its transpose. */
    void fill(boolean transpose, float[] b, int offset, int stride, int from, int to) {
        for (int j = 0, first = 0; j < n; j += width, first += k) {
            int columns = Math.min(width, n - j);
            if (transpose && lines.length == 0 && columns % TOGETHER == 0) {
                for (int c = 0; c < columns; c += TOGETHER) {
                    int source = offset + (j + c) * stride + from;
                    transpose(to - from, b, source, stride, panels, at(from, j + c), width);
                }
                continue;
            }
            for (int r = from; r < to; r++) {
                float[] row = lines.length > 0 ? lines[first + r] : panels;
                int at = lines.length > 0 ? 0 : at(r, j);
                if (transpose) {
                    for (int c = 0, source = offset + j * stride + r; c < columns; c++, source += stride) {
                        row[at + c] = b[source];
                    }
                } else {
                    System.arraycopy(b, offset + r * stride + j, row, at, columns);
                }
            }
        }
    }

    /** Adds a x to the columns of row r from {@code from} on, each with one rounding. */
    public void addScaled(int r, int from, int count, float a, float[] x, int xo) {
        for (int i = 0; i < count; ) {
            int j = from + i;
            int end = Math.min(count, i + width - j % width);
            float[] row = lines.length > 0 ? lines[j / width * k + r] : panels;
            int to = (lines.length > 0 ? j % width : at(r, j)) - i;
            for (; i < end; i++) {
                row[to + i] = Math.fma(a, x[xo + i], row[to + i]);
            }
        }
    }

    /** What holds row r from column j to the end of its panel, from {@link #offset} on. */
    public float[] array(int r, int j) {
        return lines.length > 0 ? lines[j / width * k + r] : panels;
    }

    /** Where in {@link #array} column j of row r lies. */
    public int offset(int r, int j) {
        return lines.length > 0 ? j % width : at(r, j);
    }

    /** Where row r of column j lies. */
    int at(int r, int j) {
        return ORIGIN + (j / width * k + r) * width + j % width;
    }

    /** Rows [from, to) of columns [first, end) of B, element by element. */
    void fillPart(boolean transpose, int from, int to, int first, int end, float[] b, int offset, int stride) {
        for (int j = first; j < end; j++) {
            for (int r = from; r < to; r++) {
                panels[at(r, j)] = b[offset + (transpose ? j * stride + r : r * stride + j)];
            }
        }
    }

    private static final int TOGETHER = 8;

    /** Eight rows of b become eight columns of {@code to}, written beside each other, which is faster than one by one. */
    private static void transpose(int n, float[] b, int b0, int stride, float[] to, int at, int toStride) {
        int b1 = b0 + stride;
        int b2 = b1 + stride;
        int b3 = b2 + stride;
        int b4 = b3 + stride;
        int b5 = b4 + stride;
        int b6 = b5 + stride;
        int b7 = b6 + stride;
        for (int i = 0; i < n; i++) {
            int t = at + i * toStride;
            to[t] = b[b0 + i];
            to[t + 1] = b[b1 + i];
            to[t + 2] = b[b2 + i];
            to[t + 3] = b[b3 + i];
            to[t + 4] = b[b4 + i];
            to[t + 5] = b[b5 + i];
            to[t + 6] = b[b6 + i];
            to[t + 7] = b[b7 + i];
        }
    }
}
