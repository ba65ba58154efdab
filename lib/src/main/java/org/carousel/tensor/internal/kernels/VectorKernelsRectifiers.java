package org.carousel.tensor.internal.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link Rectifiers} with the Vector API. */
final class VectorKernelsRectifiers extends Rectifiers {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();

    @Override
    int someRelu(int n, float[] x, int xo, float[] y, int yo) {
        int i = 0;
        for (; i + L <= n; i += L) {
            fromArray(S, x, xo + i).max(0f).intoArray(y, yo + i);
        }
        return i;
    }

    @Override
    int someReluBackward(int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        int i = 0;
        FloatVector zero = broadcast(S, 0f);
        for (; i + L <= n; i += L) {
            FloatVector passed =
                    zero.blend(fromArray(S, g, go + i), fromArray(S, y, yo + i).compare(VectorOperators.GT, 0f));
            fromArray(S, dx, dxo + i).add(passed).intoArray(dx, dxo + i);
        }
        return i;
    }

    @Override
    int someGeluArguments(int n, float[] x, int xo, float[] t) {
        int i = 0;
        for (; i + L <= n; i += L) {
            FloatVector v = fromArray(S, x, xo + i);
            v.mul(CUBIC).mul(v).fma(v, v).mul(SLOPE).intoArray(t, i);
        }
        return i;
    }

    @Override
    int someGelu(int n, float[] x, int xo, float[] t, float[] y) {
        int i = 0;
        for (; i + L <= n; i += L) {
            fromArray(S, x, xo + i).mul(0.5f).mul(fromArray(S, t, i).add(1f)).intoArray(y, i);
        }
        return i;
    }

    @Override
    int someGeluBackward(int n, float[] g, float[] x, int xo, float[] t, float[] dx) {
        int i = 0;
        FloatVector one = broadcast(S, 1f);
        for (; i + L <= n; i += L) {
            FloatVector v = fromArray(S, x, xo + i);
            FloatVector u = fromArray(S, t, i);
            FloatVector inner = v.mul(3 * CUBIC).fma(v, one).mul(SLOPE);
            FloatVector slope =
                    u.add(1f).add(v.mul(u.neg().fma(u, one)).mul(inner)).mul(0.5f);
            fromArray(S, g, i).fma(slope, fromArray(S, dx, i)).intoArray(dx, i);
        }
        return i;
    }

    @Override
    int someGeluOfBell(int n, float[] x, int xo, float[] y) {
        int i = 0;
        FloatVector one = broadcast(S, 1f);
        for (; i + L <= n; i += L) {
            FloatVector v = fromArray(S, x, xo + i);
            FloatVector magnitude = v.abs();
            FloatVector t = one.div(magnitude.mul(P).add(1f));
            FloatVector sum =
                    t.mul(A5).add(A4).mul(t).add(A3).mul(t).add(A2).mul(t).add(A1);
            FloatVector tail = t.mul(0.5f).mul(sum).mul(fromArray(S, y, i));
            v.max(0f).sub(magnitude.mul(tail)).intoArray(y, i);
        }
        return i;
    }
}
