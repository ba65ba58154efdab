package org.carousel.attention.seq2seq;

import org.carousel.attention.internal.Tokens;
import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Cell;
import org.carousel.recurrent.Sequence;
import org.carousel.tensor.Tensor;

/**
 * Reads a source with one cell: its outputs are the annotations that a decoder may look at, its last state is what the
 * decoder begins with, and all that a {@link CellDecoder} ever learns of the source.
 *
 * <p>Read backwards, the first words of a source are the last that the cell sees, close to where the decoder needs them
 * first.
 *
 * <p>Sources: Luong, Pham, Manning 2015, arXiv:1508.04025, section 2, for looking at the outputs; Cho et al. 2014,
 * arXiv:1406.1078; Sutskever, Vinyals, Le: Sequence to sequence learning with neural networks, NIPS 2014,
 * arXiv:1409.3215, section 3.3 for reading backwards.
 *
 * @param embedding a vector for every token of the source
 * @param cell what reads them
 * @param backwards whether it begins at the end
 * @param <S> the state of the cell
 */
public record CellEncoder<S>(Embedding embedding, Cell<S> cell, boolean backwards) implements Encoder<int[][]> {
    @Override
    public Source encode(int[][] sources) {
        Tokens tokens = Tokens.of("encoder", sources);
        Tensor x = embedding.apply(tokens.padded());
        Tensor read = backwards ? Ragged.reverse(x, tokens.lengths()) : x;
        Sequence<S> run = cell.run(read, cell.initial(sources.length), tokens.lengths());
        Tensor h = backwards ? Ragged.reverse(run.h(), tokens.lengths()) : run.h(); // each at its place in the source
        return new Source(h, tokens.lengths(), cell.tensors(run.last()));
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
