package org.carousel.tensor.internal.kernels;

import static org.carousel.tensor.internal.kernels.Kernels.K_BLOCK;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of the matrix product: a block of C that stays in registers, eight rows (four where there are 16
 * registers) by two vectors, while the terms of its sums go by.
 *
 * <p>Per term two loads of B and eight (four) broadcasts of A feed 16 (8) multiply-adds. Where HotSpot can, four terms
 * are one turn of the loop, which leaves fewer other instructions between the multiply-adds: 181 against 163 GFLOP/s on
 * an Intel Xeon that does 190 at most. JDK 17 gives up on methods of that size and boxes the vectors of the whole product.
 *
 * <p>The loops are written out in {@link VectorKernelsUnrolled}, as no method may take or return vectors (see {@link
 * VectorKernels}), and for both layouts of A, as each needs its distances to be constants.
 */
final class VectorKernelsBlocks {
    static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    static final int L = S.length();
    /** Columns of a block. */
    static final int WIDTH = 2 * L;
    /** Rows of a block. */
    static final int ROWS = L >= 16 ? 8 : 4;

    /**
     * Floats that a block reads ahead. Large weights come from the third cache, and prefetching in hardware ends with each
     * page: with 512 units the products of an LSTM ran at 92 to 96, and run at 104 GFLOP/s on an EPYC (Zen 4) that does 117.
     */
    static final int AHEAD = 4 * K_BLOCK;

    private static final boolean BY_FOUR = Jit.KEEPS_VECTORS;

    private VectorKernelsBlocks() {}

    /**
     * C ← start + A · B for a block of C.
     *
     * @param rows how many of its rows are wanted; the others may be computed as well
     * @param byRows A lies row after row, {@value Kernels#K_BLOCK} apart; else term after term, each {@link #ROWS} values
     * @param count terms of the sums
     * @param b the terms of {@link #WIDTH} columns
     * @param ahead where in b the next {@link #AHEAD} floats lie that will be needed soon; a long product reads one of each
     *     cache line of them
     * @return any number: while it is returned, what was read ahead seems to be of use
     */
    static float multiply(
            int rows,
            boolean byRows,
            int count,
            float[] a,
            int ao,
            float[] b,
            int bo,
            int ahead,
            float[] start,
            int so,
            int ss,
            float[] c,
            int co,
            int cs) {
        float read = 0;
        if (ROWS == 8 && BY_FOUR && rows > 4 && count >= 4) {
            int whole = count - count % 4;
            if (byRows) {
                read = VectorKernelsUnrolled.rows8ByFour(whole, a, ao, b, bo, ahead, start, so, ss, c, co, cs);
            } else {
                VectorKernelsUnrolled.columns8ByFour(whole, a, ao, b, bo, start, so, ss, c, co, cs);
            }
            if (whole == count) {
                return read;
            }
            count -= whole;
            ao += byRows ? whole : whole * ROWS;
            bo += whole * WIDTH;
            start = c; // the last terms are added to what is there now
            so = co;
            ss = cs;
        }
        if (byRows) {
            if (rows > 4) {
                VectorKernelsUnrolled.rows8(count, a, ao, b, bo, start, so, ss, c, co, cs);
            } else {
                VectorKernelsUnrolled.rows4(count, a, ao, b, bo, start, so, ss, c, co, cs);
            }
        } else if (ROWS == 8) {
            VectorKernelsUnrolled.columns8(count, a, ao, b, bo, start, so, ss, c, co, cs);
        } else {
            VectorKernelsUnrolled.columns4(count, a, ao, b, bo, start, so, ss, c, co, cs);
        }
        return read;
    }
}
