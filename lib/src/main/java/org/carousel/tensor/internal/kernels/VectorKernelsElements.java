package org.carousel.tensor.internal.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static org.carousel.tensor.internal.kernels.Activations.EXP_LARGEST;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P0;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P1;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P2;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P3;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P4;
import static org.carousel.tensor.internal.kernels.Activations.EXP_P5;
import static org.carousel.tensor.internal.kernels.Activations.EXP_SMALLEST;
import static org.carousel.tensor.internal.kernels.Activations.LN2_HIGH;
import static org.carousel.tensor.internal.kernels.Activations.LN2_LOW;
import static org.carousel.tensor.internal.kernels.Activations.LOG2_E;
import static org.carousel.tensor.internal.kernels.Activations.ROUND;
import static org.carousel.tensor.internal.kernels.Activations.TANH_CLAMP;
import static org.carousel.tensor.internal.kernels.Activations.TANH_P0;
import static org.carousel.tensor.internal.kernels.Activations.TANH_P1;
import static org.carousel.tensor.internal.kernels.Activations.TANH_P2;
import static org.carousel.tensor.internal.kernels.Activations.TANH_P3;
import static org.carousel.tensor.internal.kernels.Activations.TANH_P4;
import static org.carousel.tensor.internal.kernels.Activations.TANH_P5;
import static org.carousel.tensor.internal.kernels.Activations.TANH_P6;
import static org.carousel.tensor.internal.kernels.Activations.TANH_Q0;
import static org.carousel.tensor.internal.kernels.Activations.TANH_Q1;
import static org.carousel.tensor.internal.kernels.Activations.TANH_Q2;
import static org.carousel.tensor.internal.kernels.Activations.TANH_Q3;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * What {@link VectorKernels} does element by element.
 *
 * <p>Two rules keep JDK 17 from boxing vectors, which makes a loop thirty times slower: vectors of one species only, and
 * no methods of our own that take or return vectors, which are not inlined once a method is large.
 *
 * <p>Activations are those of {@link Activations}, operation by operation.
 */
abstract class VectorKernelsElements extends Kernels {
    private static final VectorSpecies<Float> S = VectorKernelsBlocks.S;
    private static final int L = VectorKernelsBlocks.L;
    private static final int ROUND_BITS = Float.floatToRawIntBits(ROUND);

    private final ThreadLocal<float[]> sums = ThreadLocal.withInitial(() -> new float[ROW_LANES]);

    // ------------------------------------------------------------------ element by element

    @Override
    public void combine(
            Broadcast.Operation operation,
            int n,
            float[] x,
            int xo,
            int xStep,
            float[] y,
            int yo,
            int yStep,
            float[] z,
            int zo) {
        if ((xStep | yStep) > 1 || n < L) {
            PlainElements.combineFrom(0, operation, n, x, xo, xStep, y, yo, yStep, z, zo);
            return;
        }
        // an operand of one element becomes a vector of it that is read again and again
        float[] u = xStep == 0 ? filled(x[xo]) : x;
        float[] v = yStep == 0 ? filled(y[yo]) : y;
        int uo = xStep * xo;
        int vo = yStep * yo;
        int uMask = -xStep;
        int vMask = -yStep;
        int i = 0;
        switch (operation) {
            case ADD -> {
                for (; i + L <= n; i += L) {
                    fromArray(S, u, uo + (i & uMask))
                            .add(fromArray(S, v, vo + (i & vMask)))
                            .intoArray(z, zo + i);
                }
            }
            case SUBTRACT -> {
                for (; i + L <= n; i += L) {
                    fromArray(S, u, uo + (i & uMask))
                            .sub(fromArray(S, v, vo + (i & vMask)))
                            .intoArray(z, zo + i);
                }
            }
            case MULTIPLY -> {
                for (; i + L <= n; i += L) {
                    fromArray(S, u, uo + (i & uMask))
                            .mul(fromArray(S, v, vo + (i & vMask)))
                            .intoArray(z, zo + i);
                }
            }
            case DIVIDE -> {
                for (; i + L <= n; i += L) {
                    fromArray(S, u, uo + (i & uMask))
                            .div(fromArray(S, v, vo + (i & vMask)))
                            .intoArray(z, zo + i);
                }
            }
        }
        PlainElements.combineFrom(i, operation, n, x, xo, xStep, y, yo, yStep, z, zo);
    }

    private static float[] filled(float value) {
        float[] all = new float[L];
        java.util.Arrays.fill(all, value);
        return all;
    }

