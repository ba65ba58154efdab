package org.carousel.tensor.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernels with the Vector API, in vectors as wide as the machine prefers.
 *
 * <p>The matrix product holds a block of C in registers, eight rows (four where there are 16 registers) by two vectors:
 * per step of k two loads of B and one broadcast of A feed 16 (8) multiply-adds. Activations are those of {@link
 * Activations}, operation by operation.
 */
final class VectorKernels extends Kernels {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final int WIDTH = 2 * L;
    private static final int ROWS = L >= 16 ? 8 : 4;

    private final ThreadLocal<float[]> edge = ThreadLocal.withInitial(() -> new float[8 * WIDTH]);

    @Override
    public String describe() {
        return "vector kernels, " + L + " lanes of float";
    }

    @Override
    PackedMatrix newPacked(int k, int n) {
        return new PackedMatrix(k, n, WIDTH, false);
    }

    @Override
    int blockRows() {
        return ROWS;
    }

    @Override
    void block(
            int m,
            int k0,
            int k1,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            PackedMatrix b,
            int fromColumn,
            int toColumn,
            float[] c,
            int co,
            int cs,
            boolean load) {
        int count = k1 - k0;
        int panel = b.k * WIDTH;
        int j = fromColumn;
        if (m == 1) {
            for (; j + 4 * WIDTH <= toColumn; j += 4 * WIDTH) {
                rowOfFourPanels(count, a, ao, kStep, b.panels, j * b.k + k0 * WIDTH, panel, c, co + j, load);
            }
        }
        for (; j + WIDTH <= toColumn; j += WIDTH) {
            panel(m, count, a, ao, rowStep, kStep, b.panels, j * b.k + k0 * WIDTH, c, co + j, cs, load);
        }
        if (j < toColumn) {
            edge(m, count, a, ao, rowStep, kStep, b.panels, j * b.k + k0 * WIDTH, toColumn - j, c, co + j, cs, load);
        }
    }

    private static void panel(
            int m,
            int count,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            float[] b,
            int bo,
            float[] c,
            int co,
            int cs,
            boolean load) {
        int i = 0;
        if (ROWS == 8) {
            for (; i + 8 <= m; i += 8) {
                rows8(count, a, ao + i * rowStep, rowStep, kStep, b, bo, c, co + i * cs, cs, load);
            }
        }
        for (; i + 4 <= m; i += 4) {
            rows4(count, a, ao + i * rowStep, rowStep, kStep, b, bo, c, co + i * cs, cs, load);
        }
        if (i + 2 <= m) {
            rows2(count, a, ao + i * rowStep, rowStep, kStep, b, bo, c, co + i * cs, cs, load);
            i += 2;
        }
        if (i < m) {
            rows1(count, a, ao + i * rowStep, kStep, b, bo, c, co + i * cs, load);
        }
    }

    /** The last columns, in a tile as wide as the zero-filled panel. */
    private void edge(
            int m,
            int count,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            float[] b,
            int bo,
            int columns,
            float[] c,
            int co,
            int cs,
            boolean load) {
        float[] tile = edge.get();
        for (int i = 0; i < m; i += ROWS) {
            int rows = Math.min(ROWS, m - i);
            if (load) {
                Strided.copyRows(rows, columns, c, co + i * cs, cs, tile, 0, WIDTH);
            }
            panel(rows, count, a, ao + i * rowStep, rowStep, kStep, b, bo, tile, 0, WIDTH, load);
            Strided.copyRows(rows, columns, tile, 0, WIDTH, c, co + i * cs, cs);
        }
    }

