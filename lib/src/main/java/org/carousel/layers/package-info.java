/**
 * Layers without a memory of time, the parameters they own and how these begin.
 *
 * <p>Reading order: {@link org.carousel.layers.Parameters} (named tensors that training changes), {@link
 * org.carousel.layers.Initializer} (their first values), {@link org.carousel.layers.Affine} and {@link
 * org.carousel.layers.Embedding}. Names and layouts are PyTorch's, so that weights can be exchanged.
 *
 * <pre>{@code
 * RandomStream random = RandomStream.of(1);
 * Affine head = Affine.of(128, 10, random); // x [B×128] -> [B×10]
 * Tensor logits = head.apply(Tensor.zeros(32, 128));
 * }</pre>
 */
@NullMarked
package org.carousel.layers;

import org.jspecify.annotations.NullMarked;
