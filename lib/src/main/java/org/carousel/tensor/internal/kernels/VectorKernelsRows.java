package org.carousel.tensor.internal.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P0;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P1;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P2;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P3;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P4;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P5;
import static org.carousel.tensor.internal.kernels.Activations.LN2_HIGH;
import static org.carousel.tensor.internal.kernels.Activations.LN2_LOW;
import static org.carousel.tensor.internal.kernels.Activations.LOG2_E;
import static org.carousel.tensor.internal.kernels.Activations.ROUND;
import static org.carousel.tensor.internal.kernels.Kernels.ROW_LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link RowKernels} with the Vector API; for the rules of writing it see {@link VectorKernels}.
 *
 * <p>Dot products are made in blocks of two by three, so that a vector that was loaded is used two or three times.
 */
final class VectorKernelsRows extends RowKernels {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

    private static final VectorShuffle<Float> SHIFT_8 = VectorShuffle.iota(S, 8, 1, true);
    private static final VectorShuffle<Float> SHIFT_4 = VectorShuffle.iota(S, 4, 1, true);
    private static final VectorShuffle<Float> SHIFT_2 = VectorShuffle.iota(S, 2, 1, true);
    private static final VectorShuffle<Float> SHIFT_1 = VectorShuffle.iota(S, 1, 1, true);

    private final ThreadLocal<float[]> partial = ThreadLocal.withInitial(() -> new float[0]);

    private float[] partial(int dots) {
        float[] t = partial.get();
        if (t.length < (dots + 3) * ROW_LANES) {
            t = new float[2 * (dots + 3) * ROW_LANES];
            partial.set(t);
        }
        return t;
    }

    @Override
    public void dots(int m, RowTable x, int[] xRows, int n, RowTable y, int[] yRows, float[] s) {
        float[] t = partial(m * n);
        int last = n - 1;
        if (m == 1) {
            for (int j = 0; j < n; j += 4) { // the last block begins earlier and computes some a second time
                int j0 = Math.max(0, Math.min(j, n - 4));
                int y1 = y.offset(yRows[Math.min(j0 + 1, last)]);
                int y2 = y.offset(yRows[Math.min(j0 + 2, last)]);
                int y3 = y.offset(yRows[Math.min(j0 + 3, last)]);
                dots14(
                        x.stride,
                        x.values,
                        x.offset(xRows[0]),
                        y.values,
                        y.offset(yRows[j0]),
                        y1,
                        y2,
                        y3,
                        t,
                        j0 * ROW_LANES);
            }
        }
        for (int i = 0; i < m && m > 1; i += 2) {
            int i0 = Math.min(i, m - 2);
            // few columns: the upper row's block reaches into the lower row, which is computed after it
            for (int j = 0; j < n; j += 3) {
                int j0 = Math.max(0, Math.min(j, n - 3));
                int y1 = y.offset(yRows[Math.min(j0 + 1, last)]);
                int y2 = y.offset(yRows[Math.min(j0 + 2, last)]);
                int t0 = (i0 * n + j0) * ROW_LANES;
                int t1 = t0 + n * ROW_LANES;
                dots23(
                        x.stride,
                        x.values,
                        x.offset(xRows[i0]),
                        x.offset(xRows[i0 + 1]),
                        y.values,
                        y.offset(yRows[j0]),
                        y1,
                        y2,
                        t,
                        t0,
                        t1);
            }
        }
        join(m * n, t, s);
    }

    /** Joins the 16 partial sums of each dot product; what a vector writes too much the next ones write over. */
    private static void join(int dots, float[] t, float[] s) {
        for (int i = 0; i < dots; i++) {
            FloatVector v = fromArray(S, t, i * ROW_LANES);
            if (L == 16) {
                v = v.add(v.rearrange(SHIFT_8));
            } else if (L == 8) {
                v = v.add(fromArray(S, t, i * ROW_LANES + 8));
            } else {
                FloatVector w = fromArray(S, t, i * ROW_LANES + 4).add(fromArray(S, t, i * ROW_LANES + 12));
                v = v.add(fromArray(S, t, i * ROW_LANES + 8)).add(w);
            }
            if (L > 4) {
                v = v.add(v.rearrange(SHIFT_4));
            }
            v = v.add(v.rearrange(SHIFT_2));
            v.add(v.rearrange(SHIFT_1)).intoArray(s, i);
        }
    }

