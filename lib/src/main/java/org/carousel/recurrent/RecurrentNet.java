package org.carousel.recurrent;

import org.carousel.layers.Affine;
import org.carousel.layers.Layer;
import org.carousel.layers.Parameters;
import org.carousel.tensor.RandomStream;
import org.carousel.tensor.Tensor;

/**
 * A recurrent cell and a linear layer on what it gives out: the network of most small experiments.
 *
 * <pre>
 * h_t = cell(x_t, state_{t-1})        a_t = W h_t + b
 * </pre>
 *
 * @param cell I to H
 * @param head H to K
 * @param <S> the cell's state
 */
public record RecurrentNet<S>(Cell<S> cell, Affine head) implements Layer {
    /** A cell with a new head; {@code random} is split for it under the name "head", so the cell may use it, too. */
    public static <S> RecurrentNet<S> of(Cell<S> cell, int outputs, RandomStream random) {
        return new RecurrentNet<>(cell, Affine.of(cell.hiddenSize(), outputs, random.split("head")));
    }

    /** The logits of every step, [B×T×I] to [B×T×K], from the state of zeros. */
    public Tensor apply(Tensor x) {
        return head.apply(cell.run(x, cell.initial(x.size(0))).h());
    }

    /** The logits of every step of sequences of these lengths; what follows after an end means nothing. */
    public Tensor apply(Tensor x, int... lengths) {
        return head.apply(cell.run(x, cell.initial(x.size(0)), lengths).h());
    }

    /** The logits after the last step, [B×T×I] to [B×K]. */
    public Tensor last(Tensor x) {
        return head.apply(cell.output(cell.run(x, cell.initial(x.size(0))).last()));
    }

    /** The logits after the last step of each sequence, which may have different lengths. */
    public Tensor last(Tensor x, int... lengths) {
        return head.apply(
                cell.output(cell.run(x, cell.initial(x.size(0)), lengths).last()));
    }

    /** Those of the cell under "cell", those of the head under "head". */
    @Override
    public Parameters parameters() {
        return Parameters.of("cell", cell).and("head", head);
    }
}
