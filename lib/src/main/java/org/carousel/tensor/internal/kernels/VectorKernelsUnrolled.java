package org.carousel.tensor.internal.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.carousel.tensor.internal.kernels.Kernels.K_BLOCK;
import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.AHEAD;
import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.L;
import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.S;
import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Made by UnrolledGenerator (beside the tests of this package), not by hand: C ← start + A · B for a block of C
 * that stays in registers, R rows by two vectors. See {@link VectorKernelsBlocks} for why it is written out.
 */
final class VectorKernelsUnrolled {
    private VectorKernelsUnrolled() {}

    /**
     * 8 rows; A lies row after row, {@value Kernels#K_BLOCK} apart; a multiple of 4 terms.
     *
     * @return a sum of what was read ahead, so that it is read
     */
    static float rows8ByFour(
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

    /**
     * 8 rows; A lies row after row, {@value Kernels#K_BLOCK} apart.
     */
    static void rows8(
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

    /**
     * 4 rows; A lies row after row, {@value Kernels#K_BLOCK} apart.
     */
    static void rows4(
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

    /**
     * 8 rows; A lies column after column, each of 8; a multiple of 4 terms.
     */
    static void columns8ByFour(
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

    /**
     * 8 rows; A lies column after column, each of 8.
     */
    static void columns8(
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

    /**
     * 4 rows; A lies column after column, each of 4.
     */
    static void columns4(
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