    @Override
    public void add(
            int m, int[] zRows, RowTable z, int n, float[] e, int rowStep, int columnStep, RowTable y, int[] yRows) {
        for (int i = 0; i < m; i++) {
            int zo = z.offset(zRows[i]);
            int at = i * rowStep;
            int j = 0;
            for (; j + 6 <= n; j += 6) {
                add6(z.stride, z.values, zo, e, at + j * columnStep, columnStep, y, yRows, j);
            }
            if (j + 4 <= n) {
                add4(z.stride, z.values, zo, e, at + j * columnStep, columnStep, y, yRows, j);
                j += 4;
            }
            if (j + 2 <= n) {
                add2(z.stride, z.values, zo, e, at + j * columnStep, columnStep, y, yRows, j);
                j += 2;
            }
            if (j < n) {
                add1(z.stride, z.values, zo, e, at + j * columnStep, y, yRows, j);
            }
        }
    }

    @Override
    void moveDots(int n, float[] x, int xo, float[] y, int yo, float[] base, int at, float[] sums) {
        for (int lane = 0; lane < ROW_LANES; lane += L) {
            FloatVector dot = broadcast(S, 0f);
            FloatVector xSquared = broadcast(S, 0f);
            FloatVector ySquared = broadcast(S, 0f);
            for (int k = lane; k < n; k += ROW_LANES) {
                FloatVector b = fromArray(S, base, at + k);
                FloatVector g = fromArray(S, x, xo + k).sub(b);
                FloatVector h = fromArray(S, y, yo + k).sub(b);
                dot = g.fma(h, dot);
                xSquared = g.fma(g, xSquared);
                ySquared = h.fma(h, ySquared);
            }
            dot.intoArray(sums, lane);
            xSquared.intoArray(sums, ROW_LANES + lane);
            ySquared.intoArray(sums, 2 * ROW_LANES + lane);
        }
    }

    @Override
    void moveBoth(int n, float ofX, float[] x, int xo, float ofY, float[] y, int yo, float[] base, int at) {
        FloatVector factor = broadcast(S, ofY);
        for (int k = 0; k < n; k += L) {
            FloatVector b = fromArray(S, base, at + k);
            FloatVector g = fromArray(S, x, xo + k).sub(b);
            FloatVector h = fromArray(S, y, yo + k).sub(b);
            FloatVector both = h.fma(factor, g.mul(ofX)).add(b);
            both.intoArray(x, xo + k);
            both.intoArray(y, yo + k);
        }
    }

