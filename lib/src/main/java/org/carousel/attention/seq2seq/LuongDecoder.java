package org.carousel.attention.seq2seq;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.carousel.attention.Attention;
import org.carousel.attention.Local;
import org.carousel.attention.SourceReader;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/**
 * A decoder that looks at the source after every step, with the state it has now.
 *
 * <pre>
 * s_t = cell([E y_{t-1}, h̃_{t-1}], s_{t-1})     input feeding: it knows where it looked; else cell(E y_{t-1}, ..)
 * c_t = Σ_j α_tj h_j                              α_t from s_t
 * h̃_t = tanh(W_c [c_t, s_t] + b_c)               h̃_0 = 0
 * logits_t = W_s h̃_t + b_s
 * </pre>
 *
 * <p>Source: Luong, Pham, Manning: Effective approaches to attention-based neural machine translation, EMNLP 2015,
 * arXiv:1508.04025, eqs. (5)-(6), section 3.3 for input feeding; the paper has no biases.
 *
 * @param embedding E, a vector for every token that can be written, and for the one that begins a sequence
 * @param cell what writes
 * @param attention where to look: over everything, or {@link Local}
 * @param combine W_c and b_c
 * @param out W_s and b_s
 * @param inputFeeding whether h̃ is an input of the next step
 * @param <S> the state of the cell
 */
public record LuongDecoder<S>(
        Embedding embedding, Cell<S> cell, SourceReader attention, Affine combine, Affine out, boolean inputFeeding)
        implements Decoder<LuongDecoder.State<S>> {
    /**
     * What is carried from step to step.
     *
     * @param memory the source
     * @param cell the state of the cell
     * @param attentional h̃ [B×H]
     * @param t how many tokens have been written
     */
    public record State<S>(Attention.Memory memory, S cell, Tensor attentional, int t) {}

    private record Stepped<S>(Tensor weights, State<S> state) {}

    @Override
    public State<S> begin(Source source) {
        return new State<>(
                attention.memory(source.h(), source.lengths()),
                source.last(cell),
                Tensor.zeros(source.batch(), cell.hiddenSize()),
                0);
    }

    @Override
    public Set<Source.Part> reads() {
        return Set.of(Source.Part.ANNOTATIONS, Source.Part.LAST);
    }

    @Override
    public Written<State<S>> step(State<S> state, int... tokens) {
        Stepped<S> now = advance(state, embedding.apply(tokens));
        return new Written<>(out.apply(now.state.attentional), now.weights, now.state);
    }

    @Override
    public DecoderStream<State<S>> stream(State<S> state) {
        return new LuongStream<>(this, state);
    }

    private Stepped<S> advance(State<S> state, Tensor y) {
        Tensor x = inputFeeding ? Tensor.concat(1, y, state.attentional) : y;
        S next = CellStep.of(cell, x, state.cell);
        Tensor s = cell.output(next);
        Attention.Reading read = attention.read(state.t, s, state.memory);
        Tensor attentional = Tensor.tanh(combine.apply(Tensor.concat(1, read.context(), s)));
        return new Stepped<>(read.weights(), new State<>(state.memory, next, attentional, state.t + 1));
    }

    /** The cell goes step by step; h̃ is read out for all steps at once. */
    @Override
    public Tensor teach(State<S> state, int[][] inputs) {
        Tensor y = embedding.apply(inputs);
        List<Tensor> written = new ArrayList<>();
        State<S> now = state;
        for (int t = 0; t < y.size(1); t++) {
            now = advance(now, y.select(1, t)).state;
            written.add(now.attentional);
        }
        return out.apply(Tensor.stack(1, written.toArray(new Tensor[0])));
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("embedding", embedding)
                .and("attention", attention)
                .and("cell", cell)
                .and("combine", combine)
                .and("out", out);
    }
}
