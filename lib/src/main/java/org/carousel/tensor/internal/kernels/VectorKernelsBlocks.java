package org.carousel.tensor.internal.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
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
 * <p>The loops are written out, as no method may take or return vectors (see {@link VectorKernels}), and both layouts of
 * A, as each needs its distances to be constants.
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

    private static final boolean BY_FOUR = Runtime.version().feature() >= 25;

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
     * @return any number, to be kept: what was read ahead must seem to be of use
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
                read = rows8ByFour(whole, a, ao, b, bo, ahead, start, so, ss, c, co, cs);
            } else {
                columns8ByFour(whole, a, ao, b, bo, start, so, ss, c, co, cs);
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
                rows8(count, a, ao, b, bo, start, so, ss, c, co, cs);
            } else {
                rows4(count, a, ao, b, bo, start, so, ss, c, co, cs);
            }
        } else if (ROWS == 8) {
            columns8(count, a, ao, b, bo, start, so, ss, c, co, cs);
        } else {
            columns4(count, a, ao, b, bo, start, so, ss, c, co, cs);
        }
        return read;
    }

    /**
     * {@link #rows8} for a multiple of four terms.
     *
     * @return a sum of what was read ahead, so that it is read
     */
    private static float rows8ByFour(
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
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + ss);
        FloatVector y1 = fromArray(S, start, so + ss + L);
        FloatVector x2 = fromArray(S, start, so + 2 * ss);
        FloatVector y2 = fromArray(S, start, so + 2 * ss + L);
        FloatVector x3 = fromArray(S, start, so + 3 * ss);
        FloatVector y3 = fromArray(S, start, so + 3 * ss + L);
        FloatVector x4 = fromArray(S, start, so + 4 * ss);
        FloatVector y4 = fromArray(S, start, so + 4 * ss + L);
        FloatVector x5 = fromArray(S, start, so + 5 * ss);
        FloatVector y5 = fromArray(S, start, so + 5 * ss + L);
        FloatVector x6 = fromArray(S, start, so + 6 * ss);
        FloatVector y6 = fromArray(S, start, so + 6 * ss + L);
        FloatVector x7 = fromArray(S, start, so + 7 * ss);
        FloatVector y7 = fromArray(S, start, so + 7 * ss + L);
        float read = 0;
        FloatVector u;
        FloatVector v;
        FloatVector t;
        for (int k = 0; k + 4 <= count; k += 4) { // HotSpot sees the last index and checks none in the loop
            u = fromArray(S, b, bo + k * WIDTH);
            v = fromArray(S, b, bo + k * WIDTH + L);
            read += b[ahead + k * (AHEAD / K_BLOCK)];
            t = broadcast(S, a[ao + k]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + K_BLOCK + k]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 2 * K_BLOCK + k]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 3 * K_BLOCK + k]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 4 * K_BLOCK + k]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 5 * K_BLOCK + k]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 6 * K_BLOCK + k]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 7 * K_BLOCK + k]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);

            u = fromArray(S, b, bo + (k + 1) * WIDTH);
            v = fromArray(S, b, bo + (k + 1) * WIDTH + L);
            t = broadcast(S, a[ao + k + 1]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + K_BLOCK + k + 1]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 2 * K_BLOCK + k + 1]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 3 * K_BLOCK + k + 1]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 4 * K_BLOCK + k + 1]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 5 * K_BLOCK + k + 1]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 6 * K_BLOCK + k + 1]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 7 * K_BLOCK + k + 1]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);

            u = fromArray(S, b, bo + (k + 2) * WIDTH);
            v = fromArray(S, b, bo + (k + 2) * WIDTH + L);
            t = broadcast(S, a[ao + k + 2]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + K_BLOCK + k + 2]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 2 * K_BLOCK + k + 2]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 3 * K_BLOCK + k + 2]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 4 * K_BLOCK + k + 2]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 5 * K_BLOCK + k + 2]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 6 * K_BLOCK + k + 2]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 7 * K_BLOCK + k + 2]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);

            u = fromArray(S, b, bo + (k + 3) * WIDTH);
            v = fromArray(S, b, bo + (k + 3) * WIDTH + L);
            t = broadcast(S, a[ao + k + 3]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + K_BLOCK + k + 3]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 2 * K_BLOCK + k + 3]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 3 * K_BLOCK + k + 3]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 4 * K_BLOCK + k + 3]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 5 * K_BLOCK + k + 3]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 6 * K_BLOCK + k + 3]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 7 * K_BLOCK + k + 3]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + cs);
        y1.intoArray(c, co + cs + L);
        x2.intoArray(c, co + 2 * cs);
        y2.intoArray(c, co + 2 * cs + L);
        x3.intoArray(c, co + 3 * cs);
        y3.intoArray(c, co + 3 * cs + L);
        x4.intoArray(c, co + 4 * cs);
        y4.intoArray(c, co + 4 * cs + L);
        x5.intoArray(c, co + 5 * cs);
        y5.intoArray(c, co + 5 * cs + L);
        x6.intoArray(c, co + 6 * cs);
        y6.intoArray(c, co + 6 * cs + L);
        x7.intoArray(c, co + 7 * cs);
        y7.intoArray(c, co + 7 * cs + L);
        return read;
    }

    /** 8 rows of C, two vectors wide; A lies row after row, {@value #K_BLOCK} apart. */
    private static void rows8(
            int count, float[] a, int ao, float[] b, int bo, float[] start, int so, int ss, float[] c, int co, int cs) {
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + ss);
        FloatVector y1 = fromArray(S, start, so + ss + L);
        FloatVector x2 = fromArray(S, start, so + 2 * ss);
        FloatVector y2 = fromArray(S, start, so + 2 * ss + L);
        FloatVector x3 = fromArray(S, start, so + 3 * ss);
        FloatVector y3 = fromArray(S, start, so + 3 * ss + L);
        FloatVector x4 = fromArray(S, start, so + 4 * ss);
        FloatVector y4 = fromArray(S, start, so + 4 * ss + L);
        FloatVector x5 = fromArray(S, start, so + 5 * ss);
        FloatVector y5 = fromArray(S, start, so + 5 * ss + L);
        FloatVector x6 = fromArray(S, start, so + 6 * ss);
        FloatVector y6 = fromArray(S, start, so + 6 * ss + L);
        FloatVector x7 = fromArray(S, start, so + 7 * ss);
        FloatVector y7 = fromArray(S, start, so + 7 * ss + L);
        for (int k = 0; k < count; k++) {
            FloatVector u = fromArray(S, b, bo + k * WIDTH);
            FloatVector v = fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = broadcast(S, a[ao + k]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = broadcast(S, a[ao + K_BLOCK + k]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
            FloatVector t2 = broadcast(S, a[ao + 2 * K_BLOCK + k]);
            x2 = t2.fma(u, x2);
            y2 = t2.fma(v, y2);
            FloatVector t3 = broadcast(S, a[ao + 3 * K_BLOCK + k]);
            x3 = t3.fma(u, x3);
            y3 = t3.fma(v, y3);
            FloatVector t4 = broadcast(S, a[ao + 4 * K_BLOCK + k]);
            x4 = t4.fma(u, x4);
            y4 = t4.fma(v, y4);
            FloatVector t5 = broadcast(S, a[ao + 5 * K_BLOCK + k]);
            x5 = t5.fma(u, x5);
            y5 = t5.fma(v, y5);
            FloatVector t6 = broadcast(S, a[ao + 6 * K_BLOCK + k]);
            x6 = t6.fma(u, x6);
            y6 = t6.fma(v, y6);
            FloatVector t7 = broadcast(S, a[ao + 7 * K_BLOCK + k]);
            x7 = t7.fma(u, x7);
            y7 = t7.fma(v, y7);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + cs);
        y1.intoArray(c, co + cs + L);
        x2.intoArray(c, co + 2 * cs);
        y2.intoArray(c, co + 2 * cs + L);
        x3.intoArray(c, co + 3 * cs);
        y3.intoArray(c, co + 3 * cs + L);
        x4.intoArray(c, co + 4 * cs);
        y4.intoArray(c, co + 4 * cs + L);
        x5.intoArray(c, co + 5 * cs);
        y5.intoArray(c, co + 5 * cs + L);
        x6.intoArray(c, co + 6 * cs);
        y6.intoArray(c, co + 6 * cs + L);
        x7.intoArray(c, co + 7 * cs);
        y7.intoArray(c, co + 7 * cs + L);
    }

    /** 4 rows of C, two vectors wide; A lies row after row, {@value #K_BLOCK} apart. */
    private static void rows4(
            int count, float[] a, int ao, float[] b, int bo, float[] start, int so, int ss, float[] c, int co, int cs) {
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + ss);
        FloatVector y1 = fromArray(S, start, so + ss + L);
        FloatVector x2 = fromArray(S, start, so + 2 * ss);
        FloatVector y2 = fromArray(S, start, so + 2 * ss + L);
        FloatVector x3 = fromArray(S, start, so + 3 * ss);
        FloatVector y3 = fromArray(S, start, so + 3 * ss + L);
        for (int k = 0; k < count; k++) {
            FloatVector u = fromArray(S, b, bo + k * WIDTH);
            FloatVector v = fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = broadcast(S, a[ao + k]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = broadcast(S, a[ao + K_BLOCK + k]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
            FloatVector t2 = broadcast(S, a[ao + 2 * K_BLOCK + k]);
            x2 = t2.fma(u, x2);
            y2 = t2.fma(v, y2);
            FloatVector t3 = broadcast(S, a[ao + 3 * K_BLOCK + k]);
            x3 = t3.fma(u, x3);
            y3 = t3.fma(v, y3);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + cs);
        y1.intoArray(c, co + cs + L);
        x2.intoArray(c, co + 2 * cs);
        y2.intoArray(c, co + 2 * cs + L);
        x3.intoArray(c, co + 3 * cs);
        y3.intoArray(c, co + 3 * cs + L);
    }

    /** {@link #columns8} for a multiple of four terms. */
    private static void columns8ByFour(
            int count, float[] a, int ao, float[] b, int bo, float[] start, int so, int ss, float[] c, int co, int cs) {
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + ss);
        FloatVector y1 = fromArray(S, start, so + ss + L);
        FloatVector x2 = fromArray(S, start, so + 2 * ss);
        FloatVector y2 = fromArray(S, start, so + 2 * ss + L);
        FloatVector x3 = fromArray(S, start, so + 3 * ss);
        FloatVector y3 = fromArray(S, start, so + 3 * ss + L);
        FloatVector x4 = fromArray(S, start, so + 4 * ss);
        FloatVector y4 = fromArray(S, start, so + 4 * ss + L);
        FloatVector x5 = fromArray(S, start, so + 5 * ss);
        FloatVector y5 = fromArray(S, start, so + 5 * ss + L);
        FloatVector x6 = fromArray(S, start, so + 6 * ss);
        FloatVector y6 = fromArray(S, start, so + 6 * ss + L);
        FloatVector x7 = fromArray(S, start, so + 7 * ss);
        FloatVector y7 = fromArray(S, start, so + 7 * ss + L);
        FloatVector u;
        FloatVector v;
        FloatVector t;
        for (int k = 0; k + 4 <= count; k += 4) { // HotSpot sees the last index and checks none in the loop
            u = fromArray(S, b, bo + k * WIDTH);
            v = fromArray(S, b, bo + k * WIDTH + L);
            t = broadcast(S, a[ao + 8 * k]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + 8 * k + 1]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 8 * k + 2]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 8 * k + 3]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 8 * k + 4]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 8 * k + 5]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 8 * k + 6]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 8 * k + 7]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);

            u = fromArray(S, b, bo + (k + 1) * WIDTH);
            v = fromArray(S, b, bo + (k + 1) * WIDTH + L);
            t = broadcast(S, a[ao + 8 * k + 8]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + 8 * k + 9]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 8 * k + 10]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 8 * k + 11]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 8 * k + 12]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 8 * k + 13]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 8 * k + 14]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 8 * k + 15]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);

            u = fromArray(S, b, bo + (k + 2) * WIDTH);
            v = fromArray(S, b, bo + (k + 2) * WIDTH + L);
            t = broadcast(S, a[ao + 8 * k + 16]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + 8 * k + 17]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 8 * k + 18]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 8 * k + 19]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 8 * k + 20]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 8 * k + 21]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 8 * k + 22]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 8 * k + 23]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);

            u = fromArray(S, b, bo + (k + 3) * WIDTH);
            v = fromArray(S, b, bo + (k + 3) * WIDTH + L);
            t = broadcast(S, a[ao + 8 * k + 24]);
            x0 = t.fma(u, x0);
            y0 = t.fma(v, y0);
            t = broadcast(S, a[ao + 8 * k + 25]);
            x1 = t.fma(u, x1);
            y1 = t.fma(v, y1);
            t = broadcast(S, a[ao + 8 * k + 26]);
            x2 = t.fma(u, x2);
            y2 = t.fma(v, y2);
            t = broadcast(S, a[ao + 8 * k + 27]);
            x3 = t.fma(u, x3);
            y3 = t.fma(v, y3);
            t = broadcast(S, a[ao + 8 * k + 28]);
            x4 = t.fma(u, x4);
            y4 = t.fma(v, y4);
            t = broadcast(S, a[ao + 8 * k + 29]);
            x5 = t.fma(u, x5);
            y5 = t.fma(v, y5);
            t = broadcast(S, a[ao + 8 * k + 30]);
            x6 = t.fma(u, x6);
            y6 = t.fma(v, y6);
            t = broadcast(S, a[ao + 8 * k + 31]);
            x7 = t.fma(u, x7);
            y7 = t.fma(v, y7);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + cs);
        y1.intoArray(c, co + cs + L);
        x2.intoArray(c, co + 2 * cs);
        y2.intoArray(c, co + 2 * cs + L);
        x3.intoArray(c, co + 3 * cs);
        y3.intoArray(c, co + 3 * cs + L);
        x4.intoArray(c, co + 4 * cs);
        y4.intoArray(c, co + 4 * cs + L);
        x5.intoArray(c, co + 5 * cs);
        y5.intoArray(c, co + 5 * cs + L);
        x6.intoArray(c, co + 6 * cs);
        y6.intoArray(c, co + 6 * cs + L);
        x7.intoArray(c, co + 7 * cs);
        y7.intoArray(c, co + 7 * cs + L);
    }

    /** 8 rows of C, two vectors wide; A lies column after column, each of 8 values. */
    private static void columns8(
            int count, float[] a, int ao, float[] b, int bo, float[] start, int so, int ss, float[] c, int co, int cs) {
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + ss);
        FloatVector y1 = fromArray(S, start, so + ss + L);
        FloatVector x2 = fromArray(S, start, so + 2 * ss);
        FloatVector y2 = fromArray(S, start, so + 2 * ss + L);
        FloatVector x3 = fromArray(S, start, so + 3 * ss);
        FloatVector y3 = fromArray(S, start, so + 3 * ss + L);
        FloatVector x4 = fromArray(S, start, so + 4 * ss);
        FloatVector y4 = fromArray(S, start, so + 4 * ss + L);
        FloatVector x5 = fromArray(S, start, so + 5 * ss);
        FloatVector y5 = fromArray(S, start, so + 5 * ss + L);
        FloatVector x6 = fromArray(S, start, so + 6 * ss);
        FloatVector y6 = fromArray(S, start, so + 6 * ss + L);
        FloatVector x7 = fromArray(S, start, so + 7 * ss);
        FloatVector y7 = fromArray(S, start, so + 7 * ss + L);
        for (int k = 0; k < count; k++) {
            FloatVector u = fromArray(S, b, bo + k * WIDTH);
            FloatVector v = fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = broadcast(S, a[ao + 8 * k]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = broadcast(S, a[ao + 8 * k + 1]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
            FloatVector t2 = broadcast(S, a[ao + 8 * k + 2]);
            x2 = t2.fma(u, x2);
            y2 = t2.fma(v, y2);
            FloatVector t3 = broadcast(S, a[ao + 8 * k + 3]);
            x3 = t3.fma(u, x3);
            y3 = t3.fma(v, y3);
            FloatVector t4 = broadcast(S, a[ao + 8 * k + 4]);
            x4 = t4.fma(u, x4);
            y4 = t4.fma(v, y4);
            FloatVector t5 = broadcast(S, a[ao + 8 * k + 5]);
            x5 = t5.fma(u, x5);
            y5 = t5.fma(v, y5);
            FloatVector t6 = broadcast(S, a[ao + 8 * k + 6]);
            x6 = t6.fma(u, x6);
            y6 = t6.fma(v, y6);
            FloatVector t7 = broadcast(S, a[ao + 8 * k + 7]);
            x7 = t7.fma(u, x7);
            y7 = t7.fma(v, y7);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + cs);
        y1.intoArray(c, co + cs + L);
        x2.intoArray(c, co + 2 * cs);
        y2.intoArray(c, co + 2 * cs + L);
        x3.intoArray(c, co + 3 * cs);
        y3.intoArray(c, co + 3 * cs + L);
        x4.intoArray(c, co + 4 * cs);
        y4.intoArray(c, co + 4 * cs + L);
        x5.intoArray(c, co + 5 * cs);
        y5.intoArray(c, co + 5 * cs + L);
        x6.intoArray(c, co + 6 * cs);
        y6.intoArray(c, co + 6 * cs + L);
        x7.intoArray(c, co + 7 * cs);
        y7.intoArray(c, co + 7 * cs + L);
    }

    /** 4 rows of C, two vectors wide; A lies column after column, each of 4 values. */
    private static void columns4(
            int count, float[] a, int ao, float[] b, int bo, float[] start, int so, int ss, float[] c, int co, int cs) {
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + ss);
        FloatVector y1 = fromArray(S, start, so + ss + L);
        FloatVector x2 = fromArray(S, start, so + 2 * ss);
        FloatVector y2 = fromArray(S, start, so + 2 * ss + L);
        FloatVector x3 = fromArray(S, start, so + 3 * ss);
        FloatVector y3 = fromArray(S, start, so + 3 * ss + L);
        for (int k = 0; k < count; k++) {
            FloatVector u = fromArray(S, b, bo + k * WIDTH);
            FloatVector v = fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = broadcast(S, a[ao + 4 * k]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = broadcast(S, a[ao + 4 * k + 1]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
            FloatVector t2 = broadcast(S, a[ao + 4 * k + 2]);
            x2 = t2.fma(u, x2);
            y2 = t2.fma(v, y2);
            FloatVector t3 = broadcast(S, a[ao + 4 * k + 3]);
            x3 = t3.fma(u, x3);
            y3 = t3.fma(v, y3);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + cs);
        y1.intoArray(c, co + cs + L);
        x2.intoArray(c, co + 2 * cs);
        y2.intoArray(c, co + 2 * cs + L);
        x3.intoArray(c, co + 3 * cs);
        y3.intoArray(c, co + 3 * cs + L);
    }
}
