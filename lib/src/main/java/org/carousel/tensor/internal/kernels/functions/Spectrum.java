package org.carousel.tensor.internal.kernels.functions;

/** Small steps from samples to a spectrum. */
public final class Spectrum {
    private Spectrum() {}

    /** The first element that is NaN or infinite, -1 when there is none. */
    public static int firstNotFinite(float[] x) {
        for (int i = 0; i < x.length; i++) {
            if (!Float.isFinite(x[i])) {
                return i;
            }
        }
        return -1;
    }

    /** x[end + i] = x[end - 2 - i] for i below n: mirrored at the last element. Modified: {@code x}. */
    public static void mirror(float[] x, int end, int n) {
        for (int i = 0; i < n; i++) {
            x[end + i] = x[end - 2 - i];
        }
    }

    /**
     * √(a² + b²) row by row. Modified: {@code y}.
     *
     * @param x [rows×2n], real parts and then imaginary ones
     * @param y [rows×n] from {@code yo} on
     */
    public static void magnitudes(int rows, int n, float[] x, float[] y, int yo) {
        for (int row = 0; row < rows; row++) {
            int at = 2 * row * n;
            for (int i = 0; i < n; i++) {
                float re = x[at + i];
                float im = x[at + n + i];
                y[yo + row * n + i] = (float) Math.sqrt(re * re + im * im);
            }
        }
    }
}
