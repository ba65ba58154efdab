package org.carousel.attention.transformer;

import org.carousel.layers.Affine;
import org.carousel.layers.Layer;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * {@link Bert} with the two heads it is trained with: which word stood in a hole, and whether two sentences belong
 * together.
 *
 * <pre>
 * words = token table · LN(gelu(W h_t + b)) + bias          next = W' pooled + b'
 * </pre>
 *
 * <p>The table that reads tokens also writes them. Its bias and the rest of the head belong to training alone.
 *
 * <p>Source: Devlin et al. 2018, arXiv:1810.04805, section 3.1; the form of the head is that of the authors' code.
 *
 * @param bert reads
 * @param dense W and b
 * @param norm LN
 * @param bias of each token [V]
 * @param nextSentence W' and b': class 1 is "the second sentence follows the first", class 0 "it does not"
 */
public record BertPretraining(Bert bert, Affine dense, LayerNorm norm, Tensor bias, Affine nextSentence)
        implements Layer {
    /** Checks that the bias belongs to the table. */
    public BertPretraining {
        int vocabulary = bert.tokens().table().size(0);
        if (bias.rank() != 1 || bias.size() != vocabulary) {
            throw new IllegalArgumentException(
                    "bert: bias " + bias.shapeText() + " must be [" + vocabulary + "], one for each token");
        }
        bias.requiresGradient();
    }

    /** Glorot weights, biases 0. */
    public static BertPretraining of(Bert bert, RandomStream random) {
        int size = bert.tokens().table().size(1);
        return new BertPretraining(
                bert,
                Affine.of(size, size, random.split("dense")),
                LayerNorm.of(size),
                Tensor.zeros(bert.tokens().table().size(0)),
                Affine.of(size, 2, random.split("next sentence")));
    }

    /** Logits of all tokens at every place of h [..×E]: [..×V]. */
    public Tensor words(Tensor h) {
        return writer().apply(beforeWriting(h));
    }

    /** LN(gelu(W h_t + b)) [..×E], what {@link #writer} turns into logits. */
    public Tensor beforeWriting(Tensor h) {
        return norm.apply(Tensor.gelu(dense.apply(h)));
    }

    /** The table of tokens with the bias of each, for a loss that does not want all logits in memory. */
    public Affine writer() {
        return new Affine(bert.tokens().table(), bias);
    }

    /**
     * Logits of all tokens at some places only: where few words are hidden, most logits are not wanted.
     *
     * @param h [B×T×E]
     * @param places b·T + t of each, as in {@link Masking.Masked#places}
     * @return [places×V]
     */
    public Tensor words(Tensor h, int... places) {
        return words(h.reshape(-1, h.size(-1)).rows(places));
    }

    /** Logits of "does not follow" and "follows" for each pair of sentences, of h [B×T×E]: [B×2]. */
    public Tensor next(Tensor h) {
        return nextSentence.apply(bert.pooled(h));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("bert", bert)
                .and("words.dense", dense)
                .and("words.norm", norm)
                .and("words.bias", bias)
                .and("next", nextSentence);
    }
}
