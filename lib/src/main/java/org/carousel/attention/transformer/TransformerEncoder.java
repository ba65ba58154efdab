package org.carousel.attention.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.carousel.attention.internal.Tokens;
import org.carousel.attention.seq2seq.Encoder;
import org.carousel.attention.seq2seq.Source;
import org.carousel.layers.Embedding;
import org.carousel.layers.LayerNorm;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of the Transformer: tokens with their places through a pile of {@link EncoderLayer}s.
 *
 * <p>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3. With pre-norm there is one more norm at the end.
 *
 * @param embedding a vector for every token; read times √E
 * @param places what is added at each position there is [longest×E]; learned when it asks for a gradient
 * @param layers from the first to the last
 * @param norm at the end, null for post-norm
 */
public record TransformerEncoder(
        Embedding embedding, Tensor places, List<EncoderLayer> layers, @Nullable LayerNorm norm)
        implements Encoder<int[][]> {
    /** Copies the list. */
    public TransformerEncoder {
        layers = List.copyOf(layers);
    }

    static TransformerEncoder of(int tokens, Transformer.Sizes sizes, RandomStream random) {
        List<EncoderLayer> layers = new ArrayList<>();
        for (int n = 0; n < sizes.layers(); n++) {
            layers.add(EncoderLayer.of(sizes, EncoderLayer.Activation.RELU, random.split(n)));
        }
        return new TransformerEncoder(
                Transformer.embedding(tokens, sizes, random.split("embedding")),
                sizes.positions().table(sizes.longest(), sizes.size(), random.split("places")),
                layers,
                sizes.preNorm() ? LayerNorm.of(sizes.size()) : null);
    }

    @Override
    public Source encode(int[][] sources) {
        Tokens tokens = Tokens.of("encoder", sources);
        Tensor h = PositionalEncoding.placed(embedding.apply(tokens.padded()), places, 0);
        for (EncoderLayer layer : layers) {
            h = layer.apply(h, false, tokens.lengths());
        }
        Tensor read = norm == null ? h : norm.apply(h);
        return new Source(read, tokens.lengths(), List.of());
    }

    @Override
    public int count(int[][] sources) {
        return sources.length;
    }

    @Override
    public Set<Source.Part> mustBeRead() {
        return Set.of(Source.Part.ANNOTATIONS);
    }

    @Override
    public Parameters parameters() {
        Parameters all = PositionalEncoding.parameters(embedding, places);
        for (int n = 0; n < layers.size(); n++) {
            all = all.and("layers." + n, layers.get(n));
        }
        return norm == null ? all : all.and("norm", norm);
    }
}