    /** 8 rows of C, two vectors wide, along rows k0..k1 of one panel. */
    private static void rows8(
            int count,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            float[] b,
            int bo,
            float[] c,
            int co,
            int cs,
            boolean load) {
        int a0 = ao;
        int a1 = ao + 1 * rowStep;
        int a2 = ao + 2 * rowStep;
        int a3 = ao + 3 * rowStep;
        int a4 = ao + 4 * rowStep;
        int a5 = ao + 5 * rowStep;
        int a6 = ao + 6 * rowStep;
        int a7 = ao + 7 * rowStep;
        FloatVector x0 = load ? FloatVector.fromArray(S, c, co) : FloatVector.zero(S);
        FloatVector y0 = load ? FloatVector.fromArray(S, c, co + L) : FloatVector.zero(S);
        FloatVector x1 = load ? FloatVector.fromArray(S, c, co + 1 * cs) : FloatVector.zero(S);
        FloatVector y1 = load ? FloatVector.fromArray(S, c, co + 1 * cs + L) : FloatVector.zero(S);
        FloatVector x2 = load ? FloatVector.fromArray(S, c, co + 2 * cs) : FloatVector.zero(S);
        FloatVector y2 = load ? FloatVector.fromArray(S, c, co + 2 * cs + L) : FloatVector.zero(S);
        FloatVector x3 = load ? FloatVector.fromArray(S, c, co + 3 * cs) : FloatVector.zero(S);
        FloatVector y3 = load ? FloatVector.fromArray(S, c, co + 3 * cs + L) : FloatVector.zero(S);
        FloatVector x4 = load ? FloatVector.fromArray(S, c, co + 4 * cs) : FloatVector.zero(S);
        FloatVector y4 = load ? FloatVector.fromArray(S, c, co + 4 * cs + L) : FloatVector.zero(S);
        FloatVector x5 = load ? FloatVector.fromArray(S, c, co + 5 * cs) : FloatVector.zero(S);
        FloatVector y5 = load ? FloatVector.fromArray(S, c, co + 5 * cs + L) : FloatVector.zero(S);
        FloatVector x6 = load ? FloatVector.fromArray(S, c, co + 6 * cs) : FloatVector.zero(S);
        FloatVector y6 = load ? FloatVector.fromArray(S, c, co + 6 * cs + L) : FloatVector.zero(S);
        FloatVector x7 = load ? FloatVector.fromArray(S, c, co + 7 * cs) : FloatVector.zero(S);
        FloatVector y7 = load ? FloatVector.fromArray(S, c, co + 7 * cs + L) : FloatVector.zero(S);
        for (int k = 0, p = 0; k < count; k++, p += kStep) {
            FloatVector u = FloatVector.fromArray(S, b, bo + k * WIDTH);
            FloatVector v = FloatVector.fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = FloatVector.broadcast(S, a[a0 + p]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = FloatVector.broadcast(S, a[a1 + p]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
            FloatVector t2 = FloatVector.broadcast(S, a[a2 + p]);
            x2 = t2.fma(u, x2);
            y2 = t2.fma(v, y2);
            FloatVector t3 = FloatVector.broadcast(S, a[a3 + p]);
            x3 = t3.fma(u, x3);
            y3 = t3.fma(v, y3);
            FloatVector t4 = FloatVector.broadcast(S, a[a4 + p]);
            x4 = t4.fma(u, x4);
            y4 = t4.fma(v, y4);
            FloatVector t5 = FloatVector.broadcast(S, a[a5 + p]);
            x5 = t5.fma(u, x5);
            y5 = t5.fma(v, y5);
            FloatVector t6 = FloatVector.broadcast(S, a[a6 + p]);
            x6 = t6.fma(u, x6);
            y6 = t6.fma(v, y6);
            FloatVector t7 = FloatVector.broadcast(S, a[a7 + p]);
            x7 = t7.fma(u, x7);
            y7 = t7.fma(v, y7);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + 1 * cs);
        y1.intoArray(c, co + 1 * cs + L);
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

    /** 4 rows of C, two vectors wide, along rows k0..k1 of one panel. */
    private static void rows4(
            int count,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            float[] b,
            int bo,
            float[] c,
            int co,
            int cs,
            boolean load) {
        int a0 = ao;
        int a1 = ao + 1 * rowStep;
        int a2 = ao + 2 * rowStep;
        int a3 = ao + 3 * rowStep;
        FloatVector x0 = load ? FloatVector.fromArray(S, c, co) : FloatVector.zero(S);
        FloatVector y0 = load ? FloatVector.fromArray(S, c, co + L) : FloatVector.zero(S);
        FloatVector x1 = load ? FloatVector.fromArray(S, c, co + 1 * cs) : FloatVector.zero(S);
        FloatVector y1 = load ? FloatVector.fromArray(S, c, co + 1 * cs + L) : FloatVector.zero(S);
        FloatVector x2 = load ? FloatVector.fromArray(S, c, co + 2 * cs) : FloatVector.zero(S);
        FloatVector y2 = load ? FloatVector.fromArray(S, c, co + 2 * cs + L) : FloatVector.zero(S);
        FloatVector x3 = load ? FloatVector.fromArray(S, c, co + 3 * cs) : FloatVector.zero(S);
        FloatVector y3 = load ? FloatVector.fromArray(S, c, co + 3 * cs + L) : FloatVector.zero(S);
        for (int k = 0, p = 0; k < count; k++, p += kStep) {
            FloatVector u = FloatVector.fromArray(S, b, bo + k * WIDTH);
            FloatVector v = FloatVector.fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = FloatVector.broadcast(S, a[a0 + p]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = FloatVector.broadcast(S, a[a1 + p]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
            FloatVector t2 = FloatVector.broadcast(S, a[a2 + p]);
            x2 = t2.fma(u, x2);
            y2 = t2.fma(v, y2);
            FloatVector t3 = FloatVector.broadcast(S, a[a3 + p]);
            x3 = t3.fma(u, x3);
            y3 = t3.fma(v, y3);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + 1 * cs);
        y1.intoArray(c, co + 1 * cs + L);
        x2.intoArray(c, co + 2 * cs);
        y2.intoArray(c, co + 2 * cs + L);
        x3.intoArray(c, co + 3 * cs);
        y3.intoArray(c, co + 3 * cs + L);
    }

    /** 2 rows of C, two vectors wide, along rows k0..k1 of one panel. */
    private static void rows2(
            int count,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            float[] b,
            int bo,
            float[] c,
            int co,
            int cs,
            boolean load) {
        int a0 = ao;
        int a1 = ao + 1 * rowStep;
        FloatVector x0 = load ? FloatVector.fromArray(S, c, co) : FloatVector.zero(S);
        FloatVector y0 = load ? FloatVector.fromArray(S, c, co + L) : FloatVector.zero(S);
        FloatVector x1 = load ? FloatVector.fromArray(S, c, co + 1 * cs) : FloatVector.zero(S);
        FloatVector y1 = load ? FloatVector.fromArray(S, c, co + 1 * cs + L) : FloatVector.zero(S);
        for (int k = 0, p = 0; k < count; k++, p += kStep) {
            FloatVector u = FloatVector.fromArray(S, b, bo + k * WIDTH);
            FloatVector v = FloatVector.fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = FloatVector.broadcast(S, a[a0 + p]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
            FloatVector t1 = FloatVector.broadcast(S, a[a1 + p]);
            x1 = t1.fma(u, x1);
            y1 = t1.fma(v, y1);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
        x1.intoArray(c, co + 1 * cs);
        y1.intoArray(c, co + 1 * cs + L);
    }

    /** 1 row of C, two vectors wide, along rows k0..k1 of one panel. */
    private static void rows1(
            int count, float[] a, int ao, int kStep, float[] b, int bo, float[] c, int co, boolean load) {
        int a0 = ao;
        FloatVector x0 = load ? FloatVector.fromArray(S, c, co) : FloatVector.zero(S);
        FloatVector y0 = load ? FloatVector.fromArray(S, c, co + L) : FloatVector.zero(S);
        for (int k = 0, p = 0; k < count; k++, p += kStep) {
            FloatVector u = FloatVector.fromArray(S, b, bo + k * WIDTH);
            FloatVector v = FloatVector.fromArray(S, b, bo + k * WIDTH + L);
            FloatVector t0 = FloatVector.broadcast(S, a[a0 + p]);
            x0 = t0.fma(u, x0);
            y0 = t0.fma(v, y0);
        }
        x0.intoArray(c, co);
        y0.intoArray(c, co + L);
    }

    /** One row of C, four panels wide: eight chains hide the latency that two would show. */
    private static void rowOfFourPanels(
            int count, float[] a, int ao, int kStep, float[] b, int bo, int panel, float[] c, int co, boolean load) {
        FloatVector x0 = load ? FloatVector.fromArray(S, c, co + 0 * WIDTH) : FloatVector.zero(S);
        FloatVector y0 = load ? FloatVector.fromArray(S, c, co + 0 * WIDTH + L) : FloatVector.zero(S);
        FloatVector x1 = load ? FloatVector.fromArray(S, c, co + 1 * WIDTH) : FloatVector.zero(S);
        FloatVector y1 = load ? FloatVector.fromArray(S, c, co + 1 * WIDTH + L) : FloatVector.zero(S);
        FloatVector x2 = load ? FloatVector.fromArray(S, c, co + 2 * WIDTH) : FloatVector.zero(S);
        FloatVector y2 = load ? FloatVector.fromArray(S, c, co + 2 * WIDTH + L) : FloatVector.zero(S);
        FloatVector x3 = load ? FloatVector.fromArray(S, c, co + 3 * WIDTH) : FloatVector.zero(S);
        FloatVector y3 = load ? FloatVector.fromArray(S, c, co + 3 * WIDTH + L) : FloatVector.zero(S);
        int b1 = bo + 1 * panel;
        int b2 = bo + 2 * panel;
        int b3 = bo + 3 * panel;
        for (int k = 0, p = 0, q = 0; k < count; k++, p += kStep, q += WIDTH) {
            FloatVector t = FloatVector.broadcast(S, a[ao + p]);
            x0 = t.fma(FloatVector.fromArray(S, b, bo + q), x0);
            y0 = t.fma(FloatVector.fromArray(S, b, bo + q + L), y0);
            x1 = t.fma(FloatVector.fromArray(S, b, b1 + q), x1);
            y1 = t.fma(FloatVector.fromArray(S, b, b1 + q + L), y1);
            x2 = t.fma(FloatVector.fromArray(S, b, b2 + q), x2);
            y2 = t.fma(FloatVector.fromArray(S, b, b2 + q + L), y2);
            x3 = t.fma(FloatVector.fromArray(S, b, b3 + q), x3);
            y3 = t.fma(FloatVector.fromArray(S, b, b3 + q + L), y3);
        }
        x0.intoArray(c, co + 0 * WIDTH);
        y0.intoArray(c, co + 0 * WIDTH + L);
        x1.intoArray(c, co + 1 * WIDTH);
        y1.intoArray(c, co + 1 * WIDTH + L);
        x2.intoArray(c, co + 2 * WIDTH);
        y2.intoArray(c, co + 2 * WIDTH + L);
        x3.intoArray(c, co + 3 * WIDTH);
        y3.intoArray(c, co + 3 * WIDTH + L);
    }

    // ------------------------------------------------------------------ activations

    private static FloatVector f(float value) {
        return FloatVector.broadcast(S, value);
    }

    private static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(S, x, at);
    }

    private static FloatVector tanh(FloatVector x) {
        // by comparison, not min and max: NaN stays NaN, as in Activations.tanh
        FloatVector c = x.blend(Activations.TANH_CLAMP, x.compare(VectorOperators.GT, Activations.TANH_CLAMP));
        c = c.blend(-Activations.TANH_CLAMP, x.compare(VectorOperators.LT, -Activations.TANH_CLAMP));
        FloatVector q = c.mul(c);
        FloatVector p = f(Activations.TANH_P[0]);
        p = p.fma(q, f(Activations.TANH_P[1]));
        p = p.fma(q, f(Activations.TANH_P[2]));
        p = p.fma(q, f(Activations.TANH_P[3]));
        p = p.fma(q, f(Activations.TANH_P[4]));
        p = p.fma(q, f(Activations.TANH_P[5]));
        p = p.fma(q, f(Activations.TANH_P[6]));
        FloatVector r = f(Activations.TANH_Q[0]);
        r = r.fma(q, f(Activations.TANH_Q[1]));
        r = r.fma(q, f(Activations.TANH_Q[2]));
        r = r.fma(q, f(Activations.TANH_Q[3]));
        return c.mul(p).div(r);
    }

    private static FloatVector sigmoid(FloatVector x) {
        return f(0.5f).fma(tanh(x.mul(0.5f)), f(0.5f));
    }

    private static FloatVector exp(FloatVector x) {
        VectorMask<Float> underflow = x.compare(VectorOperators.LT, Activations.EXP_SMALLEST);
        VectorMask<Float> overflow = x.compare(VectorOperators.GT, Activations.EXP_LARGEST);
        FloatVector y = x.blend(0f, underflow.or(overflow)); // any harmless value; replaced at the end
        FloatVector n = y.fma(f(Activations.LOG2_E), f(Activations.ROUND)).sub(Activations.ROUND);
        FloatVector minusN = n.neg();
        FloatVector r = minusN.fma(f(Activations.LN2_HIGH), y);
        r = minusN.fma(f(Activations.LN2_LOW), r);
        FloatVector p = f(Activations.EXP_P[0]);
        p = p.fma(r, f(Activations.EXP_P[1]));
        p = p.fma(r, f(Activations.EXP_P[2]));
        p = p.fma(r, f(Activations.EXP_P[3]));
        p = p.fma(r, f(Activations.EXP_P[4]));
        p = p.fma(r, f(Activations.EXP_P[5]));
        p = p.fma(r.mul(r), r).add(1f);
        IntVector whole = (IntVector) n.convert(VectorOperators.F2I, 0);
        IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
        FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector second =
                whole.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
        FloatVector result = p.mul(first).mul(second);
        result = result.blend(0f, underflow).blend(Float.POSITIVE_INFINITY, overflow);
        return result.blend(x, x.test(VectorOperators.IS_NAN));
    }

    @Override
    public void sigmoid(int n, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            sigmoid(load(x, xo + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Activations.sigmoid(x[xo + i]);
        }
    }

    @Override
    public void tanh(int n, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            tanh(load(x, xo + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Activations.tanh(x[xo + i]);
        }
    }

    @Override
    public void exp(int n, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            exp(load(x, xo + i)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Activations.exp(x[xo + i]);
        }
    }

    // ------------------------------------------------------------------ LSTM gates

    @Override
    public void lstmForward(
            int rows,
            int hiddenSize,
            float[] gates,
            int go,
            float[] previous,
            int po,
            float[] c,
            int co,
            float[] tanhC,
            int to,
            float[] h,
            int ho) {
        int whole = hiddenSize - hiddenSize % L;
        for (int r = 0; r < rows; r++) {
            int g = go + r * 4 * hiddenSize;
            int s = r * hiddenSize;
            for (int j = 0; j < whole; j += L) {
                FloatVector i = sigmoid(load(gates, g + j));
                FloatVector f = sigmoid(load(gates, g + hiddenSize + j));
                FloatVector z = tanh(load(gates, g + 2 * hiddenSize + j));
                FloatVector o = sigmoid(load(gates, g + 3 * hiddenSize + j));
                FloatVector ct = f.fma(load(previous, po + s + j), i.mul(z));
                FloatVector t = tanh(ct);
                i.intoArray(gates, g + j);
                f.intoArray(gates, g + hiddenSize + j);
                z.intoArray(gates, g + 2 * hiddenSize + j);
                o.intoArray(gates, g + 3 * hiddenSize + j);
                ct.intoArray(c, co + s + j);
                t.intoArray(tanhC, to + s + j);
                o.mul(t).intoArray(h, ho + s + j);
            }
            PlainKernels.lstmForwardRow(
                    whole, hiddenSize, gates, g, previous, po + s, c, co + s, tanhC, to + s, h, ho + s);
        }
    }

    @Override
    public void lstmBackward(
            int rows,
            int hiddenSize,
            float[] gates,
            int go,
            float[] previous,
            int po,
            float[] tanhC,
            int to,
            float[] dy,
            int dyo,
            int dyStride,
            float[] dh,
            int dho,
            float[] dc,
            int dco) {
        int whole = hiddenSize - hiddenSize % L;
        FloatVector one = f(1);
        for (int r = 0; r < rows; r++) {
            int g = go + r * 4 * hiddenSize;
            int s = r * hiddenSize;
            for (int j = 0; j < whole; j += L) {
                FloatVector i = load(gates, g + j);
                FloatVector f = load(gates, g + hiddenSize + j);
                FloatVector z = load(gates, g + 2 * hiddenSize + j);
                FloatVector o = load(gates, g + 3 * hiddenSize + j);
                FloatVector t = load(tanhC, to + s + j);
                FloatVector dhT = load(dh, dho + s + j).add(load(dy, dyo + r * dyStride + j));
                FloatVector dcT = dhT.mul(o).fma(t.neg().fma(t, one), load(dc, dco + s + j));
                dhT.mul(t).mul(o.mul(one.sub(o))).intoArray(gates, g + 3 * hiddenSize + j);
                dcT.mul(z).mul(i.mul(one.sub(i))).intoArray(gates, g + j);
                dcT.mul(load(previous, po + s + j)).mul(f.mul(one.sub(f))).intoArray(gates, g + hiddenSize + j);
                dcT.mul(i).mul(z.neg().fma(z, one)).intoArray(gates, g + 2 * hiddenSize + j);
                dcT.mul(f).intoArray(dc, dco + s + j);
            }
            PlainKernels.lstmBackwardRow(
                    whole,
                    hiddenSize,
                    gates,
                    g,
                    previous,
                    po + s,
                    tanhC,
                    to + s,
                    dy,
                    dyo + r * dyStride,
                    dh,
                    dho + s,
                    dc,
                    dco + s);
        }
    }
}
