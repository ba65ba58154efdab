package org.carousel.tensor.internal.kernels;

/** Copies between arrays whose rows do not follow each other: parts, joins, axis orders, look-ups. */
public final class Strided {
    private Strided() {}

    /** to[r, :] = from[r, :] for rows of {@code length}. Modified: {@code to}. */
    public static void copyRows(
            int rows,
            int length,
            float[] from,
            int fromOffset,
            int fromStride,
            float[] to,
            int toOffset,
            int toStride) {
        for (int r = 0; r < rows; r++) {
            System.arraycopy(from, fromOffset + r * fromStride, to, toOffset + r * toStride, length);
        }
    }

    /** to[r, :] += from[r, :] for rows of {@code length}. Modified: {@code to}. */
    public static void addRows(
            int rows,
            int length,
            float[] from,
            int fromOffset,
            int fromStride,
            float[] to,
            int toOffset,
            int toStride) {
        Kernels kernels = Kernels.active();
        if (length == fromStride && length == toStride) {
            kernels.add(rows * length, from, fromOffset, to, toOffset);
            return;
        }
        for (int r = 0; r < rows; r++) {
            kernels.add(length, from, fromOffset + r * fromStride, to, toOffset + r * toStride);
        }
    }

    /** Row i of {@code to} = row indices[i] of the table [..×n], rows {@code toStride} apart. Modified: {@code to}. */
    public static void gatherRows(int[] indices, int n, float[] table, int tableOffset, float[] to, int toStride) {
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(table, tableOffset + indices[i] * n, to, i * toStride, n);
        }
    }

    /** Row indices[i] of the table += row i of {@code from}, in the order of the indices. Modified: {@code table}. */
    public static void scatterAddRows(int[] indices, int n, float[] from, float[] table) {
        Kernels kernels = Kernels.active();
        for (int i = 0; i < indices.length; i++) {
            kernels.add(n, from, i * n, table, indices[i] * n);
        }
    }

    /** Axis d of the result is axis order[d] of {@code from}. Modified: {@code to}, filled in row-major order. */
    public static void permute(int[] shape, int[] order, float[] from, int fromOffset, float[] to) {
        int rank = shape.length;
        if (rank == 0) {
            to[0] = from[fromOffset];
            return;
        }
        int[] strides = new int[rank];
        for (int d = rank - 1, step = 1; d >= 0; d--) {
            strides[d] = step;
            step *= shape[d];
        }
        int inner = shape[order[rank - 1]];
        int innerStride = strides[order[rank - 1]];
        int[] index = new int[rank - 1];
        for (int k = 0; k < to.length; k += inner) {
            int at = fromOffset;
            for (int d = 0; d < index.length; d++) {
                at += index[d] * strides[order[d]];
            }
            if (innerStride == 1) {
                System.arraycopy(from, at, to, k, inner);
            } else {
                for (int i = 0; i < inner; i++) {
                    to[k + i] = from[at + i * innerStride];
                }
            }
            for (int d = index.length - 1; d >= 0 && ++index[d] == shape[order[d]]; d--) {
                index[d] = 0;
            }
        }
    }
}
