package org.carousel.tensor.internal.kernels.images;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.carousel.tensor.internal.kernels.Kernels;
import org.carousel.tensor.internal.kernels.PackedMatrix;

/**
 * The loops of {@link Tiles} with the Vector API: a whole tile of some channels stays in registers, and so do eight rows by
 * one or two vectors of a product.
 *
 * <p>What is read or written one after the other is indexed by the variable of the loop, which rids it of index checks.
 */
public final class VectorKernelsTiles extends Tiles {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int WIDTH = 2 * L; // of a panel

    @Override
    public void read(int tiles, float[] x, int xo, int line, float[] v, int vo, int plane) {
        int half = (tiles + 1) * UNIT;
        int e0 = xo;
        int e1 = e0 + line;
        int e2 = e1 + line;
        int e3 = e2 + line;
        int to0 = vo;
        int to1 = to0 + 4 * plane;
        int to2 = to1 + 4 * plane;
        int to3 = to2 + 4 * plane;
        for (int i = 0; i < tiles * UNIT; i += L) {
            FloatVector x00 = fromArray(S, x, e0 + i);
            FloatVector x10 = fromArray(S, x, e1 + i);
            FloatVector x20 = fromArray(S, x, e2 + i);
            FloatVector x30 = fromArray(S, x, e3 + i);
            FloatVector a0 = x00.sub(x20);
            FloatVector b0 = x10.add(x20);
            FloatVector c0 = x20.sub(x10);
            FloatVector d0 = x10.sub(x30);
            FloatVector x01 = fromArray(S, x, e0 + half + i);
            FloatVector x11 = fromArray(S, x, e1 + half + i);
            FloatVector x21 = fromArray(S, x, e2 + half + i);
            FloatVector x31 = fromArray(S, x, e3 + half + i);
            FloatVector a1 = x01.sub(x21);
            FloatVector b1 = x11.add(x21);
            FloatVector c1 = x21.sub(x11);
            FloatVector d1 = x11.sub(x31);
            FloatVector x02 = fromArray(S, x, e0 + UNIT + i);
            FloatVector x12 = fromArray(S, x, e1 + UNIT + i);
            FloatVector x22 = fromArray(S, x, e2 + UNIT + i);
            FloatVector x32 = fromArray(S, x, e3 + UNIT + i);
            FloatVector a2 = x02.sub(x22);
            FloatVector b2 = x12.add(x22);
            FloatVector c2 = x22.sub(x12);
            FloatVector d2 = x12.sub(x32);
            FloatVector x03 = fromArray(S, x, e0 + half + UNIT + i);
            FloatVector x13 = fromArray(S, x, e1 + half + UNIT + i);
            FloatVector x23 = fromArray(S, x, e2 + half + UNIT + i);
            FloatVector x33 = fromArray(S, x, e3 + half + UNIT + i);
            FloatVector a3 = x03.sub(x23);
            FloatVector b3 = x13.add(x23);
            FloatVector c3 = x23.sub(x13);
            FloatVector d3 = x13.sub(x33);
            a0.sub(a2).intoArray(v, to0 + i);
            a1.add(a2).intoArray(v, to0 + plane + i);
            a2.sub(a1).intoArray(v, to0 + 2 * plane + i);
            a1.sub(a3).intoArray(v, to0 + 3 * plane + i);
            b0.sub(b2).intoArray(v, to1 + i);
            b1.add(b2).intoArray(v, to1 + plane + i);
            b2.sub(b1).intoArray(v, to1 + 2 * plane + i);
            b1.sub(b3).intoArray(v, to1 + 3 * plane + i);
            c0.sub(c2).intoArray(v, to2 + i);
            c1.add(c2).intoArray(v, to2 + plane + i);
            c2.sub(c1).intoArray(v, to2 + 2 * plane + i);
            c1.sub(c3).intoArray(v, to2 + 3 * plane + i);
            d0.sub(d2).intoArray(v, to3 + i);
            d1.add(d2).intoArray(v, to3 + plane + i);
            d2.sub(d1).intoArray(v, to3 + 2 * plane + i);
            d1.sub(d3).intoArray(v, to3 + 3 * plane + i);
        }
    }

