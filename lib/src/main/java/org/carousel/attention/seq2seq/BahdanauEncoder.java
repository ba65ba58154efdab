package org.carousel.attention.seq2seq;

import java.util.List;
import java.util.Set;
import org.carousel.attention.internal.Tokens;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Bidirectional;
import org.carousel.recurrent.Gru;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * Annotates every word of a source with what stands before and behind it.
 *
 * <pre>
 * h_j = [→h_j, ←h_j]        s_0 = tanh(W_s ←h_1 + b_s)
 * </pre>
 *
 * <p>Source: Bahdanau, Cho, Bengio 2015, arXiv:1409.0473, section 3.2 and appendix A.2.1; the paper has no b_s.
 *
 * @param embedding a vector for every token of the source
 * @param reader two GRUs, one from each side
 * @param start W_s and b_s
 */
record BahdanauEncoder(Embedding embedding, Bidirectional<Tensor> reader, Affine start) implements Encoder<int[][]> {
    /** An encoder with its first weights. */
    public static BahdanauEncoder of(int tokens, int embeddingSize, int hiddenSize, RandomStream random) {
        return new BahdanauEncoder(
                Embedding.of(tokens, embeddingSize, random.split("embedding")),
                new Bidirectional<>(
                        Gru.of(embeddingSize, hiddenSize, random.split("forward")),
                        Gru.of(embeddingSize, hiddenSize, random.split("backward"))),
                Affine.of(hiddenSize, hiddenSize, random.split("start")));
    }

    @Override
    public Source encode(int[][] sources) {
        Tokens tokens = Tokens.of("encoder", sources);
        var h = reader.run(embedding.apply(tokens.padded()), tokens.lengths());
        return new Source(h.h(), tokens.lengths(), List.of(Tensor.tanh(start.apply(h.backward()))));
    }

    @Override
    public int count(int[][] sources) {
        return sources.length;
    }

    /** Both: one reader and the start are in the last state alone, the other reader in the annotations alone. */
    @Override
    public Set<Source.Part> mustBeRead() {
        return Set.of(Source.Part.ANNOTATIONS, Source.Part.LAST);
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("embedding", embedding).and("reader", reader).and("start", start);
    }
}
