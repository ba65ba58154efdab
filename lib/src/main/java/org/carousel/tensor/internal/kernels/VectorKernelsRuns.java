package org.carousel.tensor.internal.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.L;
import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.S;
import static org.carousel.tensor.internal.kernels.VectorKernelsBlocks.WIDTH;

import jdk.incubator.vector.FloatVector;

/**
 * Products of one row; and the innermost loops of convolutions, on vectors of 16 floats: products with an A that is not
 * copied, since each of its rows is some runs of memory. What a row reads in a run is a constant distance from the row before.
 *
 * <p>HotSpot keeps the beginnings of all rows in registers and checks no index within a run: a ConvLSTM's convolution does
 * 224 to 231 GFLOP/s on an EPYC (Zen 5) that does 272. JDK 17 boxes the vectors of such loops and is not asked.
 */
final class VectorKernelsRuns {
    private VectorKernelsRuns() {}

    /** Eight rows of C ← start + Σ runs · their rows of B, as one chain per element; two vectors of columns. */
    static void rows8(
            int[] runs,
            int count,
            float[] a,
            int ao,
            int step,
            float[] b,
            int bo,
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
        for (int s = 0; s < runs.length; s++) {
            int a0 = ao + runs[s];
            int a1 = a0 + step;
            int a2 = a1 + step;
            int a3 = a2 + step;
            int a4 = a3 + step;
            int a5 = a4 + step;
            int a6 = a5 + step;
            int a7 = a6 + step;
            int from = bo + s * count * WIDTH;
            for (int k = 0; k < count; k++) {
                FloatVector u = fromArray(S, b, from + k * WIDTH);
                FloatVector v = fromArray(S, b, from + k * WIDTH + L);
                FloatVector t0 = broadcast(S, a[a0 + k]);
                x0 = t0.fma(u, x0);
                y0 = t0.fma(v, y0);
                FloatVector t1 = broadcast(S, a[a1 + k]);
                x1 = t1.fma(u, x1);
                y1 = t1.fma(v, y1);
                FloatVector t2 = broadcast(S, a[a2 + k]);
                x2 = t2.fma(u, x2);
                y2 = t2.fma(v, y2);
                FloatVector t3 = broadcast(S, a[a3 + k]);
                x3 = t3.fma(u, x3);
                y3 = t3.fma(v, y3);
                FloatVector t4 = broadcast(S, a[a4 + k]);
                x4 = t4.fma(u, x4);
                y4 = t4.fma(v, y4);
                FloatVector t5 = broadcast(S, a[a5 + k]);
                x5 = t5.fma(u, x5);
                y5 = t5.fma(v, y5);
                FloatVector t6 = broadcast(S, a[a6 + k]);
                x6 = t6.fma(u, x6);
                y6 = t6.fma(v, y6);
                FloatVector t7 = broadcast(S, a[a7 + k]);
                x7 = t7.fma(u, x7);
                y7 = t7.fma(v, y7);
            }
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
     * Eight rows of C += Σ (run · its rows of B), each sum of a run rounded before; one vector of columns. Rows of A are
     * vectors that follow each other; a run is some of these, {@code apart} from each other.
     */
    static void add8(
            int[] runs, int count, int apart, float[] a, int ao, float[] b, int bo, float[] c, int co, int cs) {
        FloatVector y0 = fromArray(S, c, co);
        FloatVector y1 = fromArray(S, c, co + cs);
        FloatVector y2 = fromArray(S, c, co + 2 * cs);
        FloatVector y3 = fromArray(S, c, co + 3 * cs);
        FloatVector y4 = fromArray(S, c, co + 4 * cs);
        FloatVector y5 = fromArray(S, c, co + 5 * cs);
        FloatVector y6 = fromArray(S, c, co + 6 * cs);
        FloatVector y7 = fromArray(S, c, co + 7 * cs);
        int from = bo;
        for (int s = 0; s < runs.length; s++) {
            FloatVector x0 = FloatVector.zero(S);
            FloatVector x1 = FloatVector.zero(S);
            FloatVector x2 = FloatVector.zero(S);
            FloatVector x3 = FloatVector.zero(S);
            FloatVector x4 = FloatVector.zero(S);
            FloatVector x5 = FloatVector.zero(S);
            FloatVector x6 = FloatVector.zero(S);
            FloatVector x7 = FloatVector.zero(S);
            int at = ao + runs[s];
            for (int g = 0; g < count; g++, at += apart, from += L * L) {
                for (int k = 0; k < L; k++) {
                    FloatVector u = fromArray(S, b, from + k * L);
                    x0 = broadcast(S, a[at + k]).fma(u, x0);
                    x1 = broadcast(S, a[at + L + k]).fma(u, x1);
                    x2 = broadcast(S, a[at + 2 * L + k]).fma(u, x2);
                    x3 = broadcast(S, a[at + 3 * L + k]).fma(u, x3);
                    x4 = broadcast(S, a[at + 4 * L + k]).fma(u, x4);
                    x5 = broadcast(S, a[at + 5 * L + k]).fma(u, x5);
                    x6 = broadcast(S, a[at + 6 * L + k]).fma(u, x6);
                    x7 = broadcast(S, a[at + 7 * L + k]).fma(u, x7);
                }
            }
            y0 = y0.add(x0);
            y1 = y1.add(x1);
            y2 = y2.add(x2);
            y3 = y3.add(x3);
            y4 = y4.add(x4);
            y5 = y5.add(x5);
            y6 = y6.add(x6);
            y7 = y7.add(x7);
        }
        y0.intoArray(c, co);
        y1.intoArray(c, co + cs);
        y2.intoArray(c, co + 2 * cs);
        y3.intoArray(c, co + 3 * cs);
        y4.intoArray(c, co + 4 * cs);
        y5.intoArray(c, co + 5 * cs);
        y6.intoArray(c, co + 6 * cs);
        y7.intoArray(c, co + 7 * cs);
    }

    /** Eight rows of C += Aᵀ · B, of A's rows so many floats apart; two vectors of columns. */
    static void columns8(int count, float[] a, int ao, int apart, float[] b, int bo, float[] c, int co, int cs) {
        FloatVector x0 = fromArray(S, c, co);
        FloatVector y0 = fromArray(S, c, co + L);
        FloatVector x1 = fromArray(S, c, co + cs);
        FloatVector y1 = fromArray(S, c, co + cs + L);
        FloatVector x2 = fromArray(S, c, co + 2 * cs);
        FloatVector y2 = fromArray(S, c, co + 2 * cs + L);
        FloatVector x3 = fromArray(S, c, co + 3 * cs);
        FloatVector y3 = fromArray(S, c, co + 3 * cs + L);
        FloatVector x4 = fromArray(S, c, co + 4 * cs);
        FloatVector y4 = fromArray(S, c, co + 4 * cs + L);
        FloatVector x5 = fromArray(S, c, co + 5 * cs);
        FloatVector y5 = fromArray(S, c, co + 5 * cs + L);
        FloatVector x6 = fromArray(S, c, co + 6 * cs);
        FloatVector y6 = fromArray(S, c, co + 6 * cs + L);
        FloatVector x7 = fromArray(S, c, co + 7 * cs);
        FloatVector y7 = fromArray(S, c, co + 7 * cs + L);
        for (int k = 0, p = ao; k < count; k++, p += apart) {
            FloatVector u = fromArray(S, b, bo + k * WIDTH);
            FloatVector v = fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = broadcast(S, a[p]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = broadcast(S, a[p + 1]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
            FloatVector t2 = broadcast(S, a[p + 2]);
            x2 = t2.fma(u, x2);
            y2 = t2.fma(v, y2);
            FloatVector t3 = broadcast(S, a[p + 3]);
            x3 = t3.fma(u, x3);
            y3 = t3.fma(v, y3);
            FloatVector t4 = broadcast(S, a[p + 4]);
            x4 = t4.fma(u, x4);
            y4 = t4.fma(v, y4);
            FloatVector t5 = broadcast(S, a[p + 5]);
            x5 = t5.fma(u, x5);
            y5 = t5.fma(v, y5);
            FloatVector t6 = broadcast(S, a[p + 6]);
            x6 = t6.fma(u, x6);
            y6 = t6.fma(v, y6);
            FloatVector t7 = broadcast(S, a[p + 7]);
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

    // ------------------------------------------------------------------ one row

    static void rowOfFourPanels(
            int count, float[] a, int ao, float[] b, int b0, int panel, float[] start, int so, float[] c, int co) {
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + WIDTH);
        FloatVector y1 = fromArray(S, start, so + WIDTH + L);
        FloatVector x2 = fromArray(S, start, so + 2 * WIDTH);
        FloatVector y2 = fromArray(S, start, so + 2 * WIDTH + L);
        FloatVector x3 = fromArray(S, start, so + 3 * WIDTH);
        FloatVector y3 = fromArray(S, start, so + 3 * WIDTH + L);
        int b1 = b0 + panel;
        int b2 = b1 + panel;
        int b3 = b2 + panel;
        for (int k = 0; k < count; k++) {
            int q = k * WIDTH;
            FloatVector t = broadcast(S, a[ao + k]);
            x0 = t.fma(fromArray(S, b, b0 + q), x0);
            y0 = t.fma(fromArray(S, b, b0 + q + L), y0);
            x1 = t.fma(fromArray(S, b, b1 + q), x1);
            y1 = t.fma(fromArray(S, b, b1 + q + L), y1);
            x2 = t.fma(fromArray(S, b, b2 + q), x2);
            y2 = t.fma(fromArray(S, b, b2 + q + L), y2);
            x3 = t.fma(fromArray(S, b, b3 + q), x3);
            y3 = t.fma(fromArray(S, b, b3 + q + L), y3);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + WIDTH);
        y1.intoArray(c, co + WIDTH + L);
        x2.intoArray(c, co + 2 * WIDTH);
        y2.intoArray(c, co + 2 * WIDTH + L);
        x3.intoArray(c, co + 3 * WIDTH);
        y3.intoArray(c, co + 3 * WIDTH + L);
    }

    static void rowOfTwoPanels(
            int count, float[] a, int ao, float[] b, int b0, int panel, float[] start, int so, float[] c, int co) {
        FloatVector x0 = fromArray(S, start, so);
        FloatVector y0 = fromArray(S, start, so + L);
        FloatVector x1 = fromArray(S, start, so + WIDTH);
        FloatVector y1 = fromArray(S, start, so + WIDTH + L);
        int b1 = b0 + panel;
        for (int k = 0; k < count; k++) {
            int q = k * WIDTH;
            FloatVector t = broadcast(S, a[ao + k]);
            x0 = t.fma(fromArray(S, b, b0 + q), x0);
            y0 = t.fma(fromArray(S, b, b0 + q + L), y0);
            x1 = t.fma(fromArray(S, b, b1 + q), x1);
            y1 = t.fma(fromArray(S, b, b1 + q + L), y1);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + WIDTH);
        y1.intoArray(c, co + WIDTH + L);
    }

    static void rowOfOnePanel(
            int count, float[] a, int ao, float[] b, int bo, float[] start, int so, float[] c, int co) {
        FloatVector x = fromArray(S, start, so);
        FloatVector y = fromArray(S, start, so + L);
        for (int k = 0; k < count; k++) {
            FloatVector t = broadcast(S, a[ao + k]);
            x = t.fma(fromArray(S, b, bo + k * WIDTH), x);
            y = t.fma(fromArray(S, b, bo + k * WIDTH + L), y);
        }
        x.intoArray(c, co);
        y.intoArray(c, co + L);
    }
}
