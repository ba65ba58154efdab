package org.carousel.training.trials;

import org.carousel.tensor.RandomStream;

/**
 * The Sobol sequence: points that fill the cube [0, 1)^d evenly at any moment. All coordinates are shifted digit by digit at
 * random (exclusive or), which keeps that property and makes every point equally likely to lie anywhere.
 *
 * <p>Sources: Sobol, USSR Computational Mathematics 7(4), 1967; direction numbers: Joe, Kuo: Constructing Sobol sequences
 * with better two-dimensional projections, SIAM Journal on Scientific Computing 30(5), 2008, doi:10.1137/070709359
 * (new-joe-kuo-6.21201).
 */
final class Sobol {
    private static final int BITS = 32;
    private static final double UNIT = 0x1.0p-32;

    /** For each dimension from the second on: the inner coefficients a of its polynomial, and m_1, m_2, ... */
    private static final int[][] DIRECTIONS = {
        {0, 1},
        {1, 1, 3},
        {1, 1, 3, 1},
        {2, 1, 1, 1},
        {1, 1, 1, 3, 3},
        {4, 1, 3, 5, 13},
        {2, 1, 1, 5, 5, 17},
        {4, 1, 1, 5, 5, 5},
        {7, 1, 1, 7, 11, 19},
        {11, 1, 1, 5, 1, 1},
        {13, 1, 1, 1, 3, 11},
        {14, 1, 3, 5, 5, 31},
        {1, 1, 3, 3, 9, 7, 49},
        {13, 1, 1, 1, 15, 21, 21},
        {16, 1, 3, 1, 13, 27, 49},
        {19, 1, 1, 1, 15, 7, 5},
        {22, 1, 3, 1, 15, 13, 25},
        {25, 1, 1, 5, 5, 19, 61},
        {1, 1, 3, 7, 11, 23, 15, 103},
        {4, 1, 3, 7, 13, 13, 15, 69},
        {7, 1, 1, 3, 13, 7, 35, 63},
        {8, 1, 3, 5, 9, 1, 25, 53},
        {14, 1, 3, 1, 13, 9, 35, 107},
        {19, 1, 3, 1, 5, 27, 61, 31},
        {21, 1, 1, 5, 11, 19, 41, 61},
        {28, 1, 3, 5, 3, 3, 13, 69},
        {31, 1, 1, 7, 13, 1, 19, 1},
        {32, 1, 3, 7, 5, 13, 19, 59},
        {37, 1, 1, 3, 9, 25, 29, 41},
        {41, 1, 3, 5, 13, 23, 1, 55},
        {42, 1, 3, 7, 3, 13, 59, 17},
        {50, 1, 3, 1, 3, 5, 53, 69},
        {55, 1, 1, 5, 5, 23, 33, 13},
        {56, 1, 1, 7, 7, 1, 61, 123},
        {59, 1, 1, 7, 9, 13, 61, 49},
        {62, 1, 3, 3, 5, 3, 55, 33},
        {14, 1, 3, 1, 15, 31, 13, 49, 245},
        {21, 1, 3, 5, 15, 31, 59, 63, 97},
        {22, 1, 3, 1, 11, 11, 11, 77, 249}
    };

    private final int[][] v;
    private final int[] shift;

    private Sobol(int[][] v, int[] shift) {
        this.v = v;
        this.shift = shift;
    }

    /** The sequence in {@code dimensions}, shifted. */
    static Sobol of(int dimensions, RandomStream random) {
        Sobol plain = plain(dimensions);
        for (int d = 0; d < dimensions; d++) {
            plain.shift[d] = (int) (random.nextLong() >>> 32);
        }
        return plain;
    }

    /** As it is in the literature, beginning at 0. */
    static Sobol plain(int dimensions) {
        if (dimensions > DIRECTIONS.length + 1) {
            throw new IllegalArgumentException("sobol: " + dimensions + " parameters; at most "
                    + (DIRECTIONS.length + 1) + " are possible, search at random");
        }
        int[][] v = new int[dimensions][];
        for (int d = 0; d < dimensions; d++) {
            v[d] = directions(d);
        }
        return new Sobol(v, new int[dimensions]);
    }

    /** v_k = m_k 2^(32-k), with m_k from the recurrence of the polynomial of degree s = the number of given m. */
    private static int[] directions(int d) {
        int[] v = new int[BITS];
        if (d == 0) {
            for (int k = 0; k < BITS; k++) {
                v[k] = 1 << (BITS - 1 - k);
            }
            return v;
        }
        int[] given = DIRECTIONS[d - 1];
        int s = given.length - 1;
        for (int k = 0; k < BITS; k++) {
            if (k < s) {
                v[k] = given[k + 1] << (BITS - 1 - k);
                continue;
            }
            v[k] = v[k - s] ^ (v[k - s] >>> s);
            for (int j = 1; j < s; j++) {
                if ((given[0] >>> (s - 1 - j) & 1) == 1) {
                    v[k] ^= v[k - j];
                }
            }
        }
        return v;
    }

    /** Point n, from 0: the exclusive or of the directions of the ones in the Gray code of n. */
    double[] point(int n) {
        int gray = n ^ (n >>> 1);
        double[] x = new double[v.length];
        for (int d = 0; d < x.length; d++) {
            int bits = shift[d];
            for (int k = 0; gray >>> k != 0; k++) {
                if ((gray >>> k & 1) == 1) {
                    bits ^= v[d][k];
                }
            }
            x[d] = Integer.toUnsignedLong(bits) * UNIT;
        }
        return x;
    }
}
