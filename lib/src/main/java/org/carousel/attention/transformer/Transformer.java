package org.carousel.attention.transformer;

import org.carousel.attention.seq2seq.EncoderDecoder;
import org.carousel.layers.Embedding;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * The Transformer: sequence to sequence without recurrence.
 *
 * <pre>{@code
 * var sizes = new Transformer.Sizes(64, 4, 128, 2, true, 64);
 * var model = Transformer.of(source.size(), target.size(), sizes, BEGIN, END, RandomStream.of(1));
 * }</pre>
 *
 * <p>Source: Vaswani et al.: Attention is all you need, NIPS 2017, arXiv:1706.03762.
 */
public final class Transformer {
    private Transformer() {}

    /**
     * How large it is.
     *
     * @param size E, of every vector that passes through, even
     * @param heads of every attention, a divisor of E
     * @param wide the size between the two affine maps of a layer
     * @param layers of each half
     * @param preNorm whether the norms stand before each part (easier to train) or behind it (the paper)
     * @param longest the most tokens a source or target may have, its begin token included
     * @param positions how it is told where its tokens stand
     */
    public record Sizes(int size, int heads, int wide, int layers, boolean preNorm, int longest, Positions positions) {
        /** Positions as in the paper. */
        public Sizes(int size, int heads, int wide, int layers, boolean preNorm, int longest) {
            this(size, heads, wide, layers, preNorm, longest, Positions.WAVES);
        }

        /** Checks the ranges. */
        public Sizes {
            if (layers < 1 || wide < 1 || longest < 1) {
                throw new IllegalArgumentException("transformer: " + layers + " layers, " + wide + " wide, " + longest
                        + " places; each must be at least 1");
            }
        }
    }

    /** Both halves with first weights. */
    public static EncoderDecoder<int[][], TransformerDecoder.State> of(
            int sourceTokens, int targetTokens, Sizes sizes, int begin, int end, RandomStream random) {
        return new EncoderDecoder<>(
                TransformerEncoder.of(sourceTokens, sizes, random.split("encoder")),
                TransformerDecoder.of(targetTokens, sizes, random.split("decoder")),
                begin,
                end);
    }

    /** A table that gives vectors of length about 1 per element after the factor √E. */
    static Embedding embedding(int tokens, Sizes sizes, RandomStream random) {
        return new Embedding(Tensor.normal(random, 1 / StrictMath.sqrt(sizes.size()), tokens, sizes.size()));
    }
}
