package org.carousel.attention.seq2seq;

import org.carousel.layers.Embedding;
import org.carousel.layers.Parameters;
import org.carousel.layers.Ragged;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/**
 * Squeezes a source into the last state of a cell, which the decoder begins with.
 *
 * <p>Read backwards, the first words of a source are the last that the cell sees, close to where the decoder needs them
 * first.
 *
 * <p>Sources: Cho et al. 2014, arXiv:1406.1078; Sutskever, Vinyals, Le: Sequence to sequence learning with neural
 * networks, NIPS 2014, arXiv:1409.3215, section 3.3 for reading backwards.
 *
 * @param embedding a vector for every token of the source
 * @param cell what reads them
 * @param backwards whether it begins at the end
 * @param <S> the state of the cell
 */
public record CellEncoder<S>(Embedding embedding, Cell<S> cell, boolean backwards) implements Encoder<int[][], S> {
    @Override
    public S encode(int[][] sources) {
        Tokens tokens = Tokens.of("encoder", sources);
        Tensor x = embedding.apply(tokens.padded());
        Tensor read = backwards ? Ragged.reverse(x, tokens.lengths()) : x;
        return cell.run(read, cell.initial(sources.length), tokens.lengths()).last();
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