    @Override
    public void write(
            int tiles,
            float[] m,
            int mo,
            int plane,
            float[] start,
            int so,
            int across,
            int down,
            float[] y,
            int yo,
            int n,
            int line) {
        int p0 = mo;
        int p1 = p0 + 4 * plane;
        int p2 = p1 + 4 * plane;
        int p3 = p2 + 4 * plane;
        for (int i = 0, k = 0, from = so, to = yo; i < tiles * UNIT; i += L) {
            FloatVector m00 = fromArray(S, m, p0 + i);
            FloatVector m10 = fromArray(S, m, p1 + i);
            FloatVector m20 = fromArray(S, m, p2 + i);
            FloatVector m30 = fromArray(S, m, p3 + i);
            FloatVector s0 = m00.add(m10).add(m20);
            FloatVector t0 = m10.sub(m20).sub(m30);
            FloatVector m01 = fromArray(S, m, p0 + plane + i);
            FloatVector m11 = fromArray(S, m, p1 + plane + i);
            FloatVector m21 = fromArray(S, m, p2 + plane + i);
            FloatVector m31 = fromArray(S, m, p3 + plane + i);
            FloatVector s1 = m01.add(m11).add(m21);
            FloatVector t1 = m11.sub(m21).sub(m31);
            FloatVector m02 = fromArray(S, m, p0 + 2 * plane + i);
            FloatVector m12 = fromArray(S, m, p1 + 2 * plane + i);
            FloatVector m22 = fromArray(S, m, p2 + 2 * plane + i);
            FloatVector m32 = fromArray(S, m, p3 + 2 * plane + i);
            FloatVector s2 = m02.add(m12).add(m22);
            FloatVector t2 = m12.sub(m22).sub(m32);
            FloatVector m03 = fromArray(S, m, p0 + 3 * plane + i);
            FloatVector m13 = fromArray(S, m, p1 + 3 * plane + i);
            FloatVector m23 = fromArray(S, m, p2 + 3 * plane + i);
            FloatVector m33 = fromArray(S, m, p3 + 3 * plane + i);
            FloatVector s3 = m03.add(m13).add(m23);
            FloatVector t3 = m13.sub(m23).sub(m33);
            fromArray(S, start, from + k).add(s0.add(s1).add(s2)).intoArray(y, to + k);
            fromArray(S, start, from + across + k).add(s1.sub(s2).sub(s3)).intoArray(y, to + n + k);
            fromArray(S, start, from + down + k).add(t0.add(t1).add(t2)).intoArray(y, to + line + k);
            fromArray(S, start, from + down + across + k)
                    .add(t1.sub(t2).sub(t3))
                    .intoArray(y, to + line + n + k);
            k += L;
            if (k == UNIT) {
                k = 0;
                from += 2 * across;
                to += 2 * n;
            }
        }
    }

    @Override
    public void spread(int tiles, int n, float[] g, int go, int line, PackedMatrix u, int row, int rows) {
        for (int j = 0; j < n; j += L) {
            float[] to = u.array(row, j);
            int plane = rows * WIDTH;
            int to0 = u.offset(row, j);
            int to1 = to0 + 4 * plane;
            int to2 = to1 + 4 * plane;
            int to3 = to2 + 4 * plane;
            for (int i = 0, at = go + j; i < tiles * WIDTH; i += WIDTH, at += 2 * n) {
                FloatVector a0 = fromArray(S, g, at);
                FloatVector a1 = fromArray(S, g, at + n);
                FloatVector d0 = fromArray(S, g, at + line);
                FloatVector d1 = fromArray(S, g, at + line + n);
                FloatVector b0 = a0.add(d0);
                FloatVector b1 = a1.add(d1);
                FloatVector c0 = a0.sub(d0);
                FloatVector c1 = a1.sub(d1);
                d0 = d0.neg();
                d1 = d1.neg();
                a0.intoArray(to, to0 + i);
                a0.add(a1).intoArray(to, to0 + plane + i);
                a0.sub(a1).intoArray(to, to0 + 2 * plane + i);
                a1.neg().intoArray(to, to0 + 3 * plane + i);
                b0.intoArray(to, to1 + i);
                b0.add(b1).intoArray(to, to1 + plane + i);
                b0.sub(b1).intoArray(to, to1 + 2 * plane + i);
                b1.neg().intoArray(to, to1 + 3 * plane + i);
                c0.intoArray(to, to2 + i);
                c0.add(c1).intoArray(to, to2 + plane + i);
                c0.sub(c1).intoArray(to, to2 + 2 * plane + i);
                c1.neg().intoArray(to, to2 + 3 * plane + i);
                d0.intoArray(to, to3 + i);
                d0.add(d1).intoArray(to, to3 + plane + i);
                d0.sub(d1).intoArray(to, to3 + 2 * plane + i);
                d1.neg().intoArray(to, to3 + 3 * plane + i);
            }
        }
    }

