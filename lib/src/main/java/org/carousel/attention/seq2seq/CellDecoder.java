package org.carousel.attention.seq2seq;

import java.util.Set;
import org.carousel.layers.Affine;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.Tensor;

/**
 * A language model that begins with the state which the encoder left: all it ever learns of the source.
 *
 * <pre>
 * s_0 = the encoder's last state      s_t = cell(E y_{t-1}, s_{t-1})      logits_t = W s_t + b
 * </pre>
 *
 * <p>Source: Sutskever, Vinyals, Le 2014, arXiv:1409.3215.
 *
 * @param embedding E, a vector for every token that can be written, and for the one that begins a sequence
 * @param cell what writes
 * @param out W and b
 * @param <S> the state of the cell
 */
public record CellDecoder<S>(Embedding embedding, Cell<S> cell, Affine out) implements Decoder<S> {
    @Override
    public S begin(Source source) {
        return source.last(cell);
    }

    @Override
    public Set<Source.Part> reads() {
        return Set.of(Source.Part.LAST);
    }

    @Override
    public Written<S> step(S state, int... tokens) {
        S next = CellStep.of(cell, embedding.apply(tokens), state);
        return new Written<>(out.apply(cell.output(next)), null, next);
    }

    /** All steps in one run of the cell. */
    @Override
    public Tensor teach(S state, int[][] inputs) {
        Sequence<S> written = cell.run(embedding.apply(inputs), state);
        return out.apply(written.h());
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("embedding", embedding).and("cell", cell).and("out", out);
    }
}
