package org.carousel.embedding.counting;

import java.util.Arrays;

/**
 * Sums by pairs of numbers (i, j), while they are being counted: a table with open addressing, 16 bytes per place.
 *
 * <p>Double, since a float32 that counts stops growing at 2²⁴.
 */
final class PairSums {
    private static final long FREE = -1;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private long[] keys = new long[1 << 16];
    private double[] sums = new double[1 << 16];
    private int used;

    PairSums() {
        Arrays.fill(keys, FREE);
    }

    void add(int i, int j, double x) {
        long key = (long) i << 32 | j;
        int at = place(keys, key);
        if (keys[at] == FREE) {
            keys[at] = key;
            if (++used > keys.length / 8 * 5) {
                grow();
                at = place(keys, key);
            }
        }
        sums[at] += x;
    }

    private static int place(long[] keys, long key) {
        int at = (int) ((key * GOLDEN_GAMMA) >>> Long.numberOfLeadingZeros(keys.length - 1L));
        while (keys[at] != key && keys[at] != FREE) {
            at = at + 1 & keys.length - 1;
        }
        return at;
    }

    private void grow() {
        if (keys.length == 1 << 30) {
            throw new IllegalStateException(
                    "more than " + used + " different pairs do not fit; raise the minimum count");
        }
        long[] oldKeys = keys;
        double[] oldSums = sums;
        keys = new long[2 * oldKeys.length];
        sums = new double[keys.length];
        Arrays.fill(keys, FREE);
        for (int k = 0; k < oldKeys.length; k++) {
            if (oldKeys[k] != FREE) {
                int at = place(keys, oldKeys[k]);
                keys[at] = oldKeys[k];
                sums[at] = oldSums[k];
            }
        }
    }

    /**
     * The sums as a matrix.
     *
     * @param symmetric every sum of (i, j) stands for that of (j, i) too, and is twice that of (i, i)
     */
    SparseMatrix toMatrix(int rows, int columns, boolean symmetric) {
        int[] starts = new int[rows + 1];
        for (long key : keys) {
            if (key != FREE) {
                starts[(int) (key >>> 32) + 1]++;
                if (symmetric && (int) (key >>> 32) != (int) key) {
                    starts[(int) key + 1]++;
                }
            }
        }
        for (int i = 0; i < rows; i++) {
            starts[i + 1] = Math.addExact(starts[i + 1], starts[i]);
        }
        int[] next = starts.clone();
        int[] columnOf = new int[starts[rows]];
        float[] values = new float[starts[rows]];
        for (int k = 0; k < keys.length; k++) {
            if (keys[k] != FREE) {
                int i = (int) (keys[k] >>> 32);
                int j = (int) keys[k];
                boolean both = symmetric && i != j;
                columnOf[next[i]] = j;
                values[next[i]++] = (float) (symmetric && !both ? 2 * sums[k] : sums[k]);
                if (both) {
                    columnOf[next[j]] = i;
                    values[next[j]++] = (float) sums[k];
                }
            }
        }
        sortRows(starts, columnOf, values);
        return new SparseMatrix(columns, starts, columnOf, values);
    }

    /** Orders every row by column; column and number travel together in one long. */
    private static void sortRows(int[] starts, int[] columnOf, float[] values) {
        for (int i = 0; i + 1 < starts.length; i++) {
            int n = starts[i + 1] - starts[i];
            long[] row = new long[n];
            for (int k = 0; k < n; k++) {
                int at = starts[i] + k;
                row[k] = (long) columnOf[at] << 32 | (Float.floatToRawIntBits(values[at]) & 0xFFFFFFFFL);
            }
            Arrays.sort(row);
            for (int k = 0; k < n; k++) {
                columnOf[starts[i] + k] = (int) (row[k] >>> 32);
                values[starts[i] + k] = Float.intBitsToFloat((int) row[k]);
            }
        }
    }
}
