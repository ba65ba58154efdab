/**
 * The hot loops over {@code float[]}: matrix products, activations, fused gates; and nowhere else.
 *
 * <p>{@link org.carousel.tensor.internal.kernels.Kernels} is the small interface; {@code VectorKernels} implements it with the
 * Vector API where the module {@code jdk.incubator.vector} is resolved, {@code PlainKernels} in plain Java everywhere.
 *
 * <p>{@link org.carousel.tensor.internal.kernels.RowKernels} are the small products among scattered rows of word embeddings, with
 * the same two implementations.
 *
 * <p>The arithmetic contract, which makes both give the same bits with any vector width and number of threads:
 *
 * <ul>
 *   <li>an element of a matrix product is the chain c ← fma(a_k, b_k, c) for k = 0, 1, ... in this order, from 0, the
 *       old value or a bias; blocking may interrupt the chain but not reorder it;
 *   <li>work is split over results, never over the terms of a sum;
 *   <li>a sum along a row is 16 interleaved partial sums s_j = x_j + x_{j+16} + ..., joined by a fixed tree; a sum down
 *       columns takes the rows in order;
 *   <li>activations are own approximations of fma, +, -, ·, / and comparisons, which IEEE 754 defines to the last bit.
 * </ul>
 */
@NullMarked
package org.carousel.tensor.internal.kernels;

import org.jspecify.annotations.NullMarked;
