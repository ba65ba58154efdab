package org.carousel.tensor.kernels;

/**
 * The kernels in plain Java, in loops that HotSpot vectorises by itself.
 *
 * <p>It does so only where all arrays of a loop are indexed by the loop variable alone, so every row of B and C is an
 * array of its own here.
 */
final class PlainKernels extends Kernels {
    private static final int WIDTH = 256;
    private static final int TILE_ROWS = 16;

    private final ThreadLocal<float[][]> tiles = ThreadLocal.withInitial(() -> new float[TILE_ROWS][WIDTH]);

    @Override
    public String describe() {
        return "plain kernels";
    }

    @Override
    PackedMatrix newPacked(int k, int n) {
        return new PackedMatrix(k, n, Math.max(1, Math.min(WIDTH, n)), true);
    }

    @Override
    int blockRows() {
        return TILE_ROWS;
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
        float[][] tile = tiles.get();
        for (int j = fromColumn; j < toColumn; j += b.width) {
            int columns = Math.min(b.width, b.n - j);
            int line = j / b.width * b.k + k0;
            for (int i = 0; i < m; i += TILE_ROWS) {
                int rows = Math.min(TILE_ROWS, m - i);
                for (int r = 0; r < rows; r++) {
                    if (load) {
                        System.arraycopy(c, co + (i + r) * cs + j, tile[r], 0, columns);
                    } else {
                        java.util.Arrays.fill(tile[r], 0, columns, 0);
                    }
                }
                product(rows, columns, k1 - k0, a, ao + i * rowStep, rowStep, kStep, b.lines, line, tile);
                for (int r = 0; r < rows; r++) {
                    System.arraycopy(tile[r], 0, c, co + (i + r) * cs + j, columns);
                }
            }
        }
    }

    private static void product(
            int rows,
            int columns,
            int count,
            float[] a,
            int ao,
            int rowStep,
            int kStep,
            float[][] lines,
            int line,
            float[][] tile) {
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            float[] b0 = lines[line + k];
            float[] b1 = lines[line + k + 1];
            float[] b2 = lines[line + k + 2];
            float[] b3 = lines[line + k + 3];
            for (int r = 0; r < rows; r++) {
                int at = ao + r * rowStep + k * kStep;
                float a0 = a[at];
                float a1 = a[at + kStep];
                float a2 = a[at + 2 * kStep];
                float a3 = a[at + 3 * kStep];
                four(columns, a0, b0, a1, b1, a2, b2, a3, b3, tile[r]);
            }
        }
        for (; k < count; k++) {
            for (int r = 0; r < rows; r++) {
                one(columns, a[ao + r * rowStep + k * kStep], lines[line + k], tile[r]);
            }
        }
    }

    private static void four(
            int n, float a0, float[] b0, float a1, float[] b1, float a2, float[] b2, float a3, float[] b3, float[] c) {
        for (int j = 0; j < n; j++) {
            c[j] = Math.fma(a3, b3[j], Math.fma(a2, b2[j], Math.fma(a1, b1[j], Math.fma(a0, b0[j], c[j]))));
        }
    }

    private static void one(int n, float a, float[] b, float[] c) {
        for (int j = 0; j < n; j++) {
            c[j] = Math.fma(a, b[j], c[j]);
        }
    }

    @Override
    public void sigmoid(int n, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Activations.sigmoid(x[xo + i]);
        }
    }

    @Override
    public void tanh(int n, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Activations.tanh(x[xo + i]);
        }
    }

    @Override
    public void exp(int n, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = Activations.exp(x[xo + i]);
        }
    }

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
        for (int r = 0; r < rows; r++) {
            int s = r * hiddenSize;
            lstmForwardRow(0, hiddenSize, gates, go + 4 * s, previous, po + s, c, co + s, tanhC, to + s, h, ho + s);
        }
    }

    /** The units from {@code first} on of one row; the vector kernels leave their remainder to it. */
    static void lstmForwardRow(
            int first,
            int hiddenSize,
            float[] gates,
            int g,
            float[] previous,
            int po,
            float[] c,
            int co,
            float[] tanhC,
            int to,
            float[] h,
            int ho) {
        for (int j = first; j < hiddenSize; j++) {
            float i = Activations.sigmoid(gates[g + j]);
            float f = Activations.sigmoid(gates[g + hiddenSize + j]);
            float z = Activations.tanh(gates[g + 2 * hiddenSize + j]);
            float o = Activations.sigmoid(gates[g + 3 * hiddenSize + j]);
            float ct = Math.fma(f, previous[po + j], i * z);
            float t = Activations.tanh(ct);
            gates[g + j] = i;
            gates[g + hiddenSize + j] = f;
            gates[g + 2 * hiddenSize + j] = z;
            gates[g + 3 * hiddenSize + j] = o;
            c[co + j] = ct;
            tanhC[to + j] = t;
            h[ho + j] = o * t;
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
