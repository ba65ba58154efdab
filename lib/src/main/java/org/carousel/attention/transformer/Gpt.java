package org.carousel.attention.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.carousel.layers.Affine;
import org.carousel.layers.Dropout;
import org.carousel.layers.Embedding;
import org.carousel.layers.Layer;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * A decoder-only Transformer: a language model in which every token sees the tokens before it.
 *
 * <pre>
 * x_t = √E embedding(token_t) + place_t
 * x ← x + attention(LN(x)) behind a causal mask,  x ← x + F(LN(x))     layer by layer
 * p(token_{t+1} | token_0 .. token_t) = softmax(W LN(x_t) + b)
 * </pre>
 *
 * <p>Sources: Radford et al.: Improving language understanding by generative pre-training, 2018; pre-norm with a norm at
 * the end as in Radford et al.: Language models are unsupervised multitask learners, 2019. Differs from the papers in: Glorot
 * weights, the factor √E, no dropout of attention weights, and W is not the table of embeddings.
 *
 * @param embedding a vector for every token [V×E]
 * @param places what is added at each position there is [longest×E]; learned when it asks for a gradient
 * @param layers from the first to the last, pre-norm
 * @param norm at the end
 * @param out to logits
 */
public record Gpt(Embedding embedding, Tensor places, List<EncoderLayer> layers, LayerNorm norm, Affine out)
        implements Layer {
    /** Copies the list. */
    public Gpt {
        layers = List.copyOf(layers);
    }

    /**
     * First weights, with GELU.
     *
     * @param tokens V
     * @throws IllegalArgumentException for post-norm
     */
    public static Gpt of(int tokens, Transformer.Sizes sizes, RandomStream random) {
        if (!sizes.preNorm()) {
            throw new IllegalArgumentException("gpt: " + sizes + "; the layers must be pre-norm");
        }
        List<EncoderLayer> layers = new ArrayList<>();
        for (int n = 0; n < sizes.layers(); n++) {
            layers.add(EncoderLayer.of(sizes, EncoderLayer.Activation.GELU, random.split(n)));
        }
        return new Gpt(
                Transformer.embedding(tokens, sizes, random.split("embedding")),
                sizes.positions().table(sizes.longest(), sizes.size(), random.split("places")),
                layers,
                LayerNorm.of(sizes.size()),
                Affine.of(sizes.size(), tokens, random.split("out")));
    }

    /**
     * All positions at once: for training, and for measuring a text.
     *
     * @param tokens [B][T], all sequences as long as each other, at most {@code longest} tokens
     * @return [B×T×V]: what may follow each token
     */
    public Tensor logits(int[][] tokens) {
        Tensor x = PositionalEncoding.placed(embedding.apply(tokens), places, 0);
        for (EncoderLayer layer : layers) {
            x = layer.apply(x, true);
        }
        return out.apply(norm.apply(x));
    }

    /**
     * As {@link #logits(int[][])}, for training: elements of the embeddings with their places, and of what every part of
     * every layer adds, are dropped. The same stream drops the same elements.
     */
    public Tensor logits(int[][] tokens, Dropout dropout, RandomStream random) {
        Tensor x = dropout.apply(PositionalEncoding.placed(embedding.apply(tokens), places, 0), random.split("places"));
        for (int n = 0; n < layers.size(); n++) {
            x = layers.get(n).apply(x, true, dropout, random.split(n));
        }
        return out.apply(norm.apply(x));
    }

    /**
     * What is kept between steps.
     *
     * @param kept keys and values of each layer; none before the first step
     * @param t how many tokens have been read
     */
    public record State(List<MultiHead.Projected> kept, int t) {
        /** Nothing has been read. */
        public static final State EMPTY = new State(List.of(), 0);

        /** Copies the list. */
        public State {
            kept = List.copyOf(kept);
        }
    }

    /**
     * After a step.
     *
     * @param logits what may follow [B×V]
     * @param state for going on
     */
    public record Written(Tensor logits, State state) {}

    /**
     * Reads one more token of each of B sequences. Keys and values of those before are kept, so that a step costs one row
     * of every product; the numbers are those of {@link #logits}.
     *
     * @throws IllegalArgumentException when there is no place for one more token
     */
    public Written step(State state, int... tokens) {
        Tensor x = embedding
                .apply(tokens)
                .reshape(tokens.length, 1, embedding.table().size(1));
        x = PositionalEncoding.placed(x, places, state.t);
        List<MultiHead.Projected> kept = new ArrayList<>();
        for (int n = 0; n < layers.size(); n++) {
            EncoderLayer.Stepped stepped = layers.get(n).step(x, state.t == 0 ? null : state.kept.get(n));
            x = stepped.y();
            kept.add(stepped.kept());
        }
        Tensor logits = out.apply(norm.apply(x)).reshape(tokens.length, out.b().size());
        return new Written(logits, new State(kept, state.t + 1));
    }

    /** Where every head of every layer looks, for looking at: layer by layer [B×N×T×T]. */
    public List<Tensor> attention(int[][] tokens) {
        return Tensor.withoutGradient(() -> {
            List<Tensor> all = new ArrayList<>();
            Tensor x = PositionalEncoding.placed(embedding.apply(tokens), places, 0);
            int[] lengths = new int[tokens.length];
            Arrays.fill(lengths, x.size(1));
            for (EncoderLayer layer : layers) {
                all.add(layer.weights(x, true, lengths));
                x = layer.apply(x, true);
            }
            return all;
        });
    }

    @Override
    public Parameters parameters() {
        Parameters all = PositionalEncoding.parameters(embedding, places);
        for (int n = 0; n < layers.size(); n++) {
            all = all.and("layers." + n, layers.get(n));
        }
        return all.and("norm", norm).and("out", out);
    }
}
