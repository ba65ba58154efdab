package org.carousel.attention.seq2seq;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.carousel.attention.Additive;
import org.carousel.attention.Attention;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Gru;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * A decoder that looks at the source before every step, with the state it has so far.
 *
 * <pre>
 * c_t = Σ_j α_tj h_j                             α_t from s_{t-1}, {@link Additive}
 * s_t = GRU([E y_{t-1}, c_t], s_{t-1})
 * logits_t = W_o tanh(U_o [s_t, E y_{t-1}, c_t] + b) + b_o
 * </pre>
 *
 * <p>Differs from the paper in the last line: it takes the larger of every two units (maxout) where this takes tanh,
 * and s_{t-1} where this takes s_t.
 *
 * <p>Source: Bahdanau, Cho, Bengio: Neural machine translation by jointly learning to align and translate, ICLR 2015,
 * arXiv:1409.0473, section 3.1 and appendix A.2.2.
 *
 * @param embedding E, a vector for every token that can be written, and for the one that begins a sequence
 * @param attention where to look
 * @param cell what writes, of input size E + size of h
 * @param deep U_o and b
 * @param out W_o and b_o
 */
public record BahdanauDecoder(Embedding embedding, Additive attention, Gru cell, Affine deep, Affine out)
        implements Decoder<BahdanauDecoder.State> {
    /**
     * What is carried from step to step.
     *
     * @param memory the source
     * @param s the state of the cell [B×H]
     */
    public record State(Attention.Memory memory, Tensor s) {}

    /** What one step reads and leaves: E y, s and c side by side, and where it looked. */
    private record Stepped(Tensor seen, Tensor weights, State state) {}

    /** A decoder over a source of vectors [B×U×{@code sourceSize}]. */
    public static BahdanauDecoder of(
            int tokens, int embeddingSize, int hiddenSize, int sourceSize, Additive attention, RandomStream random) {
        return new BahdanauDecoder(
                Embedding.of(tokens, embeddingSize, random.split("embedding")),
                attention,
                Gru.of(embeddingSize + sourceSize, hiddenSize, random.split("cell")),
                Affine.of(hiddenSize + embeddingSize + sourceSize, hiddenSize, random.split("deep")),
                Affine.of(hiddenSize, tokens, random.split("out")));
    }

    @Override
    public State begin(Source source) {
        return new State(attention.memory(source.h(), source.lengths()), source.last(cell));
    }

    @Override
    public Set<Source.Part> reads() {
        return Set.of(Source.Part.ANNOTATIONS, Source.Part.LAST);
    }

    @Override
    public Written<State> step(State state, int... tokens) {
        Stepped now = advance(state, embedding.apply(tokens));
        return new Written<>(readOut(now.seen), now.weights, now.state);
    }

    @Override
    public DecoderStream<State> stream(State state) {
        return new BahdanauStream(this, state);
    }

    private Stepped advance(State state, Tensor y) {
        Attention.Reading read = attention.read(state.s, state.memory);
        Tensor c = read.context();
        Tensor s = CellStep.of(cell, Tensor.concat(1, y, c), state.s);
        return new Stepped(Tensor.concat(1, s, y, c), read.weights(), new State(state.memory, s));
    }

    private Tensor readOut(Tensor seen) {
        return out.apply(Tensor.tanh(deep.apply(seen)));
    }

    /** The cell goes step by step; what it wrote is read out for all steps at once. */
    @Override
    public Tensor teach(State state, int[][] inputs) {
        Tensor y = embedding.apply(inputs);
        List<Tensor> seen = new ArrayList<>();
        State now = state;
        for (int t = 0; t < y.size(1); t++) {
            Stepped stepped = advance(now, y.select(1, t));
            seen.add(stepped.seen);
            now = stepped.state;
        }
        return readOut(Tensor.stack(1, seen.toArray(new Tensor[0])));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("embedding", embedding)
                .and("attention", attention)
                .and("cell", cell)
                .and("deep", deep)
                .and("out", out);
    }
}
