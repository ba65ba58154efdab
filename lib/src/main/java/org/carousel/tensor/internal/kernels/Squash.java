package org.carousel.tensor.internal.kernels;

/**
 * A function that squashes sums, with its derivative from its result: y = height · tanh(slope · x), σ(x) or x.
 *
 * @param height factor of the result, used by TANH
 * @param slope factor of the argument, used by TANH
 */
public record Squash(Kind kind, float height, float slope) {
    /** Which function. */
    public enum Kind {
        /** height · tanh(slope · x). */
        TANH,
        /** σ(x). */
        SIGMOID,
        /** x. */
        IDENTITY
    }

    /** Whether it is tanh without factors, or has none. */
    public boolean isPlain() {
        return height == 1 && slope == 1;
    }

    /** y = the function of x. Modified: y, which may be x. */
    void apply(Kernels kernels, int n, float[] x, int xo, float[] y, int yo) {
        switch (kind) {
            case SIGMOID -> kernels.sigmoid(n, x, xo, y, yo);
            case IDENTITY -> System.arraycopy(x, xo, y, yo, n);
            case TANH -> {
                if (isPlain()) {
                    kernels.tanh(n, x, xo, y, yo);
                } else {
                    for (int j = 0; j < n; j++) {
                        y[yo + j] = x[xo + j] * slope;
                    }
                    kernels.tanh(n, y, yo, y, yo);
                    Elementwise.scale(n, height, y, yo);
                }
            }
        }
    }

    /** dy/dx where the function has the value y. */
    float derivative(float y) {
        return switch (kind) {
            case SIGMOID -> y * (1 - y);
            case IDENTITY -> 1;
            case TANH -> isPlain() ? Math.fma(-y, y, 1f) : slope * (height - y * y / height);
        };
    }
}
