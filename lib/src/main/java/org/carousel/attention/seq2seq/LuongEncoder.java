package org.carousel.attention.seq2seq;

import org.carousel.attention.Attention;
import org.carousel.attention.SourceReader;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.Tensor;

/**
 * Reads a source with one cell and keeps all its outputs to look at, and its last state to begin with.
 *
 * <p>Source: Luong, Pham, Manning 2015, arXiv:1508.04025, section 2.
 *
 * @param embedding a vector for every token of the source
 * @param cell what reads them
 * @param attention prepares the outputs for the decoder, which must hold the same one
 * @param <S> the state of the cell
 */
public record LuongEncoder<S>(Embedding embedding, Cell<S> cell, SourceReader attention)
        implements Encoder<int[][], LuongDecoder.State<S>> {
    @Override
    public LuongDecoder.State<S> encode(int[][] sources) {
        Tokens tokens = Tokens.of("encoder", sources);
        Sequence<S> read = cell.run(embedding.apply(tokens.padded()), cell.initial(sources.length), tokens.lengths());
        Attention.Memory memory = attention.memory(read.h(), tokens.lengths());
        return new LuongDecoder.State<>(memory, read.last(), Tensor.zeros(sources.length, cell.hiddenSize()), 0);
    }

    @Override
    public int count(int[][] sources) {
        return sources.length;
    }

    @Override
    public Parameters parameters() {
        return Parameters.of("embedding", embedding).and("cell", cell);
    }
}
