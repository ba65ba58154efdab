package org.carousel.attention.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.carousel.attention.seq2seq.Decoder;
import org.carousel.attention.seq2seq.DecoderStream;
import org.carousel.attention.seq2seq.Source;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The writing half of the Transformer: a pile of {@link DecoderLayer}s over what the encoder read.
 *
 * <p>Under teacher forcing all steps are computed at once, each behind its mask. Step by step, keys and values of the
 * steps before are kept; tests hold both equal.
 *
 * <p>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3. With pre-norm there is one more norm at the end.
 *
 * @param embedding a vector for every token that can be written, and for the one that begins a sequence; read times √E
 * @param places what is added at each position there is [longest×E]; learned when it asks for a gradient
 * @param layers from the first to the last
 * @param norm at the end, null for post-norm
 * @param out to logits
 */
public record TransformerDecoder(
        Embedding embedding, Tensor places, List<DecoderLayer> layers, @Nullable LayerNorm norm, Affine out)
        implements Decoder<TransformerDecoder.State> {
    /**
     * What is carried from step to step.
     *
     * @param source what the encoder read [B×U×E]; what stands behind the ends means nothing
     * @param lengths of the sources
     * @param caches of the layers; empty before the first step
     * @param t how many tokens have been written
     */
    public record State(Tensor source, int[] lengths, List<DecoderLayer.Cache> caches, int t) {}

    /** Copies the list. */
    public TransformerDecoder {
        layers = List.copyOf(layers);
    }

    /** A decoder whose first values come from a stream of random numbers. */
    public static TransformerDecoder of(int tokens, Transformer.Sizes sizes, RandomStream random) {
        List<DecoderLayer> layers = new ArrayList<>();
        for (int n = 0; n < sizes.layers(); n++) {
            layers.add(DecoderLayer.of(sizes, random.split(n)));
        }
        return new TransformerDecoder(
                Transformer.embedding(tokens, sizes, random.split("embedding")),
                sizes.positions().table(sizes.longest(), sizes.size(), random.split("places")),
                layers,
                sizes.preNorm() ? LayerNorm.of(sizes.size()) : null,
                Affine.of(sizes.size(), tokens, random.split("out")));
    }

    @Override
    public State begin(Source source) {
        return new State(source.h(), source.lengths(), List.of(), 0);
    }

    @Override
    public Set<Source.Part> reads() {
        return Set.of(Source.Part.ANNOTATIONS);
    }

    @Override
    public Written<State> step(State state, int... tokens) {
        Tensor x = embedding
                .apply(tokens)
                .reshape(tokens.length, 1, embedding.table().size(1));
        x = PositionalEncoding.placed(x, places, state.t);
        List<DecoderLayer.Cache> caches = new ArrayList<>();
        List<Tensor> looks = new ArrayList<>();
        for (int n = 0; n < layers.size(); n++) {
            DecoderLayer layer = layers.get(n);
            DecoderLayer.Cache cache =
                    state.caches.isEmpty() ? layer.cache(state.source, state.lengths) : state.caches.get(n);
            DecoderLayer.Stepped stepped = layer.step(x, cache);
            x = stepped.y();
            caches.add(stepped.cache());
            looks.add(stepped.weights());
        }
        Tensor weights = Tensor.stack(0, looks.toArray(new Tensor[0])).mean(0);
        Tensor logits = readOut(x).reshape(tokens.length, out.W().size(0));
        return new Written<>(logits, weights, new State(state.source, state.lengths, List.copyOf(caches), state.t + 1));
    }

    @Override
    public DecoderStream<State> stream(State state) {
        boolean distances = layers.stream()
                .anyMatch(layer -> layer.selfAttention().positions().areDistances()
                        || layer.crossAttention().positions().areDistances());
        return distances ? Decoder.super.stream(state) : new TransformerStream(this, state);
    }

    /** All steps at once. */
    @Override
    public Tensor teach(State state, int[][] inputs) {
        if (state.t != 0) {
            throw new IllegalArgumentException(
                    "transformer: teacher forcing begins at the first step, not after " + state.t + " of them");
        }
        Tensor x = PositionalEncoding.placed(embedding.apply(inputs), places, 0);
        for (DecoderLayer layer : layers) {
            x = layer.apply(x, state.source, state.lengths);
        }
        return readOut(x);
    }

    private Tensor readOut(Tensor x) {
        return out.apply(norm == null ? x : norm.apply(x));
    }

    @Override
    public Parameters parameters() {
        Parameters all = PositionalEncoding.parameters(embedding, places);
        for (int n = 0; n < layers.size(); n++) {
            all = all.and("layers." + n, layers.get(n));
        }
        all = norm == null ? all : all.and("norm", norm);
        return all.and("out", out);
    }
}
