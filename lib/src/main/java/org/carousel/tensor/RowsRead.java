package org.carousel.tensor;

import java.util.Arrays;

/**
 * Which rows of a table have a gradient: those that were read. All others are known to be 0, and cost nothing to clear,
 * to measure or to subtract.
 */
final class RowsRead {
    private final boolean[] read;
    private int[] rows = new int[16];
    private int count;
    private boolean sorted = true;

    RowsRead(int rows) {
        read = new boolean[rows];
    }

    void add(int[] more) {
        for (int row : more) {
            if (!read[row]) {
                read[row] = true;
                if (count == rows.length) {
                    rows = Arrays.copyOf(rows, 2 * count);
                }
                rows[count++] = row;
                sorted = false;
            }
        }
    }

    /** Each row once, in order. */
    int[] sorted() {
        if (!sorted) {
            Arrays.sort(rows, 0, count);
            sorted = true;
        }
        return Arrays.copyOf(rows, count);
    }

    /** Puts the zeros back into these rows of a gradient [V×n], and forgets them. */
    void clear(float[] gradient, int n) {
        for (int k = 0; k < count; k++) {
            read[rows[k]] = false;
            Arrays.fill(gradient, rows[k] * n, (rows[k] + 1) * n, 0);
        }
        count = 0;
        sorted = true;
    }
}
