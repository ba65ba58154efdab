package org.carousel.tensor.internal.kernels.functions;

/** Windows around a place p of every row, as local attention reads through. Places count from 0. */
public final class Windows {
    /** What takes all weight away from a score. */
    public static final float NEVER = -1e30f;

    private Windows() {}

    /**
     * x += {@link #NEVER} for the elements of each row [n] that are further than {@code half} from its p. Modified: {@code x}.
     *
     * @param lengths of the rows: a p behind the last element means the last one
     */
    public static void hideOutside(int rows, int n, int half, float[] p, int[] lengths, float[] x) {
        for (int r = 0; r < rows; r++) {
            float middle = Math.min(p[r], lengths[r] - 1);
            for (int j = 0; j < n; j++) {
                x[r * n + j] += Math.abs(j - (double) middle) <= half ? 0 : NEVER;
            }
        }
    }

    /** y_j = a (j - p)² for the n elements of each row. Modified: {@code y}. */
    public static void squaredDistances(int rows, int n, float a, float[] p, float[] y) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < n; j++) {
                float distance = j - p[r];
                y[r * n + j] = distance * distance * a;
            }
        }
    }
}