    @Override
    public void multiply(
            Kernels kernels, int rows, int groups, float[] v, int vo, PackedMatrix w, int m, float[] c, int co) {
        if (L != 16) {
            super.multiply(kernels, rows, groups, v, vo, w, m, c, co);
            return;
        }
        for (int j = 0; j < m; j += 2) {
            int to = co + j * rows * UNIT;
            if (m - j >= 2) {
                two(rows, groups, v, vo, w.array(0, j * UNIT), w.offset(0, j * UNIT), c, to);
            } else {
                one(rows, groups, v, vo, w.array(0, j * UNIT), w.offset(0, j * UNIT), c, to);
            }
        }
    }

    /** Two groups of columns of C ← A · B, eight rows at a time. */
    private static void two(int rows, int groups, float[] a, int ao, float[] b, int bo, float[] c, int co) {
        int apart = rows * UNIT;
        for (int i = 0; i < apart; i += 8 * UNIT) {
            FloatVector x0 = FloatVector.zero(S);
            FloatVector y0 = FloatVector.zero(S);
            FloatVector x1 = FloatVector.zero(S);
            FloatVector y1 = FloatVector.zero(S);
            FloatVector x2 = FloatVector.zero(S);
            FloatVector y2 = FloatVector.zero(S);
            FloatVector x3 = FloatVector.zero(S);
            FloatVector y3 = FloatVector.zero(S);
            FloatVector x4 = FloatVector.zero(S);
            FloatVector y4 = FloatVector.zero(S);
            FloatVector x5 = FloatVector.zero(S);
            FloatVector y5 = FloatVector.zero(S);
            FloatVector x6 = FloatVector.zero(S);
            FloatVector y6 = FloatVector.zero(S);
            FloatVector x7 = FloatVector.zero(S);
            FloatVector y7 = FloatVector.zero(S);
            for (int g = 0, at = ao + i, from = bo; g < groups; g++, at += apart, from += UNIT * WIDTH) {
                for (int k = 0; k < UNIT; k++) {
                    FloatVector u = fromArray(S, b, from + k * WIDTH);
                    FloatVector v = fromArray(S, b, from + k * WIDTH + L);
                    FloatVector t0 = broadcast(S, a[at + k]);
                    x0 = t0.fma(u, x0);
                    y0 = t0.fma(v, y0);
                    FloatVector t1 = broadcast(S, a[at + k + 1 * UNIT]);
                    x1 = t1.fma(u, x1);
                    y1 = t1.fma(v, y1);
                    FloatVector t2 = broadcast(S, a[at + k + 2 * UNIT]);
                    x2 = t2.fma(u, x2);
                    y2 = t2.fma(v, y2);
                    FloatVector t3 = broadcast(S, a[at + k + 3 * UNIT]);
                    x3 = t3.fma(u, x3);
                    y3 = t3.fma(v, y3);
                    FloatVector t4 = broadcast(S, a[at + k + 4 * UNIT]);
                    x4 = t4.fma(u, x4);
                    y4 = t4.fma(v, y4);
                    FloatVector t5 = broadcast(S, a[at + k + 5 * UNIT]);
                    x5 = t5.fma(u, x5);
                    y5 = t5.fma(v, y5);
                    FloatVector t6 = broadcast(S, a[at + k + 6 * UNIT]);
                    x6 = t6.fma(u, x6);
                    y6 = t6.fma(v, y6);
                    FloatVector t7 = broadcast(S, a[at + k + 7 * UNIT]);
                    x7 = t7.fma(u, x7);
                    y7 = t7.fma(v, y7);
                }
            }
            x0.intoArray(c, co + i);
            x1.intoArray(c, co + i + 1 * UNIT);
            x2.intoArray(c, co + i + 2 * UNIT);
            x3.intoArray(c, co + i + 3 * UNIT);
            x4.intoArray(c, co + i + 4 * UNIT);
            x5.intoArray(c, co + i + 5 * UNIT);
            x6.intoArray(c, co + i + 6 * UNIT);
            x7.intoArray(c, co + i + 7 * UNIT);
            int to = co + apart;
            y0.intoArray(c, to + i);
            y1.intoArray(c, to + i + 1 * UNIT);
            y2.intoArray(c, to + i + 2 * UNIT);
            y3.intoArray(c, to + i + 3 * UNIT);
            y4.intoArray(c, to + i + 4 * UNIT);
            y5.intoArray(c, to + i + 5 * UNIT);
            y6.intoArray(c, to + i + 6 * UNIT);
            y7.intoArray(c, to + i + 7 * UNIT);
        }
    }

