/**
 * {@link org.carousel.tensor.Tensor}: n-dimensional arrays of float32, row-major, with reverse-mode differentiation.
 *
 * <p>Reading order: {@link org.carousel.tensor.Tensor} (what can be computed), {@link org.carousel.tensor.Graph} (how a
 * gradient finds its way back), {@link org.carousel.tensor.RandomStream} (where every random number comes from). The
 * loops over {@code float[]} live one floor below, in {@code org.carousel.tensor.internal.kernels}.
 *
 * <pre>{@code
 * Tensor W = Tensor.of(new float[][] {{1, 2}, {3, 4}}).requiresGradient();
 * Tensor x = Tensor.of(new float[][] {{5, 6}});
 * Tensor loss = Tensor.tanh(Tensor.linear(x, W)).sum(); // x [1×2], W [2×2]
 * loss.backward();
 * W.gradient(); // [2×2]
 * }</pre>
 */
@NullMarked
package org.carousel.tensor;

import org.jspecify.annotations.NullMarked;
