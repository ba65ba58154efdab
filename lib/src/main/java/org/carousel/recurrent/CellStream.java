package org.carousel.recurrent;

/**
 * A {@link Cell} that reads one input after the other, for inference. Not for use by several threads at once.
 *
 * @param <S> the state of the cell
 */
public interface CellStream<S> {
    /**
     * One step.
     *
     * @param x the next input of each sequence [B×I]
     * @return h [B×H], in an array that the next step may overwrite
     * @throws IllegalArgumentException when x is not of B·I elements
     */
    float[] step(float[] x);

    /** A copy of the state after the last step. */
    S state();
}
