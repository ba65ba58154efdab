package org.carousel.tensor.internal.kernels;

/**
 * What {@link PlainKernels} does element by element. The static methods begin at any element: the vector kernels leave
 * their remainders to them.
 */
abstract class PlainElements extends Kernels {
    private final ThreadLocal<float[]> partial = ThreadLocal.withInitial(() -> new float[ROW_LANES]);

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
        combineFrom(0, operation, n, x, xo, xStep, y, yo, yStep, z, zo);
    }

    /** The elements from {@code first} on; the vector kernels leave their remainders to these. */
    static void combineFrom(
            int first,
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
        switch (operation) {
            case ADD -> {
                for (int i = first; i < n; i++) {
                    z[zo + i] = x[xo + i * xStep] + y[yo + i * yStep];
                }
            }
            case SUBTRACT -> {
                for (int i = first; i < n; i++) {
                    z[zo + i] = x[xo + i * xStep] - y[yo + i * yStep];
                }
            }
            case MULTIPLY -> {
                for (int i = first; i < n; i++) {
                    z[zo + i] = x[xo + i * xStep] * y[yo + i * yStep];
                }
            }
            case DIVIDE -> {
                for (int i = first; i < n; i++) {
                    z[zo + i] = x[xo + i * xStep] / y[yo + i * yStep];
                }
            }
        }
    }

    @Override
    public void multiplyAdd(int n, float[] x, int xo, float[] y, int yo, float[] z, int zo) {
        multiplyAddFrom(0, n, x, xo, y, yo, z, zo);
    }

    static void multiplyAddFrom(int first, int n, float[] x, int xo, float[] y, int yo, float[] z, int zo) {
        for (int i = first; i < n; i++) {
            z[zo + i] = Math.fma(x[xo + i], y[yo + i], z[zo + i]);
        }
    }

    @Override
    public void mix(int n, float[] k, int ko, float[] x, int xo, float[] y, int yo) {
        mixFrom(0, n, k, ko, x, xo, y, yo);
    }

    static void mixFrom(int first, int n, float[] k, int ko, float[] x, int xo, float[] y, int yo) {
        for (int i = first; i < n; i++) {
            float share = k[ko + i];
            y[yo + i] = Math.fma(share, x[xo + i], (1 - share) * y[yo + i]);
        }
    }

    @Override
    public void addScaled(int n, float a, float[] x, int xo, float[] y, int yo) {
        if (xo == 0 && yo == 0) { // HotSpot vectorises only loops over equal offsets
            for (int i = 0; i < n; i++) {
                y[i] = Math.fma(a, x[i], y[i]);
            }
        } else {
            addScaledFrom(0, n, a, x, xo, y, yo);
        }
    }

    static void addScaledFrom(int first, int n, float a, float[] x, int xo, float[] y, int yo) {
        for (int i = first; i < n; i++) {
            y[yo + i] = Math.fma(a, x[xo + i], y[yo + i]);
        }
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
        adamFrom(from, to, stepSize, beta1, beta2, correction, epsilon, g, m, v, theta);
    }

    static void adamFrom(
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
        for (int i = from; i < to; i++) {
            float gi = g[i];
            float mi = Math.fma(beta1, m[i], (1 - beta1) * gi);
            float vi = Math.fma(beta2, v[i], (1 - beta2) * gi * gi);
            m[i] = mi;
            v[i] = vi;
            theta[i] = Math.fma(-stepSize, mi / Math.fma((float) Math.sqrt(vi), correction, epsilon), theta[i]);
        }
    }

    private static final int PIECE = 512;
    private final ThreadLocal<float[]> piece = ThreadLocal.withInitial(() -> new float[PIECE]);

    /** In pieces that are copied to an array of their own: a loop from x to y, which might overlap, stays scalar. */
    @Override
    void squash(int n, float s, float[] x, int xo, float[] y, int yo) {
        float[] t = piece.get();
        for (int i = 0; i < n; i += PIECE) {
            int count = Math.min(PIECE, n - i);
            System.arraycopy(x, xo + i, t, 0, count);
            squash(count, s, t);
            System.arraycopy(t, 0, y, yo + i, count);
        }
    }

    @Override
    int squashedTogether(int n) {
        return Math.max(1, PIECE / Math.max(1, n));
    }

    /** Several rows make one long loop. */
    @Override
    void squashRows(int rows, int n, float s, float[] x, int xo, int stride) {
        int together = squashedTogether(n);
        if (together == 1) {
            super.squashRows(rows, n, s, x, xo, stride);
            return;
        }
        float[] t = piece.get();
        for (int r = 0; r < rows; r += together) {
            int count = Math.min(together, rows - r);
            int at = xo + r * stride;
            Strided.copyRows(count, n, x, at, stride, t, 0, n);
            squash(count * n, s, t);
            Strided.copyRows(count, n, t, 0, n, x, at, stride);
        }
    }

    private static void squash(int n, float s, float[] t) {
        for (int i = 0; i < n; i++) {
            t[i] = Activations.squash(s, t[i]);
        }
    }

    @Override
    float rowMax(int n, float[] x, int xo) {
        return rowMaxFrom(0, Float.NEGATIVE_INFINITY, n, x, xo);
    }

    static float rowMaxFrom(int first, float max, int n, float[] x, int xo) {
        for (int i = first; i < n; i++) {
            max = Math.max(max, x[xo + i]);
        }
        return max;
    }

    /** {@link #ROW_LANES} zeros, an array for each thread. */
    private float[] noSums() {
        float[] sums = partial.get();
        java.util.Arrays.fill(sums, 0);
        return sums;
    }

    @Override
    float rowSum(int n, float[] x, int xo) {
        return rowSumFrom(0, noSums(), n, x, xo);
    }

    /** Adds the elements from {@code first} on, a multiple of the lanes, to the partial sums and joins them. */
    static float rowSumFrom(int first, float[] partial, int n, float[] x, int xo) {
        int i = first;
        for (; i + ROW_LANES <= n; i += ROW_LANES) {
            for (int j = 0; j < ROW_LANES; j++) {
                partial[j] += x[xo + i + j];
            }
        }
        for (int j = 0; i < n; i++, j++) {
            partial[j] += x[xo + i];
        }
        return Elementwise.joinTree(partial);
    }

    @Override
    void exp(int n, float scale, float shift, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Activations.exp(Math.fma(x[xo + i], scale, shift));
        }
    }

    @Override
    float rowDot(int n, float[] x, int xo, float[] y, int yo) {
        return rowDotFrom(0, noSums(), n, x, xo, y, yo);
    }

    /** As {@link #rowSumFrom}, of products with one rounding. */
    static float rowDotFrom(int first, float[] partial, int n, float[] x, int xo, float[] y, int yo) {
        int i = first;
        for (; i + ROW_LANES <= n; i += ROW_LANES) {
            for (int j = 0; j < ROW_LANES; j++) {
                partial[j] = Math.fma(x[xo + i + j], y[yo + i + j], partial[j]);
            }
        }
        for (int j = 0; i < n; i++, j++) {
            partial[j] = Math.fma(x[xo + i], y[yo + i], partial[j]);
        }
        return Elementwise.joinTree(partial);
    }

    @Override
    void weightErrors(int n, float[] p, int po, float dot, float scale, float[] d, int dOffset) {
        weightErrorsFrom(0, n, p, po, dot, scale, d, dOffset);
    }

    static void weightErrorsFrom(int first, int n, float[] p, int po, float dot, float scale, float[] d, int dOffset) {
        for (int i = first; i < n; i++) {
            d[dOffset + i] = (d[dOffset + i] + -dot) * p[po + i] * scale;
        }
    }

    @Override
    void someRowDots(int rows, int n, float[] x, int xo, int xStride, float[] q, int qo, float[] y, int yo) {
        float[] partial = new float[ROW_LANES];
        for (int r = 0; r < rows; r++) {
            java.util.Arrays.fill(partial, 0);
            y[yo + r] = rowDotFrom(0, partial, n, x, xo + r * xStride, q, qo);
        }
    }

    @Override
    void adaGradPair(int n, float e, float[] x, int xo, float[] p, float[] y, int yo, float[] q) {
        adaGradPairFrom(0, n, e, x, xo, p, y, yo, q);
    }

    /** The elements from {@code first} on; p and q lie as x and y do. */
    static void adaGradPairFrom(int first, int n, float e, float[] x, int xo, float[] p, float[] y, int yo, float[] q) {
        for (int i = first; i < n; i++) {
            float s = e * y[yo + i];
            float t = e * x[xo + i];
            x[xo + i] -= s / (float) Math.sqrt(p[xo + i]);
            y[yo + i] -= t / (float) Math.sqrt(q[yo + i]);
            p[xo + i] = Math.fma(s, s, p[xo + i]);
            q[yo + i] = Math.fma(t, t, q[yo + i]);
        }
    }

    @Override
    boolean addsRows() {
        return false;
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
        additiveErrorsFrom(0, n, g, tanh, v, vo, dk, dko, ds, dso, dv, dvo);
    }

    static void additiveErrorsFrom(
            int first,
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
        for (int i = first; i < n; i++) {
            float t = tanh[i];
            float gv = g * v[vo + i];
            float slope = Math.fma(-t, t, 1f);
            dk[dko + i] = Math.fma(gv, slope, dk[dko + i]);
            ds[dso + i] = Math.fma(gv, slope, ds[dso + i]);
            dv[dvo + i] = Math.fma(g, t, dv[dvo + i]);
        }
    }

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
        gruBackwardFrom(0, hiddenSize, resetAfter, gates, row, previous, po, dy, dyo, dh, dho);
    }

    static void gruBackwardFrom(
            int first,
            int n,
            boolean resetAfter,
            float[] gates,
            int row,
            float[] previous,
            int po,
            float[] dy,
            int dyo,
            float[] dh,
            int dho) {
        for (int j = first; j < n; j++) {
            float candidate = gates[row + j];
            float gate = gates[row + n + j];
            float keep = gates[row + 2 * n + j];
            float dhT = dh[dho + j] + dy[dyo + j];
            float delta = dhT * (1 - keep) * Math.fma(-candidate, candidate, 1f);
            gates[row + j] = delta;
            gates[row + 2 * n + j] = dhT * (previous[po + j] - candidate) * (keep * (1 - keep));
            if (resetAfter) {
                gates[row + n + j] = delta * gates[row + 3 * n + j] * (gate * (1 - gate));
                gates[row + 3 * n + j] = delta * gate;
            }
            dh[dho + j] = dhT * keep;
        }
    }

    @Override
    void gruBlend(int hiddenSize, float[] gates, int row, float[] previous, int po, float[] h, int ho) {
        gruBlendFrom(0, hiddenSize, gates, row, previous, po, h, ho);
    }

    static void gruBlendFrom(int first, int n, float[] gates, int row, float[] previous, int po, float[] h, int ho) {
        for (int j = first; j < n; j++) {
            float keep = gates[row + 2 * n + j];
            h[ho + j] = Math.fma(1 - keep, gates[row + j], keep * previous[po + j]);
        }
    }

    @Override
    void blend(int n, float[] gates, int g, float[] previous, int po, float[] c, int co) {
        blendFrom(0, n, gates, g, previous, po, c, co);
    }

    static void blendFrom(int first, int n, float[] gates, int g, float[] previous, int po, float[] c, int co) {
        for (int j = first; j < n; j++) {
            c[co + j] = Math.fma(gates[g + n + j], previous[po + j], gates[g + j] * gates[g + 2 * n + j]);
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
        for (int r = 0; r < rows; r++) {
            int s = r * hiddenSize;
            lstmBackwardRow(
                    0,
                    hiddenSize,
                    gates,
                    go + 4 * s,
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

    /** The units from {@code first} on of one row. */
    static void lstmBackwardRow(
            int first,
            int hiddenSize,
            float[] gates,
            int g,
            float[] previous,
            int po,
            float[] tanhC,
            int to,
            float[] dy,
            int dyo,
            float[] dh,
            int dho,
            float[] dc,
            int dco) {
        for (int j = first; j < hiddenSize; j++) {
            float i = gates[g + j];
            float f = gates[g + hiddenSize + j];
            float z = gates[g + 2 * hiddenSize + j];
            float o = gates[g + 3 * hiddenSize + j];
            float t = tanhC[to + j];
            float dhT = dh[dho + j] + dy[dyo + j];
            float dcT = Math.fma(dhT * o, Math.fma(-t, t, 1f), dc[dco + j]);
            gates[g + 3 * hiddenSize + j] = dhT * t * (o * (1 - o));
            gates[g + j] = dcT * z * (i * (1 - i));
            gates[g + hiddenSize + j] = dcT * previous[po + j] * (f * (1 - f));
            gates[g + 2 * hiddenSize + j] = dcT * i * Math.fma(-z, z, 1f);
            dc[dco + j] = dcT * f;
        }
    }
}
