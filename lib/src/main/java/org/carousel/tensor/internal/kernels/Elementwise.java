package org.carousel.tensor.internal.kernels;

/** Loops over single elements, simple enough for HotSpot to vectorise. "dx" arguments are added to, not set. */
public final class Elementwise {
    private static final int LANES = 16;

    private Elementwise() {}

    /** y += a. */
    public static void addScalar(int n, float a, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] += a;
        }
    }

    /** y *= a. */
    public static void scale(int n, float a, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] *= a;
        }
    }

    /** y /= a. */
    public static void divide(int n, float a, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] /= a;
        }
    }

    /** z += x / y. */
    public static void divideAdd(int n, float[] x, int xo, float[] y, int yo, float[] z, int zo) {
        for (int i = 0; i < n; i++) {
            z[zo + i] += x[xo + i] / y[yo + i];
        }
    }

    /** dx += g y (1 - y). */
    public static void sigmoidBackward(int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        for (int i = 0; i < n; i++) {
            float s = y[yo + i];
            dx[dxo + i] = Math.fma(g[go + i], s * (1 - s), dx[dxo + i]);
        }
    }

    /** dx += g (1 - y²). */
    public static void tanhBackward(int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        for (int i = 0; i < n; i++) {
            float t = y[yo + i];
            dx[dxo + i] = Math.fma(g[go + i], Math.fma(-t, t, 1f), dx[dxo + i]);
        }
    }

    /** y = ln x, correctly rounded from double. */
    public static void log(int n, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = (float) StrictMath.log(x[xo + i]);
        }
    }

    /** y = √x. */
    public static void sqrt(int n, float[] x, int xo, float[] y, int yo) {
        for (int i = 0; i < n; i++) {
            y[yo + i] = (float) Math.sqrt(x[xo + i]);
        }
    }

    /** dx += g / (2 y). */
    public static void sqrtBackward(int n, float[] g, int go, float[] y, int yo, float[] dx, int dxo) {
        for (int i = 0; i < n; i++) {
            dx[dxo + i] += g[go + i] / (2 * y[yo + i]);
        }
    }

    /** Σ x in double, element by element. */
    public static double sum(int n, float[] x, int xo) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += x[xo + i];
        }
        return sum;
    }

    /** Σ x² in double, as 16 interleaved partial sums joined by a tree. */
    public static double sumOfSquares(int n, float[] x, int xo) {
        double[] s = new double[LANES];
        addSquares(n, x, xo, s);
        return joinSquares(s);
    }

    /**
     * {@link #sumOfSquares} of a matrix [..×n] whose rows other than these, in order, are 0: the same bits, as a zero adds
     * nothing to its partial sum.
     */
    public static double sumOfSquares(int[] rows, int n, float[] x) {
        double[] s = new double[LANES];
        for (int row : rows) {
            int i = row * n;
            int end = i + n;
            int whole = Math.min(end, (i + LANES - 1) / LANES * LANES);
            for (; i < whole; i++) {
                double v = x[i];
                s[i % LANES] += v * v;
            }
            addSquares(end - i, x, i, s);
        }
        return joinSquares(s);
    }

    private static void addSquares(int n, float[] x, int xo, double[] s) {
        int i = 0;
        for (; i + LANES <= n; i += LANES) {
            for (int j = 0; j < LANES; j++) {
                double v = x[xo + i + j];
                s[j] += v * v;
            }
        }
        for (int j = 0; i < n; i++, j++) {
            double v = x[xo + i];
            s[j] += v * v;
        }
    }

    private static double joinSquares(double[] s) {
        for (int width = LANES / 2; width > 0; width /= 2) {
            for (int j = 0; j < width; j++) {
                s[j] += s[j + width];
            }
        }
        return s[0];
    }

    /** Joins 16 partial sums by the tree that every row sum uses. */
    static float joinTree(float[] s) {
        return joinTree(s, 0);
    }

    /** {@link #joinTree(float[])} of the 16 from {@code at} on, in one expression, which needs no loops. */
    static float joinTree(float[] s, int at) {
        float a0 = (s[at] + s[at + 8]) + (s[at + 4] + s[at + 12]);
        float a1 = (s[at + 1] + s[at + 9]) + (s[at + 5] + s[at + 13]);
        float a2 = (s[at + 2] + s[at + 10]) + (s[at + 6] + s[at + 14]);
        float a3 = (s[at + 3] + s[at + 11]) + (s[at + 7] + s[at + 15]);
        return (a0 + a2) + (a1 + a3);
    }

    /** True when no element is NaN or infinite. */
    public static boolean allFinite(int n, float[] x, int xo) {
        float zero = 0; // stays 0 while all are finite: 0 · infinity and 0 · NaN are NaN
        for (int i = 0; i < n; i++) {
            zero += 0 * x[xo + i];
        }
        return zero == 0;
    }

    /** a += share · (x - a). */
    public static void approach(int n, float share, float[] x, float[] a) {
        for (int i = 0; i < n; i++) {
            a[i] = Math.fma(share, x[i] - a[i], a[i]);
        }
    }

    /** Which of n elements is the largest, counted from the first of them; of equal ones the first. */
    public static int largest(int n, float[] x, int xo) {
        int best = 0;
        for (int k = 1; k < n; k++) {
            if (x[xo + k] > x[xo + best]) {
                best = k;
            }
        }
        return best;
    }
}