    @Override
    void errorsOfLanes(int from, int to, float[] s, float[] d, float rate, float[] e, LogisticLoss loss) {
        for (int lane = 0; lane < ROW_LANES; lane += L) {
            FloatVector products = fromArray(S, loss.products, lane);
            FloatVector linear = fromArray(S, loss.linear, lane);
            for (int i = from + lane; i < to; i += ROW_LANES) {
                FloatVector x = fromArray(S, s, i);
                FloatVector v = x.abs().neg().max(broadcast(S, -LARGEST));
                FloatVector rounded = v.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
                FloatVector minusN = broadcast(S, ROUND).sub(rounded);
                FloatVector r = minusN.fma(broadcast(S, LN2_HIGH), v);
                r = minusN.fma(broadcast(S, LN2_LOW), r);
                FloatVector p = broadcast(S, EXP_P0);
                p = p.fma(r, broadcast(S, EXP_P1));
                p = p.fma(r, broadcast(S, EXP_P2));
                p = p.fma(r, broadcast(S, EXP_P3));
                p = p.fma(r, broadcast(S, EXP_P4));
                p = p.fma(r, broadcast(S, EXP_P5));
                p = p.fma(r.mul(r), r).add(1f);
                FloatVector power = rounded.reinterpretAsInts()
                        .sub(ROUND_BITS - 127)
                        .lanewise(VectorOperators.LSHL, 23)
                        .reinterpretAsFloats()
                        .mul(p);
                FloatVector whole = power.add(1f);
                FloatVector target = fromArray(S, d, i);
                VectorMask<Float> positive = x.compare(VectorOperators.GE, 0f);
                products = products.mul(whole);
                linear = linear.add(target.neg().fma(x, x.max(broadcast(S, 0f))));
                FloatVector probability = power.blend(1f, positive).div(whole);
                target.sub(probability).mul(rate).intoArray(e, i);
            }
            products.intoArray(loss.products, lane);
            linear.intoArray(loss.linear, lane);
        }
    }

    /** The partial sums of 2 by 3 dot products; those of row i go to t from t_i on. */
    private static void dots23(
            int width, float[] x, int x0, int x1, float[] y, int y0, int y1, int y2, float[] t, int t0, int t1) {
        for (int lane = 0; lane < ROW_LANES; lane += L) {
            FloatVector s00 = broadcast(S, 0f);
            FloatVector s01 = broadcast(S, 0f);
            FloatVector s02 = broadcast(S, 0f);
            FloatVector s10 = broadcast(S, 0f);
            FloatVector s11 = broadcast(S, 0f);
            FloatVector s12 = broadcast(S, 0f);
            for (int k = lane; k < width; k += ROW_LANES) {
                FloatVector a0 = fromArray(S, x, x0 + k);
                FloatVector a1 = fromArray(S, x, x1 + k);
                FloatVector b0 = fromArray(S, y, y0 + k);
                s00 = a0.fma(b0, s00);
                s10 = a1.fma(b0, s10);
                FloatVector b1 = fromArray(S, y, y1 + k);
                s01 = a0.fma(b1, s01);
                s11 = a1.fma(b1, s11);
                FloatVector b2 = fromArray(S, y, y2 + k);
                s02 = a0.fma(b2, s02);
                s12 = a1.fma(b2, s12);
            }
            s00.intoArray(t, t0 + 0 + lane);
            s01.intoArray(t, t0 + 16 + lane);
            s02.intoArray(t, t0 + 32 + lane);
            s10.intoArray(t, t1 + 0 + lane);
            s11.intoArray(t, t1 + 16 + lane);
            s12.intoArray(t, t1 + 32 + lane);
        }
    }

    /** The partial sums of 1 by 4 dot products; those of row i go to t from t_i on. */
    private static void dots14(
            int width, float[] x, int x0, float[] y, int y0, int y1, int y2, int y3, float[] t, int t0) {
        for (int lane = 0; lane < ROW_LANES; lane += L) {
            FloatVector s00 = broadcast(S, 0f);
            FloatVector s01 = broadcast(S, 0f);
            FloatVector s02 = broadcast(S, 0f);
            FloatVector s03 = broadcast(S, 0f);
            for (int k = lane; k < width; k += ROW_LANES) {
                FloatVector a0 = fromArray(S, x, x0 + k);
                FloatVector b0 = fromArray(S, y, y0 + k);
                s00 = a0.fma(b0, s00);
                FloatVector b1 = fromArray(S, y, y1 + k);
                s01 = a0.fma(b1, s01);
                FloatVector b2 = fromArray(S, y, y2 + k);
                s02 = a0.fma(b2, s02);
                FloatVector b3 = fromArray(S, y, y3 + k);
                s03 = a0.fma(b3, s03);
            }
            s00.intoArray(t, t0 + 0 + lane);
            s01.intoArray(t, t0 + 16 + lane);
            s02.intoArray(t, t0 + 32 + lane);
            s03.intoArray(t, t0 + 48 + lane);
        }
    }

