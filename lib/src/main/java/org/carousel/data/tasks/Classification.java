package org.carousel.data.tasks;

import org.carousel.tensor.Tensor;

/**
 * Sequences, each of one class, which is asked for behind its last step.
 *
 * @param x the inputs [B×T×I], zero behind the end of a sequence
 * @param labels the class of each sequence [B], counted from 0
 * @param lengths the number of steps of each sequence [B], 1..T
 */
public record Classification(Tensor x, int[] labels, int[] lengths) {}
