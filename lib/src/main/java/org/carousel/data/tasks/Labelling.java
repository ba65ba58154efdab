package org.carousel.data.tasks;

import org.carousel.tensor.Tensor;

/**
 * Sequences with a class to find at every step, or at some.
 *
 * @param x the inputs [B×T×I], zero behind the end of a sequence
 * @param labels the class at each step [B×T], counted from 0; {@link Tensor#IGNORED} where nothing is asked and behind the end
 * @param lengths the number of steps of each sequence [B], 1..T
 */
public record Labelling(Tensor x, int[][] labels, int[] lengths) {}
