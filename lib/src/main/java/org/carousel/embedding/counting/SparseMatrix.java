package org.carousel.embedding.counting;

import java.util.Arrays;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.Parallel;

/**
 * A matrix of mostly zeros, of which only the others are kept, row after row and by column within a row.
 *
 * <p>Eight bytes per number: co-occurrences of 30,000 words, 8.5 million of 900 million numbers, take 68 megabytes.
 */
public final class SparseMatrix {
    private final int columns;
    private final int[] starts; // of each row in the arrays below, and the end of the last one
    private final int[] columnOf;
    private final float[] values;

    SparseMatrix(int columns, int[] starts, int[] columnOf, float[] values) {
        this.columns = columns;
        this.starts = starts;
        this.columnOf = columnOf;
        this.values = values;
    }

    /** What a number becomes. */
    @FunctionalInterface
    public interface Change {
        /** The new number at row i and column j, where x stands. */
        double of(int i, int j, double x);
    }

    /** Receives numbers. */
    @FunctionalInterface
    public interface Visitor {
        /** The number x that is not 0 at row i and column j. */
        void visit(int i, int j, float x);
    }

    /**
     * The numbers of a matrix that are not 0.
     *
     * @param matrix [rows×columns]
     */
    public static SparseMatrix of(Tensor matrix) {
        if (matrix.rank() != 2) {
            throw new IllegalArgumentException("sparse: " + matrix.shapeText() + " must be a matrix");
        }
        int rows = matrix.size(0);
        int columns = matrix.size(1);
        float[] all = matrix.toArray();
        int[] starts = new int[rows + 1];
        int[] columnOf = new int[all.length];
        float[] values = new float[all.length];
        int n = 0;
        for (int at = 0; at < all.length; at++) {
            if (all[at] != 0) {
                columnOf[n] = at % columns;
                values[n++] = all[at];
            }
            starts[at / columns + 1] = n;
        }
        return new SparseMatrix(columns, starts, Arrays.copyOf(columnOf, n), Arrays.copyOf(values, n));
    }

    /** The number of rows. */
    public int rows() {
        return starts.length - 1;
    }

    /** The number of columns. */
    public int columns() {
        return columns;
    }

    /** How many numbers are kept. */
    public int nonZeros() {
        return values.length;
    }

    /**
     * The number at a place.
     *
     * @throws IndexOutOfBoundsException when the place is outside
     */
    public float get(int i, int j) {
        java.util.Objects.checkIndex(i, rows());
        java.util.Objects.checkIndex(j, columns);
        int at = Arrays.binarySearch(columnOf, starts[i], starts[i + 1], j);
        return at < 0 ? 0 : values[at];
    }

    /** Visits the numbers that are not 0, row by row. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < rows(); i++) {
            for (int k = starts[i]; k < starts[i + 1]; k++) {
                visitor.visit(i, columnOf[k], values[k]);
            }
        }
    }

    /** Every number that is not 0 changed; those that become 0 are no longer kept. */
    public SparseMatrix map(Change change) {
        int[] newStarts = new int[starts.length];
        int[] newColumns = new int[values.length];
        float[] newValues = new float[values.length];
        int n = 0;
        for (int i = 0; i < rows(); i++) {
            for (int k = starts[i]; k < starts[i + 1]; k++) {
                float x = (float) change.of(i, columnOf[k], values[k]);
                if (x != 0) {
                    newColumns[n] = columnOf[k];
                    newValues[n++] = x;
                }
            }
            newStarts[i + 1] = n;
        }
        return n == values.length
                ? new SparseMatrix(columns, newStarts, newColumns, newValues)
                : new SparseMatrix(columns, newStarts, Arrays.copyOf(newColumns, n), Arrays.copyOf(newValues, n));
    }

    /** Rows and columns exchanged. */
    public SparseMatrix transpose() {
        int[] newStarts = new int[columns + 1];
        for (int j : columnOf) {
            newStarts[j + 1]++;
        }
        for (int j = 0; j < columns; j++) {
            newStarts[j + 1] += newStarts[j];
        }
        int[] next = newStarts.clone();
        int[] newColumns = new int[values.length];
        float[] newValues = new float[values.length];
        forEach((i, j, x) -> {
            newColumns[next[j]] = i;
            newValues[next[j]++] = x;
        });
        return new SparseMatrix(rows(), newStarts, newColumns, newValues);
    }

    /** The sum of each row. */
    public double[] rowSums() {
        double[] sums = new double[rows()];
        forEach((i, j, x) -> sums[i] += x);
        return sums;
    }

    /** The sum of each column. */
    public double[] columnSums() {
        double[] sums = new double[columns];
        forEach((i, j, x) -> sums[j] += x);
        return sums;
    }

    /** The product with a dense matrix: [rows×columns] · [columns×n] = [rows×n]. */
    public Tensor times(Tensor dense) {
        if (dense.rank() != 2 || dense.size(0) != columns) {
            throw new IllegalArgumentException("sparse product: [" + rows() + "×" + columns + "] · " + dense.shapeText()
                    + ": inner sizes differ, " + columns + " rows are needed");
        }
        int n = dense.size(1);
        float[] x = Fused.array(dense);
        int offset = Fused.offset(dense);
        float[] y = new float[Math.multiplyExact(rows(), n)];
        Kernels kernels = Kernels.active();
        Parallel.over(rows(), 2L * values.length * n, (from, to) -> {
            for (int i = from; i < to; i++) {
                for (int k = starts[i]; k < starts[i + 1]; k++) {
                    kernels.addScaled(n, values[k], x, offset + columnOf[k] * n, y, i * n);
                }
            }
        });
        return Tensor.wrap(y, rows(), n);
    }

    /** All numbers [rows×columns]. */
    public Tensor toTensor() {
        float[] all = new float[Math.multiplyExact(rows(), columns)];
        forEach((i, j, x) -> all[i * columns + j] = x);
        return Tensor.wrap(all, rows(), columns);
    }

    @Override
    public String toString() {
        return "[" + rows() + "×" + columns + "], " + nonZeros() + " not 0";
    }
}
