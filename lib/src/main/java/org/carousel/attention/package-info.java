/**
 * Attention: looking at all of a sequence at once, with weights that say where.
 *
 * <p>Reading order: {@link org.carousel.attention.Attention} (scores, weights, context), {@link
 * org.carousel.attention.Additive} and {@link org.carousel.attention.Multiplicative}, {@link
 * org.carousel.attention.Local} for a window.
 *
 * <p>Sequences that look at themselves: {@link org.carousel.attention.SentenceEmbedding}; {@link
 * org.carousel.attention.TapeLstm} reads its own past at every step, {@link org.carousel.attention.KeyValueAttention}
 * lets a language model read its last outputs. {@link org.carousel.attention.ScaledDotProduct} is the core of the
 * Transformer, readable as its equation and computed in tiles that tests hold equal to it.
 *
 * <p>{@link org.carousel.attention.seq2seq} holds encoders and decoders, {@link org.carousel.attention.transformer} the
 * Transformer and BERT.
 *
 * <pre>{@code
 * Tensor y = ScaledDotProduct.attend(q, k, v); // [B×T×d], [B×U×d], [B×U×e] -> [B×T×e]
 * }</pre>
 */
@NullMarked
package org.carousel.attention;

import org.jspecify.annotations.NullMarked;
