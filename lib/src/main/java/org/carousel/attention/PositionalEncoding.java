package org.carousel.attention;

import org.carousel.tensor.Tensor;

/**
 * Places of a sequence as waves of different lengths, which attention alone could not tell apart.
 *
 * <pre>
 * PE(t, 2k) = sin(t / 10000^{2k/E})     PE(t, 2k+1) = cos(t / 10000^{2k/E})
 * </pre>
 *
 * <p>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
 */
public final class PositionalEncoding {
    private PositionalEncoding() {}

    /**
     * The table of the first steps: [T×E].
     *
     * @throws IllegalArgumentException when E is odd
     */
    public static Tensor waves(int steps, int size) {
        if (size % 2 != 0) {
            throw new IllegalArgumentException("positional encoding: size " + size + " must be even: pairs of waves");
        }
        float[] table = new float[Math.multiplyExact(steps, size)];
        for (int t = 0; t < steps; t++) {
            for (int k = 0; k < size; k += 2) {
                double angle = t / StrictMath.pow(10000, (double) k / size);
                table[t * size + k] = (float) StrictMath.sin(angle);
                table[t * size + k + 1] = (float) StrictMath.cos(angle);
            }
        }
        return Tensor.wrap(table, steps, size);
    }
}
