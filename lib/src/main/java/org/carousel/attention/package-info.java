/**
 * Attention: looking at all of a sequence at once, with weights that say where.
 *
 * <p>{@link org.carousel.attention.ScaledDotProduct} is the core that others are made of: readable as its equation, and
 * computed in tiles that tests hold equal to it.
 *
 * <pre>{@code
 * Tensor y = ScaledDotProduct.attend(q, k, v); // [B×T×d], [B×U×d], [B×U×e] -> [B×T×e]
 * }</pre>
 */
@NullMarked
package org.carousel.attention;

import org.jspecify.annotations.NullMarked;
