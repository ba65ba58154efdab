package org.carousel.layers;

import java.util.Arrays;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.carousel.tensor.internal.Fused;
import org.carousel.tensor.internal.kernels.Strided;

/**
 * A table of vectors, one per token. Looking up row v is the product of a one-hot vector with the table.
 * Kept for the backward pass: one int per token.
 *
 * @param table [V×E], PyTorch's {@code weight}
 */
public record Embedding(Tensor table) implements Layer {
    /** Checks that the table is a matrix. */
    public Embedding {
        if (table.rank() != 2) {
            throw new IllegalArgumentException("embedding: table " + table.shapeText() + " must be [V×E]");
        }
        table.requiresGradient();
    }

    /** Normal vectors with standard deviation 1, PyTorch's beginning. */
    public static Embedding of(int vocabularySize, int embeddingSize, RandomStream random) {
        return new Embedding(Tensor.normal(random, 1, vocabularySize, embeddingSize));
    }

    /**
     * The vectors of the tokens of a batch of sequences.
     *
     * @param tokens [B][T], all rows of one length, each 0..V-1
     * @return [B×T×E]
     * @throws IllegalArgumentException when a token is outside the table
     */
    public Tensor apply(int[][] tokens) {
        int steps = tokens.length == 0 ? 0 : tokens[0].length;
        for (int[] row : tokens) {
            if (row.length != steps) {
                throw new IllegalArgumentException(
                        "embedding: sequences of " + steps + " and " + row.length + " tokens in one batch");
            }
        }
        int[] flat = Arrays.stream(tokens).flatMapToInt(Arrays::stream).toArray();
        return apply(flat).reshape(tokens.length, steps, table.size(1));
    }

    /** The vectors of some tokens: [n×E]. */
    public Tensor apply(int... tokens) {
        return table.rows(tokens);
    }

    /**
     * The vectors of some tokens without making a tensor, for streams. Modified: {@code y}.
     *
     * @param y [n×E], rows {@code stride} apart, at least E
     * @throws IllegalArgumentException when a token is outside the table
     */
    public void into(int[] tokens, float[] y, int stride) {
        for (int token : tokens) {
            if (token < 0 || token >= table.size(0)) {
                throw new IllegalArgumentException(
                        "embedding: token " + token + " is outside 0.." + (table.size(0) - 1));
            }
        }
        Strided.gatherRows(tokens, table.size(1), Fused.array(table), Fused.offset(table), y, stride);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("weight", table);
    }
}
