package org.carousel.attention.transformer;

import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
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

    /**
     * Token vectors with their places, as both halves of the Transformer read them: √E times the embedding, and the waves.
     *
     * @param embedded [B×T×E]
     * @param table what is added at each position there is [longest×E]
     * @param from the place of the first step
     * @throws IllegalArgumentException when there are more steps than places
     */
    static Tensor placed(Tensor embedded, Tensor table, int from) {
        int to = from + embedded.size(1);
        requirePlaces(to, table);
        return embedded.times(StrictMath.sqrt(embedded.size(2))).plus(table.slice(0, from, to));
    }

    /** Those of a table of tokens and of one of positions, if that is learned. */
    static Parameters parameters(Embedding embedding, Tensor places) {
        Parameters tokens = Parameters.of("embedding", embedding);
        return places.needsGradient() ? tokens.and("places", places) : tokens;
    }

    /** Throws when there are more steps than places. */
    static void requirePlaces(int steps, Tensor table) {
        if (steps > table.size(0)) {
            throw new IllegalArgumentException("transformer: a sequence of " + steps + " tokens, but places for "
                    + table.size(0) + "; make it with a larger longest");
        }
    }
}