    /** z += e_j y_j for six terms; below the same for fewer. */
    private static void add6(
            int width, float[] z, int zo, float[] e, int at, int step, RowTable table, int[] yRows, int j) {
        float[] y = table.values;
        FloatVector e0 = broadcast(S, e[at]);
        int y0 = table.offset(yRows[j]);
        FloatVector e1 = broadcast(S, e[at + step]);
        int y1 = table.offset(yRows[j + 1]);
        FloatVector e2 = broadcast(S, e[at + 2 * step]);
        int y2 = table.offset(yRows[j + 2]);
        FloatVector e3 = broadcast(S, e[at + 3 * step]);
        int y3 = table.offset(yRows[j + 3]);
        FloatVector e4 = broadcast(S, e[at + 4 * step]);
        int y4 = table.offset(yRows[j + 4]);
        FloatVector e5 = broadcast(S, e[at + 5 * step]);
        int y5 = table.offset(yRows[j + 5]);
        for (int k = 0; k < width; k += L) {
            FloatVector sum = e0.fma(fromArray(S, y, y0 + k), fromArray(S, z, zo + k));
            sum = e1.fma(fromArray(S, y, y1 + k), sum);
            sum = e2.fma(fromArray(S, y, y2 + k), sum);
            sum = e3.fma(fromArray(S, y, y3 + k), sum);
            sum = e4.fma(fromArray(S, y, y4 + k), sum);
            sum = e5.fma(fromArray(S, y, y5 + k), sum);
            sum.intoArray(z, zo + k);
        }
    }

    private static void add4(
            int width, float[] z, int zo, float[] e, int at, int step, RowTable table, int[] yRows, int j) {
        float[] y = table.values;
        FloatVector e0 = broadcast(S, e[at]);
        int y0 = table.offset(yRows[j]);
        FloatVector e1 = broadcast(S, e[at + step]);
        int y1 = table.offset(yRows[j + 1]);
        FloatVector e2 = broadcast(S, e[at + 2 * step]);
        int y2 = table.offset(yRows[j + 2]);
        FloatVector e3 = broadcast(S, e[at + 3 * step]);
        int y3 = table.offset(yRows[j + 3]);
        for (int k = 0; k < width; k += L) {
            FloatVector sum = e0.fma(fromArray(S, y, y0 + k), fromArray(S, z, zo + k));
            sum = e1.fma(fromArray(S, y, y1 + k), sum);
            sum = e2.fma(fromArray(S, y, y2 + k), sum);
            sum = e3.fma(fromArray(S, y, y3 + k), sum);
            sum.intoArray(z, zo + k);
        }
    }

    private static void add2(
            int width, float[] z, int zo, float[] e, int at, int step, RowTable table, int[] yRows, int j) {
        float[] y = table.values;
        FloatVector e0 = broadcast(S, e[at]);
        int y0 = table.offset(yRows[j]);
        FloatVector e1 = broadcast(S, e[at + step]);
        int y1 = table.offset(yRows[j + 1]);
        for (int k = 0; k < width; k += L) {
            FloatVector sum = e0.fma(fromArray(S, y, y0 + k), fromArray(S, z, zo + k));
            sum = e1.fma(fromArray(S, y, y1 + k), sum);
            sum.intoArray(z, zo + k);
        }
    }

    private static void add1(int width, float[] z, int zo, float[] e, int at, RowTable table, int[] yRows, int j) {
        float[] y = table.values;
        FloatVector e0 = broadcast(S, e[at]);
        int y0 = table.offset(yRows[j]);
        for (int k = 0; k < width; k += L) {
            FloatVector sum = e0.fma(fromArray(S, y, y0 + k), fromArray(S, z, zo + k));
            sum.intoArray(z, zo + k);
        }
    }
}
