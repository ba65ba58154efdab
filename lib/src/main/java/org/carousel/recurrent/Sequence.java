package org.carousel.recurrent;

import org.carousel.tensor.Tensor;

/**
 * What a cell makes of a whole sequence.
 *
 * @param h the output of every step [B×T×H]
 * @param last the state after the last step, from which the next piece of the sequence can go on
 */
public record Sequence<S>(Tensor h, S last) {}
