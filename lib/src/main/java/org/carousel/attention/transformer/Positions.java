package org.carousel.attention.transformer;

import org.carousel.attention.Rotary;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/** How a Transformer is told where its tokens stand. */
public enum Positions {
    /** Not at all. */
    NONE,
    /** {@link PositionalEncoding#waves} are added to the embeddings. */
    WAVES,
    /** A vector for every position is learned and added to the embeddings, as large as the waves in the beginning. */
    LEARNED,
    /** {@link Rotary}: every attention turns its queries and keys. */
    ROTARY,
    /** {@link org.carousel.attention.LinearBias}: in every attention scores fall with the distance. */
    ALIBI;

    /** What is added to the embeddings [longest×E]. */
    Tensor table(int longest, int size, RandomStream random) {
        return switch (this) {
            case WAVES -> PositionalEncoding.waves(longest, size);
            case LEARNED ->
                Tensor.normal(random, StrictMath.sqrt(0.5), longest, size).requiresGradient();
            case NONE, ROTARY, ALIBI -> Tensor.zeros(longest, size);
        };
    }

    /** Queries or keys [..×T×d], the first of them at a position. */
    Tensor turned(Tensor x, int first) {
        return this == ROTARY ? Rotary.turn(x, first) : x;
    }

    /** Whether attention works on distances, and not on what was added to the embeddings. */
    boolean areDistances() {
        return this == ROTARY || this == ALIBI;
    }
}
