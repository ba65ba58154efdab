package org.carousel.attention.seq2seq;

import java.util.List;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/**
 * What an encoder read: all that a decoder gets of the sources.
 *
 * @param h annotations [B×U×E], one for each place of a source; what stands behind the ends means nothing
 * @param lengths of the sources, 1..U each
 * @param last the parts of the state that a recurrent decoder begins with, each [B×..]; empty when the encoder has none
 */
public record Source(Tensor h, int[] lengths, List<Tensor> last) {
    /** Which parts a decoder reads. */
    public enum Part {
        /** {@link Source#h}. */
        ANNOTATIONS,
        /** {@link Source#last}. */
        LAST
    }

    /** Copies the list. Throws when the numbers of sequences differ. */
    public Source {
        last = List.copyOf(last);
        if (h.rank() != 3 || lengths.length != h.size(0)) {
            throw new IllegalArgumentException("source: annotations " + h.shapeText() + " with " + lengths.length
                    + " lengths; expected [B×U×E], B");
        }
    }

    /** How many sources there are. */
    public int batch() {
        return lengths.length;
    }

    /**
     * {@link #last} as the state of a cell.
     *
     * @throws IllegalArgumentException unless its parts have the shapes of the cell's states
     */
    public <S> S last(Cell<S> cell) {
        List<String> has = last.stream().map(Tensor::shapeText).toList();
        List<String> needs = cell.tensors(cell.initial(batch())).stream()
                .map(Tensor::shapeText)
                .toList();
        if (!has.equals(needs)) {
            throw new IllegalArgumentException("begin: the encoder leaves a state of " + has + ", and a "
                    + cell.getClass().getSimpleName() + " of " + cell.hiddenSize() + " units begins with " + needs);
        }
        return cell.state(last);
    }
}
