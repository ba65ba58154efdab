package org.carousel.training.analysis;

import java.util.Locale;
import org.carousel.recurrent.Cell;
import org.carousel.tensor.Tensor;

/**
 * What one step of a cell costs.
 *
 * <pre>
 * parameters = all numbers that are learnt
 * flops      = Σ over the weight matrices of 2 · rows · columns        one multiplication and one addition per weight
 *
 * Elman: flops = 2 (H·I + H·H)            LSTM: four times as many
 * </pre>
 *
 * <p>Counted from the shapes of the parameters, for one sequence and the forward pass; the backward pass costs about
 * twice as much again. Vectors (biases, peepholes) and what happens element by element are left out. A matrix counts
 * once, so this is too low for cells that use a matrix several times per step (convolutions, ticker steps).
 *
 * @param parameters how many
 * @param flops floating-point operations in matrix products, per step and sequence
 */
public record Cost(long parameters, long flops) {
    /** Of one step. */
    public static Cost of(Cell<?> cell) {
        long flops = 0;
        for (Tensor parameter : cell.parameters().tensors()) {
            if (parameter.rank() > 1) {
                flops += 2L * parameter.size();
            }
        }
        return new Cost(cell.parameters().count(), flops);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%d parameters, %d flops per step", parameters, flops);
    }
}
