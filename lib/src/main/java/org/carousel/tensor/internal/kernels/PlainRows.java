package org.carousel.tensor.internal.kernels;

/** {@link RowKernels} in plain Java; what HotSpot shall vectorise has every row in an array of its own. */
final class PlainRows extends RowKernels {
    private static final int TOGETHER = 4;

    private final ThreadLocal<float[][]> lines = ThreadLocal.withInitial(() -> new float[0][0]);

    @Override
    public void dots(int m, RowTable x, int[] xRows, int n, RowTable y, int[] yRows, float[] s) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                s[i * n + j] = dot(x.stride, x.values, x.offset(xRows[i]), y.values, y.offset(yRows[j]));
            }
        }
    }

    /** Sixteen sums side by side: a single one would wait for each addition. */
    private static float dot(int n, float[] x, int xo, float[] y, int yo) {
        float a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        float i = 0, j = 0, k = 0, l = 0, p = 0, q = 0, r = 0, s = 0;
        for (int t = 0; t < n; t += 16) {
            int u = xo + t;
            int v = yo + t;
            a = Math.fma(x[u], y[v], a);
            b = Math.fma(x[u + 1], y[v + 1], b);
            c = Math.fma(x[u + 2], y[v + 2], c);
            d = Math.fma(x[u + 3], y[v + 3], d);
            e = Math.fma(x[u + 4], y[v + 4], e);
            f = Math.fma(x[u + 5], y[v + 5], f);
            g = Math.fma(x[u + 6], y[v + 6], g);
            h = Math.fma(x[u + 7], y[v + 7], h);
            i = Math.fma(x[u + 8], y[v + 8], i);
            j = Math.fma(x[u + 9], y[v + 9], j);
            k = Math.fma(x[u + 10], y[v + 10], k);
            l = Math.fma(x[u + 11], y[v + 11], l);
            p = Math.fma(x[u + 12], y[v + 12], p);
            q = Math.fma(x[u + 13], y[v + 13], q);
            r = Math.fma(x[u + 14], y[v + 14], r);
            s = Math.fma(x[u + 15], y[v + 15], s);
        }
        return (((a + i) + (e + p)) + ((c + k) + (g + r))) + (((b + j) + (f + q)) + ((d + l) + (h + s)));
    }

    @Override
    public void add(
            int m, int[] zRows, RowTable z, int n, float[] e, int rowStep, int columnStep, RowTable y, int[] yRows) {
        int width = z.stride;
        float[][] own = lines(n + 1, width);
        float[] sum = own[n];
        for (int j = 0; j < n; j++) {
            System.arraycopy(y.values, y.offset(yRows[j]), own[j], 0, width);
        }
        for (int i = 0; i < m; i++) { // row after row: a row may come twice
            int at = i * rowStep;
            System.arraycopy(z.values, z.offset(zRows[i]), sum, 0, width);
            int j = 0;
            for (; j + TOGETHER <= n; j += TOGETHER) {
                four(width, e, at + j * columnStep, columnStep, own, j, sum);
            }
            for (; j < n; j++) {
                one(width, e[at + j * columnStep], own[j], sum);
            }
            System.arraycopy(sum, 0, z.values, z.offset(zRows[i]), width);
        }
    }

    private float[][] lines(int rows, int width) {
        float[][] own = lines.get();
        if (own.length < rows || own[0].length < width) {
            own = new float[Math.max(rows, own.length)][Math.max(width, own.length == 0 ? 0 : own[0].length)];
            lines.set(own);
        }
        return own;
    }

    private static void four(int n, float[] e, int at, int step, float[][] y, int j, float[] z) {
        float e0 = e[at];
        float e1 = e[at + step];
        float e2 = e[at + 2 * step];
        float e3 = e[at + 3 * step];
        float[] y0 = y[j];
        float[] y1 = y[j + 1];
        float[] y2 = y[j + 2];
        float[] y3 = y[j + 3];
        for (int k = 0; k < n; k++) {
            z[k] = Math.fma(e3, y3[k], Math.fma(e2, y2[k], Math.fma(e1, y1[k], Math.fma(e0, y0[k], z[k]))));
        }
    }

    private static void one(int n, float e, float[] y, float[] z) {
        for (int k = 0; k < n; k++) {
            z[k] = Math.fma(e, y[k], z[k]);
        }
    }

    @Override
    void errorsOfLanes(int from, int to, float[] s, float[] d, float rate, float[] e, LogisticLoss loss) {
        for (int i = from; i < to; i++) {
            float x = s[i];
            float power = Activations.exp(Math.max(-Math.abs(x), -LARGEST));
            float whole = 1 + power;
            int lane = i % Kernels.ROW_LANES;
            loss.products[lane] *= whole;
            loss.linear[lane] += Math.fma(-d[i], x, Math.max(x, 0));
            e[i] = rate * (d[i] - (x >= 0 ? 1 : power) / whole);
        }
    }

    @Override
    void moveDots(int n, float[] x, int xo, float[] y, int yo, float[] base, int at, float[] sums) {
        java.util.Arrays.fill(sums, 0, 3 * Kernels.ROW_LANES, 0);
        for (int k = 0; k < n; k++) {
            int dot = k % Kernels.ROW_LANES;
            int xSquared = dot + Kernels.ROW_LANES;
            int ySquared = xSquared + Kernels.ROW_LANES;
            float g = x[xo + k] - base[at + k];
            float h = y[yo + k] - base[at + k];
            sums[dot] = Math.fma(g, h, sums[dot]);
            sums[xSquared] = Math.fma(g, g, sums[xSquared]);
            sums[ySquared] = Math.fma(h, h, sums[ySquared]);
        }
    }

    @Override
    void moveBoth(int n, float ofX, float[] x, int xo, float ofY, float[] y, int yo, float[] base, int at) {
        for (int k = 0; k < n; k++) {
            float b = base[at + k];
            float both = b + Math.fma(ofY, y[yo + k] - b, ofX * (x[xo + k] - b));
            x[xo + k] = both;
            y[yo + k] = both;
        }
    }
}