    /** One group of columns, of panels that have two, of C ← A · B, eight rows at a time. */
    private static void one(int rows, int groups, float[] a, int ao, float[] b, int bo, float[] c, int co) {
        int apart = rows * UNIT;
        for (int i = 0; i < apart; i += 8 * UNIT) {
            FloatVector x0 = FloatVector.zero(S);
            FloatVector x1 = FloatVector.zero(S);
            FloatVector x2 = FloatVector.zero(S);
            FloatVector x3 = FloatVector.zero(S);
            FloatVector x4 = FloatVector.zero(S);
            FloatVector x5 = FloatVector.zero(S);
            FloatVector x6 = FloatVector.zero(S);
            FloatVector x7 = FloatVector.zero(S);
            for (int g = 0, at = ao + i, from = bo; g < groups; g++, at += apart, from += UNIT * WIDTH) {
                for (int k = 0; k < UNIT; k++) {
                    FloatVector u = fromArray(S, b, from + k * WIDTH);
                    FloatVector t0 = broadcast(S, a[at + k]);
                    x0 = t0.fma(u, x0);
                    FloatVector t1 = broadcast(S, a[at + k + 1 * UNIT]);
                    x1 = t1.fma(u, x1);
                    FloatVector t2 = broadcast(S, a[at + k + 2 * UNIT]);
                    x2 = t2.fma(u, x2);
                    FloatVector t3 = broadcast(S, a[at + k + 3 * UNIT]);
                    x3 = t3.fma(u, x3);
                    FloatVector t4 = broadcast(S, a[at + k + 4 * UNIT]);
                    x4 = t4.fma(u, x4);
                    FloatVector t5 = broadcast(S, a[at + k + 5 * UNIT]);
                    x5 = t5.fma(u, x5);
                    FloatVector t6 = broadcast(S, a[at + k + 6 * UNIT]);
                    x6 = t6.fma(u, x6);
                    FloatVector t7 = broadcast(S, a[at + k + 7 * UNIT]);
                    x7 = t7.fma(u, x7);
                }
            }
            x0.intoArray(c, co + i);
            x1.intoArray(c, co + i + 1 * UNIT);
            x2.intoArray(c, co + i + 2 * UNIT);
            x3.intoArray(c, co + i + 3 * UNIT);
            x4.intoArray(c, co + i + 4 * UNIT);
            x5.intoArray(c, co + i + 5 * UNIT);
            x6.intoArray(c, co + i + 6 * UNIT);
            x7.intoArray(c, co + i + 7 * UNIT);
        }
    }
}
