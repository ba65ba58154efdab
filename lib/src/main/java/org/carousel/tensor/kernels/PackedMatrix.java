package org.carousel.tensor.kernels;

/**
 * A right operand B [K×N] of a matrix product, laid out for the kernels that will read it: panels of some columns, the
 * last one filled up with zeros.
 *
 * <p>Weights are packed once per update and used at every time step; repacking reuses the memory.
 */
public final class PackedMatrix {
    final int k;
    final int n;
    /** Columns of a panel. */
    final int width;
    /** For vector kernels: row r of the panel of column j begins at (j / width · k + r) · width. */
    final float[] panels;
    /** For plain kernels, which need every row of a panel as an array of its own: row r of that panel. */
    final float[][] lines;

    PackedMatrix(int k, int n, int width, boolean asLines) {
        this.k = k;
        this.n = n;
        this.width = width;
        int count = (n + width - 1) / width;
        panels = new float[asLines ? 0 : Math.toIntExact((long) count * width * k)];
        lines = asLines ? new float[count * k][width] : new float[0][];
    }

    /** Whether a matrix of this size fits exactly into this memory. */
    boolean fits(int otherK, int otherN) {
        return k == otherK && n == otherN;
    }

    /** Copies B from rows of {@code stride}, or from its transpose. */
    void fill(boolean transpose, float[] b, int offset, int stride) {
        for (int j = 0, first = 0; j < n; j += width, first += k) {
            int columns = Math.min(width, n - j);
            for (int r = 0; r < k; r++) {
                float[] to = lines.length > 0 ? lines[first + r] : panels;
                int at = lines.length > 0 ? 0 : (first + r) * width;
                if (transpose) {
                    for (int c = 0, from = offset + j * stride + r; c < columns; c++, from += stride) {
                        to[at + c] = b[from];
                    }
                } else {
                    System.arraycopy(b, offset + r * stride + j, to, at, columns);
                }
            }
        }
    }
}
