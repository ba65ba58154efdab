package org.carousel.tensor.internal.kernels;

/**
 * Rows of numbers that are read and changed one here and one there: the vectors of words.
 *
 * <p>Every row is filled up with zeros to a multiple of {@link Kernels#ROW_LANES}, so that the loops over it have no
 * remainder; nothing in {@link RowKernels} makes these zeros anything else.
 */
public final class RowTable {
    /** A large array lies at the beginning of a cache line, behind a header of four floats: so do the rows. */
    private static final int ORIGIN = PackedMatrix.ORIGIN;

    private final int rows;
    private final int dimension;
    final int stride;
    final float[] values;

    /**
     * All zeros.
     *
     * @throws IllegalArgumentException if a size is not positive or the table exceeds the largest array
     */
    public RowTable(int rows, int dimension) {
        long width = ((long) dimension + Kernels.ROW_LANES - 1) / Kernels.ROW_LANES * Kernels.ROW_LANES;
        if (rows < 1 || dimension < 1 || rows * width > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("row table: " + rows + " rows of " + dimension
                    + " numbers; both must be positive and at most 2^31 numbers in all");
        }
        this.rows = rows;
        this.dimension = dimension;
        this.stride = (int) width;
        this.values = new float[ORIGIN + rows * stride];
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The numbers in a row. */
    public int dimension() {
        return dimension;
    }

    /** Where a row begins. */
    int offset(int row) {
        return ORIGIN + row * stride;
    }

    /** Copies a row out. Modified: {@code to}. */
    public void get(int row, float[] to, int toOffset) {
        System.arraycopy(values, offset(row), to, toOffset, dimension);
    }

    /** Copies a row in. */
    public void set(int row, float[] from, int fromOffset) {
        System.arraycopy(from, fromOffset, values, offset(row), dimension);
    }

    /** Makes a row what a row of another table of the same dimension is. */
    public void copy(int row, RowTable from, int fromRow) {
        System.arraycopy(from.values, from.offset(fromRow), values, offset(row), stride);
    }

    /** A copy with so many rows: the last ones are left out, or new ones are zero. */
    public RowTable resized(int newRows) {
        RowTable result = new RowTable(newRows, dimension);
        System.arraycopy(values, 0, result.values, 0, Math.min(values.length, result.values.length));
        return result;
    }
}
