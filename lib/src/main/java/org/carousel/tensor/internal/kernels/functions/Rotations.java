package org.carousel.tensor.internal.kernels.functions;

/** Rotary positions: pairs of elements turned by angles that grow with the position. */
public final class Rotations {
    private Rotations() {}

    /**
     * Turns pairs (x_2k, x_2k+1) of every row; rows of all matrices have the angles of their step.
     *
     * <pre>
     * y_2k = x_2k cos - x_2k+1 sin     y_2k+1 = x_2k sin + x_2k+1 cos
     * </pre>
     *
     * <p>Products and sums are rounded one by one, alike on every machine. Modified: {@code y}, to which the results are
     * added.
     *
     * @param steps T, the rows of each matrix
     * @param size d, even
     * @param cos of the angles [T×d/2]
     * @param sin of the angles, negated to turn back [T×d/2]
     */
    public static void add(
            int matrices, int steps, int size, float[] cos, float[] sin, float[] x, int xOffset, float[] y) {
        int half = size / 2;
        for (int n = 0; n < matrices * steps; n++) {
            int row = n * size;
            int angle = n % steps * half;
            for (int k = 0; k < half; k++) {
                float c = cos[angle + k];
                float s = sin[angle + k];
                float a = x[xOffset + row + 2 * k];
                float b = x[xOffset + row + 2 * k + 1];
                y[row + 2 * k] += a * c - b * s;
                y[row + 2 * k + 1] += a * s + b * c;
            }
        }
    }
}