    @Override
    public void multiplyAdd(int n, float[] x, int xo, float[] y, int yo, float[] z, int zo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            fromArray(S, x, xo + i)
                    .fma(fromArray(S, y, yo + i), fromArray(S, z, zo + i))
                    .intoArray(z, zo + i);
        }
        PlainElements.multiplyAddFrom(i, n, x, xo, y, yo, z, zo);
    }

    @Override
    public void mix(int n, float[] k, int ko, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector share = fromArray(S, k, ko + i);
            FloatVector rest = broadcast(S, 1).sub(share).mul(fromArray(S, y, yo + i));
            share.fma(fromArray(S, x, xo + i), rest).intoArray(y, yo + i);
        }
        PlainElements.mixFrom(i, n, k, ko, x, xo, y, yo);
    }

    @Override
    public void addScaled(int n, float a, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            broadcast(S, a)
                    .fma(fromArray(S, x, xo + i), fromArray(S, y, yo + i))
                    .intoArray(y, yo + i);
        }
        PlainElements.addScaledFrom(i, n, a, x, xo, y, yo);
    }

    /** Four vectors of sums stay in registers while the rows go by. */
    @Override
    void someColumnSums(int rows, int n, float[] x, int xo, int xStride, float[] sums, int so) {
        int whole = n - n % (4 * L);
        for (int j = 0; j < whole; j += 4 * L) {
            FloatVector s0 = fromArray(S, sums, so + j);
            FloatVector s1 = fromArray(S, sums, so + j + L);
            FloatVector s2 = fromArray(S, sums, so + j + 2 * L);
            FloatVector s3 = fromArray(S, sums, so + j + 3 * L);
            for (int r = 0; r < rows; r++) {
                int at = xo + r * xStride + j;
                s0 = fromArray(S, x, at).add(s0);
                s1 = fromArray(S, x, at + L).add(s1);
                s2 = fromArray(S, x, at + 2 * L).add(s2);
                s3 = fromArray(S, x, at + 3 * L).add(s3);
            }
            s0.intoArray(sums, so + j);
            s1.intoArray(sums, so + j + L);
            s2.intoArray(sums, so + j + 2 * L);
            s3.intoArray(sums, so + j + 3 * L);
        }
        int single = n - n % L;
        for (int j = whole; j < single; j += L) {
            FloatVector s = fromArray(S, sums, so + j);
            for (int r = 0; r < rows; r++) {
                s = fromArray(S, x, xo + r * xStride + j).add(s);
            }
            s.intoArray(sums, so + j);
        }
        super.someColumnSums(rows, n - single, x, xo + single, xStride, sums, so + single);
    }

    @Override
    public void adam(
            int from,
            int to,
            float stepSize,
            float beta1,
            float beta2,
            float correction,
            float epsilon,
            float[] g,
            float[] m,
            float[] v,
            float[] theta) {
        int i = from;
        for (; i + L <= to; i += L) {
            FloatVector gi = fromArray(S, g, i);
            FloatVector mi = broadcast(S, beta1).fma(fromArray(S, m, i), gi.mul(1 - beta1));
            FloatVector vi = broadcast(S, beta2)
                    .fma(fromArray(S, v, i), gi.mul(1 - beta2).mul(gi));
            mi.intoArray(m, i);
            vi.intoArray(v, i);
            FloatVector denominator = vi.sqrt().fma(broadcast(S, correction), broadcast(S, epsilon));
            broadcast(S, -stepSize)
                    .fma(mi.div(denominator), fromArray(S, theta, i))
                    .intoArray(theta, i);
        }
        PlainElements.adamFrom(i, to, stepSize, beta1, beta2, correction, epsilon, g, m, v, theta);
    }

    // ------------------------------------------------------------------ activations
    //
    // These loops call nothing but the Vector API, whose methods are always inlined. A helper of our own is not, once
    // the compiler has enough of a large method; vectors that cross its call are boxed, and the loop is ten times
    // slower.

    @Override
    void squash(int n, float s, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector c = fromArray(S, x, xo + i).mul(s);
            // by comparison, which is faster than min and max; NaN stays NaN
            c = c.blend(TANH_CLAMP, c.compare(VectorOperators.GT, TANH_CLAMP));
            c = c.blend(-TANH_CLAMP, c.compare(VectorOperators.LT, -TANH_CLAMP));
            FloatVector q = c.mul(c);
            FloatVector p = broadcast(S, TANH_P0);
            p = p.fma(q, broadcast(S, TANH_P1));
            p = p.fma(q, broadcast(S, TANH_P2));
            p = p.fma(q, broadcast(S, TANH_P3));
            p = p.fma(q, broadcast(S, TANH_P4));
            p = p.fma(q, broadcast(S, TANH_P5));
            p = p.fma(q, broadcast(S, TANH_P6));
            FloatVector r = broadcast(S, TANH_Q0);
            r = r.fma(q, broadcast(S, TANH_Q1));
            r = r.fma(q, broadcast(S, TANH_Q2));
            r = r.fma(q, broadcast(S, TANH_Q3));
            broadcast(S, s).fma(c.mul(p).div(r), broadcast(S, 1 - s)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Activations.squash(s, x[xo + i]);
        }
    }

    @Override
    float rowMax(int n, float[] x, int xo) {
        float most = Float.NEGATIVE_INFINITY;
        int i = 0;
        if (n >= L) {
            FloatVector max = fromArray(S, x, xo);
            for (i = L; i + L <= n; i += L) {
                max = fromArray(S, x, xo + i).max(max);
            }
            most = max.reduceLanes(VectorOperators.MAX); // the largest is the same in any order
        }
        return PlainElements.rowMaxFrom(i, most, n, x, xo);
    }

    @Override
    float rowSum(int n, float[] x, int xo) {
        int whole = n - n % ROW_LANES;
        float[] partial = sums.get();
        for (int lane = 0; lane < ROW_LANES; lane += L) { // a vector of partial sums, or several where it is shorter
            FloatVector sum = broadcast(S, 0f);
            for (int i = lane; i < whole; i += ROW_LANES) {
                sum = fromArray(S, x, xo + i).add(sum);
            }
            broadcast(S, 0f).add(sum).intoArray(partial, lane);
        }
        return PlainElements.rowSumFrom(whole, partial, n, x, xo);
    }

    /** Up to here 2ⁿ and the result are normal floats, so that one factor gives the bits of two. */
    private static final float EXP_USUAL = 86;

    @Override
    void exp(int n, float scale, float shift, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector given = fromArray(S, x, xo + i).fma(broadcast(S, scale), broadcast(S, shift));
            if (given.abs().compare(VectorOperators.LE, EXP_USUAL).allTrue()) {
                FloatVector rounded = given.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
                IntVector whole = rounded.reinterpretAsInts().sub(ROUND_BITS - 127);
                FloatVector power = whole.lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
                remainderExp(given, rounded).mul(power).intoArray(y, yo + i);
                continue;
            }
            VectorMask<Float> underflow = given.compare(VectorOperators.LT, EXP_SMALLEST);
            VectorMask<Float> overflow = given.compare(VectorOperators.GT, EXP_LARGEST);
            FloatVector v = given.blend(0f, underflow.or(overflow)); // any harmless value; replaced at the end
            FloatVector rounded = v.fma(broadcast(S, LOG2_E), broadcast(S, ROUND));
            FloatVector p = remainderExp(v, rounded);
            IntVector whole = rounded.reinterpretAsInts().sub(ROUND_BITS); // n, which the low bits of the sum hold
            IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
            FloatVector first = half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector second =
                    whole.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
            FloatVector result = p.mul(first).mul(second);
            result = result.blend(0f, underflow).blend(Float.POSITIVE_INFINITY, overflow);
            result.blend(given, given.test(VectorOperators.IS_NAN)).intoArray(y, yo + i);
        }
        for (; i < n; i++) {
            y[yo + i] = Activations.exp(Math.fma(x[xo + i], scale, shift));
        }
    }

    /** eʳ, where v = n ln 2 + r and n is in the low bits of {@code rounded}. */
    private static FloatVector remainderExp(FloatVector v, FloatVector rounded) {
        FloatVector minusN = broadcast(S, ROUND).sub(rounded);
        FloatVector r = minusN.fma(broadcast(S, LN2_HIGH), v);
        r = minusN.fma(broadcast(S, LN2_LOW), r);
        FloatVector p = broadcast(S, EXP_P0);
        p = p.fma(r, broadcast(S, EXP_P1));
        p = p.fma(r, broadcast(S, EXP_P2));
        p = p.fma(r, broadcast(S, EXP_P3));
        p = p.fma(r, broadcast(S, EXP_P4));
        p = p.fma(r, broadcast(S, EXP_P5));
        return p.fma(r.mul(r), r).add(1f);
    }

    @Override
    float rowDot(int n, float[] x, int xo, float[] y, int yo) {
        int whole = n - n % ROW_LANES;
        float[] partial = sums.get();
        for (int lane = 0; lane < ROW_LANES; lane += L) {
            FloatVector sum = broadcast(S, 0f);
            for (int i = lane; i < whole; i += ROW_LANES) {
                sum = fromArray(S, x, xo + i).fma(fromArray(S, y, yo + i), sum);
            }
            broadcast(S, 0f).add(sum).intoArray(partial, lane);
        }
        return PlainElements.rowDotFrom(whole, partial, n, x, xo, y, yo);
    }

    @Override
    void weightErrors(int n, float[] p, int po, float dot, float scale, float[] d, int dOffset) {
        FloatVector minusDot = broadcast(S, -dot);
        FloatVector factor = broadcast(S, scale);
        int i = 0;
        for (; i + L <= n; i += L) {
            fromArray(S, d, dOffset + i)
                    .add(minusDot)
                    .mul(fromArray(S, p, po + i))
                    .mul(factor)
                    .intoArray(d, dOffset + i);
        }
        PlainElements.weightErrorsFrom(i, n, p, po, dot, scale, d, dOffset);
    }

    // ------------------------------------------------------------------ word vectors

    @Override
    void someRowDots(int rows, int n, float[] x, int xo, int xStride, float[] q, int qo, float[] y, int yo) {
        float[] partial = new float[4 * ROW_LANES];
        int whole = n - n % ROW_LANES;
        int r = 0;
        for (; r + 4 <= rows; r += 4) { // four chains of multiply-adds hide each other's latency
            fourRowDots(whole, n, x, xo + r * xStride, xStride, q, qo, partial, y, yo + r);
        }
        for (; r < rows; r++) {
            y[yo + r] = rowDot(n, x, xo + r * xStride, q, qo);
        }
    }

    private static void fourRowDots(
            int whole, int n, float[] x, int x0, int stride, float[] q, int qo, float[] partial, float[] y, int yo) {
        int x1 = x0 + stride;
        int x2 = x1 + stride;
        int x3 = x2 + stride;
        for (int lane = 0; lane < ROW_LANES; lane += L) {
            FloatVector s0 = broadcast(S, 0f);
            FloatVector s1 = broadcast(S, 0f);
            FloatVector s2 = broadcast(S, 0f);
            FloatVector s3 = broadcast(S, 0f);
            for (int i = lane; i < whole; i += ROW_LANES) {
                FloatVector v = fromArray(S, q, qo + i);
                s0 = fromArray(S, x, x0 + i).fma(v, s0);
                s1 = fromArray(S, x, x1 + i).fma(v, s1);
                s2 = fromArray(S, x, x2 + i).fma(v, s2);
                s3 = fromArray(S, x, x3 + i).fma(v, s3);
            }
            s0.intoArray(partial, lane);
            s1.intoArray(partial, lane + ROW_LANES);
            s2.intoArray(partial, lane + 2 * ROW_LANES);
            s3.intoArray(partial, lane + 3 * ROW_LANES);
        }
        for (int r = 0; r < 4; r++) {
            int lane = r * ROW_LANES - whole;
            for (int i = whole; i < n; i++) {
                partial[lane + i] = Math.fma(x[x0 + r * stride + i], q[qo + i], partial[lane + i]);
            }
            y[yo + r] = Elementwise.joinTree(partial, r * ROW_LANES);
        }
    }

    @Override
    void adaGradPair(int n, float e, float[] x, int xo, float[] p, float[] y, int yo, float[] q) {
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector xi = fromArray(S, x, xo + i);
            FloatVector yi = fromArray(S, y, yo + i);
            FloatVector pi = fromArray(S, p, xo + i);
            FloatVector qi = fromArray(S, q, yo + i);
            FloatVector s = yi.mul(e);
            FloatVector t = xi.mul(e);
            xi.sub(s.div(pi.sqrt())).intoArray(x, xo + i);
            yi.sub(t.div(qi.sqrt())).intoArray(y, yo + i);
            s.fma(s, pi).intoArray(p, xo + i);
            t.fma(t, qi).intoArray(q, yo + i);
        }
        PlainElements.adaGradPairFrom(i, n, e, x, xo, p, y, yo, q);
    }

    // ------------------------------------------------------------------ additive attention

    @Override
    boolean addsRows() {
        return true;
    }

    @Override
    void additiveErrors(
            int n,
            float g,
            float[] tanh,
            float[] v,
            int vo,
            float[] dk,
            int dko,
            float[] ds,
            int dso,
            float[] dv,
            int dvo) {
        FloatVector factor = broadcast(S, g);
        FloatVector one = broadcast(S, 1);
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector t = fromArray(S, tanh, i);
            FloatVector gv = fromArray(S, v, vo + i).mul(factor);
            FloatVector slope = t.neg().fma(t, one);
            gv.fma(slope, fromArray(S, dk, dko + i)).intoArray(dk, dko + i);
            gv.fma(slope, fromArray(S, ds, dso + i)).intoArray(ds, dso + i);
            factor.fma(t, fromArray(S, dv, dvo + i)).intoArray(dv, dvo + i);
        }
        PlainElements.additiveErrorsFrom(i, n, g, tanh, v, vo, dk, dko, ds, dso, dv, dvo);
    }

    // ------------------------------------------------------------------ gated recurrent unit

    @Override
    void gruBackward(
            int hiddenSize,
            boolean resetAfter,
            float[] gates,
            int row,
            float[] previous,
            int po,
            float[] dy,
            int dyo,
            float[] dh,
            int dho) {
        FloatVector one = broadcast(S, 1);
        int j = 0;
        for (; j + L <= hiddenSize; j += L) {
            int r = row + hiddenSize + j;
            int z = r + hiddenSize;
            FloatVector candidate = fromArray(S, gates, row + j);
            FloatVector keep = fromArray(S, gates, z);
            FloatVector dhT = fromArray(S, dh, dho + j).add(fromArray(S, dy, dyo + j));
            FloatVector delta = dhT.mul(one.sub(keep)).mul(candidate.neg().fma(candidate, one));
            delta.intoArray(gates, row + j);
            dhT.mul(fromArray(S, previous, po + j).sub(candidate))
                    .mul(keep.mul(one.sub(keep)))
                    .intoArray(gates, z);
            if (resetAfter) {
                FloatVector gate = fromArray(S, gates, r);
                delta.mul(fromArray(S, gates, z + hiddenSize))
                        .mul(gate.mul(one.sub(gate)))
                        .intoArray(gates, r);
                delta.mul(gate).intoArray(gates, z + hiddenSize);
            }
            dhT.mul(keep).intoArray(dh, dho + j);
        }
        PlainElements.gruBackwardFrom(j, hiddenSize, resetAfter, gates, row, previous, po, dy, dyo, dh, dho);
    }

    @Override
    void gruBlend(int hiddenSize, float[] gates, int row, float[] previous, int po, float[] h, int ho) {
        FloatVector one = broadcast(S, 1);
        int j = 0;
        for (; j + L <= hiddenSize; j += L) {
            FloatVector keep = fromArray(S, gates, row + 2 * hiddenSize + j);
            one.sub(keep)
                    .fma(fromArray(S, gates, row + j), keep.mul(fromArray(S, previous, po + j)))
                    .intoArray(h, ho + j);
        }
        PlainElements.gruBlendFrom(j, hiddenSize, gates, row, previous, po, h, ho);
    }

    // ------------------------------------------------------------------ LSTM gates

    @Override
    void blend(int n, float[] gates, int g, float[] previous, int po, float[] c, int co) {
        int j = 0;
        for (; j + L <= n; j += L) {
            FloatVector iz = fromArray(S, gates, g + j).mul(fromArray(S, gates, g + 2 * n + j));
            fromArray(S, gates, g + n + j)
                    .fma(fromArray(S, previous, po + j), iz)
                    .intoArray(c, co + j);
        }
        PlainElements.blendFrom(j, n, gates, g, previous, po, c, co);
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
        FloatVector one = broadcast(S, 1);
        for (int r = 0; r < rows; r++) {
            int g = go + r * 4 * hiddenSize;
            int s = r * hiddenSize;
            for (int j = 0; j < whole; j += L) {
                FloatVector i = fromArray(S, gates, g + j);
                FloatVector f = fromArray(S, gates, g + hiddenSize + j);
                FloatVector z = fromArray(S, gates, g + 2 * hiddenSize + j);
                FloatVector o = fromArray(S, gates, g + 3 * hiddenSize + j);
                FloatVector t = fromArray(S, tanhC, to + s + j);
                FloatVector dhT = fromArray(S, dh, dho + s + j).add(fromArray(S, dy, dyo + r * dyStride + j));
                FloatVector dcT = dhT.mul(o).fma(t.neg().fma(t, one), fromArray(S, dc, dco + s + j));
                dhT.mul(t).mul(o.mul(one.sub(o))).intoArray(gates, g + 3 * hiddenSize + j);
                dcT.mul(z).mul(i.mul(one.sub(i))).intoArray(gates, g + j);
                dcT.mul(fromArray(S, previous, po + s + j))
                        .mul(f.mul(one.sub(f)))
                        .intoArray(gates, g + hiddenSize + j);
                dcT.mul(i).mul(z.neg().fma(z, one)).intoArray(gates, g + 2 * hiddenSize + j);
                dcT.mul(f).intoArray(dc, dco + s + j);
            }
            PlainElements.lstmBackwardRow(
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
